"""What a sealed register costs on GitHub: no call more for whatever people do in a week, one look a night."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.stage import Stage

pytestmark = pytest.mark.slow


@pytest.fixture
def stages(tmp_path):
    """The same week on two GitHubs: one register is sealed, the other is not."""
    made = {}
    for sealed in (False, True):
        folder = tmp_path / str(sealed)
        folder.mkdir()
        made[sealed] = Stage.at(folder, sealed=sealed)
        made[sealed].hub.world.clock = lambda stage=made[sealed]: stage.now
    yield made
    for one in made.values():
        one.close()


def week(stage):
    """Two filings, a gate that says go with a condition, one that says no-go, refusals, boxes, a card, a vote edited."""
    first, second = stage.filed(ready=True), stage.filed("chef-produit", "VRB", ready=True)
    for number, author in ((first, "cheffe-produit"), (second, "chef-produit")):
        stage.passes(60)
        stage.says(author, number, "/demande")
    stage.says("visiteur", first, "/go")
    stage.says("secu", first, "/go sous réserve\n- relire le plan de reprise")
    stage.says("techno", first, "/nogo trop tôt")
    vote = [one for one in stage.world.issues[first].comments if one.author == "techno"][-1]
    stage.world.edit_comment("techno", vote.id, "/go")
    stage.settle()
    for login in ("archi", "communs", "design", "data", "transfo", "cloud-ops"):
        stage.says(login, first, "/go")
        stage.says(login, second, "/nogo le besoin n’est pas démontré")
    stage.passes(86_400)
    stage.says("secretariat", first, "/levée 1 relu le 3 décembre : https://exemple.gouv.fr/plan")
    stage.drag("visiteur", second, "MVP")
    stage.says("cheffe-produit", first, "/coche 4 5")
    stage.world.delete_comment("secretariat", vote.id)
    stage.settle()


def calls(stage):
    stage.hub.calls.clear()
    week(stage)
    return [(call["method"], call["operation"], call["write"], tuple(call["acts"])) for call in stage.hub.calls]


def test_a_week_costs_no_call_more(stages):
    plain, sealed = calls(stages[False]), calls(stages[True])
    assert sealed == plain
    assert Counter(write for _, _, write, _ in sealed)[True] > 20
    assert stages[True].log.size > 50
    assert stages[True].log.pending() == 0


def test_a_night_costs_one_read_by_repository_and_nothing_without_a_seal(stages):
    for sealed, stage in stages.items():
        week(stage)
        stage.hub.calls.clear()
        stage.jalon.seal_watch.look()
        asked = [call["operation"] for call in stage.hub.calls if call["operation"]]
        assert len(asked) == sealed
        assert not any(call["write"] for call in stage.hub.calls)
