"""Who is to be reminded of what: one mention at most per person and week, when a duty falls due or changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.policy.calendar import Week, day_of, is_working_day
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import SeatAtGate
from app.domain.product.gate_record import GateRecord
from app.domain.report.agenda import previous_session
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.report_lines import Ref, ref
from app.domain.session import voices
from app.domain.session.model import Absence

EVENING = 19
"""Hour there after which nobody is disturbed."""
WEEK_DAYS = 7
AGAIN_WEEKS = 4
"""A duty left undone falls due again after this long."""
ORDER = ("ballot", "closing", "condition", "expiry", "team")
EXPIRY_NOTICE = timedelta(days=60)
"""Before what expires does: renewing an accreditation takes weeks."""
"""What others wait for comes first."""


@dataclass(frozen=True)
class Duty:
    """What one person has to do on one product, and when it fell or falls due.

    `kind` is ballot, closing (a gate past its deadline, the secretariat's), condition, expiry or team. `stage` tells
    one moment of a duty from the next: a duty told at the same stage before is no reason to speak again.
    """

    kind: str
    product: Ref
    due: date
    late: bool
    stage: str
    since: date
    """The day on which this stage began."""
    target: str = ""
    seats: tuple[str, ...] = ()
    condition: int = 0
    text: str = ""
    pressing: bool = True
    """False for duties due within the week: listed in a reminder, but they do not trigger one."""
    weeks: int = 0
    """Weeks without activity, or since a condition without a day of its own was set."""
    item: int = 0
    """The number of the item whose answer expires; `target` is its id."""

    @property
    def key(self) -> str:
        where = f"{self.product.repository}#{self.product.number}"
        return f"{self.kind}:{where}:{self.target}{self.condition}:{self.stage}"

    @property
    def urgency(self) -> tuple[int, date, str, int, int]:
        product = self.product
        return ORDER.index(self.kind), self.due, product.repository, product.number, self.condition


@dataclass(frozen=True)
class Sent:
    """A reminder sent: to whom (in lower case), in which week, and the keys of the duties it told."""

    person: str
    week: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class DueReminder:
    """A reminder to send: all the person's duties, the most urgent first, on the product of that one."""

    person: str
    duties: tuple[Duty, ...]


def is_time(policy: Policy, now: datetime) -> bool:
    """Whether people may be disturbed now: a working day, at a civil hour, in a week in which the committee sits."""
    here, rules = now.astimezone(ZoneInfo(policy.timezone)), policy.follow_up.reminders
    sits = str(Week.of(here.date())) not in policy.committee.weeks_off
    return rules.enabled and sits and is_working_day(here.date()) and rules.hour <= here.hour < EVENING


def reminders(
    found: Iterable[ProductRow],
    policy: Policy,
    sent: Iterable[Sent],
    now: datetime,
    bots: Collection[str] = (),
    began: date = date.min,
    absences: Collection[Absence] = (),
) -> tuple[DueReminder, ...]:
    """The reminders to send now; one sent in the same week, whatever the product, silences the person's others.

    While somebody is away from a seat, whoever stands in is reminded of its ballots in their place.

    What was due before reminders `began` is told with the rest, and is no reason to speak.
    """
    week = str(Week.of(day_of(now, policy.timezone)))
    served, told = set[str](), defaultdict[str, set[str]](set)
    for one in sent:
        told[one.person].update(one.keys)
        served |= {one.person} if one.week == week else set()
    spared = served | {login.lower() for login in (*policy.follow_up.reminders.never, *bots)}
    spelt: dict[str, str] = {}
    duties: dict[str, set[Duty]] = defaultdict(set)
    for row in found:
        for person, duty in _duties(row, policy, now, absences):
            spelt.setdefault(person.lower(), person)
            duties[person.lower()].add(duty)

    def has_news(person: str) -> bool:
        return any(duty.pressing and duty.since >= began and duty.key not in told[person] for duty in duties[person])

    return tuple(
        DueReminder(spelt[person], tuple(sorted(duties[person], key=lambda duty: duty.urgency)))
        for person in sorted(duties)
        if person not in spared and has_news(person)
    )


def _duties(
    row: ProductRow, policy: Policy, now: datetime, absences: Collection[Absence]
) -> Iterator[tuple[str, Duty]]:
    """Every duty of a product that is due or nearly so, with each person who has it."""
    if row.standing.paused:
        return  # nothing is asked of it, nor of those who owe it something
    record = row.standing.open_gate
    if record:
        yield from _at_gate(row, record, policy, now, absences)
    team = team_of(row)
    for condition in row.conditions:
        duty = _condition(row, condition, policy, day_of(now, policy.timezone))
        if duty:
            yield from ((person, duty) for person in ([condition.owner] if condition.owner else team))
    for expiry in _expiries(row, policy, day_of(now, policy.timezone)):
        yield from ((person, expiry) for person in team)
    weeks, patience = (now - row.last_activity) // timedelta(weeks=1), policy.follow_up.weeks(row.phase)
    if row.actor == "team" and row.is_timed and weeks >= patience:
        since, times = day_of(row.last_activity, policy.timezone), weeks // patience
        due, again = (since + timedelta(weeks=patience * n) for n in (1, times))
        idle = Duty("team", ref(row), due, late=True, stage=f"{since}+{times}", since=again, weeks=weeks)
        yield from ((person, idle) for person in team)


def _expiries(row: ProductRow, policy: Policy, today: date) -> Iterator[Duty]:
    """What expires soon, then what has expired: told once each, on the days before and after."""
    days = dict(row.standing.days)
    for number, item in enumerate(policy.checklist(row.phase), start=1):
        if not (item.expires and item.id in days):
            continue
        last = date.fromisoformat(days[item.id])
        late, near = last < today, last - EXPIRY_NOTICE
        if late or near <= today:
            since = last + timedelta(days=1) if late else near
            stage = f"{last}+" if late else f"{last}-"
            yield Duty("expiry", ref(row), last, late, stage, since, item.id, text=item.text, item=number)


def team_of(row: ProductRow) -> tuple[str, ...]:
    """Those who answer for the product: the people it is assigned to, else its author."""
    author, *assigned = row.standing.people or ("",)
    return tuple(login for login in (assigned or [author]) if login)


def _at_gate(
    row: ProductRow, record: GateRecord, policy: Policy, now: datetime, absences: Collection[Absence]
) -> Iterator[tuple[str, Duty]]:
    """The silent seats until the deadline; after it their ballots no longer count, and the gate is to be closed."""
    today, deadline, late = day_of(now, policy.timezone), record.last_day, now >= record.deadline
    target, stage = policy.phase(record.request.target).name, _stage(deadline, today, late=late)
    asked = day_of(record.request.at, policy.timezone)
    if late:
        since = max(_began(deadline, today, policy, late=late), asked)
        closing = Duty("closing", ref(row), deadline, late, stage, since, target)
        yield from ((person, closing) for person in keepers_of(record, policy))
        return
    near = _asked_from(record, policy)
    if (near - today).days >= WEEK_DAYS:
        return
    silent = set(gates.tally(record).silent)
    seats: dict[str, list[str]] = defaultdict(list)
    for seat in record.request.seats:
        for person in _voices(seat, record, policy, today, absences) if seat.id in silent else ():
            seats[person].append(seat.name)
    for person, names in seats.items():
        ballot = Duty("ballot", ref(row), deadline, late, stage, max(near, asked), target, tuple(names))
        yield person, replace(ballot, pressing=near <= today)


def keepers_of(record: GateRecord, policy: Policy) -> tuple[str, ...]:
    """Who may close this gate: those of its opening, whatever the team or the list has become; else those listed.

    Of a list, those who left it since are not called; a team that was not read calls nobody.
    """
    listed = policy.committee.secretariat
    if record.secretariat is None or (listed and not policy.committee.secretariat_team):
        return listed
    return tuple(one.login for one in record.secretariat)


def _asked_from(record: GateRecord, policy: Policy) -> date:
    """Some days before the deadline; no later than the working day before a session that would come in between."""
    rules, last = policy.follow_up.reminders, record.last_day
    usual = last - timedelta(days=rules.days_before)
    session = previous_session(policy.committee, last + timedelta(days=1))
    if session is None or session < usual or _working_day(usual, 1) < session:
        return usual
    return _working_day(session - timedelta(days=1), -1)


def _working_day(day: date, step: int) -> date:
    """That day, or the nearest one after (or before) on which people may be disturbed."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def _voices(
    seat: SeatAtGate, record: GateRecord, policy: Policy, today: date, absences: Collection[Absence]
) -> tuple[str, ...]:
    """Whom to ask for a seat's vote: its holder; who stands in, or its substitutes, while the holder is away or has
    recused.
    """
    allowed = {login.lower() for login in seat.logins} - record.recused
    if gone := voices.away(seat.id, absences, today):
        return voices.voices_to_ask((login for login in seat.logins if login.lower() in allowed), gone)
    held = policy.seat(seat.id)
    here = tuple(login for login in (held.members(today) if held else ()) if login.lower() in allowed)
    return here[:1] if held and here and here[0] == held.holder else here


def _condition(row: ProductRow, condition: Condition, policy: Policy, today: date) -> Duty | None:
    """One without a day of its own falls due again and again while it stays open."""
    if condition.due:
        due, weeks = date.fromisoformat(condition.due), 0
        late, left = due < today, _days_left(due, today, policy)
    else:
        since = day_of(condition.since, policy.timezone)
        due, weeks = since + timedelta(weeks=AGAIN_WEEKS), (today - since) // timedelta(weeks=1)
        late, left = today >= due, (due - today).days
    if left >= WEEK_DAYS or not (condition.due or late):
        return None
    return Duty(
        "condition",
        ref(row),
        due,
        late,
        _stage(due, today, late=late),
        max(_began(due, today, policy, late=late), day_of(condition.since, policy.timezone)),
        condition=condition.number,
        text=condition.text,
        pressing=left <= 0,
        weeks=weeks,
    )


def _stage(due: date, today: date, *, late: bool) -> str:
    """Before the day; once it is past, a new stage every few weeks."""
    return f"{due}+{(today - due) // timedelta(weeks=AGAIN_WEEKS)}" if late else f"{due}-"


def _began(due: date, today: date, policy: Policy, *, late: bool) -> date:
    """The day on which the stage it is at began."""
    times = (today - due) // timedelta(weeks=AGAIN_WEEKS)
    if late:
        return due + times * timedelta(weeks=AGAIN_WEEKS)
    return due - timedelta(days=policy.follow_up.reminders.days_before)


def _days_left(due: date, today: date, policy: Policy) -> int:
    """Days until the duty is near; negative or null once it is."""
    return (due - today).days - policy.follow_up.reminders.days_before
