"""A session lives on its issue: what people write there is read, kept, shown in one comment, and counts elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.domain.product.facts import GateDecided
from app.domain.session.held import last_held
from app.github.published import publish
from app.store.schema import SIGHTS
from app.turns.wakeup import SessionWakeUp
from tests.stage import form_body
from tests.stories.test_one_call import calls

AGENDA = "# Ordre du jour du comité produit du 24 novembre 2026\n\n**1 dossier**"
DAY = date(2026, 11, 24)


def opened(stage, day=DAY):
    """The issue of a session's agenda, as the workflow of the secretariat publishes it."""
    world = stage.world
    number = publish(stage.client, world.repository, "ordre-du-jour", day.isoformat(), AGENDA, None)
    stage.settle()
    return number


def record(stage, number):
    """The one comment of ours that follows the session."""
    (only,) = stage.said(number)
    return only.partition("<!--")[0].replace("\xa0", " ")


def session(stage):
    return stage.jalon.sessions.of(stage.world.repository)[-1]


ATTENDANCE = """/émargement
présents : techno, Architecture, ops-produit (visio)
excusés : data, Mme Durand
remplacés : secu par cloud-ops
invités : DINUM"""


def test_attendance_is_entered_once_and_shown(stage):
    number = opened(stage)
    assert stage.said(number) == []
    stage.says("secretariat", number, ATTENDANCE)
    found = session(stage)
    assert [(one.login, one.stands_in) for one in found.present][-1] == ("cloud-ops", True)
    assert found.seats == ("technologie", "architecture", "operations-produit", "securite")
    assert found.excused == ("data",)
    assert (found.apologies, found.guests) == (("Mme Durand",), ("DINUM",))
    told = record(stage, number)
    assert "Présents (4)" in told
    assert "Sécurité (remplacé par cloud-ops)" in told


@pytest.mark.on_time("what is late is read again")
def test_a_word_on_a_session_is_one_read_and_one_write(stage):
    stage.filed()
    number = opened(stage)
    assert calls(stage, lambda: stage.says("secretariat", number, ATTENDANCE)) == (1, 1)
    assert calls(stage, lambda: stage.says("secretariat", number, "/début 9h30")) == (1, 1)
    assert calls(stage, lambda: stage.says("secretariat", number, "Bonne séance à tous")) == (1, 0)


def gate(stage, author="cheffe-produit"):
    number = stage.filed(author, ready=True)
    stage.says(author, number, "/demande")
    return number


def awaited(stage, number):
    """The line that calls the seats, in the comment of the open gate."""
    (line,) = [line for body in stage.said(number) for line in body.splitlines() if line.startswith("Avis attendus")]
    return line


def test_who_stands_in_is_asked_and_votes_at_the_gates_that_open_meanwhile(stage):
    day = stage.today
    meeting = opened(stage, day)
    before = gate(stage)
    until = (stage.now + timedelta(days=20)).strftime("%d/%m/%Y")
    stage.says("secu", meeting, f"/absence jusqu’au {until}, remplacé·e par @cloud-ops")
    assert "remplacement par cloud-ops **à accepter par le secrétariat** : `/accord 1`" in record(stage, meeting)
    stage.says("cloud-ops", meeting, "/accord 1")
    assert "`/accord` est réservé au secrétariat" in record(stage, meeting)
    stage.says("secretariat", meeting, "/accord 1")
    assert "cloud-ops parle pour ce siège" in record(stage, meeting)
    number = gate(stage, "chef-produit")
    assert "@cloud-ops (Sécurité, remplace secu)" in awaited(stage, number)
    assert "@secu" not in awaited(stage, number)
    stage.says("cloud-ops", number, "/go")
    assert "Sécurité" not in awaited(stage, number)
    # The holder keeps their voice, and the seat has one.
    stage.says("secu", number, "/nogo pas d’homologation")
    product, _ = stage.product_turn.look(stage.world.repository, number)
    ballot = product.standing.gates[1].counting["securite"]
    assert (ballot.by, ballot.choice) == ("secu", "nogo")
    # A gate opened before has the voters of its opening.
    stage.says("cloud-ops", before, "/go")
    assert "Sécurité" in awaited(stage, before)


def test_a_return_or_a_comment_taken_back_ends_an_absence(stage):
    day = stage.today
    meeting, other = opened(stage, day), opened(stage, day + timedelta(days=7))
    until = (stage.now + timedelta(days=20)).strftime("%d/%m/%Y")
    repository, absences = stage.world.repository, stage.jalon.absences
    stage.says("secu", meeting, f"/absence jusqu’au {until}")
    stage.says("data", meeting, f"/absence jusqu’au {until}")
    assert {one.login for one in absences.on(repository, day)} == {"secu", "data"}
    stage.says("secu", other, "/retour")
    assert {one.login for one in absences.on(repository, day)} == {"data"}
    said = stage.world.issues[meeting].comments
    theirs = next(comment for comment in said if comment.author == "data")
    stage.world.delete_comment("data", theirs.id)
    stage.settle()
    assert absences.on(repository, day) == ()


def test_a_command_of_a_session_on_a_product_is_told_where_it_goes(stage):
    meeting = opened(stage, stage.today)
    number = stage.filed()
    stage.says("secu", number, "/absence du 3 au 17 août")
    assert f"Celui de la séance est #{meeting}." in stage.said(number)[-1]


def test_a_mark_forged_by_a_person_makes_no_session(stage):
    body = f"{form_body()}\n\n<!-- jalon:ordre-du-jour 2026-11-24 -->"
    number = stage.world.open_issue("cheffe-produit", "Faux", body, ["produit", "ordre du jour"]).number
    stage.settle()
    stage.says("secretariat", number, "/séance annulée")
    assert stage.jalon.sessions.of(stage.world.repository) == ()
    assert "phase: idée" in stage.labels(number)


def test_a_database_that_lost_its_sessions_reads_them_again_at_the_sweep(stage):
    number = opened(stage)
    stage.says("secretariat", number, ATTENDANCE)
    known, repository = stage.jalon.sessions.of(stage.world.repository), stage.world.repository
    assert [stale.number for stale in stage.jalon.sweep.stale(repository)] == []
    stage.jalon.sessions.forget(known[0].issue)
    with stage.database.begin() as connection:
        connection.execute(sa.delete(SIGHTS))
    (stale,) = stage.jalon.sweep.stale(repository)
    assert (stale.number, stale.event) == (number, "session")
    stage.take(SessionWakeUp(stale.product, repository, number, in_background=True), "session:1")
    assert stage.jalon.sessions.of(repository) == known
    assert len(stage.said(number)) == 1


@pytest.mark.on_time("whose words are late is asked again")
def test_attendance_entered_once_serves_every_decision_of_the_session(stage):
    number, other = gate(stage), gate(stage, "chef-produit")
    stage.passes(24 * 3600 * 8)
    day = last_held((), stage.policies.of(stage.world.repository).committee, stage.today)
    meeting = opened(stage, day)
    stage.says("secretariat", number, "/décision go")
    assert f"écrivez `/émargement présents : …` sur #{meeting}" in stage.said(number)[-1]
    stage.says("secretariat", meeting, "/émargement présents : techno, archi, communs, design, data, secu, ops-produit")
    for product in (number, other):
        stage.says("secretariat", product, "/décision go")
        assert "phase: poc" in stage.labels(product)
        decision = next(body for body in stage.said(product) if "Décision prise **en séance**" in body)
        assert "Sièges présents (7, quorum" in decision
    facts = [entry.fact for entry in stage.register.entries() if isinstance(entry.fact, GateDecided)]
    assert {fact.held for fact in facts} == {day.isoformat()}
    assert {len(fact.present) for fact in facts} == {7}


def test_nobody_stands_in_for_a_seat_that_everybody_left(stage):
    """Violation V2 by another door: the attendance list names somebody else for the seat that recused."""
    number = gate(stage)
    stage.says("techno", number, "/déport")
    stage.passes(24 * 3600 * 8)
    day = last_held((), stage.policies.of(stage.world.repository).committee, stage.today)
    meeting = opened(stage, day)
    sat = "présents : archi, communs, design, data, secu, ops-produit\nremplacés : techno par cloud-fabrique"
    stage.says("secretariat", meeting, f"/émargement\n{sat}")
    stage.says("secretariat", number, "/décision go")
    assert "phase: idée" in stage.labels(number)
    told = stage.said(number)[-1].replace("\xa0", " ")
    assert "Technologie" in told
    assert "Décision prise" not in told
    stage.says("secretariat", number, "/décision nogo le besoin recoupe un produit existant")
    decided = next(one.fact for one in stage.register.entries() if isinstance(one.fact, GateDecided))
    assert (decided.outcome, len(decided.present), decided.recused) == ("nogo", 6, 1)
