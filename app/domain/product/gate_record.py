"""A gate from its request to its outcome, and the ballots that count at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.policy.calendar import last_day
from app.domain.product.accounts import Account
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    DecisionRestored,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    comment_id_of,
)
from app.domain.product.second_thought_facts import LATER, DecisionContested, DecisionOverridden, DecisionRectified

GateSecondThought = DecisionRectified | DecisionOverridden | DecisionContested
Ending = DecisionRectified | DecisionOverridden | GateDecided | GateWithdrawn


@dataclass(frozen=True, slots=True)
class Ballot:
    fact: BallotCast
    voided_by: str = ""
    deleted: bool = False
    left_behind: bool = False
    """Whether its author has taken a recusal back since: whatever they said before, they say it anew."""


COUNTING = 2
"""The edition of the way ballots are counted; raised when it changes, so that former decisions keep theirs.

Since 1, whoever recuses leaves with all they said; since 2, a seat that everybody left is at no session either.
"""


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A gate from its request to its outcome: go, nogo, withdrawn, or None while open."""

    request: GateRequested
    ballots: tuple[Ballot, ...] = ()
    decision: GateDecided | None = None
    withdrawal: GateWithdrawn | None = None
    postponements: tuple[GatePostponed, ...] = ()
    bound: AccountsBound | None = None
    alterations: tuple[BallotAltered, ...] = ()
    restorations: tuple[DecisionRestored, ...] = ()
    """What became of its evidence since, which changes nothing to its outcome."""
    returned: frozenset[str] = frozenset()
    """Names of those recused from the opening who took it back since."""
    second_thoughts: tuple[GateSecondThought, ...] = ()
    """What was thought again of its decision, in order; the decision itself stays as it was taken."""

    def noting(self, fact: GatePostponed | BallotAltered | DecisionRestored | GateSecondThought) -> GateRecord:
        """The same with one more thing that happened to it."""
        if isinstance(fact, GatePostponed):
            return replace(self, postponements=(*self.postponements, fact))
        if isinstance(fact, BallotAltered):
            return replace(self, alterations=(*self.alterations, fact))
        if isinstance(fact, DecisionRestored):
            return replace(self, restorations=(*self.restorations, fact))
        return replace(self, second_thoughts=(*self.second_thoughts, fact))

    @property
    def revised(self) -> DecisionRectified | DecisionOverridden | None:
        """What stands in the place of its decision, or of the decision it never had."""
        found = (one for one in reversed(self.second_thoughts) if not isinstance(one, DecisionContested))
        return next(found, None)

    @property
    def ending(self) -> Ending | None:
        """What says, in the end, how it ended; None while it is open."""
        return self.revised or self.decision or self.withdrawal

    @property
    def is_decided(self) -> bool:
        """By the committee, or by whoever overrode it; one that was in truth put off is not."""
        return bool(self.outcome)

    @property
    def outcome(self) -> str:
        """The outcome in force, go or nogo; empty while it is open, and when it ended without one."""
        last = self.revised or self.decision
        return last.outcome if last and last.outcome != LATER else ""

    @property
    def decided_by_hand(self) -> bool:
        """Whether the secretariat entered its decision: in session, or by closing it on the ballots cast."""
        if self.decision is None:
            return False
        asked = comment_id_of(self.decision.cause) and self.decision.cause not in {
            one.fact.cause for one in self.ballots
        }
        return bool(self.decision.present or asked)

    @property
    def contested(self) -> tuple[DecisionContested, ...]:
        return tuple(one for one in self.second_thoughts if isinstance(one, DecisionContested))

    def welcoming(self, who: Account) -> GateRecord:
        """The same once a person took their recusal back: awaited again, with nothing said."""
        name = self.voter(who)
        if not name:
            return self
        ballots = tuple(
            replace(ballot, left_behind=True) if self.voter(ballot.fact.who) == name else ballot
            for ballot in self.ballots
        )
        return replace(self, ballots=ballots, returned=self.returned | {name})

    @property
    def postponed(self) -> GatePostponed | None:
        """The last time the committee put its decision off."""
        return self.postponements[-1] if self.postponements else None

    @property
    def deadline(self) -> datetime:
        """Set at opening, or by the committee when it put its decision off."""
        return self.postponed.deadline if self.postponed else self.request.deadline

    @property
    def last_day(self) -> date:
        """The last day on which a ballot counts, where the deadline was set: the one day shown of it, everywhere."""
        return last_day(self.deadline, (self.postponed or self.request).timezone)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Those named at the opening, by their login of that day; empty when a former version opened it."""
        return self.bound.accounts if self.bound else self.request.accounts

    @property
    def secretariat(self) -> tuple[Account, ...] | None:
        """Who may close this gate, whoever joins the secretariat since; None when its opening does not tell."""
        named = self.bound.secretariat if self.bound else self.request.secretariat
        numbers = {one.login.lower(): one.id for one in self.accounts}
        return None if named is None else tuple(Account(login, numbers.get(login.lower(), 0)) for login in named)

    def voter(self, who: Account) -> str:
        """The name, in lower case, under which a person was seated at the opening; empty when they were not.

        Once the numbers are known, a person whose number is not among them is a stranger, whatever their login.
        """
        seated = {login.lower() for seat in self.request.seats for login in seat.logins}
        name = who.login.lower()
        if who.id and self.accounts:
            name = next((one.login.lower() for one in self.accounts if one.id == who.id), "")
        return name if name in seated else ""

    def number_of(self, login: str) -> int:
        return next((one.id for one in self.accounts if one.login.lower() == login.lower()), 0)

    @property
    def is_open(self) -> bool:
        return self.ending is None

    @property
    def counting(self) -> Mapping[str, BallotCast]:
        """The last valid ballot of each seat, people who recused left aside: all they said goes with them.

        What somebody else said for the seat stands. The seat is recused once everybody who may speak for it has
        recused; until then it waits for one of them.
        """
        if self.decision and self.decision.counting < 1:
            return self._counted_before
        recused = self.recused
        last: dict[str, BallotCast] = {}
        leaving = self._recused_before
        for ballot in (ballot for ballot in self.ballots if not ballot.left_behind):
            fact = ballot.fact
            if fact.choice == "recuse":
                leaving |= dict.fromkeys(fact.seats, fact)
            elif not ballot.voided_by and self.voter(fact.who) not in recused:
                last |= dict.fromkeys(fact.seats, fact)
        return last | {seat: fact for seat, fact in leaving.items() if seat in self._left}

    @property
    def _recused_before(self) -> dict[str, BallotCast]:
        """As said at the opening, for the seats of those whose recusal at a former gate still holds."""
        request, said = self.request, dict[str, BallotCast]()
        for login in (one for one in request.recused if one.lower() not in self.returned):
            held = tuple(seat.id for seat in request.seats if login.lower() in map(str.lower, seat.logins))
            left = BallotCast(
                at=request.at,
                by=login,
                by_id=self.number_of(login),
                cause=request.cause,
                gate=request.gate,
                seats=held,
                choice="recuse",
            )
            said |= dict.fromkeys(held, left)
        return said

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
                if fact.choice != "recuse" or before is None or before.who.is_same(fact.who):
                    last[seat] = fact
        return {seat: fact for seat, fact in last.items() if fact.choice != "recuse" or seat in self._left}

    @property
    def recused(self) -> frozenset[str]:
        """Names, as of the opening, of those who left this vote, whatever became of the comment, until taken back."""
        said = (one.fact for one in self.ballots if one.fact.choice == "recuse" and not one.left_behind)
        before = frozenset(map(str.lower, self.request.recused)) - self.returned
        return before | frozenset(self.voter(fact.who) for fact in said)
