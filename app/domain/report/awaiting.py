"""What waits for the secretariat, and for the seats that were asked for support."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.policy.model import Policy, Seat
from app.domain.reading.text import normalised
from app.domain.report.agenda import AgendaItem, agenda
from app.domain.report.portfolio import ProductRow
from app.domain.session.held import next_held
from app.domain.session.model import Session

HELPING = {
    "technique": "technologie",
    "architecture": "architecture",
    "design": "design",
    "recherche utilisateur": "design",
    "accessibilite": "design",
    "devsecops": "cloud-fabrique",
    "donnees": "data",
    "securite": "securite",
    "methode": "operations-produit",
}
"""The seat that each kind of support of our own form asks for; any other asks the seat of that name."""


@dataclass(frozen=True)
class SessionToPrepare:
    """The session to prepare: what it takes in its order, and what was asked too late for it.

    `session` is None when the committee sits no more within a year.
    """

    session: date | None
    items: tuple[AgendaItem, ...]
    later: tuple[AgendaItem, ...]


def session_to_prepare(
    found: Iterable[ProductRow], policy: Policy, today: date, sessions: Iterable[Session] = ()
) -> SessionToPrepare:
    """What the secretariat prepares on a day."""
    session = next_held(sessions, policy.committee, today)
    told = agenda(found, policy, session or today)
    return SessionToPrepare(session, told.items, told.later)


def is_asked_of(need: str, seats: Iterable[Seat]) -> bool:
    """Whether a kind of support is one of these seats' to give."""
    wanted = normalised(need)
    seat = HELPING.get(wanted, wanted)
    return any(seat in {normalised(one.id), normalised(one.name)} for one in seats)


def supports(found: Iterable[ProductRow], seats: Collection[Seat]) -> tuple[tuple[ProductRow, tuple[str, ...]], ...]:
    """The products that ask for the support of these seats, with what they ask, the latest heard of first."""
    asked = ((row, tuple(need for need in row.needs if is_asked_of(need, seats))) for row in found if row.active)
    kept = [(row, needs) for row, needs in asked if needs]
    return tuple(sorted(kept, key=lambda pair: (pair[0].last_activity, pair[0].number), reverse=True))
