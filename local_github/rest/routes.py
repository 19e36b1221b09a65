"""The table of REST routes and what an installation needs for each, as GitHub documents it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from local_github.rest import (
    application,
    boards,
    comments,
    files,
    issues,
    organisation,
    registration,
    repository,
    timeline,
    user_tokens,
)
from local_github.rest.call import Call, Reply


class Route(NamedTuple):
    """`needs`: `permission:level`, `jwt` for the App's own token, `public` for no token, or empty for any token.

    What is `public` may ask for a secret of its own.
    """

    method: str
    path: str
    needs: str
    handler: Callable[[Call], Reply]


REPO = "/repos/<owner>/<repo>"
ISSUE = f"{REPO}/issues/<int:number>"
COMMENT = f"{REPO}/issues/comments/<int:comment>"
COMMIT = f"{REPO}/commits/<sha>"
TEAM = "/orgs/<org>/teams/<team>"
BOARD = "/orgs/<org>/projectsV2/<int:project>"
ROUTES = (
    Route("GET", "/app", "jwt", application.show),
    Route("GET", "/app/installations", "jwt", application.installations),
    Route("GET", "/app/installations/<int:installation>", "jwt", application.installation),
    Route("POST", "/app/installations/<int:installation>/access_tokens", "jwt", application.new_token),
    Route("PUT", "/app/installations/<int:installation>/suspended", "jwt", application.suspend),
    Route("DELETE", "/app/installations/<int:installation>/suspended", "jwt", application.unsuspend),
    Route("GET", "/app/hook/config", "jwt", application.hook),
    Route("GET", "/app/hook/deliveries", "jwt", application.deliveries),
    Route("GET", "/app/hook/deliveries/<int:delivery>", "jwt", application.delivery),
    Route("POST", "/app/hook/deliveries/<int:delivery>/attempts", "jwt", application.redeliver),
    Route("GET", f"{REPO}/installation", "jwt", application.installation),
    Route("GET", "/orgs/<org>/installation", "jwt", application.installation),
    Route("GET", "/orgs/<org>/installations", "", application.installed_in),
    Route("POST", "/app-manifests/<code>/conversions", "public", registration.convert),
    Route("POST", "/applications/<client>/token", "public", user_tokens.check),
    Route("DELETE", "/applications/<client>/token", "public", user_tokens.delete),
    Route("GET", "/meta", "", application.meta),
    Route("GET", "/installation/repositories", "metadata:read", application.repositories),
    Route("GET", "/rate_limit", "", application.rate_limit),
    Route("GET", "/user", "", organisation.me),
    Route("GET", "/users/<login>", "", organisation.person),
    Route("GET", "/orgs/<org>", "", organisation.show),
    Route("GET", "/orgs/<org>/repos", "metadata:read", repository.every),
    Route("GET", "/orgs/<org>/teams", "members:read", organisation.teams),
    Route("POST", "/orgs/<org>/teams", "members:write", organisation.create_team),
    Route("GET", TEAM, "members:read", organisation.team),
    Route("PATCH", TEAM, "members:write", organisation.edit_team),
    Route("DELETE", TEAM, "members:write", organisation.delete_team),
    Route("GET", f"{TEAM}/members", "members:read", organisation.members),
    Route("GET", f"{TEAM}/memberships/<login>", "members:read", organisation.membership),
    Route("PUT", f"{TEAM}/memberships/<login>", "members:write", organisation.add_member),
    Route("DELETE", f"{TEAM}/memberships/<login>", "members:write", organisation.remove_member),
    Route("GET", "/orgs/<org>/projectsV2", "organization_projects:read", boards.listing),
    Route("GET", BOARD, "organization_projects:read", boards.show),
    Route("GET", f"{BOARD}/fields", "organization_projects:read", boards.fields),
    Route("POST", f"{BOARD}/fields", "organization_projects:write", boards.create_field),
    Route("GET", f"{BOARD}/fields/<int:field>", "organization_projects:read", boards.show_field),
    Route("GET", f"{BOARD}/items", "organization_projects:read", boards.items),
    Route("POST", f"{BOARD}/items", "organization_projects:write", boards.add_item),
    Route("GET", f"{BOARD}/items/<int:item>", "organization_projects:read", boards.show_item),
    Route("PATCH", f"{BOARD}/items/<int:item>", "organization_projects:write", boards.edit_item),
    Route("DELETE", f"{BOARD}/items/<int:item>", "organization_projects:write", boards.delete_item),
    Route("POST", f"{BOARD}/drafts", "organization_projects:write", boards.add_draft),
    Route("POST", f"{BOARD}/views", "organization_projects:write", boards.create_view),
    Route("GET", f"{BOARD}/views/<int:view>/items", "organization_projects:read", boards.view_items),
    Route("GET", REPO, "metadata:read", repository.show),
    Route("PATCH", REPO, "administration:write", repository.edit),
    Route("GET", f"{REPO}/labels", "issues:read", repository.labels),
    Route("POST", f"{REPO}/labels", "issues:write", repository.create_label),
    Route("GET", f"{REPO}/labels/<path:name>", "issues:read", repository.show_label),
    Route("PATCH", f"{REPO}/labels/<path:name>", "issues:write", repository.edit_label),
    Route("DELETE", f"{REPO}/labels/<path:name>", "issues:write", repository.delete_label),
    Route("GET", f"{REPO}/contents/", "contents:read", files.read),
    Route("GET", f"{REPO}/contents/<path:path>", "contents:read", files.read),
    Route("PUT", f"{REPO}/contents/<path:path>", "contents:write", files.write),
    Route("DELETE", f"{REPO}/contents/<path:path>", "contents:write", files.delete),
    Route("GET", f"{REPO}/commits", "contents:read", files.commits),
    Route("GET", COMMIT, "contents:read", files.show_commit),
    Route("GET", f"{COMMIT}/pulls", "pull_requests:read", files.pulls),
    Route("GET", f"{COMMIT}/comments", "contents:read", files.comments),
    Route("POST", f"{COMMIT}/comments", "contents:read", files.comment),
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
    Route("GET", f"{ISSUE}/timeline", "issues:read", timeline.timeline),
    Route("GET", f"{ISSUE}/events", "issues:read", timeline.events),
    Route("GET", f"{ISSUE}/comments", "issues:read", comments.listing),
    Route("POST", f"{ISSUE}/comments", "issues:write", comments.create),
    Route("GET", f"{REPO}/issues/comments", "issues:read", comments.of_repository),
    Route("GET", COMMENT, "issues:read", comments.show),
    Route("PATCH", COMMENT, "issues:write", comments.edit),
    Route("DELETE", COMMENT, "issues:write", comments.delete),
    Route("PUT", f"{COMMENT}/pin", "issues:write", comments.pin),
    Route("DELETE", f"{COMMENT}/pin", "issues:write", comments.unpin),
    Route("GET", f"{COMMENT}/reactions", "issues:read", comments.reactions),
    Route("POST", f"{COMMENT}/reactions", "issues:write", comments.react),
    Route("DELETE", f"{COMMENT}/reactions/<int:reaction>", "issues:write", comments.unreact),
)
