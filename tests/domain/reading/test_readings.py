"""What each way of writing says: a table of comments, read as GitHub shows them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from app.domain.reading.command_types import (
    Abstain,
    CloseGate,
    Command,
    Doubtful,
    Go,
    Help,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    RequestGate,
    TakenInSession,
    Tick,
    Unknown,
    Untick,
    Withdraw,
)
from app.domain.reading.commands import parse

HERE = Path(__file__).parent
SHARED = HERE.parents[3] / "shared" / "data" / "commands.csv"
UNSEEN = {"RLM": "\u200f", "LRM": "\u200e", "ZWJ": "\u200d", "ZWSP": "\u200b", "NBSP": "\u00a0", "NNBSP": "\u202f"}
REASONED = {NoGo: "nogo", Abstain: "abstain", Recuse: "recuse", Withdraw: "withdraw", CloseGate: "close"}


def body(text: str) -> str:
    for name, character in UNSEEN.items():
        text = text.replace(f"‹{name}›", character)
    return text.replace("⏎", "\n")


def told(command: Command) -> str:
    """A command in the words of the table."""
    match command:
        case Go(conditions):
            return "go" if conditions is None else f"go: {' | '.join(conditions)}"
        case NoGo(reason) | Abstain(reason) | Recuse(reason) | Withdraw(reason) | CloseGate(reason):
            return f"{REASONED[type(command)]}: {reason}".replace("\n", "⏎")
        case Tick(items):
            return f"tick: {' '.join(items)}"
        case Untick(items):
            return f"untick: {' '.join(items)}"
        case NotApplicable(items, reason):
            return f"na: {' '.join(items)} = {reason}"
        case Lift(number, evidence, further):
            return f"lift: {' '.join((number, *further))} = {evidence}"
        case RequestGate(target):
            return f"request: {target}"
        case TakenInSession():
            return _session(command)
        case Doubtful():
            return f"ask: {command.why} ({command.words})"
        case Unknown(_, suggestion):
            return f"unknown: {suggestion}"
        case Help():
            return "help"
    raise AssertionError(command)


def _session(command: TakenInSession) -> str:
    fields = {
        "present": ", ".join(command.present),
        "excused": ", ".join(command.excused),
        "held": command.held,
        "conditions": " | ".join(command.conditions),
        "reason": command.reason,
    }
    said = "; ".join((f"session: {command.outcome}", *(f"{name} {text}" for name, text in fields.items() if text)))
    return said.replace("\n", "⏎")


def readings() -> list[tuple[str, str]]:
    lines = (HERE / "readings.txt").read_text(encoding="utf-8").split("\n")
    rows = [line.partition(" ⇒ ") for line in lines if " ⇒ " in line]
    return [(text, expected) for text, _, expected in rows]


def test_the_table_is_large_and_says_each_thing_once() -> None:
    texts = [text for text, _ in readings()]
    assert len(texts) >= 300
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("text", "expected"), readings(), ids=[text for text, _ in readings()])
def test_a_comment_says(text: str, expected: str) -> None:
    found = " && ".join(told(parsed.command) for parsed in parse(body(text))) or "nothing"
    assert found.rstrip() == expected.rstrip()


def shared() -> list[tuple[str, str]]:
    if not SHARED.exists():
        return []
    with SHARED.open(encoding="utf-8") as file:
        return [(row["text"], row["expected"]) for row in csv.DictReader(file)]


def fits(text: str, expected: str) -> bool:
    """Whether what a comment says is what the shared table expects, in its own words."""
    commands = [parsed.command for parsed in parse(body(text))]
    said = [told(command) for command in commands]
    asks = bool(commands) and all(isinstance(one, Doubtful | Unknown) for one in commands)
    counted = [one for one in commands if not isinstance(one, Doubtful | Unknown)]
    wanted = re.sub(r"^\([^)]*\)\s*|\s*\(.*\)$", "", expected)
    if wanted == "abstention":
        return said == ["abstain: "]
    if wanted in {"ask", "a word", "a word on it", "not a go", "refuse two votes in one comment"}:
        return asks
    if wanted.startswith("nothing"):
        return not commands
    if wanted in {"reason missing", "conditions missing"}:
        return said in (["nogo: "], ["go: "])
    if wanted in {"go", "go or a word"}:
        return said == ["go"] or wanted in said or "session: go" in " ".join(said) or _suggests(commands, "go") or asks
    if wanted.startswith(("no-go", "suggestion", "«")):
        name = "décision report" if "report" in wanted else "go" if wanted == "suggestion go" else "nogo"
        return _suggests(commands, name) or any(isinstance(one, NoGo) for one in counted)
    if wanted == "plain go":
        return said[0].startswith("session: go") and "conditions" not in said[0]
    if "condition" in wanted:
        (go,) = counted
        number = 1 if wanted == "one condition" else int(wanted[0])
        return isinstance(go, Go) and len(go.conditions or ()) == number
    words = re.findall(r"[\wéà’]+", expected.replace("1…5", "1 2 3 4 5").replace("present", "").split(" or ")[0])
    return len(counted) == 1 and all(word.lower() in said[0].lower() for word in words if word not in {"and", "later"})


def _suggests(commands: list[Command], name: str) -> bool:
    return any(isinstance(one, Unknown) and one.suggestion == name for one in commands)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/commands.csv is not here")
@pytest.mark.parametrize(("text", "expected"), shared(), ids=[text for text, _ in shared()])
def test_the_shared_table(text: str, expected: str) -> None:
    assert fits(text, expected), [told(parsed.command) for parsed in parse(body(text))]
