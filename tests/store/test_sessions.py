"""What is kept of sessions and absences comes back as it was, and follows the last reading of each issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.session.model import Absence, Attending, EarlyReturn, Session
from app.engine import open_database
from app.store.sessions import Absences, Sessions, StoredSession

DAY = date(2026, 11, 24)
SESSION = Session(
    *("dnum/produits", "I_40", 40, DAY, date(2026, 11, 26), "Salle 3", "https://visio.exemple.gouv.fr/a"),
    begun="09:30",
    ended="11:00",
    present=(Attending("design"), Attending("securite", "cloud-ops", stands_in=True)),
    excused=("data",),
    apologies=("Mme la directrice",),
    guests=("DINUM",),
    items=(12, 15, 9),
)
AWAY = Absence("securite", "secu", date(2026, 11, 23), date(2026, 12, 5), "cloud-ops", True, 1, 40, 7)


@pytest.fixture
def database(tmp_path):
    found = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield found
    found.dispose()


def test_a_session_comes_back_as_it_was_kept(database):
    sessions = Sessions(database)
    sessions.keep(StoredSession(SESSION, memory={"1": "2"}))
    assert sessions.of("dnum/produits") == (SESSION,)
    assert sessions.of("dnum/autre") == ()
    assert sessions.memory("I_40") == {"1": "2"}
    assert sessions.memory("I_41") == {}
    assert sessions.planned("I_40") == DAY
    assert sessions.planned("I_41") is None
    assert sessions.on("dnum/produits", date(2026, 11, 26)) == SESSION
    assert sessions.repositories() == ("dnum/produits",)
    sessions.forget("I_40")
    assert sessions.of("dnum/produits") == ()


def test_the_last_session_held_is_neither_cancelled_nor_to_come(database):
    sessions = Sessions(database)
    cancelled = replace(SESSION, issue="I_41", day=date(2026, 12, 1), planned=date(2026, 12, 1), cancelled=True)
    coming = replace(SESSION, issue="I_42", day=date(2026, 12, 8), planned=date(2026, 12, 8))
    for one in (SESSION, cancelled, coming):
        sessions.keep(StoredSession(one))
    assert sessions.last_held("dnum/produits", date(2026, 12, 4)) == SESSION
    assert sessions.last_held("dnum/produits", date(2026, 11, 25)) is None


def test_absences_follow_the_last_reading_and_the_returns_of_any_issue(database):
    sessions, absences = Sessions(database), Absences(database)
    sessions.keep(StoredSession(SESSION, absences=(AWAY,)))
    assert absences.on("dnum/produits", date(2026, 12, 5)) == (AWAY,)
    assert absences.on("dnum/produits", date(2026, 12, 6)) == ()
    assert absences.since("dnum/produits", date(2026, 11, 1)) == (AWAY,)
    other = replace(SESSION, issue="I_41", number=41)
    sessions.keep(StoredSession(other, returns=(EarlyReturn("secu", date(2026, 12, 1), comment=9),)))
    assert absences.on("dnum/produits", date(2026, 12, 1)) == ()
    assert absences.on("dnum/produits", date(2026, 11, 30)) == (replace(AWAY, until=date(2026, 11, 30)),)
    sessions.keep(StoredSession(SESSION))
    assert absences.since("dnum/produits", date(2026, 11, 1)) == ()
