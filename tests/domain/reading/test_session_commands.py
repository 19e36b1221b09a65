"""What is written on a session's issue, in French and in English: taken as meant, or asked about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading.command_types import (
    AgreeSubstitute,
    BeginSession,
    DeclareAbsence,
    DescribeSession,
    Doubtful,
    EndAbsence,
    EndSession,
    Go,
    Help,
    OrderItems,
    SetAttendance,
    Unknown,
)
from app.domain.reading.commands import parse
from app.domain.reading.compose import UnwritableError, compose
from app.domain.reading.session_table import SESSION_COMMANDS, SESSION_TYPES
from app.domain.reading.session_writing import session_command_text

ALL = SetAttendance(("secu", "Design", "archi (visio)"), ("data",), (("techno", "transfo"),), ("DINUM", "M. Martin"))
AUGUST = DeclareAbsence("--08-03", "--08-17")
READ = {
    "/émargement\nprésents : secu, Design, archi (visio)\nexcusés : data\nremplacés : techno par transfo\n"
    "invités : DINUM, M. Martin": ALL,
    "/attendance\npresent: secu, Design, archi (visio)\nexcused: data\nreplaced: techno by transfo\n"
    "guests: DINUM, M. Martin": ALL,
    "**/Émarger** Présent·e·s : secu ; absents : aucun": SetAttendance(("secu",), ()),
    "/émargement\n- présents : secu,\n  design\n- invités : néant": SetAttendance(("secu", "design"), guests=()),
    "/émargement présents : secu et secu": SetAttendance(("secu",)),
    "/émargement\nBonjour à tous,\nprésents : secu": SetAttendance(("secu",)),
    "/émargement\nprésents :\n- secu\n- design": SetAttendance(("secu", "design")),
    "/émargement remplacés : secu → cloud-ops, Data (par @transfo)": SetAttendance(
        replaced=(("secu", "cloud-ops"), ("Data", "transfo"))
    ),
    "/émargement remplacée : secu remplacée par cloud-ops": SetAttendance(replaced=(("secu", "cloud-ops"),)),
    "/séance\nlieu : Salle 3, bâtiment B.\nlien : https://visio.gouv.fr/a\ndate : 26/11": DescribeSession(
        "Salle 3, bâtiment B", "https://visio.gouv.fr/a", "--11-26"
    ),
    "/session place: room 3; link: https://meet.example/a; day: 2026-11-26": DescribeSession(
        "room 3", "https://meet.example/a", "2026-11-26"
    ),
    "/séance annulée": DescribeSession(is_cancelled=True),
    "/séance\ndate : annulée": DescribeSession(is_cancelled=True),
    "/meeting cancelled": DescribeSession(is_cancelled=True),
    "/séance déplacée au 26 novembre": DescribeSession(day="--11-26"),
    "/session moved to November 26, 2026": DescribeSession(day="2026-11-26"),
    "/séance\nMerci\nlieu : salle 3": DescribeSession("salle 3"),
    "/début": BeginSession(),
    "/début 9h30": BeginSession("09:30"),
    "/début à 9 h": BeginSession("09:00"),
    "/begin 9 am": BeginSession("09:00"),
    "/start at 12:05 pm": BeginSession("12:05"),
    "/fin 11h": EndSession("11:00"),
    "/fin : la séance est levée à 11 h 15": EndSession("11:15"),
    "/end 12 am": EndSession("00:00"),
    "/ordre 12 15 9": OrderItems((12, 15, 9)),
    "/order #12, #1534 and 9": OrderItems((12, 1534, 9)),
    "/absence du 3 au 17 août": AUGUST,
    "/absence du 3 août au 17 août": AUGUST,
    "/absence du lundi 3 au lundi 17 août": AUGUST,
    "/absente du 03/08 au 17/08 inclus": AUGUST,
    "/absence du 3 au 17 août (congés)": AUGUST,
    "/absence du 3 au 17 août, merci": AUGUST,
    "/absence\ndu 3 au 17 août": AUGUST,
    "/away from 3 to 17 August": AUGUST,
    "/absence August 3 to 17": AUGUST,
    "/absence du 20 décembre au 5 janvier": DeclareAbsence("--12-20", "--01-05"),
    "/absence du 3 août au 17 août 2027": DeclareAbsence("--08-03", "2027-08-17"),
    "/absence le 4 mai": DeclareAbsence("--05-04", "--05-04"),
    "/absence jusqu’au 17 août": DeclareAbsence("", "--08-17"),
    "/away until 17 August": DeclareAbsence("", "--08-17"),
    "/absence du 3 au 17 août, remplacé·e par @Cloud-Ops": DeclareAbsence("--08-03", "--08-17", substitute="cloud-ops"),
    "/absence du 3 au 17 août, remplacée par cloud-ops": DeclareAbsence("--08-03", "--08-17", substitute="cloud-ops"),
    "/absence du 3 au 17 août. Suppléance : @cloud-ops": DeclareAbsence("--08-03", "--08-17", substitute="cloud-ops"),
    "/absence du 3 au 17 août par @cloud-ops": DeclareAbsence("--08-03", "--08-17", substitute="cloud-ops"),
    "/away from 3 to 17 August, replaced by @cloud-ops": DeclareAbsence("--08-03", "--08-17", substitute="cloud-ops"),
    "/absence secu du 3 au 17 août": DeclareAbsence("--08-03", "--08-17", "secu"),
    "/absence du siège Sécurité du 3 au 17 août": DeclareAbsence("--08-03", "--08-17", "securite"),
    "/absence @secu du 3 au 17 août": DeclareAbsence("--08-03", "--08-17", "secu"),
    "/absence du 3 au 17 août sauf les mardis": DeclareAbsence("--08-03", "--08-17", "sauf mardis"),
    "/retour": EndAbsence(),
    "/back on 10 August": EndAbsence("--08-10"),
    "/retour secu le 10 août": EndAbsence("--08-10", "secu"),
    "/accord 2": AgreeSubstitute((2,)),
    "/agree 1 and 3": AgreeSubstitute((1, 3)),
    "/aide": Help(),
    "/go": Go(),
}
"""« sauf les mardis » names no seat: the answer asks about these words."""


@pytest.mark.parametrize("text", READ)
def test_what_is_written_is_read_as_it_is_meant(text):
    assert [one.command for one in parse(text, at_session=True)] == [READ[text]]


DOUBTED = {
    "/émargement": ("attendance", "unlisted"),
    "/émargement secu, design": ("attendance", "unread"),
    "/émargement présents : ~~secu~~": ("attendance", "unread"),
    "/émargement remplacés : secu": ("attendance", "unread"),
    "/émargement\nprésents : secu\n\n| a | b |\n|---|---|\n| c | d |": ("attendance", "unread"),
    "/émargement\nprésents : secu\nà compléter": ("attendance", "unread"),
    "/séance": ("meeting", "unlisted"),
    "/séance demain": ("meeting", "unread"),
    "/séance annulée ?": ("meeting", "unread"),
    "/séance lien : http://visio.gouv.fr": ("meeting", "unread"),
    "/séance lieu :": ("meeting", "unread"),
    "/séance date : bientôt": ("meeting", "unread_day"),
    "/séance date : 26/11 ou 27/11": ("meeting", "unread_day"),
    "/séance\nannulée\ndate : 26/11": ("meeting", "two_days"),
    "/début demain": ("begin", "unread"),
    "/début 25h": ("begin", "unread"),
    "/début 13 pm": ("begin", "unread"),
    "/fin ?": ("end", "unread"),
    "/ordre": ("order", "unread"),
    "/ordre 12 puis le reste": ("order", "unread"),
    "/ordre 12 12": ("order", "miscounted"),
    "/absence": ("absence", "unread_day"),
    "/absence à partir du 3 août": ("absence", "unread_day"),
    "/absence du 17 au 3 août": ("absence", "unread_day"),
    "/absence du 31 au 30 juin": ("absence", "unread_day"),
    "/absence du 35 au 3 août": ("absence", "unread_day"),
    "/absence le 31 juin": ("absence", "unread_day"),
    "/absence le 3 août, le 4 août et le 5 août": ("absence", "unread_day"),
    "/absence le 3 août sauf le 4 août": ("absence", "unread_day"),
    "/absence annulée": ("absence", "unread"),
    "/absence du 3 au 17 août ~~remplacée par data~~": ("absence", "unread"),
    "/absence de @secu et @data du 3 au 17 août": ("absence", "unread"),
    "/retour annulé": ("back", "unread"),
    "/retour le 10 août ou le 11 août": ("back", "unread_day"),
    "/accord": ("agree", "unread"),
    "/accord 2 ?": ("agree", "unread"),
    "Bonjour, /absence du 3 au 17 août": ("absence", "amid"),
}


@pytest.mark.parametrize("text", DOUBTED)
def test_what_is_not_understood_whole_is_asked_about(text):
    (found,) = [one.command for one in parse(text, at_session=True)]
    assert isinstance(found, Doubtful), found
    assert (found.name, found.why) == DOUBTED[text]


def test_what_is_quoted_or_code_says_nothing_and_a_slip_gets_a_suggestion():
    assert parse("> /absence du 3 au 17 août\n\n`/retour`", at_session=True) == ()
    assert [one.command for one in parse("/emargment", at_session=True)] == [Unknown("emargment", "emargement")]
    assert parse("go", at_session=True) == ()


NAMES = st.sampled_from(
    ["secu", "Sécurité", "Cloud – Fabrique Numérique", "archi (visio)", "operations-produit", "data"]
)
PEOPLE = st.from_regex(r"[a-z][a-z0-9]{2,8}(-[a-z0-9]{2,6})?", fullmatch=True)
LISTS = st.none() | st.lists(NAMES, unique=True, max_size=4).map(tuple)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
ATTENDANCES = st.builds(
    SetAttendance,
    LISTS,
    LISTS,
    st.none()
    | st.lists(st.tuples(NAMES.filter(lambda name: "(" not in name), PEOPLE), unique=True, max_size=3).map(tuple),
    st.none() | st.lists(st.sampled_from(["DINUM", "M. Martin", "Mme Durand (DITP)"]), unique=True).map(tuple),
).filter(lambda one: one != SetAttendance())


@given(ATTENDANCES, st.sampled_from(["fr", "en"]))
def test_an_attendance_as_it_is_composed_is_read_back_the_same(command, language):
    text = compose(command, language)
    assert [one.command for one in parse(text, at_session=True)] == [command]


@given(
    DAYS,
    DAYS,
    st.sampled_from(["", "securite", "cloud-operations"]),
    st.just("") | PEOPLE,
    st.sampled_from(["fr", "en"]),
)
def test_an_absence_as_it_is_composed_is_read_back_the_same(first, last, seat, substitute, language):
    days = sorted((first, last))
    command = DeclareAbsence(days[0].isoformat(), days[1].isoformat(), seat, substitute)
    assert [one.command for one in parse(compose(command, language), at_session=True)] == [command]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "command",
    [
        DescribeSession("salle 3", "https://visio.gouv.fr/a", "2026-11-26"),
        DescribeSession(is_cancelled=True),
        BeginSession("09:30"),
        EndSession(),
        OrderItems((12, 9)),
        AgreeSubstitute((2,)),
        DeclareAbsence("", "2027-08-17"),
        EndAbsence(),
        EndAbsence("2027-08-10", "securite"),
    ],
)
def test_whatever_is_composed_is_read_back(command, language):
    assert [one.command for one in parse(compose(command, language), at_session=True)] == [command]


def test_what_cannot_be_said_alone_is_not_composed():
    with pytest.raises(UnwritableError):
        compose(SetAttendance(guests=("DINUM\n/séance annulée",)), "fr")
    with pytest.raises(TypeError):
        session_command_text(Go(), "fr")


def test_each_command_of_a_session_has_its_row():
    assert sorted(SESSION_TYPES.values()) == sorted(row.name for row in SESSION_COMMANDS)
