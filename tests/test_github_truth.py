"""The pages that name tests: each exists; every finding of `jalon doctor` that is quoted is one."""

import ast
import re
from pathlib import Path

import pytest

from app.doctor.words import NAMES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/github-reel.md").read_text(encoding="utf-8")
PEOPLE = (ROOT / "docs/parcours.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE + PEOPLE)))
ROWS = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "L1", "L2", "L3", "L4", "L5", "L6", "L7"]


@pytest.mark.parametrize(("path", "test"), NAMED, ids=lambda item: item)
def test_a_test_that_is_named_exists(path, test):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert not test or test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_of_what_was_found_is_there_once():
    assert re.findall(r"^\| ([WL]\d) \|", PAGE, re.MULTILINE) == ROWS


def test_every_line_of_the_doctor_that_is_quoted_is_one():
    table = PAGE.partition("## Ce que seul le vrai GitHub peut dire")[2].partition("## Nouveau")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ") and "«" in row.split("|")[-2]]
    quoted = {name for row in rows for name in re.findall(r"«\s*([^»]+?)\s*»", row.split("|")[-2])}
    assert quoted <= {french for french, _ in NAMES.values()}
    assert len(rows) == 13
