"""A parsed document whose values remember their line and column, and a reader that collects all its problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.policy.later_fields import later
from app.domain.reading.text import clipped

MOST_PROBLEMS = 500
"""Nobody mends more at once; a file made on purpose could name millions."""
LONGEST_WORDS, SHOWN = 300, 40
"""Characters of a list of words, and of what was found where a number was expected."""
FORMER_MOST = 10_000
"""The greatest number kept of a file that a former version took: no calendar comes to its end by it."""


@dataclass(frozen=True)
class Mark:
    """A place in a file; lines and columns start at 1, as editors show them."""

    line: int
    column: int
    file: str = ""
    """« owner/repository/path » of a file that the one read extends; empty for that one itself."""

    @property
    def place(self) -> str:
        """« 12 », with its file when that is another."""
        return f"{self.line} ({self.file})" if self.file else str(self.line)


@dataclass(frozen=True)
class Scalar:
    value: str | int | bool | None
    mark: Mark


@dataclass(frozen=True)
class Sequence:
    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True)
class TableNode:
    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Sequence | TableNode
TYPE_NAMES = {Scalar: "scalar", Sequence: "list", TableNode: "table"}


class ProblemKind(StrEnum):
    """What may be wrong with the rules; each has its sentence in `problem.txt.j2`."""

    ALIKE = "alike"
    BAD_DATE = "bad_date"
    BAD_FORM = "bad_form"
    BAD_KEY = "bad_key"
    BAD_THRESHOLD = "bad_threshold"
    EMPTY = "empty"
    EXPECTED = "expected"
    EXPECTED_NUMBER = "expected_number"
    GATE_TO_ITSELF = "gate_to_itself"
    IMPOSSIBLE_QUORUM = "impossible_quorum"
    LABEL_OF_EMOJI = "label_of_emoji"
    LABEL_TOO_LONG = "label_too_long"
    LABEL_WITH_COMMA = "label_with_comma"
    LABEL_WITH_CONTROL = "label_with_control"
    LIST_TOO_LONG = "list_too_long"
    MISSING_KEY = "missing_key"
    NO_SUCH_WEEK = "no_such_week"
    NOT_A_TEAM = "not_a_team"
    NOT_AN_ACCOUNT = "not_an_account"
    NOT_ONE_OF = "not_one_of"
    NUMBER_TOO_GREAT = "number_too_great"
    OWN_COMMAND = "own_command"
    REPEATED_ID = "repeated_id"
    REPEATED_KEY = "repeated_key"
    REPEATED_VALUE = "repeated_value"
    RESERVED_LABEL = "reserved_label"
    SEAT_WITHOUT_HOLDER = "seat_without_holder"
    UNKNOWN_ID = "unknown_id"
    UNKNOWN_KEY = "unknown_key"
    UNREACHABLE_PHASE = "unreachable_phase"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a document: where, what kind, and the words that make the sentence precise."""

    line: int
    column: int
    path: str
    kind: str
    detail: tuple[tuple[str, str], ...] = ()
    file: str = later("")
    """The file it stands in, when the document extends it; empty for the document's own."""


@dataclass
class DocumentReader:
    """Reads expected shapes out of a node, noting every surprise instead of stopping at the first."""

    language: str = "fr"
    former: bool = False
    """Whether a former version took the file: the limits that came since do not undo it."""
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    """What is right, and weaker than it could be."""

    def note(self, mark: Mark, path: str, kind: str, **detail: object) -> None:
        """Record one problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(mark.line, mark.column, path, kind, _words(detail), mark.file))

    def limit(self, mark: Mark, path: str, kind: str, **detail: object) -> None:
        """Record what former versions let pass: no problem of a file that they took."""
        if not self.former:
            self.note(mark, path, kind, **detail)

    def doubt(self, mark: Mark, path: str, kind: str, **detail: object) -> None:
        if len(self.doubts) < MOST_PROBLEMS:
            self.doubts.append(Problem(mark.line, mark.column, path, kind, _words(detail), mark.file))

    def table(self, node: Node, path: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a table whose keys are all known; missing, repeated and unknown keys are problems."""
        if not isinstance(node, TableNode):
            self.note(node.mark, path, ProblemKind.EXPECTED, wanted="table", found=TYPE_NAMES[type(node)])
            return {}
        required, known = list(required), [*required, *optional]
        found: dict[str, Node] = {}
        for key, value in node.entries:
            name = str(key.value)
            if name in found:
                self.note(key.mark, path, ProblemKind.REPEATED_KEY, key=name)
            elif name not in known:
                self.note(key.mark, path, ProblemKind.UNKNOWN_KEY, key=name, known=", ".join(known))
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.note(node.mark, path, ProblemKind.MISSING_KEY, key=name)
        return found

    def items(self, node: Node | None, path: str, most: int = 0) -> Iterator[tuple[str, Node]]:
        """Each item of a list with its path; an absent list is empty, and one of more than `most` is too long."""
        if node is None:
            return
        if not isinstance(node, Sequence):
            self.note(node.mark, path, ProblemKind.EXPECTED, wanted="list", found=TYPE_NAMES[type(node)])
            return
        if 0 < most < len(node.items):
            self.limit(
                node.items[most].mark,
                f"{path}[{most + 1}]",
                ProblemKind.LIST_TOO_LONG,
                most=most,
                found=len(node.items),
            )
        for index, item in enumerate(node.items, start=1):
            yield f"{path}[{index}]", item

    def text(self, node: Node | None, path: str, pattern: str | None = None) -> str:
        """A non-empty string, written as such or as {fr:, en:}; an absent one is empty."""
        if node is None:
            return ""
        if isinstance(node, TableNode):
            return self._translated(node, path, None if self.former else pattern)
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
            found = TYPE_NAMES[type(node)] if not isinstance(node, Scalar) else repr(node.value)
            self.note(node.mark, path, ProblemKind.EXPECTED, wanted="text", found=found)
            return ""
        if pattern and not re.fullmatch(pattern, node.value):
            self.note(node.mark, path, ProblemKind.BAD_FORM, value=node.value, pattern=pattern)
            return ""
        return node.value.strip()

    def _translated(self, node: TableNode, path: str, pattern: str | None) -> str:
        entries = self.table(node, path, ("fr", "en"))
        texts = {name: self.text(value, f"{path}.{name}", pattern) for name, value in entries.items()}
        return texts.get(self.language, "")

    def texts(self, node: Node | None, path: str, read: Callable[[Node, str], str] | None = None) -> tuple[str, ...]:
        """A list of strings without repetition, each read as `read` does."""
        found: dict[str, None] = {}
        for where, item in self.items(node, path):
            text = (read or self.text)(item, where)
            if text in found:
                self.note(item.mark, where, ProblemKind.REPEATED_VALUE, value=text)
            elif text:
                found[text] = None
        return tuple(found)

    def number(self, node: Node | None, path: str, least: int = 1, most: int = 1_000) -> int:
        """A whole number from `least` to `most`; one of a file that a former version took is kept within reason."""
        if node is None:
            return least
        if not isinstance(node, Scalar) or type(node.value) is not int or node.value < least:
            found = repr(node.value) if isinstance(node, Scalar) else TYPE_NAMES[type(node)]
            self.note(node.mark, path, ProblemKind.EXPECTED_NUMBER, least=least, found=found[:SHOWN])
            return least
        if node.value > most:
            self.limit(node.mark, path, ProblemKind.NUMBER_TOO_GREAT, most=most, found=str(node.value)[:SHOWN])
        return min(node.value, FORMER_MOST)

    def flag(self, node: Node | None, path: str, default: bool) -> bool:
        """True or false."""
        if node is None:
            return default
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            self.note(node.mark, path, ProblemKind.EXPECTED, wanted="flag", found=TYPE_NAMES[type(node)])
            return default
        return node.value


def _words(detail: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, clipped(str(value), LONGEST_WORDS)) for name, value in detail.items())
