"""The history of one product as events to tell: each fact of the register as the name of a sentence and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.domain.policy.calendar import last_day
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    CommandRefused,
    ConditionAdded,
    ConditionLifted,
    DecisionRestored,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    HelpAsked,
    History,
    ItemAnswered,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductMoved,
    ProductReturned,
    RecusalEnded,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import ProductState

Values = dict[str, str | int | date]


@dataclass(frozen=True)
class Event:
    """`kind` names a sentence that `values` fill; `said` are the person's own words, `points` a list below it."""

    kind: str
    at: datetime
    by: str = ""
    values: Values = field(default_factory=dict)
    said: str = ""
    points: tuple[str, ...] = ()


def events(history: History, policy: Policy, state: ProductState) -> tuple[Event, ...]:
    """These facts of a history that leads to `state`, oldest first; several items answered at once are one event."""
    return tuple(_Teller(policy, state).told(history))


class _Teller:
    """Names phases, items and seats as the rules, or the gates of that time, name them."""

    def __init__(self, policy: Policy, state: ProductState) -> None:
        self._policy, self._state = policy, state
        self._items = item_texts(policy)
        self._private = {item.id for phase in policy.phases for item in phase.items if item.private}

    def told(self, history: Iterable[Fact]) -> Iterator[Event]:
        for _, together in groupby(history, key=_together):
            found = tuple(together)
            answered = [fact for fact in found if isinstance(fact, ItemAnswered)]
            if answered:
                yield self._answers(answered)
            else:
                yield from map(self._one, found)

    def _one(self, fact: Fact) -> Event:
        find = TOLD.get(type(fact))
        told = find(self, fact) if find else Event("noted", fact.at)
        return replace(told, at=fact.at, by=fact.by)

    def _answers(self, found: list[ItemAnswered]) -> Event:
        points = tuple(self._answer(one) for one in found)
        return Event(f"item_{found[0].answer}", found[0].at, found[0].by, {"count": len(found)}, points=points)

    def _answer(self, fact: ItemAnswered) -> str:
        said = fact.reason if fact.item in self._private else fact.text or fact.reason
        item = self._items.get(fact.item, fact.item)
        return f"{item}\n{said}" if said else item

    def gate(self, number: int) -> GateRecord:
        return self._state.gates[number]

    def target(self, number: int) -> str:
        return self.phase(self.gate(number).request.target)

    def phase(self, phase: str) -> str:
        return self._policy.phase(phase).name


def _imported(names: _Teller, fact: ProductImported) -> Event:
    return Event("imported", fact.at, values={"source": fact.source})


def _described(names: _Teller, fact: ProductDescribed) -> Event:
    return Event("described", fact.at, values={"title": fact.title, "people": ", ".join(fact.people)})


def _entered(names: _Teller, fact: PhaseEntered) -> Event:
    kind = "entered_before" if fact.imported else "entered"
    return Event(kind, fact.at, values={"phase": names.phase(fact.phase)})


def _asked(names: _Teller, fact: GateRequested) -> Event:
    values: Values = {"target": names.phase(fact.target), "deadline": last_day(fact.deadline, fact.timezone)}
    return Event("asked_entry" if fact.entry else "asked", fact.at, values=values)


def _ballot(names: _Teller, fact: BallotCast) -> Event:
    seats = ", ".join(gates.seat_name(names.gate(fact.gate), seat) for seat in fact.seats)
    kind = "conditions" if fact.conditions and fact.choice == "go" else fact.choice
    points = tuple(one.text for one in fact.conditions)
    return Event(f"ballot_{kind}", fact.at, values={"seat": seats}, said=fact.reason, points=points)


def _decided(names: _Teller, fact: GateDecided) -> Event:
    kind = f"{'session' if fact.present else 'decided'}_{fact.outcome}"
    values: Values = {"target": names.target(fact.gate), "go": fact.go, "nogo": fact.nogo}
    return Event(kind, fact.at, values=values, said=fact.reason)


def _postponed(names: _Teller, fact: GatePostponed) -> Event:
    return Event("postponed", fact.at, values={"target": names.target(fact.gate)}, said=fact.reason)


def _withdrawn(names: _Teller, fact: GateWithdrawn) -> Event:
    kind = "withdrawn_moved" if fact.came_from else "withdrawn"
    return Event(kind, fact.at, values={"target": names.target(fact.gate)}, said=fact.reason)


def _condition(names: _Teller, fact: ConditionAdded) -> Event:
    return Event("condition", fact.at, values={"number": fact.number}, said=fact.condition.text)


def _lifted(names: _Teller, fact: ConditionLifted) -> Event:
    return Event("lifted", fact.at, values={"number": fact.number}, said=fact.evidence)


def _rectified(names: _Teller, fact: DecisionRectified) -> Event:
    return Event(f"rectified_{fact.outcome}", fact.at, values={"target": names.target(fact.gate)}, said=fact.why)


def _relifted(names: _Teller, fact: LiftRectified) -> Event:
    return Event("relifted", fact.at, values={"number": fact.number}, said=fact.reason)


def _contested(names: _Teller, fact: DecisionContested) -> Event:
    if fact.condition:
        return Event("contested_condition", fact.at, values={"number": fact.condition}, said=fact.grounds)
    return Event("contested", fact.at, values={"target": names.target(fact.gate)}, said=fact.grounds)


def _overridden(names: _Teller, fact: DecisionOverridden) -> Event:
    return Event(f"overridden_{fact.outcome}", fact.at, values={"target": names.target(fact.gate)}, said=fact.reason)


def _paused(names: _Teller, fact: ProductPaused) -> Event:
    if fact.until is None:
        return Event("paused", fact.at, said=fact.reason)
    return Event("paused_until", fact.at, values={"until": last_day(fact.until, fact.timezone)}, said=fact.reason)


def _resumed(names: _Teller, fact: ProductResumed) -> Event:
    return Event("resumed" if fact.by else "woken", fact.at, said=fact.reason)


def _suggested(names: _Teller, fact: ReuseSuggested) -> Event:
    return Event("suggested", fact.at, points=tuple(f"{one.name}\n{one.line}" for one in fact.shown))


def _reuse(names: _Teller, fact: ReuseAnswered) -> Event:
    return Event(f"reuse_{fact.answer}", fact.at, values={"name": fact.name}, said=fact.reason)


def _erased(names: _Teller, fact: PersonalErased) -> Event:
    kind = "erased_person" if fact.person else "erased_words"
    return Event(kind, fact.at, values={"count": len(fact.facts), "person": fact.person}, said=fact.request)


def _plain(kind: str) -> Callable[[_Teller, Any], Event]:
    return lambda _, fact: Event(kind, fact.at)


def _of_voter(kind: str) -> Callable[[_Teller, Any], Event]:
    return lambda _, fact: Event(kind, fact.at, values={"voter": fact.voter})


TOLD: dict[type[Fact], Callable[[_Teller, Any], Event]] = {
    ProductFiled: _plain("filed"),
    ProductImported: _imported,
    ProductDescribed: _described,
    ProductLeft: _plain("left"),
    ProductReturned: _plain("returned"),
    ProductMoved: _plain("moved"),
    PhaseEntered: _entered,
    ReuseSuggested: _suggested,
    ReuseAnswered: _reuse,
    GateRequested: _asked,
    AccountsBound: _plain("bound"),
    BallotCast: _ballot,
    RecusalEnded: _plain("unrecused"),
    BallotVoided: _of_voter("voided"),
    BallotOrphaned: _of_voter("orphaned"),
    BallotAltered: _of_voter("altered"),
    GateDecided: _decided,
    DecisionRestored: _plain("restored"),
    GatePostponed: _postponed,
    GateWithdrawn: _withdrawn,
    ConditionAdded: _condition,
    ConditionLifted: _lifted,
    DecisionRectified: _rectified,
    LiftRectified: _relifted,
    DecisionContested: _contested,
    DecisionOverridden: _overridden,
    ProductPaused: _paused,
    ProductResumed: _resumed,
    CommandRefused: _plain("refused"),
    HelpAsked: _plain("help"),
    PersonalErased: _erased,
}
"""How each fact is told; the answers to items are told together."""


def _together(fact: Fact) -> Any:
    """The same for the items that one cause answered alike."""
    return (fact.cause, fact.answer, fact.by) if isinstance(fact, ItemAnswered) else None


def item_texts(policy: Policy) -> dict[str, str]:
    """The words of every item of the rules, by its id."""
    return {item.id: item.text for phase in policy.phases for item in phase.items}
