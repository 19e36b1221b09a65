"""The items of a checklist as the policy file writes them, and what they name elsewhere in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.policy.document import DocumentReader, Mark, Node, ProblemKind
from app.domain.policy.model import KINDS, Item

IDENTIFIER = r"[a-z0-9]+(-[a-z0-9]+)*"
OPTIONAL = ("until", "kind", "help", "choices", "form", "private", "expires")
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "tick": (),
    "answer": ("form",),
    "choice": ("choices", "form"),
    "link": ("form", "private"),
    "date": ("form", "expires"),
}
"""What each kind takes beside what every item does."""

Marks = dict[str, Mark]


@dataclass(frozen=True)
class Reference:
    """An id that an item gives, to be found among the phases, the seats or the questions of the form."""

    node: Node
    path: str
    id: str
    among: str


def unique(reader: DocumentReader, seen: Marks, value: str, node: Node, path: str) -> None:
    if value and value in seen:
        reader.note(node.mark, path, ProblemKind.REPEATED_ID, value=value, line=seen[value].line)
    seen.setdefault(value, node.mark)


def read_checklist(
    reader: DocumentReader,
    node: Node | None,
    path: str,
    aspects: Mapping[str, str],
    seen: Marks,
    named: list[Reference],
) -> Iterator[Item]:
    """The items of a phase; what they name elsewhere is added to `named`."""
    table = reader.table(node, path, (), tuple(aspects)) if node is not None else {}
    for aspect, items in table.items():
        for where, item in reader.items(items, f"{path}.{aspect}"):
            yield _item(reader, item, where, aspect, seen, named)


def _item(reader: DocumentReader, node: Node, path: str, aspect: str, seen: Marks, named: list[Reference]) -> Item:
    entry = reader.table(node, path, ("id", "text", "required"), OPTIONAL)
    item_id = reader.text(entry.get("id"), f"{path}.id", IDENTIFIER)
    unique(reader, seen, item_id, node, path)
    kind = _kind(reader, node, entry, path)

    def names(key: str, among: str) -> str:
        found = reader.text(entry.get(key), f"{path}.{key}")
        if found:
            named.append(Reference(entry[key], f"{path}.{key}", found, among))
        return found

    def asks(question: Node, where: str) -> str:
        found = reader.text(question, where)
        named.append(Reference(question, where, found, "form"))
        return found

    return Item(
        item_id,
        aspect,
        reader.text(entry.get("text"), f"{path}.text"),
        reader.flag(entry.get("required"), f"{path}.required", default=False),
        names("until", "phases") or None,
        kind,
        reader.text(entry.get("help"), f"{path}.help"),
        reader.texts(entry.get("choices"), f"{path}.choices"),
        reader.texts(entry.get("form"), f"{path}.form", asks),
        names("private", "seats"),
        reader.flag(entry.get("expires"), f"{path}.expires", default=False),
    )


def _kind(reader: DocumentReader, node: Node, entry: Mapping[str, Node], path: str) -> str:
    """The kind of an item; keys that it does not take are as unknown as any other."""
    kind = reader.text(entry.get("kind"), f"{path}.kind") or "tick"
    if kind not in KINDS:
        reader.note(entry["kind"].mark, f"{path}.kind", ProblemKind.NOT_ONE_OF, value=kind, allowed=", ".join(KINDS))
        return "tick"
    # What only the seat may read must not be taken from a form that everybody does.
    taken = [key for key in OF_KIND[kind] if key != "form" or "private" not in entry]
    known = ("id", "text", "required", *OPTIONAL[:3], *taken)
    for key in entry:
        if key not in known:
            reader.note(entry[key].mark, path, ProblemKind.UNKNOWN_KEY, key=key, known=", ".join(known))
    if kind == "choice" and "choices" not in entry:
        reader.note(node.mark, path, ProblemKind.MISSING_KEY, key="choices")
    return kind


def look_up(reader: DocumentReader, named: Sequence[Reference], known: Mapping[str, Sequence[str]]) -> None:
    """Everything the items name exists."""
    for one in named:
        if one.id and one.id not in known[one.among]:
            found = ", ".join(known[one.among])
            reader.note(one.node.mark, one.path, ProblemKind.UNKNOWN_ID, value=one.id, known=found)
