"""A product paused: nothing is asked of it, until somebody resumes it or its day comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.decide.manual_changes import ManualChange
from app.domain.product import history_in_comments
from app.domain.product.facts import CommandRefused, PhaseEntered
from app.domain.product.issue import Card
from app.domain.product.lawful import breach
from app.domain.product.second_thought_facts import ProductPaused, ProductResumed
from app.domain.product.state import Product
from app.domain.publish.issue_summary import next_moment
from app.domain.publish.reconcile import reconcile
from app.domain.publish.status import PauseView, status
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, edited, filed, played, ready, says, turn, voting

POLICY = a_small_policy()
UNTIL = datetime(2026, 3, 15, 23, tzinfo=UTC)
"""The end of 15 March there."""


def after(product: Product, text: str, login: str = AUTHOR, now: datetime = T0) -> Product:
    product = turn(says(product, login, text), POLICY, now)
    assert breach(product.history, POLICY) == 0
    assert history_in_comments.restored_history(product.issue.comments).history == product.history
    return product


def paused(text: str = "/pause jusqu’au 15/03/2026 : budget gelé") -> Product:
    return after(ready(POLICY), text)


def refusal(product: Product) -> str:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last.reason


def test_a_paused_product_says_since_when_and_until_when() -> None:
    product = paused()
    assert product.standing.paused
    assert product.standing.paused.until == UNTIL
    told = status(product, POLICY, T0)
    assert (told.actor, told.paused) == ("paused", PauseView(T0.date(), date(2026, 3, 15), "budget gelé"))
    assert status(paused("/pause : budget gelé"), POLICY, T0).paused == PauseView(T0.date(), None, "budget gelé")


def test_no_gate_is_requested_meanwhile_by_words_or_by_card() -> None:
    product = paused()
    assert refusal(after(product, "/demande")) == "paused"
    assert refusal(after(product, "/pause : encore")) == "paused_already"
    assert refusal(after(paused("/pause : x"), "/pause : encore")) == "paused_already"


def test_its_day_wakes_it_once_without_an_event() -> None:
    product = paused()
    assert next_moment(product, T0) == UNTIL
    before = played(product, POLICY, UNTIL - timedelta(seconds=1))
    assert before.standing.paused
    woken = turn(product, POLICY, UNTIL)
    last = woken.history[-1]
    assert isinstance(last, ProductResumed)
    assert (last.by, woken.standing.paused) == ("", None)
    assert turn(woken, POLICY, UNTIL + timedelta(days=1)).history == woken.history
    assert reconcile(woken, POLICY, UNTIL) == ()
    assert sum(c.trace is not None and c.trace.key == "resumed:1" for c in woken.issue.comments) == 1
    assert breach(woken.history, POLICY) == 0


def test_clocks_that_disagree_wake_nobody() -> None:
    product = paused().seen_as(told_at=UNTIL - timedelta(hours=1))
    assert played(product, POLICY, UNTIL).standing.paused


def test_what_is_written_after_its_day_finds_it_awake() -> None:
    asked = says(paused(), AUTHOR, "/demande")
    comment = asked.issue.comments[-1].id
    late = edited(asked, comment, AUTHOR, "/demande mvp", UNTIL + timedelta(hours=1))
    product = played(late, POLICY, UNTIL + timedelta(hours=1))
    assert product.standing.paused is None
    assert product.standing.open_gate


@pytest.mark.parametrize("login", [AUTHOR, "secretariat"])
def test_the_team_or_the_secretariat_resumes_it(login: str) -> None:
    product = after(paused(), "/reprise : le budget est là", login)
    assert product.standing.paused is None
    assert after(product, "/demande").standing.open_gate
    assert refusal(after(product, "/reprise")) == "not_paused"


@pytest.mark.parametrize(
    ("product", "login", "text", "reason"),
    [
        (lambda: filed(POLICY), "visiteur", "/pause : x", "not_team"),
        (paused, "visiteur", "/reprise", "not_team"),
        (lambda: filed(POLICY), AUTHOR, "/pause", "pause_reason"),
        (lambda: filed(POLICY), AUTHOR, "/pause jusqu’au 1/1/2020 : x", "unread_day"),
        (lambda: filed(POLICY), AUTHOR, "/pause jusqu’au 1/1/2066 : x", "unread_day"),
        (lambda: at_gate(POLICY), AUTHOR, "/pause : x", "pause_gate"),
        (lambda: filed(POLICY), AUTHOR, "/reprise", "not_paused"),
    ],
)
def test_what_is_refused(product, login: str, text: str, reason: str) -> None:
    assert refusal(after(product(), text, login)) == reason


def test_a_product_at_its_end_is_not_paused() -> None:
    ended = voting(at_gate(POLICY, "arrêt"), POLICY, {"techno": "/go", "secu": "/go", "data": "/go"})
    assert ended.standing.phase == "arret"
    assert refusal(after(ended, "/pause : x")) == "no_exit"


def test_an_edited_comment_does_not_pause_it_again() -> None:
    product = after(paused(), "/reprise")
    mine = next(one for one in product.issue.comments if one.body.startswith("/pause"))
    words = "/pause jusqu’au 15/03/2026 : budget gelé, encore"
    again = played(edited(product, mine.id, AUTHOR, words, T0 + timedelta(hours=1)), POLICY, T0 + timedelta(hours=1))
    assert again.history == product.history


def test_a_history_that_pauses_twice_or_wakes_too_soon_is_not_believed() -> None:
    product = turn(paused(), POLICY, UNTIL)
    facts = product.history
    place = next(rank for rank, fact in enumerate(facts) if isinstance(fact, ProductPaused))
    assert breach((*facts[: place + 1], *facts[place:]), POLICY)
    assert breach(tuple(fact for fact in facts if not isinstance(fact, ProductPaused)), POLICY)
    assert breach((*facts[:-1], replace(facts[-1], at=T0)), POLICY)
    assert breach((*facts[:place], replace(facts[place], reason=""), *facts[place + 1 :]), POLICY)
    assert any(isinstance(fact, PhaseEntered) for fact in facts)


def test_a_card_moved_meanwhile_asks_for_nothing() -> None:
    product = paused()
    issue = replace(product.issue, card=Card("PVTI_1", "MVP"))
    moved = played(product.seen_as(issue=issue), POLICY, T0, ManualChange(AUTHOR, "livraison-1"))
    assert refusal(moved) == "paused"
