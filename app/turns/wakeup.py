"""What a webhook delivery is about: which product to wake up, who acted, and whether it concerns us at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.decide.manual_changes import ManualChange
from app.github.policies import PATH
from app.github.read import FIELD

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
"""Events that tell an account's new name; GitHub sends the second to every App, without any subscription."""


COMMITS_TOLD = 20
"""A push that tells of so many commits may hold more: GitHub stops at 2,048, older servers at 20."""


class MalformedDeliveryError(Exception):
    """The payload lacks what GitHub always sends."""


@dataclass(frozen=True)
class Sign:
    """What a delivery tells of, by which a reading that is late is known: `is_gone` when it was taken away."""

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
    path: str = ""
    """A file that was changed."""


@dataclass(frozen=True)
class WakeUp:
    """The product a delivery points at: by its issue's node id always, by repository and number when it says so."""

    node_id: str
    sender: str
    repository: str = ""
    number: int = 0
    gesture: ManualChange | None = None
    """What a hand did, if the delivery tells of a gesture that may have to be undone."""
    in_background: bool = False
    """Nobody is waiting for this turn: it leaves GitHub's limits to those that people wait for."""
    about_rules: bool = False
    """It is no product that may have changed, but the rules of a repository."""
    about_labels: bool = False
    """Nor a product, but the labels of a repository."""
    renamed: tuple[str, str] | None = None
    """The name a label had, and the one it has."""
    gone: str = ""
    """How the issue left the repository: deleted or transferred, and where `to`."""
    to: str = ""
    sender_id: int = 0
    """The number of the sender's account, which outlives its login; 0 when nobody sent it."""
    about_place: tuple[str, str] | None = None
    """Nor a product: the name a repository, or the account that owns some, had, and the one it has."""
    place_id: int = 0
    """The number of that repository; 0 for an account."""
    about_installation: str = ""
    """Nor a product: the account on which the App was installed, suspended, given rights or repositories."""
    sign: Sign = Sign()
    tried: int = 0
    """Times the reading did not show what the delivery tells of."""
    comment: int = 0
    """The comment it tells of, written or rewritten."""
    since: datetime | None = None
    """What was written from then on may not have been read, as far as the one who asks for this turn knows."""


def about_rules(repository: str, sender: str = "", *, in_background: bool = False) -> WakeUp:
    """A look at a repository's policy file; its turns follow one another as those of a product do."""
    return WakeUp(f"rules:{repository}", sender, repository, in_background=in_background, about_rules=True)


def about_labels(repository: str, sender: str = "", renamed: tuple[str, str] | None = None) -> WakeUp:
    """A look at a repository's labels; nobody waits for it when nobody sent it."""
    return WakeUp(
        f"labels:{repository}",
        sender,
        repository,
        in_background=not sender,
        about_labels=True,
        renamed=renamed,
    )


def wake_up(event: str, payload: Any) -> WakeUp | None:
    """The product to look at, or None when the event is not for us; raises MalformedDeliveryError."""
    if not isinstance(payload, Mapping):
        raise MalformedDeliveryError("the payload is not a JSON object")
    wake = _wake_up(event, payload)
    sender = payload.get("sender")
    number = sender.get("id") if isinstance(sender, Mapping) else None
    return replace(wake, sender_id=number) if wake and isinstance(number, int) else wake


def _wake_up(event: str, payload: Any) -> WakeUp | None:
    if event != "push" and str(payload.get("action")) not in ACTIONS.get(event, ()):
        return None
    try:
        if event in OTHERS:
            return OTHERS[event](event, payload)
        sender = str(payload["sender"]["login"])
        by_bot = payload["sender"].get("type", "User") != "User"
        if event == "projects_v2_item":
            return _numbered(_about_card(payload, sender, by_bot=by_bot), payload)
        issue = payload["issue"]
        if issue.get("pull_request"):
            return None
        where = _repository(payload), int(issue["number"])
        if event == "issues" and payload["action"] in GONE:
            return WakeUp(str(issue["node_id"]), sender, *where, gone=payload["action"], to=_new_place(payload))
        gesture = _about_issue(payload, sender, by_bot=by_bot) if event == "issues" else None
        is_said = event == "issue_comment" and payload["action"] != "deleted"
        comment = int((payload.get("comment") or {}).get("id", 0)) if is_said else 0
        wake = WakeUp(str(issue["node_id"]), sender, *where, gesture, sign=_sign(payload), comment=comment)
        return _numbered(wake, payload)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        told = f" ({error})" if isinstance(error, KeyError) else ""  # the others quote what they were given
        raise MalformedDeliveryError(f"a field GitHub always sends is missing{told}") from error


def _numbered(wake: WakeUp | None, payload: Any) -> WakeUp | None:
    """The wake-up with the number of the account whose hand it tells of, which outlives its login."""
    if wake is None or wake.gesture is None:
        return wake
    return replace(wake, gesture=replace(wake.gesture, by_id=int(payload["sender"].get("id") or 0)))


def _about_installation(_: str, payload: Any) -> WakeUp:
    sender, owner = str(payload["sender"]["login"]), str(payload["installation"]["account"]["login"])
    return WakeUp(f"installation:{owner}", sender, about_installation=owner)


def _about_place(event: str, payload: Any) -> WakeUp | None:
    """A repository, or the account that owns some, has another name; None when GitHub does not tell the former."""
    sender = str(payload["sender"]["login"])
    changes = payload.get("changes") or {}
    if event in OWNERS:
        now = str((payload.get("organization") or payload["account"])["login"])
        before = str((changes.get("login") or {}).get("from") or "")
        return WakeUp(f"place:{now}", sender, about_place=(before, now)) if before else None
    now, number = _repository(payload), int(payload["repository"]["id"])
    owner, _, name = now.partition("/")
    if payload["action"] == "renamed":
        name = str(changes["repository"]["name"]["from"])
    else:
        was = changes["owner"]["from"]
        owner = str((was.get("organization") or was.get("user"))["login"])
    return WakeUp(f"place:{number}", sender, now, about_place=(f"{owner}/{name}", now), place_id=number)


def _sign(payload: Any) -> Sign:
    """By which the event of an issue, or of a comment, is recognised in a reading."""
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
    """None for what is no moment: a reading is then taken as it comes."""
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


def _about_push(_: str, payload: Any) -> WakeUp | None:
    """Only what may have changed the rules in force: the file itself is read again, whatever the payload says."""
    repository = _repository(payload)
    if payload["ref"] != f"refs/heads/{payload['repository']['default_branch']}" or payload.get("deleted"):
        return None
    commits = payload.get("commits") or []
    changed = {str(path) for commit in commits for kind in CHANGES for path in commit.get(kind) or ()}
    is_whole = 0 < len(commits) < COMMITS_TOLD and any(commit.get(kind) for commit in commits for kind in CHANGES)
    if PATH not in changed and is_whole:
        return None
    wake = about_rules(repository, str(payload["sender"]["login"]))
    return replace(wake, sign=Sign(path=PATH)) if PATH in changed else wake


def _about_label(_: str, payload: Any) -> WakeUp | None:
    """A label that was deleted, or has another name; its look is people's."""
    sender = str(payload["sender"]["login"])
    now = str(payload["label"]["name"])
    if payload["action"] == "deleted":
        return replace(about_labels(_repository(payload), sender), sign=Sign(label=now, is_gone=True))
    before = (payload.get("changes") or {}).get("name") or {}
    return about_labels(_repository(payload), sender, (str(before["from"]), now)) if before else None


def _repository(payload: Mapping[str, Any]) -> str:
    """« owner/name », which goes into the addresses we call; raises ValueError for anything else."""
    name = str(payload["repository"]["full_name"])
    if not REPOSITORY.fullmatch(name):
        raise ValueError("repository.full_name")
    return name


def _about_card(payload: Any, sender: str, *, by_bot: bool) -> WakeUp | None:
    """A card's event names no issue and, at worst, nothing of what changed: the rest is read again from GitHub."""
    item = payload["projects_v2_item"]
    if item.get("content_type") != "Issue" or item.get("content_node_id") is None:
        return None
    change = (payload.get("changes") or {}).get("field_value") or {}
    if change.get("field_name", FIELD) != FIELD:
        return None
    kind = "removed" if payload["action"] in {"archived", "deleted"} else "card"
    column = str((change["to"] or {}).get("name", "")) if "to" in change else None
    gesture = ManualChange(sender, "", kind, by_bot, str(item.get("project_node_id", "")), column)
    sign = Sign(card=str(item.get("node_id") or ""), card_at=_moment(item.get("updated_at")), is_gone=kind == "removed")
    return WakeUp(str(item["content_node_id"]), sender, gesture=gesture, sign=sign)


def _about_issue(payload: Any, sender: str, *, by_bot: bool) -> ManualChange | None:
    if payload["action"] == "closed":
        return ManualChange(sender, "", "closed", by_bot, reason=str(payload["issue"].get("state_reason") or ""))
    if payload["action"] in {"labeled", "unlabeled"} and payload.get("label"):
        return ManualChange(sender, "", "labels", by_bot, label=str(payload["label"]["name"]))
    return None


OTHERS: Mapping[str, Callable[[str, Any], WakeUp | None]] = {
    "push": _about_push,
    "label": _about_label,
    "repository": _about_place,
    "organization": _about_place,
    "installation_target": _about_place,
    "installation": _about_installation,
    "installation_repositories": _about_installation,
}
"""Events that are about no product."""
