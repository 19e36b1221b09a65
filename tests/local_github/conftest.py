import json

import flask
import pytest
import requests
from github import Auth, Github, GithubIntegration

from local_github import pages
from local_github.server import Sandbox
from local_github.world import World
from tests.local_github.seed import seed

QUIET = {"seconds_between_requests": None, "seconds_between_writes": None, "retry": None}
REPO = "/repos/dnum/produits"
FORM = """
name: Nouveau produit
description: Présenter une idée
labels: [produit, absente]
body:
  - {type: markdown, attributes: {value: "## Le besoin"}}
  - {type: input, attributes: {label: Vision, description: "En **une** phrase"}, validations: {required: true}}
  - {type: textarea, attributes: {label: Problème}}
  - {type: textarea, attributes: {label: Journal, render: shell}}
  - {type: dropdown, attributes: {label: Données, options: ["Oui", "Non"]}}
  - {type: dropdown, attributes: {label: Pistes, multiple: true, options: [Réutiliser, Adapter, Acheter]}}
  - {type: dropdown, attributes: {label: Échéance, options: ["Demain"]}}
  - {type: checkboxes, attributes: {label: Aide, options: [{label: Design}, {label: Sécurité}]}}
  - {type: input, attributes: {label: Autre}}
"""


@pytest.fixture
def sandbox():
    running = Sandbox(seed())
    running.hold = True
    running.start()
    yield running
    running.stop()


@pytest.fixture
def call(sandbox):
    """REST as a person: call("techno", "GET", path, key=value…) -> requests.Response."""
    with requests.Session() as session:
        session.trust_env = False

        def send(login, method, path, headers=None, params=None, raw=None, **body):
            token = login if "_" in login or "." in login else f"sandbox-{login}"
            all_headers = {"Authorization": f"token {token}", **(headers or {})}
            data = raw if raw is not None else (json.dumps(body).encode() if body else None)
            return session.request(
                method, sandbox.url + path, headers=all_headers, params=params, data=data, timeout=60
            )

        yield send


@pytest.fixture
def integration(sandbox):
    env = sandbox.environment()
    auth = Auth.AppAuth(int(env["JALON_APP_ID"]), env["JALON_PRIVATE_KEY"])
    app = GithubIntegration(auth=auth, base_url=sandbox.url, **QUIET)
    yield app
    app.close()


@pytest.fixture
def bot(integration):
    installed = integration.get_repo_installation("dnum", "produits")
    client = integration.get_github_for_installation(installed.id)
    yield client
    client.close()


@pytest.fixture
def token(integration):
    return integration.get_access_token(integration.get_repo_installation("dnum", "produits").id).token


@pytest.fixture
def person(sandbox):
    opened = []

    def client(login):
        opened.append(Github(auth=Auth.Token(f"sandbox-{login}"), base_url=sandbox.url, **QUIET))
        return opened[-1]

    yield client
    for one in opened:
        one.close()


# pages, as Flask serves them


@pytest.fixture
def world():
    world = World.from_seed(seed())
    world.files[".github/ISSUE_TEMPLATE/produit.yml"] = FORM
    world.files[".github/ISSUE_TEMPLATE/casse.yml"] = "body: ["
    world.files[".github/ISSUE_TEMPLATE/config.yml"] = (
        "contact_links: [{name: Guide, url: 'https://guide.example/', about: À lire}, {name: Piège, url: 'javascript:1'}]"
    )
    return world


@pytest.fixture
def web(world):
    site = flask.Flask("site")
    site.register_blueprint(pages.blueprint(world))
    return site.test_client()


@pytest.fixture
def seen(web):
    """The page as one person sees it: seen(path, login) -> HTML."""

    def page(path, login="cheffe-produit"):
        assert web.post("/_sandbox/identite", data={"identite": login}).status_code == 303
        answer = web.get(path)
        assert answer.status_code == 200
        return answer.text

    return page
