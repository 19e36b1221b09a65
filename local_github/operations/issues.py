"""Issues, what is said on them, who they are given to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from local_github import payloads
from local_github.operations.core import Core, act, check_length, invalid
from local_github.state import REACTIONS, Comment, Issue, Reaction, Refused, node_id


class Locked(Refused):
    """Only those who may write still speak there."""


class IssueActs(Core):
    @act
    def open_issue(self, actor: str, title: str, body: str, labels: Iterable[str] = ()) -> Issue:
        """Labels that do not exist are left out without a word, as GitHub does for a form."""
        self.require(actor, "open_issue")
        _check_title(title)
        check_length(body)
        number, at = self.next_number, self.now()
        issue = Issue(self.new_id(), node_id("I"), number, title.strip(), body, actor, "open", at, at, via=self.through)
        known = [label for name in labels if (label := self.label(name))]
        issue.labels = list(dict.fromkeys(label.name for label in known))
        self.issues[number] = issue
        self.issue_event("opened", issue, actor)
        for name in issue.labels:
            self.told(issue, "labeled", actor, label=name)
            self.issue_event("labeled", issue, actor, label=payloads.label(self, self.labels[name]))
        return issue

    @act
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
        is_written, is_turned = title is not None or body is not None, state is not None and state != issue.state
        # All that may be refused is looked at before anything is changed.
        if is_written:
            self.require(actor, "edit_issue", number=number)
            _check_title(issue.title if title is None else title)
            check_length(body or "")
        if is_turned:
            self.require(actor, "close_issue", number=number)
            _check_state(state, reason)
        if is_written:
            self._rewrite(actor, issue, title, body)
        if state is not None and is_turned:
            self._turn(actor, issue, state, reason)
        return issue

    def _rewrite(self, actor: str, issue: Issue, title: str | None, body: str | None) -> None:
        changes: dict[str, Any] = {}
        if title is not None and title.strip() != issue.title:
            changes["title"], issue.title = {"from": issue.title}, title.strip()
            self.told(issue, "renamed", actor, before=changes["title"]["from"], after=issue.title)
        if body is not None and body != issue.body:
            changes["body"], issue.body = {"from": issue.body}, body
            issue.editor, issue.edited_at = actor, self.now()
            self.told(issue, "edited", actor)
        if changes:
            self.issue_event("edited", issue, actor, changes=changes)

    def _turn(self, actor: str, issue: Issue, state: str, reason: str | None) -> None:
        if state == "closed":
            issue.state, issue.closed_at, issue.state_reason = "closed", self.now(), reason or "completed"
            issue.closed_by = actor
            self.told(issue, "closed", actor, reason=issue.state_reason)
            self.issue_event("closed", issue, actor)
        else:
            issue.state, issue.closed_at, issue.state_reason, issue.closed_by = "open", None, "reopened", None
            self.told(issue, "reopened", actor)
            self.issue_event("reopened", issue, actor)

    @act
    def set_assignees(self, actor: str, number: int, logins: Iterable[str]) -> Issue:
        self.require(actor, "assign")
        issue, wanted = self.issue(number), list(dict.fromkeys(logins))
        self.check_people(wanted)
        before, issue.assignees = issue.assignees, wanted
        changed = {
            "assigned": [x for x in wanted if x not in before],
            "unassigned": [x for x in before if x not in wanted],
        }
        for action, people in changed.items():
            for login in people:
                self.told(issue, action, actor, assignee=login)
                self.issue_event(action, issue, actor, assignee=payloads.user(self, login))
        return issue

    def check_people(self, logins: Iterable[str]) -> None:
        """Raises Refused unless each is an account."""
        if unknown := [login for login in logins if login not in self.people]:
            raise invalid("Issue", "assignees", f"Could not resolve to a User: {', '.join(unknown)}")

    # comments

    @act
    def comment(self, actor: str, number: int, body: str, *, via_email: bool = False) -> Comment:
        self.require(actor, "comment")
        issue, at = self.issue(number), self.now()
        if issue.locked and not self.can(actor, "lock_issue"):
            raise Locked(403, "Unable to create comment because issue is locked.")
        _check_comment(body)
        ids, dates = (self.new_id(), node_id("IC")), (at, at)
        comment = Comment(*ids, number, body, actor, *dates, via_email=via_email, via=self.through)
        issue.comments.append(comment)
        self.told(issue, "commented", actor, comment=comment.id)
        self.comment_event("created", comment, actor)
        return comment

    @act
    def edit_comment(self, actor: str, comment_id: int, body: str) -> Comment:
        comment = self.comment_of(comment_id)
        self.require(actor, "edit_comment", comment_id=comment_id)
        _check_comment(body)
        if body != comment.body:
            before, comment.body = comment.body, body
            comment.editor, comment.edited_at = actor, self.now()
            comment.updated_at = comment.edited_at
            self.told(self.issue(comment.issue), "comment_edited", actor, comment=comment.id)
            self.comment_event("edited", comment, actor, changes={"body": {"from": before}})
        return comment

    @act
    def delete_comment(self, actor: str, comment_id: int) -> None:
        comment = self.comment_of(comment_id)
        self.require(actor, "delete_comment", comment_id=comment_id)
        issue = self.issue(comment.issue)
        issue.comments.remove(comment)
        self.told(issue, "comment_deleted", actor, comment=comment.id, author=comment.author)
        self.comment_event("deleted", comment, actor)

    @act
    def minimize(self, actor: str, comment_id: int, reason: str | None) -> Comment:
        """`reason` None shows the comment again."""
        comment = self.comment_of(comment_id)
        self.require(actor, "minimize_comment", comment_id=comment_id)
        comment.minimized = reason
        return comment

    @act
    def pin(self, actor: str, comment_id: int, *, pinned: bool) -> Comment:
        comment = self.comment_of(comment_id)
        self.require(actor, "pin_comment")
        if pinned != (comment.pinned_by is not None):
            comment.pinned_by, comment.pinned_at = (actor, self.now()) if pinned else (None, None)
            action = "pinned" if pinned else "unpinned"
            self.told(self.issue(comment.issue), f"comment_{action}", actor, comment=comment.id)
            self.comment_event(action, comment, actor)
        return comment

    @act
    def react(self, actor: str, item: Issue | Comment, content: str) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new."""
        self.require(actor, "react")
        if content not in REACTIONS:
            raise invalid("Reaction", "content", f"content is not one of {', '.join(REACTIONS)}")
        for reaction in item.reactions:
            if (reaction.login, reaction.content) == (actor, content):
                return reaction, False
        item.reactions.append(Reaction(actor, content, self.new_id(), self.now()))
        return item.reactions[-1], True

    @act
    def unreact(self, actor: str, item: Issue | Comment, content: str) -> None:
        """Takes one's own reaction back; nothing happens when there is none."""
        self.require(actor, "react")
        item.reactions = [given for given in item.reactions if (given.login, given.content) != (actor, content)]


def _check_comment(body: str) -> None:
    if not body.strip():
        raise invalid("IssueComment", "body", "body can't be blank")
    check_length(body)


def _check_title(title: str) -> None:
    if not title.strip():
        raise invalid("Issue", "title", "title can't be blank")
    if len(title) > 256:
        raise invalid("Issue", "title", "title is too long (maximum is 256 characters)")


def _check_state(state: str | None, reason: str | None) -> None:
    if state not in {"open", "closed"}:
        raise invalid("Issue", "state", f"state is not open or closed: {state}")
    if reason not in {None, "completed", "not_planned", "duplicate", "reopened"}:
        raise invalid("Issue", "state_reason", f"state_reason is not known: {reason}")
