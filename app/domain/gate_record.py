"""A gate from its request to its outcome, and the ballots that count at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.facts import BallotCast, GateDecided, GatePostponed, GateRequested, GateWithdrawn


@dataclass(frozen=True, slots=True)
class Ballot:
    fact: BallotCast
    voided_by: str = ""
    deleted: bool = False


COUNTING = 1
"""The edition of the way ballots are counted; raised when it changes, so that former decisions keep theirs."""


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A gate from its request to its outcome: go, nogo, withdrawn, or None while open."""

    request: GateRequested
    ballots: tuple[Ballot, ...] = ()
    decision: GateDecided | None = None
    withdrawal: GateWithdrawn | None = None
    postponements: tuple[GatePostponed, ...] = ()

    @property
    def postponed(self) -> GatePostponed | None:
        """The last time the committee put its decision off."""
        return self.postponements[-1] if self.postponements else None

    @property
    def deadline(self) -> datetime:
        """Set at opening, or by the committee when it put its decision off."""
        return self.postponed.deadline if self.postponed else self.request.deadline

    @property
    def is_open(self) -> bool:
        return self.decision is None and self.withdrawal is None

    @property
    def counting(self) -> Mapping[str, BallotCast]:
        """The last valid ballot of each seat, people who recused left aside: all they said goes with them.

        What somebody else said for the seat stands. The seat is recused once everybody who may speak for it has
        recused; until then it waits for one of them.
        """
        if self.decision and self.decision.counting < COUNTING:
            return self._counted_before
        last: dict[str, BallotCast] = {}
        leaving: dict[str, BallotCast] = {}
        for ballot in self.ballots:
            fact = ballot.fact
            if fact.choice == "recuse":
                leaving |= dict.fromkeys(fact.seats, fact)
            elif not ballot.voided_by and fact.by.lower() not in self.recused:
                last |= dict.fromkeys(fact.seats, fact)
        return last | {seat: fact for seat, fact in leaving.items() if seat in self._left}

    @property
    def _left(self) -> frozenset[str]:
        """Seats for which nobody may speak any more."""
        seats = self.request.seats
        return frozenset(seat.id for seat in seats if self.recused.issuperset(map(str.lower, seat.logins)))

    @property
    def _counted_before(self) -> Mapping[str, BallotCast]:
        """As the decisions of former versions were counted: a recusal took back its author's last word alone."""
        last: dict[str, BallotCast] = {}
        for fact in (ballot.fact for ballot in self.ballots if not ballot.voided_by):
            for seat in fact.seats:
                before = last.get(seat)
                if fact.choice != "recuse" or before is None or before.by.lower() == fact.by.lower():
                    last[seat] = fact
        return {seat: fact for seat, fact in last.items() if fact.choice != "recuse" or seat in self._left}

    @property
    def recused(self) -> frozenset[str]:
        """Lower-case logins of the people who left this vote: for good, whatever became of the comment that said so."""
        return frozenset(ballot.fact.by.lower() for ballot in self.ballots if ballot.fact.choice == "recuse")
