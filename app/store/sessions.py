"""The sessions of each committee and the absences of its seats, as the comments of their issues were last read.

Nothing is decided here: losing it costs a reading of those issues, and no fact depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.product.json_values import build
from app.domain.session import held
from app.domain.session.model import Absence, EarlyReturn, Session
from app.store.schema import ABSENCES, SESSIONS
from app.store.upsert import insert_into

LONGEST = timedelta(days=366)
"""No absence is longer: what began before cannot last until now."""
KINDS: Mapping[str, type[Absence | EarlyReturn]] = {"absence": Absence, "return": EarlyReturn}


@dataclass(frozen=True)
class StoredSession:
    """What one issue was read to say; `memory` is what its next reading must know of this one."""

    session: Session
    absences: tuple[Absence, ...] = ()
    returns: tuple[EarlyReturn, ...] = ()
    memory: Mapping[str, str] = field(default_factory=dict)


class Sessions:
    """By repository."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, repository: str) -> tuple[Session, ...]:
        """Every session whose issue is known, by day; one that was cancelled among them."""
        query = sa.select(SESSIONS.c.value).where(SESSIONS.c.repository == repository)
        with self._engine.connect() as connection:
            found = [_session(value) for value in connection.execute(query).scalars()]
        return tuple(sorted(found, key=lambda one: (one.day, one.number)))

    def last_held(self, repository: str, today: date) -> Session | None:
        """The last session known that was held, today's included."""
        held_so_far = [one for one in held.by_day(self.of(repository)) if one.day <= today and not one.cancelled]
        return held_so_far[-1] if held_so_far else None

    def on(self, repository: str, day: date) -> Session | None:
        return held.session_on(self.of(repository), day)

    def repositories(self) -> tuple[str, ...]:
        with self._engine.connect() as connection:
            return tuple(connection.execute(sa.select(SESSIONS.c.repository).distinct()).scalars())

    def memory(self, issue: str) -> dict[str, str]:
        """What the last reading of an issue left for the next one."""
        with self._engine.connect() as connection:
            text = connection.execute(sa.select(SESSIONS.c.memory).where(SESSIONS.c.issue == issue)).scalar()
        return dict(json.loads(text)) if text else {}

    def planned(self, issue: str) -> date | None:
        """The day of the agenda that an issue was first seen with: whoever rewrites its mark moves no session."""
        with self._engine.connect() as connection:
            day = connection.execute(sa.select(SESSIONS.c.day).where(SESSIONS.c.issue == issue)).scalar()
        return date.fromisoformat(day) if day else None

    def keep(self, kept: StoredSession) -> None:
        """In place of what the issue was read to say before."""
        session, texts = kept.session, {"value": _text(kept.session), "memory": json.dumps(dict(kept.memory))}
        place = {"repository": session.repository, "number": session.number, "day": session.planned.isoformat()}
        query = insert_into(SESSIONS, self._engine).values(issue=session.issue, **place, **texts)
        rows = [
            {
                "issue": session.issue,
                "rank": rank,
                "repository": session.repository,
                "until": until.isoformat(),
                "kind": kind,
                "value": _text(one),
            }
            for rank, (kind, until, one) in enumerate(_rows(kept))
        ]
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["issue"], set_={**place, **texts}))
            connection.execute(sa.delete(ABSENCES).where(ABSENCES.c.issue == session.issue))
            if rows:
                connection.execute(sa.insert(ABSENCES), rows)

    def forget(self, issue: str) -> None:
        """An issue that is gone, or is no session's any more."""
        with self._engine.begin() as connection:
            for table in (SESSIONS, ABSENCES):
                connection.execute(sa.delete(table).where(table.c.issue == issue))


class Absences:
    """By repository: what was said on every issue of its sessions, shortened by the returns told of since."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def on(self, repository: str, day: date) -> tuple[Absence, ...]:
        """Those that cover a day."""
        return tuple(one for one in self.since(repository, day) if one.covers(day))

    def since(self, repository: str, day: date) -> tuple[Absence, ...]:
        """Those that are not over on a day, those still to come included."""
        mine = sa.and_(ABSENCES.c.repository == repository, ABSENCES.c.until >= (day - LONGEST).isoformat())
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(ABSENCES.c.kind, ABSENCES.c.value).where(mine)).all()
        said = [build(KINDS[row.kind], json.loads(row.value)) for row in rows]
        return tuple(one for one in _standing(said) if one.until >= day)


def _standing(said: Iterable[Absence | EarlyReturn]) -> tuple[Absence, ...]:
    told = tuple(said)
    returns = [one for one in told if isinstance(one, EarlyReturn)]
    return held.standing_absences((one for one in told if isinstance(one, Absence)), returns)


def _rows(kept: StoredSession) -> Iterator[tuple[str, date, Absence | EarlyReturn]]:
    """What is told of absences, each by its kind, with the last day it says something of."""
    yield from (("absence", one.until, one) for one in kept.absences)
    yield from (("return", one.day, one) for one in kept.returns)


def _text(value: Any) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, default=date.isoformat)


def _session(text: str) -> Session:
    found: Session = build(Session, json.loads(text))
    return found
