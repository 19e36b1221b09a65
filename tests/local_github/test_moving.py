"""Issues that leave the local GitHub, come back, are locked: ids, numbers and rights as on GitHub."""

import pytest

from local_github.persistence import load, save
from local_github.state import OtherRepository, Refused
from local_github.world import World
from tests.local_github.seed import seed


@pytest.fixture
def place():
    made = World.from_seed(seed())
    made.others["autre"] = OtherRepository(7, "R_autre", "autre", private=True)
    return made


def test_a_transfer_keeps_the_words_and_renews_every_id(place, tmp_path):
    issue = place.open_issue("techno", "Un produit", "corps", ["produit"])
    said = place.comment("visiteur", issue.number, "bonjour")
    place.add_card("techno", issue.number)
    node = issue.node_id
    away = place.transfer_issue("techno", issue.number, "autre")
    assert place.issues == {}
    assert place.cards == {}
    assert away.node_id != node
    save(place, tmp_path / "etat.json")
    kept = World.of(load(tmp_path / "etat.json"))
    back = kept.bring_back("techno", away.node_id)
    assert back.number == 2, "a number is never given twice"
    (comment,) = back.comments
    assert (comment.body, comment.author, comment.created_at) == ("bonjour", "visiteur", said.created_at)
    assert comment.id not in {said.id, away.comments[0].id}
    assert back.labels == ["produit"]


@pytest.mark.parametrize(
    "act",
    [
        lambda place: place.delete_issue("techno", 1),
        lambda place: place.transfer_issue("visiteur", 1, "autre"),
        lambda place: place.transfer_issue("techno", 1, "nulle-part"),
        lambda place: place.lock_issue("cheffe-produit", 1),
        lambda place: place.pin_issue("visiteur", 1),
    ],
)
def test_what_is_refused_changes_nothing(place, act):
    place.open_issue("techno", "Un produit", "")
    with pytest.raises(Refused):
        act(place)
    assert (place.issues[1].locked, place.issues[1].pinned) == (False, False)


def test_a_locked_discussion_is_for_those_who_may_write(place):
    place.open_issue("cheffe-produit", "Un produit", "")
    place.lock_issue("techno", 1)
    for login in ("visiteur", "cheffe-produit"):
        with pytest.raises(Refused, match="locked"):
            place.comment(login, 1, "bonjour")
    place.comment("techno", 1, "bonjour")
    place.comment(place.bot, 1, "bonjour")
    place.lock_issue("techno", 1, locked=False)
    place.comment("visiteur", 1, "bonjour")
