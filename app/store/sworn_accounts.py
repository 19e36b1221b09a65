"""The account behind each login of the secretariat when the rules first named it; its id survives a rename."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.store.key_values import KeyValues
from app.store.troubles import Troubles

NOTE = "secretariat of "
KIND = "secretariat"


@dataclass(frozen=True)
class Sworn:
    """The id of each account, by lower-case login; `anew`: logins removed from the rules, then named again."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    anew: frozenset[str] = frozenset()


class SwornAccounts:
    """A login means the account first seen behind it for as long as the rules name it.

    To give it to another person, the rules must drop the login, then name it again.
    """

    def __init__(self, database: sa.Engine, troubles: Troubles) -> None:
        self._notes, self._troubles = KeyValues(database), troubles

    def seen(self, repository: str, logins: Iterable[str], bearers: Mapping[str, int]) -> Sworn:
        """`bearers` are the accounts that have these logins today; a login that changed hands is reported to the
        administrator.
        """
        name, named = f"{NOTE}{repository}", [login.lower() for login in logins]
        noted = self._notes.get(name)
        known: dict[str, tuple[int, bool]] = {
            login: (one[0], one[1]) for login, one in json.loads(noted or "{}").items()
        }
        for login in known.keys() - set(named):
            known[login] = 0, True
        for login in named:
            number, is_anew = known.get(login, (0, False))
            if number or bearers.get(login):
                known[login] = number or bearers[login], is_anew
        if (text := json.dumps(known, sort_keys=True)) != (noted or "{}"):
            self._notes.set(name, text)
        held = {login: known[login][0] for login in named if known.get(login, (0,))[0]}
        self._tell(repository, [login for login, number in held.items() if bearers.get(login, number) != number])
        return Sworn(held, frozenset(login for login in held if known[login][1]))

    def _tell(self, repository: str, others: list[str]) -> None:
        if others:
            self._troubles.note(KIND, repository, f"borne by another account since: {', '.join(sorted(others))}")
        elif KIND in self._troubles.known(repository):
            self._troubles.clear(KIND, repository)
