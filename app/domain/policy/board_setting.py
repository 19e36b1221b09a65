"""The board that the rules of a committee name, by its number in the organisation."""

from __future__ import annotations

from app.domain.policy.document import TYPE_NAMES, DocumentReader, Node, ProblemKind, Scalar

MOST_BOARDS = 2**31 - 1
"""GitHub numbers boards in thirty-two bits."""


def read_board_number(reader: DocumentReader, node: Node | None) -> int:
    """Its number, 0 when none is named. Former versions read nothing of what was written there."""
    if isinstance(node, Scalar) and type(node.value) is int and 0 < node.value <= MOST_BOARDS:
        return node.value
    if node is not None:
        found = str(getattr(node, "value", TYPE_NAMES[type(node)]))
        reader.limit(node.mark, "board", ProblemKind.EXPECTED_NUMBER, least=1, found=found)
    return 0
