"""Secret addresses of calendars: whose each is, by the digest of its secret; and how often each event was revised."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.schema import CALENDARS, EVENT_TURNS
from app.store.upsert import insert_into

KINDS = ("person", "committee")
SECRET_BYTES = 32
AT_ONCE = 500


@dataclass(frozen=True)
class CalendarOwner:
    """Who made the address of a calendar; `kind` is what it shows: what is theirs, or all of the committee's."""

    account: int
    login: str
    repository: str
    kind: str


class Calendars:
    """One address for each account, repository and kind: a new one ends the former at once."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def renew(self, owner: CalendarOwner, now: float) -> str:
        """The secret of a new address, which is kept nowhere: shown once."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        place = {"account": owner.account, "repository": owner.repository, "kind": owner.kind}
        fresh = {"login": owner.login, "secret": _digest(secret), "made": now}
        query = insert_into(CALENDARS, self._engine).values(**place, **fresh)
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=list(place), set_=fresh))
        return secret

    def end(self, owner: CalendarOwner) -> None:
        """No address any more."""
        mine = sa.and_(
            CALENDARS.c.account == owner.account,
            CALENDARS.c.repository == owner.repository,
            CALENDARS.c.kind == owner.kind,
        )
        with self._engine.begin() as connection:
            connection.execute(sa.delete(CALENDARS).where(mine))

    def made(self, account: int, repository: str) -> dict[str, float]:
        """When each kind was made, for one account; absent when it was not."""
        mine = sa.and_(CALENDARS.c.account == account, CALENDARS.c.repository == repository)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(CALENDARS.c.kind, CALENDARS.c.made).where(mine))
            return {row.kind: row.made for row in rows}

    def opened(self, secret: str) -> CalendarOwner | None:
        """Found by a digest: how long it takes tells nothing of the secrets there are."""
        digest = _digest(secret)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(CALENDARS).where(CALENDARS.c.secret == digest)).one_or_none()
        if row is None or not hmac.compare_digest(row.secret, digest):
            return None
        return CalendarOwner(row.account, row.login, row.repository, row.kind)


class EventTurns:
    """Counts the revisions of each event: written only when one is not as it was last shown."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, shown: Mapping[str, str]) -> dict[str, int]:
        """The number of each event's revision, given what it shows now."""
        known = self._known(tuple(shown))
        changed = {uid: what for uid, what in shown.items() if known.get(uid, ("", 0))[0] != what}
        turns = {uid: known[uid][1] if uid in known else -1 for uid in shown}
        turns |= {uid: turns[uid] + 1 for uid in changed}
        if changed:
            with self._engine.begin() as connection:
                for uid, what in changed.items():
                    query = insert_into(EVENT_TURNS, self._engine).values(uid=uid, shown=what, turn=turns[uid])
                    again = {"shown": what, "turn": turns[uid]}
                    connection.execute(query.on_conflict_do_update(index_elements=["uid"], set_=again))
        return turns

    def _known(self, uids: tuple[str, ...]) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(uids), AT_ONCE):
                some = sa.select(EVENT_TURNS).where(EVENT_TURNS.c.uid.in_(uids[start : start + AT_ONCE]))
                found |= {row.uid: (row.shown, row.turn) for row in connection.execute(some)}
        return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
