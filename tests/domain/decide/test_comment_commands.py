"""A comment that its reader fails on costs that comment alone, is told once, and is never obeyed behind people's backs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.domain.decide.pending import pending_requests
from app.domain.product import issue_form
from app.domain.product.facts import CommandRefused, GateDecided
from app.domain.product.state import Product
from app.domain.reading import commands, comment_lines
from app.domain.report.explanation import explain, product_from_register
from tests.builders import T0, a_policy, a_product, at_gate, deleted, edited, next_id, played, says, turn

POLICY = a_policy()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The reader of Markdown fails on a word."""
    read = comment_lines.lines

    def lines(text: str) -> object:
        if "MAUDIT" in text:
            raise RecursionError
        return read(text)

    monkeypatch.setattr(comment_lines, "lines", lines)
    commands.parse.cache_clear()
    return monkeypatch


def told(product: Product) -> list[int]:
    return [
        fact.comment for fact in product.history if isinstance(fact, CommandRefused) and fact.reason == "unreadable"
    ]


def unread(product: Product) -> tuple[str, ...]:
    return explain(product, POLICY, T0).unreadable


def mended(failing: pytest.MonkeyPatch) -> None:
    failing.undo()
    commands.parse.cache_clear()


def test_the_other_comments_count_and_the_answer_comes_once(failing: pytest.MonkeyPatch) -> None:
    product = says(says(at_gate(POLICY), "secu", "/go MAUDIT"), "techno", "/go")
    number = product.issue.comments[-2].id
    product = turn(product, POLICY)
    assert told(product) == [number]
    assert [ballot.fact.by for ballot in product.standing.gates[1].ballots] == ["techno"]
    (comment,) = (one for one in product.issue.comments if one.id == number)
    assert "CONFUSED" in comment.reactions
    again = turn(says(product, "data", "/go"), POLICY)
    assert told(again) == [number]
    assert pending_requests(again, POLICY)[:-1] == ()


def test_what_it_failed_on_is_given_to_the_journal_and_kept_nowhere(failing: pytest.MonkeyPatch) -> None:
    (asked, _) = pending_requests(says(at_gate(POLICY), "secu", "/go MAUDIT"), POLICY)
    assert isinstance(asked.error, RecursionError)
    assert asked == replace(asked, error=None)
    assert "Recursion" not in repr(asked)


def test_a_better_reader_obeys_only_what_is_written_anew(failing: pytest.MonkeyPatch) -> None:
    product = played(says(at_gate(POLICY), "secu", "/nogo MAUDIT"), POLICY)
    number = product.issue.comments[-1].id
    mended(failing)
    assert played(product, POLICY).history == product.history
    again = played(edited(product, number, "secu", "/nogo sujet MAUDIT", T0 + timedelta(minutes=1)), POLICY)
    assert [ballot.fact.reason for ballot in again.standing.gates[1].ballots] == ["sujet MAUDIT"]
    assert (unread(product), unread(again)) == ((f"{product.issue.repository}#1#issuecomment-{number}",), ())


def test_another_text_that_fails_is_another_question(failing: pytest.MonkeyPatch) -> None:
    product = played(says(at_gate(POLICY), "secu", "/go MAUDIT"), POLICY)
    number = product.issue.comments[-1].id
    again = played(edited(product, number, "secu", "/go encore MAUDIT", T0 + timedelta(minutes=1)), POLICY)
    assert told(again) == [number, number]


def test_a_reader_that_becomes_worse_asks_nothing_of_what_it_once_read(
    failing: pytest.MonkeyPatch,
) -> None:
    mended(failing)
    product = played(says(at_gate(POLICY), "secu", "/nogo sujet MAUDIT"), POLICY)
    number = product.issue.comments[-1].id

    def lines(text: str) -> object:
        raise ValueError

    failing.setattr(comment_lines, "lines", lines)
    commands.parse.cache_clear()
    assert played(product, POLICY).history == product.history
    # Edited since, it is a new word, which nobody can read: said, and the vote's comment is noted as rewritten.
    again = played(edited(product, number, "secu", "/nogo autre", T0 + timedelta(minutes=1)), POLICY)
    assert told(again) == [number]


def test_the_deadline_decides_all_the_same(failing: pytest.MonkeyPatch) -> None:
    product = at_gate(POLICY)
    for login in ("techno", "archi", "communs", "design", "data", "secu"):
        product = says(product, login, "/go" if login != "data" else "/go MAUDIT")
    gate = played(product, POLICY).standing.gates[1]
    over = played(product, POLICY, gate.deadline + timedelta(seconds=1))
    assert any(isinstance(fact, GateDecided) for fact in over.history)


def test_who_explains_is_given_the_address_as_long_as_the_text_is_there(failing: pytest.MonkeyPatch) -> None:
    product = says(at_gate(POLICY), "secu", "/go MAUDIT")
    product = replace(product, issue=replace(product.issue, url="https://github.example/dnum/produits/issues/1"))
    number = next_id(product) - 1
    product = played(product, POLICY)
    address = f"https://github.example/dnum/produits/issues/1#issuecomment-{number}"
    assert unread(product) == (address,)
    alone = product_from_register(product.issue.id, product.issue.repository, 1, product.history, POLICY)
    assert unread(alone) == (f"{product.issue.repository}#1#issuecomment-{number}",)
    assert unread(deleted(product, number)) == ()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The reader of descriptions fails on a word."""
    read = issue_form.PARSER.parse

    def parse(text: str) -> object:
        if "MAUDIT" in text:
            raise RecursionError
        return read(text)

    monkeypatch.setattr(issue_form, "PARSER", SimpleNamespace(parse=parse))
    issue_form._read.cache_clear()
    issue_form._boxes.cache_clear()
    return monkeypatch


def test_a_description_that_its_reader_fails_on_costs_that_reading_alone(blind: pytest.MonkeyPatch) -> None:
    product = at_gate(POLICY)
    product = replace(product, issue=replace(product.issue, body="### Votre besoin\n\nMAUDIT"))
    product = turn(says(product, "techno", "/go"), POLICY)
    refused = [fact for fact in product.history if isinstance(fact, CommandRefused)]
    assert [(fact.reason, fact.comment) for fact in refused] == [("unreadable_body", 0)]
    assert [ballot.fact.by for ballot in product.standing.gates[1].ballots] == ["techno"]
    assert explain(product, POLICY, T0).unreadable == (f"{product.issue.repository}#{product.issue.number}",)
    again = turn(says(product, "data", "/go"), POLICY)
    assert len([fact for fact in again.history if isinstance(fact, CommandRefused)]) == 1


def test_a_product_whose_description_cannot_be_read_is_filed_all_the_same(blind: pytest.MonkeyPatch) -> None:
    product = turn(replace(a_product(POLICY), issue=replace(a_product(POLICY).issue, body="- [ ] MAUDIT")), POLICY)
    assert [type(fact).__name__ for fact in product.history][:2] == ["ProductFiled", "PhaseEntered"]
    assert [fact.reason for fact in product.history if isinstance(fact, CommandRefused)] == ["unreadable_body"]
    (asked,) = (one for one in pending_requests(a_product(POLICY, body="MAUDIT"), POLICY) if one.error)
    assert isinstance(asked.error, RecursionError)


def test_an_answer_whose_boxes_cannot_be_read_has_none(blind: pytest.MonkeyPatch) -> None:
    assert issue_form.ticked("- [x] MAUDIT") == ()
