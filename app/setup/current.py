"""Reads what exists in the organisation and the repository, with the administrator's token."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from app.domain.policy.document import Problem
from app.domain.policy.inheritance import CommonFile, CommonProblem
from app.domain.policy.model import Policy
from app.github.administrator import Administrator
from app.github.boards import BOARDS as BOARDS_AT_ONCE
from app.github.boards import boards_of, choose, linked_repositories, renamed, with_repositories
from app.github.calls import all_nodes, nodes, whole
from app.github.client import NotFoundError
from app.github.errors import RefusalError
from app.setup.model import BoardSpec, CurrentState, DesiredState, FieldSpec, File, LabelSpec, OptionSpec, ViewSpec
from app.setup.permissions import BOARDS, FILES, LABELS
from app.yaml_documents import read_rules

T = TypeVar("T")


def place(admin: Administrator, organisation: str, name: str) -> Any:
    """The repository as GraphQL shows it; raises NotFoundError when the token does not show it."""
    found = admin.graphql("setup_place", owner=organisation, name=name)["repository"]
    if found is None:
        raise NotFoundError(f"{organisation}/{name}")
    return found


def policy_of(admin: Administrator, repository: str, path: str) -> Policy | None:
    """The repository's policy; None when there is none, or it cannot be read."""
    found = file(admin, repository, path)
    policy = rules_in(admin, repository, found) if found else None
    return policy if isinstance(policy, Policy) else None


def rules_in(admin: Administrator, repository: str, found: File) -> Policy | tuple[Problem, ...]:
    """The rules of a file with the common parts it extends, as the token of whoever sets up shows them."""

    def fetch(common: CommonFile) -> bytes | CommonProblem:
        try:
            given = file(admin, common.repository, common.path)
        except RefusalError:
            return CommonProblem.UNREADABLE
        return given.text.encode() if given else CommonProblem.ABSENT

    return read_rules(found.text.encode(), CommonFile(repository, found.path), fetch).policy


def file(admin: Administrator, repository: str, path: str) -> File | None:
    """A file of the default branch."""
    try:
        _, data = admin.rest("GET", f"/repos/{repository}/contents/{path}")
    except NotFoundError:
        return None
    return File(path, base64.b64decode(data["content"]).decode("utf-8", "replace"), data["sha"])


def app_name(admin: Administrator, organisation: str, path: str) -> str:
    """Slug of the App installed there that can read the rules; empty when none, or several, or none visible."""
    try:
        installed = list(admin.listed(f"/orgs/{organisation}/installations", "installations"))
    except (NotFoundError, RefusalError):
        return ""
    found = {item["app_slug"] for item in installed if path in (item.get("single_file_paths") or ())}
    return str(found.pop()) if len(found) == 1 else ""


def current_labels(admin: Administrator, repository: str) -> tuple[LabelSpec, ...]:
    return tuple(
        LabelSpec(item["name"], item["color"], item["description"] or "")
        for item in admin.listed(f"/repos/{repository}/labels")
    )


def board(admin: Administrator, organisation: str, repository: str, title: str, number: int = 0) -> BoardSpec | None:
    """The repository's board among all those of its organisation, with its fields and views; `number` is the one that
    its rules name.
    """
    every = partial(admin.graphql, "boards", org=organisation, first=BOARDS_AT_ONCE)
    boards = all_nodes(lambda after: boards_of(every(after=after)))
    found = [with_repositories(item, admin.graphql) for item in boards]
    if named := next((one for one in found if number and one["number"] == number), None):
        return read_board(admin, named["id"], repository)
    marked = renamed(found, repository, lambda name: _name_now(admin, name))
    chosen = marked or choose(found, repository, title)
    return read_board(admin, chosen["id"], repository) if chosen else None


def _name_now(admin: Administrator, name: str) -> str:
    owner, _, short = name.partition("/")
    try:
        found = admin.graphql("repository_name", owner=owner, name=short)["repository"]
    except (RefusalError, NotFoundError):
        return ""
    return str((found or {}).get("nameWithOwner") or "")


def read_board(admin: Administrator, board_id: str, repository: str) -> BoardSpec:
    def ask(**after: str) -> Any:
        return admin.graphql("setup_board", id=board_id, **after)["node"]

    return _board(whole(ask, ("repositories", "views", "workflows", "fields")), repository)


class Survey:
    """Reads area after area; a refusal is noted and reading goes on, so that everything missing is told at once."""

    def __init__(self, admin: Administrator, found: Any) -> None:
        """`found` is what `place` gave."""
        self._admin, self._found = admin, found
        self.repository, self._organisation = found["nameWithOwner"], found["owner"]["login"]
        self._number = 0  # of the board that the rules name
        self.refused: list[tuple[str, str, Exception]] = []

    def rules(self, path: str) -> Policy | None:
        found = self._try("Fichiers", FILES, lambda: policy_of(self._admin, self.repository, path), None)
        self._number = found.board if found else 0
        return found

    def everything(self, needs: DesiredState) -> CurrentState:
        """Areas that were refused are empty: the result may be used only when `refused` is."""
        paths = [item.path for item in (*needs.files, needs.policy, *needs.catalogue)]
        nothing: list[File | None] = []
        files = self._try("Fichiers", FILES, lambda: self._files(paths), nothing)
        unknown: tuple[LabelSpec, ...] = ()
        known = self._try("Étiquettes", LABELS, lambda: current_labels(self._admin, self.repository), unknown)
        there = self._try(
            "Tableaux",
            BOARDS,
            lambda: board(self._admin, self._organisation, self.repository, needs.title, self._number),
            None,
        )
        return CurrentState(
            repository=self.repository,
            repository_id=self._found["id"],
            organisation_id=self._found["owner"]["id"],
            private=self._found["isPrivate"],
            board=there,
            labels=known,
            files={item.path: item for item in files if item},
        )

    def _files(self, paths: list[str]) -> list[File | None]:
        return [file(self._admin, self.repository, path) for path in paths]

    def _try(self, what: str, needs: str, read: Callable[[], T], empty: T) -> T:
        try:
            return read()
        except (RefusalError, NotFoundError) as error:
            if all(what != told for told, _, _ in self.refused):
                self.refused.append((what, needs, error))
            return empty


def _board(node: Any, repository: str) -> BoardSpec:
    return BoardSpec(
        id=node["id"],
        number=node["number"],
        title=node["title"],
        url=node["url"],
        closed=node["closed"],
        public=node["public"],
        readme=node["readme"] or "",
        linked=repository.lower() in linked_repositories(node),
        fields=tuple(_field(item) for item in nodes(node["fields"])),
        views=tuple(_view(item) for item in nodes(node["views"])),
        automations=tuple(item["name"] for item in nodes(node["workflows"]) if item["enabled"]),
    )


def _view(node: Any) -> ViewSpec:
    columns = [field["name"] for field in (node["verticalGroupByFields"] or {}).get("nodes", ()) if field]
    layout = node["layout"].removesuffix("_LAYOUT").lower()
    return ViewSpec(node["name"], layout, node["filter"] or "", "".join(columns[:1]))


def _field(node: Any) -> FieldSpec:
    options = tuple(
        OptionSpec(item["name"], item["color"], item["description"] or "", item["id"])
        for item in node.get("options", ())
    )
    return FieldSpec(node["name"], node["dataType"], options, node["id"], node["databaseId"])
