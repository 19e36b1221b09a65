"""The rooms of the house: who may import whom, by which door a library comes in, and how big a module may grow."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from tests import house
from tests.house import DOORS, MODULES, ROOMS, ROOT, TREES, WHOLE, module_of, room_of

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ORDER = list(ROOMS)
TRIALS = {"demo", "cli"}
"""The only rooms that start the local GitHub; the App itself must do without it."""
ENVIRONMENT = {"app.settings"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_module_stands_in_a_room():
    assert {room_of(module_of(path)) for path in MODULES} - WHOLE == set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_imports_only_those_below_it(path):
    here = room_of(module_of(path))
    if here in WHOLE:
        return
    below = set(ORDER[: ORDER.index(here) + 1])
    if here not in TRIALS | {"local_github"}:
        below.discard("local_github")
    assert {room_of(name) for name in house.ours(path)} - below - WHOLE == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_library_comes_in_by_its_door(path):
    here = room_of(module_of(path))
    assert {library for library in house.libraries(path) if here not in DOORS.get(library, set())} == set()


def test_no_door_is_left_open():
    used = {(library, room_of(module_of(path))) for path in MODULES for library in house.libraries(path)}
    assert used == {(library, room) for library, rooms in DOORS.items() for room in rooms}


def test_no_two_modules_import_each_other():
    leads = {module_of(path): house.ours(path) & house.NAMES for path in MODULES}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        if name not in done:
            for other in leads[name] - {name}:
                walk(other, (*above, name))
            done.add(name)

    for name in leads:
        walk(name, ())


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


@pytest.mark.parametrize("path", [path for path in MODULES if named(path).startswith("app/")], ids=named)
def test_settings_alone_read_the_environment(path):
    # WSGI requests carry an `environ` of their own, which is not the process's.
    text = path.read_text(encoding="utf-8")
    if "import os" in text or "from os " in text:
        assert not reads_environment(TREES[path]) or module_of(path) in ENVIRONMENT


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_stays_small_and_opens_with_a_sentence(path):
    text, tree = path.read_text(encoding="utf-8"), TREES[path]
    assert not text.strip() or ast.get_docstring(tree)
    assert len(text.splitlines()) <= 400
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {
        node.name: node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno - node.lineno >= 50
    } == {}


ONE_IDEA = {
    "Help": "the command that asks for help and the notice that gives it; both names are data",
    "blockers": "what stands in the way of a gate: of its own, of the points refused before, of what may be reused",
    "reconcile": "what GitHub must still show: of a product, a session, a support request, a product set aside",
    "to_text": "a value as the text that is stored beside the register",
    "from_text": "that text read back",
}
"""Names that several modules bear because they mean the same there."""


def public_names(path: Path) -> set[str]:
    """Classes and functions; a page or a command is named after its address, and stands in its room alone."""
    return {
        node.name
        for node in TREES[path].body
        if isinstance(node, ast.ClassDef)
        or (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list)
        if not node.name.startswith("_")
    }


def test_a_name_means_one_idea():
    bearers: dict[str, list[str]] = {}
    for path in MODULES:
        if named(path).startswith("app/"):
            for name in public_names(path):
                bearers.setdefault(name, []).append(named(path))
    shared = {name: paths for name, paths in bearers.items() if len(paths) > 1}
    assert {name: paths for name, paths in shared.items() if name not in ONE_IDEA} == {}
    assert set(ONE_IDEA) <= set(shared), "no longer shared"


@pytest.mark.parametrize(
    ("name", "drawn"), [("rooms", house.table()), ("arrows", f"```mermaid\n{house.picture()}\n```")]
)
def test_contributing_shows_the_house_as_it_stands(name, drawn):
    text = CONTRIBUTING.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {name}:begin -->\n)(.*?)(\n?<!-- {name}:end -->)", re.DOTALL)
    if os.environ.get("JALON_GOLDEN") == "write":
        text = block.sub(lambda found: f"{found[1]}{drawn}\n{found[3].lstrip()}", text)
        CONTRIBUTING.write_text(text, encoding="utf-8")
    assert [found[2] for found in block.finditer(text)] == [drawn]
