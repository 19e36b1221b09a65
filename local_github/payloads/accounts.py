"""People, the organisation and its teams."""

from __future__ import annotations

from typing import Any

from local_github.state import State

Json = dict[str, Any]
USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def user(state: State, login: str) -> Json:
    person = state.people[login]
    return _account(state, login, person.id, person.node_id, person.typename)


def owner(state: State) -> Json:
    return _account(state, state.organisation, state.organisation_id, state.organisation_node_id, "Organization")


def _account(state: State, login: str, number: int, node: str, kind: str) -> Json:
    url = f"{state.url}/users/{login}"
    return {
        "login": login,
        "id": number,
        "node_id": node,
        "avatar_url": f"{state.url}/avatars/{number}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{state.url}/{login}",
        **{name: url + path for name, path in USER_LINKS.items()},
        "type": kind,
        "site_admin": False,
    }


def organization(state: State) -> Json:
    url = f"{state.url}/orgs/{state.organisation}"
    return {
        "login": state.organisation,
        "id": state.organisation_id,
        "node_id": state.organisation_node_id,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{state.url}/avatars/{state.organisation_id}",
        "description": "",
    }


def team_noun(state: State, slug: str) -> Json:
    """A team as webhooks and lists show it."""
    url = f"{state.url}/orgs/{state.organisation}/teams/{slug}"
    return {
        "id": state.team_ids[slug],
        "node_id": f"T_{state.team_ids[slug]}",
        "url": url,
        "html_url": url,
        "name": state.team_names[slug],
        "slug": slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "parent": _bare_team(state, state.team_parents[slug]) if slug in state.team_parents else None,
        "type": "organization",
        "organization_id": state.organisation_id,
    }


def _bare_team(state: State, slug: str) -> Json:
    """A team as the one nested in it shows it."""
    return {key: value for key, value in team_noun(state, slug).items() if key != "parent"}
