"""How far a former version had read a product's comments, and what this one reads of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.product.facts import History, ProductFiled, ProductLeft, ProductMoved
from app.domain.product.former_readings import NEVER, FormerReading, reading, signed_cause
from app.domain.product.issue import Comment
from app.domain.product.state import Product
from tests.builders import AUTHOR, T0, a_small_policy, edited, filed, played, says

POLICY = a_small_policy()
NONE: frozenset[int] = frozenset()


def before(product: Product) -> Product:
    """The same product as a former version had it: its causes bore no sign."""

    def unsigned(cause: str) -> str:
        return cause.removesuffix(":2").removesuffix(":2e")

    return replace(product, history=tuple(replace(fact, cause=unsigned(fact.cause)) for fact in product.history))


def said(*texts: str) -> Product:
    product = filed(POLICY)
    for text in texts:
        product = played(says(product, AUTHOR, text), POLICY)
    return before(product)


def people(product: Product) -> list[Comment]:
    return [comment for comment in product.issue.comments if not comment.trace]


def turn(product: Product, unread: frozenset[int] = NONE, kept: FormerReading | None = None) -> Product:
    found = reading(product.history, product.issue.comments, unread, kept)
    return played(replace(product, reading=found), POLICY)


def fresh(product: Product, known: Product) -> list[str]:
    return [type(fact).__name__ for fact in product.history[len(known.history) :]]


def test_what_this_version_files_it_reads_whole() -> None:
    product = says(filed(POLICY), AUTHOR, "/coche 1")
    assert reading(product.history, product.issue.comments, NONE) is None
    assert reading((), (), NONE) is None


def test_what_was_read_before_says_nothing_more() -> None:
    product = said("Bonjour", "/coche 1")
    number = people(product)[0].id
    silent = edited(product, number, AUTHOR, "/aide", T0)
    assert fresh(turn(silent), product) == []
    assert fresh(turn(silent, frozenset({number})), product) == ["HelpAsked"], "unless its delivery still waited"


def test_what_comes_after_a_waiting_comment_was_not_read_either() -> None:
    product = says(says(said("Bonjour"), AUTHOR, "/aide"), "passant", "/aide")
    _, first, _ = people(product)
    assert fresh(turn(product, frozenset({first.id})), product) == ["HelpAsked", "HelpAsked"]


def test_the_first_comment_read_since_tells_where_this_version_began() -> None:
    product = says(said("/coche 1"), AUTHOR, "/aide")
    product = turn(product, frozenset({people(product)[-1].id}))
    later = says(product, AUTHOR, "/aide")
    assert fresh(turn(later), later) == ["HelpAsked"]


def test_an_old_comment_edited_since_does_not_tell_it() -> None:
    product = said("Bonjour", "Bonsoir")
    first, second = people(product)
    product = turn(edited(product, first.id, AUTHOR, "/aide", T0 + timedelta(days=1)), frozenset({first.id}))
    product = edited(product, second.id, AUTHOR, "/aide", T0)
    assert fresh(turn(product), product) == []


def test_what_was_found_at_the_first_turn_is_kept() -> None:
    product = said("Bonjour")
    kept = reading(product.history, product.issue.comments, NONE)
    later = says(product, AUTHOR, "/aide")
    assert fresh(turn(later, kept=kept), later) == ["HelpAsked"]
    assert fresh(turn(later), later) == [], "without it, nothing tells when it was written"


def test_an_edit_made_since_is_read() -> None:
    product = said("Bonjour")
    kept = reading(product.history, product.issue.comments, NONE)
    number = people(product)[0].id
    later = edited(product, number, AUTHOR, "/aide", T0 + timedelta(days=1))
    assert fresh(turn(later, kept=kept), later) == ["HelpAsked"]


def test_what_is_said_while_the_product_is_not_followed_is_read_when_it_comes_back() -> None:
    product = said("Bonjour")
    gone = ProductLeft(at=T0 + timedelta(hours=1), by=AUTHOR, cause="gone:1", how="duplicate")
    product = replace(product, history=(*product.history, gone))
    later = says(product, AUTHOR, "/aide", number=10_000)
    found = reading(later.history, later.issue.comments, NONE)
    assert found
    assert not found.includes(people(later)[-1])
    assert found.includes(people(later)[0])


def test_comments_numbered_anew_by_a_transfer_are_known_by_their_moment() -> None:
    product = says(said("/coche 1"), AUTHOR, "/aide")
    product = turn(product, frozenset({people(product)[-1].id}))
    moved = ProductMoved(at=T0, by="", cause="moved:I_2")
    silent = says(product, "passant", "/aide", number=900)
    (*_, comment) = silent.issue.comments
    history = tuple(replace(fact, at=T0 + timedelta(days=1)) for fact in product.history)
    found = reading((*history, moved), silent.issue.comments, NONE)
    assert found
    assert found.includes(comment)
    assert not found.includes(replace(comment, id=901))


def test_a_product_without_any_comment_had_none_read() -> None:
    filed_before: History = (ProductFiled(at=T0, by=AUTHOR, cause="issue:I_1", title="x"),)
    assert reading(filed_before, (), NONE) == FormerReading(0, NEVER)


def test_a_command_keeps_its_cause_once_its_comment_was_edited() -> None:
    product = played(says(filed(POLICY), AUTHOR, "/coche 1"), POLICY)
    number = people(product)[0].id
    assert product.history[-1].cause.endswith(":2")
    again = played(edited(product, number, AUTHOR, "/coche 1\n\nMerci", T0 + timedelta(days=1)), POLICY)
    assert again.history == product.history
    assert signed_cause("x", replace(people(product)[0], edited_at=T0)) == "x:2e"
