"""The moment a command belongs to: the gate and the phase that were open when its comment was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.asked import Asked
from app.domain.ballots import CHOICES
from app.domain.commands import (
    WORDS,
    Abstain,
    CloseGate,
    Command,
    Go,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    RequestGate,
    TakenInSession,
    Tick,
    Untick,
    Withdraw,
    key_of,
)
from app.domain.facts import BallotCast, CommandRefused, ItemAnswered, comment_of
from app.domain.product import Product, Standing

OF_A_MOMENT = (RequestGate, Withdraw, Tick, Untick, NotApplicable, Lift, CloseGate)
"""Votes and decisions taken in session are held to the gate they are about, whose opening tells who may decide."""


def is_past(asked: Asked, product: Product) -> bool:
    """Whether a gate opened or ended, or the phase changed, since the comment of a command was written.

    GitHub lets anybody mend an old comment: what it asked for then, nobody asks for today.
    """
    gate = next(reversed(product.standing.gates.values()), None)
    if gate is None or not isinstance(asked.command, OF_A_MOMENT):
        return False
    return asked.is_older_than(gate.withdrawal or gate.decision or gate.request)


def is_settled(command: Command, comment: int, state: Standing) -> bool:
    """Whether a comment obtained this already: its free text may be mended, and nothing is asked anew.

    A vote may be rewritten as long as its gate is open: what it says then replaces what it said.
    """
    match command:
        case Withdraw() | CloseGate():
            ends = [fact for gate in state.gates.values() for fact in (gate.withdrawal, gate.decision)]
            return any(fact is not None and comment_of(fact.cause) == comment for fact in ends)
        case TakenInSession(outcome="later"):
            later = [fact for gate in state.gates.values() for fact in gate.postponements]
            return any(comment_of(fact.cause) == comment for fact in later)
        case TakenInSession():
            taken = [gate.decision for gate in state.gates.values() if gate.decision]
            return any(comment_of(fact.cause) == comment and fact.outcome == command.outcome for fact in taken)
        case Lift():
            lifted = [one.lifted for one in state.conditions.values() if one.lifted]
            return any(comment_of(fact.cause) == comment and str(fact.number) == command.number for fact in lifted)
        case Go() | NoGo() | Abstain() | Recuse():
            return any(_said(ballot) == _meant(command) for ballot in _past_ballots(comment, state))
        case _:
            return False


def is_reworded(asked: Asked, product: Product) -> bool:
    """Whether an edited comment says what it obtained already: by another word for it, or with its reason mended.

    The reason of a point that does not apply is shown, so it may be mended as long as its phase is that of today.
    """
    command = asked.command
    if not asked.comment or asked.edited_at is None or isinstance(command, Go | NoGo | Abstain | Recuse):
        return False
    mine = [fact for fact in product.history if comment_of(fact.cause) == asked.comment]
    obtained = [fact for fact in mine if not isinstance(fact, CommandRefused)]
    known = {fact.cause.split(":")[2] for fact in obtained}
    same = [command]
    if isinstance(command, NotApplicable) and is_past(asked, product):
        same += [replace(command, reason=fact.reason) for fact in obtained if isinstance(fact, ItemAnswered)]
    return bool(known) and any(key_of(word, one) in known for one in same for word in WORDS)


def _past_ballots(comment: int, state: Standing) -> Iterator[BallotCast]:
    """What a comment said at gates that are over; a recusal holds from its first word."""
    for gate in state.gates.values():
        for ballot in gate.ballots:
            if ballot.fact.comment == comment and (not gate.is_open or ballot.fact.choice == "recuse"):
                yield ballot.fact


def _said(ballot: BallotCast) -> tuple[str, bool]:
    return ballot.choice, bool(ballot.conditions)


def _meant(vote: Go | NoGo | Abstain | Recuse) -> tuple[str, bool]:
    return CHOICES[type(vote)], isinstance(vote, Go) and bool(vote.conditions)
