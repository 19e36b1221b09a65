"""Boards made from nothing, as a set-up does: by GraphQL, and by REST for what GraphQL cannot."""

import base64
import json

import pytest
import requests
from github import GithubException

from local_github.server import Sandbox
from tests.local_github.conftest import REPO
from tests.local_github.seed import seed

VALUE = """fieldValueByName(name: $name) {
  ... on ProjectV2ItemFieldSingleSelectValue { optionId name }
  ... on ProjectV2ItemFieldTextValue { text }
  ... on ProjectV2ItemFieldNumberValue { number }
  ... on ProjectV2ItemFieldDateValue { date }
  ... on ProjectV2ItemFieldIterationValue { iterationId title }
}"""


@pytest.fixture
def ask(sandbox, call):
    """GraphQL as a person: ask(query, login="directrice", name=value…) -> data, or the first error."""

    def send(query, login="directrice", **values):
        answer = call(login, "POST", "/graphql", query=query, variables=values).json()
        return answer["errors"][0] if "errors" in answer else answer["data"]

    return send


@pytest.fixture
def board(ask):
    """A second board with a field of each kind: (id, number, {name: field})."""
    owner = ask('{ organization(login: "dnum") { id } }')["organization"]["id"]
    made = "mutation($input: CreateProjectV2Input!) { createProjectV2(input: $input) { projectV2 { id number } } }"
    found = ask(made, input={"ownerId": owner, "title": "Suivi"})["createProjectV2"]["projectV2"]
    fields = {}
    for name, kind, more in [
        ("Phase", "SINGLE_SELECT", {"singleSelectOptions": options("Idée", "POC")}),
        ("Note", "TEXT", {}),
        ("Budget", "NUMBER", {}),
        ("Jalon", "DATE", {}),
        ("Cycle", "ITERATION", {"iterationConfiguration": {"duration": 14, "startDate": "2026-11-23", "iterations": [{"title": "C1", "startDate": "2026-11-23", "duration": 14}]}}),
    ]:  # fmt: skip
        fields[name] = create_field(ask, found["id"], name, kind, **more)
    return found["id"], found["number"], fields


def options(*names):
    return [{"name": name, "color": "BLUE", "description": ""} for name in names]


def create_field(ask, board, name, kind, **more):
    query = """mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { projectV2Field {
      ... on ProjectV2FieldCommon { id databaseId name dataType }
      ... on ProjectV2SingleSelectField { options { id name color description } }
      ... on ProjectV2IterationField { configuration { iterations { id title } } } } } }"""
    data = ask(query, input={"projectId": board, "name": name, "dataType": kind, **more})
    return data["createProjectV2Field"]["projectV2Field"] if "createProjectV2Field" in data else data


def put(ask, board, item, field, **value):
    query = """mutation($input: UpdateProjectV2ItemFieldValueInput!) {
      updateProjectV2ItemFieldValue(input: $input) { projectV2Item { id } } }"""
    return ask(query, input={"projectId": board, "itemId": item, "fieldId": field, "value": value})


def add(ask, board, content):
    query = "mutation($input: AddProjectV2ItemByIdInput!) { addProjectV2ItemById(input: $input) { item { id } } }"
    return ask(query, input={"projectId": board, "contentId": content})["addProjectV2ItemById"]["item"]["id"]


def read(ask, item, name):
    query = f"query($id: ID!, $name: String!) {{ node(id: $id) {{ ... on ProjectV2Item {{ {VALUE} }} }} }}"
    return ask(query, id=item, name=name)["node"]["fieldValueByName"]


def test_a_new_board_has_githubs_own_fields_and_automations(ask, board):
    query = """query($id: ID!) { node(id: $id) { ... on ProjectV2 { closed views(first: 5) { nodes { name layout } }
      fields(first: 50) { nodes { ... on ProjectV2FieldCommon { name dataType } } }
      workflows(first: 20) { nodes { name enabled } } } } }"""
    found = ask(query, id=board[0])["node"]
    kinds = {item["name"]: item["dataType"] for item in found["fields"]["nodes"]}
    assert (kinds["Title"], kinds["Status"], kinds["Phase"]) == ("TITLE", "SINGLE_SELECT", "SINGLE_SELECT")
    assert found["views"]["nodes"] == [{"name": "View 1", "layout": "TABLE_LAYOUT"}]
    assert {"name": "Item closed", "enabled": True} in found["workflows"]["nodes"]
    assert board[2]["Phase"]["id"].startswith("PVTSSF_")
    assert board[2]["Cycle"]["id"].startswith("PVTIF_")
    assert board[2]["Note"]["id"].startswith("PVTF_")


def test_boards_are_searched_loosely_and_closed(ask, board):
    query = """query($q: String) { organization(login: "dnum") { projectsV2(first: 20, query: $q) {
      nodes { number title closed } } } }"""
    numbers = [item["number"] for item in ask(query, q="suivi annuel")["organization"]["projectsV2"]["nodes"]]
    assert numbers == [2]
    close = "mutation($input: UpdateProjectV2Input!) { updateProjectV2(input: $input) { projectV2 { closed readme } } }"
    assert ask(close, input={"projectId": board[0], "closed": True, "readme": "Lu"}) == {
        "updateProjectV2": {"projectV2": {"closed": True, "readme": "Lu"}}
    }
    assert ask(query, q="is:open")["organization"]["projectsV2"]["nodes"] == [
        {"number": 1, "title": "Produits", "closed": False}
    ]


def test_a_card_carries_a_value_of_each_kind(sandbox, ask, board):
    node, _, fields = board
    item = add(ask, node, sandbox.world.open_issue("techno", "x", "").node_id)
    option, week = fields["Phase"]["options"][1], fields["Cycle"]["configuration"]["iterations"][0]
    given = {
        "Phase": ({"singleSelectOptionId": option["id"]}, {"optionId": option["id"], "name": "POC"}),
        "Note": ({"text": "à suivre"}, {"text": "à suivre"}),
        "Budget": ({"number": 12.5}, {"number": 12.5}),
        "Jalon": ({"date": "2026-12-01"}, {"date": "2026-12-01"}),
        "Cycle": ({"iterationId": week["id"]}, {"iterationId": week["id"], "title": "C1"}),
    }
    for name, (value, shown) in given.items():
        assert "updateProjectV2ItemFieldValue" in put(ask, node, item, fields[name]["id"], **value)
        assert read(ask, item, name) == shown
    every = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValues(first: 20) { totalCount } } } }"
    assert ask(every, id=item)["node"]["fieldValues"]["totalCount"] == 6  # the title too
    clear = """mutation($input: ClearProjectV2ItemFieldValueInput!) {
      clearProjectV2ItemFieldValue(input: $input) { projectV2Item { id } } }"""
    ask(clear, input={"projectId": node, "itemId": item, "fieldId": fields["Note"]["id"]})
    assert read(ask, item, "Note") is None


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("Phase", {"singleSelectOptionId": "faux"}, "VALIDATION"),
        ("Phase", {"text": "Idée"}, "VALIDATION"),
        ("Note", {"number": 1}, "VALIDATION"),
        ("Cycle", {"iterationId": "faux"}, "VALIDATION"),
        ("Jalon", {"date": "demain"}, "VALIDATION"),
        ("Note", {"text": "a", "number": 1}, "VALIDATION"),
    ],
)
def test_a_value_of_another_kind_is_refused(sandbox, ask, board, name, value, kind):
    node, _, fields = board
    item = add(ask, node, sandbox.world.open_issue("techno", "x", "").node_id)
    assert put(ask, node, item, fields[name]["id"], **value)["type"] == kind
    assert read(ask, item, name) is None


def test_fields_of_another_board_do_not_exist_here(sandbox, ask, board):
    item = add(ask, board[0], sandbox.world.open_issue("techno", "x", "").node_id)
    strange = sandbox.world.field_node_id
    assert put(ask, board[0], item, strange, singleSelectOptionId=sandbox.world.options[0].id)["type"] == "NOT_FOUND"


def test_options_without_ids_empty_the_cards(sandbox, ask, board):
    node, _, fields = board
    phase = fields["Phase"]
    item = add(ask, node, sandbox.world.open_issue("techno", "x", "").node_id)
    put(ask, node, item, phase["id"], singleSelectOptionId=phase["options"][0]["id"])
    update = """mutation($input: UpdateProjectV2FieldInput!) { updateProjectV2Field(input: $input) { projectV2Field {
      ... on ProjectV2SingleSelectField { options { id name } } } } }"""

    def replace(given):
        return ask(update, input={"fieldId": phase["id"], "singleSelectOptions": given})

    kept = replace([*phase["options"], *options("MVP")])["updateProjectV2Field"]["projectV2Field"]["options"]
    assert [option["id"] for option in kept[:2]] == [option["id"] for option in phase["options"]]
    assert read(ask, item, "Phase")["name"] == "Idée"
    assert replace([{"id": "faux", **options("x")[0]}])["type"] == "VALIDATION"
    replace(options("Idée", "POC", "MVP"))
    assert read(ask, item, "Phase") is None


def test_a_name_is_taken_once(ask, board):
    assert create_field(ask, board[0], "phase", "TEXT")["message"] == "Name has already been taken"
    assert create_field(ask, board[0], "Vide", "SINGLE_SELECT")["type"] == "VALIDATION"


def test_columns_follow_the_view_made_over_rest(sandbox, call, ask, board):
    node, number, fields = board
    views = f"/orgs/dnum/projectsV2/{number}/views"
    phase = fields["Phase"]["databaseId"]
    wrong = call("directrice", "POST", views, name="Tableau", layout="board", vertical_group_by=[1])
    assert wrong.status_code == 422
    answer = call(
        "directrice", "POST", views, name="Tableau", layout="board", vertical_group_by=[phase], filter="is:open"
    )
    assert (answer.status_code, answer.json()["vertical_group_by"]) == (201, [phase])
    assert [option.name for option in sandbox.world.board(number).columns] == ["Idée", "POC"]
    query = """query($id: ID!) { node(id: $id) { ... on ProjectV2 { views(first: 5) { nodes {
      name layout filter verticalGroupByFields(first: 1) { nodes { ... on ProjectV2FieldCommon { name } } } } } } } }"""
    assert ask(query, id=node)["node"]["views"]["nodes"][1] == {
        "name": "Tableau",
        "layout": "BOARD_LAYOUT",
        "filter": "is:open",
        "verticalGroupByFields": {"nodes": [{"name": "Phase"}]},
    }
    card = sandbox.world.add_card("techno", sandbox.world.open_issue("techno", "x", "").number, number)
    sandbox.world.move_card("techno", card.id, fields["Phase"]["options"][1]["id"])
    assert card.option == fields["Phase"]["options"][1]["id"]
    assert call("techno", "POST", views, name="x", layout="board", colour="red").status_code == 422


def test_rest_reads_and_changes_a_board(sandbox, call, board):
    base, fields = f"/orgs/dnum/projectsV2/{board[1]}", board[2]
    assert call("techno", "GET", base).json()["title"] == "Suivi"
    assert call("techno", "GET", "/orgs/dnum/projectsV2", params={"q": "prod"}).json()[0]["number"] == 1
    assert {item["name"] for item in call("techno", "GET", f"{base}/fields").json()} >= {"Phase", "Status"}
    issue = sandbox.world.open_issue("techno", "x", "")
    item = call("techno", "POST", f"{base}/items", type="Issue", id=issue.id).json()
    note, phase = fields["Note"]["databaseId"], fields["Phase"]["databaseId"]
    changed = [{"id": note, "value": "vu"}, {"id": phase, "value": fields["Phase"]["options"][0]["id"]}]
    one = f"{base}/items/{item['id']}"
    assert call("techno", "PATCH", one, fields=changed).status_code == 200
    shown = call("techno", "GET", one, params={"fields": f"{note},{phase}"}).json()["fields"]
    assert [value["value"]["raw"] if "raw" in value["value"] else value["value"]["name"]["raw"] for value in shown] == [
        "vu",
        "Idée",
    ]
    call("techno", "PATCH", one, fields=[{"id": note, "value": None}])
    assert call("techno", "GET", one, params={"fields": str(note)}).json()["fields"][0]["value"] is None
    assert call("techno", "DELETE", one).status_code == 204
    assert call("techno", "GET", f"{base}/items").json() == []


def test_a_draft_becomes_an_issue(sandbox, ask, board):
    made = """mutation($input: AddProjectV2DraftIssueInput!) { addProjectV2DraftIssue(input: $input) { projectItem {
      id type content { ... on DraftIssue { title } } } } }"""
    item = ask(made, input={"projectId": board[0], "title": "Idée en l’air"})["addProjectV2DraftIssue"]["projectItem"]
    assert (item["type"], item["content"]) == ("DRAFT_ISSUE", {"title": "Idée en l’air"})
    turned = """mutation($input: ConvertProjectV2DraftIssueItemToIssueInput!) {
      convertProjectV2DraftIssueItemToIssue(input: $input) { item { id content { ... on Issue { number title } } } } }"""
    inputs = {"itemId": item["id"], "repositoryId": sandbox.world.repository_node_id}
    found = ask(turned, input=inputs)["convertProjectV2DraftIssueItemToIssue"]["item"]
    assert found == {"id": item["id"], "content": {"number": 1, "title": "Idée en l’air"}}


def test_deleting_a_board_takes_its_cards(sandbox, ask, board):
    add(ask, board[0], sandbox.world.open_issue("techno", "x", "").node_id)
    query = "mutation($input: DeleteProjectV2Input!) { deleteProjectV2(input: $input) { projectV2 { title } } }"
    assert ask(query, input={"projectId": board[0]})["deleteProjectV2"]["projectV2"]["title"] == "Suivi"
    assert (sandbox.world.cards, list(sandbox.world.boards)) == ({}, [1])
    assert sandbox.world.create_board("techno", "Neuf").number == 3  # numbers are never given twice


def test_links_and_status_updates(sandbox, ask, board):
    link = """mutation($input: LinkProjectV2ToRepositoryInput!) {
      linkProjectV2ToRepository(input: $input) { repository { nameWithOwner } } }"""
    inputs = {"projectId": board[0], "repositoryId": sandbox.world.repository_node_id}
    assert ask(link, input=inputs)["linkProjectV2ToRepository"]["repository"]["nameWithOwner"] == "dnum/produits"
    said = """mutation($input: CreateProjectV2StatusUpdateInput!) {
      createProjectV2StatusUpdate(input: $input) { statusUpdate { status body } } }"""
    inputs = {"projectId": board[0], "status": "ON_TRACK", "body": "Tout va"}
    assert ask(said, input=inputs)["createProjectV2StatusUpdate"]["statusUpdate"] == {
        "status": "ON_TRACK",
        "body": "Tout va",
    }
    seen = (
        "query($id: ID!) { node(id: $id) { ... on ProjectV2 { repositories(first: 5) { nodes { nameWithOwner } } } } }"
    )
    assert ask(seen, id=board[0])["node"]["repositories"]["nodes"] == [{"nameWithOwner": "dnum/produits"}]


@pytest.mark.parametrize(("scopes", "kind"), [("repo", "INSUFFICIENT_SCOPES"), ("repo,read:project", None)])
def test_a_token_without_the_scope_sees_no_board(call, scopes, kind):
    query = '{ organization(login: "dnum") { projectV2(number: 1) { id } } }'
    answer = call("_", "POST", "/graphql", headers={"Authorization": f"token sandbox-directrice:{scopes}"}, query=query)
    assert answer.json().get("errors", [{}])[0].get("type") == kind


# an organisation where nothing is set up


@pytest.fixture
def empty():
    bare = {
        "organisation": "dnum",
        "repository": {"name": "vide"},
        "people": [{"login": "directrice", "role": "admin"}],
    }
    running = Sandbox({**bare, "app": {"slug": "jalon", "installed": False}})
    running.start()
    yield running
    running.stop()


def test_an_empty_organisation_can_be_set_up(empty):
    with requests.Session() as session:
        session.trust_env, session.headers["Authorization"] = False, "token sandbox-directrice"
        repo = f"{empty.url}/repos/dnum/vide"
        assert session.get(f"{repo}/contents/.github/jalon.yml").status_code == 404
        assert session.get(f"{repo}/commits").status_code == 409
        assert session.get(f"{repo}/labels").json() == []
        assert session.get(f"{empty.url}/orgs/dnum/projectsV2").json() == []
        body = {"message": "Règles", "content": base64.b64encode(b"version: 1\n").decode()}
        assert session.put(f"{repo}/contents/.github/jalon.yml", json=body).status_code == 201
        assert session.get(f"{repo}/commits?path=.github/jalon.yml").json()[0]["commit"]["message"] == "Règles"
        assert empty.world.create_board("directrice", "Produits").number == 1


def test_the_app_sees_only_where_it_is_installed(call, token):
    mine = seed()
    mine["other_repositories"] = [{"name": "autre"}]
    other = Sandbox(mine)
    other.start()
    try:
        with requests.Session() as session:
            session.trust_env = False
            app = other.doorman.new_token(None)[0]
            for name, status in (("autre", 404), ("produits", 200)):
                answer = session.get(f"{other.url}/repos/dnum/{name}", headers={"Authorization": f"token {app}"})
                assert answer.status_code == status
            people = {"Authorization": "token sandbox-directrice"}
            assert session.get(f"{other.url}/repos/dnum/autre", headers=people).json()["full_name"] == "dnum/autre"
            listed = session.get(f"{other.url}/orgs/dnum/repos", headers=people).json()
            assert [item["name"] for item in listed] == ["produits", "autre"]
    finally:
        other.stop()


# labels, files, teams


def test_a_label_keeps_its_issues_when_renamed(sandbox, call):
    sandbox.world.open_issue("techno", "x", "", ["produit"])
    path = f"{REPO}/labels/produit"
    assert call("cheffe-produit", "PATCH", path, new_name="objet").status_code == 403
    assert call("techno", "PATCH", path, new_name="PHASE : IDÉE").status_code == 422
    assert call("techno", "PATCH", path, new_name="objet", color="112233").json()["color"] == "112233"
    assert sandbox.world.issue(1).labels == ["objet"]
    assert call("techno", "DELETE", f"{REPO}/labels/objet").status_code == 204
    assert sandbox.world.issue(1).labels == []
    assert call("techno", "GET", f"{REPO}/labels/objet").status_code == 404


def test_files_of_actions_need_their_own_right(call, sandbox):
    path, body = f"{REPO}/contents/.github/workflows/x.yml", {"message": "m", "content": "eA=="}
    weak = {"Authorization": "token sandbox-directrice:repo"}
    assert call("_", "PUT", path, headers=weak, **body).status_code == 404
    sandbox.world.app.permissions = {"contents": "write", "metadata": "read"}
    assert call(sandbox.doorman.new_token(None)[0], "PUT", path, **body).status_code == 403
    assert call("directrice", "PUT", path, **body).status_code == 201
    sha = call("techno", "GET", path).json()["sha"]
    assert call("techno", "DELETE", path, message="fin", sha="0" * 40).status_code == 409
    assert call("techno", "DELETE", path, message="fin", sha=sha).json()["content"] is None
    folder = call("techno", "GET", f"{REPO}/contents/.github").json()
    assert [(item["name"], item["type"]) for item in folder] == [("ISSUE_TEMPLATE", "dir"), ("jalon.yml", "file")]


def test_commits_are_commented(call):
    sha = call("techno", "GET", f"{REPO}/commits").json()[0]["sha"]
    raw = json.dumps({"body": "Ligne 3", "path": ".github/jalon.yml", "line": 3}).encode()
    said = call("techno", "POST", f"{REPO}/commits/{sha}/comments", raw=raw)
    assert (said.status_code, said.json()["line"]) == (201, 3)
    assert [item["body"] for item in call("techno", "GET", f"{REPO}/commits/{sha}/comments").json()] == ["Ligne 3"]
    assert call("techno", "GET", f"{REPO}/commits/{sha}/pulls").json() == []
    assert call("techno", "GET", f"{REPO}/commits/{'0' * 40}/pulls").status_code == 422


def test_teams_are_made_and_renamed(call):
    made = call("directrice", "POST", "/orgs/dnum/teams", name="Comité d’été", maintainers=["techno"])
    assert (made.status_code, made.json()["slug"]) == (201, "comite-dete")
    assert call("techno", "POST", "/orgs/dnum/teams", name="x").status_code == 403
    assert call("directrice", "PATCH", "/orgs/dnum/teams/comite-dete", name="Jury").json()["slug"] == "jury"
    assert call("directrice", "GET", "/orgs/dnum/teams/jury").json()["members_count"] == 1
    assert call("directrice", "DELETE", "/orgs/dnum/teams/jury").status_code == 204
    assert call("directrice", "GET", "/orgs/dnum/teams/jury").status_code == 404


def test_the_timeline_tells_who_did_what(sandbox, call):
    world = sandbox.world
    world.open_issue("cheffe-produit", "Un produit", "", ["produit"])
    said = world.comment("techno", 1, "bonjour")
    world.edit_issue("cheffe-produit", 1, title="Autre", body="autre")
    card = world.add_card("visiteur", 1)
    world.move_card("visiteur", card.id, world.options[0].id)
    world.set_assignees("techno", 1, ["techno"])
    world.edit_issue("techno", 1, state="closed")
    told = call("techno", "GET", f"{REPO}/issues/1/timeline").json()
    assert [(item["event"], item["actor"]["login"]) for item in told] == [
        ("labeled", "cheffe-produit"),
        ("commented", "techno"),
        ("renamed", "cheffe-produit"),
        ("added_to_project_v2", "visiteur"),
        ("project_v2_item_status_changed", "visiteur"),
        ("assigned", "techno"),
        ("closed", "techno"),
    ]
    assert told[1]["id"] == said.id
    kept = [event.event for event in world.issue(1).events]
    assert "edited" in kept
    assert {"event": "closed", "state_reason": "completed"}.items() <= told[-1].items()
    assert len(call("techno", "GET", f"{REPO}/issues/1/events").json()) == 6


def test_an_app_without_contents_ties_no_board(bot, sandbox):
    query = """mutation($input: LinkProjectV2ToRepositoryInput!) {
      linkProjectV2ToRepository(input: $input) { repository { id } } }"""
    inputs = {"projectId": sandbox.world.board_node_id, "repositoryId": sandbox.world.repository_node_id}
    with pytest.raises(GithubException) as raised:
        bot.requester.graphql_query(query, {"input": inputs})
    assert raised.value.data["errors"][0]["type"] == "FORBIDDEN"
