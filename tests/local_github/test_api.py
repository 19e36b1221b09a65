import base64
import stat
import time
import warnings
from pathlib import Path

import jwt
import pytest
from github import GithubException, UnknownObjectException
from graphql import build_schema, validate_schema

from local_github.graph import SCHEMA
from local_github.seed import SeedError, first_state
from local_github.server import Sandbox
from local_github.state import Refused
from local_github.world import World
from tests.local_github.conftest import REPO
from tests.local_github.seed import POLICY, seed

OPERATIONS = {path.stem: path.read_text() for path in Path("app/github").glob("*.graphql")}


def ask(client, operation, **values):
    return client.requester.graphql_query(OPERATIONS.get(operation, operation), values)[1]["data"]


def product(client, number=1):
    names = {"owner": "dnum", "name": "produits", "team": "comite-produit", "board": 1, "field": "Phase"}
    keepers = {"secretariat": "comite-produit", "hasSecretariat": False}
    return ask(client, "product", number=number, first=100, after=None, **names, **keepers)


@pytest.fixture
def issue(sandbox):
    return sandbox.world.open_issue("cheffe-produit", "Un produit", "Le corps", ["produit"])


# who may come in


@pytest.mark.parametrize(
    "authorization", ["", "token", "token sandbox-inconnu", "token ghs_faux", "Basic x", "token sandbox-jalon[bot]"]
)
def test_a_token_that_is_not_good_is_refused(call, authorization):
    answer = call("visiteur", "GET", REPO, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["status"] == "401"


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"iss": "7"}, "could not be decoded"),
        ({"exp": -30}, "could not be decoded"),
        ({"exp": 3600}, "too far in the future"),
    ],
)
def test_the_apps_own_token_is_checked(sandbox, call, claims, says):
    now = int(time.time())
    body = {"iss": str(sandbox.world.app.id), "iat": now - 60, **claims, "exp": now + claims.get("exp", 300)}
    answer = call(jwt.encode(body, sandbox.world.app.private_key, "RS256"), "GET", "/app")
    assert (answer.status_code, says in answer.json()["message"]) == (401, True)


def test_an_installation_token_ends(sandbox, call, token):
    assert call(token, "GET", REPO).status_code == 200
    sandbox.doorman.expire_all()
    assert call(token, "GET", REPO).status_code == 401


@pytest.mark.parametrize(
    "path", ["/nowhere", "/repos/dnum/autre", "/repos/dnum/produits/pulls", "/orgs/autre/teams/x/members"]
)
def test_what_does_not_exist_is_404_in_json(call, path):
    answer = call("techno", "GET", path)
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


@pytest.mark.parametrize(
    ("permissions", "method", "path"),
    [
        ({"issues": "read", "metadata": "read"}, "POST", f"{REPO}/issues/1/comments"),
        ({"metadata": "read"}, "GET", f"{REPO}/issues/1"),
        ({"issues": "write"}, "GET", "/orgs/dnum/teams/comite-produit/members"),
        ({"issues": "write"}, "GET", f"{REPO}/contents/{POLICY}"),
        ({"issues": "write", "contents": "read"}, "PUT", f"{REPO}/contents/{POLICY}"),
    ],
)
def test_an_app_does_only_what_it_was_granted(sandbox, call, token, permissions, method, path):
    sandbox.world.open_issue("cheffe-produit", "Un produit", "")
    narrow = sandbox.doorman
    sandbox.world.app.permissions = permissions
    answer = call(narrow.new_token(None)[0], method, path)
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")
    assert call(token, "GET", "/app").status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "rights"),
    [
        ({}, 201, None),
        ({"permissions": {"issues": "read"}}, 201, {"metadata": "read", "issues": "read"}),
        ({"repositories": ["produits"]}, 201, None),
        ({"repositories": ["ailleurs"]}, 422, None),
        ({"repository_ids": [1]}, 422, None),
        ({"permissions": {"administration": "read"}}, 422, None),
        ({"permissions": {"metadata": "write"}}, 422, None),
        ({"permissions": {"issues": "everything"}}, 422, None),
        ({"permissions": {"issues": 3}}, 422, None),
        ({"permissions": ["issues"]}, 422, None),
        ({"other": 1}, 422, None),
    ],
)
def test_a_token_is_what_was_asked_for_or_is_not(sandbox, call, integration, body, status, rights):
    app = sandbox.world.app
    signed = integration.auth.create_jwt()
    answer = call(signed, "POST", f"/app/installations/{app.installation_id}/access_tokens", **body)
    assert answer.status_code == status
    if status == 201:
        made = answer.json()
        assert made["permissions"] == (rights or app.permissions)
        assert ("repositories" in made) == ("repositories" in body)
        comment = call(made["token"], "POST", f"{REPO}/labels", name="x", color="ffffff")
        assert comment.status_code == (403 if rights else 201)


def test_one_single_file_opens_no_other(call, token):
    assert call(token, "GET", f"{REPO}/contents/{POLICY}").status_code == 200
    assert call(token, "GET", f"{REPO}/contents/.github/ISSUE_TEMPLATE/produit.yml").status_code == 403


@pytest.mark.parametrize(
    ("login", "method", "path", "body", "status"),
    [
        ("visiteur", "POST", "/issues/1/labels", {"labels": ["produit"]}, 403),
        ("visiteur", "PATCH", "/issues/1", {"state": "closed"}, 403),
        ("techno", "PATCH", "/issues/1", {"body": "repris"}, 200),
        ("visiteur", "PATCH", "/issues/1", {"body": "repris"}, 403),
        ("cheffe-produit", "PATCH", "/issues/1", {"state": "closed"}, 200),
        ("cheffe-produit", "POST", "/issues/1/labels", {"labels": ["inconnu"]}, 403),
        ("techno", "POST", "/issues/1/labels", {"labels": ["inconnu"]}, 200),
        ("cheffe-produit", "POST", "/labels", {"name": "x", "color": "ffffff"}, 403),
        ("techno", "POST", "/labels", {"name": "PRODUIT", "color": "ffffff"}, 422),
        ("techno", "DELETE", "/issues/1/labels/absent", {}, 404),
        ("techno", "POST", "/issues/1/comments", {"body": "  "}, 422),
        ("techno", "POST", "/issues/1/comments", {"body": "x" * 65_537}, 422),
        ("techno", "POST", "/issues/1/comments", {"body": "x" * 65_536}, 201),
        ("techno", "POST", "/issues/1/comments", {"text": "x"}, 422),
        ("techno", "POST", "/issues/1/comments", {}, 422),
        ("techno", "POST", "/issues/9/comments", {"body": "x"}, 404),
        ("techno", "POST", "/issues", {"title": " "}, 422),
        ("techno", "POST", "/issues/1/assignees", {"assignees": ["inconnu"]}, 422),
        ("visiteur", "POST", "/issues/1/assignees", {"assignees": ["techno"]}, 403),
    ],
)
def test_roles_and_bodies(call, issue, login, method, path, body, status):
    assert call(login, method, REPO + path, **body).status_code == status


def test_a_comment_is_its_authors_or_a_writers(sandbox, call, issue):
    mine = sandbox.world.comment("visiteur", 1, "à moi")
    path = f"{REPO}/issues/comments/{mine.id}"
    assert call("cheffe-produit", "PATCH", path, body="non").status_code == 403
    assert call("visiteur", "PATCH", path, body="oui").json()["body"] == "oui"
    assert call("cheffe-produit", "DELETE", path).status_code == 403
    assert call("techno", "DELETE", path).status_code == 204
    assert call("techno", "GET", path).status_code == 404


def test_the_sentence_about_long_bodies_is_githubs(call, issue):
    answer = call("techno", "POST", f"{REPO}/issues/1/comments", body="x" * 65_537)
    assert "body is too long (maximum is 65536 characters)" in answer.json()["message"]


def test_labels_without_the_right_are_left_out_in_silence(call):
    answer = call("visiteur", "POST", f"{REPO}/issues", title="Idée", labels=["produit"], assignees=["techno"])
    assert (answer.status_code, answer.json()["labels"], answer.json()["assignees"]) == (201, [], [])


def test_bodies_that_are_not_json_and_unknown_versions(call, issue):
    assert call("techno", "POST", f"{REPO}/issues", raw=b"{").status_code == 400
    assert call("techno", "GET", REPO, headers={"X-GitHub-Api-Version": "2020-01-01"}).status_code == 400


def test_lists_come_in_pages_of_a_hundred_at_most(sandbox, call, issue):
    for number in range(105):
        sandbox.world.comment("techno", 1, str(number))
    answer = call("techno", "GET", f"{REPO}/issues/1/comments", params={"per_page": 500})
    assert len(answer.json()) == 100
    after = call("techno", "GET", answer.links["next"]["url"].removeprefix(sandbox.url))
    assert [item["body"] for item in after.json()] == ["100", "101", "102", "103", "104"]
    assert "next" not in after.links
    assert after.headers["x-ratelimit-limit"] == "5000"


def test_contents_know_when_nothing_changed(call):
    path = f"{REPO}/contents/{POLICY}"
    first = call("techno", "GET", path)
    assert base64.b64decode(first.json()["content"]) == b"version: 1\n"
    again = call("techno", "GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    new = {"message": "m", "content": base64.b64encode(b"version: 2\n").decode()}
    assert call("techno", "PUT", path, **new).status_code == 422
    assert call("techno", "PUT", path, **new, sha="0" * 40).status_code == 409
    assert call("cheffe-produit", "PUT", path, **new, sha=first.json()["sha"]).status_code == 403
    assert call("techno", "PUT", path, **new, sha=first.json()["sha"]).status_code == 200
    assert call("techno", "GET", path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_files_are_shown_as_a_commit_left_them(sandbox, call):
    """A commit that is not known is told in words of its own: a file that is absent is something else."""
    world, path = sandbox.world, f"{REPO}/contents/{POLICY}"
    first = world.commits[-1].sha
    second = world.write_file("techno", POLICY, "version: 2\n").sha
    third = world.delete_file("techno", POLICY).sha

    def shown(ref):
        answer = call("techno", "GET", f"{path}?ref={ref}")
        return base64.b64decode(answer.json()["content"]).decode() if answer.ok else answer.json()["message"]

    assert [shown(ref) for ref in (first, second, third)] == ["version: 1\n", "version: 2\n", "Not Found"]
    assert shown("0" * 40) == f"No commit found for the ref {'0' * 40}"
    listed = call("techno", "GET", f"{REPO}/commits?path={POLICY}&sha={second}").json()
    assert [item["sha"] for item in listed] == [second, first]
    assert call("techno", "GET", f"{REPO}/commits?sha={'0' * 40}").status_code == 404


def test_teams_and_rights(call):
    team = "/orgs/dnum/teams/comite-produit"
    assert [item["login"] for item in call("visiteur", "GET", f"{team}/members").json()] == ["techno"]
    assert call("visiteur", "GET", f"{team}/memberships/techno").json()["state"] == "active"
    assert call("visiteur", "GET", f"{team}/memberships/visiteur").status_code == 404
    assert call("techno", "PUT", f"{team}/memberships/visiteur").status_code == 403
    assert call("directrice", "PUT", f"{team}/memberships/visiteur").status_code == 200
    shown = call("techno", "GET", f"{REPO}/collaborators/cheffe-produit/permission").json()
    assert (shown["permission"], shown["role_name"]) == ("read", "triage")


# PyGithub, as the App uses it


def test_pygithub_end_to_end(sandbox, integration, bot, person):
    assert integration.get_app().slug == "jalon"
    assert integration.get_org_installation("dnum").id == sandbox.world.app.installation_id
    opened = person("cheffe-produit").get_repo("dnum/produits").create_issue("Titre", "corps", labels=["produit"])
    issue = bot.get_repo("dnum/produits").get_issue(opened.number)
    comment = issue.create_comment("bonjour")
    comment.edit("bonsoir")
    comment.create_reaction("+1")
    comment.create_reaction("+1")
    issue.add_to_labels("Phase : idée")
    issue.remove_from_labels("produit")
    issue.add_to_assignees("techno")
    assert [label.name for label in issue.get_labels()] == ["Phase : idée"]
    assert [(item.body, item.user.login, item.user.type) for item in issue.get_comments()] == [
        ("bonsoir", "jalon[bot]", "Bot")
    ]
    assert [item.content for item in comment.get_reactions()] == ["+1"]
    assert bot.get_repo("dnum/produits").get_contents(POLICY).decoded_content == b"version: 1\n"


def test_calls_of_the_app_are_counted(sandbox, call, bot, issue):
    bot.get_repo("dnum/produits").get_issue(1).create_comment("x")
    product(bot)
    call("techno", "GET", REPO)
    seen = call("visiteur", "GET", "/_sandbox/calls").json()
    assert [(item["method"], item["operation"], item["write"]) for item in seen] == [
        ("GET", "", False),
        ("GET", "", False),
        ("POST", "", True),
        ("POST", "Product", False),
    ]
    assert call("visiteur", "DELETE", "/_sandbox/calls").status_code == 204
    assert sandbox.calls == []


# GraphQL


def test_schema_is_valid():
    assert validate_schema(build_schema(SCHEMA.read_text())) == []


def test_one_query_shows_a_product(sandbox, bot, issue):
    spoken = sandbox.world.comment("techno", 1, "/go")
    said = sandbox.world.comment(sandbox.world.bot, 1, "Noté")
    sandbox.world.react(sandbox.world.bot, spoken, "+1")
    sandbox.world.edit_comment("techno", said.id, "Repris")
    found = product(bot)["repository"]["issue"]
    first, second = found["comments"]["nodes"]
    assert [label["name"] for label in found["labels"]["nodes"]] == ["produit"]
    assert (first["fullDatabaseId"], first["author"], first["editor"]) == (
        str(spoken.id),
        {"__typename": "User", "login": "techno", "databaseId": sandbox.world.people["techno"].id},
        None,
    )
    assert [item["content"] for item in first["reactionGroups"] if item["viewerHasReacted"]] == ["THUMBS_UP"]
    app = {"__typename": "Bot", "login": "jalon", "databaseId": sandbox.world.people[sandbox.world.bot].id}
    assert (second["viewerDidAuthor"], second["author"]) == (True, app)
    assert (second["editor"]["login"], second["lastEditedAt"] is not None) == ("techno", True)


def test_a_card_is_added_once_and_moved(sandbox, bot, issue):
    board = product(bot)["organization"]["projectV2"]
    first, again = (ask(bot, "add_card", project=board["id"], content=issue.node_id) for _ in range(2))
    assert first == again
    item, option = first["addProjectV2ItemById"]["item"]["id"], board["field"]["options"][1]["id"]
    names = {"project": board["id"], "item": item, "field": board["field"]["id"]}
    _move(bot, option=option, **names)
    node = product(bot)["repository"]["issue"]["projectItems"]["nodes"][0]
    assert (node["fieldValueByName"]["optionId"], node["isArchived"]) == (option, False)
    with pytest.raises(GithubException) as raised:
        _move(bot, option="faux", **names)
    assert raised.value.data["errors"][0]["type"] == "VALIDATION"


def _move(bot, **names):
    text = """mutation($project: ID!, $item: ID!, $field: ID!, $option: String!) { updateProjectV2ItemFieldValue(
      input: {projectId: $project, itemId: $item, fieldId: $field, value: {singleSelectOptionId: $option}}
    ) { projectV2Item { id } } }"""
    bot.requester.graphql_query(text, names)


def test_the_other_operations(sandbox, bot, issue):
    node = ask(bot, "issue_of_node", id=issue.node_id)["node"]
    assert (node["number"], node["repository"]["nameWithOwner"]) == (1, "dnum/produits")
    sandbox.world.open_issue("techno", "Autre", "")
    sandbox.world.edit_issue("techno", 2, state="closed")
    listed = ask(bot, "every_issue", owner="dnum", name="produits", first=100, after=None)["repository"]["issues"]
    assert [item["number"] for item in listed["nodes"]] == [1, 2]


def test_what_graphql_cannot_find(bot):
    with pytest.raises(UnknownObjectException) as raised:
        product(bot, 99)
    error = raised.value.data["errors"][0]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository", "issue"])


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        ("(first: 101)", "EXCESSIVE_PAGINATION"),
        ("(first: 0)", "EXCESSIVE_PAGINATION"),
    ],
)
def test_lists_need_bounds(call, issue, bounds, kind):
    query = f'{{ repository(owner: "dnum", name: "produits") {{ issues{bounds} {{ nodes {{ number }} }} }} }}'
    answer = call("techno", "POST", "/graphql", query=query)
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, kind)


def test_cursors_lead_through_every_comment(sandbox, call, issue):
    for number in range(5):
        sandbox.world.comment("techno", 1, str(number))
    seen, after = [], None
    query = """query($after: String) { repository(owner: "dnum", name: "produits") { issue(number: 1) {
      comments(first: 2, after: $after) { pageInfo { hasNextPage endCursor } nodes { body } } } } }"""
    while True:
        answer = call("techno", "POST", "/graphql", query=query, variables={"after": after}).json()
        found = answer["data"]["repository"]["issue"]["comments"]
        seen += [item["body"] for item in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["0", "1", "2", "3", "4"]


def test_an_app_without_the_board_is_forbidden_it(sandbox, call, issue):
    sandbox.world.app.permissions = {"issues": "write", "members": "read"}
    query = '{ organization(login: "dnum") { projectV2(number: 1) { id } } }'
    answer = call(sandbox.doorman.new_token(None)[0], "POST", "/graphql", query=query).json()
    assert (answer["errors"][0]["type"], answer["data"]["organization"]["projectV2"]) == ("FORBIDDEN", None)


@pytest.mark.parametrize("given", [{}, {"number": None}, {"number": "un"}])
def test_a_question_without_what_it_asks_for_is_its_author_s_mistake(call, issue, given):
    query = """query($number: Int!) { repository(owner: "dnum", name: "produits") {
      issue(number: $number) { title } } }"""
    answer = call("techno", "POST", "/graphql", query=query, variables=given)
    assert (answer.status_code, "$number" in answer.json()["errors"][0]["message"]) == (200, True)


@pytest.mark.parametrize("query", ["{", "{ nothing }", "query A { viewer { login } } query B { viewer { login } }"])
def test_questions_that_cannot_be_asked(call, query):
    answer = call("techno", "POST", "/graphql", query=query)
    assert answer.status_code == 200
    assert answer.json()["errors"]


# GitHub's published models judge the answers


@pytest.mark.contract
def test_answers_fit_githubs_models(sandbox, call, issue, token):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = pytest.importorskip("githubkit_schemas.v2022_11_28.models")
    comment = sandbox.world.comment(sandbox.world.bot, 1, "x")
    sandbox.world.react("techno", comment, "+1")
    sandbox.world.set_assignees("techno", 1, ["techno"])
    own = f"{REPO}/issues/comments/{comment.id}"
    for path, model, many in [
        (REPO, "FullRepository", False),
        (f"{REPO}/issues", "Issue", True),
        (f"{REPO}/issues/1", "Issue", False),
        (f"{REPO}/issues/1/comments", "IssueComment", True),
        (own, "IssueComment", False),
        (f"{own}/reactions", "Reaction", True),
        (f"{REPO}/labels", "Label", True),
        (f"{REPO}/contents/{POLICY}", "ContentFile", False),
        ("/orgs/dnum/teams/comite-produit", "TeamFull", False),
        ("/orgs/dnum/teams/comite-produit/members", "SimpleUser", True),
        ("/orgs/dnum/teams/comite-produit/memberships/techno", "TeamMembership", False),
        (f"{REPO}/collaborators/techno/permission", "RepositoryCollaboratorPermission", False),
        ("/user", "PublicUser", False),
    ]:
        answer = call("techno", "GET", path).json()
        for item in answer if many else [answer]:
            getattr(models, model).model_validate(item)


# starting again


def test_the_state_survives_a_restart(tmp_path):
    file = tmp_path / "github.json"
    first = Sandbox(seed(), state_file=file)
    issue = first.world.open_issue("techno", "Un produit", "corps", ["produit"])
    comment = first.world.comment("techno", 1, "é")
    first.world.react("visiteur", comment, "confused")
    first.world.react("visiteur", issue, "rocket")
    card = first.world.add_card("techno", 1)
    first.world.move_card("techno", card.id, first.world.options[1].id)
    first.stop()
    again = Sandbox(seed(), state_file=file)
    again.stop()
    assert again.world.issues == {1: issue}
    assert again.world.cards == {card.id: card}
    assert {**again.environment(), "GITHUB_API_URL": ""} == {**first.environment(), "GITHUB_API_URL": ""}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_act_gives_the_state_another_version(sandbox):
    world = sandbox.world
    seen = [world.version]
    issue = world.open_issue("techno", "Un produit", "")
    seen.append(world.version)
    world.react("techno", issue, "eyes")
    seen.append(world.version)
    world.react("techno", issue, "+1")
    world.unreact("techno", issue, "eyes")
    seen.append(world.version)
    assert sorted(set(seen)) == seen
    assert [given.content for given in issue.reactions] == ["+1"]
    world.unreact("visiteur", issue, "+1")
    assert len(issue.reactions) == 1


def test_the_env_file_is_its_owners_alone(sandbox, tmp_path):
    file = tmp_path / "sandbox.env"
    sandbox.write_env_file(file)
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    key = Path(lines["JALON_PRIVATE_KEY_FILE"])
    settings = {"GITHUB_API_URL", "JALON_APP_ID", "JALON_WEBHOOK_SECRET", "JALON_PRIVATE_KEY_FILE"} | {
        "JALON_PAGES",
        "JALON_CLIENT_ID",
        "JALON_CLIENT_SECRET",
    }
    assert set(lines) == settings
    assert key.read_text() == sandbox.environment()["JALON_PRIVATE_KEY"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (file, key)} == {0o600}


@pytest.mark.parametrize(
    "change",
    [
        {"people": [{"login": "x", "role": "chef"}]},
        {"teams": [{"slug": "t", "members": ["inconnu"]}]},
        {"surprise": 1},
    ],
)
def test_a_wrong_seed_is_refused(change):
    with pytest.raises(SeedError):
        first_state({**seed(), **change})


def test_ids_are_not_the_same_twice():
    one, two = World.from_seed(seed()), World.from_seed(seed())
    assert {one.board_node_id, one.field_node_id} & {two.board_node_id, two.field_node_id} == set()
    assert one.open_issue("techno", "x", "").id != two.open_issue("techno", "x", "").id


def test_rights_are_asked_without_acting():
    world = World.from_seed(seed())
    world.open_issue("visiteur", "x", "")
    said = world.comment("visiteur", 1, "- [ ] case")
    assert [who for who in world.people if world.can(who, "edit_comment", comment_id=said.id)] == [
        "techno",
        "visiteur",
        "directrice",
        "jalon[bot]",
    ]
    assert world.can("visiteur", "move_card")
    with pytest.raises(Refused) as refused:
        world.add_labels("visiteur", 1, ["produit"])
    assert refused.value.status == 403
