"""What is done at fixed hours and never ends, or ends its process each time, is seen, and keeps nothing else waiting."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.engine import Inbox, open_database, schedules
from app.engine.health import Health
from app.engine.installation_watch import CHANGED
from app.engine.pulse import Busy, Pulse
from app.engine.schedules import COMPUTES_S, DEATHS, TRYING, Schedules
from app.github.client import LaterError
from app.store.key_values import KeyValues
from app.store.log import Log
from app.store.shown_seals import ShownSeals
from tests.engine.stage import until
from tests.stage import SIGNER

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class Quiet:
    """A sweep, a catch-up or reminders with nothing to do."""

    def __init__(self):
        self.calls = 0

    def __getattr__(self, _name):
        return lambda *_, **__: ()

    def run(self):
        self.calls += 1


class Unreadable(Quiet):
    """A sweep of which one repository cannot be listed to its end."""

    def __init__(self):
        super().__init__()
        self.away, self.asked = {"dnum/ferme"}, []

    def repositories(self):
        return ("dnum/ferme", "dnum/produits")

    def stale(self, repository):
        self.asked.append(repository)
        if repository in self.away:
            raise LaterError("502")
        yield repository

    def wake(self, found, _pause):
        yield from found


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield engine
    engine.dispose()


def schedule(database, *, sweep=None, reminders=None, pulse=None, clock=lambda: NOW, busy=None, notes=None, seals=None):
    return Schedules(
        *(Inbox(database), notes or KeyValues(database), sweep or Quiet(), Quiet(), clock, reminders or Quiet(), pulse),
        busy=busy,
        seals=seals,
    )


def late(database, now):
    """What the page of watch says of the schedules, but for their hour."""
    health = Health(Inbox(database), Pulse(), works_here=True, clock=now.timestamp)
    return [trouble for trouble in health.troubles() if trouble.kind == "schedule" and trouble.subject]


def test_what_computes_without_end_is_seen(database, monkeypatch):
    """The watchdog ends a process of which a part has stopped, and the page of watch says so at once."""
    monkeypatch.setattr(schedules, "COMPUTES_S", 0.05)
    over, pulse = threading.Event(), Pulse()

    class Endless(Quiet):
        def run(self):
            while not over.is_set():
                pass

    one = schedule(database, reminders=Endless(), pulse=pulse)
    thread = threading.Thread(target=one.tick)
    thread.start()
    try:
        until(lambda: "schedules: reminders" in pulse.stopped())
        health = Health(Inbox(database), pulse, works_here=True)
        told = {(trouble.kind, trouble.subject) for trouble in health.troubles() if trouble.blocks}
        assert ("thread", "schedules: reminders") in told
    finally:
        over.set()
        thread.join()
    assert pulse.stopped() == ()


def test_a_call_that_hangs_is_seen_in_two_minutes_and_a_sweep_that_goes_on_never_is(database):
    """Whatever the thing to do: here one that hangs at once, then a sweep that GitHub answers all night."""
    hangs, over, answered, told = threading.Event(), threading.Event(), [0.0], []
    pulse = Pulse()
    busy = Busy(COMPUTES_S, math.inf, clock=lambda: answered[0], used=lambda _: 0.0)

    class Hung(Unreadable):
        def stale(self, repository):
            for number in range(400):
                answered[0] += 100
                told.append(pulse.stopped())
                pulse.sign()
                yield number
            hangs.set()
            over.wait(60)

    sweep = Hung()
    one = schedule(database, sweep=sweep, pulse=pulse, busy=busy)
    thread = threading.Thread(target=lambda: one._wake_stale(["dnum/produits"]))
    thread.start()
    try:
        assert hangs.wait(60)
        assert told == [()] * 400
        answered[0] += 119
        assert pulse.stopped() == ()
        answered[0] += 2
        (trouble,) = [one for one in Health(Inbox(database), pulse, works_here=True).troubles() if one.kind == "thread"]
        assert trouble.blocks
        assert trouble.subject == "schedules: sweep of dnum/produits"
    finally:
        over.set()
        thread.join()
    assert pulse.stopped() == ()


def test_what_ends_its_process_each_time_is_left_aside_until_the_next_day_and_told(database):
    class Deadly(Quiet):
        def run(self):
            self.calls += 1
            raise KeyboardInterrupt  # as the end of the process: nothing after it runs but what Python unwinds

    class Killed(KeyValues):
        """Nothing is written by a process that is gone."""

        def set(self, name, value):
            if value or "reminders" not in name:
                super().set(name, value)

    now, deadly = [NOW], Deadly()
    for _ in range(DEATHS + 2):
        one = schedule(database, reminders=deadly, clock=lambda: now[0], notes=Killed(database))
        try:
            one.tick()
        except KeyboardInterrupt:
            continue
    assert deadly.calls == DEATHS
    (told,) = late(database, NOW)
    assert told.blocks
    assert told.detail == f"reminders ended its process {DEATHS} times: left aside for today"
    now[0] = NOW + timedelta(days=1)
    well = Quiet()
    schedule(database, reminders=well, clock=lambda: now[0]).tick()
    assert well.calls == 1
    assert KeyValues(database).get(f"{TRYING}reminders") == ""
    assert late(database, now[0]) == []


def test_a_repository_that_cannot_be_read_keeps_no_other_from_the_sweep_and_is_tried_again(database):
    now, sweep = [NOW], Unreadable()
    one = schedule(database, sweep=sweep, clock=lambda: now[0])
    one.tick()
    assert one.sweep() == 1
    assert sweep.asked == ["dnum/ferme", "dnum/produits"]
    sweep.away.clear()
    now[0] += timedelta(minutes=15)
    one.tick()
    assert sweep.asked == ["dnum/ferme", "dnum/produits", "dnum/ferme"]
    now[0] += timedelta(minutes=15)
    one.tick()
    assert len(sweep.asked) == 3


def test_a_night_when_github_was_away_is_swept_later(database):
    class Away(Unreadable):
        is_away = True

        def files(self):
            if self.is_away:
                raise LaterError("502")
            return ()

    now, sweep = [NOW], Away()
    sweep.away.clear()
    one = schedule(database, sweep=sweep, clock=lambda: now[0])
    one.tick()
    now[0] += timedelta(days=1)
    one.tick()
    assert sweep.asked == []
    sweep.is_away = False
    now[0] += timedelta(minutes=15)
    one.tick()
    assert sweep.asked == ["dnum/ferme", "dnum/produits"]


def test_a_catalogue_older_than_the_first_product_is_read_before_all_that_takes_long(database):
    """And when the App is installed somewhere: a product filed meanwhile would be compared with nothing."""
    done, notes, now = [], KeyValues(database), [NOW]

    class Told(Quiet):
        def __getattr__(self, name):
            return lambda *_, **__: done.append(name) or ()

    class Standing(Told):
        def look(self):
            done.append(",".join(notes.take(CHANGED)))

    sweep = Told()
    one = Schedules(
        *(Inbox(database), notes, sweep, Told(), lambda: now[0], Told()), standing=Standing(), catalogues=Told()
    )
    one.tick()
    assert done.index("begun") < min(done.index(name) for name in ("wake_due", "listen", "changed", "read_rules"))
    for is_changed in (False, True, False):
        done.clear()
        now[0] += timedelta(seconds=40)
        if is_changed:
            notes.add(CHANGED, "dnum")
        one.tick()
        assert ("begun" in done, "dnum" in done) == (is_changed, is_changed)


def test_the_register_is_sealed_once_a_day_if_facts_came(database):
    """Two workers, two days: one checkpoint for the first day, none for the second, when nothing was recorded."""
    log, now = Log(database), NOW
    log.open(SIGNER.name, NOW)
    seals = ShownSeals(log, SIGNER, lambda: now)
    workers = [schedule(database, clock=lambda: now, seals=seals) for _ in range(2)]
    for hours in (0, 1, 5, 23, 24, 47):
        now = NOW + timedelta(hours=hours)
        for one in workers:
            one.tick()
    assert [one.size for one in log.checkpoints()] == [1]
    log.event({"kind": "Essai"}, now)
    now = NOW + timedelta(hours=72)
    for one in workers:
        one.tick()
    assert [(one.size, one.at) for one in log.checkpoints()] == [(1, NOW.timestamp()), (2, now.timestamp())]


def test_without_a_key_nothing_is_sealed_and_what_was_is_still_shown(database):
    log = Log(database)
    log.open(SIGNER.name, NOW)
    assert ShownSeals(log, None, lambda: NOW).today() == ""
    signed = log.checkpoint(SIGNER, NOW)
    log.event({"kind": "Essai"}, NOW)
    log.add_cosignature(1, "— temoin.exemple.gouv.fr AAAA")
    for tick in (schedule(database, seals=ShownSeals(log, None, lambda: NOW)), schedule(database)):
        tick.tick()
    assert ShownSeals(log, None, lambda: NOW).today() == f"{signed.note}— temoin.exemple.gouv.fr AAAA\n"
    assert [one.size for one in log.checkpoints()] == [1]
