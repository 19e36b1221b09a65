"""Days are those of the committee's place: a deadline includes its day to the last minute, and every output shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.calendar import Week, cut_off, day_of, end_of, is_working_day, last_day, midnight
from app.domain.policy.later_fields import as_written
from app.domain.policy.model import TIMEZONE, Policy
from app.domain.product.facts import CommandRefused, GatePostponed, GateRequested
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product
from app.domain.publish.card_fields import DUE, wanted_fields
from app.domain.publish.comments import wanted_comments
from app.domain.publish.notices import GateView
from app.domain.publish.status import status
from app.domain.report.explanation import explain
from app.domain.report.indicators import duties
from app.domain.report.portfolio import Tracked, rows
from app.domain.report.reminders import is_time, reminders
from app.messages import MONTHS, explain_product, render
from app.reports import sheets
from tests.builders import AUTHOR, a_small_policy, played, ready, says

POLICY = a_small_policy()
PLACES = (TIMEZONE, "Indian/Reunion", "America/Martinique", "Pacific/Noumea")
TERM = timedelta(days=14)
READY = ready(POLICY)
ASKED = says(READY, AUTHOR, "/demande mvp")
OPENINGS = (
    (date(2026, 12, 1), "an ordinary day"),
    (date(2026, 3, 20), "summer time begins on 29 March"),
    (date(2026, 10, 12), "winter time begins on 25 October"),
    (date(2026, 3, 15), "the day of the deadline is that of the change"),
)


def rules(place: str) -> Policy:
    return replace(POLICY, timezone=place)


def opened(policy: Policy, moment: datetime) -> Product:
    product = played(ASKED, policy, moment)
    assert product.standing.open_gate
    return product


def the_gate(product: Product) -> GateRecord:
    gate = product.standing.open_gate
    assert gate
    return gate


def in_words(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS['fr'][day.month - 1]} {day.year}"


def worked(day: date) -> date:
    """That day, or the first one after it on which people work."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def days_shown(product: Product, policy: Policy, now: datetime) -> dict[str, str]:
    """The day of the deadline in every output that tells it."""
    notices = {one.key: one.notice for one in wanted_comments(product, policy, now)}
    view = notices["gate:1"]
    assert isinstance(view, GateView)
    found = rows([Tracked("dnum/produits", 1, "Portail", product.history)], policy, now + timedelta(seconds=1))
    (duty, *_) = duties(found, "data")
    late = the_gate(product).deadline - timedelta(hours=8)
    asked = [duty for due in reminders(found, policy, (), late) for duty in due.duties if duty.kind == "ballot"]
    csv = dict(zip((sheet := sheets.waiting([duty], policy)).columns, sheet.rows[0], strict=True))
    return {
        "the gate's comment": render(view, "fr", policy.timezone),
        "explain": explain_product(explain(product, policy, now), "fr", policy.timezone),
        "the first comment": in_words(status(product, policy, now).deadline or date.min),
        "the board": in_words(date.fromisoformat(str(wanted_fields(product, policy)[DUE]))),
        "the pages": in_words(duty.row.gate.last_day) if duty.row.gate else "",
        "the sheet": in_words(date.fromisoformat(csv["deadline"])),
        "the reminder": in_words(asked[0].due),
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hour", [time(0, 30), time(12), time(23, 59)])
@pytest.mark.parametrize("day", [day for day, _ in OPENINGS], ids=[why for _, why in OPENINGS])
def test_a_deadline_is_the_end_of_its_day_whatever_the_hour_of_opening(day: date, hour: time, place: str) -> None:
    policy, opening = rules(place), datetime.combine(day, hour, ZoneInfo(place)).astimezone(UTC)
    product = opened(policy, opening)
    limit = the_gate(product).deadline.astimezone(ZoneInfo(place))
    last = worked(day + TERM)
    assert (limit.date(), limit.time()) == (last + timedelta(days=1), time())
    shown = days_shown(product, policy, opening)
    assert {name: in_words(last) in text for name, text in shown.items()} == dict.fromkeys(shown, True), shown


@given(
    opening=st.integers(0, 2 * 365 * 24 * 60).map(
        lambda late: datetime(2026, 1, 6, tzinfo=UTC) + timedelta(minutes=late)
    ),
    place=st.sampled_from(PLACES),
)
def test_the_day_shown_is_the_day_of_opening_and_the_term_and_ballots_count_to_its_last_minute(
    opening: datetime, place: str
) -> None:
    policy = rules(place)
    product = opened(policy, opening)
    last = worked(day_of(opening, place) + TERM)
    shown = days_shown(product, policy, opening)
    assert all(in_words(last) in text for text in shown.values()), shown
    for hour, counts in ((time(23, 59), True), (time(0, 1), False)):
        day = last if counts else last + timedelta(days=1)
        said = datetime.combine(day, hour, ZoneInfo(place)).astimezone(UTC)
        voted = says(product, "data", "/go")
        (*before, ballot) = voted.issue.comments
        voted = replace(voted, issue=replace(voted.issue, comments=(*before, replace(ballot, at=said))))
        voted = played(voted, policy, said)
        assert bool(the_gate(voted).ballots) is counts
        if not counts:
            refused = voted.history[-1]
            assert isinstance(refused, CommandRefused)
            assert dict(refused.details) == {"deadline": last.isoformat()}


@pytest.mark.parametrize("place", PLACES)
def test_a_day_named_in_session_is_a_day_of_that_place(place: str) -> None:
    policy = rules(place)
    product = opened(policy, datetime(2026, 3, 2, 12, tzinfo=UTC))
    put_off = played(
        says(product, "secretariat", "/décision report au 5 avril 2026"), policy, datetime(2026, 3, 3, 12, tzinfo=UTC)
    )
    gate = the_gate(put_off)
    assert gate.deadline == midnight(date(2026, 4, 6), place)
    shown = days_shown(put_off, policy, datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert all("5 avril 2026" in text for text in shown.values()), shown


def test_a_gate_opened_by_a_former_version_keeps_its_instant_its_day_and_its_comment() -> None:
    """14 days to the minute, as it was; its fact and its comment are named by the digests they had."""
    product = opened(POLICY, datetime(2026, 12, 1, 14, 37, tzinfo=UTC))
    former = replace(the_gate(product).request, deadline=datetime(2026, 12, 15, 14, 37, tzinfo=UTC))
    history = tuple(former if isinstance(fact, GateRequested) else fact for fact in product.history)
    product = replace(product, history=history)
    assert "timezone" not in as_written(former)
    view = next(one.notice for one in wanted_comments(product, POLICY, former.at) if one.key == "gate:1")
    assert "ends_on" not in as_written(view)
    assert all("15 décembre 2026" in text for text in days_shown(product, POLICY, former.at).values())


def test_other_rules_move_no_deadline_already_set() -> None:
    opening = datetime(2026, 12, 1, 14, 37, tzinfo=UTC)
    product = opened(rules("Pacific/Noumea"), opening)
    shown = days_shown(product, rules("America/Martinique"), opening)
    assert {in_words(date(2026, 12, 16)) in text for text in shown.values()} == {True}, shown
    moved = played(
        says(product, "secretariat", "/décision report au 20 décembre"), rules("America/Martinique"), opening
    )
    assert isinstance(moved.history[-1], GatePostponed)
    assert the_gate(moved).last_day == date(2026, 12, 20)


def test_midnight_ends_the_day_before_it() -> None:
    for place in PLACES:
        for number in range(800):
            day = date(2026, 1, 1) + timedelta(days=number)
            assert last_day(end_of(day, place), place) == day
            assert day_of(end_of(day, place), place) == day + timedelta(days=1)


def test_weeks_the_cut_off_and_the_hours_of_reminders_are_those_of_the_place() -> None:
    noumea = rules("Pacific/Noumea")
    assert Week(2026, 48).start(noumea.timezone) == datetime(2026, 11, 22, 13, tzinfo=UTC)
    assert cut_off(date(2026, 11, 24), noumea) == datetime(2026, 11, 23, 13, tzinfo=UTC)
    morning = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # Tuesday, half past nine there; Monday night in Paris
    assert is_time(noumea, morning)
    assert not is_time(POLICY, morning)
