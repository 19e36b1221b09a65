"""A decision entered without its day or its attendance: those of the session last held, entered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.domain.product.facts import CommandRefused, GateDecided
from app.domain.product.lawful import breach
from app.domain.product.surroundings import Alone
from app.domain.session.model import Attending, Session
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, filed, played, says

POLICY = a_small_policy()
MONDAY = T0.date()
TUESDAY = MONDAY + timedelta(days=1)
SATURDAY = T0 + timedelta(days=5)
PRESENT = tuple(Attending(seat) for seat in ("technologie", "securite", "data"))
SESSION = Session("ministere/produits", "I_40", 40, TUESDAY, TUESDAY, present=PRESENT, excused=("design",))


class Known(Alone):
    def __init__(self, *sessions: Session) -> None:
        self.sessions = sessions


def entered(text: str, *sessions: Session, now: datetime = SATURDAY, **given):
    product = at_gate(POLICY, **given).seen_as(around=Known(*sessions))
    return played(says(product, "secretariat", text), POLICY, now)


def decided(product) -> GateDecided:
    assert breach(product.history, POLICY) == 0
    return next(fact for fact in product.history if isinstance(fact, GateDecided))


def refusal(product) -> CommandRefused:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last


def test_what_is_entered_on_a_saturday_was_decided_on_the_tuesday_before():
    found = decided(entered("/décision go présents : techno, secu, data"))
    assert found.held == TUESDAY.isoformat()


def test_a_session_before_the_request_decided_nothing_of_it():
    assert decided(entered("/décision go présents : techno, secu, data", now=T0 + timedelta(hours=2))).held == ""


@pytest.mark.parametrize("session", [SESSION, replace(SESSION, day=date(2026, 1, 8))])
def test_attendance_entered_once_is_frozen_in_the_decision(session):
    found = decided(entered("/décision go", session))
    assert found.present == ("technologie", "securite", "data")
    assert found.excused == ("Design",)
    assert found.held == session.day.isoformat()


def test_an_attendance_told_with_the_decision_goes_before_that_of_the_session():
    found = decided(entered("/décision go présents : secu, design excusés : data", SESSION))
    assert found.present == ("securite", "design")
    assert found.excused == ("Data",)


@pytest.mark.parametrize(
    ("text", "sessions", "reason", "issue"),
    [
        ("/décision go", (), "attendance_missing", ""),
        ("/décision go", (replace(SESSION, present=()),), "attendance_missing", "40"),
        ("/décision go séance : 13/01/2026", (SESSION,), "session_ahead", None),
        ("/décision go séance : 06/01", (replace(SESSION, cancelled=True),), "session_cancelled", "40"),
        ("/décision go séance : 05/01/2026", (SESSION,), "attendance_missing", ""),
        ("/décision go", (replace(SESSION, present=PRESENT[:1]),), "attendance_short", None),
        ("/décision go", (replace(SESSION, present=(PRESENT[0], PRESENT[2])),), "mandatory_absent", None),
    ],
)
def test_without_a_session_that_bears_it_a_decision_is_refused(text, sessions, reason, issue):
    found = refusal(entered(text, *sessions))
    assert found.reason == reason
    assert issue is None or dict(found.details).get("issue") == issue


def stood_in(login: str) -> Session:
    return replace(SESSION, present=(PRESENT[0], Attending("securite", login, stands_in=True)))


@pytest.mark.parametrize(
    ("session", "seats"),
    [
        (stood_in("transfo"), ("technologie", "securite")),
        (replace(SESSION, present=(Attending("technologie", "Techno"), PRESENT[1])), ("technologie", "securite")),
        (replace(SESSION, present=(*PRESENT, Attending("inconnu"))), ("technologie", "securite", "data")),
    ],
)
def test_a_seat_is_there_through_whoever_sat_for_it(session, seats):
    assert decided(entered("/décision go", session)).present == seats


@pytest.mark.parametrize(
    "session",
    [
        stood_in("un-passant"),
        stood_in(AUTHOR),
        replace(SESSION, present=(PRESENT[0], Attending("securite", "design"))),
    ],
)
def test_nobody_sits_for_a_seat_who_could_not_speak_for_it(session):
    assert refusal(entered("/décision go", session, team=None if session is None else frozenset(TEAM))).reason in {
        "attendance_short",
        "mandatory_absent",
    }


TEAM = ("techno", "secu", "design", "data", "secretariat", "transfo", AUTHOR)


def test_who_stands_in_for_two_seats_is_one_person():
    rule = replace(POLICY.gates[0].rule, people=2)
    policy = replace(POLICY, gates=(replace(POLICY.gates[0], rule=rule), *POLICY.gates[1:]))
    both = tuple(Attending(seat, "transfo", stands_in=True) for seat in ("technologie", "securite"))
    product = at_gate(policy).seen_as(around=Known(replace(SESSION, present=both)))
    last = played(says(product, "secretariat", "/décision go"), policy, SATURDAY)
    assert refusal(last).reason == "attendance_few"


def test_whoever_recused_is_not_counted_by_the_sessions_record():
    product = played(says(at_gate(POLICY), "data", "/déport"), POLICY).seen_as(around=Known(SESSION))
    found = decided(played(says(product, "secretariat", "/décision go"), POLICY, SATURDAY))
    assert found.present == ("technologie", "securite")


def test_a_seat_that_everybody_left_is_not_there_whoever_stood_in_for_it():
    three = replace(SESSION, present=(PRESENT[0], PRESENT[2], Attending("securite", "transfo", stands_in=True)))
    product = played(says(at_gate(POLICY), "secu", "/déport"), POLICY).seen_as(around=Known(three))
    found = refusal(played(says(product, "secretariat", "/décision go"), POLICY, SATURDAY))
    assert (found.reason, dict(found.details)["seats"]) == ("mandatory_recused", "Sécurité")


def test_a_session_of_a_former_edition_keeps_whoever_it_counted():
    product = played(says(at_gate(POLICY), "data", "/déport"), POLICY).seen_as(around=Known(SESSION))
    product = played(says(product, "secretariat", "/décision go"), POLICY, SATURDAY)
    for edition, number in ((1, 0), (2, len(product.history) - 1)):
        former = tuple(
            replace(fact, present=(*fact.present, "data"), counting=edition) if isinstance(fact, GateDecided) else fact
            for fact in product.history
        )
        assert breach(former, POLICY) == number


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("/absence du 3 au 17 août", "absence"),
        ("/absence", "absence"),
        ("/émargement présents : secu", "attendance"),
        ("/séance annulée", "meeting"),
        ("/début 9h", "begin"),
        ("/fin 11h", "end"),
        ("/ordre 1 2", "order"),
        ("/retour", "back"),
    ],
)
@pytest.mark.parametrize(
    ("sessions", "issue"),
    [
        ((), ""),
        ((SESSION,), "40"),
        ((SESSION, replace(SESSION, number=41, planned=date(2026, 1, 13), day=date(2026, 1, 13))), "41"),
    ],
)
def test_what_is_written_of_a_session_on_a_product_is_told_where_it_goes(text, row, sessions, issue):
    product = filed(POLICY).seen_as(around=Known(*sessions))
    found = refusal(played(says(product, "secu", text), POLICY, SATURDAY))
    assert found.reason == "of_session"
    assert dict(found.details) == {"row": row, "issue": issue}


def test_an_agreement_on_a_product_still_looks_like_a_vote():
    found = refusal(played(says(at_gate(POLICY), "secu", "/accord"), POLICY))
    assert (found.reason, dict(found.details)["suggestion"]) == ("unknown_command", "go")
