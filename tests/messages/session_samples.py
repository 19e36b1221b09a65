"""What is said on the issues of sessions, in each variant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.publish.notice import Notice
from app.domain.publish.session_notice import AbsenceView, QuestionView, ReturnView, SatView, SessionRecord
from app.domain.reading.session_table import SESSION_COMMANDS
from app.domain.session.said import Unheard

DAY, AUGUST = date(2026, 11, 24), (date(2026, 8, 3), date(2026, 8, 17))
WHYS = [why for why in Unheard if why]
BARE = SessionRecord(planned=DAY, day=DAY)


def session_records(w: dict[str, str]) -> dict[str, Notice]:
    sat = (
        SatView(w["technology"]),
        SatView(w["design"], "design"),
        SatView(w["security"], "cloud-ops", stands_in=True),
    )
    absences = (
        AbsenceView(1, w["security"], "secu", *AUGUST, "cloud-ops", "agreed"),
        AbsenceView(2, w["design"], "design", *AUGUST, "chef-produit", "waiting"),
        AbsenceView(3, w["technology"], "techno", DAY, DAY, "un-passant", "stranger"),
        AbsenceView(4, w["technology"], "techno-suppleance", DAY, DAY),
    )
    whole = replace(
        BARE,
        place="Salle 3 <b> @tous",
        link="https://visio.exemple.gouv.fr/comite",
        begun="09:30",
        ended="11:00",
        sat=sat,
        excused=("Data", "Mme Durand"),
        guests=("DINUM",),
        items=(12, 15, 9),
        vacant=(w["security"],),
    )
    questions = tuple(
        QuestionView("secu", "absence", why, "lune", "absence" if why == "unknown" else "") for why in WHYS
    )
    doubts = tuple(QuestionView("secretariat", row.name, "doubt", "demain") for row in SESSION_COMMANDS)
    return {
        "session": whole,
        "session-begun": replace(BARE, day=date(2026, 11, 26), begun="09:30", ended=""),
        "session-ended": replace(BARE, ended="11:00"),
        "session-cancelled": replace(whole, cancelled=True, sat=(), day=date(2026, 11, 26)),
        "session-absences": replace(
            BARE, absences=absences, returns=(ReturnView("secu", w["security"], DAY),), team="comite-produit"
        ),
        "session-questions": replace(BARE, questions=questions),
        "session-doubts": replace(
            BARE,
            questions=(*doubts, QuestionView("secu", "", "doubt"), QuestionView("secu", "", "unknown", "xyz")),
            helps=True,
        ),
    }
