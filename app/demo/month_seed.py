"""The first state of a month: the rehearsal's, with the people and the rules that its sessions need."""

from __future__ import annotations

from typing import Any

from app.demo.seed import rehearsal

PEOPLE = (
    {"login": "directrice", "role": "write", "name": "Directrice du numérique", "about": "Passe outre, et le dit."},
    {"login": "adjointe-secu", "role": "read", "name": "Adjointe à la sécurité", "about": "Supplée le siège Sécurité."},
)
RULES = ".github/jalon.yml"
CHANGED = (
    ('weeks_off: ["2026-W33"', 'weeks_off: ["2026-W45", "2026-W33"'),
    ("nogo_after_session: false", "nogo_after_session: true"),
    ("direction: []", "direction: [directrice]"),
)
"""Lines of the shipped rules, and what this committee writes in their place."""


def month_seed() -> dict[str, Any]:
    """Raises ValueError when the shipped rules no longer have a line that this committee changes."""
    made = rehearsal()
    files, made["people"] = made["repository"]["files"], [*made["people"], *PEOPLE]
    for before, after in CHANGED:
        if files[RULES].count(before) != 1:
            raise ValueError(f"the rules should say « {before} » once")
        files[RULES] = files[RULES].replace(before, after)
    made["teams"][0]["members"] = [*made["teams"][0]["members"], "adjointe-secu"]
    return made
