"""What Jalon answered and is no longer true is folded, once, with the change that made it so; what is true stays open."""

from __future__ import annotations

import pytest

from tests.stage import ALL, SEATS
from tests.stories.test_misbehaviour import settle
from tests.stories.test_one_call import calls

MOST = 12
"""Comments shown at a gate, besides ballots."""


def answers(stage, number, words, *, folded=None):
    """Jalon's comments that say these words; only those folded, or not, when asked."""
    said = [one for one in stage.world.issue(number).comments if one.author == stage.world.bot and words in one.body]
    return [one for one in said if folded is None or (one.minimized is not None) == folded]


def shown(stage, number):
    """What is left open, without the ballots."""
    every = stage.world.issue(number).comments
    return [one for one in every if one.minimized is None and not one.body.lower().startswith(("/go", "/nogo"))]


@pytest.mark.on_time("what is late is read again")
def test_what_was_missing_is_folded_by_the_very_change_that_brings_it(stage):
    number = stage.filed()
    stage.says("cheffe-produit", number, "/demande")
    (refused,) = answers(stage, number, "Il reste")
    assert refused.minimized is None
    stage.says("cheffe-produit", number, f"/coche {ALL}")
    assert refused.minimized is None, "still not asked for"
    stage.passes(120)
    assert calls(stage, lambda: stage.says("cheffe-produit", number, "/demande")) == (1, 1)
    assert refused.minimized == "outdated"
    assert stage.nothing_left_to_do(number)


def test_what_is_still_true_is_never_folded(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(3600)
    stage.says("visiteur", number, "/go")
    stage.says("techno", number, "/nogo")
    stage.passes(3600)
    stage.says("archi", number, "/go")
    stage.says("visiteur", number, "Merci")
    assert not answers(stage, number, "@visiteur", folded=True)
    assert not answers(stage, number, "@techno", folded=True)
    stage.passes(3600)
    stage.says("techno", number, "/nogo il manque l’étude")
    assert answers(stage, number, "@techno, je", folded=True)
    assert not answers(stage, number, "@visiteur", folded=True)


def test_a_comment_that_somebody_opens_again_stays_open(stage):
    number = stage.filed()
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(3600)
    stage.says("cheffe-produit", number, f"/coche {ALL}\n/demande")
    (refused,) = answers(stage, number, "Il reste")
    assert refused.minimized == "outdated"
    stage.world.minimize("secretariat", refused.id, None)
    stage.passes(3600)
    stage.says("techno", number, "/go")
    assert refused.minimized is None
    assert stage.nothing_left_to_do(number)


def test_a_fold_whose_answer_was_lost_is_ours_and_made_once(stage):
    number = stage.filed()
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(3600)
    stage.hub.faults.add({"kind": "error-after", "match": "minimizeComment", "next": 1})
    stage.world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
    settle(stage)
    (refused,) = answers(stage, number, "Il reste")
    assert refused.minimized == "outdated"
    stage.world.minimize("secretariat", refused.id, None)
    stage.passes(3600)
    stage.says("techno", number, "/go")
    assert refused.minimized is None, "whoever opens it again wants it so"
    assert stage.nothing_left_to_do(number)


def test_a_comment_that_somebody_hid_stays_hidden(stage):
    number = stage.filed()
    stage.says("cheffe-produit", number, "/demande")
    (refused,) = answers(stage, number, "Il reste")
    stage.world.minimize("secretariat", refused.id, "off-topic")
    stage.says("cheffe-produit", number, f"/coche {ALL}")
    assert refused.minimized == "off-topic"
    assert stage.nothing_left_to_do(number)


def test_a_gesture_refused_anew_opens_its_answer_again(stage):
    number = stage.filed()
    stage.drag("cheffe-produit", number, "Décommissionné")
    (told,) = answers(stage, number, "La carte a été remise")
    stage.passes(3600)
    stage.says("cheffe-produit", number, f"/coche {ALL}\n/demande")
    assert told.minimized == "outdated"
    stage.says("cheffe-produit", number, "/retrait")
    stage.passes(3600)
    stage.drag("cheffe-produit", number, "Décommissionné")
    latest = answers(stage, number, "La carte a été remise")[-1]
    assert latest.minimized is None
    assert stage.nothing_left_to_do(number)


def mistakes(stage, number):
    """Everything a committee gets wrong at one gate."""
    tries = [
        *[("cheffe-produit", "/demande")] * 2,
        ("cheffe-produit", "/coche 99"),
        ("visiteur", "/coche 1"),
        ("techno", "/go"),
        ("cheffe-produit", "/aide"),
        ("cheffe-produit", f"/coche {ALL}"),
        ("cheffe-produit", "/demande"),
        ("cheffe-produit", "/demande"),
        ("techno", "/nogo"),
        ("techno", "/go ?"),
        ("secu", "/go sous réserve"),
        ("data", "/gou"),
        ("design", "/aide"),
        ("design", "/aide"),
        ("visiteur", "/go"),
        ("techno", "/clore"),
    ]
    for login, text in tries:
        stage.passes(3600)
        stage.says(login, number, text)


@pytest.mark.slow
def test_a_whole_life_with_mistakes_leaves_few_comments_open(stage):
    number = stage.filed()
    mistakes(stage, number)
    for login in SEATS:
        stage.passes(3600)
        stage.says(login, number, "/go")
    assert "phase: poc" in stage.labels(number)
    said = [one for one in shown(stage, number) if one.author == stage.world.bot]
    assert len(said) < MOST, [one.body[:80] for one in said]
    hidden = [one for one in stage.world.issue(number).comments if one.minimized]
    assert len(hidden) >= MOST
    assert all(one.author == stage.world.bot for one in hidden), "what people say is theirs"
    assert stage.nothing_left_to_do(number)
