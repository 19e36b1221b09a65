"""The history replayed shows what it would have shown then, and is judged by people's answers alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.model import ReuseSettings
from app.domain.product.facts import ProductFiled, ProductLeft
from app.domain.report.reuse_replay import DoorReplay, LivedProduct, Replay, replay
from app.domain.reuse.catalogue import Catalogue, Common
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life, candidate

POLICY = replace(a_small_policy(), reuse=ReuseSettings(least=0.1))
TCHAP = Common("tchap", "Tchap", "Échanger des messages entre agents")
CATALOGUE = Catalogue((TCHAP,), is_kept=True)
RESTES = "Lutter contre le gaspillage alimentaire des cantines du ministère"
WEIGHT = "Mesurer le gaspillage alimentaire à la cantine"
FOOD = "Réduire le gaspillage alimentaire dans les cantines scolaires"


def a_life(number, vision=FOOD, day="2026-11-02"):
    life = Life(POLICY, f"Produit {number}", number).filed(day)
    filed = life.facts[0]
    assert isinstance(filed, ProductFiled)
    life.facts[0] = replace(filed, answers=(("vision", vision),))
    return life


def replayed(*lives, least=(0.01,), catalogue=CATALOGUE, policy=POLICY) -> Replay:
    recorded = [LivedProduct(f"I_{life.number}", life.number, tuple(life.facts)) for life in lives]
    return replay(recorded, REPOSITORY, policy, catalogue, least)


def doors(found: Replay, rank=0):
    return {one.door: one for one in found.thresholds[rank].doors}


def test_a_filing_is_compared_with_what_had_come_before_it():
    first, second = a_life(1).asked("2026-11-03", "mvp"), a_life(2, RESTES, "2026-11-09")
    found = replayed(second, first)
    assert (found.filings, found.answers) == (2, 0)
    (told,) = found.thresholds
    assert (told.spoken, told.missed) == (1, 0)
    assert told.doors == (DoorReplay("near", 1, 0, 0),)
    assert told.doors[0].unanswered == 1


def test_answers_judge_what_each_threshold_shows():
    first, third = a_life(1), a_life(3, "Réserver une salle de réunion entre agents")
    second = a_life(2, RESTES, "2026-11-09")
    second.shown("2026-11-09", candidate(1, "produit:I_1")).answered("2026-11-10", "produit:I_1", "reuse", number=1)
    second.answered("2026-11-11", "commun:autre", "adapt").answered("2026-11-11", "commun:loin", "aside")
    found = replayed(first, second, third, least=(0.01, 1.0))
    assert found.answers == 3
    assert not found.is_enough
    assert doors(found)["near"] == DoorReplay("near", 1, 1, 0)
    assert found.thresholds[0].missed == 1
    assert (found.thresholds[1].spoken, found.thresholds[1].missed) == (0, 2)


def test_what_was_set_aside_is_shown_again_by_a_replay_and_counted_false():
    first, second = a_life(1), a_life(2, RESTES, "2026-11-09")
    second.shown("2026-11-09", candidate(1, "produit:I_1")).answered("2026-11-10", "produit:I_1", "aside", number=1)
    assert doors(replayed(first, second))["near"] == DoorReplay("near", 1, 0, 1)


def test_a_name_is_shown_whatever_the_threshold():
    life = a_life(1, "Remplacer Tchap pour échanger des messages entre agents")
    found = replayed(life, least=(0.0, 1.0))
    assert [doors(found, rank)["name"].shown for rank in (0, 1)] == [1, 1]
    assert "near" not in doors(found)


def test_a_product_followed_no_longer_is_compared_no_more():
    gone = a_life(1)
    gone.facts.append(ProductLeft(**gone._note("2026-11-05"), how="deleted"))
    assert replayed(gone, a_life(2, RESTES, "2026-11-09")).thresholds[0].spoken == 0


def test_a_product_taken_over_is_a_candidate_and_is_not_replayed():
    life = a_life(1)
    life.facts = life.facts[1:]
    assert replayed(life, policy=replace(POLICY, reuse=None)).filings == 0


@pytest.mark.parametrize(("accepted", "aside", "precision"), [(20, 9, None), (21, 9, 70)])
def test_no_share_is_told_under_thirty_answers(accepted, aside, precision):
    assert DoorReplay("near", accepted + aside, accepted, aside).precision == precision
