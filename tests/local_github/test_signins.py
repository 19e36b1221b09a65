"""The local GitHub lets people sign in to the App's site as strictly as GitHub does."""

from __future__ import annotations

import base64
import hashlib

import pytest
import requests

from app.demo.seed import seed
from local_github.server import Sandbox

BACK = "http://127.0.0.1:9/connexion/retour"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def hub():
    stranger = {"login": "etrangere", "role": "none", "name": "Sans accès"}
    running = Sandbox({**seed(), "people": [*seed()["people"], stranger]}, app_url="http://127.0.0.1:9")
    running.hold = True
    running.start()
    yield running
    running.stop()


def asked(hub, **changes):
    given = {"client_id": hub.world.app.client_id, "redirect_uri": BACK, "state": "s", "code_challenge": CHALLENGE}
    return given | {"code_challenge_method": "S256"} | changes


def code_of(hub, login="design", **changes):
    signins = hub.doorman.signins
    return signins.agree(login, signins.asked(asked(hub, **changes)))


def exchanged(hub, code, accept="application/json", **changes):
    app = hub.world.app
    given = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code, "code_verifier": VERIFIER}
    given |= {"redirect_uri": BACK} | changes
    return requests.post(f"{hub.url}/login/oauth/access_token", given, headers={"Accept": accept}, timeout=30)


def read(hub, token, path, method="GET"):
    return requests.request(method, f"{hub.url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"client_id": "Iv231"}, 404),
        ({"redirect_uri": "http://127.0.0.1:9/ailleurs"}, 400),
        ({"redirect_uri": f"{BACK}/"}, 400),
        ({"redirect_uri": ""}, 200),
        ({"code_challenge": "court"}, 400),
        ({"code_challenge_method": "plain"}, 400),
        ({"code_challenge": "", "code_challenge_method": ""}, 200),
    ],
)
def test_the_page_is_shown_to_the_apps_own_site_alone(hub, changes, status):
    page = requests.get(f"{hub.url}/login/oauth/authorize", asked(hub, **changes), timeout=30)
    assert page.status_code == status
    assert ("Continuer" in page.text) == (status == 200)


def test_the_answer_goes_back_with_the_state(hub):
    where = f"{hub.url}/login/oauth/authorize"
    yes = requests.post(where, asked(hub) | {"identite": "secu"}, allow_redirects=False, timeout=30)
    assert yes.headers["Location"].startswith(f"{BACK}?code=")
    assert yes.headers["Location"].endswith("&state=s")
    no = requests.post(where, asked(hub) | {"annuler": "1"}, allow_redirects=False, timeout=30)
    assert no.headers["Location"].startswith(f"{BACK}?error=access_denied&")
    assert requests.post(where, asked(hub) | {"identite": "personne"}, timeout=30).status_code == 422
    elsewhere = {"Origin": "http://ailleurs.example"}
    refused = requests.post(where, asked(hub) | {"identite": "secu"}, headers=elsewhere, timeout=30)
    assert refused.status_code == 403


def test_a_code_is_worth_one_token_in_githubs_words(hub):
    code = code_of(hub)
    found = exchanged(hub, code).json()
    assert found["access_token"].startswith("ghu_")
    assert {name: found[name] for name in ("expires_in", "token_type", "scope")} == {
        "expires_in": 28800,
        "token_type": "bearer",
        "scope": "",
    }
    assert exchanged(hub, code).json()["error"] == "bad_verification_code"
    assert "access_token=ghu_" in exchanged(hub, code_of(hub), accept="*/*").text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "faux"}, "incorrect_client_credentials"),
        ({"client_id": "Iv231"}, "incorrect_client_credentials"),
        ({"code_verifier": "w" * 64}, "bad_verification_code"),
        ({"code_verifier": ""}, "bad_verification_code"),
        ({"redirect_uri": "http://127.0.0.1:9/ailleurs"}, "redirect_uri_mismatch"),
    ],
)
def test_whoever_stole_a_code_gets_nothing_for_it(hub, changes, error):
    answer = exchanged(hub, code_of(hub), **changes)
    assert (answer.status_code, answer.json()["error"]) == (200, error)


def test_codes_and_tokens_end(hub):
    signins, now = hub.doorman.signins, [0.0]
    signins.clock = lambda: now[0]
    code = code_of(hub)
    now[0] = 600
    assert exchanged(hub, code).json()["error"] == "bad_verification_code"
    token = exchanged(hub, code_of(hub)).json()["access_token"]
    assert read(hub, token, "/user").json()["login"] == "design"
    now[0] += 8 * 3600
    assert read(hub, token, "/user").status_code == 401


def test_a_token_shows_what_both_the_person_and_the_app_may_see(hub):
    token = exchanged(hub, code_of(hub)).json()["access_token"]
    assert read(hub, token, "/repos/dnum/produits").json()["full_name"] == "dnum/produits"
    assert read(hub, token, "/repos/dnum/ailleurs").status_code == 404
    assert read(hub, token, "/repos/dnum/produits/contents/README.md").status_code == 403
    stranger = exchanged(hub, code_of(hub, "etrangere")).json()["access_token"]
    assert read(hub, stranger, "/user").json()["login"] == "etrangere"
    assert read(hub, stranger, "/repos/dnum/produits").status_code == 404
