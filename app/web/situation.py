"""What one person may ask of one product now, as its register tells: what pages offer, and never what decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Item, Policy
from app.domain.product import dossier, gates
from app.domain.product.accounts import Account
from app.domain.product.dossier import ItemAnswer
from app.domain.product.facts import BallotCast, History, Point
from app.domain.product.gate_record import GateRecord
from app.domain.product.reuse import ReuseCandidate
from app.domain.product.state import ProductState, standing
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.reminders import team_of


@dataclass(frozen=True)
class Situation:
    """`policy` is the committee's own, in its own language: what is typed on GitHub is in it."""

    row: ProductRow
    person: Account
    policy: Policy
    now: datetime
    history: Callable[[], History] = tuple
    """Read when an answer, or a point refused, is looked at."""

    @cached_property
    def gate(self) -> GateRecord | None:
        return self.row.standing.open_gate

    @property
    def is_over(self) -> bool:
        """Whether ballots given now come too late."""
        return self.gate is not None and self.now > self.gate.deadline

    @cached_property
    def seats(self) -> tuple[str, ...]:
        """Ids of the seats for which this person was named at the opening: one ballot speaks for all of them."""
        voter = self.gate.voter(self.person) if self.gate else ""
        found = self.gate.request.seats if self.gate and voter else ()
        return tuple(seat.id for seat in found if voter in {login.lower() for login in seat.logins})

    @property
    def seat_names(self) -> tuple[str, ...]:
        names = {seat.id: seat.name for seat in self.gate.request.seats} if self.gate else {}
        return tuple(names[seat] for seat in self.seats)

    @property
    def is_recused(self) -> bool:
        return self.gate is not None and self.gate.voter(self.person) in self.gate.recused

    @cached_property
    def ballot(self) -> BallotCast | None:
        """What counts now for one of their seats, and that they said themselves."""
        counting = self.gate.counting if self.gate else {}
        mine = (counting[seat] for seat in self.seats if seat in counting)
        return next((cast for cast in mine if cast.who.is_same(self.person)), None)

    @cached_property
    def is_secretariat(self) -> bool:
        gate = self.gate
        if gate is None or gate.secretariat is None:
            return self.policy.is_secretariat(self.person.login)
        return any(self.person.is_same(one) for one in gate.secretariat)

    @property
    def is_secretariat_unknown(self) -> bool:
        """Whether the rules name a team, and no open gate tells who was in it: then a page refuses nobody for that."""
        known = self.gate is not None and self.gate.secretariat is not None
        return bool(self.policy.committee.secretariat_team) and not known

    @cached_property
    def is_team(self) -> bool:
        """Whether they answer for the product, or keep the secretariat."""
        return self.is_own or self.is_secretariat

    @property
    def may_vote(self) -> bool:
        return bool(self.seats) and not self.is_over and not self.is_recused

    @property
    def exits(self) -> tuple[str, ...]:
        """Ids of the phases that may be asked for from here, the usual one first."""
        return tuple(gate.to for gate in self.policy.exits(self.row.phase))

    def points(self, target: str) -> tuple[Point, ...]:
        """What the committee refused when this move was last decided: a new request says what has changed on each."""
        refused = self._state.last_refusal_of(self.row.phase, target)
        return gates.objections(refused) if refused else ()

    @property
    def items(self) -> tuple[tuple[int, Item], ...]:
        """The checklist of the phase, with the numbers that people type."""
        return tuple(enumerate(self.policy.checklist(self.row.phase), start=1))

    def item(self, number: int) -> Item | None:
        return dict(self.items).get(number)

    @cached_property
    def answers(self) -> dict[int, ItemAnswer]:
        """What answers each item of the checklist, by the number that people type."""
        return {one.number: one for one in dossier.items(self._state, self.policy)}

    @cached_property
    def _state(self) -> ProductState:
        return standing(self.history())

    @cached_property
    def leads(self) -> dict[int, ReuseCandidate]:
        """What may already answer the need, by the number that people type; answered or not."""
        shown = ((one.shown, one) for one in self._state.reuse.candidates.values() if one.awaits or one.answers)
        return {line.number: one for line, one in shown if line}

    @property
    def leads_awaited(self) -> tuple[int, ...]:
        return tuple(number for number, one in self.leads.items() if one.awaits)

    @property
    def may_answer_leads(self) -> bool:
        """The product's people, the secretariat, and the seat that keeps the catalogue; where rules look for any."""
        rules = self.policy.reuse
        if rules is None:
            return False
        held = self.policy.seats_of(self.person.login, day_of(self.now, self.policy.timezone))
        return self.is_team or bool(rules.seat and rules.seat in {seat.id for seat in held})

    def is_settled(self, item: Item) -> bool:
        return item.id in self.row.standing.settled

    def condition(self, number: int) -> Condition | None:
        return next((one for one in self.row.conditions if one.number == number), None)

    @property
    def is_own(self) -> bool:
        """Whether the product is theirs: nobody decides on their own product."""
        return self.person.login.lower() in {login.lower() for login in (*team_of(self.row), self.row.author)}

    def may_lift(self, condition: Condition) -> bool:
        """The seat that set it, or the secretariat; never the product's own people."""
        if self.is_own:
            return False
        held = self.policy.seats_of(self.person.login, day_of(self.now, self.policy.timezone))
        return self.is_secretariat or condition.seat in {seat.name for seat in held}
