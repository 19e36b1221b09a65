"""Reads what stands in the organisation and the repository, through the administrator's calls."""

from __future__ import annotations

import base64
from typing import Any

from app.documents import read_policy
from app.domain.policy import Policy
from app.github.administrator import Administrator
from app.github.client import NotFoundError
from app.setup.board import choose
from app.setup.model import Board, Field, File, Label, Option, Present, Wanted


def place(admin: Administrator, organisation: str, name: str) -> Any:
    """The repository as GraphQL shows it; raises NotFoundError when the token does not show it."""
    found = admin.graphql("setup_place", owner=organisation, name=name)["repository"]
    if found is None:
        raise NotFoundError(f"{organisation}/{name}")
    return found


def policy_of(admin: Administrator, repository: str, path: str) -> Policy | None:
    """The repository's rules, None when there are none or they cannot be read."""
    found = file(admin, repository, path)
    policy = read_policy(found.text) if found else None
    return policy if isinstance(policy, Policy) else None


def file(admin: Administrator, repository: str, path: str) -> File | None:
    """A file of the default branch."""
    try:
        _, data = admin.rest("GET", f"/repos/{repository}/contents/{path}")
    except NotFoundError:
        return None
    return File(path, base64.b64decode(data["content"]).decode("utf-8", "replace"), data["sha"])


def labels(admin: Administrator, repository: str) -> tuple[Label, ...]:
    return tuple(
        Label(item["name"], item["color"], item["description"] or "")
        for item in admin.listed(f"/repos/{repository}/labels")
    )


def board(admin: Administrator, organisation: str, repository: str, title: str) -> Board | None:
    """The repository's board among all those of its organisation, with everything in it."""
    found, after = [], None
    while True:
        page = admin.graphql("setup_boards", org=organisation, after=after)["organization"]["projectsV2"]
        found += [_board(node, repository) for node in page["nodes"] if node]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    chosen = choose(found, repository, title)
    return read_board(admin, chosen.id, repository) if chosen else None


def read_board(admin: Administrator, board_id: str, repository: str) -> Board:
    return _board(admin.graphql("setup_board", id=board_id)["node"], repository)


def everything(admin: Administrator, found: Any, wanted: Wanted) -> Present:
    """`found` is what `place` gave."""
    repository, organisation = found["nameWithOwner"], found["owner"]["login"]
    paths = [item.path for item in (*wanted.files, wanted.policy)]
    files = {path: there for path in paths if (there := file(admin, repository, path))}
    return Present(
        repository=repository,
        repository_id=found["id"],
        organisation_id=found["owner"]["id"],
        private=found["isPrivate"],
        board=board(admin, organisation, repository, wanted.title),
        labels=labels(admin, repository),
        files=files,
    )


def _board(node: Any, repository: str) -> Board:
    linked = {item["nameWithOwner"].lower() for item in node["repositories"]["nodes"] if item}
    fields = node["fields"]["nodes"] if "fields" in node else [node["field"]]
    return Board(
        id=node["id"],
        number=node["number"],
        title=node["title"],
        url=node["url"],
        closed=node["closed"],
        public=node["public"],
        readme=node["readme"] or "",
        linked=repository.lower() in linked,
        fields=tuple(_field(item) for item in fields if item),
        views=tuple(item["name"] for item in node.get("views", {}).get("nodes", ())),
        automations=tuple(item["name"] for item in node.get("workflows", {}).get("nodes", ()) if item["enabled"]),
    )


def _field(node: Any) -> Field:
    options = tuple(
        Option(item["name"], item["color"], item["description"] or "", item["id"]) for item in node.get("options", ())
    )
    return Field(node["name"], node["dataType"], options, node["id"], node["databaseId"])
