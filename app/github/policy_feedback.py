"""Where a faulty file is told: the pull request or the commit that brought it, else an issue kept for that.

The App's own permissions give the issue alone. Those that show commits and pull requests are a choice of the
organisation: what GitHub refuses is not asked for again, the next place is taken.
"""

from __future__ import annotations

from typing import Any

from app.domain.publish.effects import Message
from app.domain.publish.file_notices import CatalogueFile, RulesFile
from app.github import markers
from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError
from app.github.policies import PATH, CommitNotShownError
from app.github.published import Published, publish, published
from app.messages import render

KIND, KEY = "regles", "1"
ISSUE = "issue"
REFUSALS = {403, 409, 410, 422}
UNKNOWN = 422
"""GitHub's answer about a commit that it does not know, or not yet: nothing is said of it there."""
LAST = 30
"""Commits among which those that pushes told of are looked for."""


def last_commits(client: Client, repository: str) -> tuple[str, ...]:
    """Of the default branch, newest first; none when the App may not see them."""
    found = _asked(client, repository, f"commits?per_page={LAST}")
    return tuple(str(commit["sha"]) for commit in found or ())


def place_of(client: Client, repository: str, head: str = "", *, doubts: bool = False, path: str = PATH) -> str:
    """« pull/7 », « commit/<sha> », or « issue » when the App may see neither.

    Looked for from `head` back, a commit that GitHub has shown: CommitNotShownError where it is not known yet, and
    also, for one that `doubts`, where no pull request is shown to have brought the file: it may be one look too early.
    """
    commits = _asked(client, repository, f"commits?path={path}&per_page=1" + (f"&sha={head}" if head else ""))
    if commits is None and head:
        raise CommitNotShownError
    if not commits:
        return ISSUE
    sha = str(commits[0]["sha"])
    pulls = _asked(client, repository, f"commits/{sha}/pulls")
    if pulls == [] and doubts:
        raise CommitNotShownError
    return f"pull/{int(pulls[0]['number'])}" if pulls else f"commit/{sha}"


def post_policy_feedback(
    client: Client, repository: str, place: str, message: Message, language: str, key: str = KEY
) -> str:
    """Say it once in a place, or in that issue when GitHub refuses there; gives the place. Raises LaterError."""
    if place != ISSUE:
        try:
            _comment(client, repository, place, message, language)
        except (NotFoundError, RefusalError) as error:
            if isinstance(error, RefusalError) and error.status not in REFUSALS:
                raise
        else:
            return place
    _issue(client, repository, message, language, key)
    return ISSUE


def _asked(client: Client, repository: str, what: str) -> Any:
    try:
        return client.rest(client.requester(repository), "GET", f"/repos/{repository}/{what}")[1]
    except NotFoundError:
        return None
    except RefusalError as error:
        if error.status not in REFUSALS:
            raise
        return [] if error.status == UNKNOWN else None


def _comment(client: Client, repository: str, place: str, message: Message, language: str) -> None:
    """Looked for first: a former try may have been cut after GitHub had taken it."""
    kind, _, name = place.partition("/")
    path = f"/repos/{repository}/{'issues' if kind == 'pull' else 'commits'}/{name}/comments"
    requester = client.requester(repository)
    if any(_is_it(client, comment, message) for comment in _listed(client, repository, path)):
        return
    text = f"## {render(message.notice, language)}"
    client.rest(requester, "POST", path, {"body": markers.marked_body(message, text)})


def _listed(client: Client, repository: str, path: str) -> list[Any]:
    """What is said there; nothing where GitHub does not show the place: it may show it later, and takes what is said
    there already, or refuses it for good.
    """
    try:
        return list(client.listed(client.requester(repository), path))
    except NotFoundError:
        return []
    except RefusalError as error:
        if error.status not in REFUSALS:
            raise
        return []


def _is_it(client: Client, comment: Any, message: Message) -> bool:
    trace, by = markers.read_marker(comment["body"]), comment["user"] or {}
    is_ours = trace and client.is_own(str(by.get("login", "")), int(by.get("id") or 0))
    return bool(is_ours and trace and (trace.key, trace.data) == (message.key, message.stamp))


def is_feedback_open(client: Client, repository: str, key: str = KEY) -> bool:
    """Whether the issue is open: a database that is new, or gone, does not know."""
    known = _known(client, repository, key)
    return known is not None and known.is_open


def _issue(client: Client, repository: str, message: Message, language: str, key: str) -> None:
    """One issue for the file's whole life: closed when it is mended, opened again when it breaks."""
    known = _known(client, repository, key)
    number = publish(client, repository, KIND, key, render(message.notice, language), known)
    is_open = not (isinstance(message.notice, RulesFile | CatalogueFile) and message.notice.state == "mended")
    if is_open != (known is None or known.is_open):
        path = f"/repos/{repository}/issues/{number}"
        client.rest(client.requester(repository), "PATCH", path, {"state": "open" if is_open else "closed"})


def _known(client: Client, repository: str, key: str) -> Published | None:
    return published(client, repository, KIND, frozenset()).get(key)
