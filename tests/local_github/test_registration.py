"""An App from its manifest to its first token: the form, the code, the secrets, the installation."""

import json
import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from local_github.server import Sandbox

SETTINGS = "/organizations/dnum/settings/apps"
MANIFEST = {
    "name": "Comité produit",
    "url": "https://jalon.example",
    "hook_attributes": {"url": "https://jalon.example/webhooks/github"},
    "redirect_url": "https://jalon.example/setup/callback?etape=2",
    "public": False,
    "default_permissions": {"issues": "write", "organization_projects": "write", "members": "read"},
    "default_events": ["issues", "issue_comment", "projects_v2_item", "label"],
}


@pytest.fixture
def hub():
    people = [{"login": "directrice", "role": "admin"}, {"login": "techno", "role": "write"}]
    bare = {"organisation": "dnum", "repository": {"name": "produits"}, "people": people}
    running = Sandbox({**bare, "app": {"slug": "personne", "installed": False}})
    running.hold = True
    running.start()
    yield running
    running.stop()


@pytest.fixture
def web(hub):
    """send(method, path, …) without following redirections."""
    with requests.Session() as session:
        session.trust_env = False
        yield lambda method, path, **more: session.request(
            method, hub.url + path, allow_redirects=False, timeout=60, **more
        )


def propose(web, **change):
    form = {"manifest": json.dumps(MANIFEST | change)}
    return web(
        "POST",
        f"{SETTINGS}/new?state=abc",
        data=form,
        headers={"Origin": "https://jalon.example"},
    )


def agree(web, page, login="directrice", origin=None):
    hidden = {
        name: unescape(value) for name, value in re.findall(r'name="(manifest|state)" value="([^"]*)"', page.text)
    }
    headers = {"Origin": origin} if origin else {}
    return web("POST", f"{SETTINGS}/create", data=hidden, headers=headers, cookies={"identite": login})


def test_the_whole_way(hub, web):
    page = propose(web)
    assert page.status_code == 200
    assert "form-action 'self' https://jalon.example;" in page.headers["Content-Security-Policy"]
    assert "organization_projects" in page.text
    back = urlsplit(agree(web, page).headers["Location"])
    given = parse_qs(back.query)
    assert (back.netloc, given["state"], given["etape"]) == ("jalon.example", ["abc"], ["2"])
    answer = web("POST", f"/app-manifests/{given['code'][0]}/conversions")
    app = answer.json()
    assert (answer.status_code, app["slug"], app["name"]) == (201, "comit-produit", "Comité produit")
    assert app["permissions"] == {"metadata": "read", **MANIFEST["default_permissions"]}
    assert app["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert web("POST", f"/app-manifests/{given['code'][0]}/conversions").status_code == 404, "a code is good once"
    install_and_use(hub, web, app)


def install_and_use(hub, web, app):
    def own(method, path):
        claims = {"iss": str(app["id"]), "iat": hub_time() - 30, "exp": hub_time() + 300}
        token = jwt.encode(claims, app["pem"], "RS256")
        return web(method, path, headers={"Authorization": f"Bearer {token}"})

    assert own("GET", "/app").json()["name"] == "Comité produit"
    assert own("GET", "/app/installations").json() == []
    assert own("GET", "/repos/dnum/produits/installation").status_code == 404
    installation = urlsplit(app["html_url"]).path + "/installations/new"
    assert web("GET", installation).status_code == 200
    assert web("POST", installation, cookies={"identite": "techno"}).status_code == 403
    assert web("POST", installation, cookies={"identite": "directrice"}).status_code == 303
    [(headers, body)] = hub.take_held()
    assert (headers["X-GitHub-Event"], json.loads(body)["action"]) == ("installation", "created")
    number = own("GET", "/repos/dnum/produits/installation").json()["id"]
    assert own("POST", f"/app/installations/{number}/access_tokens").json()["token"].startswith("ghs_")
    assert hub.environment()["JALON_APP_ID"] == str(app["id"])


def hub_time():

    return int(time.time())


def test_only_an_administrator_agrees_and_from_the_page_itself(web):
    page = propose(web)
    assert agree(web, page, login="techno").status_code == 403
    assert agree(web, page, origin="https://ailleurs.example").status_code == 403
    assert web("POST", "/app-manifests/faux/conversions").status_code == 404
    assert web("POST", "/organizations/autre/settings/apps/new", data={"manifest": "{}"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"redirect_url": "jalon"}, "redirect_url is not a web address"),
        ({"surprise": 1}, "unknown surprise"),
        ({"default_events": ["push"]}, "Default events unsupported: push"),
        ({"default_permissions": {"issues": "tout"}}, "Default permission records is invalid"),
        ({"name": "x" * 35}, "Name is too long"),
        ({"hook_attributes": {"url": "nulle part"}}, "hook_attributes.url is not a web address"),
        ({"callback_urls": ["https://x.example"] * 11}, "too many callback_urls"),
    ],
)
def test_a_manifest_with_a_mistake_is_refused_with_a_reason(web, change, says):
    answer = propose(web, **change)
    assert answer.status_code == 422
    assert says in unescape(answer.text)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_what_is_no_manifest_is_refused(web, text):
    assert web("POST", f"{SETTINGS}/new", data={"manifest": text}).status_code == 422
