"""The rule of a gate, as its file says it: quorum, persons, share of go, seats that a go cannot do without."""

from __future__ import annotations

import re
from fractions import Fraction

from app.domain.policy.document import DocumentReader, Mark, Node, ProblemKind, Scalar, TableNode
from app.domain.policy.model import Committee, Rule, most_people

LONGEST_DEADLINE = 3_660
"""Days: ten years; a longer one is a mistake of the hand."""


def known_ids(reader: DocumentReader, node: Node | None, path: str, known: list[str]) -> tuple[str, ...]:
    """A list of ids that must each be among the known ones."""
    found = []
    for where, item in reader.items(node, path):
        value = reader.text(item, where)
        if value and value not in known:
            reader.note(item.mark, where, ProblemKind.UNKNOWN_ID, value=value, known=", ".join(known))
        elif value in found:
            reader.note(item.mark, where, ProblemKind.REPEATED_VALUE, value=value)
        elif value:
            found.append(value)
    return tuple(found)


def read_rule(reader: DocumentReader, entry: dict[str, Node], path: str, committee: Committee) -> Rule:
    seats = [seat.id for seat in committee.seats]
    quorum = reader.number(entry.get("quorum"), f"{path}.quorum")
    if seats and quorum > len(seats):
        reader.note(
            entry["quorum"].mark, f"{path}.quorum", ProblemKind.IMPOSSIBLE_QUORUM, quorum=quorum, seats=len(seats)
        )
    people = reader.number(entry["people"], f"{path}.people") if "people" in entry else quorum // 2 + 1
    able = most_people([seat.people for seat in committee.seats])
    if seats and quorum <= len(seats) and able < people:
        where = entry.get("people") or entry.get("quorum")
        reader.doubt(where.mark if where else Mark(1, 1), path, "too_few_people", people=people, able=able)
    opinions, consent = _indispensable(reader, entry.get("mandatory"), f"{path}.mandatory", seats)
    veto = known_ids(reader, entry.get("veto"), f"{path}.veto", seats)
    return Rule(
        quorum=quorum,
        people=people,
        threshold=_threshold(reader, entry.get("threshold"), f"{path}.threshold"),
        mandatory=(*opinions, *consent),
        veto=(*veto, *(seat for seat in consent if seat not in veto)),
        deadline_days=reader.number(entry.get("deadline_days"), f"{path}.deadline_days", most=LONGEST_DEADLINE)
        if "deadline_days" in entry
        else 14,
        consent=consent,
    )


def _indispensable(
    reader: DocumentReader, node: Node | None, path: str, seats: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The seats whose opinion a go needs, then those whose consent it needs: a list names the first alone."""
    if not isinstance(node, TableNode):
        return known_ids(reader, node, path, seats), ()
    entry = reader.table(node, path, ("consent",), ("opinion",))
    consent = known_ids(reader, entry.get("consent"), f"{path}.consent", seats)
    opinions = known_ids(reader, entry.get("opinion"), f"{path}.opinion", seats)
    for seat in (one for one in opinions if one in consent):
        reader.note(entry["opinion"].mark, f"{path}.opinion", ProblemKind.REPEATED_VALUE, value=seat)
    return opinions, consent


def _threshold(reader: DocumentReader, node: Node | None, path: str) -> Fraction:
    value = node.value if isinstance(node, Scalar) else None
    match = re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", str(value))
    if value == 1 and value is not True:
        return Fraction(1)
    if match and int(match[2]) and 0 < Fraction(int(match[1]), int(match[2])) <= 1:
        return Fraction(int(match[1]), int(match[2]))
    if node is not None:
        reader.note(node.mark, path, ProblemKind.BAD_THRESHOLD, value=value)
    return Fraction(1)
