"""The command line speaks French: no sentence mixes languages."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house import ROOT, TREES

ROOMS = ("cli", "settings.py", "demo/running.py", "importing", "setup")
ENGLISH = re.compile(r"\b(?:or|and|the|is|are|not|missing|with|from|must|cannot|please|your|this|of)\b(?!=)")
FRENCH = re.compile(r"[éèêàçùœ«»’]|\b(?:manque|donnez|pour|avec|dans|sur|une?|les?|des?|est|ou)\b")


def sentences():
    """Texts of the program, docstrings aside: those that hold a space and are not addresses or patterns."""
    for path, tree in TREES.items():
        if path.relative_to(ROOT).parts[0] != "app":
            continue
        name = path.relative_to(ROOT / "app").as_posix()
        if not name.startswith(ROOMS):
            continue
        told = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [one.value if isinstance(one, ast.Constant) else "X" for one in node.values]
                told |= {id(one) for one in node.values}
                yield f"{name}:{node.lineno}", "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield f"{name}:{node.lineno}", node.value


def mixed(text):
    plain = re.sub(r"is:\w+|label:\"[^\"]*\"|« [^»]* »|`[^`]*`|\([^)]*\)|https?://\S+|--[a-z-]+", "", text)
    return bool(FRENCH.search(plain) and ENGLISH.search(plain))


def test_no_sentence_of_the_command_line_mixes_languages():
    assert [(place, text) for place, text in sentences() if " " in text.strip() and mixed(text)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("or GITHUB_TOKEN manque : donnez un jeton", True), ("ou bien il manque", False), ("or nothing", False)],
)
def test_a_mixed_sentence_is_caught(text, wrong):
    assert mixed(text) is wrong
