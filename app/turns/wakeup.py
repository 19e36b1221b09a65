"""Parses a webhook into what it is about: product, departure, rules, labels, name, installation, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from app.domain.decide.manual_changes import ManualChange
from app.domain.policy.inheritance import common_of
from app.domain.product.issue import Through
from app.domain.reuse.catalogue_file import PATHS
from app.github.policies import PATH
from app.github.published import agenda_day
from app.github.read import FIELD
from app.store.comment_apps import through

ISSUE_ACTIONS = {"opened", "edited", "labeled", "unlabeled", "assigned", "unassigned", "closed", "reopened"}
GONE = {"deleted", "transferred"}
COMMENT_ACTIONS = {"created", "edited", "deleted"}
CARD_ACTIONS = {"created", "edited", "archived", "restored", "deleted", "converted"}
REPOSITORY = re.compile(r"[A-Za-z0-9_-]+/(?!\.\.?$)[A-Za-z0-9._-]+")
CHANGES = ("added", "modified", "removed")
ACTIONS = {
    "issues": ISSUE_ACTIONS | GONE,
    "issue_comment": COMMENT_ACTIONS,
    "projects_v2_item": CARD_ACTIONS,
    "label": {"edited", "deleted"},
    "installation": {"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"},
    "installation_repositories": {"added", "removed"},
    "repository": {"renamed", "transferred"},
    "organization": {"renamed"},
    "installation_target": {"renamed"},
}
OWNERS = ("organization", "installation_target")
"""Events that tell an account's new name; GitHub sends the second to every App, subscribed or not."""
INTERNAL = ("sweep", "deadline", "rules", "labels", "session")
"""Events that Jalon stores itself: no webhook brings them."""


COMMITS_TOLD = 20
"""A push with this many commits may have had more: GitHub stops at 2,048, older servers at 20."""


class MalformedDeliveryError(Exception):
    """The payload lacks something that GitHub always sends."""


@dataclass(frozen=True)
class Sign:
    """What a delivery tells, to recognise a reading that is late; `is_gone` when the thing was removed."""

    at: datetime | None = None
    """When the issue was last changed."""
    comment: int = 0
    comment_at: datetime | None = None
    text: str = field(default="", repr=False)
    """Of the comment; of the issue when it is the issue that was written, with its title."""
    title: str = field(default="", repr=False)
    label: str = ""
    card: str = ""
    """Node id of a card."""
    card_at: datetime | None = None
    is_gone: bool = False
    is_open: bool | None = None
    """Whether the issue was opened again, or closed; None when the delivery tells of neither."""


class SentBy(TypedDict):
    """By whom a delivery was sent."""

    sender: str
    sender_id: int


@dataclass(frozen=True, kw_only=True)
class _Sent:
    sender: str = ""
    """Login of the account that acted; empty when Jalon wakes itself."""
    sender_id: int = 0
    """Its number, which outlives its login; 0 when nobody sent it."""
    tried: int = 0
    """How often a reading did not show what the delivery tells."""
    in_background: bool = False
    """Nobody waits for this turn: it leaves GitHub's limits to those that people wait for."""


@dataclass(frozen=True)
class ProductWakeUp(_Sent):
    """Something may have changed about a product: its issue, a comment, its card; or its deadline has come."""

    node_id: str
    """Node id of its issue; empty when only its place is known."""
    repository: str = ""
    """Empty when the delivery does not say where the issue is: a card's does not."""
    number: int = 0
    gesture: ManualChange | None = None
    """What a person did, if the delivery tells of a manual change that may have to be undone."""
    sign: Sign = Sign()
    comment: int = 0
    """The comment it is about, new or edited."""
    through: Through | None = None
    """The App that wrote that comment in its author's name, as the delivery tells; None when it tells nothing."""
    since: datetime | None = None
    """Comments written from then on may not have been read, as far as the sender of this wake-up knows."""

    @property
    def key(self) -> str:
        """Wake-ups of one key are handled one after the other."""
        return self.node_id


class SessionWakeUp(ProductWakeUp):
    """The same of an issue that seems to be a session's, by the mark in its description."""


@dataclass(frozen=True)
class DepartureWakeUp(_Sent):
    """An issue left its repository."""

    node_id: str
    repository: str
    number: int
    how: str
    """« deleted » or « transferred »."""
    to: str = ""
    """Where it was transferred; empty when GitHub does not say."""

    @property
    def key(self) -> str:
        return self.node_id


@dataclass(frozen=True)
class PolicyWakeUp(_Sent):
    """A repository's policy file may have changed, and those of its catalogue."""

    repository: str
    is_told: bool = False
    """Whether a push named the file: if it is read unchanged, the reading is late and tried again."""
    told: frozenset[str] = frozenset()
    """Commits that pushes left the branch at: what does not show them all is older than what GitHub told."""
    catalogue: frozenset[str] = frozenset()
    """Files of the catalogue that may have changed with it."""
    is_named: bool = False
    """Whether a push named those: one read unchanged is read late, as above."""
    commons: frozenset[str] = frozenset()
    """Files that the rules of other repositories may extend, named by a push."""

    @property
    def key(self) -> str:
        return f"rules:{self.repository}"


@dataclass(frozen=True)
class LabelsWakeUp(_Sent):
    """A label of a repository may have been deleted or renamed."""

    repository: str
    renamed: tuple[str, str] | None = None
    """The label's former name and its present one."""
    deleted: str = ""

    @property
    def key(self) -> str:
        return f"labels:{self.repository}"


@dataclass(frozen=True)
class PlaceWakeUp(_Sent):
    """A repository, or an account that owns some, was renamed."""

    before: str
    now: str
    repository_id: int = 0
    """The id of that repository; 0 for an account."""

    @property
    def key(self) -> str:
        return f"place:{self.repository_id or self.now}"


@dataclass(frozen=True)
class InstallationWakeUp(_Sent):
    """The App was installed on an account, suspended, or given rights or repositories."""

    owner: str

    @property
    def key(self) -> str:
        return f"installation:{self.owner}"


WakeUp = (
    ProductWakeUp | SessionWakeUp | DepartureWakeUp | PolicyWakeUp | LabelsWakeUp | PlaceWakeUp | InstallationWakeUp
)


def wake_up(event: str, payload: Any) -> WakeUp | None:
    """What the delivery is about; None when it is not for us; raises MalformedDeliveryError."""
    if not isinstance(payload, Mapping):
        raise MalformedDeliveryError("the payload is not a JSON object")
    if event != "push" and str(payload.get("action")) not in ACTIONS.get(event, ()):
        return None
    try:
        by = payload["sender"]
        number = by.get("id")
        sent = SentBy(sender=str(by["login"]), sender_id=number if isinstance(number, int) else 0)
        return READERS[event](payload, sent) if event in READERS else None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        told = f" ({error})" if isinstance(error, KeyError) else ""  # the others quote what they were given
        raise MalformedDeliveryError(f"a field GitHub always sends is missing{told}") from error


def own_wake_up(event: str, payload: Mapping[str, Any]) -> WakeUp:
    """A wake-up that Jalon sent itself, by one of the INTERNAL events."""
    match event:
        case "rules":
            return PolicyWakeUp(payload["repository"], catalogue=frozenset(PATHS), in_background=True)
        case "labels":
            return LabelsWakeUp(payload["repository"], in_background=True)
        case _:
            since = datetime.fromisoformat(payload["since"]) if payload.get("since") else None
            where = payload["node_id"], payload["repository"], payload["number"]
            if event == "session":
                return SessionWakeUp(*where, in_background=True)
            return ProductWakeUp(*where, since=since, in_background=event == "sweep")


def _about_issue(payload: Any, sent: SentBy) -> WakeUp | None:
    if payload["issue"].get("pull_request"):
        return None
    if payload["action"] in GONE:
        return DepartureWakeUp(*_issue(payload), payload["action"], _new_place(payload), **sent)
    kind = _kind(payload)
    return kind(*_issue(payload), _gesture(payload, sent), _sign(payload), **sent)


def _about_comment(payload: Any, sent: SentBy) -> WakeUp | None:
    if payload["issue"].get("pull_request"):
        return None
    said = (payload.get("comment") or {}) if payload["action"] != "deleted" else {}
    comment, by = int(said.get("id", 0)), through(said)
    return _kind(payload)(*_issue(payload), sign=_sign(payload), comment=comment, through=by, **sent)


def _kind(payload: Any) -> type[ProductWakeUp]:
    """A session's issue is known by its description, which the delivery holds: nothing is asked of GitHub."""
    issue = payload["issue"]
    is_by_bot = (issue.get("user") or {}).get("type") == "Bot"
    return SessionWakeUp if is_by_bot and agenda_day(str(issue.get("body") or "")) else ProductWakeUp


def _issue(payload: Any) -> tuple[str, str, int]:
    """Its node id, its repository and its number."""
    return str(payload["issue"]["node_id"]), _repository(payload), int(payload["issue"]["number"])


def _about_installation(payload: Any, sent: SentBy) -> WakeUp:
    return InstallationWakeUp(str(payload["installation"]["account"]["login"]), **sent)


def _about_owner(payload: Any, sent: SentBy) -> WakeUp | None:
    """An account was renamed; None when GitHub does not tell its former name."""
    now = str((payload.get("organization") or payload["account"])["login"])
    before = str(((payload.get("changes") or {}).get("login") or {}).get("from") or "")
    return PlaceWakeUp(before, now, **sent) if before else None


def _about_repository(payload: Any, sent: SentBy) -> WakeUp:
    now, number, changes = _repository(payload), int(payload["repository"]["id"]), payload["changes"]
    owner, _, name = now.partition("/")
    if payload["action"] == "renamed":
        name = str(changes["repository"]["name"]["from"])
    else:
        was = changes["owner"]["from"]
        owner = str((was.get("organization") or was.get("user"))["login"])
    return PlaceWakeUp(f"{owner}/{name}", now, number, **sent)


def _sign(payload: Any) -> Sign:
    """What lets a reading be compared with the event of an issue or of a comment."""
    issue, comment, label = payload["issue"], payload.get("comment"), payload.get("label")
    at = _moment(issue.get("updated_at"))
    if comment:
        number, moment = int(comment["id"]), _moment(comment.get("updated_at"))
        is_gone = payload["action"] == "deleted"
        return Sign(at, number, moment, str(comment.get("body") or ""), is_gone=is_gone)
    if label and payload["action"] in {"labeled", "unlabeled"}:
        return Sign(at, label=str(label["name"]), is_gone=payload["action"] == "unlabeled")
    if payload["action"] in {"opened", "edited"}:
        return Sign(at, text=str(issue.get("body") or ""), title=str(issue.get("title") or ""))
    return Sign(at, is_open={"closed": False, "reopened": True}.get(payload["action"]))


def _moment(text: Any) -> datetime | None:
    """None for text that is no moment: the reading is then believed as it comes."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _new_place(payload: Any) -> str:
    """Where a transferred issue is now; empty when GitHub does not say."""
    changes = payload.get("changes") or {}
    repository, issue = changes.get("new_repository") or {}, changes.get("new_issue") or {}
    return f"{repository['full_name']}#{issue['number']}" if repository and issue else ""


def _about_push(payload: Any, sent: SentBy) -> WakeUp | None:
    """Only for changes that may concern the rules in force: the file itself is always read again."""
    repository = _repository(payload)
    if payload["ref"] != f"refs/heads/{payload['repository']['default_branch']}" or payload.get("deleted"):
        return None
    commits = payload.get("commits") or []
    changed = {str(path) for commit in commits for kind in CHANGES for path in commit.get(kind) or ()}
    is_whole = 0 < len(commits) < COMMITS_TOLD and any(commit.get(kind) for commit in commits for kind in CHANGES)
    named = changed & set(PATHS)
    commons = frozenset(path for path in changed - set(PATHS) if common_of(f"{repository}/{path}", repository))
    if PATH not in changed and not named and not commons and is_whole:
        return None
    told = frozenset({str(payload["after"])} if payload.get("after") else ())
    files = frozenset(named if is_whole else PATHS)
    return PolicyWakeUp(repository, PATH in changed, told, files, bool(named), commons, **sent)


def _about_label(payload: Any, sent: SentBy) -> WakeUp | None:
    """A label was deleted or renamed; its colour and description belong to people."""
    now = str(payload["label"]["name"])
    if payload["action"] == "deleted":
        return LabelsWakeUp(_repository(payload), deleted=now, **sent)
    before = (payload.get("changes") or {}).get("name") or {}
    return LabelsWakeUp(_repository(payload), (str(before["from"]), now), **sent) if before else None


def _repository(payload: Mapping[str, Any]) -> str:
    """« owner/name », which goes into the addresses we call; raises ValueError for anything else."""
    name = str(payload["repository"]["full_name"])
    if not REPOSITORY.fullmatch(name):
        raise ValueError("repository.full_name")
    return name


def _about_card(payload: Any, sent: SentBy) -> WakeUp | None:
    """A card's event names no issue, and sometimes nothing of what changed: the rest is read again from GitHub."""
    item = payload["projects_v2_item"]
    if item.get("content_type") != "Issue" or item.get("content_node_id") is None:
        return None
    change = (payload.get("changes") or {}).get("field_value") or {}
    if change.get("field_name", FIELD) != FIELD:
        return None
    kind = "removed" if payload["action"] in {"archived", "deleted"} else "card"
    column = str((change["to"] or {}).get("name", "")) if "to" in change else None
    gesture = _change(payload, sent, kind, board=str(item.get("project_node_id", "")), column=column)
    sign = Sign(card=str(item.get("node_id") or ""), card_at=_moment(item.get("updated_at")), is_gone=kind == "removed")
    return ProductWakeUp(str(item["content_node_id"]), gesture=gesture, sign=sign, **sent)


def _gesture(payload: Any, sent: SentBy) -> ManualChange | None:
    if payload["action"] == "closed":
        return _change(payload, sent, "closed", reason=str(payload["issue"].get("state_reason") or ""))
    if payload["action"] in {"labeled", "unlabeled"} and payload.get("label"):
        return _change(payload, sent, "labels", label=str(payload["label"]["name"]))
    return None


def _change(payload: Any, sent: SentBy, kind: str, **details: Any) -> ManualChange:
    """Add the id of the account that acted, which survives a rename."""
    is_bot = payload["sender"].get("type", "User") != "User"
    return ManualChange(sent["sender"], "", kind, is_bot, by_id=sent["sender_id"], **details)


READERS: Mapping[str, Callable[[Any, SentBy], WakeUp | None]] = {
    "issues": _about_issue,
    "issue_comment": _about_comment,
    "projects_v2_item": _about_card,
    "push": _about_push,
    "label": _about_label,
    "repository": _about_repository,
    "organization": _about_owner,
    "installation_target": _about_owner,
    "installation": _about_installation,
    "installation_repositories": _about_installation,
}
