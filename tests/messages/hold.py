"""`python -m tests.messages.hold`: the sentences written in the code, their French signs held to their words."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from app.messages.typography import spaced

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    "app/domain": "words that are read, never said",
    "app/github": "English, for the log",
    "app/logs.py": "English, for the log",
    "app/demo/month_": "compared with comments and pages as people read them",
    "app/demo/script.py": "compared with comments as people read them",
    "app/demo/steps.py": "compared with comments as people read them",
    "app/demo/scenario.py": "compared with comments as people read them",
    "app/demo/products.py": "what people of the demonstration wrote",
    "app/setup/desired.py": "kept as organisations have it: a new version changes nothing there",
    "app/setup/apply.py": "the name of a commit, or English",
    "app/doctor/trial.py": "a comment for machines",
    "app/witness/ledger.py": "statements that SQLite reads",
}
"""Where the ordinary spaces stay, and why."""
ADDRESSES = ("GitHub local : ", "Jalon : http://", "Installation : {url}", "# Posé par « jalon setup »")
"""Beginnings of lines that programs read."""


def sources() -> Iterator[Path]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(tuple(ELSEWHERE)):
            yield path


def held(source: str) -> str:
    """The same module; docstrings, raw strings and lines for the log are left as they are."""
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    aside = list(_aside(ast.parse(source)))
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(source).readline))):
        line = token.start[0]
        if token.type != tokenize.STRING or token.string[:1] in "rRbB" or any(line in lines for lines in aside):
            continue
        start = starts[line - 1] + token.start[1]
        source = source[:start] + _held(token.string) + source[start + len(token.string) :]
    return source


def _aside(module: ast.Module) -> Iterator[range]:
    for node in ast.walk(module):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_log = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
        if is_docstring or is_log:
            yield range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _held(token: str) -> str:
    if any(address in token for address in ADDRESSES):
        return token
    return "\\n".join(spaced(part) for part in token.split("\\n"))


if __name__ == "__main__":
    for module in sources():
        before = module.read_text(encoding="utf-8")
        if before != held(before):
            module.write_text(held(before), encoding="utf-8")
            sys.stdout.write(f"{module.relative_to(ROOT)}\n")
