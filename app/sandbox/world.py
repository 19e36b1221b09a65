"""Everything one may do on the local GitHub: each act checks rights, changes the state and emits GitHub's events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from app.sandbox import payloads
from app.sandbox.seed import first_state
from app.sandbox.state import (
    REACTIONS,
    ROLES,
    Card,
    Comment,
    Delivery,
    Issue,
    Label,
    Option,
    Person,
    Reaction,
    Refused,
    Role,
    State,
    node_id,
    now,
)

__all__ = ["Card", "Comment", "Delivery", "Issue", "Label", "Option", "Person", "Reaction", "Refused", "World"]
P = ParamSpec("P")
R = TypeVar("R")
MAX_BODY = 65_536
NEEDS: dict[str, Role] = {
    "read": "read",
    "open_issue": "read",
    "comment": "read",
    "react": "read",
    "move_card": "read",  # organisation members may write on its boards unless the base role was lowered
    "label": "triage",
    "assign": "triage",
    "close_issue": "triage",
    "edit_issue": "write",
    "edit_comment": "write",
    "delete_comment": "write",
    "minimize_comment": "write",
    "manage_labels": "write",
    "write_contents": "write",
    "manage_teams": "admin",
}


def _act(method: Callable[Concatenate[World, P], R]) -> Callable[Concatenate[World, P], R]:
    """One act at a time, kept on disk before anyone hears of it."""

    @wraps(method)
    def locked(world: World, *args: P.args, **kwargs: P.kwargs) -> R:
        with world.lock:
            result = method(world, *args, **kwargs)
            world.changed()
            return result

    return cast("Callable[Concatenate[World, P], R]", locked)


@dataclass(eq=False)
class World(State):
    """The state and the acts on it; `actor` is always a login."""

    lock: Any = field(default_factory=threading.RLock, kw_only=True)
    send: Callable[[str, str, dict[str, Any]], None] = field(default=lambda *_: None, kw_only=True)
    resend: Callable[[Delivery], None] = field(default=lambda _: None, kw_only=True)
    saved: Callable[[], None] = field(default=lambda: None, kw_only=True)
    version: int = field(default=0, kw_only=True)

    @classmethod
    def from_seed(cls, seed: Mapping[str, Any]) -> World:
        return cls.of(first_state(seed))

    @classmethod
    def of(cls, state: State) -> World:
        return cls(**{item.name: getattr(state, item.name) for item in fields(State)})

    def changed(self) -> None:
        """Keeps what was done; `version` tells whoever shows the state that there is something new."""
        self.version += 1
        self.saved()

    # rights

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
            raise Refused(403, f"Must have {NEEDS[what]} rights to Repository.")

    # issues

    @_act
    def open_issue(self, actor: str, title: str, body: str, labels: Iterable[str] = ()) -> Issue:
        """Labels that do not exist are left out without a word, as GitHub does for a form."""
        self.require(actor, "open_issue")
        _check_title(title)
        _check_length(body)
        number, at = max(self.issues, default=0) + 1, now()
        issue = Issue(self.new_id(), node_id("I"), number, title.strip(), body, actor, "open", at, at)
        known = [label for name in labels if (label := self.label(name))]
        issue.labels = list(dict.fromkeys(label.name for label in known))
        self.issues[number] = issue
        self._issue_event("opened", issue, actor)
        for name in issue.labels:
            self._issue_event("labeled", issue, actor, label=payloads.label(self, self.labels[name]))
        return issue

    @_act
    def edit_issue(
        self,
        actor: str,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        state: str | None = None,
        reason: str | None = None,
    ) -> Issue:
        issue = self.issue(number)
        if title is not None or body is not None:
            self.require(actor, "edit_issue", number=number)
            self._rewrite(actor, issue, title, body)
        if state is not None and state != issue.state:
            self.require(actor, "close_issue", number=number)
            self._turn(actor, issue, state, reason)
        return issue

    def _rewrite(self, actor: str, issue: Issue, title: str | None, body: str | None) -> None:
        changes: dict[str, Any] = {}
        if title is not None and title.strip() != issue.title:
            _check_title(title)
            changes["title"], issue.title = {"from": issue.title}, title.strip()
        if body is not None and body != issue.body:
            _check_length(body)
            changes["body"], issue.body = {"from": issue.body}, body
            issue.editor, issue.edited_at = actor, now()
        if changes:
            self._issue_event("edited", issue, actor, changes=changes)

    def _turn(self, actor: str, issue: Issue, state: str, reason: str | None) -> None:
        if state not in {"open", "closed"}:
            raise _invalid("Issue", "state", f"state is not open or closed: {state}")
        if reason not in {None, "completed", "not_planned", "duplicate", "reopened"}:
            raise _invalid("Issue", "state_reason", f"state_reason is not known: {reason}")
        if state == "closed":
            issue.state, issue.closed_at, issue.state_reason = "closed", now(), reason or "completed"
            self._issue_event("closed", issue, actor)
        else:
            issue.state, issue.closed_at, issue.state_reason = "open", None, "reopened"
            self._issue_event("reopened", issue, actor)

    @_act
    def set_assignees(self, actor: str, number: int, logins: Iterable[str]) -> Issue:
        self.require(actor, "assign")
        issue, wanted = self.issue(number), list(dict.fromkeys(logins))
        if unknown := [login for login in wanted if login not in self.people]:
            raise _invalid("Issue", "assignees", f"Could not resolve to a User: {', '.join(unknown)}")
        before, issue.assignees = issue.assignees, wanted
        for login in wanted:
            if login not in before:
                self._issue_event("assigned", issue, actor, assignee=payloads.user(self, login))
        for login in before:
            if login not in wanted:
                self._issue_event("unassigned", issue, actor, assignee=payloads.user(self, login))
        return issue

    # comments

    @_act
    def comment(self, actor: str, number: int, body: str) -> Comment:
        self.require(actor, "comment")
        issue, at = self.issue(number), now()
        _check_comment(body)
        comment = Comment(self.new_id(), node_id("IC"), number, body, actor, at, at)
        issue.comments.append(comment)
        self._comment_event("created", comment, actor)
        return comment

    @_act
    def edit_comment(self, actor: str, comment_id: int, body: str) -> Comment:
        comment = self.comment_of(comment_id)
        self.require(actor, "edit_comment", comment_id=comment_id)
        _check_comment(body)
        if body != comment.body:
            before, comment.body = comment.body, body
            comment.editor, comment.edited_at = actor, now()
            comment.updated_at = comment.edited_at
            self._comment_event("edited", comment, actor, changes={"body": {"from": before}})
        return comment

    @_act
    def delete_comment(self, actor: str, comment_id: int) -> None:
        comment = self.comment_of(comment_id)
        self.require(actor, "delete_comment", comment_id=comment_id)
        self.issue(comment.issue).comments.remove(comment)
        self._comment_event("deleted", comment, actor)

    @_act
    def minimize(self, actor: str, comment_id: int, reason: str | None) -> Comment:
        """`reason` None shows the comment again."""
        comment = self.comment_of(comment_id)
        self.require(actor, "minimize_comment", comment_id=comment_id)
        comment.minimized = reason
        return comment

    @_act
    def react(self, actor: str, item: Issue | Comment, content: str) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new."""
        self.require(actor, "react")
        if content not in REACTIONS:
            raise _invalid("Reaction", "content", f"content is not one of {', '.join(REACTIONS)}")
        for reaction in item.reactions:
            if (reaction.login, reaction.content) == (actor, content):
                return reaction, False
        item.reactions.append(Reaction(actor, content, self.new_id(), now()))
        return item.reactions[-1], True

    @_act
    def unreact(self, actor: str, item: Issue | Comment, content: str) -> None:
        """Takes one's own reaction back; nothing happens when there is none."""
        self.require(actor, "react")
        item.reactions = [given for given in item.reactions if (given.login, given.content) != (actor, content)]

    # labels

    @_act
    def create_label(self, actor: str, name: str, color: str = "ededed", description: str = "") -> Label:
        self.require(actor, "manage_labels")
        if self.label(name):
            raise Refused(422, "Validation Failed", [{"resource": "Label", "code": "already_exists", "field": "name"}])
        if not name.strip() or len(name) > 50:
            raise _invalid("Label", "name", "name must have 1 to 50 characters")
        if len(description) > 100:
            raise _invalid("Label", "description", "description is too long (maximum is 100 characters)")
        label = Label(self.new_id(), node_id("LA"), name, color.lower(), description)
        self.labels[name] = label
        self._repository_event("label", "created", actor, label=payloads.label(self, label))
        return label

    @_act
    def add_labels(self, actor: str, number: int, names: Iterable[str]) -> Issue:
        """A name that is not a label yet becomes one, when the actor may manage labels."""
        self.require(actor, "label")
        issue = self.issue(number)
        for name in names:
            label = self.label(name) or self.create_label(actor, name)
            if label.name not in issue.labels:
                issue.labels.append(label.name)
                self._issue_event("labeled", issue, actor, label=payloads.label(self, label))
        return issue

    @_act
    def remove_label(self, actor: str, number: int, name: str) -> Issue:
        self.require(actor, "label")
        issue, label = self.issue(number), self.label(name)
        if label is None or label.name not in issue.labels:
            raise Refused(404, "Label does not exist")
        issue.labels.remove(label.name)
        self._issue_event("unlabeled", issue, actor, label=payloads.label(self, label))
        return issue

    def replace_labels(self, actor: str, number: int, names: Iterable[str]) -> Issue:
        with self.lock:
            names = list(names)
            wanted = {name.casefold() for name in names}
            for name in [name for name in self.issue(number).labels if name.casefold() not in wanted]:
                self.remove_label(actor, number, name)
            return self.add_labels(actor, number, names)

    # the board

    @_act
    def add_card(self, actor: str, number: int) -> Card:
        """Adding an issue twice gives the card it already has."""
        self.require(actor, "move_card")
        issue = self.issue(number)
        if card := self.card_of(number):
            return card
        at = now()
        card = Card(node_id("PVTI"), self.new_id(), issue.number, None, False, actor, at, at)
        self.cards[card.id] = card
        self._card_event("created", card, actor)
        return card

    @_act
    def move_card(self, actor: str, card_id: str, option_id: str | None) -> Card:
        self.require(actor, "move_card")
        card, before, after = self.card(card_id), self.option(self.card(card_id).option), self.option(option_id)
        if option_id is not None and after is None:
            raise Refused(422, "The single select option Id does not belong to the field")
        if card.option != option_id:
            card.option = option_id
            value = payloads.field_value(self, before, after)
            self._card_event("edited", card, actor, changes={"field_value": value})
        return card

    @_act
    def archive_card(self, actor: str, card_id: str, archived: bool = True) -> Card:
        self.require(actor, "move_card")
        card = self.card(card_id)
        if card.archived != archived:
            before, card.archived, card.archived_at = card.archived_at, archived, now() if archived else None
            changes = {"archived_at": {"from": before, "to": card.archived_at}}
            self._card_event("archived" if archived else "restored", card, actor, changes=changes)
        return card

    @_act
    def delete_card(self, actor: str, card_id: str) -> None:
        self.require(actor, "move_card")
        card = self.cards.pop(self.card(card_id).id)
        self._card_event("deleted", card, actor)

    # files, teams, deliveries

    @_act
    def write_file(self, actor: str, path: str, text: str) -> None:
        self.require(actor, "write_contents")
        self.files[path] = text

    @_act
    def set_member(self, actor: str, team: str, login: str, *, member: bool) -> None:
        self.require(actor, "manage_teams")
        if team not in self.teams or login not in self.people:
            raise Refused(404, "Not Found")
        members = self.teams[team]
        if member != (login in members):
            (members.append if member else members.remove)(login)

    @_act
    def redeliver(self, delivery_id: int) -> None:
        found = [item for item in self.deliveries if item.id == delivery_id]
        if not found:
            raise Refused(404, "Not Found")
        self.resend(found[0])

    # events

    def _issue_event(self, action: str, issue: Issue, actor: str, **more: Any) -> None:
        issue.updated_at = now()
        self._repository_event("issues", action, actor, issue=payloads.issue(self, issue), **more)

    def _comment_event(self, action: str, comment: Comment, actor: str, **more: Any) -> None:
        issue = self.issue(comment.issue)
        issue.updated_at = now()
        shown = {"issue": payloads.issue(self, issue), "comment": payloads.comment(self, comment)}
        self._repository_event("issue_comment", action, actor, **shown, **more)

    def _repository_event(self, event: str, action: str, actor: str, **more: Any) -> None:
        self._emit(event, action, actor, repository=payloads.repository(self), **more)

    def _card_event(self, action: str, card: Card, actor: str, **more: Any) -> None:
        card.updated_at = now()
        self._emit("projects_v2_item", action, actor, projects_v2_item=payloads.card(self, card), **more)

    def _emit(self, event: str, action: str, actor: str, **more: Any) -> None:
        if event in self.app.events:
            self.send(event, action, {"action": action, **more, **payloads.envelope(self, actor)})


def _invalid(resource: str, about: str, message: str) -> Refused:
    error = {"resource": resource, "code": "custom", "field": about, "message": message}
    return Refused(422, message, [error])


def _check_length(body: str) -> None:
    if len(body) > MAX_BODY:
        raise _invalid("Issue", "body", f"body is too long (maximum is {MAX_BODY} characters)")


def _check_comment(body: str) -> None:
    if not body.strip():
        raise _invalid("IssueComment", "body", "body can't be blank")
    _check_length(body)


def _check_title(title: str) -> None:
    if not title.strip():
        raise _invalid("Issue", "title", "title can't be blank")
    if len(title) > 256:
        raise _invalid("Issue", "title", "title is too long (maximum is 256 characters)")
