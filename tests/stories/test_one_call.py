"""The changes of one event are one call, and whatever becomes of that call, nothing is lost and nothing is said twice."""

from __future__ import annotations

import pytest

from tests.stage import ALL, SEATS
from tests.stories.test_misbehaviour import SILENCE_S, hurried, shows_the_decision_once, story

assert hurried  # a fixture, for those who wait for a silent GitHub

FIELDS = (
    "addComment",
    "updateIssueComment",
    "addReaction",
    "addLabelsToLabelable",
    "removeLabelsFromLabelable",
    "updateProjectV2ItemFieldValue",
)
"""All that a product from its form to its first decision needs, but the making of its card."""
CHANGES = "GRAPHQL Changes"
WHOLE = {
    "502, nothing made": {"kind": "error-before", "status": 502},
    "502, all made": {"kind": "error-after"},
    "cut, nothing made": {"kind": "cut-before"},
    "cut, all made": {"kind": "cut-after"},
    "silence, all made": {"kind": "hang-after", "seconds": SILENCE_S, "next": 1},
    "not permitted": {"kind": "refused", "why": "integration"},
    "hourly limit": {"kind": "primary-limit", "seconds": 1, "next": 5},
    "secondary limit": {"kind": "secondary-limit", "retry_after": 1, "next": 5},
}
"""Without a number, each call of the story fails so: all must end well by the changes made one by one."""


def calls(stage, act):
    """Reads and writes that an act costs, once all about the repository is known."""
    stage.hub.calls.clear()
    act()
    made = [call["write"] for call in stage.hub.calls]
    return made.count(False), made.count(True)


@pytest.mark.on_time("what is late is read again")
def test_any_command_is_one_read_and_one_write(stage):
    stage.filed(title="SISAC")  # what is asked once: the board, the rules, the name of the App
    assert calls(stage, stage.filed)[1] == 2, "the fields of a new card need its id"
    number = max(stage.world.issues)
    spoken = [("cheffe-produit", f"/coche {ALL}"), ("cheffe-produit", "/demande"), ("cheffe-produit", "/aide")]
    spoken += [(seat, "/go") for seat in SEATS[:3]]
    spoken += [(SEATS[3], "/nogo"), (SEATS[3], "/go sous réserve\\n- Corriger les failles")]
    spoken += [(seat, "/go") for seat in SEATS[4:]]
    assert {text: calls(stage, lambda: stage.says(login, number, text)) for login, text in spoken} == {  # noqa: B023
        text: (1, 1) for _, text in spoken
    }
    assert "phase: poc" in stage.labels(number)
    assert stage.nothing_left_to_do(number)


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", WHOLE.values(), ids=WHOLE)
def test_a_call_that_fails_as_a_whole(stage, fault):
    stage.hub.faults.add({**fault, "match": CHANGES})
    ends_well(stage, fault["kind"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["field-refused", "field-lost"])
@pytest.mark.parametrize("field", FIELDS)
def test_one_change_of_a_call_that_fails(stage, kind, field):
    stage.hub.faults.add({"kind": kind, "match": field, "next": 3})
    ends_well(stage, kind)


@pytest.mark.slow
@pytest.mark.parametrize("fields", range(12))
def test_a_call_cut_between_two_changes(stage, fields):
    """Each call of the story that has so many."""
    stage.hub.faults.add({"kind": "cut-between", "match": CHANGES, "fields": fields})
    ends_well(stage, "cut-between")


def ends_well(stage, kind):
    number = story(stage)
    assert kind in {item["kind"] for item in stage.hub.faults.happened}, "the fault never came"
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    shows_the_decision_once(stage, number)
