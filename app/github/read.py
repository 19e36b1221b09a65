"""One GraphQL query reads everything that a turn needs of a product."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from github.Requester import Requester

from app.domain.policy.model import Committee
from app.domain.product.issue import Board, Card, Comment, CommentMarker, Issue
from app.github import markers
from app.github.calls import nodes
from app.github.cards import fields_of, values_of
from app.github.client import OPERATIONS, Client, NotFoundError
from app.github.pages import MOST, ask, pages
from app.github.withheld import is_about_cards, is_not_found, spares_the_issue

FIELD = "Phase"
"""Name of the board's single-select field; « Status » is used by GitHub's own automations."""


def load(
    client: Client, repository: str, number: int, committee: Committee, board: int, *, everybodys: bool = False
) -> Issue:
    """The issue as GitHub shows it now, all comments included; raises NotFoundError.

    `everybodys`: the marks of other Apps are read too, for those who believe what the seal proves and nothing else.
    """
    owner, _, name = repository.partition("/")
    values = {"owner": owner, "name": name, "number": number, "team": committee.team, "board": board, "field": FIELD}
    keepers = committee.secretariat_team
    values |= {"secretariat": keepers or committee.team, "hasSecretariat": bool(keepers)}
    requester = client.requester(repository)
    operation = _naming(() if keepers else committee.secretariat)
    data, size = ask(client, requester, operation, MOST, spares_the_issue, after=None, **values)
    found = (data.get("repository") or {}).get("issue")
    if found is None:
        raise NotFoundError(f"{repository}#{number}")
    # GitHub finds a repository by its former names: what we write must go to the present one.
    named = str(data["repository"].get("nameWithOwner") or repository)
    shown = partial(comment_of, everybodys=everybodys)
    issue = _issue(_whole(client, requester, found, data, values), data, named, shown)
    page = found["comments"]["pageInfo"]
    while page["hasNextPage"]:
        more, size = ask(client, requester, "product", size, spares_the_issue, after=page["endCursor"], **values)
        comments = (more["repository"].get("issue") or _gone(issue))["comments"]
        issue = replace(issue, comments=(*issue.comments, *map(shown, nodes(comments))))
        page, found["comments"]["totalCount"] = comments["pageInfo"], comments["totalCount"]
    kept = {comment.id: comment for comment in issue.comments}
    untold = max(0, found["comments"]["totalCount"] - len(kept))
    return replace(issue, comments=tuple(kept.values()), untold=untold)


def _naming(logins: tuple[str, ...]) -> str:
    """The operation that also asks which accounts bear these logins today, in the same call."""
    name = " ".join(("product", *logins))
    if name not in OPERATIONS:
        OPERATIONS[name] = OPERATIONS["product"].replace("  rateLimit {", f"{_asked(logins)}  rateLimit {{", 1)
    return name


def _asked(logins: Iterable[str]) -> str:
    return "".join(
        f'  secretary{number}: user(login: "{login}") {{ login databaseId }}\n'
        for number, login in enumerate(logins)
        if re.fullmatch(r"[A-Za-z0-9_-]+", login)
    )


def bearers(client: Client, repository: str, logins: tuple[str, ...]) -> dict[str, int]:
    """The number of the account that bears each of these logins today; those that nobody bears are left out."""
    if not (asked := _asked(logins)):
        return {}
    data = client.graphql_text(client.requester(repository), f"query Bearers {{\n{asked}}}", is_not_found)
    return {node["login"].lower(): account_id(node) for node in (data or {}).values() if account_id(node)}


def _gone(issue: Issue) -> Any:
    """An issue deleted, or hidden, between two pages of its comments."""
    raise NotFoundError(f"{issue.repository}#{issue.number}")


def _whole(client: Client, requester: Requester, found: Any, data: Any, values: Any) -> Any:
    """The answer completed with the whole team, and with all the cards when ours may be beyond the first page."""
    organization = data.get("organization") or {}
    board = organization.get("projectV2")
    for name in ("team", "secretariat"):
        team = organization.get(name)
        if team and team["members"]["pageInfo"]["hasNextPage"]:
            every = pages(client, requester, "team_members", _members, owner=values["owner"], team=values[name])
            try:
                team["members"]["nodes"] = [node for _, page in every for node in nodes(page)]
            except NotFoundError:
                organization[name] = None  # The team vanished between two pages: better unknown than incomplete.
    if board and _may_hide(found["projectItems"], board["id"]):
        found["projectItems"] = {"nodes": cards_of(client, requester, found["id"])}
    return found


def cards_of(client: Client, requester: Requester, issue: str) -> list[Any]:
    """Every card of an issue, on all the boards the App can see."""
    every = pages(client, requester, "cards_of_issue", _cards, accept=is_about_cards, id=issue, field=FIELD)
    return [card for _, page in every for card in nodes(page)]


def _may_hide(cards: Any, board: str) -> bool:
    """Whether our card may be among those not read yet."""
    has_more = ((cards or {}).get("pageInfo") or {}).get("hasNextPage")
    return bool(has_more) and all((card["project"] or {}).get("id") != board for card in nodes(cards))


def locate(client: Client, node_id: str) -> tuple[str, int]:
    """Repository and number of the issue behind a board event; raises NotFoundError when the App cannot see it."""
    for owner in client.owners():
        data = client.graphql(client.requester_of_owner(owner), "issue_of_node", is_not_found, id=node_id)
        node = data.get("node") or {}
        if node.get("__typename") == "Issue":
            return node["repository"]["nameWithOwner"], node["number"]
    raise NotFoundError(node_id)


def every_issue(client: Client, repository: str) -> Iterator[tuple[str, int]]:
    """Node id and number of every issue, closed ones included, oldest first."""
    yield from ((node["id"], node["number"]) for node in _pages(client, repository, "every_issue"))


def issue_bodies(client: Client, repository: str) -> Iterator[tuple[int, str, bool]]:
    """Number and description of every issue, and whether the App wrote it."""
    for node in _pages(client, repository, "issue_bodies"):
        yield node["number"], node["body"], node["viewerDidAuthor"]


def own_bodies(client: Client, repository: str, number: int) -> list[str]:
    """What the App itself last wrote on an issue, under any name; raises NotFoundError."""
    owner, _, name = repository.partition("/")
    values: dict[str, Any] = {"owner": owner, "name": name, "number": number}
    data = client.graphql(client.requester(repository), "latest_comments", is_not_found, **values)
    issue = (data.get("repository") or _no_repository()).get("issue")
    if issue is None:
        raise NotFoundError(f"{repository}#{number}")
    return [node["body"] for node in nodes(issue["comments"]) if node["viewerDidAuthor"]]


def _pages(client: Client, repository: str, operation: str) -> Iterator[Any]:
    owner, _, name = repository.partition("/")
    every = pages(client, client.requester(repository), operation, issues_of, owner=owner, name=name)
    return (node for _, page in every for node in nodes(page))


def issues_of(data: Any) -> Any:
    """The issues of a repository, in an answer that asked for them."""
    return (data.get("repository") or _no_repository())["issues"]


def _no_repository() -> Any:
    raise NotFoundError("the repository")


def _members(data: Any) -> Any:
    team = (data.get("organization") or {}).get("team")
    if not team:
        raise NotFoundError("the team")
    return team["members"]


def _cards(data: Any) -> Any:
    return (data.get("node") or {}).get("projectItems") or {"pageInfo": {"hasNextPage": False}}


def _numbers(found: Any, data: Any) -> dict[str, int]:
    """The id of each account in the answer, by login. People only: what anything else writes does not count."""
    organization = data.get("organization") or {}
    teams = [organization.get(name) for name in ("team", "secretariat")]
    named = [node for team in teams if team for node in nodes(team["members"])]
    named += [node for name, node in data.items() if name.startswith("secretary") and node]
    named += [found["author"]] if is_person(found["author"]) else []
    everybody = (*named, *nodes(found["assignees"]))
    return {node["login"].lower(): account_id(node) for node in everybody if account_id(node)}


def _logins(team: Any) -> frozenset[str] | None:
    return None if team is None else frozenset(node["login"].lower() for node in nodes(team["members"]))


def is_person(actor: Any) -> bool:
    """Whether an account is a person's: bots, mannequins, enterprises and organisations have no voice."""
    return (actor or {}).get("__typename") == "User"


def _issue(found: Any, data: Any, repository: str, shown: Callable[[Any], Comment]) -> Issue:
    organization = data.get("organization") or {}
    board = _board(organization.get("projectV2"))
    return Issue(
        id=found["id"],
        repository=repository,
        number=found["number"],
        title=found["title"],
        body=found["body"],
        author=login_of(found["author"]),
        url=found["url"],
        is_open=found["state"] == "OPEN",
        by_us=found["viewerDidAuthor"],
        ours=found["viewerDidAuthor"] and not is_edited_by_other(found),
        closed_at=_time(found["closedAt"]) if found["closedAt"] else None,
        assignees=tuple(node["login"] for node in nodes(found["assignees"])),
        labels=frozenset(node["name"] for node in nodes(found["labels"])),
        label_ids=_label_ids(found["labels"], data["repository"].get("labels")),
        comments=tuple(map(shown, nodes(found["comments"]))),
        card=_card(nodes(found["projectItems"]), board),
        board=board,
        team=_logins(organization.get("team")),
        secretariat=_logins(organization.get("secretariat")),
        numbers=_numbers(found, data),
        is_by_person=is_person(found["author"]),
        is_as_filed=not is_edited_by_other(found),
        updated_at=_moment(found),
    )


def _label_ids(*lists: Any) -> dict[str, str]:
    """By name in lower case, as GitHub compares them. Read anew each time: an id kept would follow a label renamed."""
    return {node["name"].casefold(): node["id"] for labels in lists for node in nodes(labels)}


def is_edited_by_other(found: Any) -> bool:
    """Whether somebody else than its author last edited an issue or a comment.

    An editor that GitHub no longer names is somebody else: our own account exists while we read.
    """
    author, editor = found["author"] or {}, found["editor"] or {}
    if not found["lastEditedAt"] and not editor:
        return False
    return (account_id(author), login_of(author)) != (account_id(editor), login_of(editor))


def account_id(actor: Any) -> int:
    """The id of an account, which survives a rename; 0 for an actor that has none here."""
    return int((actor or {}).get("databaseId") or 0)


def _board(found: Any) -> Board | None:
    """The board, if it exists and has our field with its options."""
    field = (found or {}).get("field") or {}
    if "options" not in field:
        return None
    options = {option["name"]: option["id"] for option in field["options"]}
    return Board(found["id"], field["id"], options, fields_of(found))


def _card(items: Iterable[Any], board: Board | None) -> Card | None:
    """The card on our board, whatever other boards hold; one on the board rather than an archived one."""
    columns: dict[Any, str] = {option: name for name, option in board.options.items()} if board else {}
    ours = [node for node in items if board and (node["project"] or {}).get("id") == board.id]
    for node in sorted(ours, key=lambda node: bool(node["isArchived"])):
        option = (node["fieldValueByName"] or {}).get("optionId")
        return Card(
            node["id"],
            columns.get(option),
            archived=node["isArchived"],
            updated_at=_moment(node),
            values=values_of(node),
        )
    return None


def comment_of(node: Any, *, everybodys: bool = False) -> Comment:
    editor, edited_at = node["editor"], node["lastEditedAt"]
    return Comment(
        id=int(node["fullDatabaseId"]),
        node_id=node["id"],
        body=node["body"],
        author=login_of(node["author"]),
        author_id=account_id(node["author"]),
        at=_time(node["createdAt"]),
        by_bot=(node["author"] or {}).get("__typename") == "Bot",
        is_by_person=is_person(node["author"]),
        editor=login_of(editor) if editor or edited_at else "",
        editor_id=account_id(editor),
        editor_is_bot=bool(editor or edited_at) and not is_person(editor),
        edited_at=_time(edited_at) if edited_at else None,
        trace=_trace(node, everybodys=everybodys),
        via_email=node.get("createdViaEmail", False),
        is_hidden=node.get("isMinimized", False),
        through=None,
        reactions=frozenset(group["content"] for group in node["reactionGroups"] or [] if group["viewerHasReacted"]),
    )


def _trace(node: Any, *, everybodys: bool) -> CommentMarker | None:
    """What a comment of ours says of itself; of other Apps', only where it was asked for, and by their mark alone."""
    is_ours = node["viewerDidAuthor"]
    is_read = is_ours or (everybodys and (node["author"] or {}).get("__typename") == "Bot")
    found = markers.read_marker(node["body"]) if is_read else None
    if is_ours:
        return found or markers.BARE
    return replace(found, is_anothers=True) if found else None


def login_of(actor: Any) -> str:
    """A deleted account has no actor any more; GitHub shows it as « ghost »."""
    return str((actor or {}).get("login") or "ghost")


def _moment(node: Any) -> datetime | None:
    return _time(node["updatedAt"]) if node.get("updatedAt") else None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
