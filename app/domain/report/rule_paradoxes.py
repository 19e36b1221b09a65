"""What a committee's own rules lead to that nobody wants: each found on the smallest vote that shows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.policy.model import Policy, Seat, most_people
from app.domain.report.rule_proof import Judge, Law


@dataclass(frozen=True)
class Never:
    """Why no vote gives a go: seats that a go needs and that nobody holds, else figures that cannot be reached."""

    seats: tuple[str, ...] = ()
    able: int = 0
    quorum: int = 0
    persons: int = 0
    people: int = 0


@dataclass(frozen=True)
class Paradoxes:
    """Of one rule, with the ids of the seats; a pair is the go and the no-go of the smallest vote that shows it."""

    law: Law
    never: Never | None = None
    silent: tuple[str, ...] = ()
    """Seats whose silence blocks a go that their no-go would let pass, once `silent_go` others have said go."""
    silent_go: int = 0
    go_refuses: tuple[int, int] | None = None
    """One go more completes the quorum, and makes a no-go."""
    nogo_grants: int = 0
    """So many go decide nothing: one no-go more completes the quorum, and makes a go."""
    alone: tuple[str, ...] = ()
    """Seats that a go needs and that one person alone may speak for: their recusal is enough to prevent it."""

    @property
    def others(self) -> tuple[str, ...]:
        """The other seats that a go needs, which a remedy leaves as they are."""
        return tuple(seat for seat in self.law.rule.mandatory if seat not in self.silent)

    @property
    def is_plain(self) -> bool:
        return not (self.never or self.silent or self.go_refuses or self.nogo_grants or self.alone)


def paradoxes(law: Law, policy: Policy, judge: Judge, on: date) -> Paradoxes:
    """Those of one rule, by what the judge says of votes made on purpose; `on`: who holds which seat that day."""
    search, seats = _Search(law, judge), policy.committee.seats
    never = search.never(seats, on)
    if never:
        return Paradoxes(law, never)
    silent, number = search.silent()
    held = {seat.id: {login.lower() for login in seat.members(on)} for seat in seats}
    alone = tuple(seat for seat in law.rule.mandatory if len(held[seat]) == 1)
    return Paradoxes(law, None, silent, number, search.go_refuses(), search.nogo_grants(), alone)


class _Search:
    """Votes made on purpose under one rule."""

    def __init__(self, law: Law, judge: Judge) -> None:
        self._law, self._judge, self._rule = law, judge, law.rule
        mandatory = set(law.rule.mandatory)
        self._needed_first = sorted(law.seats, key=lambda seat: seat not in mandatory)
        self._plain = [seat for seat in law.seats if seat not in {*law.rule.veto, *mandatory}]

    def _end(self, go: Collection[str], nogo: Collection[str], people: int | None = None) -> str:
        silent = [seat for seat in self._law.seats if seat not in {*go, *nogo}]
        said = {"go": list(go), "nogo": list(nogo), "abstain": [], "recuse": [], "silent": silent}
        persons = len(go) + len(nogo) if people is None else people
        return self._judge(self._law.written, {**said, "people": persons})

    def never(self, seats: Sequence[Seat], on: date) -> Never | None:
        """Why nothing comes of it, though everybody who holds a seat that day should say go; None when a go does."""
        able = [seat for seat in seats if seat.members(on)]
        persons = most_people([frozenset(map(str.lower, seat.members(on))) for seat in able])
        if self._end([seat.id for seat in able], (), persons) == "go":
            return None
        vacant = tuple(one for one in self._rule.mandatory if one not in {seat.id for seat in able})
        return Never(vacant, len(able), self._rule.quorum, persons, self._rule.people)

    def silent(self) -> tuple[tuple[str, ...], int]:
        """The seats better off silent, and how many others have said go by then."""
        found, most = [], 0
        for seat in self._rule.mandatory:
            others = [one for one in self._needed_first if one != seat]
            least = next((n for n in range(len(others) + 1) if self._end(others[:n], [seat]) == "go"), 0)
            if least:
                found.append(seat)
                most = least
        return tuple(found), most

    def go_refuses(self) -> tuple[int, int] | None:
        """With as many go as there may be."""
        for go in range(self._rule.quorum - 1, -1, -1):
            against = self._plain[: self._rule.quorum - 1 - go]
            others = [seat for seat in self._needed_first if seat not in against]
            is_enough = len(against) == self._rule.quorum - 1 - go and len(others) > go
            if is_enough and not self._end(others[:go], against) and self._end(others[: go + 1], against) == "nogo":
                return go, len(against)
        return None

    def nogo_grants(self) -> int:
        said = [seat for seat in self._needed_first if seat not in self._plain[-1:]][: self._rule.quorum - 1]
        is_open = bool(said) and self._end(said, ()) == ""
        return len(said) if is_open and self._end(said, self._plain[-1:]) == "go" else 0
