"""The App, its installation and its deliveries."""

from __future__ import annotations

import base64

from local_github.payloads.accounts import Json, organization, owner, user
from local_github.state import AppRecord, Delivery, State

WITHOUT_REPOSITORY = {"projects_v2", "projects_v2_item", "membership", "team", "installation", "ping"}
WITHOUT_REPOSITORY |= {"github_app_authorization"}


def application(state: State, other: AppRecord | None = None) -> Json:
    app = other or state.app
    return {
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": app.node_id,
        "owner": owner(state),
        "name": app.name or app.slug,
        "description": "",
        "external_url": app.url or state.url,
        "html_url": f"{state.url}/apps/{app.slug}",
        "created_at": app.created_at,
        "updated_at": app.created_at,
        "permissions": app.permissions,
        "events": app.events,
    }


def performed_via(state: State, author: str, via: int) -> Json | None:
    """The App that did something, in its own name or in a person's."""
    app = state.app_behind(author, via)
    return application(state, app) if app else None


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
        "single_file_name": app.single_files[0] if app.single_files else None,
        "has_multiple_single_files": len(app.single_files) > 1,
        "single_file_paths": app.single_files,
        "suspended_by": user(state, app.suspended_by) if app.suspended_by else None,
        "suspended_at": app.suspended_at,
        "created_at": app.created_at,
        "updated_at": app.created_at,
    }


def envelope(state: State, actor: str) -> Json:
    """What closes every payload sent to an App."""
    node = base64.b64encode(f"IntegrationInstallation:{state.app.installation_id}".encode()).decode()
    installed = {"id": state.app.installation_id, "node_id": node}
    return {"organization": organization(state), "sender": user(state, actor), "installation": installed}


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
        "repository_id": None if item.event in WITHOUT_REPOSITORY else state.repository_id,
        "throttled_at": None,
    }
