"""The rooms of the house: who may import whom, and how big a module or a function may grow."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
MODULES = sorted(APP.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

# What each room may import beside itself and the standard library; a room not named is not restricted here.
ROOMS = {
    "domain": {"markdown_it", "quotequail"},
    "messages": {"app.domain", "jinja2"},
    "github": {"app.domain", "app.messages", "app.documents", "app.assets", "app.settings", "github", "requests"},
}
# Libraries kept behind one door: the only places that may import them.
DOORS = {"github": ("github",), "yaml": ("documents.py", "sandbox"), "os.environ": ("settings.py",)}


def named(path: Path) -> str:
    return path.relative_to(APP).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (
                f"{node.module}.{alias.name}" if node.module == "app" else str(node.module) for alias in node.names
            )


def within(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_imports_what_it_may(path: Path) -> None:
    room = room_of(path)
    names = {name for name in imported(path) if name.split(".")[0] not in sys.stdlib_module_names}
    if room in ROOMS:
        allowed = ROOMS[room] | {f"app.{room}"}
        assert {name for name in names if not within(name, allowed)} == set()
    if room == "sandbox":
        assert {name for name in names if within(name, {"app"}) and not within(name, {"app.sandbox"})} == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_library_comes_in_by_its_door(path: Path) -> None:
    for library in ("github", "yaml"):
        if any(within(name, {library}) for name in imported(path)):
            assert room_of(path) in DOORS[library], f"{library} imported by {named(path)}"


def reads_environment(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {a.name for a in node.names} & {"environ", "getenv"}
        )
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "sandbox"], ids=named)
def test_settings_alone_read_the_environment(path: Path) -> None:
    # WSGI requests carry an `environ` of their own, which is not the process's.
    if "import os" in path.read_text(encoding="utf-8") or "from os " in path.read_text(encoding="utf-8"):
        assert not reads_environment(TREES[path]) or named(path) in DOORS["os.environ"]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_are_absolute(path: Path) -> None:
    assert not [node.lineno for node in ast.walk(TREES[path]) if isinstance(node, ast.ImportFrom) and node.level]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= 50
    }
    assert long == {}


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text(encoding="utf-8").strip()], ids=named)
def test_a_module_opens_with_a_sentence(path: Path) -> None:
    assert ast.get_docstring(TREES[path])
