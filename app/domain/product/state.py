"""A product as GitHub shows it now (issue, comments, card) and as its history says it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from app.domain.policy.model import Policy
from app.domain.product.accounts import Account, account
from app.domain.product.answers import Answer
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
    comment_id_of,
)
from app.domain.product.folding import extended
from app.domain.product.former_readings import FormerReading
from app.domain.product.gate_record import Ballot, GateRecord
from app.domain.product.issue import Issue
from app.domain.product.proof import ShownProof
from app.domain.product.reuse import NOTHING, ReuseCandidates
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.surroundings import ALONE, Surroundings
from app.domain.product.veils import unnumbered, unveiled

SecondThought = (
    DecisionRectified | LiftRectified | DecisionContested | DecisionOverridden | ProductPaused | ProductResumed
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One passage in a phase; `answers` are those given when it was left, None while the product is in it."""

    number: int
    phase: str
    since: datetime
    answers: Mapping[str, Answer] | None = None


@dataclass(frozen=True, slots=True)
class OpenCondition:
    """A condition set by the committee, with what lifted it if it was, and what reopened it each time it was."""

    fact: ConditionAdded
    lifted: ConditionLifted | None = None
    dropped: DecisionRectified | None = None
    """The rectification by which it fell: nobody has to lift it."""
    reopened: tuple[LiftRectified, ...] = ()
    contested: DecisionContested | None = None

    @property
    def is_open(self) -> bool:
        return self.lifted is None and self.dropped is None


@dataclass(slots=True)
class ProductState:
    """What follows from a history, folded fact by fact in order."""

    filed: ProductFiled | None = None
    described: list[ProductDescribed] = field(default_factory=list)
    imported: ProductImported | None = None
    left: ProductLeft | None = None
    """Why the product is followed no longer, while it is not."""
    former_comments: dict[int, int] = field(default_factory=dict)
    """The number that each comment of a transferred issue had before, by the one it has."""
    stays: list[Stay] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    gates: dict[int, GateRecord] = field(default_factory=dict)
    conditions: dict[int, OpenCondition] = field(default_factory=dict)
    refusals: list[CommandRefused] = field(default_factory=list)
    helped: list[HelpAsked] = field(default_factory=list)
    granted: dict[int, None] = field(default_factory=dict)
    """Ids of the comments whose commands were taken into account, in order."""
    causes: set[str] = field(default_factory=set)
    recused: list[Account] = field(default_factory=list)
    """Who stood aside from this product, and has not taken it back."""
    reuse: ReuseCandidates = NOTHING
    """What may already answer its need, and what was answered."""
    paused: ProductPaused | None = None
    """Why nothing is asked of it, while it is so."""
    pauses: int = 0
    thought: set[tuple[str, int]] = field(default_factory=set)
    """The name of each second thought, with the comment that asked for it."""

    @property
    def stay(self) -> Stay | None:
        return self.stays[-1] if self.stays else None

    @property
    def phase(self) -> str | None:
        return self.stays[-1].phase if self.stays else None

    @property
    def form(self) -> dict[str, str]:
        """What the form answers, by question: as it was filed, then as the description was changed."""
        given = dict(self.filed.answers) if self.filed else {}
        for fact in self.described:
            given |= dict(fact.answers)
        return {question: text for question, text in given.items() if text}

    @property
    def open_gate(self) -> GateRecord | None:
        return next((gate for gate in reversed(self.gates.values()) if gate.is_open), None)

    @property
    def open_conditions(self) -> tuple[OpenCondition, ...]:
        return tuple(condition for condition in self.conditions.values() if condition.is_open)

    @property
    def last_decided(self) -> GateRecord | None:
        """The gate of the last decision, the committee's or one that overrode it."""
        return next((gate for gate in reversed(self.gates.values()) if gate.is_decided), None)

    def last_refusal_of(self, origin: str, target: str) -> GateRecord | None:
        """The last decision on this move, if it was a no-go."""
        decided = [
            gate
            for gate in self.gates.values()
            if gate.is_decided and (gate.request.origin, gate.request.target) == (origin, target)
        ]
        last = decided[-1] if decided else None
        return last if last and last.outcome == "nogo" else None

    def add(self, fact: Fact) -> None:
        """Take one more fact into account."""
        self._answer(fact)
        if isinstance(fact, SecondThought):
            self._think_again(fact)
            return
        match fact:
            case ProductFiled():
                self.filed = self.filed or fact
            case ProductDescribed():
                self.described.append(fact)
            case ProductImported():
                self.imported = fact
                self.filed = ProductFiled(
                    at=fact.at, by=fact.by, cause=fact.cause, title=fact.title, answers=fact.answers
                )
            case PhaseEntered():
                self._enter(fact)
            case ItemAnswered():
                known = self.answers.get(fact.item, Answer())
                self.answers[fact.item] = known.after(fact, len(self.stays))
            case ReuseSuggested() | ReuseAnswered():
                self.reuse = self.reuse.after(fact)
            case ConditionAdded() | ConditionLifted():
                self._condition(fact)
            case ProductLeft() | ProductReturned() | ProductMoved():
                self._move(fact)
            case CommandRefused():
                self.refusals.append(fact)
            case HelpAsked():
                self.helped.append(fact)
            case _:
                self._add_to_gate(fact)

    def _answer(self, fact: Fact) -> None:
        """Note what a request obtained."""
        self.causes.add(fact.cause)
        comment = comment_id_of(fact.cause)
        if comment and not isinstance(fact, CommandRefused | HelpAsked):
            self.granted[comment] = None
        if isinstance(fact, SecondThought):
            self.thought.add((type(fact).__name__, comment))

    def _condition(self, fact: ConditionAdded | ConditionLifted) -> None:
        if isinstance(fact, ConditionAdded):
            self.conditions[fact.number] = OpenCondition(fact)
        else:
            self.conditions[fact.number] = replace(self.conditions[fact.number], lifted=fact)

    def _think_again(self, fact: SecondThought) -> None:
        match fact:
            case ProductPaused() | ProductResumed():
                self.paused = fact if isinstance(fact, ProductPaused) else None
                self.pauses += self.paused is fact
            case LiftRectified():
                held = self.conditions[fact.number]
                self.conditions[fact.number] = replace(held, lifted=None, reopened=(*held.reopened, fact))
            case DecisionContested() if fact.condition:
                self.conditions[fact.condition] = replace(self.conditions[fact.condition], contested=fact)
            case _:
                self.gates[fact.gate] = self.gates[fact.gate].noting(fact)
                if isinstance(fact, DecisionRectified):
                    self.conditions |= {one: replace(self.conditions[one], dropped=fact) for one in fact.dropped}

    def _move(self, fact: ProductLeft | ProductReturned | ProductMoved) -> None:
        if isinstance(fact, ProductMoved):
            self.former_comments = dict(fact.comments)
        else:
            self.left = fact if isinstance(fact, ProductLeft) else None

    def _enter(self, fact: PhaseEntered) -> None:
        if self.stays:
            self.stays[-1] = replace(self.stays[-1], answers=dict(self.answers))
        self.stays.append(Stay(len(self.stays) + 1, fact.phase, fact.began or fact.at))

    def _add_to_gate(self, fact: Fact) -> None:
        match fact:
            case GateRequested():
                self.gates[fact.gate] = GateRecord(fact)
            case AccountsBound():
                self.gates[fact.gate] = replace(self.gates[fact.gate], bound=fact)
            case BallotCast():
                record = self.gates[fact.gate]
                self.gates[fact.gate] = replace(record, ballots=(*record.ballots, Ballot(fact)))
                if fact.choice == "recuse":
                    self.recused.append(fact.who)
            case RecusalEnded():
                self.recused = [one for one in self.recused if not one.is_same(fact.who)]
                if fact.gate:
                    self.gates[fact.gate] = self.gates[fact.gate].welcoming(fact.who)
            case BallotVoided():
                self._mark_ballots(fact.gate, fact.comment, voided_by=fact.by)
            case BallotOrphaned():
                self._mark_ballots(fact.gate, fact.comment, deleted=True)
            case GateDecided():
                self.gates[fact.gate] = replace(self.gates[fact.gate], decision=fact)
            case GatePostponed() | BallotAltered() | DecisionRestored():
                self.gates[fact.gate] = self.gates[fact.gate].noting(fact)
            case GateWithdrawn():
                self.gates[fact.gate] = replace(self.gates[fact.gate], withdrawal=fact)

    def _mark_ballots(self, gate: int, comment: int, *, voided_by: str = "", deleted: bool = False) -> None:
        record = self.gates[gate]
        ballots = tuple(
            replace(ballot, voided_by=ballot.voided_by or voided_by, deleted=ballot.deleted or deleted)
            if ballot.fact.comment == comment
            else ballot
            for ballot in record.ballots
        )
        self.gates[gate] = replace(record, ballots=ballots)


def standing(history: History) -> ProductState:
    """Where a history leads."""
    return extended(ProductState(), history)


APART = timedelta(minutes=5)
"""Beyond this, one of two clocks is wrong: a deadline read on either may be past or to come."""


@dataclass(frozen=True)
class Product:
    """One product at one moment: what GitHub shows and what the register holds."""

    issue: Issue
    history: History = ()
    told_at: datetime | None = None
    """What GitHub's clock showed when it was read; None when GitHub did not tell."""
    reading: FormerReading | None = None  # how far a former version had read its comments, if one did
    around: Surroundings = field(default=ALONE, compare=False, repr=False)
    proofs: Mapping[int, ShownProof] = field(default_factory=dict, compare=False, repr=False)
    """What proves its decisions, by their numbers in the sealed log."""

    @cached_property
    def standing(self) -> ProductState:
        """Where the history leads; folded once, and never changed by its readers."""
        return standing(self.history)

    def is_doubted(self, now: datetime) -> bool:
        """Whether GitHub's clock and ours are too far apart for anything to be opened or closed."""
        return self.told_at is not None and abs(now - self.told_at) > APART

    def with_facts(self, facts: History) -> Product:
        facts = tuple(unnumbered(facts))
        grown = replace(self, history=(*self.history, *facts))
        if "standing" in vars(self):  # folded already: only what is new is
            vars(grown)["standing"] = extended(self.standing, facts)
        return grown

    def seen_as(self, **changes: Any) -> Product:
        """The same history, folded once, with anything else changed."""
        found = replace(self, **changes)
        vars(found)["standing"] = self.standing
        return found

    @property
    def author_id(self) -> int:
        return self.issue.numbers.get(self.issue.author.lower(), 0) if self.issue.is_by_person else 0

    @property
    def people(self) -> tuple[Account, ...]:
        """Who answers for the product: its author, and those the issue is assigned to."""
        issue = self.issue
        author = (issue.author,) if issue.is_by_person else ()
        return tuple(account(login, issue.numbers) for login in (*author, *issue.assignees))

    def is_concerned(self, who: Account) -> bool:
        """Whether a person answers for the product, or did since the committee's last decision."""
        return any(who.is_same(one) for one in answering(self))

    def is_team(self, who: Account) -> bool:
        return any(who.is_same(one) for one in self.people)

    def is_secretariat(self, who: Account, policy: Policy) -> bool:
        """Whether a person keeps the secretariat: at the open gate, as it stood at its opening; else, today."""
        gate = self.standing.open_gate
        if gate and gate.secretariat is not None:
            return any(who.is_same(one) for one in gate.secretariat)
        return any(who.is_same(one) for one in secretaries(self, policy))


def answering(product: Product) -> tuple[Account, ...]:
    """Whoever was the product's author or assignee since the last decision: nobody leaves it just before a vote."""
    people: dict[Account, None] = {}
    last: tuple[Account, ...] = ()
    for fact in product.history:
        match fact:
            case ProductFiled():
                last = (fact.who,)
            case ProductDescribed():
                last = fact.accounts or tuple(map(Account, fact.people))
            case GateDecided() | DecisionOverridden():
                people.clear()
        people |= dict.fromkeys(last)
    everybody = people | dict.fromkeys(product.people)
    return tuple(unveiled(one, product.issue.numbers) for one in everybody)


def secretaries(product: Product, policy: Policy) -> tuple[Account, ...]:
    """The secretariat today: its team, or the logins that the rules list; nobody while GitHub cannot tell the team."""
    committee, numbers = policy.committee, product.issue.numbers
    if committee.secretariat_team:
        return tuple(account(login, numbers) for login in sorted(product.issue.secretariat or ()))
    first = _first_seen(product)
    today = (account(login, numbers) for login in committee.secretariat)
    return tuple(one for one in today if first.get(one.login.lower(), 0) in {0, one.id})


def directors(product: Product, policy: Policy) -> tuple[Account, ...]:
    """Who may override, as the rules name them; a name given up gives nothing to whoever takes it."""
    first, numbers = _first_seen(product), product.issue.numbers
    today = (account(login, numbers) for login in policy.second_thoughts.direction)
    return tuple(one for one in today if first.get(one.login.lower(), 0) in {0, one.id})


def _first_seen(product: Product) -> dict[str, int]:
    """A login listed in the rules is that of the account that bore it first; whoever took it since keeps nothing."""
    issue, first = product.issue, dict[str, int]()
    for gate in product.standing.gates.values():
        for one in gate.secretariat or ():
            if one.id:
                first.setdefault(one.login.lower(), one.id)
    return {**issue.sworn, **first, **{login: issue.sworn[login] for login in issue.sworn_anew}}
