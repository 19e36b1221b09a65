"""Every pattern and every reader of the package, found by walking it, and texts made to slow each of them down."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from re import _compiler, _parser
from types import FunctionType, ModuleType

import app
import local_github
from app.importing.mapping import Mapping
from app.shipped_files import default_policy
from local_github.pages.references import Place

PACKAGES = (app, local_github)
ROOT = Path(app.__file__).parents[1]
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split")
AGAIN = {"finditer": "findall", "sub": "findall", "subn": "findall", "split": "findall"}
"""What looks for a pattern over and over along a text does the same work."""
BOUNDED = 64
"""A repetition of at most so many is a constant."""
ODD = "\x00\x07\x0b\x0c\x1f\x7f\x85\xa0éİßœ\u2003\u2028\u202e\u2011\u20e3\u2066\u3000\ufe0f\ufeff＝😀"
ALPHABET = tuple(map(chr, range(0x20, 0x180))) + tuple("\t\n\r" + ODD)
REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)


@dataclass
class Found:
    """One compiled pattern: where it is, and by which methods it is used; all of them when nobody can tell."""

    place: str
    pattern: re.Pattern[str]
    uses: set[str] = field(default_factory=set)


def modules() -> list[ModuleType]:
    names = (
        info.name for package in PACKAGES for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    )
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


# Patterns.


def patterns() -> list[Found]:
    """Those that modules, classes, defaults, closures and tables hold, and those that are compiled where they serve."""
    uses = _uses()
    found: dict[int, Found] = {}
    for module in modules():
        for name, pattern in _held(module.__name__, vars(module), module.__name__, set()):
            last = re.split(r"[.\[]", name.removeprefix(module.__name__ + "."))[0]
            one = found.setdefault(id(pattern), Found(name, pattern))
            one.uses |= uses.get(last, set())
    for place, method, pattern in (*_inline(), *_forms()):
        found.setdefault(id(pattern), Found(place, pattern)).uses.add(method)
    for one in found.values():
        one.uses = {AGAIN.get(use, use) for use in one.uses} or {"match", "fullmatch", "findall"}
    return sorted(found.values(), key=lambda one: one.place)


def _held(name: str, value: object, module: str, seen: set[int]) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield name, value
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    inside: list[tuple[str, object]] = []
    if isinstance(value, dict):
        inside = [(f"{name}.{key}", one) for key, one in value.items() if not str(key).startswith("__")]
    elif isinstance(value, (tuple, list, set, frozenset)):
        inside = [(f"{name}[{rank}]", one) for rank, one in enumerate(value)]
    elif isinstance(value, type) and value.__module__ == module:
        inside = [(f"{name}.{key}", one) for key, one in vars(value).items()]
    elif isinstance(value, FunctionType) and value.__module__ == module:
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        inside = [(f"{name}()", one) for one in (value.__defaults__, value.__kwdefaults__, cells)]
    for inner, one in inside:
        yield from _held(inner, one, module, seen)


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted(Path(package.__file__).parent.rglob("*.py"))
    }


def _calls() -> Iterator[tuple[str, ast.Call, str, ast.expr]]:
    """Every `something.method(…)`, method being one of a pattern's: its file, method, and what it is called on."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield name, node, node.func.attr, node.func.value


def _is_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def _uses() -> dict[str, set[str]]:
    """By the last word of a pattern's name."""
    found: dict[str, set[str]] = {}
    for _, call, method, owner in _calls():
        if method in METHODS:
            who = call.args[0] if _is_re(owner) and call.args else owner
            word = who.attr if isinstance(who, ast.Attribute) else who.id if isinstance(who, ast.Name) else ""
            found.setdefault(word, set()).add(method)
    return found


def _inline() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for name, call, method, owner in _calls():
        if _is_re(owner) and method in METHODS and call.args and isinstance(call.args[0], ast.Constant):
            given = next((word.value for word in call.keywords if word.arg == "flags"), None)
            flags = eval(ast.unparse(given), {"re": re}) if given else 0
            yield f"{name}:{call.lineno}", method, re.compile(call.args[0].value, flags)


def _forms() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Those that the reader of a policy is given as texts: `reader.text(node, path, FORM)`."""
    for name, call, method, _ in _calls():
        if method in ("text", "texts") and len(call.args) == 3:
            module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            try:
                form = eval(ast.unparse(call.args[2]), vars(module))
            except NameError:
                continue  # handed on by the reader itself, whose callers are looked at
            if isinstance(form, str):  # else a reader of its own, which is looked at where it is
                yield f"{name}:{call.lineno}", "fullmatch", re.compile(form)


def made_elsewhere() -> list[str]:
    """Calls of `re` inside functions whose pattern is neither a literal nor a name of this package's modules."""
    known = {word for module in modules() for word, value in vars(module).items() if isinstance(value, re.Pattern)}
    found = []
    for name, tree in trees().items():
        top = {id(inner) for node in tree.body if not _is_definition(node) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_re(node.func.value)):
                continue
            if node.func.attr not in {*METHODS, "compile"} or id(node) in top:
                continue
            first = node.args[0]
            if not isinstance(first, ast.Constant) and not (isinstance(first, ast.Name) and first.id in known):
                found.append(f"{name}: {ast.unparse(node)}")
    return found


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


# Construction.


def parsed(pattern: re.Pattern[str]) -> _parser.SubPattern:
    return _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)


def _one(node, flags: int) -> frozenset[str]:
    """Characters that one node takes."""
    state = _parser.State()
    state.flags = flags
    alone = _compiler.compile(_parser.SubPattern(state, [node]), flags)
    return frozenset(char for char in ALPHABET if alone.fullmatch(char))


def _parts(node) -> list[list]:
    """The sequences inside one node."""
    kind, value = node
    if kind in REPEATS:
        return [list(value[2])]
    if kind is _parser.SUBPATTERN:
        return [list(value[3])]
    if kind is _parser.ATOMIC_GROUP:
        return [list(value)]
    if kind is _parser.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind is _parser.GROUPREF_EXISTS:
        return [list(branch) for branch in value[1:] if branch]
    if kind in (_parser.ASSERT, _parser.ASSERT_NOT):
        return [list(value[1])]
    return []


def _takes(nodes, flags: int) -> frozenset[str]:
    """Every character that a sequence may take anywhere."""
    found: frozenset[str] = frozenset()
    for node in nodes:
        kind = node[0]
        if kind in (_parser.LITERAL, _parser.NOT_LITERAL, _parser.ANY, _parser.IN):
            found |= _one(node, flags)
        elif kind not in (_parser.ASSERT, _parser.ASSERT_NOT, _parser.AT):
            for inner in _parts(node):
                found |= _takes(inner, flags)
    return found


def _begins(nodes: list, flags: int) -> frozenset[str]:
    """Every character with which a sequence may begin."""
    found: frozenset[str] = frozenset()
    for node in nodes:
        inner = _parts(node)
        if node[0] not in (_parser.ASSERT, _parser.ASSERT_NOT, _parser.AT):
            found |= frozenset().union(*(_begins(one, flags) for one in inner)) if inner else _takes([node], flags)
        if not _may_be_empty(node):
            break
    return found


def _is_unbounded(node) -> bool:
    return node[0] in REPEATS and (node[1][1] is _parser.MAXREPEAT or node[1][1] > BOUNDED)


def _may_be_empty(node) -> bool:
    kind, value = node
    if kind in REPEATS:
        return value[0] == 0 or all(map(_may_be_empty, value[2]))
    if kind in (_parser.AT, _parser.ASSERT, _parser.ASSERT_NOT):
        return True
    inner = _parts(node)
    return bool(inner) and any(all(map(_may_be_empty, one)) for one in inner)


def _repeated(nodes) -> Iterator:
    """Unbounded repetitions at any depth."""
    for node in nodes:
        if _is_unbounded(node):
            yield node
        for inner in _parts(node):
            yield from _repeated(inner)


def flaws(pattern: re.Pattern[str]) -> list[str]:
    """Repetitions that can share one text in many ways: inside one another, or next to one another."""
    return list(dict.fromkeys(_flaws(list(parsed(pattern)), pattern.flags)))


def _flaws(nodes: list, flags: int) -> Iterator[str]:
    near: list[frozenset[str]] = []
    for node in nodes:
        if _is_unbounded(node):
            yield from _nested(node, flags)
        edge = [_begins(list(one[1][2]), flags) for one in _first(node)]
        if any(left & right for left in near for right in edge):
            yield "adjacent repetitions that take the same characters"
        ends = [_takes(one[1][2], flags) for one in _last(node)]
        near = [*(near if _may_be_empty(node) else []), *ends]
        for inner in _parts(node):
            yield from _flaws(inner, flags)


def _first(node) -> list:
    """Repetitions with which a node may begin."""
    if _is_unbounded(node):
        return [node]
    return [found for inner in _parts(node) for found in _edges(inner, _first)]


def _last(node) -> list:
    """Repetitions, of those that give back what they took, with which a node may end."""
    if node[0] in (_parser.POSSESSIVE_REPEAT, _parser.ATOMIC_GROUP, _parser.ASSERT, _parser.ASSERT_NOT):
        return []
    if _is_unbounded(node):
        return [node]
    return [found for inner in _parts(node) for found in _edges(inner[::-1], _last)]


def _edges(nodes: list, look: Callable) -> Iterator:
    for node in nodes:
        yield from look(node)
        if not _may_be_empty(node):
            return


def _nested(node, flags: int) -> Iterator[str]:
    """A repetition inside another is harmless when what separates its turns is none of what it takes."""
    body = list(node[1][2])
    while len(body) == 1 and body[0][0] is _parser.SUBPATTERN:
        body = list(body[0][1][3])
    inner = [_takes(one[1][2], flags) for one in _repeated(body) if one[0] is not _parser.POSSESSIVE_REPEAT]
    if not inner or node[0] is _parser.POSSESSIVE_REPEAT:
        return
    borders = [
        _takes([edge], flags) for edge in (body[0], body[-1]) if not _may_be_empty(edge) and not _is_unbounded(edge)
    ]
    if not any(all(not border & taken for taken in inner) for border in borders):
        yield "a repetition inside a repetition"


# Texts that slow a pattern down.


def hostile(pattern: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """What to write before, again and again, and after."""
    tree = list(parsed(pattern))
    befores = list(dict.fromkeys(_prefixes(tree, "", pattern.flags)))
    chars = [char for one in _sets(tree, pattern.flags) for char in _some(one)]
    runs = list(dict.fromkeys([*chars, "a", " ", "\n", "é"]))
    again = [(mixed, run) for run in filter(None, befores) for mixed in ("", run) for run in (run, f"{run} ")]
    pairs = [*again, *((before, run) for before in ("", *befores) for run in runs)]
    return [(*pair, after) for pair in dict.fromkeys(pairs) for after in ("", "\x00", "\nb")]


def _some(chars: frozenset[str]) -> list[str]:
    """A few of a class: the usual ones it takes, and one of those it alone names."""
    usual = [char for char in " \t\na1A-_.*#`<[(@/&é\xa0" if char in chars]
    return usual[:6] + sorted(chars - set(usual))[:1]


def _sets(nodes: list, flags: int) -> Iterator[frozenset[str]]:
    for node in nodes:
        if node[0] in (_parser.LITERAL, _parser.NOT_LITERAL, _parser.ANY, _parser.IN):
            yield _one(node, flags)
        for inner in _parts(node):
            yield from _sets(inner, flags)


def sample(nodes: list, flags: int) -> str:
    """A short text that a sequence takes, as a rule."""
    text = ""
    for node in nodes:
        kind, value = node
        if kind in (_parser.LITERAL, _parser.NOT_LITERAL, _parser.ANY, _parser.IN):
            text += (_some(_one(node, flags)) or [""])[-1]
        elif kind in REPEATS:
            text += sample(list(value[2]), flags) * max(1, value[0])
        elif kind not in (_parser.AT, _parser.ASSERT_NOT) and (inner := _parts(node)):
            text += sample(inner[0], flags)
    return text


def _prefixes(nodes: list, before: str, flags: int) -> Iterator[str]:
    """What stands before each repetition, at any depth, and the whole."""
    for rank, node in enumerate(nodes):
        here = before + sample(nodes[:rank], flags)
        if node[0] in REPEATS:
            yield here
        for inner in _parts(node):
            yield from _prefixes(inner, here, flags)
    yield before + sample(nodes, flags)


# Measures.

LONGEST, CEILING_S, FLOOR_S, GROWTH = 65_536, 0.1, 0.01, 3.0
"""GitHub's longest text; what it may take; what is too short to compare; how much more twice the text may take."""


def stretched(parts: tuple[str, str, str], length: int) -> str:
    before, pump, after = parts
    return before + pump * max(1, (length - len(before) - len(after)) // len(pump)) + after


def spent(call: Callable[[str], object], text: str, times: int = 1) -> float:
    """Seconds of this thread alone, best of several: neighbours on the machine do not count."""
    best = float("inf")
    gc.disable()  # what a collection costs depends on the tests before this one
    try:
        for _ in range(times):
            start = time.thread_time()
            call(text)
            best = min(best, time.thread_time() - start)
    finally:
        gc.enable()
    return best


def slow(call: Callable[[str], object], texts: list[tuple[str, str, str]], ceiling: float = CEILING_S) -> str:
    """What fails, told; texts that get slow while they are short are never made long."""
    suspects = texts
    for length, kept in ((64, None), (512, 60), (2048, 4)):
        allowed = max(10 * FLOOR_S, ceiling * length / 2048)
        lasted = []
        for parts in suspects:
            lasted.append((spent(call, stretched(parts, length)), parts))
            if lasted[-1][0] > allowed and (least := spent(call, stretched(parts, length), 3)) > allowed:
                return f"{_told(parts)}: {least:.2f} s for {length} characters"
        suspects = [parts for _, parts in sorted(lasted, reverse=True)[:kept]]
    return next(filter(None, (_judged(call, parts, ceiling) for parts in suspects)), "")


def _judged(call: Callable[[str], object], parts: tuple[str, str, str], ceiling: float) -> str:
    quarter, half, whole = (stretched(parts, LONGEST // part) for part in (4, 2, 1))
    if (first := spent(call, quarter)) > ceiling and (first := spent(call, quarter, 3)) > ceiling:
        return f"{_told(parts)}: {first * 1000:.1f} ms for {LONGEST // 4} characters"
    for times in (1, 3, 7):
        first, second = spent(call, half, times), spent(call, whole, times)
        if second <= ceiling and (second < FLOOR_S or second < GROWTH * first):
            return ""
    return f"{_told(parts)}: {first * 1000:.1f} ms, twice as long {second * 1000:.1f} ms"


def _told(parts: tuple[str, str, str]) -> str:
    return f"{parts[0]!r} + {parts[1]!r} × n + {parts[2]!r}"


# Readers.

TEXTS = ("text", "body", "line", "comment", "words", "title", "markdown", "answer", "value", "sentence", "note")
STRUCTURES = {
    "nothing": "",
    "heading": "### ",
    "box": "- [x] ",
    "box in HTML": "<!-- produit --> - [ ] ",
    "condition": "/go sous réserve\n- ",
    "command": "/demande ",
    "session": "/décision go\nprésents : ",
    "mark": "<!-- jalon:v1 key=",
    "import mark": "<!-- jalon:import v1 key=a record=",
    "log line": "token gh",
    "key": "-----BEGIN ",
    "quote": "> ",
    "fence": "```\n",
    "picture": "![[",
    "table": "|a|b|\n|-|-|\n|",
}
RUNS = (" ", "\t", "\n", "a", "1", "é", "#", "# ", "*", "-", "- ", "- [x] \n", "`", "` ``", "<", "<!--", "[", "![[", "](", "(", "@", "@a ", "/", "/a\n", "/go\n", "&", "&#", "\\", "|", "=", "_", "~", ":", "eyJ", "eyJ.", "token ", "://", "http://", "\xa0", "\u202e", "\u200b", "😀", "> ", "1. ", "a=", "--> ")  # fmt: skip


POLICY = default_policy()
GIVEN = {
    "policy": POLICY,
    "rules": POLICY,
    "questions": POLICY.questions,
    "aspects": {aspect: aspect for aspect in POLICY.aspects},
    "labels": ("produit",),
    "lines": (),
    "fence": None,
    "index": 0,
    "limit": 200,
    "mapping": Mapping("a", "a", "a", {}),
    "today": date(2026, 11, 28),
    "ticked": {1, 2},
    "point": "a",
    "rank": 1,
    "place": Place(),
    "closed_below": False,
}
"""What readers ask beside a text, by its name."""


def readers() -> dict[str, Callable[[str], object]]:
    """Every public function that takes a text called after what it holds, and nothing that we could not give."""
    found = {}
    for module in modules():
        for name, held in vars(module).items():
            value = inspect.unwrap(held) if callable(held) else held  # what remembers its answers is asked anew
            if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_"):
                asked = inspect.signature(value).parameters.values()
                text = next((one for one in asked if one.name in TEXTS and one.annotation in ("str", str)), None)
                needs = [one for one in asked if one.default is one.empty and one is not text]
                if text and all(one.name in GIVEN for one in needs):
                    given = {one.name: GIVEN[one.name] for one in asked if one.name in GIVEN}
                    found[f"{module.__name__}.{name}"] = _reading(value, text.name, given)
    return found


def _reading(reader: Callable, name: str, given: dict[str, object]) -> Callable[[str], object]:
    return lambda text: reader(**{name: text}, **given)


def told(call: Callable[[str], object]) -> Callable[[str], object]:
    """The same, a refusal being an answer; an iterator is read to its end."""

    def read(text: str) -> object:
        try:
            answer = call(text)
            return list(answer) if isinstance(answer, Iterator) else answer
        except Exception as error:  # noqa: BLE001 - which ones are allowed is the matter of the fuzz tests
            return error

    return read


def texts() -> list[tuple[str, str, str]]:
    return [(before, run, after) for before in STRUCTURES.values() for run in RUNS for after in ("\n!b",)]
