"""The 240 real products taken over on one day: their digests tell their true dates, and nothing that was not known."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pytest

from app.cli.importing import DEFAULT
from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product import imported
from app.domain.report.digest import digest
from app.domain.report.portfolio import Tracked, rows
from app.importing.mapping import read_mapping
from app.importing.rows import decoded, read_table
from app.shipped_files import default_policy
from tests.real_portfolio import FILE, real_products

POLICY = default_policy()
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
WEEK = Week.of(day_of(NOW, TIMEZONE))


@pytest.fixture(scope="module")
def taken():
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here")
    mapping = read_mapping(DEFAULT.read_text(encoding="utf-8"), POLICY)
    table = read_table(decoded(FILE.read_bytes()), mapping, POLICY, NOW.date())
    return [
        Tracked("dnum/produits", number, one.title, imported.facts(one, POLICY, NOW, "jalon"))
        for number, one in enumerate(table.products, start=1)
    ]


LATER = WEEK.plus(18)
"""The grace of every phase is over."""


def quiet_by_the_file(days, today):
    """Titles without a date in the file for so long, worked out in another way; ended products aside."""
    found = set()
    with FILE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            parts = [part.split("|") for part in line["phases"].split(";")]
            told = [day for _, *dates in parts for day in dates if day and day <= NOW.date().isoformat()]
            if (today - datetime.fromisoformat(max(told)).date()).days >= days:
                found.add(line["titre"].strip())
    return found


def test_the_week_of_the_import_counts_none_of_them_as_new_or_awake(taken):
    found = digest(taken, POLICY, WEEK, NOW + timedelta(hours=1))
    assert found.total == 240
    assert found.is_empty
    assert (found.new, found.moves, found.decisions) == ((), (), ())
    assert (found.stalled, found.unseen, found.slow) == ((), (), ()), "no alert on the day after a takeover"


def test_after_its_grace_a_product_is_told_asleep_as_its_file_says_and_none_that_is_in_service(taken):
    weeks = POLICY.follow_up.stalled_weeks
    timed = {phase.id for phase in POLICY.phases if POLICY.exits(phase.id) and weeks[phase.id]}
    phases = {one.title: imported.reached(one.history[0].past, POLICY, NOW.date()).phase for one in taken}
    found, today = digest(taken, POLICY, LATER, LATER.end(TIMEZONE)), day_of(LATER.end(TIMEZONE), TIMEZONE)
    expected = {
        title for phase in timed for title in quiet_by_the_file(7 * weeks[phase], today) if phases[title] == phase
    }
    assert {line.product.title for line in found.stalled} == expected
    assert len(expected) > 10
    assert max(line.days for line in found.stalled) > 365
    assert "generalisation" not in {phases[line.product.title] for line in (*found.stalled, *found.slow)}


def test_a_week_before_the_import_does_not_know_them(taken):
    before = digest(taken, POLICY, WEEK.plus(-1), NOW)
    assert (before.total, before.stalled, before.trend[-1].total) == (0, (), 0)


def test_time_in_phase_is_that_of_the_file(taken):
    found = digest(taken, POLICY, LATER, LATER.end(TIMEZONE))
    began = {one.title: one.history[1].began for one in taken}
    end = day_of(LATER.end(TIMEZONE), TIMEZONE)
    told = {one.title: one.days for one in rows(taken, POLICY, LATER.end(TIMEZONE))}
    assert told == {title: (end - day_of(moment or NOW, TIMEZONE)).days for title, moment in began.items()}
    usual = {line.id: line.usual_days for line in found.phases if line.usual_days}
    assert set(usual) >= {"idee", "construction"}, "known from the phases left before the import"
    assert 30 < usual["idee"] < 365 < usual["construction"] < 1500


def test_the_trend_says_of_each_week_what_its_own_digest_said(taken):
    """A phase that began lately in the file is no news here, the week of the import nor any other."""
    for back in range(-3, 6):
        week = WEEK.plus(back)
        now = max(NOW, week.end(TIMEZONE))
        found = digest(taken, POLICY, week, now)
        assert found.new == ()
        assert sum(line.arrived for line in found.phases) == 0
        for told in found.trend:
            own = digest(taken, POLICY, told.week, now)
            assert (told.total, told.counts) == (own.total, own.counts), (week, told.week)


@pytest.mark.slow
def test_over_fourteen_years_each_week_agrees_with_the_one_before_it():
    """The week before, as a digest tells it, is what that week's own digest tells; what came and left adds up."""
    products = real_products(POLICY)
    first = Week.of(min(one.history[0].at for one in products).date())
    last, week, own = Week.of(NOW.date()), first.plus(1), digest(products, POLICY, first, NOW)
    while week <= last:
        found = digest(products, POLICY, week, NOW)
        assert (found.before.total, found.before.counts, found.before.phases) == (
            own.total,
            own.counts,
            tuple({line.id: line.products for line in own.phases}.get(line.id, 0) for line in found.phases),
        ), week
        former = {line.id: line.products for line in own.phases}
        for line in found.phases:
            assert line.products == former.get(line.id, 0) + line.arrived - line.left, (week, line.id)
        own, week = found, week.plus(1)
