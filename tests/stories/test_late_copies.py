"""GitHub answers from copies that are late: the moment changes, never the record."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest

from app.domain.product.facts import BallotOrphaned, ProductLeft
from app.store.recent_writes import APART, MEMORY
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.wakeup import ProductWakeUp
from tests.stage import ALL, SEATS, form_body

pytestmark = [pytest.mark.on_time("says itself which reads are late, and by how much"), pytest.mark.slow]
PARTS = ["issue", "comments", "labels", "card", "team", ""]


def stale(stage, part="", **more):
    stage.hub.faults.add({"kind": "stale", **({"of": part} if part else {}), **more})


def keys(stage, number):
    return Counter(key for body in stage.said(number) for key in re.findall(r"jalon:v1 key=(\S+)", body))


def said_once(stage, number):
    assert [key for key, count in keys(stage, number).items() if count > 1] == []


def test_a_product_filed_is_welcomed_though_its_issue_is_not_shown_yet(stage):
    stale(stage, next=2)
    number = stage.filed()
    assert keys(stage, number)["welcome"] == 1
    assert stage.column(number) == "Idée"


def test_a_command_is_answered_though_its_comment_is_not_shown_yet(stage):
    number = stage.filed()
    stale(stage, "comments", next=3)
    stage.says("cheffe-produit", number, "/aide")
    assert [key for key in keys(stage, number) if key.startswith("help")] != []
    said_once(stage, number)


def test_what_never_shows_is_taken_as_it_is_after_the_last_look(stage):
    number = stage.filed()
    stale(stage, "comments")
    stage.world.comment("visiteur", number, "Merci")
    began = stage.now
    stage.settle()
    assert (stage.now - began).total_seconds() == sum(WAITS_S)


@pytest.mark.parametrize("part", PARTS)
def test_a_late_look_after_our_own_turn_says_nothing_twice(stage, part):
    """As many changes back as the App has just made: it sees the issue as it was before it wrote."""
    stale(stage, part, changes=9, chance=0.5)
    number = stage.filed()
    for login, text in (("cheffe-produit", f"/coche {ALL}"), ("cheffe-produit", "/demande")):
        stage.says(login, number, text)
    stage.decided(number, seats=SEATS)
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    said_once(stage, number)
    assert "phase: poc" in stage.labels(number)
    assert stage.column(number) == "POC"
    assert stage.nothing_left_to_do(number)


def voted(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    world = stage.world
    world.comment("techno", number, "/go")
    stage.settle()
    comment = next(one for one in world.issues[number].comments if one.body == "/go")
    return number, comment.id


def orphaned(stage, number):
    history = stage.register.history(stage.world.issues[number].node_id)
    return [fact for fact in history if isinstance(fact, BallotOrphaned)]


def test_a_ballot_that_one_look_lacks_is_not_called_deleted(stage):
    number, _ = voted(stage)
    stage.hub.faults.add({"kind": "stale", "of": "comments", "seconds": 3600})
    stage.passes(1)
    stage.turns.take(ProductWakeUp(stage.world.issues[number].node_id, stage.world.repository, number), "swept")
    assert orphaned(stage, number) == []
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    assert orphaned(stage, number) == []
    said_once(stage, number)


def test_a_ballot_deleted_is_noted_at_once_when_github_says_so(stage):
    number, ballot = voted(stage)
    stage.world.delete_comment("techno", ballot)
    stage.settle()
    assert [fact.comment for fact in orphaned(stage, number)] == [ballot]


def test_a_ballot_deleted_without_a_word_is_noted_on_the_second_look(stage):
    number, ballot = voted(stage)
    stage.world.delete_comment("techno", ballot)
    stage.hub.take_held()
    sweep = ProductWakeUp(stage.world.issues[number].node_id, stage.world.repository, number)
    stage.turns.take(sweep, "first")
    assert orphaned(stage, number) == []
    stage.now += APART
    stage.turns.take(sweep, "second")
    assert [fact.comment for fact in orphaned(stage, number)] == [ballot]


def test_our_comment_deleted_is_written_again_at_once_when_github_says_so(stage):
    number = stage.filed()
    ours = stage.world.issues[number].comments[0]
    stage.world.delete_comment("secretariat", ours.id)
    stage.settle()
    assert keys(stage, number)["welcome"] == 1


def test_our_comment_deleted_without_a_word_is_written_again_once_it_cannot_be_late(stage):
    number = stage.filed()
    stage.world.delete_comment("secretariat", stage.world.issues[number].comments[0].id)
    stage.hub.take_held()
    stage.says("visiteur", number, "Merci")
    assert keys(stage, number)["welcome"] == 0
    stage.now += MEMORY
    stage.says("visiteur", number, "Merci encore")
    assert keys(stage, number)["welcome"] == 1


def test_of_two_comments_of_one_key_the_later_is_removed(stage):
    number = stage.filed()
    world = stage.world
    before = stage.said(number)
    stage.client.rest(
        stage.client.requester(world.repository),
        "POST",
        f"/repos/{world.repository}/issues/{number}/comments",
        {"body": before[0]},
    )
    assert keys(stage, number)["welcome"] == 2
    stage.says("visiteur", number, "Merci")
    assert stage.said(number) == before


def test_an_issue_that_one_look_lacks_has_not_left(stage):
    number = stage.filed()
    node, repository = stage.world.issues[number].node_id, stage.world.repository
    stage.world.delete_issue("administratrice", number)
    stage.hub.take_held()
    sweep = ProductWakeUp(node, repository, number)
    with pytest.raises(StaleReadError) as later:
        stage.turns.take(sweep, "first")
    assert later.value.seconds == APART.total_seconds()
    stage.now += APART + timedelta(seconds=1)
    stage.turns.take(sweep, "second")
    assert isinstance(stage.register.history(node)[-1], ProductLeft)


def test_a_card_moved_is_heard_though_its_copy_is_late(stage):
    number = stage.filed(ready=True)
    stale(stage, "card", next=2)
    stage.drag("cheffe-produit", number, "POC")
    assert "passage: demandé" in stage.labels(number)


def test_a_label_taken_off_is_put_back_though_its_copy_is_late(stage):
    number = stage.filed()
    stage.now += timedelta(minutes=2)  # nobody takes a label off in the second that put it on
    stale(stage, "labels", next=2)
    stage.world.remove_label("secretariat", number, "phase: idée")
    stage.settle()
    assert "phase: idée" in stage.labels(number)


def test_the_form_of_a_late_issue_is_read_whole(stage):
    world = stage.world
    number = world.open_issue("cheffe-produit", "SILAV", "", ["produit"]).number
    stage.settle()
    stale(stage, "issue", next=1)
    world.edit_issue("cheffe-produit", number, title="SILAV 2", body=form_body())
    stage.settle()
    assert "SILAV 2" in stage.said(number)[0]
