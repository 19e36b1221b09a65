"""The comments of a session's issue, read together: who may say what, whose last word counts, what is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.product.issue import Comment
from app.domain.reading.command_types import DeclareAbsence, EndAbsence
from app.domain.session import absences
from app.domain.session.absences import Unfit
from app.domain.session.fold import asks, session_told
from app.domain.session.held import standing_absences
from app.domain.session.model import Absence, Attending, EarlyReturn
from app.domain.session.said import People, SessionPlace
from tests.builders import TEAM, a_small_policy

POLICY = a_small_policy()
DAY = date(2026, 11, 24)
PLACE = SessionPlace("dnum/produits", "I_40", 40, DAY)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
SECRETARIES = {"secretariat": 7, "data": 8}


def people(**more):
    given = People(POLICY, lambda login, number: SECRETARIES.get(login) == number, TEAM, {"secu": 1, "design": 2})
    return replace(given, **more)


NUMBERS = {"secu": 1, "design": 2, **SECRETARIES}


def comment(number, login, text, *, edited=None, editor=""):
    by = NUMBERS.get(login, 90)
    moment = AT + timedelta(minutes=number)
    after = AT + timedelta(minutes=edited) if edited else None
    return Comment(
        number, f"IC_{number}", text, login, moment, by, edited_at=after, editor=editor, editor_id=99 if editor else 0
    )


def read(*said, memory=None, **more):
    """What comments say; each is its author and its text, or made already."""
    made = [one if isinstance(one, Comment) else comment(rank, *one) for rank, one in enumerate(said, start=1)]
    return session_told(PLACE, made, people(**more), memory or {})


def whys(found):
    return [one.why for one in found.answers]


S = "secretariat"


def test_a_session_nobody_wrote_about_is_that_of_its_agenda():
    found = read((S, "Bonne séance à tous"))
    assert (found.session.day, found.session.number, found.answers) == (DAY, 40, ())
    assert not found.asked_help
    assert read((S, "/aide")).asked_help


def test_attendance_names_seats_and_people_in_the_order_of_the_committee():
    found = read(
        (S, "/émargement\nprésents : Design (visio), techno\nremplacés : secu par transfo\nexcusés : data, Mme D")
    )
    assert found.session.present == (
        Attending("technologie", "techno"),
        Attending("securite", "transfo", stands_in=True),
        Attending("design"),
    )
    assert (found.session.excused, found.session.apologies) == (("data",), ("Mme D",))
    assert whys(found) == [""]


@pytest.mark.parametrize(
    ("texts", "present", "excused"),
    [
        (("présents : techno, secu", "présents : techno"), ["technologie"], ()),
        (("présents : techno, secu", "invités : DINUM"), ["technologie", "securite"], ()),
        (("présents : techno, secu", "excusés : secu"), ["technologie"], ("securite",)),
        (("présents : techno excusés : secu", "présents : techno, secu"), ["technologie", "securite"], ()),
        (("présents : techno, secu", "remplacés : secu par transfo"), ["technologie", "securite"], ()),
        (("remplacés : secu par transfo", "présents : techno"), ["technologie", "securite"], ()),
        (("remplacés : secu par transfo", "remplacés : aucun"), [], ()),
        (("présents : techno, secu remplacés : secu par transfo",), ["technologie", "securite"], ()),
        (("présents : techno", "présents : lune"), ["technologie"], ()),
        (("présents : Technologie, techno",), ["technologie"], ()),
        (("présents : techno, Technologie",), ["technologie"], ()),
    ],
)
def test_a_correction_replaces_the_lists_it_gives(texts, present, excused):
    found = read(*((S, f"/émargement {text}") for text in texts))
    assert [one.seat for one in found.session.present] == present
    assert found.session.excused == excused


def test_a_list_with_a_name_that_means_nobody_is_not_taken_at_all():
    found = read((S, "/émargement présents : techno, lune remplacés : mars par secu"))
    assert found.session.present == ()
    assert [(one.why, one.words) for one in found.answers] == [("name_unknown", "lune, mars")]


def test_a_session_is_described_moved_and_cancelled():
    found = read((S, "/séance\nlieu : salle 3\ndate : 26/11"), (S, "/séance lien : https://visio.gouv.fr/a"))
    session = found.session
    assert (session.day, session.place, session.link) == (date(2026, 11, 26), "salle 3", "https://visio.gouv.fr/a")
    cancelled = read((S, "/séance annulée"), (S, "/séance lieu : salle 3"))
    assert cancelled.session.cancelled
    assert not read((S, "/séance annulée"), (S, "/séance date : 24/11")).session.cancelled
    assert read((S, "/séance date : 02/01")).session.day == date(2027, 1, 2)
    assert read((S, "/séance date : 2026-11-25")).session.day == date(2026, 11, 25)
    assert whys(read((S, "/séance date : 29/02"))) == ["day_unfit"]


def test_hours_are_those_written_or_that_of_the_comment():
    found = read((S, "/début"), (S, "/fin 11h"), (S, "/ordre 12 9"))
    assert (found.session.begun, found.session.ended, found.session.items) == ("09:31", "11:00", (12, 9))


@pytest.mark.parametrize(
    "text", ["/émargement présents : secu", "/séance annulée", "/début", "/fin", "/ordre 1", "/accord 1"]
)
def test_what_is_the_secretariats_is_nobody_elses(text):
    found = read(("secu", text))
    assert whys(found) == ["not_secretariat"]
    assert (found.session.present, found.session.cancelled, found.session.begun) == ((), False, "")


@pytest.mark.parametrize(
    ("said", "why", "words"),
    [
        ((S, "/séance demain"), "doubt", "demain"),
        ((S, "/émargement"), "doubt", "/émargement"),
        ((S, "/emargment"), "unknown", "emargment"),
        (("secu", "/go"), "of_product", "Go"),
        (comment(1, S, "/séance annulée", edited=2, editor="un-passant"), "tampered", ""),
        ((S, "/séance annulée\n" + "\n" * 5000), "doubt", ""),
    ],
)
def test_what_counts_for_nothing_is_answered(said, why, words):
    found = read(said)
    assert [(one.why, one.words) for one in found.answers] == [(why, words)]
    assert not found.session.cancelled


def test_a_reader_that_fails_on_a_comment_fails_on_that_one_alone(monkeypatch):
    real = session_told.__globals__["parse"]

    def failing(body, **how):
        if "boum" in body:
            raise ValueError(body)
        return real(body, **how)

    monkeypatch.setitem(session_told.__globals__, "parse", failing)
    found = read((S, "/séance annulée boum"), (S, "/début 9h"))
    assert whys(found) == ["doubt", ""]
    assert (found.session.cancelled, found.session.begun) == (False, "09:00")


def test_the_last_word_counts_and_an_edit_is_a_later_word():
    first = comment(1, S, "/début 10h", edited=9)
    assert read(first, (S, "/début 9h")).session.begun == "10:00"
    assert read((S, "/début 9h"), (S, "/début 9h30")).session.begun == "09:30"


def test_what_asks_for_something_is_known():
    assert asks(comment(1, S, "/séance annulée"), frozenset())
    assert not asks(comment(1, S, "Merci"), frozenset())


UNTIL = date(2026, 12, 4)


def test_an_absence_is_of_every_seat_of_its_author():
    found = read(("secu", "/absence du 30 novembre au 4 décembre"))
    assert found.absences == (Absence("securite", "secu", date(2026, 11, 30), UNTIL, number=1, issue=40, comment=1),)
    both = replace(POLICY.committee, seats=tuple(replace(seat, holder="secu") for seat in POLICY.committee.seats[1:3]))
    two = read(("secu", "/absence jusqu'au 4 décembre"), policy=replace(POLICY, committee=both))
    assert [(one.seat, one.number, one.since) for one in two.absences] == [
        ("securite", 1, AT.date()),
        ("design", 1, AT.date()),
    ]
    one = read(("secu", "/absence design jusqu'au 4 décembre"), policy=replace(POLICY, committee=both))
    assert [away.seat for away in one.absences] == ["design"]


@pytest.mark.parametrize(
    ("said", "seat", "login", "agreed"),
    [
        (("techno", "/absence jusqu'au 4 décembre, remplacé par @techno-suppleance"), "technologie", "techno", True),
        (("secu", "/absence jusqu'au 4 décembre, remplacée par @design"), "securite", "secu", False),
        ((S, "/absence secu jusqu'au 4 décembre, remplacée par @design"), "securite", "secu", True),
        ((S, "/absence Sécurité jusqu'au 4 décembre"), "securite", "secu", True),
        ((S, "/absence techno-suppleance jusqu'au 4 décembre"), "technologie", "techno-suppleance", True),
        (("data", "/absence jusqu'au 4 décembre, remplacée par @design"), "data", "data", False),
    ],
)
def test_who_stands_in_is_agreed_to_when_the_rules_name_them_or_the_secretariat_says_so(said, seat, login, agreed):
    (found,) = read(said).absences
    assert (found.seat, found.login, found.is_agreed) == (seat, login, agreed)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("un-passant", "/absence jusqu'au 4 décembre"), "not_seated"),
        ((S, "/absence jusqu'au 4 décembre"), "which_seat"),
        ((S, "/absence lune jusqu'au 4 décembre"), "seat_unknown"),
        (("secu", "/absence jusqu'au 4 décembre, remplacée par @secu"), "stands_for_self"),
        (("secu", "/absence du 2 au 4 janvier 2026"), "already_over"),
        (("secu", "/absence du 2 janvier 2026 au 4 janvier 2028"), "too_long_away"),
        (("secu", "/absence du 2026-12-10 au 2026-12-04"), "day_unfit"),
        (comment(1, "secu", "/absence du 1 au 29 février 2026"), "doubt"),
        (("secu", "/retour le 2026-02-30"), "doubt"),
        (("un-passant", "/retour"), "not_seated"),
    ],
)
def test_an_absence_that_cannot_be_taken_is_told_why(said, why):
    found = read(said)
    assert whys(found) == [why]
    assert found.absences == found.returns == ()


def test_a_day_that_never_comes_is_no_day():
    """No reader gives one; whatever does is told so."""
    said = comment(1, "secu", "")
    assert absences.declared(DeclareAbsence("", "--02-31"), said, people(), by_secretariat=False) == Unfit(
        "day_unfit", "--02-31"
    )
    assert absences.returned(EndAbsence("--02-31"), said, people(), by_secretariat=False) == Unfit(
        "day_unfit", "--02-31"
    )


def test_a_seat_without_a_holder_has_nobody_to_be_away():
    seats = tuple(replace(seat, holder="", substitutes=()) for seat in POLICY.committee.seats)
    policy = replace(POLICY, committee=replace(POLICY.committee, seats=seats))
    assert whys(read((S, "/absence design jusqu'au 4 décembre"), policy=policy)) == ["seat_vacant"]


def test_a_login_taken_over_and_a_team_unknown_prove_nothing():
    stranger = replace(comment(1, "secu", "/absence jusqu'au 4 décembre"), author_id=55)
    assert whys(read(stranger)) == ["not_seated"]
    assert whys(read(("secu", "/absence jusqu'au 4 décembre"), team=None)) == ["team_unknown"]
    assert whys(read(("secu", "/absence jusqu'au 4 décembre"), team=frozenset({"design"}))) == ["not_seated"]
    assert whys(read((S, "/absence secu jusqu'au 4 décembre"), team=None)) == [""]


WITH = "/absence jusqu'au 4 décembre, remplacée par @design"


def test_the_secretariat_agrees_to_an_absence_by_its_number():
    found = read(("secu", WITH), (S, "/accord 1"))
    assert [one.is_agreed for one in found.absences] == [True]
    assert whys(read(("secu", WITH), (S, "/accord 2"))) == ["", "absence_unknown"]
    assert whys(read(("data", WITH), ("data", "/accord 1"))) == ["", "own_absence"]
    both = read(("secu", WITH), ("data", WITH), (S, "/accord 2"))
    assert [(one.login, one.is_agreed) for one in both.absences] == [("secu", False), ("data", True)]


def test_an_agreement_holds_for_what_it_was_given_to_alone():
    """Whoever takes an absence back, or rewrites it, does not have the agreement given to another."""
    first = read(("secu", WITH), ("data", WITH), (S, "/accord 1"))
    left = read(comment(2, "data", WITH), comment(3, S, "/accord 1"), memory=first.memory)
    assert [(one.login, one.number, one.is_agreed) for one in left.absences] == [("data", 2, False)]
    assert whys(left) == ["", "absence_unknown"]
    rewritten = comment(1, "secu", WITH.replace("design", "data"), edited=9)
    again = read(rewritten, comment(2, "data", WITH), comment(3, S, "/accord 1"), memory=first.memory)
    assert [(one.login, one.is_agreed) for one in again.absences] == [("data", False), ("secu", False)]
    late = comment(3, S, "/accord 1", edited=10)
    assert "absence_changed" in whys(read(rewritten, comment(2, "data", WITH), late, memory=first.memory))
    anew = comment(11, S, "/accord 1")
    agreed = read(rewritten, comment(2, "data", WITH), comment(3, S, "/accord 1"), anew, memory=first.memory)
    assert [one.is_agreed for one in agreed.absences] == [False, True]


def test_a_return_ends_an_absence_on_its_day():
    found = read(("secu", "/absence du 20 au 30 novembre"), ("secu", "/retour le 25 novembre"))
    assert found.returns == (EarlyReturn("secu", date(2026, 11, 25), "securite", 2),)
    assert [one.until for one in standing_absences(found.absences, found.returns)] == [date(2026, 11, 24)]
    assert read((S, "/retour secu")).returns == (EarlyReturn("secu", AT.date(), "securite", 1),)


TEXTS = st.sampled_from(
    [
        *(f"/émargement présents : {names}" for names in ("techno", "secu, design", "lune")),
        *("/séance annulée", "/séance date : 26/11", "/début 9h", "/absence jusqu'au 4 décembre", WITH, "/retour"),
        *("/accord 1", "/accord 2", "/go", "/bof", "Merci"),
    ]
)


@given(st.lists(st.tuples(st.sampled_from([S, "secu", "data", "un-passant"]), TEXTS), max_size=8))
def test_read_again_with_what_was_remembered_the_comments_say_the_same(said):
    first = read(*said)
    again = read(*said, memory=first.memory)
    assert again == first
    assert all(one.login in {"secu", "data"} for one in first.absences)
    assert not any(one.why == "" and one.by == "un-passant" for one in first.answers)
