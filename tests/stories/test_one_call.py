"""The changes of one event are one call, and whatever becomes of that call, nothing is lost and nothing is said twice."""

from __future__ import annotations

import json

import pytest

from app.github.errors import OverloadedError
from app.store.places import Places
from tests.stage import ALL, SEATS, form_body
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
    assert calls(stage, stage.filed) == (1, 2), "the fields of a new card need its id"
    number = max(stage.world.issues)
    spoken = [("cheffe-produit", f"/coche {ALL}"), ("cheffe-produit", "/demande"), ("cheffe-produit", "/aide")]
    spoken += [(seat, "/go") for seat in SEATS[:3]]
    spoken += [(SEATS[3], "/nogo"), (SEATS[3], "/go sous réserve\\n- Corriger les failles")]
    spoken += [(seat, "/go") for seat in SEATS[4:]]
    assert {text: calls(stage, lambda: stage.says(login, number, text)) for login, text in spoken} == {  # noqa: B023
        text: (1, 1) for _, text in spoken
    }
    assert "phase: poc" in stage.labels(number)
    stage.passes(2)  # within the second of our own writing, which of both is the later cannot be told at once
    assert calls(stage, lambda: stage.drag("cheffe-produit", number, "Idée")) == (1, 1), "where it is, is known"
    assert stage.column(number) == "POC"
    assert stage.nothing_left_to_do(number)


@pytest.mark.on_time("what is late is read again")
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 1, 2, 0, 1, 2)], ids=str)
def test_a_filing_is_read_once_in_whatever_order_github_tells_of_it(stage, order):
    stage.filed(title="SISAC")
    number = stage.world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit", "besoin: design"]).number
    told = stage.hub.take_held()
    assert [json.loads(body)["action"] for _, body in told] == ["opened", "labeled", "labeled"]

    def hear():
        for place in order:
            stage.hear(*told[place])
        stage.settle()

    assert calls(stage, hear) == (1, 2)
    assert stage.labels(number) == {"produit", "besoin: design", "phase: idée"}
    assert stage.nothing_left_to_do(number)


def relabelled(stage, number, name):
    """A hand puts the label on, or takes it off if it is there."""
    world = stage.world
    act = world.remove_label if name in stage.labels(number) else world.add_labels
    act("cheffe-produit", number, name if act == world.remove_label else [name])
    stage.settle()


@pytest.mark.on_time("what is late is read again")
@pytest.mark.parametrize("later_s", [0, 1, 60], ids=lambda seconds: f"{seconds} s later")
@pytest.mark.parametrize("name", ["phase: mvp", "passage: demandé", "produit"])
def test_a_label_changed_by_a_hand_after_the_filing_is_seen_and_mended(stage, name, later_s):
    """Even within the second of the filing: GitHub tells its moments no finer."""
    number = stage.filed()
    labels = stage.labels(number)
    for _ in range(2):
        stage.passes(later_s)
        relabelled(stage, number, name)
        assert stage.labels(number) == labels
    stage.passes(3)
    assert stage.nothing_left_to_do(number)


@pytest.mark.slow
def test_a_filing_cut_before_its_changes_is_looked_at_again_by_what_follows(stage):
    """Nothing is known by a turn that did not end."""
    stage.world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"])
    opened, labeled = stage.hub.take_held()
    stage.hub.faults.add({"kind": "error-before", "match": CHANGES, "status": 502, "next": 1})
    with pytest.raises(OverloadedError):
        stage.hear(*opened)
    stage.hear(*labeled)
    number = max(stage.world.issues)
    stage.settle()
    assert stage.labels(number) == {"produit", "phase: idée"}
    assert stage.nothing_left_to_do(number)


def moved_by_hand(stage, number, column):
    """The calls of a card moved; what was written before it is of another second."""
    stage.passes(2)
    found = calls(stage, lambda: stage.drag("cheffe-produit", number, column))
    stage.passes(2)
    return found


@pytest.mark.on_time("what is late is read again")
@pytest.mark.parametrize(
    ("place", "reads"),
    [(None, 2), (("dnum/produits", 99), 3), (("dnum/produits", 1), 3)],
    ids=["none is kept", "no issue is there", "another product is there"],
)
def test_a_card_moved_whose_product_is_not_where_it_was(stage, monkeypatch, place, reads):
    """GitHub is asked where it is, and the issue found in its place is left alone."""
    other, number = stage.filed(title="SISAC"), stage.filed()
    said = stage.said(other)
    assert other == 1
    monkeypatch.setattr(Places, "of", lambda *_: place)
    assert moved_by_hand(stage, number, "En service") == (reads, 1)
    assert stage.column(number) == "Idée"
    assert stage.said(other) == said
    assert all(stage.nothing_left_to_do(one) for one in (other, number))


@pytest.mark.on_time("what is late is read again")
@pytest.mark.parametrize("is_told", [True, False], ids=["told", "event lost"])
def test_a_card_moved_after_its_repository_was_renamed(stage, is_told):
    number = stage.filed()
    stage.world.app.events += ["repository"]
    stage.world.rename_repository("administratrice", "projets")
    if not is_told:
        stage.hub.take_held()
    stage.settle()
    _, writes = moved_by_hand(stage, number, "En service")
    assert (writes, stage.column(number)) == (1, "Idée")
    assert stage.register.repositories() == ("dnum/projets",)
    assert moved_by_hand(stage, number, "En service") == (1, 1)
    assert stage.nothing_left_to_do(number)


def test_the_card_of_an_issue_that_nothing_is_known_of_is_looked_for_on_github(stage):
    number = stage.world.open_issue("chef-produit", "Une réunion", "").number
    stage.settle()
    stage.world.add_card("cheffe-produit", number)
    assert [outcome.facts for outcome in stage.settle()] == [0]
    assert list(stage.register.entries()) == []


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
