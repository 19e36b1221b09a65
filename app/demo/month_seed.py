"""The first state of a month: two committees of one organisation, each with its repository, its rules and its board."""

from __future__ import annotations

import re
from typing import Any

from app.demo.seed import rehearsal

RULES = ".github/jalon.yml"
RESEARCH = "recherche"
"""The repository of the second committee, and what follows the logins of its seats."""
BOTH = "techno"
"""Holds a seat in both committees."""
HOLDER = re.compile(rf"holder: (?!{BOTH}\b)([a-z-]+)")
PEOPLE = (
    {"login": "directrice", "role": "write", "name": "Directrice du numérique", "about": "Passe outre, et le dit."},
    {"login": "adjointe-secu", "role": "read", "name": "Adjointe à la sécurité", "about": "Supplée le siège Sécurité."},
)
CHANGED = (
    ('weeks_off: ["2026-W33"', 'weeks_off: ["2026-W45", "2026-W33"'),
    ("nogo_after_session: false", "nogo_after_session: true"),
    ("direction: []", "direction: [directrice]"),
)
"""Lines of the shipped rules, and what the first committee writes in their place."""
ELSEWHERE = (
    ("team: comite-produit", f"team: comite-{RESEARCH}\n  name: Comité recherche"),
    ("secretariat: [secretariat]", f"secretariat: [secretariat-{RESEARCH}]"),
    ("day: tuesday", "day: thursday"),
)
"""What the second one writes."""


def month_seeds(seal_key: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Raises ValueError when the shipped rules no longer have a line that a committee changes."""
    made = rehearsal(seal_key)
    shipped = made["repository"]["files"][RULES]
    first = _changed(shipped, CHANGED)
    second = _changed(HOLDER.sub(rf"holder: \1-{RESEARCH}", shipped), ELSEWHERE) + "\nboard: 2\n"
    theirs = [*_holders(second), f"secretariat-{RESEARCH}"]
    known = {one["login"] for one in made["people"]}
    people = [*made["people"], *PEOPLE, *({"login": one, "role": "read"} for one in theirs if one not in known)]
    team = {**made["teams"][0], "members": [*made["teams"][0]["members"], "adjointe-secu"]}
    other = {"slug": f"comite-{RESEARCH}", "name": "Comité recherche", "members": _holders(second)}
    return (
        _seed(made, "produits", first, people, team, 1),
        _seed(made, RESEARCH, second, people, other, 2),
    )


def _seed(
    made: dict[str, Any], name: str, rules: str, people: list[dict[str, Any]], team: dict[str, Any], board: int
) -> dict[str, Any]:
    files = made["repository"]["files"] | {RULES: rules}
    return made | {
        "repository": made["repository"] | {"name": name, "files": files},
        "people": people,
        "teams": [team],
        "project": made["project"] | {"number": board},
    }


def _holders(rules: str) -> list[str]:
    return re.findall(r"holder: ([a-z-]+)", rules)


def _changed(rules: str, changes: tuple[tuple[str, str], ...]) -> str:
    for before, after in changes:
        if rules.count(before) != 1:
            raise ValueError(f"the rules should say « {before} » once")
        rules = rules.replace(before, after)
    return rules
