"""The rules written a second time stay short, alone, and apart from what they judge."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.builders import APP
from verifier import rules_spec

IMPORTED = r"(?m)^ *(?:from|import) verifier\b"
SPECIFICATION = Path(rules_spec.__file__)
ELECTORATE = [{"seat": "technologie", "voices": [1, 2]}, {"seat": "securite", "voices": [3]}]
RULE = {"quorum": 1, "people": 1, "threshold": "2/3", "mandatory": ["securite"], "veto": []}


def imported(tree: ast.AST) -> set[str]:
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_the_specification_is_under_sixty_lines_and_needs_the_standard_library_alone() -> None:
    text = SPECIFICATION.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert max(map(len, text.splitlines())) <= 120
    assert imported(ast.parse(text)) <= sys.stdlib_module_names


def test_nothing_of_the_application_imports_it() -> None:
    modules = APP.rglob("*.py")
    assert not [path for path in modules if re.search(IMPORTED, path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("present", "said", "edition", "outcomes"),
    [
        (["technologie", "securite"], [], 2, {"go", "nogo"}),
        (["technologie"], [], 2, {"nogo"}),
        (["technologie", "design"], [], 2, set()),
        ([], [], 2, set()),
        (["technologie", "securite"], [(3, ["securite"], "recuse", True)], 2, set()),
        (["technologie", "securite"], [(3, ["securite"], "recuse", True)], 1, {"go", "nogo"}),
    ],
)
def test_what_a_session_may_decide(present: list[str], said: list, edition: int, outcomes: set[str]) -> None:
    counted = rules_spec.count(ELECTORATE, (), said, edition)
    assert rules_spec.in_session(RULE, ELECTORATE, counted, present, edition) == outcomes


def test_a_no_go_against_which_a_seat_has_a_veto_stands_in_session() -> None:
    counted = rules_spec.count(ELECTORATE, (), [(3, ["securite"], "nogo", True)])
    rule = {**RULE, "veto": ["securite"]}
    assert rules_spec.in_session(rule, ELECTORATE, counted, ["technologie", "securite"]) == {"nogo"}
