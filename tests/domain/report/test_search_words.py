"""A product is found by any word of its title, its form or its answers, and by no private one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.model import Item
from app.domain.product.facts import ItemAnswered, ProductDescribed, ProductImported
from app.domain.report.search_words import is_found, private_items, search_words, wanted_words
from tests.builders import a_small_policy
from tests.lives import Life

POLICY = a_small_policy()


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_every_word_written_is_found_and_a_private_one_is_not(title, problem, answer):
    life = Life(POLICY, title, 1).filed("2026-01-05")
    life.facts[0] = replace(life.facts[0], answers=(("probleme", problem),))
    for item in ("vision", "secret"):
        life.facts.append(ItemAnswered(**life._note("2026-01-06"), item=item, answer="done", text=answer))
    kept = search_words(tuple(life.facts))
    kept.encode()
    assert is_found(kept, wanted_words(f"{title} {problem} {answer}"), {"secret"})
    assert is_found(kept, wanted_words(title), {"vision", "secret"})
    alone = [
        word
        for word in wanted_words(answer)
        if not any(word in text for text in map(" ".join, (wanted_words(title), wanted_words(problem))))
    ]
    assert not any(is_found(kept, [word], {"vision", "secret"}) for word in alone)


def test_the_last_title_and_what_a_former_follow_up_told_are_found():
    life = Life(POLICY, "A Dock", 1)
    shown = (("Code source", "https://forge.exemple.fr/a-dock"),)
    life.facts = [ProductImported(**life._note("2026-01-05"), key="a", title="A Dock", shown=shown)]
    life.facts.append(ProductDescribed(**life._note("2026-01-06"), title="Quais fluides"))
    kept = search_words(tuple(life.facts))
    assert is_found(kept, wanted_words("forge.exemple.fr quais"), ())
    assert not is_found(kept, wanted_words("dock2"), ())


def test_what_was_given_to_one_seat_is_not_kept_where_people_search():
    life = Life(POLICY, "A Dock", 1).filed("2026-01-05")
    given = {"answer": "done", "private": True}
    life.facts.append(ItemAnswered(**life._note("2026-01-06"), item="secret", text="https://coffre.test/1", **given))
    assert "coffre" not in search_words(tuple(life.facts))


def test_private_items_are_those_of_any_phase():
    first, *others = POLICY.phases
    secret = Item("secret", "securite", "Failles", private="securite")
    policy = replace(POLICY, phases=(replace(first, items=(*first.items, secret)), *others))
    assert private_items(policy) == {"secret"}
    assert private_items(POLICY) == set()
