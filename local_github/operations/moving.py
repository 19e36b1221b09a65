"""Issues that leave: deleted, transferred to another repository and back; and those that are locked or pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local_github import payloads
from local_github.operations.core import Core, act, invalid
from local_github.state import Issue, OtherRepository, Refused, node_id


class MovingActs(Core):
    @act
    def delete_issue(self, actor: str, number: int) -> None:
        self.require(actor, "delete_issue")
        issue = self.issue(number)
        shown = payloads.issue(self, issue)
        self._leave(issue)
        self.repository_event("issues", "deleted", actor, issue=shown)

    @act
    def transfer_issue(self, actor: str, number: int, name: str, there: int = 0) -> Issue:
        """To another repository of the organisation: a new number, new ids, the same words. `there` is the number it
        gets where that repository is more than a name.

        « You can only transfer issues between repositories owned by the same user or organization account. »
        """
        self.require(actor, "transfer_issue")
        owner, _, name = name.rpartition("/")
        if owner.lower() not in {"", self.organisation.lower()}:
            raise invalid("Issue", "repository", "Issues cannot be transferred to a repository of another owner")
        issue, target = self.issue(number), self.others.get(name)
        if target is None:
            raise Refused(404, "Not Found")
        before = payloads.issue(self, issue)
        self._leave(issue)
        issue.elsewhere = name
        self.away[self._renew(issue, there or len(self.away) + 1)] = issue
        place = payloads.other_repository(self, target)
        changes = {"new_issue": payloads.issue_elsewhere(self, target, issue), "new_repository": place}
        self.repository_event("issues", "transferred", actor, issue=before, changes=changes)
        return issue

    @act
    def bring_back(self, actor: str, node: str) -> Issue:
        """An issue transferred from the other repository: to this one it is opened, with its whole discussion."""
        self.require(actor, "transfer_issue")
        issue = self.away.pop(node)
        target = self.others[issue.elsewhere]
        before, issue.elsewhere = payloads.issue_elsewhere(self, target, issue), ""
        self._renew(issue, self.next_number)
        self.issues[issue.number] = issue
        issue.labels = [name for name in issue.labels if name in self.labels]
        changes = {"old_issue": before, "old_repository": payloads.other_repository(self, target)}
        self.issue_event("opened", issue, actor, changes=changes)
        return issue

    @act
    def receive_issue(self, actor: str, issue: Issue, former: OtherRepository, number: int) -> Issue:
        """An issue that another repository has just transferred here, where it had that number: it is opened."""
        before = payloads.issue_elsewhere(self, former, replace(issue, number=number))
        issue.elsewhere = ""
        self.issues[issue.number] = issue
        issue.labels = [name for name in issue.labels if name in self.labels]
        changes = {"old_issue": before, "old_repository": payloads.other_repository(self, former)}
        self.issue_event("opened", issue, actor, changes=changes)
        return issue

    def _renew(self, issue: Issue, number: int) -> str:
        """What a transfer gives anew: every id; dates and authors stay. Returns the new node id."""
        issue.id, issue.node_id, issue.number = self.new_id(), node_id("I"), number
        issue.comments = [
            replace(comment, id=self.new_id(), node_id=node_id("IC"), issue=number) for comment in issue.comments
        ]
        return issue.node_id

    def _leave(self, issue: Issue) -> None:
        self.last_issue = self.next_number - 1  # GitHub never gives a number twice
        del self.issues[issue.number]
        for card in self.cards_of(issue.number):
            del self.cards[card.id]

    @act
    def lock_issue(self, actor: str, number: int, *, locked: bool = True) -> Issue:
        """Locked, only those who may write may comment."""
        self.require(actor, "lock_issue")
        return self._mark(actor, number, "locked", value=locked)

    @act
    def pin_issue(self, actor: str, number: int, *, pinned: bool = True) -> Issue:
        self.require(actor, "lock_issue")
        return self._mark(actor, number, "pinned", value=pinned)

    def _mark(self, actor: str, number: int, what: str, *, value: bool) -> Issue:
        issue: Any = self.issue(number)
        if getattr(issue, what) != value:
            setattr(issue, what, value)
            action = what if value else f"un{what}"
            self.told(issue, action, actor)
            self.issue_event(action, issue, actor)
        issue.updated_at = self.now()
        return self.issue(number)
