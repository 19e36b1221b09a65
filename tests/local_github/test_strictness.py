"""Refusals, route by route: who lacks what, and what is not a request GitHub would take."""

import pytest

from local_github.rest.routes import ROUTES
from local_github.state import Refused
from tests.contract.scenario import concrete
from tests.local_github.conftest import REPO

pytestmark = pytest.mark.slow

LEVELS = {"write": "read", "read": None}
PERMISSIONS = [route for route in ROUTES if ":" in route.needs]
FORBIDDEN = "Resource not accessible by integration"


def named(route):
    return f"{route.method} {route.path}"


@pytest.fixture
def lacking(sandbox):
    """Tokens of an installation that may do everything but one thing."""

    def token(needs):
        permission, level = needs.split(":")
        every = {route.needs.partition(":")[0]: "write" for route in PERMISSIONS}
        sandbox.world.app.permissions = {**every, permission: LEVELS[level]}
        if LEVELS[level] is None:
            del sandbox.world.app.permissions[permission]
        return sandbox.doorman.new_token(None)[0]

    return token


@pytest.mark.parametrize("route", PERMISSIONS, ids=named)
def test_an_app_without_the_permission_is_refused(call, lacking, route):
    answer = call(lacking(route.needs), route.method, concrete(route))
    assert (answer.status_code, answer.json()["message"]) == (403, FORBIDDEN)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_wrong_token_is_refused(call, route):
    answer = call("personne_", route.method, concrete(route))
    asks_for_a_secret = "<client>" in route.path
    assert answer.status_code == (404 if route.needs == "public" and not asks_for_a_secret else 401)
    if route.needs == "jwt":
        assert call("directrice", route.method, concrete(route)).status_code == 401


BODIES = [
    ("POST", f"{REPO}/issues", {"title": "x"}),
    ("PATCH", f"{REPO}/issues/1", {"title": "x"}),
    ("POST", f"{REPO}/issues/1/comments", {"body": "x"}),
    ("POST", f"{REPO}/issues/1/labels", {"labels": ["produit"]}),
    ("PUT", f"{REPO}/issues/1/labels", {"labels": ["produit"]}),
    ("POST", f"{REPO}/issues/1/assignees", {"assignees": []}),
    ("DELETE", f"{REPO}/issues/1/assignees", {"assignees": []}),
    ("POST", f"{REPO}/labels", {"name": "x", "color": "ffffff"}),
    ("PATCH", f"{REPO}/labels/produit", {"color": "ffffff"}),
    ("PUT", f"{REPO}/contents/x.md", {"message": "x", "content": ""}),
    ("DELETE", f"{REPO}/contents/.github/jalon.yml", {"message": "x", "sha": "x"}),
    ("POST", f"{REPO}/commits/main/comments", {"body": "x"}),
    ("POST", "/orgs/dnum/teams", {"name": "x"}),
    ("PATCH", "/orgs/dnum/teams/comite-produit", {"name": "x"}),
    ("PUT", "/orgs/dnum/teams/comite-produit/memberships/techno", {"role": "member"}),
    ("POST", "/orgs/dnum/projectsV2/1/fields", {"name": "x", "data_type": "text"}),
    ("POST", "/orgs/dnum/projectsV2/1/items", {"type": "Issue", "id": 1}),
    ("POST", "/orgs/dnum/projectsV2/1/drafts", {"title": "x"}),
    ("POST", "/orgs/dnum/projectsV2/1/views", {"name": "x", "layout": "table"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=lambda item: str(item)[:40])
def test_a_key_github_does_not_know_is_refused(sandbox, call, method, path, body):
    sandbox.world.open_issue("techno", "x", "")
    answer = call("directrice", method, path, **body, surprise=1)
    assert answer.status_code == 422
    assert "surprise" in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("PATCH", f"{REPO}/issues/1", "body"),
        ("POST", f"{REPO}/issues/1/comments", "body"),
        ("POST", f"{REPO}/commits/main/comments", "body"),
    ],
)
def test_no_body_is_longer_than_githubs(sandbox, call, method, path, key):
    sandbox.world.open_issue("techno", "x", "")
    for size, good in ((65_536, True), (65_537, False)):
        status = call("techno", method, path, **{key: "x" * size}).status_code
        assert (status < 300, status == 422) == (good, not good)


def test_calls_are_counted_for_each_caller(sandbox, call, token):
    seen = [call("techno", "GET", REPO).headers for _ in range(3)]
    assert [int(one["x-ratelimit-used"]) for one in seen] == [1, 2, 3]
    assert [int(one["x-ratelimit-remaining"]) for one in seen] == [4999, 4998, 4997]
    assert int(call(token, "GET", REPO).headers["x-ratelimit-used"]) == 1
    shown = call("techno", "GET", "/rate_limit").json()
    assert (shown["rate"]["used"], shown["resources"]["graphql"]["used"]) == (3, 0)
    asked = call("techno", "POST", "/graphql", query="{ rateLimit { used remaining cost } viewer { login } }")
    assert asked.json()["data"]["rateLimit"] == {"used": 1, "remaining": 4999, "cost": 1}
    assert asked.headers["x-ratelimit-resource"] == "graphql"
    assert call("techno", "GET", "/rate_limit").headers["x-ratelimit-used"] == "3", "asking costs nothing"


def test_what_has_not_changed_costs_nothing(call):
    path = f"{REPO}/contents/.github/jalon.yml"
    first = call("techno", "GET", path)
    again = call("techno", "GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["x-ratelimit-used"]) == (304, "1")


@pytest.mark.parametrize(("version", "old"), [(None, True), ("2022-11-28", True), ("2026-03-10", False)])
def test_the_version_asked_for_is_the_one_answered(sandbox, call, version, old):
    sandbox.world.open_issue("techno", "x", "")
    headers = {"X-GitHub-Api-Version": version} if version else {}
    issue = call("techno", "GET", f"{REPO}/issues/1", headers=headers).json()
    limits = call("techno", "GET", "/rate_limit", headers=headers).json()
    repository = call("techno", "GET", REPO, headers=headers)
    found = ("assignee" in issue, "rate" in limits, "has_downloads" in repository.json())
    assert found == (old, old, old)
    assert repository.headers["X-GitHub-Api-Version-Selected"] == (version or "2022-11-28")


def test_ids_wear_githubs_prefixes(sandbox):
    world = sandbox.world
    card = world.add_card("techno", world.open_issue("techno", "x", "").number)
    said = world.comment("techno", 1, "x")
    board = world.board()
    nodes = [
        board.node_id,
        card.id,
        world.issue(1).node_id,
        said.node_id,
        world.repository_node_id,
        board.views[0].node_id,
    ]
    assert [node.partition("_")[0] for node in nodes] == ["PVT", "PVTI", "I", "IC", "R", "PVTV"]
    assert world.field_node_id.startswith("PVTSSF_")


def test_other_branches_do_not_exist(call):
    path = f"{REPO}/contents/.github/jalon.yml"
    assert call("techno", "GET", path, params={"ref": "autre"}).status_code == 404
    assert call("techno", "PUT", path, message="m", content="", branch="autre").status_code == 404


def test_what_is_refused_changes_nothing(sandbox):
    world = sandbox.world
    world.open_issue("techno", "x", "")
    card, sent = world.add_card("techno", 1), len(sandbox.take_held())
    with pytest.raises(Refused):
        world.move_card("techno", card.id, "faux")
    assert (card.option, sandbox.take_held(), sent) == (None, [], 2)


def shown(world):
    issues = {
        number: (one.title, one.body, one.state, one.labels[:], one.assignees[:])
        for number, one in world.issues.items()
    }
    return issues, sorted(world.labels)


ISSUES = f"{REPO}/issues"
REFUSED = [
    ("POST", ISSUES, {"title": "y", "labels": ["produit", "jamais vue"]}),
    ("POST", ISSUES, {"title": "y", "labels": [3]}),
    ("POST", ISSUES, {"title": "y", "assignees": [3]}),
    ("PATCH", f"{ISSUES}/1", {"title": "y", "labels": ["jamais vue"]}),
    ("PATCH", f"{ISSUES}/1", {"state": "closed", "assignees": [3]}),
    ("POST", f"{ISSUES}/1/labels", {"labels": ["produit", "jamais vue"]}),
    ("PUT", f"{ISSUES}/1/labels", {"labels": ["produit", "jamais vue"]}),
    ("POST", f"{ISSUES}/1/assignees", {"assignees": ["techno", 3]}),
]


@pytest.mark.parametrize(("method", "path", "body"), REFUSED, ids=str)
def test_a_refused_call_changes_nothing_of_what_it_asked(sandbox, call, method, path, body):
    """By somebody who may label and assign, and may not make labels."""
    world = sandbox.world
    world.people["techno"].role = "triage"
    world.open_issue("techno", "x", "")
    before = shown(world)
    sandbox.take_held()
    answer = call("techno", method, path, **body)
    assert answer.status_code in {403, 422}, answer.text
    assert shown(world) == before
    assert sandbox.take_held() == []
