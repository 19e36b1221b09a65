"""One of each: every route of the local GitHub called with success, and refused in the ways it can refuse."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import requests

from local_github.registration import read_manifest
from local_github.rest.routes import ROUTES, Route
from local_github.server import Sandbox

REPO, ORG = "/repos/dnum/produits", "/orgs/dnum"
OWNER, WRITER, READER = "directrice", "techno", "visiteur"
EVERYTHING = {
    "issues": "write",
    "metadata": "read",
    "contents": "write",
    "organization_projects": "write",
    "members": "write",
    "pull_requests": "read",
    "administration": "write",
}


class Client:
    """Calls as anyone; `app` signs as the App, `bot` holds a token of its installation."""

    def __init__(self, hub: Sandbox, version: str) -> None:
        self._hub, self._version, self._session = hub, version, requests.Session()
        self._session.trust_env = False

    def __call__(self, who: str, method: str, path: str, body: Any = None, /, **params: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._token(who)}", "X-GitHub-Api-Version": self._version}
        if who == "nobody":
            del headers["Authorization"]
        raw = None if body is None else json.dumps(body)
        sent = self._session.request(method, self._hub.url + path, headers=headers, data=raw, params=params, timeout=60)
        return sent.json() if sent.content else None

    def _token(self, who: str) -> str:
        app = self._hub.world.app
        if who == "app":
            now = int(time.time())
            return jwt.encode({"iss": str(app.id), "iat": now - 30, "exp": now + 300}, app.private_key, "RS256")
        return self._hub.doorman.new_token(None)[0] if who == "bot" else f"sandbox-{who}"

    def close(self) -> None:
        self._session.close()


def play(hub: Sandbox, version: str) -> None:
    """Leaves the sandbox with a little of everything."""
    call = Client(hub, version)
    try:
        hub.world.app.permissions = dict(EVERYTHING)
        _people(call)
        _repository(call, hub)
        number = _issues(call)
        _comments(call, number)
        _boards(call, hub, number)
        _application(call, hub)
        _refusals(call)
        _places(call, hub)
    finally:
        call.close()


def _people(call: Client) -> None:
    call(READER, "GET", "/user")
    call("bot", "GET", f"/users/{WRITER}")
    call("bot", "GET", "/users/jalon[bot]")
    call(READER, "GET", "/rate_limit")
    call(READER, "GET", ORG)
    call(OWNER, "GET", f"{ORG}/repos")
    call(OWNER, "POST", f"{ORG}/teams", {"name": "Jury", "maintainers": [WRITER]})
    call(OWNER, "PATCH", f"{ORG}/teams/jury", {"name": "Jury"})
    call(OWNER, "PATCH", f"{ORG}/teams/jury", {"name": "Jury d’été"})
    call("bot", "GET", f"{ORG}/teams")
    team = f"{ORG}/teams/jury-dete"
    call("bot", "GET", team)
    call(OWNER, "PUT", f"{team}/memberships/{READER}", {"role": "member"})
    call("bot", "GET", f"{team}/members")
    call("bot", "GET", f"{team}/memberships/{READER}")
    call("bot", "GET", f"{team}/memberships/{OWNER}")
    call(OWNER, "DELETE", f"{team}/memberships/{READER}")
    call(OWNER, "DELETE", team)
    call(WRITER, "GET", f"{REPO}/collaborators/{READER}/permission")


def _repository(call: Client, hub: Sandbox) -> None:
    call("bot", "GET", REPO)
    call(OWNER, "GET", "/repos/dnum/autre")
    call("bot", "GET", "/repos/dnum/autre")
    call(WRITER, "POST", f"{REPO}/labels", {"name": "à suivre", "color": "112233", "description": "Un mot"})
    call(WRITER, "POST", f"{REPO}/labels", {"name": "À SUIVRE", "color": "112233"})
    call(WRITER, "PATCH", f"{REPO}/labels/à suivre", {"new_name": "suivi", "color": "445566"})
    call("bot", "GET", f"{REPO}/labels")
    call("bot", "GET", f"{REPO}/labels/suivi")
    call(WRITER, "DELETE", f"{REPO}/labels/suivi")
    file, text = f"{REPO}/contents/docs/guide.md", base64.b64encode("Été".encode()).decode()
    made = call(WRITER, "PUT", file, {"message": "Guide", "content": text})
    sha = made["content"]["sha"]
    call(WRITER, "PUT", file, {"message": "Guide", "content": text, "sha": "0" * 40})
    call(WRITER, "PUT", file, {"message": "Guide", "content": text, "sha": sha, "branch": "main"})
    for path in ("", "docs", "docs/guide.md", "absent"):
        call("bot", "GET", f"{REPO}/contents/{path}")
    commit = call("bot", "GET", f"{REPO}/commits", path="docs/guide.md")[0]["sha"]
    call("bot", "GET", f"{REPO}/commits/{commit}")
    call("bot", "GET", f"{REPO}/commits/{'0' * 40}")
    call("bot", "GET", f"{REPO}/commits/{commit}/pulls")
    call("bot", "POST", f"{REPO}/commits/{commit}/comments", {"body": "Ligne 1", "path": "docs/guide.md", "line": 1})
    call("bot", "GET", f"{REPO}/commits/{commit}/comments")
    call(WRITER, "DELETE", file, {"message": "Fin", "sha": sha})
    pull = hub.world.merge_file(WRITER, "docs/regles.md", "Neuf", "Revoir les règles")
    call("bot", "GET", f"{REPO}/commits/{pull.sha}/pulls")
    call("bot", "GET", f"{REPO}/issues/{pull.number}")
    call("bot", "POST", f"{REPO}/issues/{pull.number}/comments", {"body": "Une ligne manque"})
    call("bot", "GET", f"{REPO}/issues/{pull.number}/comments")


def _issues(call: Client) -> int:
    asked = {"title": "Un produit", "body": "Le corps", "labels": ["produit"], "assignees": [WRITER]}
    number = int(call(WRITER, "POST", f"{REPO}/issues", asked)["number"])
    issue = f"{REPO}/issues/{number}"
    call("bot", "GET", f"{REPO}/issues", state="all", labels="produit")
    call("bot", "GET", issue)
    call(WRITER, "PATCH", issue, {"title": "Autre", "body": "autre"})
    call(WRITER, "PATCH", issue, {"state": "closed", "state_reason": "not_planned"})
    call(WRITER, "PATCH", issue, {"state": "open"})
    call(WRITER, "POST", f"{issue}/assignees", {"assignees": [READER]})
    call(WRITER, "DELETE", f"{issue}/assignees", {"assignees": [READER]})
    call("bot", "GET", f"{issue}/labels")
    call("bot", "POST", f"{issue}/labels", {"labels": ["Phase : idée"]})
    call("bot", "DELETE", f"{issue}/labels/produit")
    call("bot", "DELETE", f"{issue}/labels/produit")
    call("bot", "PUT", f"{issue}/labels", {"labels": ["produit"]})
    call(WRITER, "DELETE", f"{issue}/labels")
    call("bot", "POST", f"{issue}/labels", {"labels": ["produit"]})
    return number


def _comments(call: Client, number: int) -> None:
    issue = f"{REPO}/issues/{number}"
    said = call("bot", "POST", f"{issue}/comments", {"body": "Bonjour"})["id"]
    comment = f"{REPO}/issues/comments/{said}"
    call("bot", "GET", f"{issue}/comments")
    call("bot", "GET", f"{REPO}/issues/comments")
    call("bot", "PATCH", comment, {"body": "Bonsoir"})
    call("bot", "PUT", f"{comment}/pin")
    call(READER, "GET", comment)
    call("bot", "DELETE", f"{comment}/pin")
    call("bot", "POST", f"{comment}/reactions", {"content": "+1"})
    call("bot", "POST", f"{comment}/reactions", {"content": "+1"})
    given = call("bot", "GET", f"{comment}/reactions")
    call("bot", "DELETE", f"{comment}/reactions/{given[0]['id']}")
    call("bot", "DELETE", f"{comment}/reactions/{given[0]['id']}")
    call("bot", "GET", f"{issue}/timeline")
    call("bot", "GET", f"{issue}/events")
    call("bot", "POST", f"{issue}/comments", {"body": "x" * 65_537})
    call("bot", "DELETE", comment)
    call("bot", "POST", f"{issue}/comments", {"body": "Encore"})


def _boards(call: Client, hub: Sandbox, number: int) -> None:
    made = hub.world.create_board(OWNER, "Suivi")
    board = f"{ORG}/projectsV2/{made.number}"
    hub.world.update_status(OWNER, made.number, {"status": "ON_TRACK", "body": "Tout va"})
    call("bot", "GET", f"{ORG}/projectsV2", q="suivi")
    call("bot", "GET", board)
    for field in (
        {"name": "Note", "data_type": "text"},
        {"name": "Phase", "data_type": "single_select", "single_select_options": [{"name": "Idée"}, {"name": "POC"}]},
        {
            "name": "Cycle",
            "data_type": "iteration",
            "iteration_configuration": {
                "start_date": "2026-11-23",
                "duration": 14,
                "iterations": [{"title": "C1", "start_date": "2026-11-23", "duration": 14}],
            },
        },
    ):
        call(OWNER, "POST", f"{board}/fields", field)
    fields = {item["name"]: item for item in call("bot", "GET", f"{board}/fields", per_page=100)}
    phase = fields["Phase"]
    call("bot", "GET", f"{board}/fields/{phase['id']}")
    issue = call("bot", "GET", f"{REPO}/issues/{number}")["id"]
    item = call("bot", "POST", f"{board}/items", {"type": "Issue", "id": issue})["id"]
    draft = call(OWNER, "POST", f"{board}/drafts", {"title": "Un brouillon", "body": "à suivre"})["id"]
    option = phase["options"][1]["id"]
    changes = [{"id": phase["id"], "value": option}, {"id": fields["Note"]["id"], "value": "vu"}]
    call("bot", "PATCH", f"{board}/items/{item}", {"fields": changes})
    call("bot", "PATCH", f"{board}/items/{item}", {"fields": [{"id": phase["id"], "value": None}]})
    call("bot", "PATCH", f"{board}/items/{item}", {"fields": [{"id": phase["id"], "value": "faux"}]})
    call("bot", "GET", f"{board}/items/{item}", fields=f"{phase['id']},{fields['Note']['id']}")
    call("bot", "GET", f"{board}/items")
    view = {"name": "Tableau", "layout": "board", "filter": "is:open", "vertical_group_by": [phase["id"]]}
    shown = call(OWNER, "POST", f"{board}/views", view)["number"]
    call("bot", "GET", f"{board}/views/{shown}/items")
    call("bot", "DELETE", f"{board}/items/{draft}")


def _application(call: Client, hub: Sandbox) -> None:
    call("app", "GET", "/app")
    installation = call("app", "GET", "/app/installations")[0]["id"]
    call("app", "GET", f"/app/installations/{installation}")
    call("app", "GET", f"{REPO}/installation")
    call("app", "GET", f"{ORG}/installation")
    call(OWNER, "GET", f"{ORG}/installations")
    call("app", "POST", f"/app/installations/{installation}/access_tokens", {"permissions": {"issues": "read"}})
    call("app", "POST", f"/app/installations/{installation}/access_tokens", {"permissions": {"secrets": "write"}})
    call("app", "POST", f"/app/installations/{installation}/access_tokens", {"repositories": ["produits"]})
    call("bot", "GET", "/installation/repositories")
    _in_a_person_s_name(call, hub)
    hub.deliver, hub.hold = lambda headers, body: 202, False
    hub.wait_delivered()
    delivery = call("app", "GET", "/app/hook/deliveries", per_page=100)[0]["id"]
    call("app", "GET", f"/app/hook/deliveries/{delivery}")
    call("app", "POST", f"/app/hook/deliveries/{delivery}/attempts")
    hub.wait_delivered()
    hub.deliver, hub.hold = None, True


def _in_a_person_s_name(call: Client, hub: Sandbox) -> None:
    """What the App says for somebody, and what it does with the token it holds."""
    call(f"{WRITER}@{hub.world.app.slug}", "POST", f"{REPO}/issues/1/comments", {"body": "Bonjour"})
    call(WRITER, "GET", f"{REPO}/issues/1/comments")
    call(WRITER, "GET", f"{REPO}/issues/1/timeline")
    app, signins = hub.world.app, hub.doorman.signins
    token = signins.granted(hub.world.person(WRITER), app)["access_token"]
    where, pair = f"{hub.url}/applications/{app.client_id}/token", (app.client_id, app.client_secret)
    for method in ("POST", "DELETE", "POST", "DELETE"):
        requests.request(method, where, json={"access_token": token}, auth=pair, timeout=60)


def _places(call: Client, hub: Sandbox) -> None:
    """Names that change, an archived repository, a suspended installation."""
    call("app", "GET", "/app/hook/config")
    call("app", "GET", "/meta")
    call(OWNER, "PATCH", REPO, {"name": "projets"})
    call("bot", "GET", REPO)
    call("bot", "POST", f"{REPO}/issues/1/comments", {"body": "Encore"})
    call(OWNER, "PATCH", "/repos/dnum/projets", {"name": "produits"})
    call(OWNER, "PATCH", REPO, {"archived": True})
    call("bot", "GET", REPO)
    call("bot", "POST", f"{REPO}/issues", {"title": "Trop tard"})
    call(OWNER, "PATCH", REPO, {"archived": False})
    call(READER, "PATCH", REPO, {"archived": True})
    installation = f"/app/installations/{hub.world.app.installation_id}"
    call("app", "PUT", f"{installation}/suspended")
    call("app", "GET", installation)
    call("app", "POST", f"{installation}/access_tokens")
    call("app", "DELETE", f"{installation}/suspended")


def register(hub: Sandbox, version: str) -> None:
    """Last: it replaces the App."""
    site = "https://jalon.example"
    manifest = {
        "name": "Comite",
        "url": site,
        "redirect_url": f"{site}/retour",
        "hook_attributes": {"url": f"{site}/h"},
    }
    code = hub.doorman.registrations.accept(OWNER, read_manifest(json.dumps(manifest)))
    call = Client(hub, version)
    call("nobody", "POST", f"/app-manifests/{code}/conversions")
    call("nobody", "POST", f"/app-manifests/{code}/conversions")
    call.close()


SAMPLES = {
    "client": "Iv1.inconnu",
    "owner": "dnum", "repo": "produits", "org": "dnum", "team": "comite-produit", "login": WRITER, "number": "1",
    "comment": "1", "sha": "0" * 40, "project": "1", "field": "1", "item": "1", "view": "1", "name": "produit",
    "path": ".github/jalon.yml", "installation": "1", "delivery": "1", "code": "faux", "reaction": "1",
}  # fmt: skip


def concrete(route: Route) -> str:
    """The route's path with something in place of each variable."""
    parts = route.path.split("<")
    return parts[0] + "".join(
        SAMPLES[part.partition(">")[0].rpartition(":")[2]] + part.partition(">")[2] for part in parts[1:]
    )


def _refusals(call: Client) -> None:
    """Every route without a good token, and for what does not exist."""
    for route in ROUTES:
        if route.needs != "public":
            call("inconnu", route.method, concrete(route))
    call(READER, "GET", "/nowhere")
    call(READER, "GET", f"{REPO}/issues/9999")
    call(READER, "GET", f"{ORG}/projectsV2/9999")
    call(READER, "PATCH", f"{REPO}/issues/1", {"state": "closed"})
    call(READER, "POST", f"{REPO}/issues", {"title": "x", "surprise": 1})
    call(READER, "POST", f"{REPO}/issues", {"title": " "})
    call("bot", "GET", "/user")
    call("bot", "GET", "/app")
