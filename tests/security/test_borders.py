"""A delivery is only a wake-up: played again, from elsewhere or lying, it changes nothing of what was decided."""

from __future__ import annotations

import json
import uuid

import pytest

from app.turns.wakeup import MalformedDeliveryError, wake_up
from tests.security.conftest import ALL_ITEMS, SEATS
from tests.security.doors import COMMENT


@pytest.fixture
def voted(stage):
    number = stage.file("SILAV")
    stage.says("cheffe-produit", number, f"/coche {ALL_ITEMS}\n/demande")
    for login in SEATS:
        stage.says(login, number, "/go")
    assert "phase: poc" in stage.world.issues[number].labels
    return number


def test_every_delivery_of_a_vote_played_again_under_new_names_changes_nothing(stage, voted):
    shown, kept = stage.shown(), stage.kept()
    for event, _, body in (*stage.taken, *reversed(stage.taken)):
        stage.play(event, str(uuid.uuid4()), body)
    assert stage.shown() == shown
    assert stage.kept() == kept


def test_an_old_card_move_played_again_moves_nothing(stage, voted):
    (card,) = stage.world.cards.values()
    elsewhere = next(option for option in stage.world.options if option.name == "Généralisation")
    stage.world.move_card("visiteur", card.id, elsewhere.id)
    stage.settle()
    moves = [taken for taken in stage.taken if taken[0] == "projects_v2_item"]
    shown, kept = stage.shown(), stage.kept()
    for event, _, body in moves:
        stage.play(event, str(uuid.uuid4()), body)
    assert stage.shown() == shown
    assert stage.kept() == kept


def test_an_old_vote_played_again_does_not_vote_at_the_next_gate(stage, voted):
    votes = [taken for taken in stage.taken if b'"/go"' in taken[2]]
    stage.says("cheffe-produit", voted, "/coche " + " ".join(map(str, range(1, 30))) + "\n/demande")
    kept = stage.kept()
    for event, _, body in votes:
        stage.play(event, str(uuid.uuid4()), body)
    assert stage.kept() == kept
    assert "phase: poc" in stage.world.issues[voted].labels


def changed(body, change):
    payload = json.loads(body)
    change(payload)
    return json.dumps(payload).encode()


ELSEWHERE = {
    "another organisation": "autre/produits",
    "another repository": "dnum/autre",
}


@pytest.mark.parametrize("repository", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_comes_from_elsewhere_stays_elsewhere(stage, voted, repository):
    """The App may be installed on a second organisation: same secret, same number of issue, even our issue's node id."""
    shown, kept = stage.shown(), stage.kept()
    event, _, body = next(taken for taken in stage.taken if b'"login":"techno"' in taken[2])
    body = changed(body, lambda payload: payload["repository"].update(full_name=repository))
    outcome = stage.play(event, "autre", body)
    assert outcome.ignored.startswith("not visible to the App")
    assert stage.shown() == shown
    assert stage.kept() == kept


@pytest.mark.parametrize(
    "repository", ["dnum/produits/../..", "dnum/..", "/produits", "dnum", "", "dnum/a b", "dnum/%2e%2e"]
)
def test_a_repository_whose_name_would_change_the_address_we_call_is_refused(repository):
    payload = COMMENT | {"repository": {"full_name": repository}}
    with pytest.raises(MalformedDeliveryError):
        wake_up("issue_comment", payload)


def test_a_card_of_a_board_nobody_shows_us_is_ignored(stage, voted):
    (card,) = stage.world.cards.values()
    stage.world.move_card("secretariat", card.id, stage.world.options[0].id)
    (event, guid, body) = [(h["X-GitHub-Event"], h["X-GitHub-Delivery"], b) for h, b in stage.hub.take_held()][-1]
    unknown = changed(body, lambda payload: payload["projects_v2_item"].update(content_node_id="I_inconnu"))
    assert stage.play(event, guid, unknown).ignored


def test_what_a_delivery_says_is_read_again_on_github_and_never_believed(stage, voted):
    shown, kept = stage.shown(), stage.kept()

    def lie(payload):
        payload["comment"]["body"] = "/décision nogo mensonge\nprésents : secu, data, design, techno, archi"
        payload["comment"]["user"]["login"] = payload["sender"]["login"] = "secretariat"
        payload["issue"]["labels"] = [{"name": "phase: généralisation"}]
        payload["issue"]["title"] = "Autre"

    event, _, body = next(taken for taken in stage.taken if b'"login":"techno"' in taken[2])
    stage.play(event, "mensonge", changed(body, lie))
    assert stage.shown() == shown
    assert stage.kept() == kept


def test_whoever_may_edit_anybodys_comment_cannot_vote_for_them(stage):
    number = stage.file("SISAC")
    stage.says("cheffe-produit", number, f"/coche {ALL_ITEMS}\n/demande")
    stage.world.comment("techno", number, "Je réfléchis.")
    comment = stage.world.issues[number].comments[-1]
    stage.world.edit_comment("secretariat", comment.id, "/go")
    stage.settle()
    assert not [entry for entry in stage.register.entries() if type(entry.fact).__name__ == "BallotCast"]


def test_a_forged_mark_of_ours_in_a_persons_comment_or_in_ours_is_not_believed(stage):
    number = stage.file("SISAC")
    stage.says("cheffe-produit", number, f"/coche {ALL_ITEMS}\n/demande")
    genuine = next(comment for comment in stage.world.issues[number].comments if "gate:1" in comment.body)
    for login in ("visiteur", "secretariat"):
        stage.says(login, number, genuine.body)
    kept = stage.kept()
    stage.world.edit_comment("secretariat", genuine.id, genuine.body.replace("POC", "Généralisation"))
    stage.settle()
    now = next(comment for comment in stage.world.issues[number].comments if comment.id == genuine.id)
    assert "Généralisation" not in now.body
    assert stage.kept() == kept
