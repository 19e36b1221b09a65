"""Decisions taken in session: who may enter them, what they need, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.decide.session_decision import MOST_REPORTS
from app.domain.policy.calendar import day_of, midnight
from app.domain.policy.model import TIMEZONE
from app.domain.product.facts import CommandRefused, ConditionAdded, GateDecided, GatePostponed
from app.domain.product.state import Product
from app.domain.publish import outdated
from app.domain.publish.comments import wanted_comments
from app.domain.publish.notices import Decision
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, edited, filed, played, says, voting

POLICY = a_small_policy()
ALL = "présents : techno, Sécurité, design, @data"


def after(product: Product, text: str, login: str = "secretariat") -> Product:
    return played(says(product, login, text), POLICY)


def refusal(product: Product) -> str:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last.reason


def decided(product: Product) -> GateDecided:
    return next(fact for fact in product.history if isinstance(fact, GateDecided))


@pytest.mark.parametrize(
    ("login", "text", "reason"),
    [
        ("data", f"/décision go\n{ALL}", "not_secretariat"),
        (AUTHOR, f"/décision go\n{ALL}", "not_secretariat"),
        ("secretariat", f"/décision\n{ALL}", "outcome_missing"),
        ("secretariat", f"/décision peut-être\n{ALL}", "outcome_missing"),
        ("secretariat", "/décision go", "attendance_missing"),
        ("secretariat", "/décision go\nprésents : techno, lune, secu", "present_unknown"),
        ("secretariat", "/décision go\nprésents : techno, Technologie, techno-suppleance", "attendance_short"),
        ("secretariat", "/décision go\nprésents : techno, data", "mandatory_absent"),
        ("secretariat", f"/décision nogo\n{ALL}", "reason_missing"),
    ],
)
def test_a_decision_that_the_rules_do_not_bear_is_refused(login: str, text: str, reason: str) -> None:
    product = after(at_gate(POLICY), text, login)
    assert refusal(product) == reason
    assert product.standing.open_gate


def test_there_must_be_a_gate_and_it_must_be_that_one() -> None:
    assert refusal(after(filed(POLICY), f"/décision go\n{ALL}")) == "no_open_gate"
    early = says(filed(POLICY), "secretariat", "Bonjour")
    number = early.issue.comments[-1].id
    product = played(says(early, AUTHOR, "/coche 1 3\n/demande"), POLICY)
    assert refusal(played(edited(product, number, "secretariat", f"/décision go\n{ALL}"), POLICY)) == "older_comment"


def test_a_secretariat_that_owns_the_product_does_not_decide_on_it() -> None:
    product = at_gate(POLICY, assignees=("secretariat",))
    assert refusal(after(product, f"/décision go\n{ALL}")) == "concerned"


def test_a_go_in_session_moves_the_product_and_tells_who_was_there() -> None:
    product = after(at_gate(POLICY), f"/décision go sous réserve\n- Sécurité : chiffrer\n- tester\n{ALL}")
    assert product.standing.phase == "mvp"
    fact = decided(product)
    assert fact.present == ("technologie", "securite", "design", "data")
    conditions = [fact for fact in product.history if isinstance(fact, ConditionAdded)]
    assert [(item.seat, item.author, item.condition.text) for item in conditions] == [
        ("", "secretariat", "Sécurité : chiffrer"),
        ("", "secretariat", "tester"),
    ]
    notice = next(wanted.notice for wanted in wanted_comments(product, POLICY, T0) if wanted.key == "decision:1")
    assert isinstance(notice, Decision)
    assert notice.present == ("Technologie", "Sécurité", "Design", "Data")
    assert refusal(after(product, "/levée 1", "secu")) == "not_lifter"
    assert len(after(product, "/levée 1 : fait").standing.open_conditions) == 1


def test_conditions_of_ballots_and_of_the_session_add_up() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/go sous réserve\n- un"})
    product = after(product, f"/décision go\nréserves : deux\n{ALL}")
    assert [condition.fact.condition.text for condition in product.standing.open_conditions] == ["un", "deux"]


def test_a_nogo_in_session_says_what_to_look_at_again() -> None:
    product = after(at_gate(POLICY), "/décision nogo trop tôt\nprésents : techno, data")
    assert (decided(product).outcome, product.standing.phase) == ("nogo", "idee")
    product = played(says(product, AUTHOR, "/demande\n\nCela fait un an de plus"), POLICY)
    gate = product.standing.open_gate
    assert gate
    assert [(point.seat, point.text) for point in gate.request.revisit] == [("", "trop tôt")]


def test_a_veto_stands_against_a_go_in_session() -> None:
    product = voting(at_gate(POLICY), POLICY, {"techno": "/nogo non"})
    assert refusal(after(product, f"/décision go\n{ALL}")) == "vetoed"
    assert after(product, f"/décision nogo oui\n{ALL}").standing.phase == "idee"


def test_a_decision_put_off_keeps_the_gate_and_its_ballots() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/go", "secu": "/go"})
    product = after(product, "/décision report dossier reçu trop tard")
    last = product.history[-1]
    assert isinstance(last, GatePostponed)
    assert last.reason == "dossier reçu trop tard"
    gate = product.standing.open_gate
    assert gate
    assert gate.deadline == datetime(2026, 2, 2, 23, tzinfo=UTC)
    assert set(gate.counting) == {"data", "securite"}
    assert played(product, POLICY, T0 + timedelta(days=20)).standing.phase == "idee"
    assert played(product, POLICY, T0 + timedelta(days=29)).standing.phase == "mvp"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("/décision report au 15/02/2026", "2026-02-15"),
        ("/décision reporté au 15 février : dossier incomplet", "2026-02-15"),
        ("/décision report, jusqu’au 5 janvier", "2026-01-05"),
        ("/décision postponed to 2026-03-31", "2026-03-31"),
        ("/décision report : la sécurité est absente le 3 mars", None),
        ("/décision report\nau 1er mars 2026", "2026-03-01"),
    ],
)
def test_the_day_named_for_a_report_is_the_new_deadline(text: str, day: str | None) -> None:
    gate = after(at_gate(POLICY), text).standing.open_gate
    assert gate
    assert gate.postponed
    if day is None:
        assert gate.deadline == datetime(2026, 2, 2, 23, tzinfo=UTC)
    else:
        assert day_of(gate.deadline - timedelta(seconds=1), TIMEZONE).isoformat() == day
        assert gate.deadline == midnight(day_of(gate.deadline, TIMEZONE), TIMEZONE)


@pytest.mark.parametrize("text", ["/décision report au 15/12/2025", "/décision report au 15/12/2066"])
def test_a_day_past_or_far_away_is_asked_about(text: str) -> None:
    product = after(at_gate(POLICY), text)
    assert refusal(product) == "unread_day"
    gate = product.standing.open_gate
    assert gate
    assert not gate.postponed


def test_the_same_report_again_is_no_new_fact() -> None:
    for text in ("/décision report", "/décision report : trop tôt", "/décision report au 15/02/2026"):
        product = after(at_gate(POLICY), text)
        again = after(product, text)
        assert refusal(again) == "same_report"
        assert len(again.history) == len(product.history) + 1
        assert again.standing.open_gate == product.standing.open_gate
    other = after(product, "/décision report au 16/02/2026")
    assert isinstance(other.history[-1], GatePostponed)


def test_a_report_has_its_own_comment_unless_a_former_version_noted_it() -> None:
    product = after(after(at_gate(POLICY), "/décision report : trop tôt"), "/décision report : encore")
    keys = [one.key for one in wanted_comments(product, POLICY, T0)]
    assert [key for key in keys if key.startswith("postponed:")] == ["postponed:1:1", "postponed:1:2"]
    assert {"postponed:1:1"} == {key for key in outdated.keys(product) if key.startswith("postponed:")}
    former = tuple(replace(one, told=False) if isinstance(one, GatePostponed) else one for one in product.history)
    silent = Product(product.issue, former)
    assert not [one for one in wanted_comments(silent, POLICY, T0) if one.key.startswith("postponed:")]
    over = after(product, "/clore")
    assert {"postponed:1:1", "postponed:1:2"} <= outdated.keys(over)


def test_the_same_report_another_day_is_one_more() -> None:
    product, later = after(at_gate(POLICY), "/décision report"), T0 + timedelta(days=2)
    product = played(says(product, "secretariat", "/décision report"), POLICY, later)
    assert isinstance(product.history[-1], GatePostponed)


def test_a_gate_is_put_off_so_many_times_and_no_more() -> None:
    product = at_gate(POLICY)
    for rank in range(MOST_REPORTS):
        product = after(product, f"/décision report : raison {rank}")
        assert isinstance(product.history[-1], GatePostponed)
    assert refusal(after(product, "/décision report : une de plus")) == "reports_enough"
    done = after(product, f"/décision go\n{ALL}")
    assert decided(done).outcome == "go"


def test_who_recused_is_in_the_room_but_not_in_the_quorum() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/déport", "techno": "/déport"})
    for names in ("techno, secu, data", "secu, design, Data", "techno, secu"):
        assert refusal(after(product, f"/décision go\nprésents : {names}")) == "present_recused"
    done = after(product, "/décision go\nprésents : techno-suppleance, secu, design")
    assert decided(done).present == ("technologie", "securite", "design")


def test_a_session_gives_no_go_without_the_seat_that_must_speak() -> None:
    product = voting(at_gate(POLICY), POLICY, {"secu": "/déport"})
    assert refusal(after(product, "/décision go\nprésents : techno, design, data")) == "mandatory_recused"


def test_a_go_decided_against_written_no_gos_shows_them() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/nogo non", "secu": "/go"})
    done = after(product, f"/décision go\n{ALL}")
    notice = next(w.notice for w in wanted_comments(done, POLICY, T0) if w.key == "decision:1")
    assert isinstance(notice, Decision)
    assert notice.against == ("Data",)
    for other in (
        after(product, f"/décision nogo à revoir\n{ALL}"),
        voting(product, POLICY, {"techno": "/go", "design": "/go"}),
    ):
        notice = next(w.notice for w in wanted_comments(other, POLICY, T0) if w.key == "decision:1")
        assert isinstance(notice, Decision)
        assert notice.against == ()


def test_one_substitute_on_every_seat_is_one_person() -> None:
    """Attack F12, in session: the seats present are ten, the persons one."""
    seats = tuple(replace(seat, substitutes=("techno-suppleance",)) for seat in POLICY.committee.seats)
    policy = replace(POLICY, committee=replace(POLICY.committee, seats=seats))
    product = at_gate(policy)
    assert product.standing.gates[1].request.rule.people == 2
    alone = played(says(product, "secretariat", "/décision go\nprésents : techno-suppleance"), policy)
    assert refusal(alone) == "attendance_few"
    assert dict(alone.history[-1].details) == {"present": "1", "people": "2"}  # type: ignore[attr-defined]
    both = played(says(product, "secretariat", "/décision go\nprésents : techno-suppleance, secu"), policy)
    assert decided(both).outcome == "go"


@pytest.mark.parametrize(
    "names",
    [
        "techno (visio), Sécurité, design, data",
        "techno (en visio, en retard), Sécurité (secu), design (Design), data",
        "techno, Sécurité, design, J. Martin (data)",
        "Technologie (au téléphone) et secu [visio] ; design, @data (présente)",
    ],
)
def test_a_note_beside_a_name_says_how_somebody_was_there(names: str) -> None:
    product = after(at_gate(POLICY), f"/décision go\nprésents : {names}")
    assert decided(product).present == decided(after(at_gate(POLICY), f"/décision go\n{ALL}")).present


@pytest.mark.parametrize(
    "note", ["excusé", "absente", "représentée par data", "pouvoir à techno", "partie à 15 h", "techno"]
)
def test_a_note_that_may_say_that_somebody_was_not_there_is_asked_about(note: str) -> None:
    product = after(at_gate(POLICY), f"/décision go\nprésents : techno, secu, design, data ({note})")
    assert refusal(product) == "present_unknown"
    assert isinstance(product.history[-1], CommandRefused)
    assert dict(product.history[-1].details)["names"] == f"data ({note})"


def test_a_note_beside_an_absence_is_no_part_of_the_seat_name() -> None:
    product = after(at_gate(POLICY), f"/décision go\n{ALL}\nexcusés : Technologie (en congé), la DSI (invitée)")
    assert decided(product).excused == ("Technologie", "la DSI (invitée)")
