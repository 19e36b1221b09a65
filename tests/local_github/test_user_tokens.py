"""An App acts in a person's name within both their rights, and everything it makes bears its name beside theirs."""

from __future__ import annotations

import json

import pytest
import requests

from local_github.server import Sandbox
from tests.local_github.seed import seed

REPO = "/repos/dnum/produits"
BACK = "http://127.0.0.1:9/retour"
OTHER = {"slug": "redacteur", "permissions": {"issues": "write", "metadata": "read"}}
ADD = "mutation($i: AddCommentInput!) { addComment(input: $i) { commentEdge { node { author { login } } } } }"


@pytest.fixture
def hub():
    stranger = {"login": "etrangere", "role": "none", "name": "Sans accès"}
    shape = {**seed(), "people": [*seed()["people"], stranger], "other_apps": [OTHER]}
    running = Sandbox({**shape, "app": {**seed()["app"], "callback_paths": ["/retour"]}}, app_url="http://127.0.0.1:9")
    running.hold = True
    running.start()
    running.world.open_issue("cheffe-produit", "Un produit", "corps")
    running.take_held()
    yield running
    running.stop()


def call(hub, token, method, path, body=None):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{hub.url}{path}", json=body, headers=headers, timeout=30)


def granted(hub, login="techno"):
    """The pair a sign-in is worth."""
    signins, app = hub.doorman.signins, hub.world.app
    code = signins.agree(login, signins.asked({"client_id": app.client_id, "redirect_uri": BACK}))
    return asked(hub, code=code, redirect_uri=BACK)


def asked(hub, **given):
    app = hub.world.app
    known = {"client_id": app.client_id, "client_secret": app.client_secret}
    where, accept = f"{hub.url}/login/oauth/access_token", {"Accept": "application/json"}
    return requests.post(where, known | given, headers=accept, timeout=30).json()


def payloads(hub, event):
    return [json.loads(body) for headers, body in hub.take_held() if headers["X-GitHub-Event"] == event]


def test_what_an_app_says_in_a_persons_name_bears_both_names_everywhere(hub):
    token = granted(hub)["access_token"]
    said = call(hub, token, "POST", f"{REPO}/issues/1/comments", {"body": "/go"}).json()
    filed = call(hub, token, "POST", f"{REPO}/issues", {"title": "Un autre", "labels": ["produit"]}).json()
    shown = call(hub, "sandbox-techno", "GET", f"{REPO}/issues/comments/{said['id']}").json()
    (sent,) = payloads(hub, "issue_comment")
    for item in (said, filed, shown, sent["comment"]):
        assert (item["user"]["login"], item["user"]["type"]) == ("techno", "User")
        assert item["performed_via_github_app"]["slug"] == "jalon"
        assert item["performed_via_github_app"]["client_id"] == hub.world.app.client_id
    assert (sent["sender"]["login"], sent["sender"]["type"]) == ("techno", "User")
    timeline = call(hub, "sandbox-techno", "GET", f"{REPO}/issues/{filed['number']}/timeline").json()
    assert {line["performed_via_github_app"]["slug"] for line in timeline} == {"jalon"}


def test_what_a_person_says_bears_their_name_alone(hub):
    granted(hub)
    said = call(hub, "sandbox-techno", "POST", f"{REPO}/issues/1/comments", {"body": "/go"}).json()
    (sent,) = payloads(hub, "issue_comment")
    assert said["performed_via_github_app"] is sent["comment"]["performed_via_github_app"] is None


def test_the_graph_acts_in_a_persons_name_too(hub):
    token, issue = granted(hub)["access_token"], hub.world.issue(1)
    asked_for = {"query": ADD, "variables": {"i": {"subjectId": issue.node_id, "body": "/go"}}}
    node = call(hub, token, "POST", "/graphql", asked_for).json()["data"]["addComment"]["commentEdge"]["node"]
    assert node["author"]["login"] == "techno"
    (said,) = call(hub, token, "GET", f"{REPO}/issues/1/comments").json()
    assert said["performed_via_github_app"]["slug"] == "jalon"
    assert hub.world.through == 0


def test_another_app_is_named_whether_it_writes_for_a_person_or_for_itself(hub):
    said = call(hub, "sandbox-directrice@redacteur", "POST", f"{REPO}/issues/1/comments", {"body": "/go"}).json()
    hub.world.comment("redacteur[bot]", 1, "Bonjour")
    own = call(hub, "sandbox-directrice", "GET", f"{REPO}/issues/1/comments").json()[1]
    assert said["user"]["login"] == "directrice"
    assert said["performed_via_github_app"]["slug"] == own["performed_via_github_app"]["slug"] == "redacteur"
    assert said["performed_via_github_app"]["id"] != hub.world.app.id
    assert call(hub, "sandbox-secu@inconnue", "GET", f"{REPO}/issues/1").status_code == 401


@pytest.mark.parametrize(
    ("login", "permission", "method", "path", "body", "status"),
    [
        ("visiteur", "write", "POST", f"{REPO}/issues/1/comments", {"body": "Bonjour"}, 201),
        ("visiteur", "write", "POST", f"{REPO}/issues/1/labels", ["produit"], 403),
        ("techno", "write", "POST", f"{REPO}/issues/1/labels", ["produit"], 200),
        ("techno", "read", "POST", f"{REPO}/issues/1/comments", {"body": "Bonjour"}, 403),
        ("techno", "read", "GET", f"{REPO}/issues/1/comments", None, 200),
        ("techno", "write", "PUT", f"{REPO}/contents/a.txt", {"message": "m", "content": "YQ=="}, 403),
        ("etrangere", "write", "POST", f"{REPO}/issues/1/comments", {"body": "Bonjour"}, 404),
    ],
)
def test_neither_right_is_enough_alone(hub, login, permission, method, path, body, status):
    hub.world.app.permissions = {"metadata": "read", "issues": permission}
    answer = call(hub, granted(hub, login)["access_token"], method, path, body)
    assert answer.status_code == status
    if permission == "read" and status == 403:
        assert answer.json()["message"] == "Resource not accessible by integration"


@pytest.mark.parametrize("login", ["techno", "etrangere"])
def test_the_graph_refuses_what_either_lacks(hub, login):
    hub.world.app.permissions = {"metadata": "read", "issues": "read" if login == "techno" else "write"}
    asked_for = {"query": ADD, "variables": {"i": {"subjectId": hub.world.issue(1).node_id, "body": "/go"}}}
    (error,) = call(hub, granted(hub, login)["access_token"], "POST", "/graphql", asked_for).json()["errors"]
    assert error["type"] == ("FORBIDDEN" if login == "techno" else "NOT_FOUND")
    read = {"query": '{ repository(owner: "dnum", name: "produits") { name } }'}
    answer = call(hub, granted(hub, login)["access_token"], "POST", "/graphql", read).json()
    assert ("errors" in answer) == (login == "etrangere")
    assert hub.world.issue(1).comments == []


def test_an_app_that_left_or_is_suspended_acts_for_nobody(hub):
    token = granted(hub)["access_token"]
    for change in ({"suspended_at": "2026-11-20T10:00:00Z"}, {"suspended_at": None, "installed": False}):
        for name, value in change.items():
            setattr(hub.world.app, name, value)
        assert call(hub, token, "POST", f"{REPO}/issues/1/comments", {"body": "/go"}).status_code == 403
        assert call(hub, token, "GET", "/user").json()["login"] == "techno"


def test_a_pair_is_refreshed_once_and_the_former_is_good_no_more(hub):
    first = granted(hub)
    second = asked(hub, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert set(second) == set(first)
    assert call(hub, first["access_token"], "GET", "/user").status_code == 401
    assert call(hub, second["access_token"], "GET", "/user").json()["login"] == "techno"
    again = asked(hub, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert again["error"] == "bad_refresh_token"
    wrong = asked(hub, grant_type="refresh_token", refresh_token=second["refresh_token"], client_secret="faux")
    assert wrong["error"] == "incorrect_client_credentials"


def test_a_token_ends_after_eight_hours_and_its_refresh_after_six_months(hub):
    now = [0.0]
    hub.doorman.signins.clock = lambda: now[0]
    pair = granted(hub)
    now[0] = 8 * 3600
    assert call(hub, pair["access_token"], "GET", "/user").status_code == 401
    pair = asked(hub, grant_type="refresh_token", refresh_token=pair["refresh_token"])
    now[0] += pair["refresh_token_expires_in"]
    assert asked(hub, grant_type="refresh_token", refresh_token=pair["refresh_token"])["error"] == "bad_refresh_token"


def test_an_app_gives_a_token_back(hub):
    app, pair = hub.world.app, granted(hub)
    where, sent = f"{hub.url}/applications/{app.client_id}/token", {"access_token": pair["access_token"]}
    assert requests.delete(where, json=sent, timeout=30).status_code == 401
    assert requests.delete(where, json=sent, auth=(app.client_id, "faux"), timeout=30).status_code == 401
    own = (app.client_id, app.client_secret)
    assert requests.post(where, json=sent, auth=own, timeout=30).json()["user"]["login"] == "techno"
    assert requests.delete(where, json=sent, auth=own, timeout=30).status_code == 204
    assert requests.post(where, json=sent, auth=own, timeout=30).status_code == 404
    assert requests.delete(where, json=sent, auth=own, timeout=30).status_code == 422
    assert call(hub, pair["access_token"], "GET", "/user").status_code == 401
    again = asked(hub, grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert again["error"] == "bad_refresh_token"


def test_a_person_takes_their_agreement_back_and_the_app_hears_of_it(hub):
    token = granted(hub)["access_token"]
    kept = granted(hub, "directrice")["access_token"]
    browser = requests.Session()
    browser.post(f"{hub.url}/_sandbox/identite", {"identite": "techno"}, timeout=30)
    where = f"{hub.url}/settings/apps/authorizations"
    assert "Retirer l’accord donné à jalon" in browser.get(where, timeout=30).text
    hub.take_held()
    assert "Aucune App" in browser.post(where, {"app": "jalon"}, timeout=30).text
    assert call(hub, token, "GET", "/user").status_code == 401
    assert call(hub, kept, "GET", "/user").status_code == 200
    (sent,) = payloads(hub, "github_app_authorization")
    assert (sent["action"], sent["sender"]["login"]) == ("revoked", "techno")
    browser.close()


def test_a_token_stays_with_the_account_whatever_it_is_called(hub):
    token = granted(hub)["access_token"]
    hub.world.rename_account("techno", "technologie")
    hub.world.sign_up("techno")
    assert call(hub, token, "GET", "/user").json()["login"] == "technologie"
