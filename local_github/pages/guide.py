"""What the seed says to whoever rehearses: a word of welcome, who each person is, where the App shows its own pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_github.pages import visitor
from local_github.state import Person
from local_github.world import World


@dataclass(frozen=True)
class Stage:
    """`guide` is Markdown; `people` and `teams` say what each does there; `app_url` is the App's own first page."""

    guide: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    app_url: str | None = None


@dataclass(frozen=True)
class Group:
    name: str
    about: str
    people: tuple[tuple[Person, str], ...]


def stage_of(seed: Mapping[str, Any], app_url: str | None) -> Stage:
    return Stage(
        guide=str(seed.get("guide", "")),
        people={item["login"]: str(item.get("about", "")) for item in seed["people"]},
        teams={item["slug"]: str(item.get("about", "")) for item in seed.get("teams", [])},
        app_url=app_url,
    )


def groups(world: World, stage: Stage) -> list[Group]:
    """Everybody one may be, with what the seed says of them."""
    about = {world.team_names[slug]: words for slug, words in stage.teams.items() if slug in world.team_names}
    return [
        Group(name, about.get(name, ""), tuple((person, stage.people.get(person.login, "")) for person in found))
        for name, found in visitor.choices(world)
    ]
