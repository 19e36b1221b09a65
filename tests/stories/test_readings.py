"""Ways of writing taken from the domain's table, played as people write them: what GitHub then shows of each."""

from __future__ import annotations

from itertools import count

import pytest

from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    Fact,
    GateDecided,
    GatePostponed,
    GateWithdrawn,
    HelpAsked,
    ItemAnswered,
)
from app.domain.reading.command_types import Doubtful
from app.domain.reading.commands import COMMANDS, parse
from tests.domain.reading.test_readings import body, readings
from tests.stage import ALL

EVERY = 17
"""One row of the table in so many, and those of each kind that chance leaves out."""
KINDS = ("go", "go:", "nogo:", "abstain:", "recuse:", "tick:", "untick:", "na:", "lift:", "request:", "withdraw:")
KINDS += ("close:", "session:", "help", "ask:", "unknown:", "nothing")
ROLES = {"team": "cheffe-produit", "secretariat": "secretariat", "committee": "data", "anyone": "visiteur"}
FACTS = {
    "go": BallotCast,
    "go:": BallotCast,
    "nogo:": BallotCast,
    "abstain:": BallotCast,
    "recuse:": BallotCast,
    "tick:": ItemAnswered,
    "untick:": ItemAnswered,
    "na:": ItemAnswered,
    "session:": GatePostponed,
    "withdraw:": GateWithdrawn,
    "close:": GateWithdrawn,
}
LEAVING = ("transfo", "communs", "design")
"""A seat that left a vote is heard there no more."""


def kind_of(expected: str) -> str:
    return "go" if expected == "go" else expected.split(" ", maxsplit=1)[0]


def sample() -> list[tuple[str, str]]:
    rows = [row for row in readings() if "&&" not in row[1]]
    chosen = rows[::EVERY]
    for kind in KINDS:
        chosen += [row for row in rows if kind_of(row[1]) == kind and row not in chosen][:1]
    return chosen


def author_of(text: str, kind: str, leaving: str) -> str:
    """Who would write this."""
    if kind == "recuse:":
        return leaving
    names = [one.command.name for one in parse(body(text)) if isinstance(one.command, Doubtful)]
    name = names[0] if names else {"lift:": "close", "session:": "session"}.get(kind, kind.rstrip(":"))
    return next((ROLES[row.who] for row in COMMANDS if row.name == name), "data") if name != "lift" else "secretariat"


def is_refused(kind: str, expected: str, words: str) -> bool:
    """Whether it is understood, and the rules then want something more of it."""
    lacking = expected.rstrip().endswith((":", "=")) and kind in {"go:", "nogo:", "tick:", "untick:", "na:"}
    unknown = kind in {"tick:", "untick:", "na:"} and any(
        one.isdigit() and one not in ALL.split() for one in words.split()
    )
    decides = kind == "session:" and not expected.startswith("session: later")  # those named present are no seats
    return lacking or unknown or decides or kind in {"ask:", "unknown:", "lift:", "request:"}


def ready_for_a_vote(stage, number):
    stage.says("cheffe-produit", number, f"/coche {ALL}\n/demande")


@pytest.mark.slow
def test_a_sample_of_the_table_is_shown_as_it_says(stage):
    rows = sample()
    assert len(rows) >= 60
    assert {kind_of(expected) for _, expected in rows} == set(KINDS)
    numbers = [stage.filed(title=f"Produit {rank}") for rank in range(4)]
    for number in numbers:
        ready_for_a_vote(stage, number)
    wrong, gone = [], count()
    for rank, (text, expected) in enumerate(rows):
        number, kind = numbers[rank % len(numbers)], kind_of(expected)
        words = expected.partition(":")[2].partition("=")[0].strip()
        facts, shown, answers = played(stage, number, author_of(text, kind, LEAVING[next(gone) % 3]), body(text))
        if kind == "nothing":
            fits = (facts, shown, answers) == ([], set(), 0)
        elif kind == "help":
            fits = [type(fact) for fact in facts] == [HelpAsked] and answers == 1
        elif is_refused(kind, expected, words):
            fits = [type(fact) for fact in facts] == [CommandRefused] and (shown, answers) == ({"confused"}, 1)
        else:
            fits = shown == {"+1"} and fits_words(facts, kind, expected, words)
        if not fits:
            wrong.append((text, expected, facts, shown, answers))
        if any(isinstance(fact, GateWithdrawn | GateDecided) for fact in facts) or kind == "recuse:":
            if kind == "recuse:":
                stage.says("secretariat", number, "/clore")
            ready_for_a_vote(stage, number)
    assert wrong == []
    assert all(stage.nothing_left_to_do(number) for number in numbers)


def fits_words(facts: list[Fact], kind: str, expected: str, words: str) -> bool:
    """What is recorded holds the very words, numbers and conditions of the table."""
    if not facts or not all(isinstance(fact, FACTS[kind]) for fact in facts):
        return False
    (first, *_) = facts
    said = expected.partition(": ")[2]
    match kind:
        case "go":
            return (first.choice, first.conditions) == ("go", ())
        case "go:":
            return [one.text for one in first.conditions] == said.split(" | ")
        case "nogo:" | "abstain:" | "recuse:":
            return (first.choice, first.reason) == (kind.rstrip(":"), body(said.strip()))
        case "session:":
            return first.reason == body(said.partition("; reason ")[2].strip())
        case "withdraw:" | "close:":
            return first.reason == body(said.strip())
        case _:
            return len(facts) == len(words.split())


def played(stage, number, login, text):
    """What a comment brings: the facts it causes, our reactions, how many comments of ours are new."""
    node = stage.world.issues[number].node_id
    known, said = len(stage.register.history(node)), len(stage.said(number))
    made = stage.world.comment(login, number, text)
    stage.settle()
    caused = [fact for fact in stage.register.history(node)[known:] if fact.cause.startswith(f"comment:{made.id}:")]
    shown = {given.content for given in made.reactions if given.login == stage.world.bot}
    return caused, shown, len(stage.said(number)) - said


def test_the_reaction_follows_each_edit(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    made = stage.world.comment("data", number, "/go")
    stage.world.react("secu", made, "+1")
    seen = []
    for text in (None, "/go ?", "/go", "/nogo", "/nogo trop tôt"):
        if text:
            stage.passes(60)
            stage.world.edit_comment("data", made.id, text)
        stage.settle()
        seen.append([given.content for given in made.reactions if given.login == stage.world.bot])
    assert seen == [["+1"], ["confused"], ["+1"], ["confused"], ["+1"]]
    assert [given.login for given in made.reactions if given.content == "+1"].count("secu") == 1
    assert stage.nothing_left_to_do(number)
