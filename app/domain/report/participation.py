"""Which seats speak at the gates, among those that had time to, and which have been silent session after session."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from app.domain.policy.calendar import day_of, is_working_day, next_session
from app.domain.policy.model import Policy
from app.domain.report.portfolio import ProductRow
from app.domain.report.present import EXCUSED, LATE, RECUSED, SPOKEN, GateStory

LEAST_DAYS = 3
"""Working days, that of the request aside, within which nobody is blamed for having said nothing."""
LONG = timedelta(days=10)
"""Any ten days in a row have as many working days as that, whatever the holidays."""
SILENCES = 3
"""Sessions in a row without a word, after which a seat is named."""


@dataclass(frozen=True)
class SeatFlow:
    """How often a seat spoke when it was asked, over the gates that are closed; a recused seat was not asked.

    Nor was one that was excused from the session, nor one that said nothing of a gate that closed at once. `late` times
    it said something too late to count: neither a voice nor a silence, it weighs nothing in its share.
    """

    id: str
    name: str
    asked: int
    spoke: int
    recused: int
    late: int = 0

    @property
    def share(self) -> int | None:
        in_time = self.asked - self.late
        return round(100 * self.spoke / in_time) if in_time else None


def seat_flows(found: Iterable[ProductRow], policy: Policy) -> tuple[SeatFlow, ...]:
    names = {seat.id: seat.name for seat in policy.committee.seats}
    asked, spoke, late, recused = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    # Gates that went alike are counted once: a committee's electorates are few.
    stories = (gate for row in found for gate in row.standing.gates)
    alike = Counter((gate.seats, gate.voices, gate.is_open, _had_time(gate, policy.timezone)) for gate in stories)
    for (seats, voices, is_open, had_time), times in alike.items():
        for (seat, name), voice in zip(seats, voices, strict=True):
            names.setdefault(seat, name)
            if voice == RECUSED:
                recused[seat] += times
            elif not is_open and (voice in {SPOKEN, LATE} or (had_time and voice != EXCUSED)):
                asked[seat] += times
                spoke[seat] += times * (voice == SPOKEN)
                late[seat] += times * (voice == LATE)
    return tuple(
        SeatFlow(seat, name, asked[seat], spoke[seat], recused[seat], late[seat]) for seat, name in names.items()
    )


def _had_time(gate: GateStory, place: str) -> bool:
    """Whether a seat could have spoken: in session, or within enough working days."""
    if gate.ended is None:
        return False
    if gate.present or gate.ended - gate.asked >= LONG:
        return True
    return _working_days(day_of(gate.asked, place), day_of(gate.ended, place)) >= LEAST_DAYS


@lru_cache(maxsize=4096)
def _working_days(first: date, last: date) -> int:
    """Those after a day, up to another one, included."""
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))


@dataclass(frozen=True)
class SilentSeat:
    """A seat that said nothing at the last `sessions` that asked it, the first of them on `since`."""

    id: str
    name: str
    sessions: int
    since: date
    spoke: date | None
    """The last session before, at which it said something; None when there is none."""


def silent_seats(found: Iterable[ProductRow], policy: Policy) -> tuple[SilentSeat, ...]:
    """The seats of today's rules, the longest silence first; a decision in writing belongs to the session after it."""
    session = cache(lambda day: next_session(policy.committee, day) or day)
    spoke: dict[str, dict[date, bool]] = defaultdict(dict)
    for row in found:
        for gate in row.standing.gates:
            if gate.decided and _had_time(gate, policy.timezone):
                held = session(day_of(gate.decided, policy.timezone))
                for (seat, _), voice in zip(gate.seats, gate.voices, strict=True):
                    if voice not in {RECUSED, EXCUSED, LATE}:
                        spoke[seat][held] = spoke[seat].get(held, False) or voice == SPOKEN
    lines = (_silence(seat.id, seat.name, spoke[seat.id]) for seat in policy.committee.seats)
    return tuple(sorted((one for one in lines if one), key=lambda one: (-one.sessions, one.name)))


def _silence(seat: str, name: str, spoke: Mapping[date, bool]) -> SilentSeat | None:
    days = sorted(spoke, reverse=True)
    last = next((day for day in days if spoke[day]), None)
    silent = [day for day in days if last is None or day > last]
    return SilentSeat(seat, name, len(silent), silent[-1], last) if len(silent) >= SILENCES else None
