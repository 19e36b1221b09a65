"""Every product of a portfolio as it stood at one moment: what the digest, the pages and the exports all show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import takewhile
from typing import Protocol

from app.domain.policy.calendar import day_of, midnight
from app.domain.policy.model import Policy
from app.domain.product.facts import History
from app.domain.report.present import Present, StandingCondition, Waiting, present

MONTH = timedelta(days=30.4375)


class ReportedProduct(Protocol):
    """A product as a report reads it: where it is, its name and the support it asks for now, and how it stood."""

    @property
    def repository(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    @property
    def history(self) -> History: ...

    def as_of(self, moment: datetime) -> Present:
        """How it stood just before a moment."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A product with its history in hand."""

    repository: str
    number: int
    title: str
    history: History
    needs: tuple[str, ...] = ()

    def as_of(self, moment: datetime) -> Present:
        return present(until(self.history, moment))


@dataclass(frozen=True, slots=True)
class KeptProduct:
    """A product whose present was kept; its history is read only to look at a moment that came before the last fact."""

    repository: str
    number: int
    present: Present
    read: Callable[[], History] = field(repr=False, compare=False)

    @property
    def title(self) -> str:
        return self.present.title

    @property
    def needs(self) -> tuple[str, ...]:
        return self.present.needs

    @property
    def history(self) -> History:
        return self.read()

    def as_of(self, moment: datetime) -> Present:
        if self.present.last is None or self.present.last < moment:
            return self.present
        return present(until(self.history, moment))


@dataclass(frozen=True, slots=True)
class Condition:
    """An open condition; `due` is a day, when its text gave one."""

    number: int
    text: str
    seat: str
    owner: str
    due: str
    overdue: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product at one moment. Times in phase are whole days, as they pass in the committee's place."""

    repository: str
    number: int
    title: str
    direction: str
    author: str
    phase: str
    since: datetime
    days: int
    entered: datetime
    active: bool
    """False in a phase that nothing leaves."""
    state: str
    """gate, paused, conditions, refused, stalled, ended, or steady: the first that holds."""
    actor: str
    """Who acts next: committee, secretariat, team, or nobody."""
    gate: Waiting | None
    conditions: tuple[Condition, ...]
    last_activity: datetime
    last_seen: datetime | None
    """When the committee last opened or closed a gate of this product."""
    stalled: bool
    unseen: bool
    is_timed: bool
    """Whether time may count against it: not where products are in service, nor just after it was taken over."""
    needs: tuple[str, ...]
    done: int
    total: int
    required_left: int
    standing: Present = field(repr=False, compare=False)
    history: Callable[[], History] = field(default=tuple, repr=False, compare=False)
    """Read of the few products of which a paper tells more than their present."""


def until(history: History, moment: datetime) -> History:
    """What was known just before a moment."""
    return tuple(takewhile(lambda fact: fact.at < moment, history))


def _known(product: ReportedProduct, moment: datetime) -> History:
    return until(product.history, moment)


def rows(products: Iterable[ReportedProduct], policy: Policy, at: datetime) -> tuple[ProductRow, ...]:
    """The portfolio as known at a moment; a product that had not entered any phase yet is not in it."""
    look = Look(policy, at)
    found = (look.row(product) for product in products)
    return tuple(one for one in found if one is not None)


def row(product: ReportedProduct, policy: Policy, at: datetime) -> ProductRow | None:
    """One product, or None before it entered its first phase, and once it is followed no longer."""
    return Look(policy, at).row(product)


class Look:
    """One moment under one set of rules: what time and the rules add to the present of each product."""

    def __init__(self, policy: Policy, at: datetime) -> None:
        self._policy, self._at, self._place = policy, at, policy.timezone
        self._today = day_of(at, self._place)
        self._day = self._today.isoformat()
        self._items, self._direction = cache(policy.checklist), cache(policy.direction)
        self._is_active = cache(lambda phase: bool(policy.exits(phase)))

    def row(self, product: ReportedProduct) -> ProductRow | None:
        told = product.as_of(self._at)
        stay = told.stay
        if stay is None or told.left:
            return None
        items = self._items(stay.phase)
        open_items = [item for item in items if item.id not in told.settled]
        active, waiting = self._is_active(stay.phase), self._waiting(told.waiting) if told.waiting else None
        last_activity = max(self._moments(told), default=stay.since)
        last_seen = _last_seen(told)
        patience = timedelta(weeks=self._policy.follow_up.weeks(stay.phase))
        came = told.imported.at if told.imported else told.stays[0].since
        is_timed = active and not told.paused and bool(patience) and (not told.imported or self._at - came >= patience)
        stalled = is_timed and not waiting and self._at - last_activity >= patience
        unseen_since = last_seen or came
        return ProductRow(
            repository=product.repository,
            number=product.number,
            title=product.title,
            direction=self._direction(told.direction),
            author=told.author,
            phase=stay.phase,
            since=stay.since,
            days=(self._today - day_of(stay.since, self._place)).days,
            entered=told.stays[0].since,
            active=active,
            state=_state(told, active, stalled),
            actor=_actor(waiting, active and not told.paused),
            gate=waiting,
            conditions=tuple(map(self._condition, told.conditions)),
            last_activity=last_activity,
            last_seen=last_seen,
            stalled=stalled,
            is_timed=is_timed,
            unseen=active
            and not told.paused
            and self._at - unseen_since >= self._policy.follow_up.unseen_months * MONTH,
            needs=product.needs,
            done=len(items) - len(open_items),
            total=len(items),
            required_left=sum(item.required for item in open_items),
            standing=told,
            history=partial(_known, product, self._at),
        )

    def _moments(self, told: Present) -> Iterator[datetime]:
        """When somebody did something; a product taken over has the last date that its former follow-up told."""
        if told.acted:
            yield told.acted
        for taken in told.takeovers:
            dates = (day for past in taken.past for day in (past.began, past.ended))
            known = [day for day in dates if day and day <= day_of(taken.at, self._place).isoformat()]
            yield midnight(date.fromisoformat(max(known)), self._place) if known else taken.at

    def _waiting(self, gate: Waiting) -> Waiting:
        days = (self._today - day_of(gate.since, self._place)).days
        return replace(gate, days=days, overdue=self._at >= gate.deadline)

    def _condition(self, one: StandingCondition) -> Condition:
        overdue = bool(one.due) and one.due < self._day
        return Condition(one.number, one.text, one.seat, one.owner, one.due, overdue, one.since)


def _last_seen(told: Present) -> datetime | None:
    """When the committee last opened a gate, or decided at one."""
    seen = [moment for gate in told.gates for moment in (gate.asked, gate.decided) if moment]
    return max(seen, default=None)


def _state(told: Present, active: bool, stalled: bool) -> str:
    if told.waiting:
        return "gate"
    if told.paused:
        return "paused"
    if told.conditions:
        return "conditions"
    if not active:
        return "ended"
    if _last_outcome(told) == "nogo":
        return "refused"
    return "stalled" if stalled else "steady"


def _last_outcome(told: Present) -> str:
    """The last decision taken on a product, or nothing."""
    return next((gate.outcome for gate in reversed(told.gates) if gate.decided), "")


def _actor(waiting: Waiting | None, active: bool) -> str:
    """A gate past its deadline is the secretariat's to close; one still open is the committee's to answer."""
    if waiting:
        return "secretariat" if waiting.overdue else "committee"
    return "team" if active else "nobody"
