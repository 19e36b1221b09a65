"""The moment a command belongs to: the gate and phase that were open when its comment was written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.decide.ballots import CHOICES
from app.domain.decide.request import Request
from app.domain.product import former_readings
from app.domain.product.facts import BallotCast, CommandRefused, GateRequested, ItemAnswered, comment_id_of
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import Product, ProductState
from app.domain.reading.commands import (
    WORDS,
    Abstain,
    AnswerItem,
    CloseGate,
    Command,
    Confirm,
    Contest,
    Go,
    Lift,
    NoGo,
    NotApplicable,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Recuse,
    RequestGate,
    Resume,
    TakenInSession,
    Tick,
    Untick,
    Withdraw,
    command_key,
)

OF_A_MOMENT = (
    *(RequestGate, Withdraw, Tick, Untick, NotApplicable, AnswerItem, Confirm, Lift, CloseGate),
    *(Rectify, RectifyLift, Contest, Override, Pause, Resume),
)
"""Commands checked against their own gate, since its opening says who may give them."""


THOUGHTS: Mapping[type[Command], str] = {
    Rectify: DecisionRectified.__name__,
    RectifyLift: LiftRectified.__name__,
    Contest: DecisionContested.__name__,
    Override: DecisionOverridden.__name__,
    Pause: ProductPaused.__name__,
    Resume: ProductResumed.__name__,
}
"""The fact that each obtains, once for its comment."""


def is_past(asked: Request, product: Product) -> bool:
    """Whether a gate opened or closed, or the phase changed, since the command's comment was written.

    GitHub lets anybody edit an old comment: what it asked for then is no longer asked today.
    """
    gate = next(reversed(product.standing.gates.values()), None)
    if gate is None or not isinstance(asked.command, OF_A_MOMENT):
        return False
    return asked.is_older_than(gate.ending or gate.request)


def is_settled(command: Command, comment: int, state: ProductState) -> bool:
    """Whether a comment already obtained this: its free text may be corrected, and nothing is asked anew.

    A vote may be edited while its gate is open: the new text replaces the old.
    """
    match command:
        case Withdraw() | CloseGate():
            return type(command) in {ended_by(gate) for gate in _ended_in(comment, state)}
        case TakenInSession(outcome="later"):
            later = [fact for gate in state.gates.values() for fact in gate.postponements]
            return any(comment_id_of(fact.cause) == comment for fact in later)
        case TakenInSession():
            taken = [gate.decision for gate in state.gates.values() if gate.decision]
            return any(comment_id_of(fact.cause) == comment and fact.outcome == command.outcome for fact in taken)
        case Lift():
            lifted = [one.lifted for one in state.conditions.values() if one.lifted]
            return any(comment_id_of(fact.cause) == comment and str(fact.number) == command.number for fact in lifted)
        case Go() | NoGo() | Abstain() | Recuse():
            return any(_said(ballot) == _meant(command) for ballot in _past_ballots(comment, state))
        case _:
            return (THOUGHTS.get(type(command), ""), comment) in state.thought


def _ended_in(comment: int, state: ProductState) -> Iterator[GateRecord]:
    """The gates that were ended by a command of this comment."""
    for gate in state.gates.values():
        end = gate.withdrawal or gate.decision
        if end and comment_id_of(end.cause) == comment:
            yield gate


def ended_by(gate: GateRecord) -> type[Command]:
    """The command that ended a gate."""
    if gate.withdrawal:
        taken_back = Withdraw(gate.withdrawal.reason)
        words = {command_key(word, taken_back) for word in WORDS}
        return Withdraw if gate.withdrawal.cause.split(":")[2] in words else CloseGate
    if gate.decision and gate.decision.present:
        return TakenInSession
    votes = {ballot.fact.cause for ballot in gate.ballots}
    return Go if gate.decision and gate.decision.cause in votes else CloseGate


def ended_gate(asked: Request, product: Product) -> GateRecord | None:
    """The gate, ended since, that an edited comment was about: the new text changes nothing to it."""
    about = (Go, NoGo, Abstain, Recuse, TakenInSession, CloseGate, Withdraw)
    if asked.edited_at is None or not asked.comment or not isinstance(asked.command, about):
        return None
    state = product.standing
    spoken = [
        gate for gate in state.gates.values() if any(ballot.fact.comment == asked.comment for ballot in gate.ballots)
    ]
    found = [gate for gate in (*spoken, *_ended_in(asked.comment, state)) if not gate.is_open]
    return None if state.open_gate or not found else max(found, key=lambda gate: gate.request.gate)


def replaced(causes: Sequence[str], said: Collection[str]) -> set[str]:
    """The keys a comment had before an edit gave it others; `said` are today's.

    « /coche 1 » edited into « /décoche 1 », then back: this is said anew, and is not the command already answered.
    """
    found: set[str] = set()
    before: set[str] = set()
    for cause in causes:
        key = cause.split(":")[2]
        if key not in said and former_readings.is_of_edit(cause):
            found |= before - {key}
        found.discard(key)
        before.add(key)
    return found


def is_reworded(asked: Request, product: Product, said: Collection[str]) -> bool:
    """Whether an edited comment asks for what it already obtained: with another word, or a corrected reason.

    The reason why an item does not apply is shown, so it may be corrected while the phase is the same.
    """
    command = asked.command
    if not asked.comment or asked.edited_at is None or isinstance(command, Go | NoGo | Abstain | Recuse):
        return False
    mine = [fact for fact in product.history if comment_id_of(fact.cause) == asked.comment]
    obtained = [fact for fact in mine if not isinstance(fact, CommandRefused)]
    known = {fact.cause.split(":")[2] for fact in obtained} - replaced([fact.cause for fact in mine], said)
    same = [command]
    if isinstance(command, NotApplicable) and is_past(asked, product):
        same += [replace(command, reason=fact.reason) for fact in obtained if isinstance(fact, ItemAnswered)]
    if isinstance(command, RequestGate):  # what it said of the points refused was kept with the gate it opened
        told = [fact.changes for fact in obtained if isinstance(fact, GateRequested)]
        same += [replace(command, changes=changes) for texts in told for changes in _as_written(texts)]
    return bool(known) and any(command_key(word, one) in known for one in same for word in WORDS)


def _as_written(changes: tuple[str, ...]) -> Iterator[tuple[tuple[int, str], ...]]:
    """How a request may have said what changed on each point: nothing, by numbers, or without the only number."""
    yield ()
    if changes:
        yield tuple(enumerate(changes, start=1))
        yield ((0, changes[0]),)


def _past_ballots(comment: int, state: ProductState) -> Iterator[BallotCast]:
    """What a comment said at gates that are over; a recusal holds from its first version."""
    for gate in state.gates.values():
        for ballot in gate.ballots:
            if ballot.fact.comment == comment and (not gate.is_open or ballot.fact.choice == "recuse"):
                yield ballot.fact


def _said(ballot: BallotCast) -> tuple[str, bool]:
    return ballot.choice, bool(ballot.conditions)


def _meant(vote: Go | NoGo | Abstain | Recuse) -> tuple[str, bool]:
    return CHOICES[type(vote)], isinstance(vote, Go) and bool(vote.conditions)
