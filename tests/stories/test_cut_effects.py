"""Each kind of change on GitHub cut in its very middle: refused, lost on the way back, limited. Nothing is done twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.domain.publish import effects as kinds
from app.domain.publish.effects import Effect
from app.github.apply import apply
from app.importing.importer import paced
from app.importing.pacing import Pacer
from tests.stage import ALL, form_body
from tests.stories.test_import import SAMPLE, Clock, importer, products
from tests.stories.test_misbehaviour import SILENCE_S, hurried, settle

pytestmark = pytest.mark.slow

assert hurried  # a fixture, for those who wait for a silent GitHub

WRITES = r"(POST|PUT|PATCH|DELETE) /repos|GRAPHQL (AddCard|WriteCard|SetCard|RestoreCard|HideComment|ShowComment)"
FAULTS = {
    "502, nothing written": {"kind": "error-before", "status": 502},
    "502, written": {"kind": "error-after", "status": 502},
    "cut, nothing written": {"kind": "cut-before"},
    "cut, written": {"kind": "cut-after"},
    "secondary limit": {"kind": "secondary-limit", "retry_after": 1},
    "silence, written": {"kind": "hang-after", "seconds": SILENCE_S},
    "not permitted for a while": {"kind": "refused", "why": "integration"},
}
EVERY = sorted((kind for kind in Effect.__subclasses__()), key=lambda kind: kind.__name__)
ELSEWHERE = {kinds.Close, kinds.HideComment, kinds.ShowComment}
"""Cut in stories of their own: an import here, and test_folding_cut.py."""


class Cutting:
    """Applies effects; the first of one kind meets a fault."""

    def __init__(self, stage, kind, fault, within=apply):
        self._stage, self._kind, self._fault, self._apply = stage, kind, fault, within
        self.made = Counter()

    def __call__(self, client, issue, effect, *how):
        self.made[type(effect)] += 1
        if type(effect) is self._kind and self.made[self._kind] == 1 and self._fault:
            self._stage.hub.faults.add({**self._fault, "match": WRITES, "next": 1})
        return self._apply(client, issue, effect, *how)


def tour(stage):
    """Everything that makes Jalon change something: filed, ticked, taken off the board, closed, said twice."""
    world = stage.world
    number = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"]).number
    settle(stage)
    asked = world.comment("cheffe-produit", number, "/coche 99")
    settle(stage)
    world.edit_comment("cheffe-produit", asked.id, f"/coche {ALL}")
    settle(stage)
    world.archive_card("chef-produit", world.card_of(number).id)
    settle(stage)
    world.edit_issue("cheffe-produit", number, state="closed")
    settle(stage)
    world.comment(world.bot, number, stage.said(number)[0])
    world.comment("visiteur", number, "Merci")
    settle(stage)
    return number


def shown(stage, number):
    """What GitHub shows of a product in the end, without its dates and numbers."""
    world = stage.world
    issue, card = world.issues[number], world.card_of(number)
    keys = Counter(key for body in stage.said(number) for key in re.findall(r"jalon:v1 key=([a-z-]+)", body))
    nods = sorted((one.body, mine.content) for one in issue.comments for mine in one.reactions)
    return issue.state, sorted(issue.labels), stage.column(number), card.archived, len(world.cards), keys, nods


@pytest.fixture(scope="module")
def whole():
    return {}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind not in ELSEWHERE], ids=lambda kind: kind.__name__)
def test_a_change_cut_in_its_middle_is_made_once(stage, kind, fault, whole):
    stage.applier = cutting = Cutting(stage, kind, fault)
    number = tour(stage)
    assert stage.hub.faults.happened, "the fault never came"
    stage.hub.faults.clear()
    stage.passes(3600)
    settle(stage)
    stage.says("visiteur", number, "Encore merci")
    assert cutting.made[kind] >= 1
    state, labels, column, archived, cards, keys, nods = shown(stage, number)
    assert (state, column, archived, cards) == ("open", "Idée", False, 1)
    assert {"produit", "phase: idée"} <= set(labels)
    whole_keys = Counter(key for body in stage.said(number) for key in re.findall(r"jalon:v1 key=(\S+)", body))
    assert [key for key, count in whole_keys.items() if count > 1] == []
    assert stage.nothing_left_to_do(number)
    assert stage.register.verify() == []
    assert whole.setdefault("shown", (labels, keys, nods)) == (labels, keys, nods), "as after any other fault"


@pytest.mark.parametrize("fault", ["error-before", "error-after", "cut-after"])
def test_an_ended_product_is_closed_once_however_its_import_is_cut(stage, fault):
    clock = Clock(stage)
    cutting = Cutting(stage, kinds.Close, {"kind": fault}, paced(Pacer(clock, clock.wait)))
    maker = importer(stage, clock, cutting)
    ended = next(product for product in products(stage, SAMPLE) if product.title == "A Dock")
    maker.take(ended)
    assert stage.hub.faults.happened, "the fault never came"
    stage.hub.faults.clear()
    maker.take(ended)
    [number] = stage.world.issues
    issue = stage.world.issues[number]
    assert (issue.state, stage.column(number)) == ("closed", "Arrêt")
    assert [event.event for event in issue.events].count("closed") == 1
    assert len(stage.said(number)) == 1


def test_every_kind_of_change_is_cut_here(stage):
    stage.applier = cutting = Cutting(stage, None, None)
    tour(stage)
    assert {*cutting.made} | ELSEWHERE == set(EVERY)
