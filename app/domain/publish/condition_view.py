"""A condition as the comments show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConditionView:
    number: int
    text: str
    seat: str
    author: str
    owner: str = ""
    due: str = ""
    lifted_by: str = ""
