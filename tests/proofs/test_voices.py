"""What seats say after every discussion of their people: holder, substitute, a person of two seats, comments voided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import pytest

from app.domain.decide.decide import decide
from app.domain.decide.request import Request, VoidBallot
from app.domain.product import gates
from app.domain.product.facts import BallotCast, BallotVoided, GateDecided, GateRequested, RecusalEnded, SeatAtGate
from app.domain.product.gate_record import COUNTING, GateRecord
from app.domain.product.state import Product
from app.domain.reading.commands import Abstain, Command, Go, NoGo, Recuse, Unrecuse
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, played, says, voting
from tests.proofs.counting import WORDS
from verifier import rules_spec

POLICY = a_small_policy()
PEOPLE = ("techno", "techno-suppleance")
ELECTORATE = [{"seat": "technologie", "voices": [1, 2]}, {"seat": "data", "voices": [2]}]
SAID: dict[str, Command] = {
    "go": Go(),
    "nogo": NoGo("non"),
    "abstain": Abstain(),
    "recuse": Recuse(),
    "back": Unrecuse(),
}
Words = tuple[tuple[int, tuple[str, ...], str, bool], ...]


class Point(NamedTuple):
    """A moment of the discussion: for the application, and as the rules written a second time keep it."""

    product: Product
    words: Words
    comments: tuple[int, ...]
    aside: tuple[int, ...]


def opened(aside: tuple[int, ...] = ()) -> Point:
    """A gate of two seats that nothing closes: the substitute of the first holds the second.

    Whoever stands aside recused at a former gate, which was withdrawn.
    """
    start = at_gate(POLICY)
    if aside:
        start = voting(start, POLICY, {PEOPLE[rank - 1]: "/déport" for rank in aside})
        start = played(says(start, AUTHOR, "/retrait"), POLICY)
        start = played(says(start, AUTHOR, "/demande"), POLICY)
    opening = [fact for fact in start.history if isinstance(fact, GateRequested)][-1]
    assert len(opening.recused) == len(aside)
    seats = (SeatAtGate("technologie", "Technologie", PEOPLE), SeatAtGate("data", "Data", PEOPLE[1:]))
    rule = replace(POLICY.gates[0].rule, quorum=9, mandatory=(), veto=())
    history = tuple(replace(one, rule=rule, seats=seats) if one is opening else one for one in start.history)
    return Point(replace(start, history=history), (), (), aside)


def following(point: Point) -> Iterator[Point]:
    """Every word that either may say next, and each comment that still holds rewritten by somebody else."""
    number = 900 + len(point.comments)
    for (rank, login), (word, command) in product(enumerate(PEOPLE, start=1), SAID.items()):
        counted = rules_spec.count(ELECTORATE, point.aside, point.words)
        facts = decide(Request(command, login, f"comment:{number}:x", number), point.product, POLICY, T0)
        words = point.words
        if word == "back":
            assert isinstance(facts[0], RecusalEnded) == (rank in counted["gone"])
            words += ((rank, (), word, True),) if rank in counted["gone"] else ()
        else:
            seats = tuple(rules_spec.may_speak(ELECTORATE, counted, rank))
            assert (facts[0].seats if isinstance(facts[0], BallotCast) else ()) == seats, (point.words, rank, word)
            words += ((rank, seats, word, True),) if seats else ()
        if words != point.words:  # what is refused changes nothing
            yield Point(point.product.with_facts(facts), words, (*point.comments, number), point.aside)
    for index, (rank, seats, word, holds) in enumerate(point.words):
        if holds and word != "back":
            number = point.comments[index]
            facts = decide(Request(VoidBallot(number), "passant", f"void:{number}"), point.product, POLICY, T0)
            assert isinstance(facts[0], BallotVoided)
            words = (*point.words[:index], (rank, seats, word, False), *point.words[index + 1 :])
            yield Point(point.product.with_facts(facts), words, point.comments, point.aside)


def shown(point: Point, edition: int) -> dict[str, Any]:
    record = next(reversed(point.product.standing.gates.values()))
    if edition < COUNTING:
        decided = GateDecided(
            at=T0,
            by="",
            cause="",
            gate=1,
            outcome="go",
            go=0,
            nogo=0,
            abstain=0,
            recused=0,
            silent=0,
            policy="",
            counting=edition,
        )
        record = replace(record, decision=decided)
    tally = gates.tally(record)
    seats = (tally.go, tally.nogo, tally.abstain, tally.recused, tally.silent)
    return {**{word: list(held) for word, held in zip(WORDS, seats, strict=True)}, "people": tally.people}


def compare(point: Point, edition: int) -> None:
    counted = rules_spec.count(ELECTORATE, point.aside, point.words, edition)
    assert shown(point, edition) == {key: counted[key] for key in (*WORDS, "people")}, (point.words, edition)


def discussed(depth: int, aside: tuple[int, ...]) -> int:
    """How many moments were compared."""
    points, seen = [opened(aside)], 0
    for _ in range(depth):
        after = [one for point in points for one in following(point)]
        for point in after:
            compare(point, COUNTING)
            if not aside and all(word != "back" for _, _, word, _ in point.words):
                compare(point, 0)  # former versions knew no recusal that lasts, and none taken back
        points = list({point.words: point for point in after}.values())
        seen += len(after)
    return seen


ASIDE = pytest.mark.parametrize("aside", [(), (1,), (2,)])


@ASIDE
def test_what_seats_say_after_every_discussion_of_two_words(aside: tuple[int, ...]) -> None:
    assert discussed(2, aside) > 20


def of_those_not_voided(self: GateRecord) -> frozenset[str]:
    return frozenset(
        self.voter(one.fact.who)
        for one in self.ballots
        if one.fact.choice == "recuse" and not one.left_behind and not one.voided_by
    )


def of_all_that_was_ever_said(self: GateRecord) -> frozenset[str]:
    return frozenset(self.voter(one.fact.who) for one in self.ballots if one.fact.choice == "recuse")


@pytest.mark.parametrize(("mistake", "depth"), [(of_those_not_voided, 2), (of_all_that_was_ever_said, 3)])
def test_a_mistake_in_the_recusals_is_seen_after_three_words(
    mistake: Callable[[GateRecord], frozenset[str]], depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is violation V1: a recusal whose comment somebody edits gave a former vote back."""
    monkeypatch.setattr(GateRecord, "recused", property(mistake))
    with pytest.raises(AssertionError):
        discussed(depth, ())


@pytest.mark.proofs
@ASIDE
def test_what_seats_say_after_every_discussion_of_five_words(aside: tuple[int, ...]) -> None:
    assert discussed(5, aside) > 5_000


@pytest.mark.nightly_proofs
@ASIDE
def test_what_seats_say_after_every_discussion_of_six_words(aside: tuple[int, ...]) -> None:
    assert discussed(6, aside) > 50_000
