"""The file of one product, as a page shows it: what it is, its answers by aspect, what was said, decided and owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.dossier import AspectAnswers, ItemAnswer, dossier, items
from app.domain.product.facts import (
    BallotCast,
    ConditionLifted,
    History,
    ItemAnswered,
    Point,
    ProductDescribed,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.reuse import ReuseCandidate
from app.domain.product.state import OpenCondition, ProductState, standing
from app.domain.reading.text import clipped
from app.domain.report.present import story
from app.domain.report.product_events import Event, events
from app.domain.report.second_thought_story import SecondThoughtStory

PURPOSE = 280
"""Characters that say what a product is: two sentences."""
ABOUT = ("vision", "probleme")
"""The questions of the form that say what a product is, the shortest answer first."""
SHOWN_APART = {"besoins", "direction"}
"""The questions told elsewhere on the page."""


@dataclass(frozen=True)
class FiledAnswer:
    """A question of the form with its answer, as it was filed."""

    question: str
    text: str


@dataclass(frozen=True)
class SeatOpinion:
    """What one seat said last at a gate; `choice` is go, conditions, nogo, abstain, recuse, or empty: silence."""

    seat: str
    mandatory: bool = False
    choice: str = ""
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateFile:
    """A gate with everything said at it; `outcome` is go, conditional, nogo, withdrawn, or open."""

    number: int
    origin: str
    target: str
    asked: datetime
    asked_by: str
    outcome: str
    at: datetime
    by: str
    reason: str
    counts: tuple[int, int, int]
    """For, against, abstaining: as decided."""
    present: tuple[str, ...]
    excused: tuple[str, ...]
    held: str
    put_off: tuple[tuple[datetime, str], ...]
    revisit: tuple[Point, ...]
    changed: tuple[str, ...]
    """What the team said of each point to look at again, in their order; none in what former versions opened."""
    points: tuple[Point, ...]
    """Why: what the seats that said no raised, or the conditions set."""
    opinions: tuple[SeatOpinion, ...]
    last_day: date
    second_thoughts: tuple[SecondThoughtStory, ...] = ()
    """What was thought again of its decision since."""

    @property
    def spoken(self) -> tuple[SeatOpinion, ...]:
        return tuple(one for one in self.opinions if one.choice)


@dataclass(frozen=True)
class ConditionFile:
    """A condition from its setting to its lifting; one set in session has no `seat`: the secretariat lifts it."""

    number: int
    text: str
    aspect: str
    seat: str
    owner: str
    due: str
    overdue: bool
    since: datetime
    lifted: datetime | None
    lifted_by: str
    evidence: str


@dataclass(frozen=True)
class PhaseStay:
    """A phase a product lived; `former` is the name it bore in the former follow-up, `days` None without a date."""

    phase: str
    former: str
    began: date | None
    ended: date | None
    days: int | None


@dataclass(frozen=True)
class ProductFile:
    purpose: str
    """What the product is, in a sentence or two; empty when nobody said."""
    form: tuple[FiledAnswer, ...]
    aspects: tuple[AspectAnswers, ...]
    before: tuple[ItemAnswer, ...]
    """What was answered in former phases to items asked no longer."""
    since_gate: datetime | None
    """When the committee last decided; None while it has not."""
    changes: tuple[Event, ...]
    """What was done since then."""
    gate: GateFile | None
    """The one now open."""
    refused: GateFile | None
    """The last decision, when it was a no-go and nothing was asked since."""
    gates: tuple[GateFile, ...]
    """The closed ones, the latest first."""
    open_conditions: tuple[ConditionFile, ...]
    lifted_conditions: tuple[ConditionFile, ...]
    reuse: tuple[ReuseCandidate, ...]
    """What may already answer its need: what waits for an answer, and what was answered."""
    steps: tuple[PhaseStay, ...]
    events: tuple[Event, ...]


def product_file(history: History, policy: Policy, now: datetime) -> ProductFile:
    """Everything the register knows of one product; raises KeyError when its history does not hold together."""
    state = standing(history)
    shown = dossier(state, policy)
    told = [_gate(record, policy, state) for record in state.gates.values()]
    closed = tuple(reversed([one for one in told if one.outcome != "open"]))
    opened = next((one for one in reversed(told) if one.outcome == "open"), None)
    since = max((gate.at for gate in closed if gate.outcome != "withdrawn"), default=None)
    conditions = [_condition(one, state, policy, now) for one in state.conditions.values() if not one.dropped]
    last = next((gate for gate in closed if gate.outcome != "withdrawn"), None)
    return ProductFile(
        purpose=purpose_line(state.form),
        form=tuple(_form(state, policy, shown)),
        aspects=shown,
        before=tuple(_before(state, policy, shown)),
        since_gate=since,
        changes=events(_since(history, since), policy, state) if since else (),
        gate=opened,
        refused=last if last and last.outcome == "nogo" and opened is None else None,
        gates=closed,
        open_conditions=tuple(one for one in conditions if one.lifted is None),
        lifted_conditions=tuple(one for one in conditions if one.lifted is not None),
        reuse=tuple(one for one in state.reuse.candidates.values() if one.awaits or one.answers),
        steps=tuple(_steps(state, policy, day_of(now, policy.timezone))),
        events=events(history, policy, state),
    )


def purpose_line(answers: dict[str, str]) -> str:
    """One or two sentences from the form, on one line."""
    said = next((answers[question] for question in ABOUT if answers.get(question, "").strip()), "")
    return clipped(" ".join(said.split()), PURPOSE)


def _form(state: ProductState, policy: Policy, shown: tuple[AspectAnswers, ...]) -> Iterator[FiledAnswer]:
    """What no item shows, in the order of the form; what the rules ask no longer comes last, under its own name."""
    names = {question.id: question.labels[0] for question in policy.questions}
    under = {question for aspect in shown for one in aspect.items if one.item.is_question for question in one.item.form}
    for question in dict.fromkeys((*names, *state.form)):
        if question in state.form and question not in SHOWN_APART | under:
            yield FiledAnswer(names.get(question, question), state.form[question])
    for title, text in state.imported.shown if state.imported else ():
        yield FiledAnswer(title, text)


def _before(state: ProductState, policy: Policy, shown: tuple[AspectAnswers, ...]) -> Iterator[ItemAnswer]:
    """The latest answer in words to each item that the present phase does not ask."""
    known = {one.item.id for aspect in shown for one in aspect.items}
    for stay in reversed(state.stays[:-1]):
        for one in items(state, policy, stay):
            if one.item.id not in known and one.is_settled and (one.text or one.links):
                known.add(one.item.id)
                yield one


def _since(history: History, moment: datetime) -> History:
    """What people did after a decision; what the decision itself led to bears its moment."""
    done = ItemAnswered, ProductDescribed, ConditionLifted
    return tuple(fact for fact in history if fact.at > moment and isinstance(fact, done))


def _gate(record: GateRecord, policy: Policy, state: ProductState) -> GateFile:
    request, decided = record.request, record.decision
    ending = record.ending
    told = story(record, state)
    return GateFile(
        number=request.gate,
        origin=policy.phase(request.origin).name,
        target=policy.phase(request.target).name,
        asked=request.at,
        asked_by=request.by,
        outcome=told.outcome or "open",
        at=ending.at if ending else request.at,
        by=ending.by if ending else "",
        reason=ending.reason if ending else "",
        counts=(decided.go, decided.nogo, decided.abstain) if decided else (0, 0, 0),
        present=told.present,
        excused=decided.excused if decided else (),
        held=decided.held if decided else "",
        put_off=tuple((one.at, one.reason) for one in told.put_off),
        revisit=request.revisit,
        changed=request.changes,
        points=told.reasons,
        opinions=tuple(_opinions(record)),
        last_day=record.last_day,
        second_thoughts=told.second_thoughts,
    )


def _opinions(record: GateRecord) -> Iterator[SeatOpinion]:
    """In the order of the seats."""
    mandatory, counting = record.request.rule.mandatory, record.counting
    for seat in record.request.seats:
        ballot = counting.get(seat.id)
        if ballot is None:
            yield SeatOpinion(seat.name, seat.id in mandatory)
        else:
            conditions = tuple(one.text for one in ballot.conditions)
            yield SeatOpinion(
                seat.name, seat.id in mandatory, _choice(ballot), ballot.by, ballot.at, ballot.reason, conditions
            )


def _choice(ballot: BallotCast) -> str:
    return "conditions" if ballot.choice == "go" and ballot.conditions else ballot.choice


def _condition(one: OpenCondition, state: ProductState, policy: Policy, now: datetime) -> ConditionFile:
    fact, said, lifted = one.fact, one.fact.condition, one.lifted
    return ConditionFile(
        number=fact.number,
        text=said.text,
        aspect=policy.aspects.get(said.aspect, ""),
        seat=gates.seat_name(state.gates[fact.gate], fact.seat),
        owner=said.owner,
        due=said.due,
        overdue=lifted is None and bool(said.due) and said.due < day_of(now, policy.timezone).isoformat(),
        since=fact.at,
        lifted=lifted.at if lifted else None,
        lifted_by=lifted.by if lifted else "",
        evidence=lifted.evidence if lifted else "",
    )


def _steps(state: ProductState, policy: Policy, today: date) -> Iterator[PhaseStay]:
    """The phases told by the former follow-up, under their own names, then ours; the last one lasts until today."""
    former = tuple(state.imported.past) if state.imported else ()
    for past in former:
        began, ended = _day(past.began), _day(past.ended)
        name = policy.phase(past.phase).name
        yield PhaseStay(name, past.name, began, ended, (ended - began).days if began and ended else None)
    # What was taken over ends in the phase that the product had reached: it is told once.
    stays = state.stays[1:] if former else state.stays
    entered = [day_of(stay.since, policy.timezone) for stay in stays]
    for stay, began, ended in zip_longest(stays, entered, entered[1:]):
        days = ((ended or today) - began).days
        yield PhaseStay(policy.phase(stay.phase).name, "", began, ended, days)


def _day(text: str) -> date | None:
    """A date as the former follow-up wrote it; None for none, or for one that is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
