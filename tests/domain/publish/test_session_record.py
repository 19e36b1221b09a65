"""What Jalon shows on a session's issue: one comment that follows what is said, a nod to each command, then nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.product.surroundings import Alone
from app.domain.publish import session_record
from app.domain.publish.comments import wanted_comments
from app.domain.publish.effects import EditComment, PostComment, React, RemoveComment, TakeBack
from app.domain.publish.notices import GateView
from app.domain.publish.session_notice import AbsenceView, QuestionView, ReturnView, SatView
from app.domain.session.model import Absence, Attending, EarlyReturn, Session
from app.domain.session.said import CommandAnswer, Told
from tests.builders import BOT, T0, TEAM, a_product, a_small_policy, applied, at_gate, edited, says, shown, voting

POLICY = a_small_policy()
DAY = date(2026, 1, 6)
SESSION = Session("ministere/produits", "I_1", 1, DAY, DAY)
NOTHING = Told(SESSION)
SAID = Told(replace(SESSION, place="salle 3"), answers=(CommandAnswer(101, "secretariat", "meeting"),))


def effects(issue_holder, told):
    return tuple(session_record.reconcile(issue_holder.issue, told, POLICY))


def kinds(found):
    return [type(effect) for effect in found]


def test_nothing_is_said_where_nothing_was():
    assert effects(a_product(POLICY), NOTHING) == ()


def test_one_comment_and_a_nod_then_nothing():
    issue = says(a_product(POLICY), "secretariat", "/séance lieu : salle 3")
    found = effects(issue, SAID)
    assert kinds(found) == [PostComment, React]
    assert found[1] == React(101, "THUMBS_UP")
    after = applied(issue, found, POLICY)
    assert effects(after, SAID) == ()
    changed = effects(after, replace(SAID, session=replace(SESSION, place="salle 4")))
    assert kinds(changed) == [EditComment]
    assert kinds(effects(after, NOTHING)) == [EditComment, TakeBack]


def test_what_is_asked_about_is_nodded_at_otherwise():
    issue = says(a_product(POLICY), "secretariat", "/séance demain\n/début 9h\n/bof")
    answers = (
        CommandAnswer(101, "secretariat", "meeting", "doubt", "demain"),
        CommandAnswer(101, "secretariat", "begin"),
        CommandAnswer(101, "secretariat", "", "unknown", "bof"),
    )
    told = replace(NOTHING, answers=answers)
    after = applied(issue, effects(issue, told), POLICY)
    assert after.issue.comments[0].reactions == {"CONFUSED"}
    assert kinds(effects(after, SAID)) == [EditComment, TakeBack, React]
    view = session_record.record(told, POLICY, TEAM)
    assert [one.why for one in view.questions] == ["doubt", "unknown"]
    assert view.questions[0] == QuestionView("secretariat", "meeting", "doubt", "demain")


def test_a_comment_of_ours_that_was_edited_is_put_back_and_a_second_one_goes():
    issue = applied(a_product(POLICY), effects(a_product(POLICY), SAID), POLICY)
    ours = shown(issue, session_record.KEY)
    assert kinds(effects(edited(issue, ours.id, "un-passant", f"{ours.body} !"), SAID))[:1] == [EditComment]
    twice = says(issue, BOT, ours.body, by_bot=True)
    copy = replace(twice.issue.comments[-1], trace=ours.trace)
    twice = replace(twice, issue=replace(twice.issue, comments=(*twice.issue.comments[:-1], copy)))
    assert kinds(effects(twice, SAID))[:1] == [RemoveComment]


def test_help_is_shown_when_it_is_asked_for():
    found = effects(a_product(POLICY), replace(NOTHING, asked_help=True))
    assert found[0].message.notice.helps


AWAY = Absence("securite", "secu", DAY, DAY, number=1)


def test_names_of_seats_are_shown_and_those_nobody_speaks_for():
    told = Told(
        replace(
            SESSION,
            present=(Attending("technologie"), Attending("ancien", "transfo", stands_in=True)),
            excused=("design", "ancien"),
            apologies=("Mme D",),
        ),
        absences=(
            AWAY,
            replace(AWAY, seat="design", login="design", substitute="transfo", number=2),
            replace(AWAY, seat="data", login="data", substitute="un-passant", is_agreed=False, number=3),
            replace(AWAY, seat="ancien", substitute="transfo", is_agreed=False, since=DAY - timedelta(9), number=4),
        ),
        returns=(EarlyReturn("secu", DAY, "securite"), EarlyReturn("secu", DAY, "ancien")),
    )
    view = session_record.record(told, POLICY, TEAM)
    assert view.sat == (SatView("Technologie"), SatView("ancien", "transfo", stands_in=True))
    assert view.excused == ("Design", "ancien", "Mme D")
    assert [one.state for one in view.absences] == ["", "agreed", "stranger", "waiting"]
    assert view.absences[0] == AbsenceView(1, "Sécurité", "secu", DAY, DAY)
    assert view.returns == (ReturnView("secu", "Sécurité", DAY), ReturnView("secu", "ancien", DAY))
    assert view.vacant == ("Sécurité", "Data")
    assert view.team == "comite-produit"
    unknown = session_record.record(told, POLICY, None)
    assert [one.state for one in unknown.absences] == ["", "agreed", "waiting", "waiting"]
    assert unknown.team == ""


class Known(Alone):
    def __init__(self, *absences):
        self.absences = absences


def seats_of(product, *absences):
    seen = product.seen_as(around=Known(*absences))
    views = (one.notice for one in wanted_comments(seen, POLICY, T0))
    gate = next(view for view in views if isinstance(view, GateView))
    return {seat.name: (seat.away, seat.asked) for seat in gate.seats}


TODAY = replace(AWAY, since=T0.date(), until=T0.date())


@pytest.mark.parametrize(
    ("absence", "seat", "shown_as"),
    [
        (TODAY, "Sécurité", ("secu", ())),
        (replace(TODAY, seat="technologie", login="Techno"), "Technologie", ("techno", ("techno-suppleance",))),
        (replace(TODAY, seat="technologie", login="techno-suppleance"), "Technologie", ("", ())),
        (replace(TODAY, until=T0.date() + timedelta(3), since=T0.date() + timedelta(1)), "Sécurité", ("", ())),
    ],
)
def test_an_open_gate_says_whom_to_ask_while_somebody_is_away(absence, seat, shown_as):
    assert seats_of(at_gate(POLICY), absence)[seat] == shown_as


def test_a_seat_that_has_spoken_and_a_gate_that_is_closed_ask_nobody():
    spoken = voting(at_gate(POLICY), POLICY, {"secu": "/go"})
    assert seats_of(spoken, TODAY)["Sécurité"] == ("", ())
    assert seats_of(at_gate(POLICY))["Sécurité"] == ("", ())
