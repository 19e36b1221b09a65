"""Why a product is where it is and what keeps it there, as one value drawn from its history and its issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeGuard, TypeVar

from app.domain.decide import comment_commands
from app.domain.policy.model import Policy
from app.domain.product import gates, issue_form
from app.domain.product.accounts import Account
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import Blocker, History, PhaseEntered
from app.domain.product.gate_record import GateRecord
from app.domain.product.history_in_comments import checklist_key, decision_key
from app.domain.product.issue import Issue
from app.domain.product.second_thought_keys import SecondThoughtKeys
from app.domain.product.state import Product, standing
from app.domain.publish.comments import wanted_comments
from app.domain.publish.effects import (
    ChangeLabels,
    EditComment,
    Effect,
    FillCard,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    TakeBack,
)
from app.domain.publish.notice import Notice
from app.domain.publish.notices import Checklist, ConditionView, Decision, GateView, SeatView
from app.domain.publish.second_thought_notices import Overridden, Rectified
from app.domain.publish.status import PauseView, status

N = TypeVar("N", bound=Notice)


@dataclass(frozen=True)
class Pending:
    """Webhook deliveries of one product that no turn has handled: how many wait, since when; those put aside, why."""

    waiting: int = 0
    since: datetime | None = None
    parked: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedChange:
    """One effect a turn would have now: its kind, and what it touches."""

    kind: str
    what: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """What GitHub does not let Jalon do: in our words, with GitHub's own sentence, since when."""

    what: str
    said: str
    since: datetime


@dataclass(frozen=True)
class Explanation:
    """`unread` says why GitHub could not be read: all then comes from the register alone, and nothing is planned."""

    repository: str
    number: int
    title: str
    phase: str
    since: datetime
    entry: Decision | None
    """The vote that brought the product here; none for a product in its first phase, or brought in without a vote."""
    gate: GateView | None
    """The gate now open."""
    requested_on: datetime | None
    refusal: Decision | None
    """The last vote, when it was a no-go."""
    next_phase: str
    blockers: tuple[Blocker, ...]
    conditions: tuple[ConditionView, ...]
    pending: Pending = Pending()
    new_facts: int = 0
    changes: tuple[PlannedChange, ...] = ()
    unread: str = ""
    default_rules: bool = False
    """Whether, unread, it is seen through the rules that travel with Jalon: none of its own were ever read."""
    reminders: tuple[tuple[str, datetime], ...] = ()
    """Whom a reminder mentioned on this product, and when, oldest first."""
    unreadable: tuple[str, ...] = ()
    """Addresses of the comments that no reader could read."""
    refused: tuple[Refused, ...] = ()
    """On this product or in its repository, oldest first; tried again until it is done."""
    thought: Rectified | Overridden | None = None
    """What brought the product here, when it was a second thought."""
    paused: PauseView | None = None
    erasures: tuple[PersonalErased, ...] = ()
    """What was erased of its history, oldest first."""

    @property
    def spoken(self) -> tuple[SeatView, ...]:
        return tuple(seat for seat in self.gate.seats if seat.choice) if self.gate else ()

    @property
    def silent(self) -> tuple[SeatView, ...]:
        return tuple(seat for seat in self.gate.seats if not seat.choice) if self.gate else ()


def explain(product: Product, policy: Policy, now: datetime) -> Explanation:
    """What the history and the issue tell; raises ValueError for a product that was never filed."""
    state = product.standing
    if state.stay is None:
        raise ValueError(f"{product.issue.repository}#{product.issue.number} was never filed")
    shown = {wanted.key: wanted.notice for wanted in wanted_comments(product, policy, now)}
    last, decided = next(reversed(state.gates.values()), None), state.last_decided
    was_refused = decided is not None and decided.outcome == "nogo"
    listed = _found(shown, checklist_key(state.stay.number), Checklist)
    exits = policy.exits(state.stay.phase)
    entered = _entered_by(product.history)
    where = product.issue.url or f"{product.issue.repository}#{product.issue.number}"
    return Explanation(
        repository=product.issue.repository,
        number=product.issue.number,
        title=product.issue.title,
        phase=policy.phase(state.stay.phase).name,
        since=state.stay.since,
        thought=_found(shown, entered, Rectified) or _found(shown, entered, Overridden),
        paused=status(product, policy, now).paused,
        entry=_found(shown, entered, Decision),
        gate=_found(shown, f"gate:{last.request.gate}", GateView) if _is_open(last) else None,
        requested_on=last.request.at if _is_open(last) else None,
        refusal=_refusal(decided, policy) if decided and was_refused and not _is_open(last) else None,
        next_phase=policy.phase(exits[0].to).name if exits else "",
        blockers=() if _is_open(last) else _blockers(product, policy, now),
        conditions=tuple(one for one in listed.conditions if not one.lifted_by) if listed else (),
        erasures=tuple(fact for fact in product.history if isinstance(fact, PersonalErased)),
        unreadable=(
            *((where,) if issue_form.failure(product.issue.body) else ()),
            *(f"{where}#issuecomment-{one}" for one in comment_commands.unread(product.issue, state)),
        ),
    )


def _is_open(gate: GateRecord | None) -> TypeGuard[GateRecord]:
    return gate is not None and gate.is_open


def _found(shown: Mapping[str, Notice], key: str, kind: type[N]) -> N | None:
    notice = shown.get(key)
    return notice if isinstance(notice, kind) else None


def _entered_by(history: History) -> str:
    """The key of the comment that tells what brought the product to its phase; empty when nothing did."""
    key, second_thoughts = "", SecondThoughtKeys()
    for fact in history:
        second = second_thoughts.of(fact)
        if isinstance(fact, PhaseEntered):
            key = second or (decision_key(fact.gate) if fact.gate else "")
    return key


def _refusal(record: GateRecord, policy: Policy) -> Decision:
    """The last no-go as it holds now, with what is to be looked at again."""
    request = record.request
    return Decision(
        number=request.gate,
        origin=policy.phase(request.origin).name,
        target=policy.phase(request.target).name,
        outcome="nogo",
        objections=gates.objections(record),
    )


def _blockers(product: Product, policy: Policy, now: datetime) -> tuple[Blocker, ...]:
    """What would be answered to the product's author asking for the next phase now."""
    exits = policy.exits(product.standing.phase or policy.entry.id)
    if not exits:
        return ()
    who = gates.electorate(product, policy, Account(product.issue.author, product.author_id), now)
    return gates.blockers(product, exits[0], policy, who)


def planned(told: Explanation, new_facts: int, effects: Iterable[Effect]) -> Explanation:
    """The same, with what a turn would record and change on GitHub."""
    return replace(told, new_facts=new_facts, changes=tuple(map(change, effects)))


def change(effect: Effect) -> PlannedChange:
    """What an effect touches, without a sentence."""
    kind = type(effect).__name__
    match effect:
        case ChangeLabels():
            return PlannedChange(kind, added=effect.add, removed=effect.remove)
        case PlaceCard():
            return PlannedChange(kind, effect.column)
        case FillCard():
            return PlannedChange(kind, added=tuple(fill.name for fill in effect.fills))
        case PostComment() | EditComment():
            return PlannedChange(kind, effect.message.key)
        case React() | TakeBack():
            return PlannedChange(kind, effect.content)
        case RemoveComment():
            return PlannedChange(kind, effect.why)
        case _:
            return PlannedChange(kind)


def product_from_register(product: str, repository: str, number: int, history: History, policy: Policy) -> Product:
    """A product as its history alone shows it: the form as it was filed, the committee as the rules name it."""
    filed = standing(history).filed
    headings = {question.id: question.labels[0] for question in policy.questions}
    given = filed.answers if filed else ()
    body = "\n\n".join(f"### {headings[question]}\n\n{answer}" for question, answer in given if question in headings)
    members = {login.lower() for seat in policy.committee.seats for login in (seat.holder, *seat.substitutes)}
    issue = Issue(
        id=product,
        repository=repository,
        number=number,
        title=filed.title if filed else f"{repository}#{number}",
        body=body,
        author=filed.by if filed else "",
        team=frozenset(members),
    )
    return Product(issue, history)
