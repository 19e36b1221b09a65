"""Folding an answer, and opening it again, cut in its very middle: neither is lost, and nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.domain.publish import effects as kinds
from tests.stage import ALL
from tests.stories.test_cut_effects import FAULTS, Cutting
from tests.stories.test_folded import answers
from tests.stories.test_misbehaviour import hurried, settle

pytestmark = pytest.mark.slow

assert hurried  # a fixture, for those who wait for a silent GitHub


def said(stage, number, text):
    stage.world.comment("cheffe-produit", number, text)
    settle(stage)


def out_of_every_column(stage, number):
    stage.world.move_card("cheffe-produit", stage.world.card_of(number).id, None)
    settle(stage)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("kind", [kinds.HideComment, kinds.ShowComment], ids=lambda kind: kind.__name__)
def test_a_fold_cut_in_its_middle_is_made_once(stage, kind, fault):
    number = stage.filed()
    stage.applier = cutting = Cutting(stage, kind, fault)
    out_of_every_column(stage, number)
    stage.passes(3600)
    said(stage, number, f"/coche {ALL}\n/demande")
    said(stage, number, "/retrait")
    stage.passes(3600)
    out_of_every_column(stage, number)
    assert cutting.made[kind] >= 1
    assert stage.hub.faults.happened, "the fault never came"
    stage.hub.faults.clear()
    stage.passes(3600)
    settle(stage)
    stage.says("visiteur", number, "Merci")
    latest = answers(stage, number, "La carte a été remise")[-1]
    assert latest.minimized is None, "GitHub does not tell who folded a comment: what we meant to is ours"
    keys = Counter(key for body in stage.said(number) for key in re.findall(r"jalon:v1 key=(\S+)", body))
    assert [key for key, count in keys.items() if count > 1] == []
    assert stage.nothing_left_to_do(number)
    assert stage.register.verify() == []
