"""A session lives on its issue: what people write there is read, kept, shown in one comment, and counts elsewhere."""

from __future__ import annotations

from datetime import date

import pytest

from app.github.published import publish
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
    return only.partition("<!--")[0]


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
