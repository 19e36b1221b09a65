"""A product as GitHub shows it now (issue, comments, card) and as its history says it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from app.domain.facts import (
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
    comment_of,
)
from app.domain.folding import extended
from app.domain.former import Reading
from app.domain.gate_record import Ballot, GateRecord
from app.domain.people import Account, account
from app.domain.policy import Policy


@dataclass(frozen=True)
class Trace:
    """What a bot comment says of itself: which notice it shows, from which data, and whether its text is untouched."""

    key: str
    data: str
    intact: bool = True
    boxes: Mapping[str, bool] = field(default_factory=dict)
    """The boxes as Jalon drew them, by item id."""
    drawn: Mapping[str, bool] = field(default_factory=dict)  # the boxes as they are now
    record: str = ""
    """The packed facts it carries, or a piece of them."""


@dataclass(frozen=True)
class Comment:
    id: int
    node_id: str
    body: str
    author: str
    at: datetime
    author_id: int = 0
    """The number of its author's account, which outlives a change of login; 0 when GitHub tells none."""
    by_bot: bool = False
    is_by_person: bool = True
    """Whether its author is a `User`: bots, mannequins, enterprises and organisations have no voice."""
    editor: str = ""
    """Login of the last account that edited it; empty when none did."""
    editor_id: int = 0
    editor_is_bot: bool = False
    """Whether its last editor is no `User`: a bot, a mannequin, or an account that is gone."""
    edited_at: datetime | None = None
    trace: Trace | None = None
    """Present on Jalon's own comments only."""
    reactions: frozenset[str] = frozenset()
    """Jalon's own reactions, by GitHub's names: THUMBS_UP, CONFUSED, EYES…"""
    via_email: bool = False  # it came as a mail, with all that a mail program adds to one
    is_hidden: bool = False  # « Hide »: it counts as any other, since whoever moderates could silence a vote

    @property
    def edited_by_other(self) -> bool:
        """Last edited by another account than its author's, person or bot: its words are no longer its author's."""
        if not self.editor:
            return False
        if self.author_id or self.editor_id:
            return self.author_id != self.editor_id
        return self.editor.lower() != self.author.lower()

    @property
    def edit_undone(self) -> str:
        """What the mark names when our words are put back: the same words alone would change nothing on GitHub."""
        # Not the moment of the edit, which GitHub tells to the second: two edits of one second undo each other.
        return hashlib.sha256(self.body.encode()).hexdigest()[:16] if self.edited_by_other else ""

    @property
    def edited_by_person(self) -> bool:
        """A person may tick the boxes of our comments; another bot may not."""
        return self.edited_by_other and not self.editor_is_bot


@dataclass(frozen=True)
class BoardField:
    """A field beside the columns: its kind, by GitHub's name, and the id of each option by its name."""

    id: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """The board's identity, the option of its phase field for each column name, and its other fields by name."""

    id: str
    field_id: str
    options: Mapping[str, str]
    fields: Mapping[str, BoardField] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    id: str
    column: str | None
    archived: bool = False
    updated_at: datetime | None = None
    values: Mapping[str, str | float | None] = field(default_factory=dict)  # by field: an option's name, a number…


@dataclass(frozen=True)
class Issue:
    id: str
    repository: str
    number: int
    title: str
    body: str
    author: str
    url: str = ""
    is_open: bool = True
    by_us: bool = False  # Jalon opened it
    ours: bool = False
    """Whether the body was written by Jalon, and by no other account since."""
    closed_at: datetime | None = None
    assignees: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    card: Card | None = None
    board: Board | None = None
    team: frozenset[str] | None = None
    """Lower-case logins of the committee's team; None when GitHub could not tell."""
    secretariat: frozenset[str] | None = None
    """Lower-case logins of the secretariat's own team; None when it has none, or when GitHub could not tell."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The number of the account that bears each login at this reading, in lower case: people only."""
    is_by_person: bool = True
    """Whether its author is a person: a bot, or an account left by a migration, answers for nothing."""
    is_as_filed: bool = True  # nobody but its author ever wrote last in its body
    updated_at: datetime | None = None
    untold: int = 0  # how many comments GitHub counts beside those it gave
    unsure: frozenset[int] = frozenset()  # those lacking that may only be late: nothing is concluded from that


@dataclass(frozen=True, slots=True)
class Answer:
    state: str = "open"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One passage in a phase; `answers` are those given when it was left, None while the product is in it."""

    number: int
    phase: str
    since: datetime
    answers: Mapping[str, Answer] | None = None


@dataclass(frozen=True, slots=True)
class OpenCondition:
    """A condition set by the committee, with what lifted it if it was."""

    fact: ConditionAdded
    lifted: ConditionLifted | None = None


@dataclass(slots=True)
class Standing:
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

    @property
    def stay(self) -> Stay | None:
        return self.stays[-1] if self.stays else None

    @property
    def phase(self) -> str | None:
        return self.stays[-1].phase if self.stays else None

    @property
    def open_gate(self) -> GateRecord | None:
        return next((gate for gate in self.gates.values() if gate.is_open), None)

    @property
    def open_conditions(self) -> tuple[OpenCondition, ...]:
        return tuple(condition for condition in self.conditions.values() if condition.lifted is None)

    def last_refusal_of(self, origin: str, target: str) -> GateRecord | None:
        """The last decision on this move, if it was a no-go."""
        decided = [
            gate
            for gate in self.gates.values()
            if gate.decision and (gate.request.origin, gate.request.target) == (origin, target)
        ]
        last = decided[-1] if decided else None
        return last if last and last.decision and last.decision.outcome == "nogo" else None

    def add(self, fact: Fact) -> None:
        """Take one more fact into account."""
        self.causes.add(fact.cause)
        comment = comment_of(fact.cause)
        if comment and not isinstance(fact, CommandRefused | HelpAsked):
            self.granted[comment] = None
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
                self.answers[fact.item] = Answer(fact.answer, fact.by, fact.reason)
            case ConditionAdded():
                self.conditions[fact.number] = OpenCondition(fact)
            case ConditionLifted():
                self.conditions[fact.number] = replace(self.conditions[fact.number], lifted=fact)
            case ProductLeft() | ProductReturned() | ProductMoved():
                self._move(fact)
            case CommandRefused():
                self.refusals.append(fact)
            case HelpAsked():
                self.helped.append(fact)
            case _:
                self._add_to_gate(fact)

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


def standing(history: History) -> Standing:
    """Where a history leads."""
    return extended(Standing(), history)


APART = timedelta(minutes=5)
"""Beyond this, one of two clocks is wrong: a deadline read on either may be past or to come."""


@dataclass(frozen=True)
class Product:
    """One product at one moment: what GitHub shows and what the register holds."""

    issue: Issue
    history: History = ()
    told_at: datetime | None = None
    """What GitHub's clock showed when it was read; None when GitHub did not tell."""
    reading: Reading | None = None  # how far a former version had read its comments, if one did

    @cached_property
    def standing(self) -> Standing:
        """Where the history leads; folded once, and never changed by its readers."""
        return standing(self.history)

    def is_doubted(self, now: datetime) -> bool:
        """Whether GitHub's clock and ours are too far apart for anything to be opened or closed."""
        return self.told_at is not None and abs(now - self.told_at) > APART

    def with_facts(self, facts: History) -> Product:
        grown = replace(self, history=(*self.history, *facts))
        if "standing" in vars(self):  # folded already: only what is new is
            vars(grown)["standing"] = extended(self.standing, facts)
        return grown

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
            case GateDecided():
                people.clear()
        people |= dict.fromkeys(last)
    return tuple(people | dict.fromkeys(product.people))


def secretaries(product: Product, policy: Policy) -> tuple[Account, ...]:
    """The secretariat today: its team, or the logins that the rules list; nobody while GitHub cannot tell the team."""
    committee, numbers = policy.committee, product.issue.numbers
    if committee.secretariat_team:
        return tuple(account(login, numbers) for login in sorted(product.issue.secretariat or ()))
    # A login listed in the rules is that of the account that bore it first; whoever took it since keeps nothing.
    first: dict[str, int] = {}
    for gate in product.standing.gates.values():
        for one in gate.secretariat or ():
            first.setdefault(one.login.lower(), one.id)
    today = (account(login, numbers) for login in committee.secretariat)
    return tuple(one for one in today if first.get(one.login.lower(), 0) in {0, one.id})
