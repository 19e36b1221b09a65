"""What may keep a gate from opening, as the register and the sentences name it."""

from __future__ import annotations

from enum import StrEnum


class BlockerKind(StrEnum):
    """What may keep a gate from opening; each has its sentence."""

    CONDITION = "condition"
    ELECTORATE_UNKNOWN = "electorate_unknown"
    ITEM = "item"
    MANDATORY_RECUSED = "mandatory_recused"
    MANDATORY_VACANT = "mandatory_vacant"
    PEOPLE_IMPOSSIBLE = "people_impossible"
    POINT = "point"
    POINT_UNKNOWN = "point_unknown"
    POLICY_FLAWED = "policy_flawed"
    QUESTION = "question"
    QUORUM_IMPOSSIBLE = "quorum_impossible"
    RADAR = "radar"
    REUSE = "reuse"
