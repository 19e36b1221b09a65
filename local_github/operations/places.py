"""What happens to the places themselves: names that change, a repository archived, an installation suspended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_github import payloads
from local_github.operations.core import Core, act, invalid
from local_github.state import Refused, node_id

LEVELS = ("read", "write", "admin")


class PlaceActs(Core):
    @act
    def rename_repository(self, actor: str, name: str) -> None:
        """The former name leads to the new one, until another repository takes it."""
        self.require(actor, "manage_repository")
        owner, _, before = self.repository.partition("/")
        if not name.strip() or name in self.others:
            raise invalid("Repository", "name", "name already exists on this account")
        if name != before:
            self._called(f"{owner}/{name}")
            self.repository_event("repository", "renamed", actor, changes={"repository": {"name": {"from": before}}})

    @act
    def rename_organisation(self, actor: str, login: str) -> None:
        """Repositories under the former name lead to the new one; the organisation itself is not found by it."""
        self.require(actor, "manage_organisation")
        before, name = self.organisation, self.repository.partition("/")[2]
        self.organisation = login
        self._called(f"{login}/{name}")
        self.emit("organization", "renamed", actor, changes={"login": {"from": before}})
        self._installed(
            "installation_target",
            "renamed",
            actor,
            account=payloads.owner(self),
            changes={"login": {"from": before}},
            target_type="Organization",
            installation=payloads.envelope(self, actor)["installation"],
        )

    @act
    def transfer_repository(self, actor: str, login: str) -> None:
        """To another organisation where the App is installed too: boards and teams stay with the one it leaves."""
        self.require(actor, "manage_organisation")
        if login.lower() == self.organisation.lower():
            raise invalid("Repository", "new_owner", "Repositories cannot be transferred to the original owner")
        before, name = payloads.organization(self), self.repository.partition("/")[2]
        self.organisation, self.organisation_id, self.organisation_node_id = login, self.new_id(), node_id("O")
        for kept in (self.boards, self.cards, self.teams, self.team_names, self.team_ids):
            kept.clear()
        self._called(f"{login}/{name}")
        changes = {"owner": {"from": {"organization": before}}}
        self.repository_event("repository", "transferred", actor, changes=changes)

    def _called(self, full_name: str) -> None:
        self.former = [name for name in (*self.former, self.repository) if name.lower() != full_name.lower()]
        for board in self.boards.values():
            board.repositories = [full_name if item == self.repository else item for item in board.repositories]
        self.repository = full_name

    @act
    def archive_repository(self, actor: str, *, archived: bool = True) -> None:
        """Everything in it can still be read; boards are not in it."""
        self.require(actor, "manage_repository")
        if archived != self.archived:
            self.archived = archived
            self.repository_event("repository", "archived" if archived else "unarchived", actor)

    # the installation

    @act
    def install_app(self, actor: str) -> None:
        self.require(actor, "manage_apps")
        self.app.installed = True
        self._installation("created", actor)

    @act
    def uninstall_app(self, actor: str) -> None:
        self.require(actor, "manage_apps")
        self._installation("deleted", actor)
        self.app.installed = False

    @act
    def suspend_app(self, actor: str, *, suspended: bool = True) -> None:
        """By an owner or by the App itself, which hears of it, and of nothing more until it is over."""
        if actor != self.bot:
            self.require(actor, "manage_apps")
        if suspended != bool(self.app.suspended_at):
            self.app.suspended_at, self.app.suspended_by = (self.now(), actor) if suspended else (None, None)
            self._installation("suspend" if suspended else "unsuspend", actor)

    @act
    def grant(self, actor: str, permissions: Mapping[str, str]) -> None:
        """What the App may do from now on, its tokens of before included."""
        self.require(actor, "manage_apps")
        if wrong := [level for level in permissions.values() if level not in LEVELS]:
            raise Refused(422, f"{wrong[0]!r} is not a level")
        self.app.permissions = {"metadata": "read", **permissions}
        self._installation("new_permissions_accepted", actor)

    def _installation(self, action: str, actor: str) -> None:
        whole = {"installation": payloads.installation(self), "repositories": [payloads.installed_repository(self)]}
        self._installed("installation", action, actor, **whole, requester=None)

    def _installed(self, event: str, action: str, actor: str, **more: Any) -> None:
        """Always sent: nobody subscribes to it."""
        self.send(event, action, {"action": action, **more, "sender": payloads.user(self, actor)})
