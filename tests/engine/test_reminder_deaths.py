"""A worker killed while it reminds people: none is mentioned twice in the week, and none is forgotten."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from app.demo.seed import seed
from app.domain.policy.calendar import Week, day_of, term
from app.domain.policy.model import TIMEZONE
from app.domain.report.reminders import is_time
from app.engine import open_database
from app.engine.reminders import BEGAN, NOTE
from app.shipped_files import default_policy
from app.store.key_values import KeyValues
from app.store.reminder_log import ReminderLog
from local_github.server import Sandbox
from tests.engine.stage import Process, body, until
from tests.ports import free_port

PEOPLE = 10
"""Ten seats that are silent when the deadline is near."""
MOMENTS = ("claim before", "claim after", "_post after", "confirm after", "set before")
EACH_CHANGE, KINDS = {"_post after"}, (pytest.mark.faults, pytest.mark.slow)
"""The death that could mention somebody twice is played at each change; every one of them by `make faults`."""


class Clock:
    """Read by Jalon's process in a file, and by the local GitHub as it is."""

    def __init__(self, path):
        self.path, self.ahead = path, timedelta()
        self.advance(timedelta())

    @property
    def now(self):
        return datetime.now(UTC) + self.ahead

    def advance(self, by):
        self.ahead += by
        whole = self.path.with_suffix(".new")
        whole.write_text(str(self.ahead.total_seconds()))
        whole.rename(self.path)


def mornings(asked):
    """Ten o'clock in Paris or so, two days running of one week when people may be disturbed, near the deadline of what
    is asked on a day; None when that deadline leaves no such days.
    """
    policy = default_policy()
    days, early = policy.exits(policy.entry.id)[0].rule.deadline_days, policy.follow_up.reminders.days_before
    last = term(asked, days, policy.committee)
    for before in range(early, 0, -1):
        first = datetime.combine(last - timedelta(days=before), time(9, 1), UTC)
        both = first, first + timedelta(days=1)
        if all(is_time(policy, at) for at in both) and Week.of(both[0].date()) == Week.of(both[1].date()):
            return first
    return None


def day_to_ask(today):
    """The first day whose deadline leaves two such mornings."""
    return next(day for day in (today + timedelta(days=ahead) for ahead in range(7)) if mornings(day))


@pytest.mark.parametrize("moment", [pytest.param(one, marks=KINDS[one in EACH_CHANGE]) for one in MOMENTS])
def test_killed_amid_reminders_then_restarted_each_person_is_mentioned_once(tmp_path, moment):
    port, clock = free_port(), Clock(tmp_path / "clock")
    today = day_of(clock.now, TIMEZONE)
    clock.advance(day_to_ask(today) - today)
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.world.clock = lambda: clock.now
    hub.start()
    url = f"sqlite:///{tmp_path}/jalon.db"
    environment = hub.environment() | {"JALON_DATABASE_URL": url}
    app = Process.serve(environment, port, dies=("reminder", f"{moment}:{clock.path}"))
    database = open_database(url)
    try:
        number = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
        hub.world.comment("cheffe-produit", number, "/coche " + " ".join(map(str, range(1, 15))) + "\n/demande")
        until(lambda: "passage: demandé" in hub.world.issues[number].labels)

        def mentions():
            said = [comment.body.partition("<!--")[0] for comment in hub.world.issues[number].comments]
            told = [text for text in said if "rappel sur ce produit" in text]
            return Counter(who for text in told for who in re.findall(r"@([\w-]+)", text))

        def is_noted():
            return KeyValues(database).get(f"{NOTE}{hub.world.repository}") == day_of(clock.now, TIMEZONE).isoformat()

        clock.advance(timedelta(minutes=20))
        until(lambda: KeyValues(database).get(f"{BEGAN}{hub.world.repository}"))
        opened = day_of(clock.now, TIMEZONE)  # the committee's day, whatever the hour here
        clock.advance(mornings(opened) - clock.now)
        app.wait_killed()
        before = mentions()
        cut_short = [kept for kept in ReminderLog(database).since(clock.now - timedelta(days=1)) if not kept.posted]
        assert len(cut_short) == (moment in {"claim after", "_post after"})
        assert len(before) == {"claim before": 1, "claim after": 1, "set before": PEOPLE}.get(moment, 2)
        assert not is_noted()

        app = Process.serve(environment, port, dies=("reminder", f"never:{clock.path}"))
        until(lambda: len(mentions()) >= PEOPLE - 1)
        clock.advance(timedelta(minutes=20))  # a call to GitHub is over by then: the doubt may be settled
        until(is_noted)
        assert set(mentions().values()) == {1}
        assert len(mentions()) == PEOPLE
        assert all(kept.posted for kept in ReminderLog(database).since(clock.now - timedelta(days=1)))

        week = Week.of(day_of(clock.now, TIMEZONE))
        clock.advance(timedelta(days=1))
        assert Week.of(day_of(clock.now, TIMEZONE)) == week
        until(is_noted)
        assert app.stop() == 0
        assert mentions() == dict.fromkeys(mentions(), 1), "nor on the morrow"
    finally:
        app.kill()
        hub.stop()
        database.dispose()
