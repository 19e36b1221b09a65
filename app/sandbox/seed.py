"""From a seed, a plain mapping people write in YAML, to the first state; every mistake is named where it stands."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from app.sandbox.state import ROLES, AppRecord, Label, Option, Person, State, node_id, now

KEYS = {
    "": {"organisation", "repository", "people", "teams", "project", "app"},
    "repository": {"name", "private", "labels", "files"},
    "people": {"login", "name", "role"},
    "teams": {"slug", "name", "members"},
    "project": {"number", "title", "field"},
    "app": {"slug", "permissions", "events", "single_files"},
}
PERMISSIONS = {"issues": "write", "metadata": "read", "organization_projects": "write", "members": "read"}
COLORS = {"BLUE", "GRAY", "GREEN", "ORANGE", "PINK", "PURPLE", "RED", "YELLOW"}
FIRST_LARGE_ID = 3_000_000_000


class SeedError(ValueError):
    """The seed cannot be turned into a GitHub."""


def first_state(seed: Mapping[str, Any]) -> State:
    """Raises SeedError."""
    _check(seed)
    repository, project = seed["repository"], seed["project"]
    teams = seed.get("teams", [])
    return State(
        organisation=seed["organisation"],
        organisation_id=_small_id(),
        organisation_node_id=node_id("O"),
        repository=f"{seed['organisation']}/{repository['name']}",
        repository_id=_small_id(),
        repository_node_id=node_id("R"),
        private=bool(repository.get("private", True)),
        created_at=now(),
        app=_app(seed["app"]),
        people=_people(seed),
        teams={team["slug"]: list(team["members"]) for team in teams},
        team_names={team["slug"]: team.get("name", team["slug"]) for team in teams},
        team_ids={team["slug"]: _small_id() for team in teams},
        labels={item["name"]: _label(item) for item in repository.get("labels", [])},
        files=dict(repository.get("files", {})),
        issues={},
        cards={},
        board_number=int(project["number"]),
        board_id=_small_id(),
        board_title=project["title"],
        board_node_id=node_id("PVT"),
        field_id=_small_id(),
        field_name=project["field"]["name"],
        field_node_id=node_id("PVTSSF"),
        options=[_option(item) for item in project["field"]["options"]],
        deliveries=[],
        next_id=FIRST_LARGE_ID + secrets.randbelow(1_000_000_000),
    )


def _small_id() -> int:
    """Accounts, repositories and fields fit 32 bits: GraphQL calls them Int."""
    return 100_000_000 + secrets.randbelow(1_000_000_000)


def _app(seed: Mapping[str, Any]) -> AppRecord:
    return AppRecord(
        id=1_000_000 + secrets.randbelow(1_000_000),
        node_id=node_id("A"),
        slug=seed["slug"],
        installation_id=_small_id(),
        hook_id=_small_id(),
        permissions=dict(seed.get("permissions", PERMISSIONS)),
        events=list(seed.get("events", ["issues", "issue_comment", "projects_v2_item"])),
        single_files=list(seed.get("single_files", [])),
        webhook_secret=secrets.token_hex(24),
        created_at=now(),
    )


def _people(seed: Mapping[str, Any]) -> dict[str, Person]:
    bot = f"{seed['app']['slug']}[bot]"
    people = {
        item["login"]: Person(item["login"], item.get("name", item["login"]), item["role"], _small_id(), node_id("U"))
        for item in seed["people"]
    }
    people[bot] = Person(bot, seed["app"]["slug"], "write", _small_id(), node_id("BOT"), is_bot=True)
    return people


def _label(item: Mapping[str, Any]) -> Label:
    large = FIRST_LARGE_ID + secrets.randbelow(1_000_000_000)
    color = str(item["color"]).lstrip("#").lower()
    return Label(large, node_id("LA"), item["name"], color, item.get("description", ""))


def _option(item: Mapping[str, Any]) -> Option:
    return Option(secrets.token_hex(4), item["name"], item.get("color", "GRAY"), item.get("description", ""))


def _check(seed: Mapping[str, Any]) -> None:
    _known_keys("", seed)
    for part in ("organisation", "repository", "people", "project", "app"):
        if part not in seed:
            raise SeedError(f"seed: {part} is missing")
    for part in ("repository", "project", "app"):
        _known_keys(part, seed[part])
    logins = {item.get("login") for item in seed["people"]}
    for item in seed["people"]:
        _known_keys("people", item)
        if item.get("role") not in ROLES:
            raise SeedError(f"seed: role of {item.get('login')} must be one of {', '.join(ROLES)}")
    for team in seed.get("teams", []):
        _known_keys("teams", team)
        if unknown := set(team["members"]) - logins:
            raise SeedError(f"seed: team {team['slug']} has unknown members {', '.join(sorted(unknown))}")
    for option in seed["project"]["field"]["options"]:
        if option.get("color", "GRAY") not in COLORS:
            raise SeedError(f"seed: colour of option {option.get('name')} must be one of {', '.join(sorted(COLORS))}")


def _known_keys(part: str, item: Mapping[str, Any]) -> None:
    if unknown := set(item) - KEYS[part]:
        raise SeedError(f"seed: unknown keys {', '.join(sorted(unknown))} in {part or 'the seed'}")
