"""What the register keeps: one frozen value per thing that happened to a product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.later_fields import later
from app.domain.policy.model import Rule
from app.domain.product.accounts import Account
from app.domain.product.fact import Fact as Fact  # noqa: PLC0414 - read from here, with the facts themselves
from app.domain.reading.conditions import ConditionText

LONGEST_NUMBER = 18
"""Digits of the largest number GitHub gives a comment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductFiled(Fact):
    title: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PastPhase:
    """A phase as the former follow-up told it: its own name, ours, and its dates as written, empty when unknown."""

    name: str
    phase: str
    began: str = ""
    ended: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductImported(Fact):
    """A product taken over from a former follow-up, with what it told; this committee decided none of it."""

    key: str
    title: str
    source: str = ""
    past: tuple[PastPhase, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    shown: tuple[tuple[str, str], ...] = later(())
    """What else it told, by title: the site, the source code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductLeft(Fact):
    """The product is followed here no longer: its issue was a duplicate, was deleted, or transferred (`to`)."""

    how: str
    to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductReturned(Fact):
    """Its issue, closed as a duplicate, was opened again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductMoved(Fact):
    """Its issue came from another repository; `comments` gives the number each had when it was answered."""

    comments: tuple[tuple[int, int], ...] = ()
    came_from: str = later("")
    """The repository whose committee followed it until then; empty when it is this one, or not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductDescribed(Fact):
    """What the issue says of the product once it differs from what was known: title, people, support asked for."""

    title: str
    people: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = later(())
    """The same people with the numbers of their accounts."""
    answers: tuple[tuple[str, str], ...] = later(())
    """The answers of the form that differ from those known, empty where one was erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseEntered(Fact):
    """`gate` is the number of the gate that decided it; none for a newly filed product, or an imported one.

    `began` is when an `imported` product entered the phase, if the former follow-up told.
    """

    phase: str
    gate: int | None = None
    imported: bool = False
    began: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAnswered(Fact):
    """`answer` is done, open, or na (with its reason); `text` what answers the item, nothing for a tick.

    `source` is comment, form or page; `day` the day (ISO) that the text of an item of days gives. `private`: the rules
    gave the item to one seat alone.
    """

    item: str
    answer: str
    reason: str = ""
    text: str = later("")
    source: str = later("")
    day: str = later("")
    private: bool = later(False)


@dataclass(frozen=True, slots=True)
class SeatAtGate:
    """A seat as it stood when the gate opened: its name and the logins that may speak for it, holder first."""

    id: str
    name: str
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point raised by a seat: the reason of a no-go, or the text of a condition."""

    seat: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GateRequested(Fact):
    """Opens a gate and freezes what will rule it: policy version, electorate, vote rule, checklist answers."""

    gate: int
    origin: str
    target: str
    policy: str
    rule: Rule
    seats: tuple[SeatAtGate, ...]
    concerned: tuple[str, ...]
    deadline: datetime
    answers: tuple[tuple[str, str], ...] = ()
    entry: bool = False
    """Whether the gate confirms the phase in which a new product asks to enter."""
    revisit: tuple[Point, ...] = ()
    accounts: tuple[Account, ...] = later(())
    """The number of each account named here, by its login of the opening: a rename changes nothing to who may vote."""
    secretariat: tuple[str, ...] | None = later(None)
    """Who may close it or record its session; None in what former versions opened."""
    timezone: str = later("Europe/Paris")
    """The place whose day `deadline` falls in."""
    texts: tuple[tuple[str, str], ...] = later(())
    """The item of each text shown at the opening, and the cause of the fact that gave it."""
    changes: tuple[str, ...] = later(())
    """What has changed on each point of `revisit`, in order; empty in what former versions opened."""
    recused: tuple[str, ...] = later(())
    """Logins of the seated people whose recusal at a former gate holds: they do not vote until they take it back."""
    contest: str = later("")
    """The grounds on which the refusal of this very move was contested; `revisit` then asks nothing of the team."""
    quiet_until: datetime | None = later(None)  # noqa: RUF009 - a field, not a value
    """Before this moment, the end of the next session, a no-go by ballots is neither counted closed nor published."""
    rules: str = later("")
    """The whole SHA-256 of the text of the rules, of which `policy` is the beginning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountsBound(Fact):
    """Numbers the accounts of a gate that a former version opened by logins alone; from then on, logins say nothing."""

    gate: int
    accounts: tuple[Account, ...] = ()
    secretariat: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotCast(Fact):
    """`choice` is go, nogo, abstain or recuse; a go with conditions is a go whose `conditions` are not empty."""

    gate: int
    seats: tuple[str, ...]
    choice: str
    reason: str = ""
    conditions: tuple[ConditionText, ...] = ()
    comment: int = 0
    digest: str = ""
    said_at: datetime | None = later(None)  # noqa: RUF009 - a field, not a value
    """When its comment was written, by GitHub's clock; None in what former versions kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecusalEnded(Fact):
    """A person took their recusal back: they vote again on this product. `gate` was open then, if one was."""

    gate: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotVoided(Fact):
    """The comment that held the ballot was edited by somebody else, or by its author into words in doubt (`by`).

    The ballot no longer counts.
    """

    gate: int
    comment: int
    voter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotOrphaned(Fact):
    """The comment that held the ballot was deleted: the ballot is kept and the deletion noted."""

    gate: int
    comment: int
    voter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotAltered(Fact):
    """The comment that held the ballot says something else since: `how` is edited or emptied, `by` whoever did it.

    The ballot keeps its meaning; only what became of its evidence is noted, once.
    """

    gate: int
    comment: int
    voter: str
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GateDecided(Fact):
    """`outcome` is go or nogo; the figures are those of the moment of closing.

    A decision taken in session names the seats `present`, and holds the `reason` and `conditions` given there.
    `counting` is the edition of the way ballots are counted: a decision is shown for ever as it was counted.
    """

    gate: int
    outcome: str
    go: int
    nogo: int
    abstain: int
    recused: int
    silent: int
    policy: str
    present: tuple[str, ...] = ()
    reason: str = ""
    conditions: tuple[ConditionText, ...] = ()
    counting: int = later(0)
    excused: tuple[str, ...] = later(())
    """Seats excused from that session, by name, and other people as the secretariat named them."""
    held: str = later("")
    """Day of that session (ISO), when the secretariat told it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionRestored(Fact):
    """The comment that published the decision was edited by another account (`by`), or deleted, and was put back."""

    gate: int
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GatePostponed(Fact):
    """The committee put its decision off in session; the gate stays open, with its ballots, until `deadline`."""

    gate: int
    deadline: datetime
    reason: str = ""
    timezone: str = later("Europe/Paris")
    told: bool = later(False)
    """Whether a comment of its own tells it; those of former versions had none, and get none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateWithdrawn(Fact):
    """The gate closed without a decision: the request was taken back, or the secretariat closed it."""

    gate: int
    reason: str = ""
    came_from: str = later("")
    """The repository of the committee that the product has left, when that closed the gate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionAdded(Fact):
    number: int
    gate: int
    seat: str
    author: str
    condition: ConditionText


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionLifted(Fact):
    number: int
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a gate cannot open yet; `kind` says which, the rest makes the sentence precise."""

    kind: str
    number: int = 0
    text: str = ""
    owner: str = ""
    seat: str | None = later(None)
    """Who set a condition: a seat's name, empty for the session; None in what former versions kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandRefused(Fact):
    """A person's request that could not be granted: which command, why, and the words that make the reply precise."""

    command: str
    reason: str
    comment: int = 0
    details: tuple[tuple[str, str], ...] = ()
    blockers: tuple[Blocker, ...] = ()
    group: str = ""
    """Refusals of one group share one answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpAsked(Fact):
    comment: int


History = tuple[Fact, ...]


def comment_id_of(cause: str) -> int:
    """The id of the comment that caused a fact, 0 when none did."""
    kind, _, rest = cause.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "comment" and number.isdecimal() and len(number) <= LONGEST_NUMBER else 0
