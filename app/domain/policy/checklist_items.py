"""The items of a checklist as the policy file writes them, and what they name elsewhere in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.policy.document import DocumentReader, Mark, Node, ProblemKind, Scalar
from app.domain.policy.model import KINDS, Item

IDENTIFIER = r"[a-z0-9]+(-[a-z0-9]+)*"
OPTIONAL = ("until", "kind", "help", "norme", "choices", "form", "private", "expires")
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


@dataclass(frozen=True)
class AskedItem:
    """Where an item is written, and from which phase to which it is asked, both by their ranks once known."""

    node: Node
    path: str
    id: str
    phase: int
    until: str


@dataclass
class GatheredChecklists:
    """What the checklists of all phases name, looked up once the whole file is read."""

    references: list[Reference] = field(default_factory=list)
    asked: list[AskedItem] = field(default_factory=list)


def unique(reader: DocumentReader, seen: Marks, value: str, node: Node, path: str) -> None:
    if value and value in seen:
        reader.note(node.mark, path, ProblemKind.REPEATED_ID, value=value, line=seen[value].place)
    seen.setdefault(value, node.mark)


def read_checklist(
    reader: DocumentReader,
    node: Node | None,
    path: str,
    aspects: Mapping[str, str],
    phase: int,
    found: GatheredChecklists,
) -> Iterator[Item]:
    """The items of the phase of that rank; what they name elsewhere is added to `found`."""
    table = reader.table(node, path, (), tuple(aspects)) if node is not None else {}
    for aspect, items in table.items():
        for where, item in reader.items(items, f"{path}.{aspect}"):
            read = _item(reader, item, where, aspect, found)
            found.asked.append(AskedItem(item, where, read.id, phase, read.until or ""))
            yield read


def _item(reader: DocumentReader, node: Node, path: str, aspect: str, gathered: GatheredChecklists) -> Item:
    entry = reader.table(node, path, ("id", "text", "required"), OPTIONAL)
    item_id = reader.text(entry.get("id"), f"{path}.id", IDENTIFIER)
    kind = _kind(reader, node, entry, path)

    def names(key: str, among: str) -> str:
        found = reader.text(entry.get(key), f"{path}.{key}")
        if found:
            gathered.references.append(Reference(entry[key], f"{path}.{key}", found, among))
        return found

    def asks(question: Node, where: str) -> str:
        found = reader.text(question, where)
        gathered.references.append(Reference(question, where, found, "form"))
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
        read_ids(reader, entry.get("norme"), f"{path}.norme"),
    )


def read_ids(reader: DocumentReader, node: Node | None, path: str) -> tuple[str, ...]:
    """One id, or a list of them."""
    if isinstance(node, Scalar):
        found = reader.text(node, path, IDENTIFIER)
        return (found,) if found else ()
    return reader.texts(node, path, lambda item, where: reader.text(item, where, IDENTIFIER))


def _kind(reader: DocumentReader, node: Node, entry: Mapping[str, Node], path: str) -> str:
    """The kind of an item; keys that it does not take are as unknown as any other."""
    kind = reader.text(entry.get("kind"), f"{path}.kind") or "tick"
    if kind not in KINDS:
        reader.note(entry["kind"].mark, f"{path}.kind", ProblemKind.NOT_ONE_OF, value=kind, allowed=", ".join(KINDS))
        return "tick"
    # What only the seat may read must not be taken from a form that everybody does.
    taken = [key for key in OF_KIND[kind] if key != "form" or "private" not in entry]
    known = ("id", "text", "required", *OPTIONAL[:4], *taken)
    for key in entry:
        if key not in known:
            reader.note(entry[key].mark, path, ProblemKind.UNKNOWN_KEY, key=key, known=", ".join(known))
    if kind == "choice" and "choices" not in entry:
        reader.note(node.mark, path, ProblemKind.MISSING_KEY, key="choices")
    return kind


def look_up(reader: DocumentReader, gathered: GatheredChecklists, known: Mapping[str, Sequence[str]]) -> None:
    """Everything the items name exists, and no phase asks two of them under one id."""
    _asked_once(reader, gathered.asked, known["phases"])
    for one in gathered.references:
        if one.id and one.id not in known[one.among]:
            found = ", ".join(known[one.among])
            reader.note(one.node.mark, one.path, ProblemKind.UNKNOWN_ID, value=one.id, known=found)


def _asked_once(reader: DocumentReader, asked: Sequence[AskedItem], phases: Sequence[str]) -> None:
    """An id comes again in a later phase to ask again for the same answer, once the former item is asked no longer."""
    seen: dict[str, list[AskedItem]] = {}
    for one in (one for one in asked if one.id):
        before = seen.setdefault(one.id, [])
        clash = next((former for former in before if _last(former, phases) >= one.phase), None)
        if clash is None:
            before.append(one)
        else:
            line = clash.node.mark.place
            reader.note(one.node.mark, one.path, ProblemKind.REPEATED_ID, value=one.id, line=line)


def _last(one: AskedItem, phases: Sequence[str]) -> int:
    """The rank of the last phase in which an item is asked."""
    return max(one.phase, phases.index(one.until)) if one.until in phases else one.phase
