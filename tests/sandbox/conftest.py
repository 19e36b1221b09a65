import json

import pytest
import requests
from github import Auth, Github, GithubIntegration

from app.sandbox.server import Sandbox
from tests.sandbox.seed import seed

QUIET = {"seconds_between_requests": None, "seconds_between_writes": None, "retry": None}
REPO = "/repos/dnum/produits"


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
            return session.request(method, sandbox.url + path, headers=all_headers, params=params, data=data, timeout=5)

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
