"""Finds which of an organisation's boards belongs to a repository: its readme bears our marker, whatever its title."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from app.github.calls import all_nodes, nodes
from app.github.client import Client, LaterError, NotFoundError
from app.github.errors import RefusalError
from app.github.pages import pages

BOARDS = 50
FOUND_S, MISSING_S = 600, 10
"""Seconds for which an answer is reused; shorter when no board was found, since copies may be late after a rename."""


MARKED = re.compile(r"<!-- jalon: ([A-Za-z0-9_-]+/[A-Za-z0-9._-]+) -->")


def marker(repository: str) -> str:
    """Marker written in the board's readme: names the repository it belongs to."""
    return f"<!-- jalon: {repository.lower()} -->"


def choose(boards: Iterable[Any], repository: str, title: str = "") -> Any:
    """The repository's board among those listed, or None: the one with our marker, else linked with our field, else
    titled.

    Open before closed, then older before newer. `title` serves for a board whose set-up is not finished.
    """
    found = [board for board in boards if board and _rank(board, repository, title)]
    return min(
        found, key=lambda board: (_rank(board, repository, title), board["closed"], board["number"]), default=None
    )


def _rank(board: Any, repository: str, title: str) -> int:
    readme = (board["readme"] or "").lower()
    if marker(repository) in readme:
        return 1
    if "<!-- jalon: " in readme:
        return 0  # it belongs to another repository
    if repository.lower() in linked_repositories(board) and (
        board["title"] == title or (board["field"] or {}).get("options")
    ):
        return 2
    return 3 if board["title"] == title else 0


def renamed(boards: Iterable[Any], repository: str, name_now: Callable[[str], str]) -> Any:
    """The board marked with a former name of the repository, or None; `name_now` finds a repository's present name."""
    for board in boards:
        marked = MARKED.search((board or {}).get("readme") or "")
        if (
            marked
            and repository.lower() in linked_repositories(board)
            and name_now(marked[1]).lower() == repository.lower()
        ):
            return board
    return None


def name_now(client: Client, name: str) -> str:
    """The present name of the repository that had this one; empty when GitHub knows none."""
    owner, _, short = name.partition("/")
    try:
        data = client.graphql(client.requester(name), "repository_name", owner=owner, name=short)
    except (NotFoundError, RefusalError):
        return ""
    return str((data.get("repository") or {}).get("nameWithOwner") or "")


def linked_repositories(board: Any) -> set[str]:
    """Repositories the board is linked to, in lower case."""
    return {item["nameWithOwner"].lower() for item in nodes(board["repositories"])}


def with_repositories(board: Any, ask: Callable[..., Any]) -> Any:
    """The board with every repository linked to it; `ask` takes an operation's name and its variables."""
    known = board["repositories"]
    page = (known or {}).get("pageInfo") or {}
    if page.get("hasNextPage"):
        more = partial(ask, "board_repositories", id=board["id"])
        known["nodes"] += all_nodes(lambda after: more(after=after)["node"]["repositories"], page["endCursor"])
    return board


def boards_of(data: Any) -> Any:
    """The boards of an organisation in an answer of the operation `boards`."""
    return data["organization"]["projectsV2"]


def _is_below(error: Any) -> bool:
    """A board or repository that the App may not see does not hide the others."""
    path = error.get("path") if isinstance(error, dict) else None
    return len(path or ()) > len(("organization", "projectsV2", "nodes"))


class Boards:
    """The number of each repository's board, looked up now and then. Safe to share between threads."""

    def __init__(
        self,
        client: Client,
        chosen: int = 0,
        clock: Callable[[], float] = time.monotonic,
        named: Callable[[str], int] = lambda _: 0,
    ) -> None:
        """`named` is the number that the rules of a repository give; it goes before `chosen`, the setting."""
        self._client, self._chosen, self._clock, self._named = client, chosen, clock, named
        self._known: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def number(self, repository: str) -> int:
        """0 when there is none. Raises LaterError when GitHub cannot answer and no former answer is known."""
        if number := self._named(repository) or self._chosen:
            return number
        with self._lock:
            number, until = self._known.get(repository, (0, 0.0))
            if self._clock() >= until:
                number = self._find(repository, number)
                self._known[repository] = number, self._clock() + (FOUND_S if number else MISSING_S)
            return number

    def _find(self, repository: str, known: int) -> int:
        try:
            boards = list(self._every(repository))
            found = choose(boards, repository) or renamed(boards, repository, partial(name_now, self._client))
        except NotFoundError:
            return 0
        except LaterError:
            if known:
                return known
            raise
        return int(found["number"]) if found else 0

    def _every(self, repository: str) -> Iterable[Any]:
        owner, requester = repository.partition("/")[0], self._client.requester(repository)
        every = pages(self._client, requester, "boards", boards_of, BOARDS, _is_below, org=owner)
        ask = partial(self._client.graphql, requester)
        return [with_repositories(board, ask) for _, page in every for board in nodes(page)]
