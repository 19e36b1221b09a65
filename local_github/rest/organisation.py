"""The organisation, its teams and its people."""

from __future__ import annotations

from typing import Any

from local_github import payloads
from local_github.operations.core import invalid
from local_github.rest.call import Call, Reply, page, texts
from local_github.state import Refused


def show(call: Call) -> Reply:
    return Reply(_full(call))


def _full(call: Call) -> payloads.Json:
    world = call.world
    zeros = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": world.created_at, "updated_at": world.created_at, "archived_at": None}
    projects = dict.fromkeys(("has_organization_projects", "has_repository_projects"), True)
    html = f"{world.url}/{world.organisation}"
    return {**payloads.organization(world), **zeros, **dates, **projects, "html_url": html, "type": "Organization"}


def teams(call: Call) -> Reply:
    return page(call, [payloads.team_noun(call.world, slug) for slug in call.world.teams])


def team(call: Call) -> Reply:
    return Reply(_whole(call, call.args["team"], _members(call)))


def _whole(call: Call, slug: str, members: list[str]) -> payloads.Json:
    world = call.world
    dates = {"created_at": world.created_at, "updated_at": world.created_at}
    counts = {"members_count": len(members), "repos_count": 1}
    return {**payloads.team_noun(world, slug), **counts, **dates, "organization": _full(call)}


def create_team(call: Call) -> Reply:
    body = call.body(
        name=str, description=str, maintainers=list, repo_names=list, privacy=str, notification_setting=str,
        permission=str, parent_team_id=int,
    )  # fmt: skip
    members = tuple(texts(body.get("maintainers", []), "maintainers"))
    slug = call.world.create_team(call.actor, call.required(body, "name"), members, _parent(call, body))
    return Reply(_whole(call, slug, call.world.members_of(slug)), 201)


def _parent(call: Call, body: dict[str, Any]) -> str | None:
    """The team it is to stand in; None for none."""
    number = body.get("parent_team_id")
    if number is None:
        return None
    found = [slug for slug, known in call.world.team_ids.items() if known == number]
    if not found:
        raise invalid("Team", "parent_team_id", "The parent team does not exist")
    return found[0]


def edit_team(call: Call) -> Reply:
    words = dict.fromkeys(("name", "description", "privacy", "notification_setting", "permission"), str)
    body = call.body(**words, parent_team_id=(int, type(None)))
    slug, name = call.args["team"], body.get("name")
    _members(call)
    before = call.world.team_names[slug]
    parent = _parent(call, body) if "parent_team_id" in body else call.world.team_parents.get(slug)
    fresh = call.world.edit_team(call.actor, slug, name or before, parent)
    return Reply(_whole(call, fresh, call.world.members_of(fresh)), 200 if name in {None, before} else 201)


def delete_team(call: Call) -> Reply:
    call.world.delete_team(call.actor, call.args["team"])
    return Reply(None, 204)


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
    if call.caller.kind not in {"person", "user"}:
        raise Refused(403, "Resource not accessible by integration")
    reply = _profile(call, call.actor)
    if call.caller.scopes is not None:
        reply.headers["X-OAuth-Scopes"] = ", ".join(sorted(call.caller.scopes))
    return reply


def person(call: Call) -> Reply:
    return _profile(call, call.world.person(call.args["login"]).login)


def _profile(call: Call, login: str) -> Reply:
    unknown = dict.fromkeys(("company", "blog", "location", "email", "hireable", "bio"))
    zeros = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": call.world.created_at, "updated_at": call.world.created_at}
    name = call.world.person(login).name
    return Reply({**payloads.user(call.world, login), "name": name, **unknown, **zeros, **dates})


def _members(call: Call) -> list[str]:
    if call.caller.kind != "person" and call.world.team_down():
        raise Refused(502, "Server Error")
    if call.args["team"] not in call.world.teams:
        raise Refused(404, "Not Found")
    return call.world.members_of(call.args["team"])


def _membership(call: Call) -> payloads.Json:
    world, args = call.world, call.args
    url = f"{world.url}/orgs/{world.organisation}/teams/{args['team']}/memberships/{args['login']}"
    return {"url": url, "role": "member", "state": "active"}
