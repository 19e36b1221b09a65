"""The committee's papers: what comes before it, and in which order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.policy.calendar import cut_off, midnight
from app.domain.policy.model import TIMEZONE, Committee
from app.domain.product.facts import Point
from app.domain.report.agenda import agenda, previous_session
from app.domain.report.portfolio import rows
from tests.builders import SMALL, a_small_policy, parsed
from tests.lives import Life, at

POLICY = a_small_policy()
SESSION = date(2026, 11, 24)  # a Tuesday


def seen(*lives, now="2026-11-23"):
    return rows([life.tracked for life in lives], POLICY, at(now))


def test_requests_made_in_time_are_taken_late_ones_first_then_those_put_off_then_the_oldest():
    lives = [
        Life(POLICY, "Récent", 1).filed("2026-11-01").asked("2026-11-20", "mvp"),
        Life(POLICY, "Ancien", 2).filed("2026-11-01").asked("2026-11-16", "mvp"),
        Life(POLICY, "Reporté", 3).filed("2026-11-01").asked("2026-11-17", "mvp").postponed("2026-11-17"),
        Life(POLICY, "En retard", 4).filed("2026-10-01").asked("2026-11-02", "mvp"),
        Life(POLICY, "Sans demande", 5).filed("2026-11-01"),
        Life(POLICY, "Arrêt", 6).filed("2026-11-01").asked("2026-11-16", "arret"),
    ]
    found = agenda(seen(*lives), POLICY, SESSION)
    assert [item.product.title for item in found.items] == ["En retard", "Reporté", "Arrêt", "Ancien", "Récent"]
    assert (found.later, found.minutes) == ((), 75)
    first = found.items[0]
    assert (first.origin, first.target, first.days, first.overdue, first.quorum) == ("Idée", "MVP", 21, True, 2)
    assert (first.requested_by, first.required_left) == ("cheffe-produit", 2)


def test_a_request_after_the_cut_off_waits_for_the_next_session():
    assert cut_off(SESSION, POLICY) == midnight(SESSION, TIMEZONE)
    same_day = parsed(SMALL + "follow_up: {cut_off_days: 0}")
    assert cut_off(SESSION, same_day) == midnight(date(2026, 11, 25), TIMEZONE)
    late = Life(POLICY, "Tard", 1).filed("2026-11-01").asked("2026-11-24", "mvp")
    found = agenda(seen(late, now="2026-11-25"), POLICY, SESSION)
    assert (found.items, [item.product.title for item in found.later], found.minutes) == ((), ["Tard"], 0)


def test_it_is_provisional_until_the_cut_off():
    life = Life(POLICY, "Un", 1).filed("2026-11-01").asked("2026-11-16", "mvp")
    found = seen(life)
    limit = cut_off(SESSION, POLICY)
    assert [agenda(found, POLICY, SESSION, now).is_final for now in (limit - timedelta(seconds=1), limit, None)] == [
        False,
        True,
        True,
    ]


def test_the_name_of_the_seat_is_not_told_twice():
    life = Life(POLICY, "Un", 1).filed("2026-11-01")
    life.asked("2026-11-16", "mvp", revisit=[Point("Sécurité", "Sécurité : chiffrer les sauvegardes")])
    (item,) = agenda(seen(life), POLICY, SESSION).items
    assert item.revisit == (Point("Sécurité", "chiffrer les sauvegardes"),)


def test_what_members_must_know_beforehand_is_told():
    life = Life(POLICY, "Dossier", 1, ["design"]).filed("2026-10-01").asked("2026-10-05", "mvp")
    life.vote("2026-10-06", "securite", "nogo", "Trop risqué").decided("2026-10-07", "nogo")
    life.asked("2026-11-16", "mvp", concerned=["data"], revisit=[Point("Sécurité", "Trop risqué")])
    life.vote("2026-11-17", "design", "recuse").vote("2026-11-17", "technologie")
    (item,) = agenda(seen(life), POLICY, SESSION).items
    assert (item.recused, item.concerned, item.needs) == (("Design",), ("data",), ("design",))
    assert item.revisit == (Point("Sécurité", "Trop risqué"),)
    assert [(seat.id, seat.mandatory) for seat in item.awaited] == [("securite", True), ("data", False)]
    assert (item.spoken, item.quorum, item.conditions) == (1, 2, ())


def test_a_phase_the_rules_have_dropped_still_has_its_place():
    life = Life(POLICY, "Dossier", 1).filed("2026-10-01").asked("2026-11-16", "mvp")
    other = parsed(SMALL.replace("id: mvp", "id: beta").replace("to: mvp", "to: beta").replace("until: mvp", "until: beta").replace("from: [mvp]", "from: [beta]").replace("[idee, mvp]", "[idee, beta]"))  # fmt: skip
    (item,) = agenda(rows([life.tracked], other, at("2026-11-23")), other, SESSION).items
    assert item.target == "mvp"


def test_a_product_without_an_open_gate_has_no_place():
    (row,) = seen(Life(POLICY).filed("2026-11-01"))
    with pytest.raises(ValueError, match="no open gate"):
        agenda([replace(row, gate=object())], POLICY, SESSION)


def test_the_session_before_skips_weeks_off():
    committee = Committee("c", (), day="tuesday", weeks_off=("2026-W33", "2026-W34"))
    assert previous_session(committee, date(2026, 8, 25)) == date(2026, 8, 4)
    assert previous_session(committee, date(2026, 8, 26)) == date(2026, 8, 25)
    assert previous_session(committee, date(2026, 8, 25), weeks=2) is None
