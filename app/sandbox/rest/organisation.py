"""The organisation, its teams and its people."""

from __future__ import annotations

from app.sandbox import payloads
from app.sandbox.rest.call import Call, Reply, page
from app.sandbox.state import Refused


def show(call: Call) -> Reply:
    return Reply(_full(call))


def _full(call: Call) -> payloads.Json:
    world = call.world
    zeros = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": world.created_at, "updated_at": world.created_at, "archived_at": None}
    projects = dict.fromkeys(("has_organization_projects", "has_repository_projects"), True)
    html = f"{world.url}/{world.organisation}"
    return {**payloads.organization(world), **zeros, **dates, **projects, "html_url": html, "type": "Organization"}


def team(call: Call) -> Reply:
    slug, world = call.args["team"], call.world
    members, url = _members(call), f"{world.url}/orgs/{world.organisation}/teams/{slug}"
    return Reply(
        {
            "id": world.team_ids[slug],
            "node_id": f"T_{world.team_ids[slug]}",
            "url": url,
            "html_url": f"{world.url}/orgs/{world.organisation}/teams/{slug}",
            "name": world.team_names[slug],
            "slug": slug,
            "description": None,
            "privacy": "closed",
            "permission": "pull",
            "members_url": f"{url}/members{{/member}}",
            "repositories_url": f"{url}/repos",
            "parent": None,
            "type": "organization",
            "members_count": len(members),
            "repos_count": 1,
            "created_at": world.created_at,
            "updated_at": world.created_at,
            "organization": _full(call),
        }
    )


def members(call: Call) -> Reply:
    return page(call, [payloads.user(call.world, login) for login in _members(call)])


def membership(call: Call) -> Reply:
    if call.args["login"] not in _members(call):
        raise Refused(404, "Not Found")
    return Reply(_membership(call))


def add_member(call: Call) -> Reply:
    call.body(role=str)
    call.world.set_member(call.actor, call.args["team"], call.args["login"], member=True)
    return Reply(_membership(call))


def remove_member(call: Call) -> Reply:
    call.world.set_member(call.actor, call.args["team"], call.args["login"], member=False)
    return Reply(None, 204)


def me(call: Call) -> Reply:
    if call.caller.kind != "person":
        raise Refused(403, "Resource not accessible by integration")
    return _profile(call, call.actor)


def person(call: Call) -> Reply:
    return _profile(call, call.world.person(call.args["login"]).login)


def _profile(call: Call, login: str) -> Reply:
    unknown = dict.fromkeys(("company", "blog", "location", "email", "hireable", "bio"))
    zeros = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": call.world.created_at, "updated_at": call.world.created_at}
    name = call.world.person(login).name
    return Reply({**payloads.user(call.world, login), "name": name, **unknown, **zeros, **dates})


def _members(call: Call) -> list[str]:
    found = call.world.teams.get(call.args["team"])
    if found is None:
        raise Refused(404, "Not Found")
    return found


def _membership(call: Call) -> payloads.Json:
    world, args = call.world, call.args
    url = f"{world.url}/orgs/{world.organisation}/teams/{args['team']}/memberships/{args['login']}"
    return {"url": url, "role": "member", "state": "active"}
