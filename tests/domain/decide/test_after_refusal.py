"""After a no-go, a request says what has changed on each point refused: whole, or answered with what is lacking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decide.manual_changes import ManualChange
from app.domain.product import refused_points
from app.domain.product.facts import CommandRefused, GateRequested, Point
from app.domain.product.issue import Board, Card
from app.domain.product.state import Product
from app.domain.reading.commands import RequestGate, parse
from tests.builders import AUTHOR, a_small_policy, at_gate, edited, filed, played, says, turn, voting

POLICY = a_small_policy()
TWO = {"design": "/nogo parcours absent", "secu": "/nogo failles ouvertes"}
ONE = {"design": "/go", "secu": "/go", "techno": "/nogo dette"}


def refused(votes: dict[str, str] | None = None) -> Product:
    product = voting(at_gate(POLICY), POLICY, votes or TWO)
    assert not product.standing.open_gate
    return product


def asked(text: str, product: Product | None = None) -> object:
    return played(says(product or refused(), AUTHOR, text), POLICY).history[-1]


@pytest.mark.parametrize(
    "text",
    [
        "/demande mvp\n1 : maquettes\n2 : corrigées",
        "/demande\n1 : maquettes\n2 : corrigées",
        "/demande mvp\n\n1 : maquettes\n2 : corrigées",
        "/demande mvp\n1. maquettes\n2. corrigées",
        "/demande mvp\n1) maquettes\n2) corrigées",
        "/demande mvp\n- 1 : maquettes\n- 2 : corrigées",
        "/demande mvp\n\n* 2 : corrigées\n* 1 : maquettes",
        "/demande mvp\npoint 1 : maquettes\nPoint n° 2 - corrigées",
        "/demande mvp\n**1** : maquettes\n**2 :** corrigées",
        "/demande mvp\nVoici ce qui a changé :\n1 : maquettes\n2 : corrigées\n\nMerci d’avance",
        "/request mvp\n1: maquettes\n2: corrigées",
        "/demande\n\nmvp\n\n1 : maquettes\n2 : corrigées",
        "/demande mvp, merci\n1 : maquettes\n2 : corrigées",
    ],
)
def test_a_line_for_each_point_opens_the_gate(text: str) -> None:
    fact = asked(text)
    assert isinstance(fact, GateRequested), fact
    assert [point.text for point in fact.revisit] == ["parcours absent", "failles ouvertes"]
    assert fact.changes == ("maquettes", "corrigées")


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("/demande", [("point", 1), ("point", 2)]),
        ("/demande mvp", [("point", 1), ("point", 2)]),
        ("/demande mvp\n1 : …\n2 : …", [("point", 1), ("point", 2)]),
        ("/demande mvp\n1 : maquettes", [("point", 2)]),
        ("/demande mvp\n1 : maquettes\n2 :", [("point", 2)]),
        ("/demande mvp\n1 : maquettes\n2 : corrigées\n7 : quoi", [("point_unknown", 7)]),
        ("/demande mvp\nTout est désormais corrigé", [("point", 1), ("point", 2)]),
        ("/demande mvp\n\nTout est désormais corrigé", [("point", 1), ("point", 2)]),
        ("/demande mvp\n1 : ~~rien~~\n2 : corrigées", [("point", 1)]),
    ],
)
def test_what_is_lacking_is_told_and_nothing_opens(text: str, lacking: list[tuple[str, int]]) -> None:
    fact = asked(text)
    assert isinstance(fact, CommandRefused)
    assert [(str(blocker.kind), blocker.number) for blocker in fact.blockers] == lacking
    assert dict(fact.details)["points"] == "2"


@pytest.mark.parametrize(
    "text",
    [
        "/demande mvp\n1 : dette remboursée",
        "/demande mvp\n\ndette remboursée",
        "/demande mvp\nla dette est remboursée",
        "/demande\n\nla dette est enfin remboursée, voir la revue de code",
    ],
)
def test_a_point_alone_needs_no_number(text: str) -> None:
    fact = asked(text, refused(ONE))
    assert isinstance(fact, GateRequested), fact
    assert len(fact.revisit) == 1
    assert "remboursée" in fact.changes[0]


def test_a_text_on_several_lines_is_kept_whole() -> None:
    fact = asked("/demande mvp\n1 : maquettes\nvues avec dix personnes\n2 : corrigées\n\net relues")
    assert isinstance(fact, GateRequested)
    assert fact.changes == ("maquettes\nvues avec dix personnes", "corrigées\net relues")


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    product = played(says(refused(), AUTHOR, "/décoche 1"), POLICY)
    fact = asked("/demande mvp\n1 : maquettes", product)
    assert isinstance(fact, CommandRefused)
    assert [str(blocker.kind) for blocker in fact.blockers] == ["point", "item"]


def test_a_card_moved_is_answered_the_same_way() -> None:
    product = turn(refused(), POLICY)
    issue = replace(product.issue, board=Board("B", "F", {"Idée": "1", "MVP": "2"}), card=Card("C", "MVP"))
    fact = played(product.seen_as(issue=issue), POLICY, gesture=ManualChange(AUTHOR, "d1", board="B")).history[-1]
    assert isinstance(fact, CommandRefused)
    assert [str(blocker.kind) for blocker in fact.blockers] == ["point", "point"]


def test_another_move_asks_nothing_and_neither_does_a_first_request() -> None:
    assert isinstance(asked("/demande arrêt"), GateRequested)
    ready = played(says(filed(POLICY), AUTHOR, "/coche 1 3"), POLICY)
    assert isinstance(asked("/demande mvp", ready), GateRequested)
    assert isinstance(asked("/demande mvp\n\n1 : tout est neuf", ready), GateRequested)


def test_words_that_answer_no_point_are_asked_about() -> None:
    ready = played(says(filed(POLICY), AUTHOR, "/coche 1 3"), POLICY)
    fact = asked("/demande mvp\n1 : tout est neuf", ready)
    assert isinstance(fact, CommandRefused)
    assert (fact.reason, dict(fact.details)["words"]) == ("unread", "1 : tout est neuf")


def test_what_was_refused_is_asked_again_after_a_withdrawal() -> None:
    product = played(says(refused(), AUTHOR, "/demande mvp\n1 : a\n2 : b"), POLICY)
    product = played(says(product, AUTHOR, "/retrait"), POLICY)
    assert isinstance(asked("/demande mvp", product), CommandRefused)


def test_a_comment_completed_by_an_edit_is_granted() -> None:
    product = played(says(refused(), AUTHOR, "/demande mvp\n1 : maquettes"), POLICY)
    number = max(comment.id for comment in product.issue.comments)
    product = edited(product, number, AUTHOR, "/demande mvp\n1 : maquettes\n2 : corrigées")
    assert isinstance(played(product, POLICY).history[-1], GateRequested)


@pytest.mark.parametrize("text", ["/demande mvp\n1 : maquettes\n2 : autre chose", "/demande mvp"])
def test_a_request_granted_stays_granted_whatever_becomes_of_its_words(text: str) -> None:
    product = played(says(refused(), AUTHOR, "/demande mvp\n1 : maquettes\n2 : corrigées"), POLICY)
    number = max(comment.id for comment in product.issue.comments)
    assert played(edited(product, number, AUTHOR, text), POLICY).history == product.history


def test_what_a_former_version_understood_otherwise_is_not_read_anew() -> None:
    """It granted « /demande mvp », and left alone what a paragraph of its own said below."""
    product = says(played(says(filed(POLICY), AUTHOR, "/coche 1 3"), POLICY), AUTHOR, "/demande mvp\n\n1 : prêts")
    number = max(comment.id for comment in product.issue.comments)
    granted = played(product, POLICY)
    former = replace(granted.history[-1], cause=f"comment:{number}:{parse('/demande mvp')[0].key}:2")
    product = Product(granted.issue, (*granted.history[:-1], former))
    assert played(product, POLICY).history == product.history


def test_the_key_of_a_bare_request_is_that_of_former_versions() -> None:
    bare, told = parse("/demande mvp")[0], parse("/demande mvp\n1 : a")[0]
    assert bare.command == RequestGate("mvp")
    assert bare.key != told.key


SAID = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "fait", "vu"])), max_size=6)


@given(st.integers(0, 4), SAID)
def test_a_gate_opens_only_with_a_text_for_each_point(count: int, said: list[tuple[int, str]]) -> None:
    points = tuple(Point(f"S{rank}", f"p{rank}") for rank in range(count))
    texts = refused_points.answered(points, said)
    assert len(texts) == count
    if not list(refused_points.blockers(points, said)):
        assert all(texts)
        assert not points or all(number <= count for number, _ in said)
