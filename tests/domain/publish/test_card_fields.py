"""The fields of a card beside its column: what they show, and what is written of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy.directions import Direction
from app.domain.product.facts import PastPhase
from app.domain.product.imported import ImportedProduct, facts
from app.domain.product.issue import BoardField, Card
from app.domain.product.state import Product
from app.domain.publish.card_fields import DUE, GATE, KINDS, OFFICE, PROGRESS, Fill, lacking, wanted_fields
from app.domain.publish.effects import FillCard, PlaceCard, RestoreCard
from app.domain.publish.issue_summary import expected
from app.domain.publish.reconcile import reconcile
from app.domain.report.explanation import PlannedChange, change
from tests.builders import (
    AUTHOR,
    T0,
    a_policy,
    a_product,
    a_small_policy,
    applied,
    at_gate,
    filed,
    played,
    ready,
    says,
    turn,
    voting,
)

POLICY = a_policy()
OPTIONS = {"Demandé": "o-1", "Réserve ouverte": "o-2", "Refusé": "o-3"}
FIELDS = {
    name: BoardField(f"f-{name}", kind, OPTIONS if kind == "SINGLE_SELECT" else {}) for name, kind in KINDS.items()
}
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")
GO = dict.fromkeys(SEATS, "/go")
DATED = "/go sous réserve\n- Sécurité : plus tard, avant le 31/03/2026\n- Un jour\n- Design : avant le 2026-02-28"


def with_fields(product: Product, fields: dict[str, BoardField] | None = None) -> Product:
    board = product.issue.board
    assert board
    return replace(product, issue=replace(product.issue, board=replace(board, fields=fields or FIELDS)))


def with_body(product: Product, body: str) -> Product:
    return replace(product, issue=replace(product.issue, body=body))


def direction(answer: str) -> str:
    (label,) = (question.labels[0] for question in POLICY.questions if question.id == "direction")
    return f"### {label}\n\n{answer}"


def refused() -> Product:
    return voting(at_gate(POLICY), POLICY, dict.fromkeys(SEATS, "/nogo non"))


def lifted() -> Product:
    product = voting(at_gate(POLICY), POLICY, GO | {"secu": DATED})
    return played(says(product, "secu", "/levée 3 : fait"), POLICY)


@pytest.mark.parametrize(
    ("product", "gate", "progress", "due"),
    [
        (filed(POLICY), None, 0.0, None),
        (played(says(filed(POLICY), AUTHOR, "/coche 2"), POLICY), None, 14.0, None),
        (ready(POLICY), None, 100.0, None),
        (at_gate(POLICY), "Demandé", 100.0, "2026-01-19"),
        (refused(), "Refusé", 100.0, None),
        (voting(at_gate(POLICY), POLICY, GO | {"secu": DATED}), "Réserve ouverte", 33.0, "2026-02-28"),
        (lifted(), "Réserve ouverte", 33.0, "2026-03-31"),
        (voting(at_gate(POLICY), POLICY, GO | {"secu": "/go sous réserve\n- Un jour"}), "Réserve ouverte", 33.0, None),
        (voting(at_gate(POLICY, "arret"), POLICY, GO), None, 0.0, None),
    ],
    ids=["filed", "one ticked", "ready", "requested", "refused", "conditions", "one lifted", "no date", "ended"],
)
def test_what_the_fields_show(product: Product, gate: str | None, progress: float | None, due: str | None) -> None:
    shown = wanted_fields(product, POLICY)
    assert (shown[GATE], shown[PROGRESS], shown[DUE]) == (gate, progress, due)


def test_no_progress_is_shown_where_nothing_is_asked() -> None:
    small = a_small_policy()
    ended = voting(at_gate(small, "arret"), small, dict.fromkeys(("data", "secu", "techno"), "/go"))
    assert wanted_fields(ended, small)[PROGRESS] is None
    taken = ImportedProduct("p1", "Repris", (PastPhase("abandon", "arret", "2020-01-01", ""),))
    over = replace(a_product(POLICY), history=facts(taken, POLICY, T0))
    assert wanted_fields(over, POLICY)[PROGRESS] is None


def test_a_deadline_is_a_day_of_paris() -> None:
    late = played(says(ready(POLICY), AUTHOR, "/demande"), POLICY, T0 + timedelta(hours=14, minutes=30))
    assert wanted_fields(late, POLICY)[DUE] == "2026-01-20"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Direction de  l’inclusion\nBureau 3", "Direction de l’inclusion"),
        ("D" * 101, "D" * 99 + "…"),
        ("_No response_", "Une réponse."),
        ("", "Une réponse."),
    ],
)
def test_the_direction_is_the_form_s_answer_now_else_the_one_it_was_filed_with(answer: str, shown: str) -> None:
    assert wanted_fields(with_body(filed(POLICY), direction(answer)), POLICY)[OFFICE] == shown


def test_a_direction_has_the_name_that_the_rules_give_it() -> None:
    policy = replace(POLICY, directions=(Direction("dgcs", "Cohésion sociale"),))
    assert (
        wanted_fields(with_body(filed(policy), direction("DGCS, bureau des agréments")), policy)[OFFICE]
        == "Cohésion sociale"
    )


def test_a_direction_nobody_gave_is_left_to_people() -> None:
    product = with_fields(turn(with_fields(filed(POLICY, body="rien")), POLICY))
    assert OFFICE not in wanted_fields(product, POLICY)
    card = product.issue.card
    assert card
    typed = replace(product, issue=replace(product.issue, card=replace(card, values={**card.values, OFFICE: "À moi"})))
    assert reconcile(typed, POLICY, T0) == ()


def test_a_new_card_is_placed_and_filled_in_one_act() -> None:
    product = with_fields(at_gate(POLICY))
    (effect,) = [one for one in reconcile(product, POLICY, T0) if isinstance(one, PlaceCard | FillCard)]
    assert isinstance(effect, PlaceCard)
    assert effect.fills == (
        Fill(GATE, f"f-{GATE}", "SINGLE_SELECT", "Demandé", "o-1"),
        Fill(PROGRESS, f"f-{PROGRESS}", "NUMBER", 100.0, 100.0),
        Fill(DUE, f"f-{DUE}", "DATE", "2026-01-19", "2026-01-19"),
        Fill(OFFICE, f"f-{OFFICE}", "TEXT", "Une réponse.", "Une réponse."),
    )
    after = applied(product, [effect], POLICY)
    assert not any(isinstance(one, PlaceCard | FillCard) for one in reconcile(after, POLICY, T0))
    assert expected(product.issue, [effect]) == expected(after.issue, ())


def test_only_what_differs_is_written_and_what_no_longer_holds_is_emptied() -> None:
    product = turn(with_fields(at_gate(POLICY)), POLICY)
    product = played(says(product, AUTHOR, "/retrait"), POLICY)
    (effect,) = [one for one in reconcile(product, POLICY, T0) if isinstance(one, FillCard)]
    assert [(fill.name, fill.shown, fill.value) for fill in effect.fills] == [(GATE, None, None), (DUE, None, None)]
    assert change(effect) == PlannedChange("FillCard", added=(GATE, DUE))
    after = applied(product, [effect], POLICY)
    assert expected(product.issue, [effect]) == expected(after.issue, ())


def test_a_decision_moves_the_card_and_fills_it_in_one_act() -> None:
    product = voting(turn(with_fields(at_gate(POLICY)), POLICY), POLICY, GO)
    (effect,) = [one for one in reconcile(product, POLICY, T0) if isinstance(one, PlaceCard | FillCard)]
    assert isinstance(effect, PlaceCard)
    assert [fill.name for fill in effect.fills] == [GATE, PROGRESS, DUE]


def test_a_vote_writes_no_field() -> None:
    product = voting(turn(with_fields(at_gate(POLICY)), POLICY), POLICY, {"data": "/go"})
    assert not any(isinstance(one, FillCard) for one in reconcile(product, POLICY, T0))


@pytest.mark.parametrize(
    "changed",
    [
        {name: field for name, field in FIELDS.items() if name != GATE},
        FIELDS | {GATE: replace(FIELDS[GATE], kind="TEXT")},
        FIELDS | {GATE: replace(FIELDS[GATE], options={"Ouvert": "o-1"})},
    ],
    ids=["absent", "another kind", "option renamed"],
)
def test_a_field_the_board_has_otherwise_is_left_alone(changed: dict[str, BoardField]) -> None:
    product = with_fields(at_gate(POLICY), changed)
    board = product.issue.board
    assert board
    assert [fill.name for fill in lacking(product, POLICY, board, None)] == [PROGRESS, DUE, OFFICE]
    assert reconcile(turn(product, POLICY), POLICY, T0) == ()


@pytest.mark.parametrize(
    ("card", "columns", "kinds"),
    [
        (Card("c", "Idée"), True, [FillCard]),
        (Card("c", "MVP"), True, [PlaceCard]),
        (Card("c", "Idée", archived=True), True, [RestoreCard, FillCard]),
        (Card("c", "MVP"), False, [FillCard]),
        (Card("c", "MVP", archived=True), False, []),
        (None, False, []),
    ],
)
def test_where_a_card_may_be_filled(card: Card | None, columns: bool, kinds: list[type]) -> None:
    product = with_fields(filed(POLICY))
    board = product.issue.board
    assert board
    options = board.options if columns else {"Todo": "o"}
    product = replace(product, issue=replace(product.issue, card=card, board=replace(board, options=options)))
    effects = [one for one in reconcile(product, POLICY, T0) if isinstance(one, PlaceCard | FillCard | RestoreCard)]
    assert [type(one) for one in effects] == kinds


def test_a_field_changed_by_hand_goes_back() -> None:
    product = turn(with_fields(at_gate(POLICY)), POLICY)
    card = product.issue.card
    assert card
    values = {**card.values, PROGRESS: 3.0, DUE: None}
    product = replace(product, issue=replace(product.issue, card=replace(card, values=values)))
    (effect,) = reconcile(product, POLICY, T0)
    assert isinstance(effect, FillCard)
    assert [(fill.name, fill.value) for fill in effect.fills] == [(PROGRESS, 100.0), (DUE, "2026-01-19")]
