"""Names that change and still lead somewhere, an archived repository, an installation suspended or with fewer rights."""

import json

import pytest
import requests

from local_github.state import Refused
from tests.local_github.conftest import REPO

NAMED = 'query Q($name: String!, $follow: Boolean = true) { repository(owner: "dnum", name: $name, followRenames: $follow) { nameWithOwner } }'
SAY = f"{REPO}/issues/1/comments"


@pytest.fixture
def world(sandbox):
    sandbox.world.open_issue("techno", "un", "")
    sandbox.world.app.events += ["repository", "organization"]
    sandbox.take_held()
    return sandbox.world


def raw(sandbox, token, method, path, **body):
    """Without following where it leads."""
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"token {token}"}
        return session.request(
            method, sandbox.url + path, headers=headers, json=body or None, allow_redirects=False, timeout=9
        )


def test_a_write_to_a_former_name_is_told_where_to_go_and_writes_nothing(sandbox, world, call, token):
    world.rename_repository("directrice", "projets")
    answer = raw(sandbox, token, "POST", SAY, body="x")
    where = f"{sandbox.url}/repositories/{world.repository_id}/issues/1/comments"
    assert (answer.status_code, answer.headers["Location"]) == (307, where)
    assert answer.json()["message"] == "Moved Permanently"
    assert answer.json()["url"] == where
    assert world.issue(1).comments == []
    assert raw(sandbox, token, "POST", where.removeprefix(sandbox.url), body="x").status_code == 201
    assert raw(sandbox, token, "POST", "/repositories/1/issues/1/comments", body="x").status_code == 404


def test_a_reading_of_a_former_name_leads_on_with_its_question(sandbox, world, call, token):
    world.rename_repository("directrice", "projets")
    answer = raw(sandbox, token, "GET", f"{REPO}/issues?state=all&per_page=5")
    assert (answer.status_code, answer.headers["Location"].partition("?")[2]) == (301, "state=all&per_page=5")
    assert call(token, "GET", f"{REPO}/issues/1").json()["repository_url"].endswith("/repos/dnum/projets")
    assert call(token, "GET", REPO).json()["full_name"] == "dnum/projets"


def test_graphql_follows_a_former_name_unless_told_not_to(world, call, token):
    world.rename_repository("directrice", "projets")

    def asked(**variables):
        return call(token, "POST", "/graphql", query=NAMED, variables=variables).json()

    for name in ("produits", "projets", "PRODUITS"):
        assert asked(name=name)["data"]["repository"] == {"nameWithOwner": "dnum/projets"}
    assert asked(name="produits", follow=False)["errors"][0]["type"] == "NOT_FOUND"


def test_a_name_taken_back_leads_nowhere_else(sandbox, world, token):
    world.rename_repository("directrice", "projets")
    world.rename_repository("directrice", "produits")
    assert raw(sandbox, token, "GET", REPO).status_code == 200
    assert raw(sandbox, token, "GET", "/repos/dnum/projets").status_code == 301
    with pytest.raises(Refused, match="already exists"):
        world.rename_repository("directrice", " ")


def test_an_organisation_that_changes_its_name(sandbox, world, token):
    world.rename_organisation("directrice", "numerique")
    assert raw(sandbox, token, "POST", SAY, body="x").status_code == 307
    assert raw(sandbox, token, "GET", "/orgs/dnum").status_code == 404
    assert raw(sandbox, token, "GET", "/orgs/numerique").status_code == 200
    assert world.board().repositories == ["numerique/produits"]
    sent = [headers["X-GitHub-Event"] for headers, _ in sandbox.take_held()]
    assert sent == ["organization", "installation_target"]


def test_its_pages_follow(sandbox, world):
    world.rename_repository("directrice", "projets")
    with requests.Session() as session:
        session.trust_env = False
        for name in ("produits", "projets"):
            assert session.get(f"{sandbox.url}/dnum/{name}/issues/1", timeout=9).status_code == 200


def test_an_archived_repository_is_read_and_not_written(sandbox, world, call, token):
    world.archive_repository("directrice")
    for who in (token, "techno"):
        answer = call(who, "POST", SAY, body="x")
        assert (answer.status_code, answer.json()["message"]) == (403, "Repository was archived so is read-only.")
    assert call(token, "GET", REPO).json()["archived"] is True
    assert call("techno", "GET", SAY).json() == []
    card = world.add_card("techno", 1)
    world.move_card("techno", card.id, world.options[0].id)
    minimize = 'mutation {{ minimizeComment(input: {{subjectId: "{}", classifier: OUTDATED}}) {{ clientMutationId }} }}'
    world.archive_repository("directrice", archived=False)
    said = world.comment("techno", 1, "x")
    world.archive_repository("directrice")
    found = call("techno", "POST", "/graphql", query=minimize.format(said.node_id)).json()
    assert (found["data"], found["errors"][0]["type"]) == ({"minimizeComment": None}, "FORBIDDEN")


def test_a_suspended_installation_hears_and_may_do_nothing(sandbox, world, call, token, integration):
    world.suspend_app("directrice")
    for answer in (call(token, "GET", REPO), call(token, "POST", "/graphql", query="{ viewer { login } }")):
        assert (answer.status_code, answer.json()["message"]) == (403, "This installation has been suspended")
    status, _, body = integration.requester.requestJson(
        "POST", f"/app/installations/{world.app.installation_id}/access_tokens"
    )
    assert (status, "has been suspended" in body) == (403, True)
    world.comment("techno", 1, "x")
    world.suspend_app("directrice", suspended=False)
    assert call(token, "GET", REPO).status_code == 200
    told = [(headers["X-GitHub-Event"], b'"suspend"' in body) for headers, body in sandbox.take_held()]
    assert told == [("installation", True), ("installation", False)]


def test_the_app_suspends_itself_as_github_offers_it(sandbox, world, integration):
    path = f"/app/installations/{world.app.installation_id}"
    assert integration.requester.requestJson("PUT", f"{path}/suspended")[0] == 204
    assert integration.requester.requestJsonAndCheck("GET", path)[1]["suspended_by"]["login"] == world.bot
    assert integration.requester.requestJson("DELETE", f"{path}/suspended")[0] == 204
    assert integration.requester.requestJsonAndCheck("GET", path)[1]["suspended_at"] is None


def test_a_permission_withdrawn_is_gone_from_tokens_too(sandbox, world, call, token):
    world.grant("directrice", {"issues": "read", "organization_projects": "write"})
    assert call(token, "POST", SAY, body="x").json()["message"] == "Resource not accessible by integration"
    assert call(token, "GET", SAY).status_code == 200
    assert call(token, "GET", "/orgs/dnum/teams").status_code == 403
    assert [headers["X-GitHub-Event"] for headers, _ in sandbox.take_held()] == ["installation"]
    with pytest.raises(Refused, match="not a level"):
        world.grant("directrice", {"issues": "beaucoup"})


def test_tokens_end_with_the_installation(world, call, token):
    world.uninstall_app("directrice")
    assert call(token, "GET", REPO).status_code == 401


def test_a_webhook_that_is_not_active_sends_nothing_and_notes_nothing(sandbox, world, integration):
    config = integration.requester.requestJsonAndCheck("GET", "/app/hook/config")[1]
    assert (config["content_type"], config["secret"]) == ("json", "********")
    world.app.hook_active = False
    world.comment("techno", 1, "x")
    assert sandbox.take_held() == []
    assert world.deliveries == []
    world.app.hook_active = True
    world.comment("techno", 1, "y")
    assert len(sandbox.take_held()) == 1


def test_a_repository_transferred_leaves_boards_and_teams_behind(sandbox, world):
    with pytest.raises(Refused):
        world.transfer_repository("directrice", world.organisation)
    former, number = world.organisation, world.organisation_id
    world.transfer_repository("directrice", "numerique")
    assert world.repository == f"numerique/{world.former[-1].partition('/')[2]}"
    assert (world.boards, world.teams) == ({}, {})
    assert world.organisation_id != number
    ((headers, body),) = sandbox.take_held()
    assert headers["X-GitHub-Event"] == "repository"
    assert json.loads(body)["changes"]["owner"]["from"]["organization"]["login"] == former
