"""GitHub's limits kept before they bite, whoever spends; what people wait for passes before what nobody does."""

from __future__ import annotations

import pytest

from app.engine import open_database
from app.github.budget import AT_ONCE, CREATIONS, HOUR_S, MINUTE_S, PACE_S, Budget, LedgerInMemory
from app.github.errors import LaterError, LimitError, WaitError
from app.store.rate_limits import LedgerInDatabase


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def still(seconds):
    """Nobody waits here."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "database"])
def ledger(request, tmp_path, clock):
    if request.param == "memory":
        yield LedgerInMemory()
        return
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield LedgerInDatabase(engine, clock)
    engine.dispose()


def comment(budget, owner="dnum"):
    with budget.spend(owner, "core", write=True, creates=True):
        pass


def read(budget, owner="dnum"):
    with budget.spend(owner, "graphql", write=False):
        pass


def refusal(act):
    try:
        act()
    except LaterError as error:
        return error
    return None


def announce(remaining, reset, total=5000):
    return {
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Limit": str(total),
        "X-RateLimit-Reset": str(int(reset)),
        "X-RateLimit-Resource": "graphql",
    }


def test_comments_of_a_minute_then_of_an_hour(ledger, clock):
    budget, made, waits = Budget(ledger, clock, sleep=still), 0, []
    while made < CREATIONS[HOUR_S]:
        later = refusal(lambda: comment(budget))
        made += later is None
        clock.now += later.seconds if later else 0.5
        waits.append(later.seconds if later else 0)
    assert 0 < max(waits) <= MINUTE_S
    clock.now += MINUTE_S
    with pytest.raises(LaterError) as hour:
        comment(budget)
    assert MINUTE_S < hour.value.seconds < HOUR_S
    comment(budget, "another")
    clock.now += hour.value.seconds
    comment(budget)


def test_background_work_leaves_room_for_people(ledger, clock):
    budget = Budget(ledger, clock, sleep=still)
    background, made = budget.in_background(), 0
    while refusal(lambda: comment(background)) is None:
        made += 1
    assert made == int(CREATIONS[MINUTE_S] * 0.7)
    comment(budget)


def test_points_of_the_hour(ledger, clock):
    budget = Budget(ledger, clock, sleep=still)
    budget.heard("dnum", announce(1200, clock.now + 900))
    read(budget)
    with pytest.raises(LaterError) as later:
        read(budget.in_background())
    assert later.value.seconds == pytest.approx(900, abs=1)
    budget.heard("dnum", announce(20, clock.now + 900))
    with pytest.raises(LaterError):
        read(budget)
    read(budget, "another")
    clock.now += 901
    read(budget)


def test_points_of_the_minute(clock):
    budget = Budget(clock=clock, sleep=still)
    done = 0
    while (later := refusal(lambda: read(budget))) is None:
        done += 1
    assert isinstance(later, WaitError)
    assert 0 < later.seconds <= MINUTE_S
    assert 1000 < done < 2000
    clock.now -= 3600  # a clock set back forgets, and never blocks
    read(budget)


def test_a_limit_met_by_one_stops_all(ledger, clock):
    budget, other = Budget(ledger, clock, sleep=still), Budget(ledger, clock, sleep=still)
    with pytest.raises(LaterError), budget.spend("dnum", "core", write=True):
        raise LimitError("secondary rate limit", 120)
    clock.now += 1
    with pytest.raises(LaterError) as later:
        read(other)
    assert later.value.seconds == pytest.approx(119)
    clock.now += 120
    read(other)


def test_calls_at_once_are_bounded(clock, monkeypatch):
    monkeypatch.setattr("app.github.budget.WAIT_FOR_TURN_S", 0.01)
    budget = Budget(clock=clock, sleep=still)
    held = [budget.spend("dnum", "graphql", write=False) for _ in range(AT_ONCE)]
    for one in held:
        one.__enter__()
    with pytest.raises(LaterError):
        read(budget)
    for one in held:
        one.__exit__(None, None, None)
    read(budget)


def test_a_local_github_has_no_limits_but_is_obeyed(clock):
    budget = Budget(clock=clock, foresees=False)
    budget.heard("dnum", announce(1, clock.now + 900))
    for _ in range(200):
        comment(budget)
    budget.pause("dnum", 30)
    with pytest.raises(LaterError):
        read(budget)


def test_a_second_passes_between_two_writes_and_none_before_a_read(clock):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.now += seconds

    budget = Budget(clock=clock, sleep=sleep)
    for _ in range(3):
        comment(budget)
        read(budget)
    comment(budget, "another")
    assert slept == [PACE_S, PACE_S]
    clock.now += 5
    comment(budget)
    assert slept == [PACE_S, PACE_S]


def test_a_second_passes_between_the_writes_of_two_processes(tmp_path, clock):
    engines, slept = [open_database(f"sqlite:///{tmp_path}/jalon.db") for _ in range(2)], []
    first, second = (Budget(LedgerInDatabase(one, clock), clock, sleep=slept.append) for one in engines)
    for budget in (first, second, first, second):
        comment(budget)
        read(budget)
    assert slept == [PACE_S, 2 * PACE_S, 3 * PACE_S]
    comment(second, "another")
    clock.now += 9
    comment(first)
    assert len(slept) == 3
    clock.now -= 3600  # a clock set back makes nobody wait for an hour
    comment(second)
    comment(first)
    assert slept[3:] == [PACE_S]
    for one in engines:
        one.dispose()


def test_there_is_one_writer_at_a_time(clock, monkeypatch):
    monkeypatch.setattr("app.github.budget.WAIT_FOR_TURN_S", 0.01)
    budget = Budget(clock=clock, sleep=still)
    with budget.spend("dnum", "core", write=True):
        with pytest.raises(LaterError) as later:
            comment(budget)
        read(budget)
    assert isinstance(later.value, WaitError)


def test_a_limit_without_a_delay_is_waited_out_longer_each_time_until_a_write_passes(clock):
    budget, waits = Budget(clock=clock, sleep=still), []

    def refused():
        with pytest.raises(LaterError), budget.spend("dnum", "core", write=True):
            raise LimitError("secondary rate limit", 60, is_guess=True)
        waits.append(round(budget._ledger.paused_until("dnum") - clock.now))
        clock.now += waits[-1] + 1

    for _ in range(8):
        refused()
        read(budget)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    comment(budget)
    refused()
    assert waits[-1] == 60
