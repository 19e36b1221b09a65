"""Answers of GraphQL that are whole but for a part, boards that the App may not read, boards that are full."""

import pytest

from local_github.faults import Faults
from local_github.state import Refused
from local_github.world import World
from tests.local_github.conftest import REPO
from tests.local_github.seed import seed

CARDS = """query Cards { repository(owner: "dnum", name: "produits") { issue(number: 1) { title
  projectItems(first: 9, includeArchived: true) { totalCount nodes { id project { title } } } } } }"""
PAGES = """query Pages { repository(owner: "dnum", name: "produits") { issues(first: 9) { totalCount nodes { number
  comments(first: 9) { nodes { body } } } } } }"""


@pytest.fixture
def asked(call, token):
    def ask(query, login=None):
        return call(login or token, "POST", "/graphql", query=query).json()

    return ask


def test_a_card_on_a_board_of_others_is_null_in_a_list_that_is_whole(sandbox, call, token, asked):
    world = sandbox.world
    world.open_issue("techno", "un", "")
    theirs = world.create_board("directrice", "Feuille de route")
    theirs.hidden = True
    sandbox.take_held()
    hidden, ours = world.add_card("techno", 1, theirs.number), world.add_card("techno", 1, 1)
    found = asked(CARDS)
    items = found["data"]["repository"]["issue"]["projectItems"]
    assert items["nodes"] == [None, {"id": ours.id, "project": {"title": "Produits"}}]
    [error] = found["errors"]
    assert error["type"] == "FORBIDDEN"
    assert error["path"] == ["repository", "issue", "projectItems", "nodes", 0]
    assert len([body for _, body in sandbox.take_held() if b"projects_v2_item" in body]) == 1
    assert None not in asked(CARDS, "techno")["data"]["repository"]["issue"]["projectItems"]["nodes"]
    for node in (theirs.node_id, hidden.id):
        assert asked(f'{{ node(id: "{node}") {{ id }} }}')["errors"][0]["type"] == "NOT_FOUND"
    number = f'{{ organization(login: "dnum") {{ projectV2(number: {theirs.number}) {{ id }} }} }}'
    assert asked(number)["errors"][0]["type"] == "NOT_FOUND"
    listed = '{ organization(login: "dnum") { projectsV2(first: 9) { nodes { title } } } }'
    assert asked(listed)["data"]["organization"]["projectsV2"]["nodes"] == [{"title": "Produits"}]
    path = f"/orgs/dnum/projectsV2/{theirs.number}"
    assert (call(token, "GET", path).status_code, call("techno", "GET", path).status_code) == (404, 200)
    assert len(call(token, "GET", "/orgs/dnum/projectsV2").json()) == 1


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("repository.issue", {"issue": None}),
        ("repository", None),
        ("repository.issue.title", {"issue": None}),  # never null: what holds it is
        ("*.issue.projectItems.nodes", {"issue": {"title": "un", "projectItems": {"totalCount": 1, "nodes": None}}}),
        ("*.*.*.nodes.0", {"issue": {"title": "un", "projectItems": {"totalCount": 1, "nodes": [None]}}}),
    ],
)
def test_a_hole_where_it_is_asked_for(sandbox, asked, path, left):
    sandbox.world.open_issue("techno", "un", "")
    sandbox.world.add_card("techno", 1)
    whole = asked(CARDS)
    sandbox.faults.add({"kind": "partial", "match": "Cards", "path": path, "next": 1})
    found = asked(CARDS)
    assert found["data"] == {"repository": left}
    assert found["errors"][0]["message"] == "Resource not accessible by integration"
    assert [item["kind"] for item in sandbox.faults.happened] == ["partial"]
    assert asked(CARDS) == whole


def test_a_path_that_an_answer_does_not_have_is_not_used_up(sandbox, asked):
    sandbox.world.open_issue("techno", "un", "")
    sandbox.faults.add({"kind": "partial", "path": "organization.team", "why": "saml", "next": 1})
    assert "errors" not in asked(CARDS)
    assert sandbox.faults.happened == []
    found = asked('{ organization(login: "dnum") { login team(slug: "comite-produit") { name } } }')
    assert found["data"] == {"organization": {"login": "dnum", "team": None}}
    assert "SAML" in found["errors"][0]["message"]


def test_more_items_than_an_answer_may_have(sandbox, asked):
    for number in (1, 2, 3):
        sandbox.world.open_issue("techno", str(number), "")
        sandbox.world.comment("techno", number, "bonjour")
    sandbox.faults.add({"kind": "resource-limits", "nodes": 4})
    found = asked(PAGES)
    assert {item["type"] for item in found["errors"]} == {"RESOURCE_LIMITS_EXCEEDED"}
    assert [item["comments"]["nodes"] for item in found["data"]["repository"]["issues"]["nodes"]] == [
        [{"body": "bonjour"}],
        None,
        None,
    ]
    assert len(sandbox.faults.happened) == 1, "once an answer"
    smaller = asked(PAGES.replace("issues(first: 9)", "issues(first: 2)"))
    assert "errors" not in smaller


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"kind": "partial"}, "path goes with partial"),
        ({"kind": "lost", "path": "repository"}, "path goes with partial"),
        ({"kind": "resource-limits", "nodes": -1}, "nodes: a number"),
    ],
)
def test_a_rule_with_a_mistake(rule, says):
    with pytest.raises(Refused, match=says):
        Faults().add(rule)


def test_a_full_board_takes_no_card_until_one_is_archived(sandbox, call, asked):
    small = seed()
    small["project"]["limit"] = 1
    world = World.from_seed(small)
    for number in (1, 2):
        world.open_issue("techno", str(number), "")
    first = world.add_card("techno", 1)
    for full in (lambda: world.add_card("techno", 2), lambda: world.add_draft("techno", "idée")):
        with pytest.raises(Refused, match="maximum number of items"):
            full()
    assert world.add_card("techno", 1) is first, "it is there already"
    world.archive_card("techno", first.id)
    world.add_card("techno", 2)
    with pytest.raises(Refused, match="maximum number of items"):
        world.archive_card("techno", first.id, False)


def test_a_full_board_says_so_over_rest_and_graphql(sandbox, call, token, asked):
    world = sandbox.world
    opened = world.open_issue("techno", "un", "")
    world.board().limit = 0
    said = asked(
        f'mutation {{ addProjectV2ItemById(input: {{projectId: "{world.board_node_id}", '
        f'contentId: "{opened.node_id}"}}) {{ item {{ id }} }} }}'
    )
    assert said["data"] == {"addProjectV2ItemById": None}
    assert "maximum number" in said["errors"][0]["message"]
    assert call(token, "POST", "/orgs/dnum/projectsV2/1/items", type="Issue", id=opened.id).status_code == 422
    assert call(token, "GET", f"{REPO}/issues/1").status_code == 200
