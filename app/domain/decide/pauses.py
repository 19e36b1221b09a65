"""Pausing a product, of which nothing is asked meanwhile, and resuming it: asked for, or come with its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.decide.answers import may_manage
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of, end_of, last_day
from app.domain.policy.model import Policy
from app.domain.product.facts import Fact
from app.domain.product.second_thought_facts import ProductPaused, ProductResumed
from app.domain.product.state import Product
from app.domain.reading import dates
from app.domain.reading.commands import Command, Pause, Resume

Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]
LONGEST = timedelta(days=3 * 366)
"""A pause of more than three years is a slip, or the end of a product."""


@dataclass(frozen=True)
class EndPause(Command):
    """Asked by the calendar, once the last day of a pause is over."""


def pause_ends(product: Product) -> Iterator[Request]:
    """What time alone may ask of a paused product."""
    state = product.standing
    if state.paused and state.paused.until:
        yield Request(EndPause(), "", f"pause:{state.pauses}:over")


def over_before(asked: Request, product: Product) -> tuple[Request, ...]:
    """A request made after the last day of a pause must find the product as that day left it."""
    paused = product.standing.paused
    is_after = paused is not None and paused.until is not None and asked.is_later_than(paused.until)
    return tuple(pause_ends(product)) if is_after else ()


def _pause(asked: Request, command: Pause, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    state = product.standing
    if state.paused:
        until = state.paused.until
        day = last_day(until, state.paused.timezone).isoformat() if until else ""
        return [asked.refused(now, Reason.PAUSED_ALREADY, until=day)]
    if state.open_gate:
        return [asked.refused(now, Reason.PAUSE_GATE, target=policy.phase(state.open_gate.request.target).name)]
    phase = policy.phase(state.phase or policy.entry.id)
    if policy.is_final(phase.id):
        return [asked.refused(now, Reason.NO_EXIT, origin=phase.name)]
    if not command.reason:
        return [asked.refused(now, Reason.PAUSE_REASON)]
    until = _end(command.until, policy, now)
    if command.until and until is None:
        return [asked.refused(now, Reason.UNREAD_DAY, name="pause", words=command.until, written="", near="")]
    return [ProductPaused(**asked.note(now), reason=command.reason, until=until, timezone=policy.timezone)]


def _end(said: str, policy: Policy, now: datetime) -> datetime | None:
    """The end of the last day of the pause; None where none was named, or none that may be meant."""
    named = dates.resolved_day(said, day_of(now, policy.timezone)) if said else ""
    end = end_of(date.fromisoformat(named), policy.timezone) if named else None
    return end if end and now < end < now + LONGEST else None


def _resume(asked: Request, command: Resume, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    if not product.standing.paused:
        return [asked.refused(now, Reason.NOT_PAUSED)]
    return [ProductResumed(**asked.note(now), reason=command.reason)]


def _end_pause(asked: Request, command: EndPause, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    paused = product.standing.paused
    is_due = paused is not None and paused.until is not None and now >= paused.until
    return [ProductResumed(**asked.note(now))] if is_due and not product.is_doubted(now) else []


DECIDERS: Mapping[type[Command], Decider] = {Pause: _pause, Resume: _resume, EndPause: _end_pause}
