"""What an account and a team are called on GitHub: one definition for the rules, the conditions and the mentions."""

from __future__ import annotations

import re

LOGIN = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*-?(?:_[A-Za-z0-9]+)?"
"""Letters, digits and single hyphens; `_` and the enterprise's short code end a managed account's name, and a few old
accounts end in a hyphen."""
SLUG = r"[A-Za-z0-9_]++(?:[-.]++[A-Za-z0-9_]++)*+"
"""A team's address within its organisation."""
TEAM = rf"{LOGIN}/({SLUG})"
"""An organisation and the address of one of its teams: dnum/securite."""
_LOGIN, _TEAM = re.compile(LOGIN), re.compile(f"@?{TEAM}")
LONGEST = 39
NAMED = re.compile(r"(?<![\w@./+-])@([^\s,;:!?()\[\]{}«»\"<>|*`\u2019']+)")
"""What follows an @ in a sentence, whether or not it names anybody."""


def is_login(text: str) -> bool:
    return len(text) <= LONGEST and bool(_LOGIN.fullmatch(text))


def is_team(text: str) -> bool:
    return not text.startswith("@") and bool(_TEAM.fullmatch(text))


def team_slug(text: str) -> str:
    """« securite » of « @dnum/securite » or « dnum/securite »; empty when no team is written so."""
    found = _TEAM.fullmatch(text)
    return found[1] if found else ""


def named_logins(text: str) -> list[str]:
    """The words that follow an @, without the full stop that may end the sentence."""
    return [word.rstrip(".…") for word in NAMED.findall(text)]
