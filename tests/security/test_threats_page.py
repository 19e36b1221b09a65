"""The page of threats names, for each attack that was played, a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import ascii_lowercase

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "menaces.md"
PLAYED = [*(f"F{number}" for number in range(1, 21)), *ascii_lowercase[:12], "B", "P"]
CELLS = 5
LATER = "à venir"


def rows():
    """The cells of each attack by its number."""
    section = PAGE.read_text(encoding="utf-8").split("## Attaques jouées")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return {
        cells[0]: cells for cells in ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines)
    }


def names_in(path):
    """Names of the tests of one file, whichever class holds them."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_attack_has_its_row():
    assert list(rows()) == PLAYED


@pytest.mark.parametrize("number", PLAYED)
def test_a_row_says_what_happens_who_is_told_and_names_a_test_that_exists(number):
    cells = rows()[number]
    if cells[-1] == LATER:
        pytest.xfail("not told yet")
    assert len(cells) == CELLS
    assert all(cells), "a cell is empty"
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cells[-1])
    assert named, "names no test, as `tests/….py::test_…`"
    for path, name in named:
        assert name in names_in(path), f"{path} has no {name}"
