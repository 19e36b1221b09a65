"""A number with its noun, singular or plural as the language has it."""

from __future__ import annotations


def counted(number: int, one: str, many: str, language: str = "fr") -> str:
    """« 2 sièges présents », « 0 siège présent », “0 seats present”: French counts none as one."""
    is_one = number < 2 if language == "fr" else number == 1
    return f"{number} {one if is_one else many}"
