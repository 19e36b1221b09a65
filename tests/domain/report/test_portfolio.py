"""Where each product stands at a moment, and who acts next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy.calendar import day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product import imported
from app.domain.product.facts import ItemAnswered, PastPhase
from app.domain.product.imported import ImportedProduct
from app.domain.report.portfolio import Tracked, row, rows
from tests.builders import a_small_policy
from tests.lives import Life, at

POLICY = a_small_policy()
NOW = at("2026-11-27")


def seen(life, moment=NOW):
    found = row(life.tracked, POLICY, moment)
    assert found is not None
    return found


def test_a_product_is_not_there_before_its_first_phase():
    life = Life(POLICY).filed("2026-11-02")
    assert row(life.tracked, POLICY, at("2026-11-01")) is None
    assert rows([life.tracked, Tracked("o/r", 2, "Vide", ())], POLICY, NOW) == (seen(life),)


def test_history_is_read_up_to_the_moment_asked():
    life = Life(POLICY).filed("2026-10-01").asked("2026-10-05", "mvp").decided("2026-10-20")
    assert seen(life, at("2026-10-02")).state == "steady"
    assert seen(life, at("2026-10-06")).state == "gate"
    after = seen(life)
    assert (after.phase, after.days, after.state) == ("mvp", 38, "steady")
    assert after.last_seen == at("2026-10-20")


@pytest.mark.parametrize(
    ("life", "state", "actor"),
    [
        (Life(POLICY).filed("2026-11-20"), "steady", "team"),
        (Life(POLICY).filed("2026-11-20").asked("2026-11-21", "mvp"), "gate", "committee"),
        (Life(POLICY).filed("2026-10-20").asked("2026-10-21", "mvp"), "gate", "secretariat"),
        (Life(POLICY).filed("2026-10-20").asked("2026-10-21", "mvp").decided("2026-11-02", "nogo"), "refused", "team"),
        (Life(POLICY).filed("2026-10-20").asked("2026-10-21", "mvp").decided("2026-11-02", "go", [("Relire", "")]), "conditions", "team"),
        (Life(POLICY).filed("2026-01-05"), "stalled", "team"),
        (Life(POLICY).filed("2026-01-05", "arret"), "ended", "nobody"),
    ],
)  # fmt: skip
def test_the_state_of_a_product_and_who_acts_next(life, state, actor):
    assert (seen(life).state, seen(life).actor) == (state, actor)


def test_a_gate_that_waits_names_the_silent_seats_and_the_indispensable_ones():
    life = Life(POLICY).filed("2026-11-01").asked("2026-11-20", "mvp", ["data"]).vote("2026-11-21", "design")
    life.vote("2026-11-21", "technologie", "recuse").vote("2026-11-21", "data", "abstain")
    waiting = seen(life).gate
    assert waiting is not None
    assert (waiting.days, waiting.spoken, waiting.quorum, waiting.overdue) == (7, 2, 2, False)
    assert [(seat.id, seat.mandatory) for seat in waiting.awaited] == [("technologie", False), ("securite", True)]
    assert waiting.concerned == ("data",)


def test_a_seat_that_recused_itself_is_no_longer_awaited():
    life = Life(POLICY).filed("2026-11-01").asked("2026-11-20", "mvp").vote("2026-11-21", "design", "recuse")
    assert seen(life).gate.recused == ("Design",)


@pytest.mark.parametrize(("due", "overdue"), [("2026-11-26", True), ("2026-11-27", False), ("", False)])
def test_a_condition_is_overdue_the_day_after(due, overdue):
    life = Life(POLICY).filed("2026-10-20").asked("2026-10-21", "mvp").decided("2026-11-02", "go", [("Relire", due)])
    (condition,) = seen(life).conditions
    assert (condition.overdue, condition.seat, condition.owner) == (overdue, "Technologie", "cheffe-produit")
    assert seen(life.lifted("2026-11-26", 1)).conditions == ()


def test_a_product_the_committee_has_not_seen_for_a_year_is_unseen():
    assert seen(Life(POLICY).filed("2025-11-26")).unseen
    assert not seen(Life(POLICY).filed("2025-12-26")).unseen
    assert not seen(Life(POLICY).filed("2020-01-01").asked("2026-01-10", "mvp").withdrawn("2026-01-11")).unseen
    assert not seen(Life(POLICY).filed("2020-01-01", "arret")).unseen


def test_a_product_is_stalled_after_the_weeks_of_its_phase():
    life = Life(POLICY).filed(NOW - timedelta(weeks=12))
    assert seen(life).stalled
    assert not seen(life, NOW - timedelta(seconds=1)).stalled
    assert not seen(life.asked("2026-11-26", "mvp")).stalled


def test_progress_and_direction_are_told():
    found = seen(Life(POLICY).filed("2026-11-20", direction="DGT, bureau 3\nsuite"))
    assert (found.direction, found.author) == ("DGT, bureau 3", "cheffe-produit")
    assert (found.done, found.total, found.required_left) == (0, 3, 2)
    assert seen(Life(POLICY).entered("2026-11-20", "mvp")).direction == ""


def taken_over(*phases, day="2026-11-16", after=()):
    past = tuple(PastPhase(name, phase, began, ended) for name, phase, began, ended in phases)
    history = imported.facts(ImportedProduct("cle", "SISAC", past), POLICY, at(day), "jalon")
    return Tracked("dnum/produits", 1, "SISAC", (*history, *after))


CONSTRUCTION = ("construction", "mvp", "2026-03-02", "")


@pytest.mark.parametrize(
    ("phases", "activity", "stalled"),
    [
        ((CONSTRUCTION,), "2026-03-02", True),
        ((("investigation", "idee", "2025-01-06", "2026-03-01"), CONSTRUCTION), "2026-03-02", True),
        ((("construction", "mvp", "2026-03-02", "2026-09-02"),), "2026-09-02", True),
        ((("construction", "mvp", "2026-03-02", "2027-05-01"),), "2026-03-02", True),
        ((("construction", "mvp", "", ""),), "2026-09-03", True),
        ((("investigation", "idee", "2026-02-02", ""), ("construction", "mvp", "", "")), "2026-02-02", True),
    ],
)
def test_taking_a_product_over_is_no_activity_of_its_team_and_is_followed_by_a_grace(phases, activity, stalled):
    """Nothing is held against a product before it has been here for as long as its phase allows."""
    found = row(taken_over(*phases, day="2026-09-03"), POLICY, NOW)
    assert (day_of(found.last_activity, TIMEZONE).isoformat(), found.stalled) == (activity, stalled)
    grace = row(taken_over(*phases, day="2026-09-05"), POLICY, NOW)
    assert (grace.last_activity <= found.last_activity or activity == "2026-09-03", grace.stalled) == (True, False)


def test_the_committee_has_a_year_to_see_what_was_taken_over():
    old = ("construction", "mvp", "2019-03-04", "")
    assert not row(taken_over(old, day="2025-12-01"), POLICY, NOW).unseen
    assert row(taken_over(old, day="2025-11-20"), POLICY, NOW).unseen


def test_a_product_in_service_neither_sleeps_nor_stays_too_long():
    policy = replace(POLICY, follow_up=replace(POLICY.follow_up, stalled_weeks={"mvp": 0}))
    found = row(Life(POLICY).filed("2019-01-07", "mvp").tracked, policy, NOW)
    assert (found.stalled, found.is_timed, found.state) == (False, False, "steady")
    assert row(Life(POLICY).filed("2019-01-07").tracked, policy, NOW).stalled


def test_a_product_taken_over_wakes_up_with_its_first_deed():
    deed = ItemAnswered(
        at=at("2026-11-20"), by="cheffe-produit", cause="comment:1", item="mvp-homologation", answer="done"
    )
    found = row(taken_over(CONSTRUCTION, after=(deed,)), POLICY, NOW)
    assert (found.last_activity, found.stalled) == (at("2026-11-20"), False)
    assert (day_of(found.since, TIMEZONE).isoformat(), found.days) == ("2026-03-02", 270)


def test_a_moment_before_it_was_taken_over_does_not_know_it():
    assert row(taken_over(CONSTRUCTION), POLICY, at("2026-11-15")) is None


def test_a_phase_imported_without_its_tale_counts_from_its_beginning():
    alone = taken_over(CONSTRUCTION)
    bare = Tracked(alone.repository, 1, "SISAC", alone.history[1:])
    assert day_of(row(bare, POLICY, NOW).last_activity, TIMEZONE).isoformat() == "2026-03-02"
