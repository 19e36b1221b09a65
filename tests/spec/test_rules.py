"""Every vote of one, two and three seats, under every rule: the application against the rules written a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

import pytest

from app.domain.decide.decide import decide
from app.domain.decide.request import Request, VoidBallot
from app.domain.policy.model import Rule
from app.domain.product import gates
from app.domain.product.facts import BallotCast
from app.domain.product.gates import Tally
from app.domain.product.state import Product
from app.domain.reading.commands import Abstain, Command, Go, NoGo, Recuse
from tests.builders import T0, a_small_policy, at_gate
from tests.spec.rules import WORDS, Law, at_deadline, early, voice

THRESHOLDS = (Fraction(1, 2), Fraction(2, 3), Fraction(1))
SAID: dict[str, Command] = {"go": Go(), "nogo": NoGo("non"), "abstain": Abstain(), "recuse": Recuse()}


def subsets(count: int) -> list[frozenset[int]]:
    seats = range(count)
    return [frozenset(some) for some in chain.from_iterable(combinations(seats, size) for size in range(count + 1))]


def laws(count: int) -> Iterator[tuple[Law, tuple[int, ...]]]:
    """Every rule of so many seats, each held by one person; then every way persons share them."""
    for quorum, threshold in product(range(1, count + 1), THRESHOLDS):
        for mandatory, veto in product(subsets(count), subsets(count)):
            yield Law(quorum, threshold, mandatory, veto), tuple(range(count))
        for people, speakers in product(range(1, count + 1), product(range(count), repeat=count)):
            yield Law(quorum, threshold, people=people), speakers


def tally_of(law: Law, votes: tuple[str, ...], speakers: tuple[int, ...]) -> Tally:
    rule = Rule(
        law.quorum,
        law.threshold,
        tuple(f"s{seat}" for seat in sorted(law.mandatory)),
        tuple(f"s{seat}" for seat in sorted(law.veto)),
        people=law.people,
    )
    seats = {word: tuple(f"s{seat}" for seat, vote in enumerate(votes) if vote == word) for word in WORDS}
    heard = {speakers[seat] for seat, vote in enumerate(votes) if vote not in ("recuse", "silent")}
    return Tally(rule, *(seats[word] for word in WORDS), len(heard))


def differences(count: int) -> int:
    """How many votes of so many seats end otherwise than the rules say."""
    found = 0
    for law, speakers in laws(count):
        for votes in product(WORDS, repeat=count):
            count_of = tally_of(law, votes, speakers)
            before = gates.outcome(count_of, T0 + timedelta(days=1), T0) or "nothing"
            after = gates.outcome(count_of, T0, T0) or "nothing"
            found += before != early(law, votes, speakers)
            found += after != at_deadline(law, list(votes), speakers)
            found += (gates.at_closing(count_of) or "nothing") != at_deadline(law, list(votes), speakers)
    return found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_vote_ends_as_the_rules_say(count: int) -> None:
    assert differences(count) == 0


MUTANTS: dict[str, Callable[[Tally], Any]] = {
    "quorum one short": lambda it: it.spoken >= it.rule.quorum - 1 and it.people >= it.rule.people,
    "persons not counted": lambda it: it.spoken >= it.rule.quorum,
    "a recusal makes quorum": lambda it: it.spoken + len(it.recused) >= it.rule.quorum and it.people >= it.rule.people,
    "veto forgotten": lambda it: (),
    "mandatory forgotten": lambda it: (),
    "mandatory must say go": lambda it: tuple(seat for seat in it.rule.mandatory if seat not in it.go),
    "go certain while a veto may come": lambda it: (
        it.has_quorum and not it.missing_mandatory and it.reaches_threshold(extra_nogo=len(it.silent))
    ),
    "no-go certain without quorum": lambda it: not it.reaches_threshold(extra_go=len(it.silent)),
}
PLACES = ("has_quorum", "has_quorum", "has_quorum", "vetoed_by", "missing_mandatory", "missing_mandatory")
PLACES += ("go_is_certain", "nogo_is_certain")


@pytest.mark.parametrize(("name", "place"), list(zip(MUTANTS, PLACES, strict=True)))
def test_a_mistake_in_the_count_is_seen_with_two_seats(name: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tally, place, property(MUTANTS[name]))
    assert differences(2) > 0


POLICY = a_small_policy()
PEOPLE = ("techno", "techno-suppleance")


def never_closing() -> Product:
    rule = replace(POLICY.gates[0].rule, quorum=9, mandatory=(), veto=())
    opened = at_gate(POLICY)
    history = tuple(replace(fact, rule=rule) if hasattr(fact, "rule") else fact for fact in opened.history)
    return replace(opened, history=history)


def test_what_a_seat_says_after_every_discussion_of_four_words() -> None:
    """Holder and substitute, every word, and any comment rewritten by somebody else, in every order."""
    words = [*product(PEOPLE, SAID), ("", "spoil")]
    start = never_closing()
    states: list[tuple[Product, tuple[tuple[str, str, bool], ...]]] = [(start, ())]
    seen = 0
    for number in range(1, 5):
        following = []
        for (state, said), (who, what) in product(states, words):
            if what == "spoil":
                if not said or said[-1][2]:
                    continue
                last = max(ballot.fact.comment for ballot in state.standing.gates[1].ballots)
                asked, then = Request(VoidBallot(last), "passant", f"void:{last}"), (*said[:-1], (*said[-1][:2], True))
            else:
                number_of = 900 + len(state.history) + number
                asked = Request(SAID[what], who, f"comment:{number_of}:x", number_of)
                then = (*said, (who, what, False))
            facts = decide(asked, state, POLICY, T0)
            if what != "spoil" and not isinstance(facts[0], BallotCast):
                then = said  # refused: it is as if it had not been said
            state_after = state.with_facts(facts)
            shown = gates.tally(state_after.standing.gates[1])
            choice = next(
                word
                for word, seats in zip(
                    WORDS, (shown.go, shown.nogo, shown.abstain, shown.recused, shown.silent), strict=True
                )
                if "technologie" in seats
            )
            assert choice == voice(then, PEOPLE), then
            seen += 1
            following.append((state_after, then))
        states = following
    assert seen > 5000
