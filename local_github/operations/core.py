"""What every act stands on: one at a time, rights checked, the event sent, the timeline kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from local_github import payloads
from local_github.state import ROLES, Comment, Delivery, Event, Issue, Refused, Role, State, node_id, stamp

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound="Core")


class NotEntitled(Refused):
    """An act that is above the caller's role."""


MAX_BODY = 65_536
NEEDS: dict[str, Role] = {
    "read": "read",
    "open_issue": "read",
    "comment": "read",
    "react": "read",
    "move_card": "read",  # organisation members may write on its boards unless the base role was lowered
    "manage_boards": "read",  # … and make new ones
    "label": "triage",
    "assign": "triage",
    "close_issue": "triage",
    "lock_issue": "write",
    "transfer_issue": "write",
    "delete_issue": "admin",
    "edit_issue": "write",
    "edit_comment": "write",
    "delete_comment": "write",
    "minimize_comment": "write",
    "pin_comment": "write",
    "manage_labels": "write",
    "write_contents": "write",
    "manage_teams": "admin",
    "manage_apps": "admin",
    "manage_repository": "admin",
    "manage_organisation": "admin",
}
OUTSIDE = {"read", "move_card", *(what for what in NEEDS if what.startswith("manage_") and what != "manage_labels")}
"""What an archived repository does not forbid."""
EVENT_NEEDS = {
    "issues": "issues",
    "issue_comment": "issues",
    "commit_comment": "contents",
    "push": "contents",
    "projects_v2": "organization_projects",
    "projects_v2_item": "organization_projects",
    "membership": "members",
    "team": "members",
    "organization": "members",
}
"""The permission without which GitHub does not send an event, whatever the App subscribed to; others need none."""


def act(method: Callable[Concatenate[C, P], R]) -> Callable[Concatenate[C, P], R]:
    """One act at a time, kept on disk before anyone hears of it."""

    @wraps(method)
    def locked(world: C, *args: P.args, **kwargs: P.kwargs) -> R:
        with world.lock:
            result = method(world, *args, **kwargs)
            world.changed()
            return result

    return cast("Callable[Concatenate[C, P], R]", locked)


@dataclass(eq=False)
class Core(State):
    """The state with its lock and its ways out; `actor` is always a login."""

    lock: Any = field(default_factory=threading.RLock, kw_only=True)
    send: Callable[[str, str, dict[str, Any]], None] = field(default=lambda *_: None, kw_only=True)
    resend: Callable[[Delivery], None] = field(default=lambda _: None, kw_only=True)
    saved: Callable[[], None] = field(default=lambda: None, kw_only=True)
    noted: Callable[[], None] = field(default=lambda: None, kw_only=True)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), kw_only=True)
    """The hour of this GitHub: what dates things, the `Date` of answers, and how late a replica is."""
    version: int = field(default=0, kw_only=True)
    hook_address: str = field(default="", kw_only=True)
    """Where webhooks go when the App was registered without an address of its own."""
    through: int = field(default=0, kw_only=True)
    """Number of the App that does what is being done in a person's name, while the lock is held for it."""
    team_down: Callable[[], bool] = field(default=lambda: False, kw_only=True)

    def now(self) -> str:
        return stamp(self.clock())

    @contextmanager
    def acting_through(self, app: int) -> Iterator[None]:
        """Whatever is done meanwhile is done by this App in somebody's name; 0: by whoever does it. Holds the lock."""
        with self.lock:
            self.through = app
            try:
                yield
            finally:
                self.through = 0

    def changed(self) -> None:
        """Keeps what was done; `version` tells whoever shows the state that there is something new."""
        self.version += 1
        self.noted()
        self.saved()

    def can(self, login: str, what: str, *, number: int | None = None, comment_id: int | None = None) -> bool:
        """Authors keep their rights over what they wrote; the rest is a matter of role."""
        person = self.people.get(login)
        if person is None:
            return False
        if what in {"edit_issue", "close_issue"} and number is not None and self.issue(number).author == login:
            return True
        if comment_id is not None and what.endswith("_comment") and self.comment_of(comment_id).author == login:
            return True
        return ROLES.index(person.role) >= ROLES.index(NEEDS[what])

    def require(self, actor: str, what: str, *, number: int | None = None, comment_id: int | None = None) -> None:
        if actor not in self.people:
            raise Refused(401, "Bad credentials")
        if not self.can(actor, what, number=number, comment_id=comment_id):
            raise NotEntitled(403, f"Must have {NEEDS[what]} rights to Repository.")
        if self.archived and what not in OUTSIDE:
            raise Refused(403, "Repository was archived so is read-only.")

    def told(self, issue: Issue, event: str, actor: str, **details: Any) -> None:
        """One more line of the issue's timeline."""
        issue.events.append(Event(self.new_id(), node_id("EV"), event, actor, self.now(), details, self.through))

    def issue_event(self, action: str, issue: Issue, actor: str, **more: Any) -> None:
        issue.updated_at = self.now()
        self.repository_event("issues", action, actor, issue=payloads.issue(self, issue), **more)

    def comment_event(self, action: str, comment: Comment, actor: str, **more: Any) -> None:
        issue = self.issue(comment.issue)
        issue.updated_at = self.now()
        shown = {"issue": payloads.issue(self, issue), "comment": payloads.comment(self, comment)}
        self.repository_event("issue_comment", action, actor, **shown, **more)

    def repository_event(self, event: str, action: str, actor: str, **more: Any) -> None:
        self.emit(event, action, actor, repository=payloads.repository(self), **more)

    def emit(self, event: str, action: str, actor: str, **more: Any) -> None:
        """Sent when the App is installed, subscribed and permitted; `action` is empty for `push`."""
        permission = EVENT_NEEDS.get(event)
        permitted = permission is None or permission in self.app.permissions
        if self.app.installed and not self.app.suspended_at and event in self.app.events and permitted:
            named = {"action": action} if action else {}
            self.send(event, action, {**named, **more, **payloads.envelope(self, actor)})


def invalid(resource: str, about: str, message: str) -> Refused:
    error = {"resource": resource, "code": "custom", "field": about, "message": message}
    return Refused(422, message, [error])


def check_length(body: str) -> None:
    if len(body) > MAX_BODY:
        raise invalid("Issue", "body", f"body is too long (maximum is {MAX_BODY} characters)")
