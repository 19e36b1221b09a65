"""How much one person, or one issue that changes without end, may add to the register in a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.decide.pace import DAY, DESCRIBED_A_DAY, HOUR, MOST_A_DAY
from app.domain.decide.pending import pending_requests
from app.domain.product.facts import BallotCast, CommandRefused, Fact, ItemAnswered, ProductDescribed
from app.domain.product.issue import Comment
from app.domain.product.state import Product
from app.domain.publish.issue_summary import next_moment
from app.domain.publish.reconcile import reconcile
from app.domain.reading.commands import TickBoxes
from tests.builders import AUTHOR, T0, a_small_policy, applied, at_gate, filed, next_id, played, turn

POLICY = a_small_policy()
NOW = T0 + timedelta(days=1)


def says_at(product: Product, login: str, text: str, at: datetime, editor: str = "") -> Product:
    number = next_id(product)
    comment = Comment(number, f"IC_{number}", text, login, at, editor=editor, edited_at=at if editor else None)
    return replace(product, issue=replace(product.issue, comments=(*product.issue.comments, comment)))


def flooded(login: str, text: str, product: Product | None = None, *, lines: int = 49) -> Product:
    """Somebody writes one comment after the other, each answered before the next; « # » is another word each time."""
    product = product or at_gate(POLICY)
    for rank in range(MOST_A_DAY // lines + 3):
        words = "\n".join(text.replace("#", f"{rank}x{line}") for line in range(lines))
        product = played(says_at(product, login, words, NOW), POLICY, NOW)
    return product


def by(product: Product, login: str, since: datetime = NOW) -> list[Fact]:
    return [fact for fact in product.history if fact.by == login and fact.at >= since]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "text", "lines"),
    [
        ("passant", "/inconnu#", 49),
        ("passant", "/nogo trop tôt #", 1),
        ("passant", "/aide", 1),
        ("techno", "/nogo trop tôt #", 1),
        ("data", "/déport je le connais #", 1),
        (AUTHOR, "/retrait pour plus tard #\n/demande mvp", 1),
        (AUTHOR, "/na 1 sans objet #", 49),
        (AUTHOR, "/coche 1\n/décoche 1", 1),
        ("secretariat", "/décision report : raison #", 49),
        ("secretariat", "/levée 1 fait #", 49),
    ],
)
def test_whatever_one_person_repeats_the_register_stops_growing(login: str, text: str, lines: int) -> None:
    product = flooded(login, text, lines=lines)
    mine = by(product, login)
    assert len(mine) <= MOST_A_DAY + 2  # the last request may add what it decides
    told = [fact for fact in mine if isinstance(fact, CommandRefused) and fact.reason == "too_many_today"]
    assert len(told) == 1
    assert told[0] == mine[-1]
    assert len(played(product, POLICY, NOW + timedelta(days=9)).history) - len(product.history) <= 2


def test_nobody_else_is_silenced() -> None:
    product = flooded("passant", "/inconnu#")
    product = played(says_at(product, "techno", "/go", NOW), POLICY, NOW)
    assert isinstance(product.history[-1], BallotCast)


def test_they_are_heard_again_after_an_hour_but_not_what_they_wrote_meanwhile() -> None:
    product = flooded("techno", "/inconnu#")
    product = played(says_at(product, "techno", "/go", NOW + HOUR), POLICY, NOW + HOUR)
    assert not any(isinstance(fact, BallotCast) for fact in product.history)
    tomorrow = NOW + DAY + HOUR
    assert not any(isinstance(fact, BallotCast) for fact in played(product, POLICY, tomorrow).history)
    product = played(says_at(product, "techno", "/go", tomorrow), POLICY, tomorrow)
    assert any(isinstance(fact, BallotCast) for fact in product.history)


def test_whoever_still_asks_too_much_an_hour_later_is_told_once_more() -> None:
    product, later = flooded("passant", "/inconnu#"), NOW + HOUR + timedelta(minutes=1)
    for text in ("/encore", "/et encore"):
        product = played(says_at(product, "passant", text, later), POLICY, later)
    told = [fact for fact in by(product, "passant", later) if isinstance(fact, CommandRefused)]
    assert [fact.reason for fact in told] == ["too_many_today"]


def test_a_number_knows_who_asked_under_whatever_login() -> None:
    product = flooded("passant", "/inconnu#")
    number = next_id(product)
    comment = Comment(number, "IC", "/aide", "passant", NOW, author_id=7)
    product = replace(product, issue=replace(product.issue, comments=(*product.issue.comments, comment)))
    assert played(product, POLICY, NOW).history == product.history


def test_boxes_ticked_without_end_are_drawn_again_and_no_more_noted() -> None:
    product = flooded(AUTHOR, "/inconnu#", turn(filed(POLICY), POLICY))
    checklist = next(one for one in product.issue.comments if one.trace and one.trace.key == "checklist:1")
    ticked = checklist.body.replace("- [ ]", "- [x]", 1)
    assert checklist.trace
    drawn = dict.fromkeys(list(checklist.trace.boxes)[:1], True)
    trace = replace(checklist.trace, intact=False, drawn=drawn)
    hand = replace(checklist, body=ticked, editor=AUTHOR, edited_at=NOW, trace=trace)
    comments = tuple(hand if one.id == hand.id else one for one in product.issue.comments)
    product = replace(product, issue=replace(product.issue, comments=comments))
    assert pending_requests(product, POLICY)
    after = played(product, POLICY, NOW)
    assert not any(isinstance(fact, ItemAnswered) for fact in after.history)
    drawn_again = applied(after, reconcile(after, POLICY, NOW), POLICY, NOW)
    assert not any(isinstance(one.command, TickBoxes) for one in pending_requests(drawn_again, POLICY))


def test_who_rewrites_the_comments_of_others_does_not_spend_their_share() -> None:
    product = at_gate(POLICY)
    for rank in range(MOST_A_DAY + 5):
        product = played(says_at(product, "techno", f"/nogo {rank}", NOW, editor="passant"), POLICY, NOW)
    assert len(by(product, "techno")) == MOST_A_DAY
    product = played(says_at(product, "techno", "/go", NOW), POLICY, NOW)
    assert isinstance(product.history[-1], BallotCast)


def test_an_issue_renamed_without_end_is_noted_thirty_times_then_once_an_hour() -> None:
    product = filed(POLICY)

    def renamed(product: Product, title: str, now: datetime) -> Product:
        return played(replace(product, issue=replace(product.issue, title=title)), POLICY, now)

    for rank in range(DESCRIBED_A_DAY + 50):
        product = renamed(product, f"Titre {rank}", NOW)
    described = [fact for fact in product.history if isinstance(fact, ProductDescribed)]
    assert len(described) == DESCRIBED_A_DAY
    assert next_moment(product, NOW) == NOW + HOUR
    product = renamed(product, "Le dernier", NOW + HOUR)
    assert product.standing.described[-1].title == "Le dernier"
    product = renamed(product, "Un de trop", NOW + HOUR)
    assert product.standing.described[-1].title == "Le dernier"
    assert next_moment(product, NOW + HOUR) == NOW + 2 * HOUR
