"""What of each fact anybody may read for ever, and what is personal: logins, reasons, titles, numbers of comments.

People of a gate are ranks in its electorate, so that whoever reads the public part alone counts its votes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.product.accounts import Account
from app.domain.product.fact import Fact
from app.domain.product.fact_json import to_json
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    GateRequested,
    RecusalEnded,
)

ALWAYS = ("kind", "at")
PUBLIC: Mapping[str, tuple[str, ...]] = {
    "ProductLeft": ("how",),
    "ProductMoved": ("came_from",),
    "PhaseEntered": ("phase", "gate", "imported", "began"),
    "ItemAnswered": ("item", "answer", "source", "day", "private"),
    "ReuseAnswered": ("answer",),
    "GateRequested": (
        *("gate", "origin", "target", "policy", "rule", "deadline", "answers", "entry", "timezone", "quiet_until"),
        "rules",
    ),
    "AccountsBound": ("gate",),
    "BallotCast": ("gate", "seats", "choice", "said_at"),
    "RecusalEnded": ("gate",),
    "BallotVoided": ("gate",),
    "BallotOrphaned": ("gate",),
    "BallotAltered": ("gate", "how"),
    "GateDecided": (
        *("gate", "outcome", "go", "nogo", "abstain", "recused", "silent", "policy", "present", "counting", "held"),
    ),
    "DecisionRestored": ("gate", "how"),
    "GatePostponed": ("gate", "deadline", "timezone", "told"),
    "GateWithdrawn": ("gate", "came_from"),
    "ConditionAdded": ("number", "gate", "seat"),
    "ConditionLifted": ("number",),
    "DecisionRectified": ("gate", "was", "outcome", "present", "held", "dropped", "phase"),
    "LiftRectified": ("gate", "number"),
    "DecisionContested": ("gate", "held", "condition"),
    "DecisionOverridden": ("gate", "was", "outcome"),
    "ProductPaused": ("until", "timezone"),
    "CommandRefused": ("command", "reason"),
    "PersonalErased": ("facts",),
}
"""The fields of each kind that are public, beside its name and its moment; whatever is not listed is personal.

This is the first edition of the entries: a field that comes later is personal, or makes another edition.
"""
STRANGER = 0
"""The rank of somebody who had no seat at that gate."""


@dataclass(frozen=True, slots=True)
class Split:
    """One fact in two: what is sealed in clear, and what is sealed behind a commitment."""

    public: dict[str, Any]
    personal: dict[str, Any]


def split(fact: Fact, before: Sequence[Fact]) -> Split:
    """The parts of a fact; `before` are the product's facts until then, those sealed with their places in the log."""
    whole = to_json(replace(fact, sealed=None))
    shown = (*ALWAYS, *PUBLIC.get(whole["kind"], ()))
    public = {name: whole[name] for name in shown if name in whole}
    personal = {name: value for name, value in whole.items() if name not in public}
    return Split(public | dict(_derived(fact, before)), personal)


def _derived(fact: Fact, before: Sequence[Fact]) -> Iterator[tuple[str, Any]]:
    match fact:
        case GateRequested():
            yield from _electorate(fact)
        case BallotCast():
            yield "voter", _rank(fact.who, fact.gate, before)
            yield "reserves", len(fact.conditions)
        case BallotVoided() | BallotOrphaned() | BallotAltered():
            cast = _ballot(fact.gate, fact.comment, before)
            yield "voter", _rank(cast.who if cast else Account(fact.voter), fact.gate, before)
            if cast and cast.sealed:
                yield "ballot", cast.sealed.n
        case RecusalEnded(gate=int(gate)):
            yield "voter", _rank(fact.who, gate, before)


def _electorate(fact: GateRequested) -> Iterator[tuple[str, Any]]:
    ranks = _ranks(fact)
    yield (
        "electorate",
        [
            {"seat": seat.id, "name": seat.name, "voices": [ranks[login.lower()] for login in seat.logins]}
            for seat in fact.seats
        ],
    )
    yield "aside", sorted(ranks[login.lower()] for login in fact.recused if login.lower() in ranks)


def _ranks(fact: GateRequested) -> dict[str, int]:
    """The seated people in the order in which they are first named, from 1."""
    seated = dict.fromkeys(login.lower() for seat in fact.seats for login in seat.logins)
    return {login: rank for rank, login in enumerate(seated, start=1)}


def _rank(who: Account, gate: int, before: Sequence[Fact]) -> int:
    """Once the numbers of a gate's accounts are known, one that is not among them is a stranger, whatever its login."""
    request = next((one for one in before if isinstance(one, GateRequested) and one.gate == gate), None)
    if request is None:
        return STRANGER
    bound = [one for one in before if isinstance(one, AccountsBound) and one.gate == gate]
    accounts = [*request.accounts, *(account for one in bound for account in one.accounts)]
    name = who.login.lower()
    if who.id and accounts:
        name = next((one.login.lower() for one in accounts if one.id == who.id), "")
    return _ranks(request).get(name, STRANGER)


def _ballot(gate: int, comment: int, before: Sequence[Fact]) -> BallotCast | None:
    return next(
        (one for one in reversed(before) if isinstance(one, BallotCast) and (one.gate, one.comment) == (gate, comment)),
        None,
    )
