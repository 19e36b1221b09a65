"""Second thoughts as people write them: whole, or asked about."""

from __future__ import annotations

import pytest

from app.domain.reading.commands import Contest, Doubtful, Override, Pause, Rectify, RectifyLift, Resume, parse


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            "/rectifier nogo trop cher\nprésents : a, b\nerreur : saisi go",
            Rectify("nogo", ("a", "b"), (), "trop cher", why="saisi go"),
        ),
        (
            "/rectify go\npresent: a\ncorrection: a slip\nconditions:\n- test",
            Rectify("go", ("a",), ("test",), why="a slip"),
        ),
        (
            "/rectifier go\nprésents : a\nraison : saisi deux fois",
            Rectify("go", ("a",), (), "saisi deux fois", why="saisi deux fois"),
        ),
        ("/rectifier levée 2 : mauvaise pièce", RectifyLift("mauvaise pièce", "2")),
        ("/rectify lift of 2: wrong paper", RectifyLift("wrong paper", "2")),
        ("/contester l’audit n’a pas été lu", Contest("l’audit n’a pas été lu")),
        ("/contester réserve de fond : non lue", Contest("réserve de fond : non lue")),
        ("/appeal condition 3: done", Contest("done", "3")),
        ("/passer-outre no go : budget", Override("nogo", "budget")),
        ("/passer-outre", Override("", "")),
        ("/pause jusqu’au 15 mars 2027 : gel", Pause("2027-03-15", "gel")),
        ("/pause until 2027-03-15, no budget", Pause("2027-03-15", "no budget")),
        ("/pause : gel", Pause("", "gel")),
        ("/resume", Resume()),
        ("/reprise : budget", Resume("budget")),
    ],
)
def test_a_second_thought_says(text: str, command: object) -> None:
    assert [parsed.command for parsed in parse(text)] == [command]


@pytest.mark.parametrize(
    "text",
    [
        "/rectifier go\ninvités : le métier\nprésents : a\nerreur : x",
        "/rectifier levée de la réserve",
        "/rectifier levée 2 annulé",
        "/rectifier levée 2 3 : x",
        "/contester demain",
        "/contester annulé",
        "/contester réserve 2 annulé",
        "/passer-outre go demain",
        "/passer-outre go ?",
        "/pause annulé",
        "/pause jusqu’à nouvel ordre",
        "/pause jusqu’au 15/03/2027 ou au 20/03/2027 : gel",
        "/pause jusqu’au 15/03/2027 sauf imprévu : gel",
        "/reprise annulée",
    ],
)
def test_what_is_not_certain_is_asked_about(text: str) -> None:
    (parsed,) = parse(text)
    assert isinstance(parsed.command, Doubtful), parsed.command
