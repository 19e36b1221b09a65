"""The minutes of a session: which decisions are its own, who said what, and what it left for later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.product.facts import GateWithdrawn, Point
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
)
from app.domain.report.minutes import Attendance, Voices, attendance_of, minutes
from app.domain.report.portfolio import rows
from app.domain.session.model import Attending, Session
from tests.builders import SMALL, a_small_policy, parsed
from tests.lives import Life, at

POLICY = a_small_policy()
SESSION = date(2026, 11, 24)  # a Tuesday
SAT = ("design", "technologie")


def seen(*lives, now="2026-11-27", policy=POLICY):
    return rows([life.tracked for life in lives], policy, at(now))


def asked(title="Dossier", number=1, day="2026-11-16") -> Life:
    return Life(POLICY, title, number).filed("2026-10-01").asked(day, "mvp")


def titles(lines):
    return [line.product.title for line in lines]


def test_what_was_decided_in_session_is_told_apart_from_what_was_decided_in_writing():
    together = asked("En séance", 1).decided("2026-11-24", "go", [("Relire", "")], present=SAT, reason="")
    put_off = asked("Reporté", 2).postponed("2026-11-24", "Budget")
    written = asked("Par écrit", 3).decided("2026-11-19")
    before = asked("Avant", 4, "2026-11-10").decided("2026-11-17")
    after = asked("Après", 5, "2026-11-10").decided("2026-11-25")
    found = minutes(seen(together, put_off, written, before, after), POLICY, SESSION)
    assert titles(found.in_session) == ["En séance", "Reporté"]
    assert titles(found.in_writing) == ["Par écrit"]
    assert titles(found.untreated) == ["Après"]
    assert found.attendance == Attendance(("Technologie", "Design"))
    assert found.before == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("typed", "held", "session"),
    [
        ("2026-11-24", "", "2026-11-24"),
        ("2026-11-25", "", "2026-11-24"),
        ("2026-11-28", "", "2026-11-24"),  # the Saturday after
        ("2026-11-30", "", "2026-11-24"),
        ("2026-12-01", "", "2026-12-01"),
        ("2026-12-02", "2026-11-24", "2026-11-24"),
        ("2026-11-24", "2026-11-17", "2026-11-17"),
    ],
)
def test_a_decision_belongs_to_the_session_it_names_else_to_the_last_one_held(typed, held, session):
    life = asked().decided(typed, "go", present=SAT, held=held)
    days = [date(2026, 11, 17), SESSION, date(2026, 12, 1)]
    found = {day.isoformat(): minutes(seen(life, now="2026-12-04"), POLICY, day) for day in days}
    assert [day for day, told in found.items() if told.in_session] == [session]
    assert not any(told.in_writing for told in found.values())


def test_a_postponement_belongs_to_the_last_session_held_and_says_until_when():
    (line,) = minutes(seen(asked().postponed("2026-11-26", "Budget")), POLICY, SESSION).in_session
    assert (line.outcome, line.until, line.points) == ("postponed", date(2026, 12, 10), (Point("", "Budget"),))
    assert minutes(seen(asked().postponed("2026-11-26")), POLICY, date(2026, 12, 1)).in_session == ()


def test_votes_conditions_and_reasons_are_told_by_seat():
    life = asked().vote("2026-11-17", "technologie").vote("2026-11-17", "design", conditions=["Design : relire"])
    life.vote("2026-11-18", "securite", "nogo", "Sécurité : rien n’est chiffré")
    life.decided(
        "2026-11-24", "go", [("Chiffrer avant le 31/12/2026", "2026-12-31")], present=SAT, excused=("Sécurité",)
    )
    (line,) = minutes(seen(life), POLICY, SESSION).in_session
    assert line.voices[:3] == (
        Voices("go", ("Technologie",)),
        Voices("conditions", ("Design",)),
        Voices("nogo", ("Sécurité",)),
    )
    (condition,) = line.conditions
    assert (condition.number, condition.seat, condition.owner, condition.due) == (1, "", "cheffe-produit", "2026-12-31")
    assert (line.outcome, line.present, line.excused) == ("conditional", ("Design", "Technologie"), ("Sécurité",))
    refused = (
        asked().vote("2026-11-18", "securite", "nogo", "Sécurité : rien n’est chiffré").decided("2026-11-19", "nogo")
    )
    (line,) = minutes(seen(refused), POLICY, SESSION).in_writing
    assert line.points == (Point("Sécurité", "rien n’est chiffré"),)


def test_a_gate_the_secretariat_closed_is_told_apart_from_one_its_ballots_or_its_deadline_ended():
    by_hand = asked("Clos", 1).vote("2026-11-17", "technologie").decided("2026-11-19")
    settled = asked("Acquis", 2)
    for seat in ("technologie", "design", "securite", "data"):
        settled.vote("2026-11-17", seat)
    settled.decided("2026-11-19")
    over = Life(POLICY, "Échu", 3).filed("2026-10-01").asked("2026-11-05", "mvp").decided("2026-11-20")
    by_hand.facts = [
        replace(fact, cause="comment:9") if fact.at == at("2026-11-19") else fact for fact in by_hand.facts
    ]
    found = minutes(seen(by_hand, settled, over), POLICY, SESSION).in_writing
    assert {line.product.title: line.is_closed for line in found} == {"Clos": True, "Acquis": False, "Échu": False}


def test_only_what_was_on_the_agenda_and_waits_still_was_left():
    waiting, late = asked("Attend", 1), asked("Trop tard", 2, "2026-11-24")
    withdrawn = asked("Retiré", 3)
    withdrawn.facts.append(GateWithdrawn(at=at("2026-11-20"), by="cheffe-produit", cause="test:w", gate=1))
    found = minutes(seen(waiting, late, withdrawn), POLICY, SESSION)
    assert titles(found.untreated) == ["Attend"]


def test_what_the_secretariat_entered_is_the_attendance():
    told = Attendance(("Design",), guests=("Une invitée",), is_recorded=True)
    life = asked().decided("2026-11-24", "go", present=SAT)
    assert minutes(seen(life), POLICY, SESSION, told).attendance == told


def test_where_nobody_entered_who_sat_the_decisions_tell_it():
    told = Attendance(excused=("Mme Durand",), place="Salle 204", begun="09:30")
    life = asked().decided("2026-11-24", "go", present=SAT)
    found = minutes(seen(life), POLICY, SESSION, told).attendance
    assert (found.present, found.excused, found.place, found.begun) == (
        ("Technologie", "Design"),
        ("Mme Durand",),
        "Salle 204",
        "09:30",
    )


def test_the_attendance_of_a_session_names_its_seats():
    sat = (Attending("technologie"), Attending("securite", "cloud-ops", stands_in=True))
    entered = Session("dnum/produits", "I_40", 40, SESSION, SESSION, "Salle 204", "", "09:30", "11:00", present=sat)
    found = attendance_of(replace(entered, excused=("data",), apologies=("Mme Durand",), guests=("DINUM",)), POLICY)
    assert (found.present, found.replaced) == (("Technologie", "Sécurité"), (("Sécurité", "cloud-ops"),))
    assert (found.excused, found.guests, found.is_recorded) == (("Data", "Mme Durand"), ("DINUM",), True)
    assert "Design" in found.absent
    assert attendance_of(replace(entered, present=()), POLICY).absent == ()


def test_conditions_of_another_gate_are_not_told_with_a_decision():
    life = Life(POLICY, "Dossier", 1).filed("2026-10-01").asked("2026-10-02", "mvp")
    life.decided("2026-10-06", "go", [("Ancienne", "")]).lifted("2026-10-07", 1)
    life.asked("2026-11-16", POLICY.exits("mvp")[0].to).decided("2026-11-24", "go", [("Nouvelle", "")], present=SAT)
    (line,) = minutes(seen(life), POLICY, SESSION).in_session
    assert [one.text for one in line.conditions] == ["Nouvelle"]


def test_the_calendar_may_be_corrected_by_sessions_held():
    life = asked().decided("2026-11-26", "go", present=SAT)
    moved = [date(2026, 11, 17), date(2026, 11, 26)]

    def held(day):
        return max((one for one in moved if one <= day), default=None)

    found = minutes(seen(life), POLICY, date(2026, 11, 26), session_at=held)
    assert (titles(found.in_session), found.before) == (["Dossier"], date(2026, 11, 17))


def test_minutes_of_a_first_session_start_a_week_before():
    weeks = [f"2026-W{n:02}" for n in range(1, 48)] + [f"2025-W{n:02}" for n in range(1, 53)]
    policy = parsed(SMALL.replace("  secretariat:", f"  weeks_off: {weeks}\n  secretariat:"))
    life = asked(day="2026-11-10").decided("2026-11-18")
    found = minutes(seen(life, policy=policy), policy, SESSION)
    assert (found.before, len(found.in_writing)) == (None, 1)


def test_a_history_is_read_only_where_there_is_something_to_tell():
    read = []
    lives = [asked("Un", 1), Life(POLICY, "Deux", 2).filed("2026-10-01"), asked("Trois", 3, "2026-01-05")]
    lives[2].decided("2026-01-19")

    class Watched:
        def __init__(self, tracked):
            self._tracked = tracked

        def __getattr__(self, name):
            return getattr(self._tracked, name)

        @property
        def history(self):
            read.append(self._tracked.title)
            return self._tracked.history

    found = rows([Watched(life.tracked) for life in lives], POLICY, at("2026-11-27"))
    minutes(found, POLICY, SESSION)
    assert read == ["Un"]


def test_second_thoughts_stay_with_their_decision():
    life = asked("Rectifié", 1).decided("2026-11-24", "go", present=SAT)
    note = {"at": at("2026-11-26"), "by": "secretariat", "cause": "test:again", "gate": 1}
    life.facts.append(DecisionRectified(**note, was="go", outcome="nogo", why="mal saisi", present=SAT, phase="idee"))
    (line,) = minutes(seen(life), POLICY, SESSION).in_session
    assert (line.outcome, [(one.kind, one.was, one.outcome) for one in line.again]) == (
        "go",
        [("rectified", "go", "nogo")],
    )
    former = asked("Contesté", 2).decided("2026-11-19", "nogo")
    note["at"] = at("2026-11-20")
    former.facts.append(DecisionContested(**note, grounds="chiffré depuis", held="2026-11-24"))
    overridden = asked("Direction", 3).decided("2026-11-19", "nogo")
    overridden.facts.append(DecisionOverridden(**note, was="nogo", outcome="go", reason="urgence"))
    lift = asked("Levée", 4).decided("2026-11-19", "go", [("Relire", "")])
    lift.facts.append(LiftRectified(**note, number=1, reason="pas relu"))
    found = minutes(seen(former, overridden, lift), POLICY, SESSION).in_writing
    assert {one.kind: one.why for line in found for one in line.again} == {
        "contested": "chiffré depuis",
        "overridden": "urgence",
        "lift": "pas relu",
    }
