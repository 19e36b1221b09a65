"""Reminders sent: one mention per person and week at most, whatever dies, fails or runs twice; and none is lost."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product.issue import Comment, Issue
from app.engine import open_database
from app.engine.reminders import BEGAN, Reminders
from app.engine.schedules import Schedules
from app.github import markers
from app.github.client import LaterError, NotFoundError
from app.github.errors import WaitError
from app.store.key_values import KeyValues
from app.store.register import Register
from app.store.reminder_log import ReminderLog
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life

POLICY = a_small_policy()
MONDAY = datetime(2026, 6, 8, 6, 0, tzinfo=UTC)
FAULTS = ("dies before", "dies after", "answer lost", "refused", "limit", "gone", "broken")


class Death(BaseException):
    """The process, killed."""


class FakeGitHub:
    """Keeps comments; `faults` are what befalls the next ones, None for nothing."""

    bot = "jalon[bot]"

    def __init__(self, clock):
        self.clock, self.comments, self.faults, self.forged = clock, [], [], []

    def requester(self, repository):
        return repository

    def graphql(self, _requester, operation, _accept, *, number, **_):
        """Whose comment it is, GitHub tells by itself: forged ones bear our name."""
        assert operation == "latest_comments"
        found = [(text, True) for _, on, text in self.comments if on == number]
        told = [{"body": text, "viewerDidAuthor": ours} for text, ours in (*found, *self.forged)]
        return {"repository": {"issue": {"comments": {"nodes": told}}}}

    def rest(self, _requester, _verb, path, body=None):
        number = int(path.split("/")[5])
        fault = self.faults.pop(0) if self.faults else None
        if fault == "dies before":
            raise Death
        if fault in {"limit", "refused"}:
            raise (WaitError if fault == "limit" else LaterError)(fault, 60)
        if fault == "gone":
            raise NotFoundError(path)
        if fault == "broken":
            raise RuntimeError(fault)
        self.comments.append((self.clock(), number, body["body"]))
        if fault == "dies after":
            raise Death
        if fault == "answer lost":
            raise LaterError("no answer", 1)
        return {}, {}


class Rules:
    def of(self, _repository):
        return POLICY


class Hall:
    """Jalon's database, a GitHub and a clock; as many workers as wanted."""

    def __init__(self, url="sqlite://", began="2026-01-01"):
        self.now = MONDAY
        self.database = open_database(url)
        self.hub = FakeGitHub(lambda: self.now)
        self.register, self.reminder_log = Register(self.database), ReminderLog(self.database)
        if began:
            KeyValues(self.database).set(f"{BEGAN}{REPOSITORY}", began)
        self.worker = Reminders(
            self.hub,
            Rules(),
            self.register,
            KeyValues(self.database),
            self.reminder_log,
            lambda: self.now,
            "https://github.example",
        )

    def add(self, life):
        self.register.append(f"I_{life.number}", (REPOSITORY, life.number), 0, tuple(life.facts), "d")

    def works(self):
        with suppress(Death, LaterError):
            self.worker.run()

    def mentions(self):
        """How often each person was mentioned in each week, by the comments themselves."""
        found = Counter()
        for at, _, text in self.hub.comments:
            found[text.split(",")[0].removeprefix("@"), str(Week.of(day_of(at, TIMEZONE)))] += 1
        return found


@pytest.fixture
def hall():
    one = Hall()
    yield one
    one.database.dispose()


def waiting(number=1, day="2026-06-01"):
    return Life(POLICY, f"Produit {number}", number).filed("2026-01-05").asked(day, "mvp")


def test_each_person_gets_one_comment_on_their_most_urgent_product(hall):
    hall.add(waiting(1, "2026-05-29"))
    hall.add(waiting(2, "2026-05-28").vote("2026-06-02", "data"))
    hall.add(Life(POLICY, "Endormi", 3).filed("2026-01-05"))
    for hours in range(24 * 5):
        hall.now = MONDAY + timedelta(hours=hours)
        hall.works()
    people = ("techno", "secu", "design", "data", "cheffe-produit", "secretariat")
    assert hall.mentions() == {(who, "2026-W24"): 1 for who in people}
    where = {text.split(",")[0]: number for _, number, text in hall.hub.comments}
    assert where == {"@techno": 2, "@secu": 2, "@design": 2, "@data": 1, "@cheffe-produit": 3, "@secretariat": 2}
    techno = next(text for _, _, text in hall.hub.comments if text.startswith("@techno"))
    assert techno.count("@") == 1
    assert "[Produit 1](https://github.example/dnum/produits/issues/1)" in techno
    days = {text.split(",")[0]: day_of(at, TIMEZONE).isoformat() for at, _, text in hall.hub.comments}
    assert days == {f"@{who}": "2026-06-08" for who in people} | {"@secretariat": "2026-06-12"}
    assert {at.hour for at, _, _ in hall.hub.comments} == {7}, "nine o'clock in Paris"
    # The week after, nothing is new: no ballot counts any more, and the secretariat was told.
    hall.now = MONDAY + timedelta(days=7, hours=2)
    hall.works()
    assert set(hall.mentions().values()) == {1}
    assert {who for who, week in hall.mentions() if week == "2026-W25"} == {"secretariat"}


def test_an_old_portfolio_wakes_nobody_on_the_first_day_and_only_what_falls_due_from_then_on():
    hall = Hall(began="")
    hall.add(waiting(1, "2026-05-04"))  # its deadline passed on 18 May
    hall.add(waiting(2, "2026-06-01").vote("2026-06-02", "data"))  # near on Friday 12 June
    hall.add(Life(POLICY, "Endormi", 3).filed("2026-01-05"))
    while hall.now < MONDAY + timedelta(days=4):
        hall.works()
        hall.now += timedelta(hours=1)
    assert hall.mentions() == {}
    hall.now += timedelta(hours=4)
    hall.works()
    assert hall.mentions() == {(who, "2026-W24"): 1 for who in ("techno", "secu", "design")}
    ((number, techno),) = [(number, text) for _, number, text in hall.hub.comments if text.startswith("@techno")]
    assert number == 2
    assert "Produit 1" not in techno, "its ballots count no more"
    hall.now += timedelta(days=3)
    hall.works()  # four weeks after the first deadline, it is late once more
    assert {who for who, week in hall.mentions() if week == "2026-W25"} == {"secretariat"}
    hall.database.dispose()


def test_a_product_github_no_longer_shows_passes_its_turn(hall):
    hall.add(waiting(1, "2026-05-27"))
    hall.add(waiting(2, "2026-05-28"))
    hall.now, hall.hub.faults = MONDAY + timedelta(hours=2), ["gone"]
    hall.works()
    assert set(hall.mentions().values()) == {1}
    assert {text.split(",")[0]: number for _, number, text in hall.hub.comments} == {
        "@data": 2,
        "@design": 1,
        "@secu": 1,
        "@techno": 1,
    }


def test_one_who_cannot_be_mentioned_does_not_keep_the_others_silent(hall, caplog):
    hall.add(waiting(1, "2026-05-28"))
    hall.now, hall.hub.faults = MONDAY + timedelta(hours=2), ["broken"]
    hall.works()
    assert sum(hall.mentions().values()) == 3
    assert "a reminder could not be sent" in caplog.text


def test_a_comment_forged_by_a_person_settles_no_doubt(hall):
    hall.add(waiting(1, "2026-05-28"))
    hall.now, hall.hub.faults = MONDAY + timedelta(hours=2), [None, "dies before"]
    hall.works()
    ((_, _, said),) = hall.hub.comments
    assert markers.read_marker(said).key == "reminder:2026-W24:data"
    hall.hub.forged = [(said.replace("W24:data", "W24:design"), False)]
    hall.now += timedelta(minutes=5)
    hall.works()
    assert "design" not in {person for person, _ in hall.mentions()}, "a call may still be under way"
    hall.now += timedelta(minutes=10)
    hall.works()
    assert hall.mentions() == {(who, "2026-W24"): 1 for who in ("techno", "secu", "design", "data")}


def test_a_lost_database_takes_back_what_was_said_this_week(hall):
    hall.add(waiting(1, "2026-05-28"))
    hall.now = MONDAY + timedelta(hours=2)
    hall.works()
    other = Hall()
    other.add(waiting(1, "2026-05-28"))
    other.now = hall.now + timedelta(days=1)
    comments = tuple(
        Comment(number, f"C_{number}", text, hall.hub.bot, at, by_bot=True, trace=markers.read_marker(text))
        for number, (at, _, text) in enumerate(hall.hub.comments, start=1)
    )
    issue = Issue("I_1", REPOSITORY, 1, "Produit 1", "", "cheffe-produit", comments=comments)
    other.reminder_log.take_back(issue)
    other.works()
    assert other.mentions() == {}
    other.database.dispose()


def test_the_schedule_calls_it_at_each_quarter_of_an_hour():
    called = []

    class Told:
        def run(self):
            called.append(hall.now)

    class Nothing:
        def __getattr__(self, _name):
            return lambda *_: None

    hall = Hall()
    schedules = Schedules(Nothing(), KeyValues(hall.database), Nothing(), Nothing(), lambda: hall.now, Told())
    for minutes in range(0, 31, 5):
        hall.now = MONDAY + timedelta(minutes=minutes)
        schedules.tick()
    assert called == [MONDAY + timedelta(minutes=minutes) for minutes in (0, 15, 30)]
    hall.database.dispose()


STEP = st.tuples(
    st.integers(min_value=1, max_value=60),
    st.lists(st.sampled_from([*FAULTS, None, None, None]), max_size=6),
    st.booleans(),
)
PRODUCT = st.tuples(st.integers(min_value=0, max_value=25), st.sampled_from(["vote", "sleep", "condition"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(PRODUCT, min_size=1, max_size=5), st.lists(STEP, max_size=25))
def test_nobody_is_mentioned_twice_in_a_week_whatever_happens(products, steps):
    """Deaths on either side of the comment, lost answers, limits, vanished issues; and once all is well, all is told."""
    hall = Hall()
    for number, (day, kind) in enumerate(products, start=1):
        life = waiting(number, f"2026-05-{day + 1:02}")
        if kind == "condition":
            life.decided("2026-06-02", conditions=[("corriger", "2026-06-09"), ("tester", "")])
        hall.add(Life(POLICY, number=number).filed("2026-01-05") if kind == "sleep" else life)
    for quarters, faults, again in steps:
        hall.now += timedelta(minutes=15 * quarters)
        hall.hub.faults = list(faults)
        for _ in range(1 + again):
            hall.works()
    assert all(count == 1 for count in hall.mentions().values())
    hall.hub.faults = []
    hall.now = Week.of(day_of(hall.now, TIMEZONE)).plus(4).start(TIMEZONE) + timedelta(hours=10)
    week = str(Week.of(day_of(hall.now, TIMEZONE)))
    awaited = {due.person for due in hall.worker._due(REPOSITORY, POLICY, hall.now, date(2026, 1, 1))}
    hall.works()
    assert {who for who, when in hall.mentions() if when == week} == awaited
    assert all(count == 1 for count in hall.mentions().values())
    hall.database.dispose()
