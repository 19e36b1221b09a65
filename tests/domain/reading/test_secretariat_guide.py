"""What the guide of the secretariat shows is what Jalon reads: every command of it, on the page where it is written."""

from __future__ import annotations

import re
import shlex

import pytest

from app.cli import command
from app.domain.reading.command_types import Doubtful, Unknown
from app.domain.reading.commands import parse
from tests.house import ROOT

GUIDE = (ROOT / "docs" / "secretariat.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(seance|produit|sh)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
SAID = [(place, text) for place, text in BLOCKS if place != "sh"]
TYPED = [line for place, text in BLOCKS if place == "sh" for line in text.splitlines()]


@pytest.mark.parametrize(("place", "text"), SAID)
def test_each_comment_is_read_as_one_command(place, text):
    (found,) = parse(text, at_session=place == "seance")
    assert not isinstance(found.command, Doubtful | Unknown), found.command


@pytest.mark.parametrize("line", TYPED)
def test_each_line_of_a_terminal_is_a_command_with_its_options(line):
    program, name, *options = shlex.split(line)
    known = command(name)
    assert program == "jalon"
    assert known is not None
    known.make_context(name, options)


def test_the_guide_goes_through_a_whole_week():
    assert len(SAID) >= 10
    assert len(TYPED) >= 4
