"""Teams and the App: who belongs where, and what was registered."""

from __future__ import annotations

import re
import unicodedata

from local_github import payloads
from local_github.factories import small_id
from local_github.operations.core import Core, act, invalid
from local_github.state import AppRecord, Person, Refused, node_id


class OrganisationActs(Core):
    @act
    def create_team(self, actor: str, name: str, members: tuple[str, ...] = (), parent: str | None = None) -> str:
        """The slug of the new team."""
        self.require(actor, "manage_teams")
        slug = _slug(name)
        if not slug or slug in self.teams:
            raise invalid("Team", "name", "Name must be unique for this org")
        if set(members) - set(self.people):
            raise invalid("Team", "maintainers", "A maintainer is not an account")
        if parent is not None:
            self._team(parent)
            self.team_parents[slug] = parent
        self.teams[slug], self.team_names[slug], self.team_ids[slug] = [], name, small_id()
        self.emit("team", "created", actor, team=payloads.team_noun(self, slug))
        for login in members:
            self.set_member(actor, slug, login, member=True)
        return slug

    @act
    def rename_team(self, actor: str, slug: str, name: str) -> str:
        """The new slug."""
        self.require(actor, "manage_teams")
        self._team(slug)
        fresh = self._fresh(slug, name)
        if name == self.team_names[slug]:
            return slug
        changes = {"name": {"from": self.team_names[slug]}}
        self.teams[fresh], self.team_ids[fresh] = self.teams.pop(slug), self.team_ids.pop(slug)
        del self.team_names[slug]
        self.team_names[fresh] = name
        named = {slug: fresh}
        self.team_parents = {
            named.get(nested, nested): named.get(parent, parent) for nested, parent in self.team_parents.items()
        }
        self.emit("team", "edited", actor, team=payloads.team_noun(self, fresh), changes=changes)
        return fresh

    def _fresh(self, slug: str, name: str) -> str:
        """The slug of a team under another name."""
        fresh = _slug(name)
        if not fresh or (fresh != slug and fresh in self.teams):
            raise invalid("Team", "name", "Name must be unique for this org")
        return fresh

    @act
    def edit_team(self, actor: str, slug: str, name: str, parent: str | None) -> str:
        """Its name and the team it stands in, whichever changes; the slug it has then."""
        self.require(actor, "manage_teams")
        self._team(slug)
        self._fresh(slug, name)  # refused before anything is changed
        self.nest_team(actor, slug, parent)
        return self.rename_team(actor, slug, name)

    @act
    def nest_team(self, actor: str, slug: str, parent: str | None) -> None:
        """In another team, or in none; the members of a child team are members of its parents."""
        self.require(actor, "manage_teams")
        self._team(slug)
        if parent is None:
            self.team_parents.pop(slug, None)
            return
        self._team(parent)
        if parent in {slug, *self.children_of(slug)}:
            raise invalid("Team", "parent_team_id", "A team cannot stand in itself")
        self.team_parents[slug] = parent

    @act
    def delete_team(self, actor: str, slug: str) -> None:
        """With the teams nested in it."""
        self.require(actor, "manage_teams")
        self._team(slug)
        every = {gone: payloads.team_noun(self, gone) for gone in (slug, *self.children_of(slug))}
        for gone, shown in every.items():
            self.team_parents.pop(gone, None)
            del self.teams[gone], self.team_names[gone], self.team_ids[gone]
            self.emit("team", "deleted", actor, team=shown)

    @act
    def set_member(self, actor: str, team: str, login: str, *, member: bool) -> None:
        self.require(actor, "manage_teams")
        members = self._team(team)
        if login not in self.people:
            raise Refused(404, "Not Found")
        if member == (login in members):
            return
        (members.append if member else members.remove)(login)
        action = "added" if member else "removed"
        shown = {"scope": "team", "member": payloads.user(self, login), "team": payloads.team_noun(self, team)}
        self.emit("membership", action, actor, **shown)

    def _team(self, slug: str) -> list[str]:
        if slug not in self.teams:
            raise Refused(404, "Not Found")
        return self.teams[slug]

    # the App

    @act
    def redeliver(self, delivery_id: int) -> None:
        found = [item for item in self.deliveries if item.id == delivery_id]
        if not found:
            raise Refused(404, "Not Found")
        self.resend(found[0])

    @act
    def register_app(self, actor: str, app: AppRecord) -> None:
        """There is one App here: a new one takes the place of the former, with an account of its own."""
        self.require(actor, "manage_apps")
        former = self.bot
        self.app = app
        if former != self.bot and former not in self._authors():
            del self.people[former]
        self.people[self.bot] = Person(self.bot, app.slug, "write", small_id(), node_id("BOT"), is_bot=True)

    @act
    def admit_bot(self, slug: str) -> str:
        """Another App that may write on issues, or the account of the repository's workflows; its login."""
        login = f"{slug}[bot]"
        if login not in self.people:
            self.people[login] = Person(login, slug, "write", small_id(), node_id("BOT"), is_bot=True)
        return login

    def _authors(self) -> set[str]:
        said = {comment.author for issue in self.issues.values() for comment in issue.comments}
        did = {event.actor for issue in self.issues.values() for event in issue.events}
        cards = {card.creator for card in self.cards.values()} | {board.creator for board in self.boards.values()}
        return said | did | cards | {issue.author for issue in self.issues.values()}


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
