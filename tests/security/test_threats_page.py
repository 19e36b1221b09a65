"""The page of threats names, for each attack that was played, a test that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
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


@cache
def every_name():
    """Names of all the tests, whichever class holds them."""
    files = (ROOT / "tests").rglob("test_*.py")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_attack_has_its_row():
    assert list(rows()) == PLAYED


@pytest.mark.slow
@pytest.mark.parametrize("number", PLAYED)
def test_a_row_says_what_happens_who_is_told_and_names_a_test_that_exists(number):
    cells = rows()[number]
    if cells[-1] == LATER:
        pytest.xfail("not told yet")
    assert len(cells) == CELLS
    assert all(cells), "a cell is empty"
    named = set(re.findall(r"\btest_\w+(?!\w|\.py)", cells[-1]))
    assert named, "names no test"
    assert named - every_name() == set(), "no such test"
