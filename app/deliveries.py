"""What a webhook delivery is about: which product to wake up, who acted, and whether it concerns us at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ISSUE_ACTIONS = {"opened", "edited", "labeled", "unlabeled", "assigned", "unassigned", "closed", "reopened"}
COMMENT_ACTIONS = {"created", "edited", "deleted"}
CARD_ACTIONS = {"created", "edited", "archived", "restored", "deleted", "converted"}
ACTIONS = {"issues": ISSUE_ACTIONS, "issue_comment": COMMENT_ACTIONS, "projects_v2_item": CARD_ACTIONS}


class MalformedDeliveryError(Exception):
    """The payload lacks what GitHub always sends."""


@dataclass(frozen=True)
class WakeUp:
    """The product a delivery points at: by its issue's node id always, by repository and number when it says so."""

    node_id: str
    sender: str
    repository: str = ""
    number: int = 0
    moved_card: bool = False


def wake_up(event: str, payload: Any) -> WakeUp | None:
    """The product to look at, or None when the event is not for us; raises MalformedDeliveryError."""
    if not isinstance(payload, Mapping):
        raise MalformedDeliveryError("the payload is not a JSON object")
    if payload.get("action") not in ACTIONS.get(event, ()):
        return None
    try:
        sender = str(payload["sender"]["login"])
        if event == "projects_v2_item":
            item = payload["projects_v2_item"]
            is_issue = item.get("content_type") == "Issue"
            return WakeUp(str(item["content_node_id"]), sender, moved_card=True) if is_issue else None
        issue = payload["issue"]
        if "pull_request" in issue:
            return None
        return WakeUp(str(issue["node_id"]), sender, str(payload["repository"]["full_name"]), int(issue["number"]))
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedDeliveryError(f"a field GitHub always sends is missing: {error}") from error
