"""`decide` writes history: what one request adds to it, under the policy, at a given moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.decide import (
    answers,
    ballots,
    departures,
    evidence,
    late_entry,
    manual_changes,
    openings,
    pace,
    pauses,
    reuse,
    second_thoughts,
    session_decision,
    session_elsewhere,
)
from app.domain.decide.answers import may_manage
from app.domain.decide.moments import ended_gate, is_past
from app.domain.decide.reasons import Reason
from app.domain.decide.request import (
    BindAccounts,
    Describe,
    FileProduct,
    NoteAlteration,
    NoteDeletion,
    NoteRestoration,
    Request,
    RequestEntry,
    Review,
    SpeakThrough,
    VoidBallot,
)
from app.domain.policy.model import Phase, Policy
from app.domain.product import gates, issue_form, refused_points
from app.domain.product.accounts import Account, account
from app.domain.product.facts import (
    AccountsBound,
    Fact,
    GateWithdrawn,
    HelpAsked,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
)
from app.domain.product.state import Product, secretaries
from app.domain.reading.commands import (
    Abstain,
    CloseGate,
    Command,
    Contest,
    Doubtful,
    Go,
    Help,
    Lift,
    MoveCard,
    NoGo,
    Override,
    Rectify,
    Recuse,
    RequestGate,
    TakenInSession,
    Unknown,
    Unrecuse,
    Withdraw,
)

BY_THE_CLOCK = (
    *(RequestGate, RequestEntry, MoveCard, Withdraw, CloseGate, TakenInSession),
    *(Rectify, Contest, Override),
)
"""Commands that open or close a gate, besides the ballot that settles it and the deadline."""
BARE = RequestGate()
"""What a card or a form asks: it says nothing of the points refused before."""
Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]


def decide(asked: Request, product: Product, policy: Policy, now: datetime) -> tuple[Fact, ...]:
    """The facts a request adds; nothing when the history already answers it. Pure: same arguments, same facts."""
    if asked.cause in product.standing.causes:
        return ()
    if pace.waits(asked.command, product, now) or pace.is_unheard(asked, product, now):
        return ()
    if pace.is_over_pace(asked, product, now):
        return () if asked.tampered_by else (asked.refused(now, Reason.TOO_MANY_TODAY, most=pace.MOST_A_DAY),)
    if asked.tampered_by:
        return (asked.refused(now, Reason.TAMPERED, editor=asked.tampered_by),)
    if gate := ended_gate(asked, product):
        number, outcome = gate.request.gate, gate.outcome or "withdrawn"
        origin, target = policy.phase(gate.request.origin).name, policy.phase(gate.request.target).name
        return (asked.refused(now, Reason.DECIDED, number=number, outcome=outcome, origin=origin, target=target),)
    if is_past(asked, product):
        return (asked.refused(now, Reason.OTHER_MOMENT),)
    return tuple(DECIDERS[type(asked.command)](asked, asked.command, product, policy, now))


def is_put_off(product: Product, requests: tuple[Request, ...], policy: Policy, now: datetime) -> bool:
    """Whether something is left undecided because GitHub's clock and ours differ too much."""
    if not product.is_doubted(now):
        return False
    sure = product.seen_as(told_at=None)
    return len(answer_all(sure, requests, policy, now).history) > len(product.history)


def _waits(asked: Request, product: Product, policy: Policy, now: datetime) -> bool:
    """Whether a request opens or closes a gate, or follows what closed one."""
    gate, sure = product.standing.open_gate, product.seen_as(told_at=None)
    is_settled = gate is not None and bool(decide(ballots.review(gate), sure, policy, now))
    return is_settled or (isinstance(asked.command, BY_THE_CLOCK) and asked.cause not in product.standing.causes)


def answer_all(product: Product, requests: tuple[Request, ...], policy: Policy, now: datetime) -> Product:
    """The product once every request has been answered in order, each seeing what the former ones decided."""
    for asked in requests:
        if product.is_doubted(now) and _waits(asked, product, policy, now):
            break  # put off, not refused: the next turn finds it again, with all that follows
        for due in _due_before(asked, product):
            product = product.with_facts(decide(due, product, policy, now))
        fresh = decide(asked, product, policy, now)
        product = product.with_facts(fresh)
        product = product.with_facts(reuse.sought(fresh, product, policy, now))
    return product


def _due_before(asked: Request, product: Product) -> tuple[Request, ...]:
    """A request made after the deadline must find the gate as the deadline left it: decide the deadline first."""
    gate = product.standing.open_gate
    if gate and asked.is_later_than(gate.deadline):
        return (ballots.review(gate),)
    return pauses.over_before(asked, product)


def _file(asked: Request, command: FileProduct, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    given = issue_form.answers(product.issue.body, policy.questions)
    note = asked.note(now)
    return [
        ProductFiled(**note, title=product.issue.title, answers=tuple(given.items())),
        PhaseEntered(**note, phase=policy.entry.id),
    ]


def _describe(asked: Request, command: Describe, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    return [
        ProductDescribed(
            **asked.note(now),
            title=command.title,
            people=command.people,
            needs=command.needs,
            accounts=_numbered(command.people, product),
            answers=command.answers,
        )
    ]


def _numbered(logins: Iterable[str], product: Product) -> tuple[Account, ...]:
    """Accounts with their ids; none while GitHub gives no id: only logins are then recorded."""
    numbers = product.issue.numbers
    return tuple(account(login, numbers) for login in logins) if numbers else ()


def _bind(asked: Request, command: BindAccounts, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Ids from the present team, then from the authors of ballots already cast; other logins stay without one."""
    gate = product.standing.open_gate
    if gate is None:
        return []
    numbers, team = product.issue.numbers, product.issue.team or frozenset()
    spoken = {comment.id: comment.author_id for comment in product.issue.comments}
    found = {one.fact.by.lower(): spoken.get(one.fact.comment, 0) for one in gate.ballots}
    seated = {login.lower() for seat in gate.request.seats for login in seat.logins}
    found |= {name: numbers[name] for name in seated & team if name in numbers}
    keepers = secretaries(product, policy)
    found |= {one.login.lower(): one.id for one in keepers}
    accounts = tuple(Account(name, number) for name, number in sorted(found.items()) if number)
    names = tuple(one.login for one in keepers)
    return [AccountsBound(**asked.note(now), gate=gate.request.gate, accounts=accounts, secretariat=names)]


def _request(asked: Request, command: RequestGate, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    origin = product.standing.phase or policy.entry.id
    exits = policy.exits(origin)
    names = ", ".join(policy.phase(gate.to).name for gate in exits)
    named = [phase for word in command.below if (phase := policy.phase_called(word))]
    if any(phase != named[0] for phase in named):
        return [_asked_phase(asked, ", ".join(phase.name for phase in named), "", named[0], now)]
    if command.target or named:
        phase = named[0] if named else policy.phase_called(command.target)
        if phase is None:
            return [_unknown_phase(asked, command.target, names, policy, now)]
    elif exits:
        phase = policy.phase(exits[0].to)
    else:
        return [asked.refused(now, Reason.NO_EXIT, origin=policy.phase(origin).name)]
    return _request_phase(asked, phase, product, policy, now, command)


def _unknown_phase(asked: Request, word: str, exits: str, policy: Policy, now: datetime) -> Fact:
    """A phase that does not exist. In « MVP dès que possible » the first words name one, and the others are asked
    about.
    """
    said = word.split()
    for end in range(len(said) - 1, 0, -1):
        if phase := policy.phase_called(" ".join(said[:end])):
            return _asked_phase(asked, " ".join(said[end:]), f" {word}", phase, now)
    return asked.refused(now, Reason.UNKNOWN_PHASE, word=word, exits=exits)


def _asked_phase(asked: Request, words: str, written: str, near: Phase, now: datetime) -> Fact:
    return asked.refused(
        now, Reason.UNREAD, name="request", words=words, written=f"/demande{written}", near=near.name.lower()
    )


def _request_entry(
    asked: Request, command: RequestEntry, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """The form says so no longer, or the product has moved on: nothing is asked any more."""
    phase = policy.phase(command.target)
    return _request_phase(asked, phase, product, policy, now) if late_entry.gate(product, policy, phase) else []


def _request_phase(
    asked: Request, phase: Phase, product: Product, policy: Policy, now: datetime, said: RequestGate = BARE
) -> list[Fact]:
    """Open the gate to a phase, or say everything that stands in the way."""
    standing = product.standing
    origin = policy.phase(standing.phase or policy.entry.id)
    if standing.open_gate:
        under_way = policy.phase(standing.open_gate.request.target)
        return [asked.refused(now, Reason.GATE_OPEN, target=under_way.name)]
    if refusal := second_thoughts.is_paused(asked, product, policy, now):
        return [refusal]
    gate = openings.gate_to(phase, product, policy)
    if gate is None:
        names = ", ".join(policy.phase(exit_gate.to).name for exit_gate in policy.exits(origin.id))
        reason = Reason.SAME_PHASE if phase == origin else Reason.ILLEGAL_MOVE
        return [asked.refused(now, reason, origin=origin.name, target=phase.name, exits=names)]
    who = gates.electorate(product, policy, asked.who, now, gate.rule.deadline_days)
    obstacles, points = (
        gates.blockers(product, gate, policy, who, said.changes),
        gates.to_revisit(product, gate, policy),
    )
    if obstacles or who is None:
        told = {"points": len(points)} if points else {}
        return [asked.refused(now, Reason.BLOCKED, obstacles, origin=origin.name, target=phase.name, **told)]
    if said.doubt and not points:
        return [_asked_phase(asked, said.doubt, "", phase, now)]
    changes = refused_points.answered(points, said.changes)
    return [replace(openings.opening(asked, gate, origin, product, policy, who, now), revisit=points, changes=changes)]


def _move_card(asked: Request, command: MoveCard, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """A card moved by the product's people asks for that gate; a card in its own column asks for nothing."""
    if command.target == product.standing.phase:
        return []
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    if not command.target:
        return [asked.refused(now, Reason.UNKNOWN_COLUMN, column=command.column)]
    return _request_phase(asked, policy.phase(command.target), product, policy, now)


def _withdraw(asked: Request, command: Withdraw, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    gate = product.standing.open_gate
    if gate is None:
        return [asked.refused(now, Reason.NO_OPEN_GATE)]
    return [GateWithdrawn(**asked.note(now), gate=gate.request.gate, reason=command.reason)]


def _help(asked: Request, command: Help, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    return [HelpAsked(**asked.note(now), comment=asked.comment)]


def _unknown(asked: Request, command: Unknown, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    return [asked.refused(now, Reason.UNKNOWN_COMMAND, word=command.word, suggestion=command.suggestion)]


def _doubtful(asked: Request, command: Doubtful, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """What was not understood for certain is asked about, and nothing else."""
    if session_elsewhere.is_of_session(command):
        return session_elsewhere.decide_elsewhere(asked, command, product, policy, now)
    name, words, written, near = command.name, command.words, command.written, command.near
    return [asked.refused(now, command.why, name=name, words=words, written=written, near=near)]


def _through(asked: Request, command: SpeakThrough, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Nobody knows what a person saw of the words that an App wrote for them."""
    return [asked.refused(now, Reason.OTHER_APP, app=command.app)]


DECIDERS: Mapping[type[Command], Decider] = {
    FileProduct: _file,
    Describe: _describe,
    RequestGate: _request,
    RequestEntry: _request_entry,
    MoveCard: manual_changes.capped(_move_card),
    Withdraw: _withdraw,
    CloseGate: ballots.decide_close,
    TakenInSession: session_decision.decide_session,
    Go: ballots.decide_vote,
    NoGo: ballots.decide_vote,
    Abstain: ballots.decide_vote,
    Recuse: ballots.decide_vote,
    Unrecuse: ballots.decide_unrecuse,
    VoidBallot: ballots.decide_void,
    NoteDeletion: ballots.decide_deletion,
    NoteAlteration: evidence.decide_alteration,
    NoteRestoration: evidence.decide_restoration,
    Review: ballots.decide_review,
    BindAccounts: _bind,
    Lift: ballots.decide_lift,
    **answers.DECIDERS,
    **reuse.DECIDERS,
    **session_elsewhere.DECIDERS,
    **second_thoughts.DECIDERS,
    **pauses.DECIDERS,
    Help: _help,
    Unknown: _unknown,
    Doubtful: _doubtful,
    SpeakThrough: _through,
    departures.Return: departures.decide_return,
    departures.LeaveCommittee: departures.decide_leave,
    **manual_changes.DECIDERS,
}
