"""What becomes of accounts: a login changed, taken over by somebody else, or left to nobody by a migration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from local_github.factories import small_id
from local_github.operations.core import Core, act
from local_github.state import Person, Refused, Role, node_id

BEARERS = {"author", "editor", "closed_by", "creator", "pinned_by", "actor", "login", "assignees"}
"""Fields that name an account by its login: everything of theirs is shown under the login they have now."""


class AccountActs(Core):
    @act
    def rename_account(self, former: str, login: str) -> None:
        """The account keeps its number, and its former login is free for anybody at once."""
        if former not in self.people or login in self.people:
            raise Refused(422, "Login is already taken")
        person = self.people.pop(former)
        for part in _parts(self):
            _renamed(part, former, login)
        person.login = login
        self.people[login] = person
        for members in self.teams.values():
            members[:] = [login if one == former else one for one in members]

    @act
    def rename_app(self, actor: str, slug: str) -> None:
        """Its account keeps its number; the former name is free for any other App."""
        self.require(actor, "manage_apps")
        self.rename_account(self.bot, f"{slug}[bot]")
        self.app.slug = self.app.name = slug

    @act
    def sign_up(self, login: str, role: Role = "read", kind: str = "User") -> None:
        """An account under a login that nobody bears any more; a `Mannequin` is what a migration leaves."""
        if login in self.people:
            raise Refused(422, "Login is already taken")
        self.people[login] = Person(login, login, role, small_id(), node_id("U"), kind=kind)


def _parts(state: Core) -> Iterator[Any]:
    """Everything that may name an account."""
    boards, cards = state.boards.values(), state.cards.values()
    issues = [*state.issues.values(), *state.pulls.values(), *state.away.values()]
    waiting: list[Any] = [*issues, *boards, *cards, *state.commits, *state.commit_comments]
    while waiting:
        part = waiting.pop()
        yield part
        for held in (getattr(part, one.name) for one in fields(part)):
            items = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
            waiting += [item for item in items if is_dataclass(item)]


def _renamed(part: Any, former: str, login: str) -> None:
    for name in BEARERS & {one.name for one in fields(part)}:
        held = getattr(part, name)
        if held == former:
            setattr(part, name, login)
        elif isinstance(held, list):
            held[:] = [login if one == former else one for one in held]
