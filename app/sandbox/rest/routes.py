"""The table of REST routes and what an installation needs for each, as GitHub documents it; `jwt`: the App itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.sandbox.rest import application, comments, issues, organisation, repository
from app.sandbox.rest.call import Call, Reply


class Route(NamedTuple):
    method: str
    path: str
    needs: str
    handler: Callable[[Call], Reply]


REPO = "/repos/<owner>/<repo>"
ISSUE = f"{REPO}/issues/<int:number>"
COMMENT = f"{REPO}/issues/comments/<int:comment>"
TEAM = "/orgs/<org>/teams/<team>"
ROUTES = (
    Route("GET", "/app", "jwt", application.show),
    Route("GET", "/app/installations", "jwt", application.installations),
    Route("GET", "/app/installations/<int:installation>", "jwt", application.installation),
    Route("POST", "/app/installations/<int:installation>/access_tokens", "jwt", application.new_token),
    Route("GET", "/app/hook/deliveries", "jwt", application.deliveries),
    Route("GET", "/app/hook/deliveries/<int:delivery>", "jwt", application.delivery),
    Route("POST", "/app/hook/deliveries/<int:delivery>/attempts", "jwt", application.redeliver),
    Route("GET", f"{REPO}/installation", "jwt", application.installation),
    Route("GET", "/orgs/<org>/installation", "jwt", application.installation),
    Route("GET", "/installation/repositories", "metadata:read", application.repositories),
    Route("GET", "/rate_limit", "", application.rate_limit),
    Route("GET", "/user", "", organisation.me),
    Route("GET", "/users/<login>", "", organisation.person),
    Route("GET", "/orgs/<org>", "", organisation.show),
    Route("GET", TEAM, "members:read", organisation.team),
    Route("GET", f"{TEAM}/members", "members:read", organisation.members),
    Route("GET", f"{TEAM}/memberships/<login>", "members:read", organisation.membership),
    Route("PUT", f"{TEAM}/memberships/<login>", "members:write", organisation.add_member),
    Route("DELETE", f"{TEAM}/memberships/<login>", "members:write", organisation.remove_member),
    Route("GET", REPO, "metadata:read", repository.show),
    Route("GET", f"{REPO}/labels", "issues:read", repository.labels),
    Route("POST", f"{REPO}/labels", "issues:write", repository.create_label),
    Route("GET", f"{REPO}/labels/<name>", "issues:read", repository.show_label),
    Route("GET", f"{REPO}/contents/<path:path>", "contents:read", repository.read_file),
    Route("PUT", f"{REPO}/contents/<path:path>", "contents:write", repository.write_file),
    Route("GET", f"{REPO}/collaborators/<login>/permission", "metadata:read", repository.permission),
    Route("GET", f"{REPO}/issues", "issues:read", issues.listing),
    Route("POST", f"{REPO}/issues", "issues:write", issues.create),
    Route("GET", ISSUE, "issues:read", issues.show),
    Route("PATCH", ISSUE, "issues:write", issues.edit),
    Route("POST", f"{ISSUE}/assignees", "issues:write", issues.assign),
    Route("DELETE", f"{ISSUE}/assignees", "issues:write", issues.unassign),
    Route("GET", f"{ISSUE}/labels", "issues:read", issues.labels),
    Route("POST", f"{ISSUE}/labels", "issues:write", issues.add_labels),
    Route("PUT", f"{ISSUE}/labels", "issues:write", issues.replace_labels),
    Route("DELETE", f"{ISSUE}/labels", "issues:write", issues.clear_labels),
    Route("DELETE", f"{ISSUE}/labels/<path:name>", "issues:write", issues.remove_label),
    Route("GET", f"{ISSUE}/comments", "issues:read", comments.listing),
    Route("POST", f"{ISSUE}/comments", "issues:write", comments.create),
    Route("GET", f"{REPO}/issues/comments", "issues:read", comments.of_repository),
    Route("GET", COMMENT, "issues:read", comments.show),
    Route("PATCH", COMMENT, "issues:write", comments.edit),
    Route("DELETE", COMMENT, "issues:write", comments.delete),
    Route("GET", f"{COMMENT}/reactions", "issues:read", comments.reactions),
    Route("POST", f"{COMMENT}/reactions", "issues:write", comments.react),
)
