"""From a seed, a plain mapping people write in YAML, to the first state; every mistake is named where it stands."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from local_github.boards import COLOURS, Board
from local_github.factories import commit, new_board, new_field, new_view, options_of, small_id
from local_github.state import ROLES, AppRecord, Label, OtherRepository, Person, State, node_id, now

KEYS = {
    "": {
        "organisation",
        "repository",
        "other_repositories",
        "people",
        "teams",
        "project",
        "app",
        "guide",
        "other_apps",
    },
    "repository": {"name", "private", "labels", "files"},
    "other_repositories": {"name", "private"},
    "people": {"login", "name", "role", "about"},
    "teams": {"slug", "name", "members", "about"},
    "project": {"number", "title", "field", "fields", "views", "limit"},
    "fields": {"name", "kind", "options"},
    "views": {"name", "layout", "filter", "columns", "shown"},
    "app": {"slug", "permissions", "events", "single_files", "installed", "callback_paths"},
    "other_apps": {"slug", "permissions"},
}
PERMISSIONS = {"issues": "write", "metadata": "read", "organization_projects": "write", "members": "read"}
FIRST_LARGE_ID = 3_000_000_000


class SeedError(ValueError):
    """The seed cannot be turned into a GitHub."""


def first_state(seed: Mapping[str, Any]) -> State:
    """Raises SeedError. Labels, files, teams, other repositories and the board may be left out."""
    _check(seed)
    repository, organisation = seed["repository"], seed["organisation"]
    teams = seed.get("teams", [])
    state = State(
        organisation=organisation,
        organisation_id=small_id(),
        organisation_node_id=node_id("O"),
        repository=f"{organisation}/{repository['name']}",
        repository_id=small_id(),
        repository_node_id=node_id("R"),
        private=bool(repository.get("private", True)),
        created_at=now(),
        app=_app(seed["app"]),
        people=_people(seed),
        teams={team["slug"]: list(team["members"]) for team in teams},
        team_names={team["slug"]: team.get("name", team["slug"]) for team in teams},
        team_ids={team["slug"]: small_id() for team in teams},
        labels={item["name"]: _label(item) for item in repository.get("labels", [])},
        files=dict(repository.get("files", {})),
        issues={},
        boards={},
        cards={},
        commits=[],
        commit_comments=[],
        others={item["name"]: _other(item) for item in seed.get("other_repositories", [])},
        deliveries=[],
        next_id=FIRST_LARGE_ID + secrets.randbelow(1_000_000_000),
        other_apps={item["slug"]: _app({"events": [], **item}) for item in seed.get("other_apps", [])},
    )
    _begin(state, seed)
    return state


def _begin(state: State, seed: Mapping[str, Any]) -> None:
    """What stands on the rest: the first commit and the first board."""
    first = seed["people"][0]["login"]
    if state.files:
        state.commits.append(commit(state, first, "Initial commit", dict.fromkeys(state.files, "added")))
    if project := seed.get("project"):
        board = new_board(state, first, project["title"], int(project.get("number", 1)))
        board.repositories.append(state.repository)
        board.limit = int(project.get("limit", board.limit))
        _fields(state, board, first, project)
        state.boards[board.number], state.last_board = board, board.number


def _fields(state: State, board: Board, creator: str, project: Mapping[str, Any]) -> None:
    """`field` makes the columns; `fields` are those beside it; `views` name the fields they show."""
    for shape in project.get("fields", []):
        field = new_field(state, shape["name"], shape["kind"], options=options_of(shape.get("options", [])))
        board.fields[field.node_id] = field
    if shape := project.get("field"):
        field = new_field(state, shape["name"], "SINGLE_SELECT", options=options_of(shape["options"]))
        board.fields[field.node_id] = field
        board.column_field = field.node_id
        if not project.get("views"):
            board.views.append(new_view(state, board, creator, project["title"], "board", vertical_group_by=[field.id]))
    named = {field.name: field.id for field in board.fields.values()}
    for view in project.get("views", []):
        shown, columns = [named[name] for name in view.get("shown", [])], view.get("columns")
        shape = {"filter": view.get("filter"), "visible_fields": shown}
        shape |= {"vertical_group_by": [named[columns]]} if columns else {}
        board.views.append(new_view(state, board, creator, view["name"], view["layout"], **shape))


def _app(seed: Mapping[str, Any]) -> AppRecord:
    return AppRecord(
        id=1_000_000 + secrets.randbelow(1_000_000),
        node_id=node_id("A"),
        slug=seed["slug"],
        installation_id=small_id(),
        hook_id=small_id(),
        permissions=dict(seed.get("permissions", PERMISSIONS)),
        events=list(seed.get("events", ["issues", "issue_comment", "projects_v2_item"])),
        single_files=list(seed.get("single_files", [])),
        webhook_secret=secrets.token_hex(24),
        client_secret=secrets.token_hex(20),
        created_at=now(),
        name=seed["slug"],
        installed=bool(seed.get("installed", True)),
    )


def _people(seed: Mapping[str, Any]) -> dict[str, Person]:
    people = {
        item["login"]: Person(item["login"], item.get("name", item["login"]), item["role"], small_id(), node_id("U"))
        for item in seed["people"]
    }
    for slug in (item["slug"] for item in (seed["app"], *seed.get("other_apps", []))):
        bot = f"{slug}[bot]"
        people[bot] = Person(bot, slug, "write", small_id(), node_id("BOT"), is_bot=True)
    return people


def _label(item: Mapping[str, Any]) -> Label:
    large = FIRST_LARGE_ID + secrets.randbelow(1_000_000_000)
    color = str(item["color"]).lstrip("#").lower()
    return Label(large, node_id("LA"), item["name"], color, item.get("description", ""))


def _other(item: Mapping[str, Any]) -> OtherRepository:
    return OtherRepository(small_id(), node_id("R"), item["name"], bool(item.get("private", True)))


def _check(seed: Mapping[str, Any]) -> None:
    _known_keys("", seed)
    for part in ("organisation", "repository", "people", "app"):
        if not seed.get(part):
            raise SeedError(f"seed: {part} is missing")
    for part in ("repository", "project", "app"):
        _known_keys(part, seed.get(part) or {})
    for part in ("fields", "views"):
        for item in (seed.get("project") or {}).get(part, []):
            _known_keys(part, item)
    for part in ("other_repositories", "people", "teams", "other_apps"):
        for item in seed.get(part, []):
            _known_keys(part, item)
    _check_people(seed)
    for option in ((seed.get("project") or {}).get("field") or {}).get("options", []):
        if option.get("color", "GRAY") not in COLOURS:
            raise SeedError(f"seed: colour of option {option.get('name')} must be one of {', '.join(COLOURS)}")


def _check_people(seed: Mapping[str, Any]) -> None:
    for item in seed["people"]:
        if item.get("role") not in ROLES:
            raise SeedError(f"seed: role of {item.get('login')} must be one of {', '.join(ROLES)}")
    logins = {item.get("login") for item in seed["people"]}
    for team in seed.get("teams", []):
        if unknown := set(team["members"]) - logins:
            raise SeedError(f"seed: team {team['slug']} has unknown members {', '.join(sorted(unknown))}")


def _known_keys(part: str, item: Mapping[str, Any]) -> None:
    if unknown := set(item) - KEYS[part]:
        raise SeedError(f"seed: unknown keys {', '.join(sorted(unknown))} in {part or 'the seed'}")
