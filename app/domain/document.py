"""A parsed document whose values remember their line and column, and a reader that collects all its problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mark:
    """A place in a file; lines and columns start at 1, as editors show them."""

    line: int
    column: int


@dataclass(frozen=True)
class Scalar:
    value: str | int | bool | None
    mark: Mark


@dataclass(frozen=True)
class Sequence:
    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True)
class Table:
    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Sequence | Table
TYPE_NAMES = {Scalar: "scalar", Sequence: "list", Table: "table"}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a document: where, what kind, and the words that make the sentence precise."""

    line: int
    column: int
    path: str
    kind: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass
class Reader:
    """Reads expected shapes out of a node, noting every surprise instead of stopping at the first."""

    language: str = "fr"
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    """What is right, and weaker than it could be."""

    def note(self, mark: Mark, path: str, kind: str, **detail: object) -> None:
        """Record one problem."""
        words = tuple((name, str(value)) for name, value in detail.items())
        self.problems.append(Problem(mark.line, mark.column, path, kind, words))

    def doubt(self, mark: Mark, path: str, kind: str, **detail: object) -> None:
        words = tuple((name, str(value)) for name, value in detail.items())
        self.doubts.append(Problem(mark.line, mark.column, path, kind, words))

    def table(self, node: Node, path: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a table whose keys are all known; missing, repeated and unknown keys are problems."""
        if not isinstance(node, Table):
            self.note(node.mark, path, "expected", wanted="table", found=TYPE_NAMES[type(node)])
            return {}
        required, known = list(required), [*required, *optional]
        found: dict[str, Node] = {}
        for key, value in node.entries:
            name = str(key.value)
            if name in found:
                self.note(key.mark, path, "repeated_key", key=name)
            elif name not in known:
                self.note(key.mark, path, "unknown_key", key=name, known=", ".join(known))
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.note(node.mark, path, "missing_key", key=name)
        return found

    def items(self, node: Node | None, path: str) -> Iterator[tuple[str, Node]]:
        """Each item of a list with its path; an absent list is empty."""
        if node is None:
            return
        if not isinstance(node, Sequence):
            self.note(node.mark, path, "expected", wanted="list", found=TYPE_NAMES[type(node)])
            return
        for index, item in enumerate(node.items, start=1):
            yield f"{path}[{index}]", item

    def text(self, node: Node | None, path: str, pattern: str | None = None) -> str:
        """A non-empty string, written as such or as {fr:, en:}; an absent one is empty."""
        if node is None:
            return ""
        if isinstance(node, Table):
            return self._translated(node, path)
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
            found = TYPE_NAMES[type(node)] if not isinstance(node, Scalar) else repr(node.value)
            self.note(node.mark, path, "expected", wanted="text", found=found)
            return ""
        if pattern and not re.fullmatch(pattern, node.value):
            self.note(node.mark, path, "bad_form", value=node.value, pattern=pattern)
            return ""
        return node.value.strip()

    def _translated(self, node: Table, path: str) -> str:
        entries = self.table(node, path, ("fr", "en"))
        texts = {name: self.text(value, f"{path}.{name}") for name, value in entries.items()}
        return texts.get(self.language, "")

    def texts(self, node: Node | None, path: str, pattern: str | None = None) -> tuple[str, ...]:
        """A list of strings without repetition."""
        found: list[str] = []
        for where, item in self.items(node, path):
            text = self.text(item, where, pattern)
            if text in found:
                self.note(item.mark, where, "repeated_value", value=text)
            elif text:
                found.append(text)
        return tuple(found)

    def number(self, node: Node | None, path: str, least: int = 1, most: int = 1_000) -> int:
        """A whole number from `least` to `most`."""
        if node is None:
            return least
        if not isinstance(node, Scalar) or type(node.value) is not int or node.value < least:
            found = repr(node.value) if isinstance(node, Scalar) else TYPE_NAMES[type(node)]
            self.note(node.mark, path, "expected_number", least=least, found=found)
            return least
        if node.value > most:
            self.note(node.mark, path, "number_too_great", most=most, found=str(node.value)[:40])
            return most
        return node.value

    def flag(self, node: Node | None, path: str, default: bool) -> bool:
        """True or false."""
        if node is None:
            return default
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            self.note(node.mark, path, "expected", wanted="flag", found=TYPE_NAMES[type(node)])
            return default
        return node.value
