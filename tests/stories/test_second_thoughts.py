"""Second thoughts through the local GitHub, entered by webhook and looked at as GitHub shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.product import history_in_comments
from app.github.policies import PATH
from app.turns.wakeup import ProductWakeUp

PRESENT = "présents : techno, archi, communs, design, data, secu, transfo"
WRONG = "rectification : saisi go au lieu de no-go"


def ruled(stage, before: str, now: str) -> None:
    """The committee's rules, one line of them changed."""
    text = stage.world.files[PATH]
    assert before in text
    stage.world.write_file("secretariat", PATH, text.replace(before, now, 1))
    stage.settle()
    stage.reads_rules()


def asked(stage) -> int:
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


def test_a_slip_is_put_right_and_both_decisions_stay_readable(stage):
    number = asked(stage)
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    assert stage.column(number) == "POC"
    before = next(body for body in stage.said(number) if "✅ go – Idée" in body)
    stage.says("secretariat", number, f"/rectifier nogo le besoin existe ailleurs\n{PRESENT}\n{WRONG}")
    said = stage.said(number)
    assert before in said, "the former decision is not rewritten"
    assert any(
        "## Décision rectifiée" in body and "⛔ no-go – Idée" in body and "saisi go au lieu de no-go" in body
        for body in said
    )
    assert stage.column(number) == "Idée"
    assert {"phase: idée", "passage: refusé"} <= stage.labels(number)
    assert "phase: poc" not in stage.labels(number)
    assert "Refusé le" in said[0]
    assert stage.nothing_left_to_do(number)


def test_the_register_comes_back_from_github_alone(stage):
    number = asked(stage)
    stage.says("secretariat", number, f"/décision nogo trop tôt\n{PRESENT}")
    stage.says("cheffe-produit", number, "/contester le rapport n’a pas été lu")
    stage.says("secretariat", number, f"/décision go sous réserve\n- chiffrer\n{PRESENT}")
    stage.says("secretariat", number, "/levée 1 : fait")
    stage.says("secretariat", number, "/rectifier levée 1 : mauvaise pièce")
    stage.says("cheffe-produit", number, "/pause : budget gelé")
    stage.says("cheffe-produit", number, "/reprise")
    product, _ = stage.product_turn.look(stage.world.repository, number)
    history = stage.register.history(product.issue.id)
    assert history_in_comments.restored_history(product.issue.comments).history == history
    assert stage.nothing_left_to_do(number)


@pytest.mark.slow
def test_a_contest_calls_the_seats_and_shows_what_was_refused(stage):
    number = asked(stage)
    stage.says("secretariat", number, f"/décision nogo trop tôt\n{PRESENT}")
    stage.says("cheffe-produit", number, "/contester le rapport n’a pas été lu")
    said = stage.said(number)
    assert any("## Contestation du no-go" in body for body in said)
    gate = next(body for body in said if "## Passage 2" in body)
    assert "conteste" in gate
    assert "le rapport n’a pas été lu" in gate
    assert "trop tôt" in gate
    assert "@secu" in gate
    assert "passage: demandé" in stage.labels(number)


@pytest.mark.on_time("what is late is read again")
def test_a_paused_product_wakes_on_its_day_without_an_event(stage):
    number = stage.filed(ready=True)
    until = stage.today + timedelta(days=10)
    stage.says("cheffe-produit", number, f"/pause jusqu’au {until:%d/%m/%Y} : budget gelé")
    assert "En pause" in stage.said(number)[0]
    stage.says("cheffe-produit", number, "/demande")
    assert any("est en pause depuis" in body for body in stage.said(number))
    product, _ = stage.product_turn.look(stage.world.repository, number)
    stage.passes(timedelta(days=12).total_seconds())
    stage.take(ProductWakeUp(product.issue.id, stage.world.repository, number, in_background=True), "sweep")
    assert sum("## Fin de la pause" in body for body in stage.said(number)) == 1
    assert "En pause" not in stage.said(number)[0]
    stage.says("cheffe-produit", number, "/demande")
    assert "passage: demandé" in stage.labels(number)


@pytest.mark.on_time("what is late is read again")
def test_a_second_thought_costs_one_read_and_one_write(stage):
    number = asked(stage)
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    stage.hub.take_held()
    stage.hub.calls.clear()
    stage.says("secretariat", number, f"/rectifier nogo trop tôt\n{PRESENT}\n{WRONG}")
    assert sum(not call["write"] for call in stage.hub.calls) == 1
    assert sum(call["write"] for call in stage.hub.calls) <= 2


def test_the_direction_overrides_in_the_open_once_the_rules_name_it(stage):
    number = asked(stage)
    stage.says("visiteur", number, "/passer-outre go : urgence")
    assert any("ne nomment personne" in body for body in stage.said(number))
    ruled(stage, "  direction: []", "  direction: [visiteur]")
    stage.says("visiteur", number, "/passer-outre go : engagement du ministre")
    said = stage.said(number)
    told = next(body for body in said if "## Passer outre" in body)
    assert "engagement du ministre" in told
    assert "Ce n’est pas une décision du comité" in told
    assert not any("## Décision\u00a0:" in body for body in said)
    assert any("par la direction, qui a passé outre" in body for body in said)
    assert "phase: poc" in stage.labels(number)
    assert stage.nothing_left_to_do(number)


@pytest.mark.on_time("what is late is read again")
def test_a_nogo_waits_for_its_session_and_is_published_after_it(stage):
    ruled(stage, "  nogo_after_session: false", "  nogo_after_session: true")
    number = asked(stage)
    for login in ("techno", "archi", "communs", "design", "data", "secu", "transfo"):
        stage.says(login, number, "/nogo trop tôt")
    assert not any("## Décision" in body for body in stage.said(number))
    assert any("Un no-go ne sera compté qu’après la séance du" in body for body in stage.said(number))
    product, _ = stage.product_turn.look(stage.world.repository, number)
    until = product.standing.open_gate.request.quiet_until
    stage.passes((until - stage.now).total_seconds() + 60)
    stage.take(ProductWakeUp(product.issue.id, stage.world.repository, number, in_background=True), "sweep")
    assert any("⛔ no-go – Idée" in body for body in stage.said(number))
