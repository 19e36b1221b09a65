"""A present as text, and back: read by thousands for one page, so each part is a list in the order of its fields."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.domain.product.facts import PastPhase, Point
from app.domain.product.state import Stay
from app.domain.report.present import (
    Electorate,
    GateStory,
    Present,
    PutOff,
    SeatAwaited,
    StandingCondition,
    Takeover,
    Waiting,
    canonical_json,
)
from app.domain.report.reuse_told import ReuseTold
from app.domain.report.second_thought_story import PauseStory, SecondThoughtStory


def to_text(one: Present) -> str:
    """The same text for equal values."""
    electorates = list(dict.fromkeys(canonical_json(gate.seats) for gate in one.gates))
    return canonical_json(
        [
            [one.title, one.people, one.needs, one.direction, one.author, one.left],
            [[_iso(taken.at), [_past(phase) for phase in taken.past]] for taken in one.takeovers],
            [[stay.phase, _iso(stay.since)] for stay in one.stays],
            canonical_json(sorted(one.settled)),
            electorates,
            [_gate(gate, electorates) for gate in one.gates],
            [[*_words(condition), _iso(condition.since)] for condition in one.conditions],
            [[_iso(moment) for moment in pair] for pair in one.lifted],
            [_iso(one.acted), _iso(one.last)],
            _waited(one.waiting) if one.waiting else None,
            one.opening,
            one.days,
            [[told.ref, told.name, told.door, told.awaits, told.answer, *_moments(told)] for told in one.reuse],
            [_iso(one.paused.since), one.paused.until, one.paused.reason] if one.paused else None,
        ]
    )


def from_text(text: str) -> Present:
    """What `to_text` wrote; another text raises KeyError, TypeError, ValueError or RecursionError."""
    said, taken, stays, settled, seats, gates, conditions, lifted, moments, waiting, opening, *rest = json.loads(text)
    days, reuse, paused = rest
    title, people, needs, direction, author, left = said
    seated, (acted, last) = tuple(map(_electorate, seats)), moments
    return Present(
        title=title,
        people=_shared(people),
        needs=_shared(needs),
        direction=direction,
        author=sys.intern(author),
        left=left,
        takeovers=tuple(Takeover(_moment(at), tuple(PastPhase(*phase) for phase in past)) for at, past in taken),
        stays=tuple(Stay(rank, sys.intern(phase), _moment(at)) for rank, (phase, at) in enumerate(stays, start=1)),
        settled=_items(settled),
        gates=tuple(_gate_of(seated, *gate) for gate in gates),
        conditions=tuple(_condition_of(*condition) for condition in conditions),
        lifted=tuple((_moment(begun), _moment(ended)) for begun, ended in lifted),
        acted=_moment(acted) if acted else None,
        last=_moment(last) if last else None,
        waiting=_waiting_of(*waiting) if waiting else None,
        opening=opening,
        days=tuple((sys.intern(item), day) for item, day in days),
        reuse=tuple(_reuse_of(*told) for told in reuse),
        paused=PauseStory(_moment(paused[0]), paused[1], paused[2]) if paused else None,
    )


def _moments(one: ReuseTold) -> tuple[str | None, str | None]:
    return _iso(one.shown), _iso(one.answered)


def _reuse_of(
    ref: str, name: str, door: str, awaits: bool, answer: str, shown: str | None, answered: str | None
) -> ReuseTold:
    moments = (_moment(text) if text else None for text in (shown, answered))
    at, said = moments
    return ReuseTold(sys.intern(ref), sys.intern(name), sys.intern(door), at, awaits, sys.intern(answer), said)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


def _shared(words: Iterable[str]) -> tuple[str, ...]:
    """Names come again in every product: each is kept in memory once."""
    return tuple(map(sys.intern, words))


def _past(phase: PastPhase) -> list[str]:
    return [phase.name, phase.phase, phase.began, phase.ended]


def _words(one: StandingCondition) -> list[Any]:
    return [one.number, one.text, one.seat, one.owner, one.due]


def _condition_of(number: int, text: str, seat: str, owner: str, due: str, since: str) -> StandingCondition:
    return StandingCondition(number, text, sys.intern(seat), sys.intern(owner), due, _moment(since))


@lru_cache(maxsize=4096)
def _items(text: str) -> frozenset[str]:
    """Many products have the same items behind them."""
    return frozenset(map(sys.intern, json.loads(text)))


@lru_cache(maxsize=1024)
def _electorate(text: str) -> Electorate:
    """Committees change less often than gates open."""
    return tuple((sys.intern(seat), sys.intern(name)) for seat, name in json.loads(text))


def _gate(gate: GateStory, electorates: list[str]) -> list[Any]:
    return [
        [gate.number, gate.origin, gate.target, _iso(gate.asked), gate.outcome, _iso(gate.ended)],
        [gate.go, gate.nogo, *gate.counted],
        gate.present,
        [[point.seat, point.text] for point in gate.reasons],
        [[_iso(one.at), one.reason] for one in gate.put_off],
        electorates.index(canonical_json(gate.seats)),
        gate.voices,
        gate.first,
        [[one.kind, _iso(one.at), one.outcome, one.by, one.why, one.condition] for one in gate.second_thoughts],
    ]


def _gate_of(
    seated: tuple[Electorate, ...],
    moves: list[Any],
    figures: list[int],
    present: list[str],
    reasons: list[list[str]],
    put_off: list[list[str]],
    seats: int,
    voices: str,
    first: str,
    second_thoughts: list[list[Any]],
) -> GateStory:
    number, origin, target, asked, outcome, ended = moves
    go, nogo, for_it, against = figures
    return GateStory(
        number,
        sys.intern(origin),
        sys.intern(target),
        _moment(asked),
        sys.intern(outcome),
        _moment(ended) if ended else None,
        go,
        nogo,
        (for_it, against),
        _shared(present),
        tuple(Point(sys.intern(seat), text) for seat, text in reasons),
        tuple(PutOff(_moment(at), reason) for at, reason in put_off),
        seated[seats],
        sys.intern(voices),
        sys.intern(first),
        tuple(_second_of(*one) for one in second_thoughts),
    )


def _second_of(kind: str, at: str, outcome: str, by: str, why: str, condition: int) -> SecondThoughtStory:
    return SecondThoughtStory(sys.intern(kind), _moment(at), sys.intern(outcome), sys.intern(by), why, condition)


def _waited(one: Waiting) -> list[Any]:
    awaited = [[seat.id, seat.name, seat.mandatory] for seat in one.awaited]
    return [
        [one.gate, one.target, _iso(one.since), _iso(one.deadline), one.last_day.isoformat()],
        [one.spoken, one.quorum],
        awaited,
        one.recused,
        one.concerned,
    ]


def _waiting_of(
    gate: list[Any], count: list[int], awaited: list[list[Any]], recused: list[str], concerned: list[str]
) -> Waiting:
    number, target, since, deadline, last_day = gate
    spoken, quorum = count
    return Waiting(
        gate=number,
        target=sys.intern(target),
        since=_moment(since),
        days=0,
        deadline=_moment(deadline),
        last_day=date.fromisoformat(last_day),
        overdue=False,
        spoken=spoken,
        quorum=quorum,
        awaited=tuple(SeatAwaited(*seat) for seat in awaited),
        recused=_shared(recused),
        concerned=_shared(concerned),
    )
