"""The documented pace, enforced on demand by the world's clock."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from local_github.faults import Faults
from local_github.pace import Pace
from local_github.refusals import Ask
from local_github.world import World
from tests.local_github.conftest import REPO
from tests.local_github.seed import seed

SAY, LOOK = Ask(f"POST {REPO}/issues/1/comments", "core"), Ask(f"GET {REPO}", "core")


class Hour:
    def __init__(self):
        self.now = datetime(2026, 11, 3, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def passes(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hour():
    return Hour()


@pytest.fixture
def pace(hour):
    world = World.from_seed(seed())
    world.clock = hour
    return Pace(world, Faults([{"kind": "pace"}]))


def refused(pace, ask, *, writes):
    with pace.kept(ask, writes=writes) as said:
        return said is not None


def test_eighty_comments_a_minute_and_not_one_more(pace, hour):
    for _ in range(80):
        assert not refused(pace, SAY, writes=True)
    assert refused(pace, SAY, writes=True)
    assert not refused(pace, LOOK, writes=False)
    hour.passes(61)
    assert not refused(pace, SAY, writes=True)


def test_five_hundred_an_hour(pace, hour):
    made = 0
    for _ in range(600):
        made += not refused(pace, SAY, writes=True)
        hour.passes(2)
    assert made == 500


def test_points_of_a_minute(pace, hour):
    assert not any(refused(pace, LOOK, writes=False) for _ in range(900))
    assert refused(pace, LOOK, writes=False)
    assert not refused(pace, Ask("GRAPHQL Product", "graphql"), writes=False)


def test_two_writes_at_once_and_any_number_of_readings(pace):
    with pace.kept(SAY, writes=True) as first:
        assert first is None
        assert not refused(pace, LOOK, writes=False)
        with pace.kept(SAY, writes=True) as second:
            assert second.status == 403
            assert "secondary rate limit" in second.json["message"]
    assert not refused(pace, SAY, writes=True)


def test_what_is_refused_is_counted_too_and_nobody_is_freed_by_insisting(pace, hour):
    for _ in range(81):
        refused(pace, SAY, writes=True)
    hour.passes(59)
    assert refused(pace, SAY, writes=True)


def test_over_the_network_only_the_app_is_held_to_it(sandbox, call, token):
    sandbox.world.open_issue("techno", "x", "")
    sandbox.faults.add({"kind": "pace", "most": 2})
    said = [call(token, "POST", f"{REPO}/issues/1/comments", body=str(rank)) for rank in range(3)]
    assert [answer.status_code for answer in said] == [201, 201, 403]
    assert said[-1].headers["Retry-After"] == "60"
    assert call("techno", "POST", f"{REPO}/issues/1/comments", body="x").status_code == 201
    assert [item["about"].rpartition(": ")[2] for item in sandbox.faults.happened] == ["creations"]


def test_two_writes_of_the_app_that_cross(sandbox, call, token):
    sandbox.world.open_issue("techno", "x", "")
    sandbox.faults.add({"kind": "pace"})
    answers = []

    def say():
        answers.append(call(token, "POST", f"{REPO}/issues/1/comments", body="x").status_code)

    with sandbox.world.lock:  # the first write waits inside, the second comes meanwhile
        first = threading.Thread(target=say)
        first.start()
        while not sandbox._door._pace._writing:
            pass
        second = threading.Thread(target=say)
        second.start()
        second.join(20)
    first.join(20)
    assert sorted(answers) == [201, 403]


def test_nothing_is_counted_unless_it_is_asked_for():
    pace = Pace(World.from_seed(seed()), Faults())
    assert not any(refused(pace, SAY, writes=True) for _ in range(200))
    assert not pace._made


def test_each_comment_of_a_mutation_is_a_creation(pace, hour):
    def saying(count):
        return Ask("GRAPHQL Write", "graphql", acts=("addComment", "closeIssue", "addReaction") * count)

    assert not refused(pace, saying(50), writes=True)
    assert not refused(pace, saying(30), writes=True)
    assert not refused(pace, Ask("GRAPHQL Write closeIssue", "graphql", acts=("closeIssue",)), writes=True)
    assert refused(pace, SAY, writes=True)
    hour.passes(61)
    assert refused(pace, saying(81), writes=True)
