"""Rules that begin with those of another file: which file is named, and how the two become one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.policy.document import Node, Problem, Scalar, Sequence, TableNode

KEY, GATES = "extends", "gates"
DEEPEST = 3
"""Files one behind the other: a ministry's, a direction's, and one more."""
NAME_PART = re.compile(r"[A-Za-z0-9._-]{1,100}")
PREFIX, SUFFIXES = "jalon", (".yml", ".yaml")
"""A common part names itself: nobody has Jalon quote a file that was not written to be read by committees."""


class CommonProblem(StrEnum):
    """Why a common part cannot be had; each has its sentence in `problem.txt.j2`."""

    ABSENT = "common_absent"
    CIRCLE = "common_circle"
    ELSEWHERE = "common_elsewhere"
    NAME = "common_name"
    TOO_DEEP = "common_too_deep"
    UNREADABLE = "common_unreadable"


@dataclass(frozen=True)
class CommonFile:
    """A file of a repository; GitHub ignores case in the names of repositories."""

    repository: str
    path: str

    def __str__(self) -> str:
        return f"{self.repository}/{self.path}"

    @property
    def owner(self) -> str:
        return self.repository.partition("/")[0].casefold()

    @property
    def key(self) -> tuple[str, str]:
        return self.repository.casefold(), self.path


Given = Node | tuple[Problem, ...] | CommonProblem
"""What a common file holds, what is wrong in it, or why it is not there."""
Give = Callable[[CommonFile], Given]


def common_of(text: str, repository: str) -> CommonFile | None:
    """« owner/repository/path », or a path alone in the repository itself; None for words that name no common part."""
    parts = text.split("/")
    if not all(NAME_PART.fullmatch(part) and part not in {".", ".."} for part in parts):
        return None
    if not (parts[-1].startswith(PREFIX) and parts[-1].endswith(SUFFIXES)):
        return None
    if len(parts) == 1 or parts[0].startswith("."):
        return CommonFile(repository, text)
    return CommonFile("/".join(parts[:2]), "/".join(parts[2:])) if len(parts) > 2 else None


def extended_file(document: Node) -> Node | None:
    """What the document names as the file it extends; None when it extends nothing."""
    entries = document.entries if isinstance(document, TableNode) else ()
    return next((value for key, value in entries if key.value == KEY), None)


def resolved_document(document: Node, here: CommonFile, give: Give, above: tuple[CommonFile, ...] = ()) -> Given:
    """The document merged with all it extends, `here` being its own file; or what prevents it.

    `above` are the files that led here.
    """
    asked = extended_file(document)
    if asked is None or not isinstance(document, TableNode):
        return document
    chain = (*above, here)
    file = common_of(str(asked.value), here.repository) if isinstance(asked, Scalar) else None
    if why := _refused(file, chain):
        return (_problem(asked, why, file),)
    common = give(file) if file else ()
    if isinstance(common, CommonProblem):
        return (_problem(asked, common, file),)
    if isinstance(common, tuple) or file is None:
        return common
    whole = resolved_document(common, file, give, chain)
    return merged_documents(whole, _without(document)) if isinstance(whole, Node) else whole


def _refused(file: CommonFile | None, chain: tuple[CommonFile, ...]) -> CommonProblem | None:
    if file is None:
        return CommonProblem.NAME
    if file.owner != chain[0].owner:
        return CommonProblem.ELSEWHERE
    if file.key in {one.key for one in chain}:
        return CommonProblem.CIRCLE
    return CommonProblem.TOO_DEEP if len(chain) > DEEPEST else None


def _problem(asked: Node, kind: CommonProblem, file: CommonFile | None) -> Problem:
    value = str(file) if file else str(getattr(asked, "value", ""))[:100]
    detail = (("most", str(DEEPEST)), ("value", value))
    return Problem(asked.mark.line, asked.mark.column, KEY, kind, detail, asked.mark.file)


def _without(document: TableNode) -> TableNode:
    """The document without the line that names what it extends; written twice, the second stays, and is a problem."""
    rank = next(rank for rank, (key, _) in enumerate(document.entries) if key.value == KEY)
    return TableNode((*document.entries[:rank], *document.entries[rank + 1 :]), document.mark)


def merged_documents(common: Node, own: Node, path: str = "") -> Node:
    """Keys and things that have an `id` are merged one by one; anything else of one's own stands for the common one."""
    if isinstance(common, TableNode) and isinstance(own, TableNode):
        return _tables(common, own, path)
    if isinstance(common, Sequence) and isinstance(own, Sequence):
        if path == GATES and all(map(_is_gate, (*common.items, *own.items))):
            return Sequence(tuple(_gates(common, own)), own.mark)
        if own.items and all(_id(item) for item in (*common.items, *own.items)):
            return Sequence(tuple(_things(common, own, path)), own.mark)
    return own


def _tables(common: TableNode, own: TableNode, path: str) -> TableNode:
    """A key written twice stays so: it is a problem, told where it stands."""
    mine: dict[object, tuple[Scalar, Node]] = {}
    twice = [(key, value) for key, value in own.entries if mine.setdefault(key.value, (key, value))[1] is not value]
    entries: list[tuple[Scalar, Node]] = []
    for key, value in common.entries:
        if key.value in mine:
            named, held = mine.pop(key.value)
            entries.append((named, merged_documents(value, held, f"{path}.{key.value}".lstrip("."))))
        else:
            entries.append((key, value))
    return TableNode((*entries, *mine.values(), *twice), own.mark)


def _things(common: Sequence, own: Sequence, path: str) -> Iterator[Node]:
    """Those of the common part in its order, each as one's own file has it; new ones after the one they follow there,
    at the end when they follow none.
    """
    known = {_id(item) for item in common.items}
    mine: dict[str, Node] = {}
    after: dict[str, list[Node]] = {}
    last = ""
    for item in own.items:
        name = _id(item)
        if name in known and name not in mine:
            mine[name], last = item, name
        else:
            after.setdefault(last, []).append(item)
    for item in common.items:
        name = _id(item)
        yield merged_documents(item, mine.pop(name), path) if name in mine else item
        yield from after.pop(name, ())
    yield from after.pop("", ())


def _id(item: Node) -> str:
    entries = item.entries if isinstance(item, TableNode) else ()
    return next((str(value.value) for key, value in entries if key.value == "id" and isinstance(value, Scalar)), "")


def _part(item: Node, name: str) -> Node | None:
    entries = item.entries if isinstance(item, TableNode) else ()
    return next((value for key, value in entries if key.value == name), None)


def _is_gate(item: Node) -> bool:
    origins = _part(item, "from")
    return (
        isinstance(_part(item, "to"), Scalar)
        and isinstance(origins, Sequence)
        and all(isinstance(origin, Scalar) for origin in origins.items)
    )


def _moves(item: Node) -> tuple[tuple[str, str], ...]:
    """Each move that a gate allows: from one phase, to its own."""
    to, origins = _part(item, "to"), _part(item, "from")
    items = origins.items if isinstance(origins, Sequence) else ()
    return tuple((str(getattr(one, "value", "")), str(getattr(to, "value", ""))) for one in items)


def _gates(common: Sequence, own: Sequence) -> Iterator[Node]:
    """A gate of one's own takes its moves from the common one, with what it does not tell itself when all of them come
    from one; it stands where the first of them stood, since the first gate of a phase is its next step.
    """
    of_move = {move: rank for rank, gate in enumerate(common.items) for move in _moves(gate)}
    taken: set[tuple[str, str]] = set()
    before: dict[int, list[Node]] = {}
    for gate in own.items:
        moves = _moves(gate)
        ranks = sorted({of_move[move] for move in moves if move in of_move})
        is_whole = len(ranks) == 1 and all(move in of_move for move in moves)
        told = merged_documents(common.items[ranks[0]], gate, f"{GATES}[]") if is_whole else gate
        before.setdefault(ranks[0] if ranks else len(common.items), []).append(told)
        taken.update(moves)
    for rank, gate in enumerate(common.items):
        yield from before.pop(rank, ())
        yield from _what_is_left(gate, taken)
    yield from before.pop(len(common.items), ())


def _what_is_left(gate: Node, taken: set[tuple[str, str]]) -> Iterator[Node]:
    """A common gate without the moves that gates of one's own have taken; nothing when none is left."""
    moves = _moves(gate)
    if taken.isdisjoint(moves):
        yield gate
    elif isinstance(gate, TableNode) and not taken.issuperset(moves):
        entries = ((key, _fewer(value, gate, taken) if key.value == "from" else value) for key, value in gate.entries)
        yield TableNode(tuple(entries), gate.mark)


def _fewer(origins: Node, gate: Node, taken: set[tuple[str, str]]) -> Node:
    items = origins.items if isinstance(origins, Sequence) else ()
    kept = (item for item, move in zip(items, _moves(gate), strict=True) if move not in taken)
    return Sequence(tuple(kept), origins.mark)
