"""The seats of a gate as its comments show them: what each said, and whom to ask while somebody is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product
from app.domain.publish.notices import SeatView
from app.domain.reading.text import clipped
from app.domain.session import voices

SHOWN_REASON = 600
"""Characters of a reason shown in a comment; the ballot's own comment holds the rest."""


def views(gate: GateRecord, hidden: frozenset[int] = frozenset()) -> tuple[SeatView, ...]:
    ballots, deleted = gate.counting, {ballot.fact.cause for ballot in gate.ballots if ballot.deleted}
    found = []
    for seat in gate.request.seats:
        rule, ballot = gate.request.rule, ballots.get(seat.id)
        silent = SeatView(seat.name, seat.logins, mandatory=seat.id in rule.mandatory, consent=seat.id in rule.consent)
        if ballot is None:
            found.append(silent)
            continue
        choice = "conditions" if ballot.conditions else ballot.choice
        reason = clipped(ballot.reason, SHOWN_REASON)
        said = replace(silent, choice=choice, by=ballot.by, reason=reason, deleted=ballot.cause in deleted)
        found.append(replace(said, hidden=ballot.comment in hidden))
    return tuple(found)


def with_absences(
    seen: tuple[SeatView, ...], gate: GateRecord, product: Product, policy: Policy, now: datetime
) -> tuple[SeatView, ...]:
    """At an open gate, whom to ask for the seats still silent whose first voice is away."""
    absences, today = product.around.absences, day_of(now, policy.timezone)
    if not (gate.is_open and absences):
        return seen
    found = []
    for view, seat in zip(seen, gate.request.seats, strict=True):
        gone = voices.away(seat.id, absences, today)
        first = seat.logins[0]
        if not view.choice and first.lower() in {one.login.lower() for one in gone}:
            view = replace(view, away=first, asked=voices.voices_to_ask(seat.logins, gone))  # noqa: PLW2901
        found.append(view)
    return tuple(found)
