"""What an App writes in somebody's name counts only if the rules say so; who wrote is known before anything counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.demo.seed import seed
from app.domain.product.fact_json import to_json
from app.domain.product.facts import BallotCast, CommandRefused
from app.github.client import LaterError
from app.github.policies import PATH
from app.turns.finding import WAITS_S
from app.turns.wakeup import ProductWakeUp
from tests.stage import ALL, Stage, listening
from tests.stories.test_one_call import calls

WRITER = {"slug": "redacteur", "permissions": {"issues": "write", "metadata": "read"}}
COMMENTS = r"GET /repos/.*/issues/\d+/comments"


@pytest.fixture
def stage(tmp_path):
    made = Stage(listening(seed={**seed(), "other_apps": [WRITER]}), f"sqlite:///{tmp_path}/jalon.db")
    yield made
    made.close()


@pytest.fixture
def number(stage):
    """A product whose gate is open, and whose deliveries were all heard."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


def through(stage, login, number, text, app=None):
    """The App writes in somebody's name; its deliveries wait."""
    with stage.world.acting_through((app or stage.world.other_apps["redacteur"]).id):
        return stage.world.comment(login, number, text)


def facts(stage, number):
    return stage.register.history(stage.world.issue(number).node_id)


def ballots(stage, number):
    return [fact.by for fact in facts(stage, number) if isinstance(fact, BallotCast)]


def refused(stage, number):
    return [fact for fact in facts(stage, number) if isinstance(fact, CommandRefused) and fact.reason == "other_app"]


def answers(stage, number):
    return [text for text in stage.said(number) if "l’application" in text and "redacteur" in text]


def rules_name(stage, *apps):
    text = stage.world.files[PATH]
    stage.world.write_file(
        "secretariat", PATH, text.replace("  day: ", f"  apps: [{', '.join(apps)}]\n  day: ", 1), "Une App"
    )
    stage.settle()
    stage.reads_rules()


def wake(stage, number, **more):
    return ProductWakeUp(stage.world.issue(number).node_id, stage.world.repository, number, **more)


def test_a_ballot_that_another_app_writes_does_not_count_and_is_answered_once(stage, number):
    said = through(stage, "techno", number, "/go\n\n/aide")
    stage.settle()
    assert ballots(stage, number) == []
    assert len(refused(stage, number)) == len(answers(stage, number)) == 1
    assert [one.content for one in said.reactions] == ["confused"]
    assert stage.nothing_left_to_do(number)
    stage.world.edit_comment("techno", said.id, "/go, vraiment")
    stage.settle()
    assert ballots(stage, number) == []
    assert len(answers(stage, number)) == 1
    stage.says("techno", number, "/go")
    assert ballots(stage, number) == ["techno"]


@pytest.mark.parametrize("name", ["redacteur", "Redacteur", "number"])
def test_the_rules_may_name_an_app_by_its_slug_or_its_number(stage, number, name):
    rules_name(stage, str(stage.world.other_apps["redacteur"].id) if name == "number" else name)
    through(stage, "techno", number, "/go")
    stage.settle()
    assert ballots(stage, number) == ["techno"]


def test_rules_that_name_an_app_later_do_not_make_its_old_comments_speak(stage, number):
    through(stage, "techno", number, "/go")
    stage.settle()
    rules_name(stage, "redacteur")
    through(stage, "archi", number, "/go")
    stage.settle()
    assert ballots(stage, number) == ["archi"]
    assert len(answers(stage, number)) == 1


def test_what_is_done_by_jalons_own_app_is_done_by_the_person(stage, number):
    through(stage, "techno", number, "/go", stage.world.app)
    assert calls(stage, stage.settle) == (1, 1)
    assert ballots(stage, number) == ["techno"]


def test_the_team_s_commands_are_held_to_the_same(stage):
    number = stage.filed()
    through(stage, "cheffe-produit", number, f"/coche {ALL}\n/demande")
    stage.settle()
    assert len(refused(stage, number)) == 1
    assert stage.labels(number) >= {"phase: idée"}
    assert not any("GateRequested" in str(to_json(fact)) for fact in facts(stage, number))


@pytest.mark.slow
@pytest.mark.parametrize("is_by_app", [False, True])
def test_a_comment_whose_webhook_was_lost_costs_one_reading_more(stage, number, is_by_app):
    if is_by_app:
        through(stage, "techno", number, "/go")
    else:
        stage.world.comment("techno", number, "/go")
    stage.hub.take_held()
    assert calls(stage, lambda: stage.take(wake(stage, number), "sweep")) == (2, 1)
    assert ballots(stage, number) == ([] if is_by_app else ["techno"])
    assert len(answers(stage, number)) == int(is_by_app)
    assert calls(stage, lambda: stage.take(wake(stage, number), "sweep")) == (1, 0)


def test_a_comment_that_asks_for_nothing_costs_no_reading_whoever_wrote_it(stage, number):
    through(stage, "techno", number, "Bonjour, je relis le dossier.")
    stage.hub.take_held()
    assert calls(stage, lambda: stage.take(wake(stage, number), "sweep")) == (1, 0)


def test_while_github_does_not_say_who_wrote_nothing_counts_and_nothing_is_lost(stage, number):
    stage.world.comment("techno", number, "/go")
    stage.hub.take_held()
    stage.hub.faults.add({"kind": "error-before", "status": 502, "match": COMMENTS})
    with pytest.raises(LaterError):
        stage.turns.take(wake(stage, number), "sweep")
    assert ballots(stage, number) == []
    stage.hub.faults.clear()
    stage.take(wake(stage, number), "sweep")
    assert ballots(stage, number) == ["techno"]


def test_what_github_never_lists_is_never_counted_nor_forgotten(stage, number, monkeypatch):
    stage.world.comment("techno", number, "/go")
    stage.world.comment("visiteur", number, "Bonjour")
    stage.hub.take_held()
    monkeypatch.setattr("app.turns.provenance.performers", lambda *_: iter(()))
    for tried in range(len(WAITS_S)):
        with pytest.raises(LaterError):
            stage.turns.take(replace(wake(stage, number), tried=tried), "sweep")
    stage.turns.take(replace(wake(stage, number), tried=len(WAITS_S)), "sweep")
    assert ballots(stage, number) == []
    monkeypatch.undo()
    stage.take(wake(stage, number), "sweep")
    assert ballots(stage, number) == ["techno"]


def test_a_register_lost_is_rebuilt_the_same_from_github_alone(stage, number, tmp_path):
    through(stage, "techno", number, "/go")
    stage.settle()
    stage.says("techno", number, "/go")
    second = Stage(stage.hub, f"sqlite:///{tmp_path}/second.db")
    second.product_turn.rebuild(second.world.repository, number)
    assert [to_json(one) for one in facts(second, number)] == [to_json(one) for one in facts(stage, number)]
    assert second.nothing_left_to_do(number)
    second.take(wake(second, number), "sweep")
    assert ballots(second, number) == ["techno"]
    second.database.dispose()
