"""A vote that its own author edits: the last words count, and those in doubt are no vote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide import pace
from app.domain.product.facts import BallotCast, BallotVoided, CommandRefused
from app.domain.product.former_readings import FormerReading
from app.domain.product.state import Product
from app.domain.publish.comments import wanted_comments
from app.domain.publish.effects import React, TakeBack
from app.domain.publish.notices import GateView, Reply
from app.domain.publish.reconcile import reconcile
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, edited, played, ready, says, turn

POLICY = a_small_policy()
HOUR = timedelta(hours=1)
LATE = T0 + timedelta(days=20)


def voted(text: str = "/go", who: str = "techno") -> tuple[Product, int]:
    product = turn(says(turn(at_gate(POLICY), POLICY), who, text), POLICY)
    cast = product.history[-1]
    assert isinstance(cast, BallotCast)
    return product, cast.comment


def rewritten(product: Product, number: int, text: str, hours: int = 1) -> Product:
    moment = T0 + hours * HOUR
    return turn(edited(product, number, "techno", text, moment), POLICY, moment)


def choices(product: Product) -> dict[str, str]:
    gate = product.standing.open_gate
    assert gate
    return {seat: cast.choice for seat, cast in gate.counting.items()}


def refused(product: Product, number: int) -> list[str]:
    return [fact.reason for fact in product.history if isinstance(fact, CommandRefused) and fact.comment == number]


def reply(product: Product, number: int) -> Reply:
    (found,) = (one.notice for one in wanted_comments(product, POLICY, T0) if one.key == f"reply:{number}")
    assert isinstance(found, Reply)
    return found


UNSAID = {
    "two votes": "/go ou /nogo, à voir",
    "a second thought": "/go ?",
    "taken back": "/go annulé",
    "two lines": "/go\n/nogo trop tôt",
    "no reason": "/nogo",
    "conditions missing": "/go sous réserve",
    "a day in doubt": "/go sous réserve d’un audit avant fin mars",
    "without its slash": "go",
    "unknown": "/pour",
    "amid other words": "Finalement, /go",
}


@pytest.mark.parametrize("first", ["/go", "/nogo trop tôt", "/abstention", "/go sous réserve\n- chiffrer"])
@pytest.mark.parametrize("text", UNSAID.values(), ids=UNSAID)
def test_a_vote_edited_into_words_that_hold_none_no_longer_counts_and_its_author_is_told(text: str, first: str) -> None:
    product, number = voted(first)
    if text == first:
        return
    product = rewritten(product, number, text)
    assert choices(product) == {}
    assert refused(product, number)[0] == "vote_unsaid"
    (nods,) = (one.reactions for one in product.issue.comments if one.id == number)
    assert nods == {"CONFUSED"}
    assert not reconcile(product, POLICY, T0 + HOUR)
    assert turn(product, POLICY, T0 + 2 * HOUR).history == product.history


STILL_SAID = ("/go\n\nMerci", "**/go**", "/go\n/coche 99", "- /go", "/go\n\n/aide", "✅ /go")


@pytest.mark.parametrize("text", STILL_SAID)
def test_a_vote_still_said_counts(text: str) -> None:
    product, number = voted()
    product = rewritten(product, number, text)
    assert choices(product) == {"technologie": "go"}
    assert "vote_unsaid" not in refused(product, number)


@pytest.mark.parametrize("doubt", ["/go ou /nogo, à voir", "Bonjour, /go", "/nogo"])
def test_mended_again_it_counts_again_as_often_as_it_changes(doubt: str) -> None:
    product, number = voted()
    for hours in (1, 3):
        product = rewritten(product, number, doubt, hours)
        assert choices(product) == {}
        product = rewritten(product, number, "/go", hours + 1)
        assert choices(product) == {"technologie": "go"}
        (nods,) = (one.reactions for one in product.issue.comments if one.id == number)
        assert nods == {"THUMBS_UP"}
    product = rewritten(product, number, "/nogo la sécurité manque", 6)
    assert choices(product) == {"technologie": "nogo"}


def test_a_vote_in_a_new_comment_is_enough_and_the_table_says_no_more_of_the_former() -> None:
    product, number = voted()
    product = rewritten(product, number, "/go, je réfléchis")
    gate = next(one.notice for one in wanted_comments(product, POLICY, T0) if one.key == "gate:1")
    assert isinstance(gate, GateView)
    assert gate.voided == (("techno", "techno"),)
    product = turn(says(product, "techno", "/abstention"), POLICY, T0 + 2 * HOUR)
    assert choices(product) == {"technologie": "abstain"}
    gate = next(one.notice for one in wanted_comments(product, POLICY, T0) if one.key == "gate:1")
    assert isinstance(gate, GateView)
    assert gate.voided == ()


def test_a_former_vote_in_doubt_does_not_come_back_when_the_one_that_replaced_it_is_spoilt() -> None:
    product, first = voted()
    product = turn(says(product, "techno", "/abstention"), POLICY)
    second = product.issue.comments[-1].id
    product = rewritten(product, first, "/go ?")
    assert choices(product) == {"technologie": "abstain"}
    product = turn(edited(product, second, "passant", "/go"), POLICY, T0 + 2 * HOUR)
    assert choices(product) == {}


def test_a_vote_changed_once_its_holder_has_spoken_does_not_come_back_when_the_holder_s_is_spoilt() -> None:
    """The new vote is refused, for a seat has one voice; the former one is no longer what its comment says."""
    product, number = voted("/go", "techno-suppleance")
    product = turn(says(product, "techno", "/abstention"), POLICY)
    holder = [one.id for one in product.issue.comments if one.author == "techno"][-1]
    moment = T0 + HOUR
    product = turn(edited(product, number, "techno-suppleance", "/nogo trop tôt", moment), POLICY, moment)
    assert refused(product, number) == ["holder_spoke"]
    assert choices(product) == {"technologie": "abstain"}
    product = turn(edited(product, holder, "passant", "/go"), POLICY, moment)
    assert choices(product) == {}


def test_who_has_asked_too_much_today_still_takes_a_vote_back(monkeypatch: pytest.MonkeyPatch) -> None:
    product, number = voted()
    monkeypatch.setattr(pace, "MOST_A_DAY", 1)
    product = rewritten(product, number, "/go ?")
    assert choices(product) == {}


def test_after_the_deadline_a_vote_is_not_taken_back() -> None:
    product, number = voted()
    product = turn(edited(product, number, "techno", "/go ?", LATE), POLICY, LATE)
    assert choices(product) == {"technologie": "go"}
    assert not [fact for fact in product.history if isinstance(fact, BallotVoided)]
    assert reply(product, number).kept, "and the answer says so"


def test_unsaid_in_time_and_read_after_the_deadline_it_does_not_count() -> None:
    product, number = voted()
    for login in ("secu", "design", "data"):
        product = says(product, login, "/abstention" if login == "data" else "/nogo non")
    product = edited(product, number, "techno", "/go ?", T0 + HOUR)
    product = turn(product, POLICY, LATE)
    gate = product.standing.gates[1]
    assert gate.counting.get("technologie") is None


@pytest.mark.parametrize("text", ["Finalement, je réfléchis encore.", "~~/go~~", "> /go", "/aide", " \n"])
def test_words_that_are_not_about_a_vote_take_none_back(text: str) -> None:
    """As a comment deleted: it counts, and everybody sees that its words are gone."""
    product, number = voted()
    product = rewritten(product, number, text)
    assert choices(product) == {"technologie": "go"}
    assert product.standing.gates[1].alterations
    product = rewritten(product, number, "/go ?", 2)
    assert choices(product) == {}


def test_a_recusal_holds_from_its_first_word() -> None:
    product, number = voted("/déport conflit")
    product = rewritten(product, number, "/déport ?")
    assert not [fact for fact in product.history if isinstance(fact, BallotVoided)]


def test_what_a_former_version_had_seen_keeps_what_it_was_told() -> None:
    product, number = voted()
    product = edited(product, number, "techno", "/go ?", T0 + HOUR)
    former = FormerReading(number, T0 + HOUR)
    assert not [fact for fact in read_by(former, product).history if isinstance(fact, BallotVoided)]
    before = FormerReading(number, T0)
    assert [fact for fact in read_by(before, product).history if isinstance(fact, BallotVoided)]


def read_by(former: FormerReading, product: Product) -> Product:
    return played(replace(product, reading=former), POLICY, T0 + HOUR)


@pytest.mark.parametrize(
    ("first", "then"), [("/coche 1", "/coche 1 ?"), ("/coche 1", "/coche 99"), ("/coche 1", "/coche 1\n/coche 99")]
)
def test_what_a_comment_had_obtained_stays_and_the_answer_to_its_edit_says_so(first: str, then: str) -> None:
    product = turn(ready(POLICY), POLICY)
    product = turn(says(product, AUTHOR, "/décoche 1"), POLICY)
    product = turn(says(product, AUTHOR, first), POLICY)
    number = product.issue.comments[-1].id
    known = product.standing.answers
    product = turn(edited(product, number, AUTHOR, then, T0 + HOUR), POLICY, T0 + HOUR)
    assert product.standing.answers == known
    assert reply(product, number).kept


def test_an_answer_says_nothing_of_what_was_never_obtained() -> None:
    product = says(turn(ready(POLICY), POLICY), AUTHOR, "/coche 98")
    number = product.issue.comments[-1].id
    product = turn(product, POLICY)
    product = turn(edited(product, number, AUTHOR, "/coche 99", T0 + HOUR), POLICY, T0 + HOUR)
    assert not reply(product, number).kept
    product, number = voted()
    product = rewritten(product, number, "/go ?")
    assert not reply(product, number).kept, "the vote was taken back"


def test_both_nods_are_never_shown() -> None:
    product, number = voted()
    moment = T0 + HOUR
    product = played(edited(product, number, "techno", "/nogo", moment), POLICY, moment)
    effects = [one for one in reconcile(product, POLICY, moment) if isinstance(one, React | TakeBack)]
    assert {type(one).__name__: one.content for one in effects} == {"React": "CONFUSED", "TakeBack": "THUMBS_UP"}
