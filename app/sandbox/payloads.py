"""The state as GitHub's JSON: one function per noun, used in REST answers and in webhooks alike."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from app.sandbox.state import REACTIONS, Card, Comment, Delivery, Issue, Label, Option, Reaction, State

Json = dict[str, Any]
ASSOCIATION = "MEMBER"
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
REPOSITORY_LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "{/user}",
    "blobs": "{/sha}",
    "branches": "{/branch}",
    "collaborators": "{/collaborator}",
    "comments": "{/number}",
    "commits": "{/sha}",
    "compare": "/{base}...{head}",
    "contents": "/{+path}",
    "contributors": "",
    "deployments": "",
    "downloads": "",
    "events": "",
    "forks": "",
    "git_commits": "{/sha}",
    "git_refs": "{/sha}",
    "git_tags": "{/sha}",
    "hooks": "",
    "issue_comment": "{/number}",
    "issue_events": "{/number}",
    "issues": "{/number}",
    "keys": "{/key_id}",
    "labels": "{/name}",
    "languages": "",
    "merges": "",
    "milestones": "{/number}",
    "notifications": "{?since,all,participating}",
    "pulls": "{/number}",
    "releases": "{/id}",
    "stargazers": "",
    "statuses": "/{sha}",
    "subscribers": "",
    "subscription": "",
    "tags": "",
    "teams": "",
    "trees": "{/sha}",
}


def user(state: State, login: str) -> Json:
    person = state.people[login]
    return _account(state, login, person.id, person.node_id, "Bot" if person.is_bot else "User")


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


def repository(state: State) -> Json:
    url, html = repository_url(state), f"{state.url}/{state.repository}"
    opened = sum(issue.state == "open" for issue in state.issues.values())
    nothing = dict.fromkeys(("license", "mirror_url", "homepage", "language", "description"))
    zeros = ("forks", "forks_count", "stargazers_count", "watchers_count", "watchers", "size")
    no = ("fork", "has_wiki", "has_pages", "has_discussions", "archived", "disabled")
    return {
        "id": state.repository_id,
        "node_id": state.repository_node_id,
        "name": state.repository.partition("/")[2],
        "full_name": state.repository,
        "private": state.private,
        "visibility": "private" if state.private else "public",
        "owner": owner(state),
        "html_url": html,
        "url": url,
        **{f"{name}_url": f"{url}/{_plural(name)}{end}" for name, end in REPOSITORY_LINKS.items()},
        "git_url": f"{html}.git",
        "ssh_url": f"{html}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        **nothing,
        **dict.fromkeys(zeros, 0),
        **dict.fromkeys(no, False),
        "has_issues": True,
        "has_projects": True,
        "topics": [],
        "default_branch": "main",
        "open_issues_count": opened,
        "open_issues": opened,
        "pushed_at": state.created_at,
        "created_at": state.created_at,
        "updated_at": state.created_at,
    }


def _plural(name: str) -> str:
    return {"issue_comment": "issues/comments", "issue_events": "issues/events"}.get(name, name.replace("git_", "git/"))


def repository_url(state: State) -> str:
    return f"{state.url}/repos/{state.repository}"


def label(state: State, item: Label) -> Json:
    return {
        "id": item.id,
        "node_id": item.node_id,
        "url": f"{repository_url(state)}/labels/{item.name}",
        "name": item.name,
        "color": item.color,
        "default": False,
        "description": item.description or None,
        "archived_at": None,
        "archived_by": None,
    }


def reactions(url: str, given: list[Reaction]) -> Json:
    counts = {content: sum(item.content == content for item in given) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(given), **counts}


def reaction(state: State, item: Reaction) -> Json:
    return {
        "id": item.id,
        "node_id": f"REA_{item.id}",
        "user": user(state, item.login),
        "content": item.content,
        "created_at": item.created_at,
    }


def issue(state: State, item: Issue) -> Json:
    url = f"{repository_url(state)}/issues/{item.number}"
    assignees = [user(state, login) for login in item.assignees]
    return {
        "url": url,
        "repository_url": repository_url(state),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": f"{state.url}/{state.repository}/issues/{item.number}",
        "id": item.id,
        "node_id": item.node_id,
        "number": item.number,
        "title": item.title,
        "user": user(state, item.author),
        "labels": [label(state, state.labels[name]) for name in item.labels],
        "state": item.state,
        "state_reason": item.state_reason,
        "locked": False,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(item.comments),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "author_association": ASSOCIATION,
        "active_lock_reason": None,
        "body": item.body or None,
        "reactions": reactions(url, item.reactions),
        "performed_via_github_app": None,
    }


def comment(state: State, item: Comment) -> Json:
    url = f"{repository_url(state)}/issues/comments/{item.id}"
    by_app = item.author == state.bot
    return {
        "url": url,
        "html_url": f"{state.url}/{state.repository}/issues/{item.issue}#issuecomment-{item.id}",
        "issue_url": f"{repository_url(state)}/issues/{item.issue}",
        "id": item.id,
        "node_id": item.node_id,
        "user": user(state, item.author),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "author_association": "NONE" if by_app else ASSOCIATION,
        "body": item.body,
        "reactions": reactions(url, item.reactions),
        "performed_via_github_app": application(state) if by_app else None,
    }


def application(state: State) -> Json:
    app = state.app
    return {
        "id": app.id,
        "client_id": f"Iv23{app.id}",
        "slug": app.slug,
        "node_id": app.node_id,
        "owner": owner(state),
        "name": app.slug,
        "description": "",
        "external_url": state.url,
        "html_url": f"{state.url}/apps/{app.slug}",
        "created_at": app.created_at,
        "updated_at": app.created_at,
        "permissions": app.permissions,
        "events": app.events,
    }


def installation(state: State) -> Json:
    app = state.app
    return {
        "id": app.installation_id,
        "account": owner(state),
        "repository_selection": "selected",
        "access_tokens_url": f"{state.url}/app/installations/{app.installation_id}/access_tokens",
        "repositories_url": f"{state.url}/installation/repositories",
        "html_url": f"{state.url}/organizations/{state.organisation}/settings/installations/{app.installation_id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": state.organisation_id,
        "target_type": "Organization",
        "permissions": app.permissions,
        "events": app.events,
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
        "created_at": app.created_at,
        "updated_at": app.created_at,
    }


def card(state: State, item: Card) -> Json:
    return {
        "id": item.number_id,
        "node_id": item.id,
        "project_node_id": state.board_node_id,
        "content_node_id": state.issue(item.issue).node_id,
        "content_type": "Issue",
        "creator": user(state, item.creator),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "archived_at": item.archived_at,
    }


def field_value(state: State, before: Option | None, after: Option | None) -> Json:
    """GitHub writes the field's id with the prefix of a plain field here, and nowhere else."""
    return {
        "field_node_id": "PVTF" + state.field_node_id.removeprefix("PVTSSF"),
        "field_type": "single_select",
        "field_name": state.field_name,
        "project_number": state.board_number,
        "from": _option(before),
        "to": _option(after),
    }


def _option(item: Option | None) -> Json | None:
    return {"id": item.id, "name": item.name, "color": item.color, "description": item.description} if item else None


def envelope(state: State, actor: str) -> Json:
    """What closes every payload sent to an App."""
    node = base64.b64encode(f"IntegrationInstallation:{state.app.installation_id}".encode()).decode()
    installed = {"id": state.app.installation_id, "node_id": node}
    return {"organization": organization(state), "sender": user(state, actor), "installation": installed}


def file(state: State, path: str, *, content: bool = True) -> Json:
    raw, sha = state.files[path].encode(), sha_of(state.files[path])
    url, html = f"{repository_url(state)}/contents/{path}", f"{state.url}/{state.repository}/blob/main/{path}"
    git = f"{repository_url(state)}/git/blobs/{sha}"
    text = {"content": base64.encodebytes(raw).decode(), "encoding": "base64"} if content else {}
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(raw),
        "url": f"{url}?ref=main",
        "html_url": html,
        "git_url": git,
        "download_url": None,
        "type": "file",
        **text,
        "_links": {"self": url, "git": git, "html": html},
    }


def sha_of(text: str) -> str:
    raw = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def delivery(state: State, item: Delivery) -> Json:
    return {
        "id": item.id,
        "guid": item.guid,
        "delivered_at": item.at,
        "redelivery": item.redelivery,
        "duration": item.duration,
        "status": item.status,
        "status_code": item.status_code,
        "event": item.event,
        "action": item.action,
        "installation_id": state.app.installation_id,
        "repository_id": None if item.event == "projects_v2_item" else state.repository_id,
        "throttled_at": None,
    }
