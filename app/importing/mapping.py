"""Which column of a spreadsheet holds what, and which phase of ours each of its phases means; a small YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.policy.document import DocumentReader, Node, Problem, TableNode
from app.domain.policy.model import Policy
from app.importing.layout import alike, same
from app.yaml_documents import read_document

DEFAULT = Path(__file__).parent / "beta-gouv.yml"


@dataclass(frozen=True)
class Mapping:
    """`meaning` gives our phase for each of theirs; `between` and `parts` are empty when a cell holds a phase alone."""

    key: str
    title: str
    phases: str
    meaning: dict[str, str]
    source: str = ""
    between: str = ""
    parts: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file must have."""
        named = (self.key, self.title, self.phases, *self.answers.values(), *self.shown.values())
        return tuple(dict.fromkeys(named))

    def phase_named(self, name: str) -> str | None:
        """The file's phase as the mapping spells it, however its letters are encoded."""
        alike_first = (*(known for known in self.meaning if alike(known) == alike(name)), *self.meaning)
        return next((known for known in alike_first if same(known) == same(name)), None)


def read_mapping(text: str, policy: Policy) -> Mapping | tuple[Problem, ...]:
    """The mapping in a text, or every problem in it with its line and column."""
    document = read_document(text)
    if isinstance(document, Problem):
        return (document,)
    reader = DocumentReader()
    top = reader.table(document, "", ("key", "title", "phases"), ("source", "answers", "shown"))
    phases = (
        reader.table(top["phases"], "phases", ("column", "meaning"), ("between", "parts")) if "phases" in top else {}
    )
    questions = [question.id for question in policy.questions]
    mapping = Mapping(
        key=alike(reader.text(top.get("key"), "key")),
        title=alike(reader.text(top.get("title"), "title")),
        phases=alike(reader.text(phases.get("column"), "phases.column")),
        meaning=dict(_pairs(reader, phases.get("meaning"), "phases.meaning", [phase.id for phase in policy.phases])),
        source=reader.text(top.get("source"), "source"),
        between=reader.text(phases.get("between"), "phases.between"),
        parts=reader.text(phases.get("parts"), "phases.parts"),
        answers=_columns(_pairs(reader, top.get("answers"), "answers", keys=questions)),
        shown=_columns(_pairs(reader, top.get("shown"), "shown")),
    )
    return tuple(sorted(set(reader.problems))) or mapping


def _columns(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    return {name: alike(column) for name, column in pairs}


def _pairs(
    reader: DocumentReader, node: Node | None, path: str, values: list[str] | None = None, keys: list[str] | None = None
) -> Iterator[tuple[str, str]]:
    """The entries of a table; `keys` are the allowed ones, None for any; `values` likewise."""
    if node is not None and not isinstance(node, TableNode):
        reader.table(node, path, ())
    for key, value in node.entries if isinstance(node, TableNode) else ():
        name, text = str(key.value), reader.text(value, f"{path}.{key.value}")
        if keys is not None and name not in keys:
            reader.note(key.mark, path, "unknown_id", value=name, known=", ".join(keys))
        if text and values is not None and text not in values:
            reader.note(value.mark, path, "unknown_id", value=text, known=", ".join(values))
        yield name, text
