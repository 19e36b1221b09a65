"""Answers of the real GitHub that are not whole: redirected, withheld in part, cut short, or in several pages."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
import requests
import responses
from github import Auth, Github

from app.domain.policy.model import Committee
from app.github import backlog, issue_summaries, pages, read
from app.github.calls import call
from app.github.client import Client, LaterError, NotFoundError, manners
from app.github.errors import OverloadedError, RefusalError, TooMuchError
from app.github.token import TokenClient
from app.settings import Settings, TokenSettings

API = "https://api.github.example"
NET = f"{API}:443"
"""How PyGithub spells it."""
REPOSITORY = "dnum/produits"
COMMITTEE = Committee("comite", ())


@pytest.fixture
def client():
    return TokenClient(TokenSettings("t", REPOSITORY, API))


@pytest.fixture
def net():
    with responses.RequestsMock() as mock:
        yield mock


def requester():
    return Github(auth=Auth.Token("t"), base_url=API, **manners()).requester


def answers(net, *bodies):
    for body in bodies:
        net.post(f"{NET}/graphql", json=body)


def asked(net):
    return [json.loads(one.request.body)["variables"].get("first") for one in net.calls]


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("verb", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_redirected_write_is_a_failure(net, verb, status):
    moved = {"message": "Temporary Redirect", "url": f"{API}/repositories/1/issues/7/comments"}
    net.add(verb, f"{NET}/repos/dnum/old/issues/7/comments", json=moved, status=status)
    with pytest.raises(LaterError) as later:
        call(requester(), verb, "/repos/dnum/old/issues/7/comments", {"body": "x"})
    assert later.value.kind == "moved"


def test_an_answer_that_is_not_githubs_is_no_answer(net):
    net.get(f"{NET}/app", body="<html>Portail captif</html>")
    with pytest.raises(LaterError) as later:
        call(requester(), "GET", "/app")
    assert later.value.kind == "unreachable"


def test_a_call_that_ends_is_a_sign_whatever_it_brought(net):
    signs = []
    client = Client(Settings(1, "KEY", ("secret",)), ended=lambda: signs.append("ended"))
    ends = ({"json": {}}, {"json": {}, "status": 403}, {"body": "<html>"}, {"body": requests.ConnectTimeout()})
    for count, end in enumerate(ends, start=1):
        net.get(f"{NET}/app", **end)
        with suppress(LaterError, RefusalError):
            client.in_background().rest(requester(), "GET", "/app")
        assert len(signs) == count


def test_a_list_goes_on_as_long_as_github_says(net, client):
    """Even when a page is shorter than what was asked for, as when a redirection lost the size."""
    more = {"Link": f'<{API}/repositories/1/labels?page=2>; rel="next", <{API}/x?page=9>; rel="last"'}
    net.get(f"{NET}/repos/{REPOSITORY}/labels", json=[{"name": "a"}], headers=more)
    net.get(f"{NET}/repositories/1/labels", json=[{"name": "b"}])
    assert [one["name"] for one in client.listed(requester(), f"/repos/{REPOSITORY}/labels")] == ["a", "b"]


def glance(number, cards=()):
    return {
        "id": f"I_{number}",
        "number": number,
        "state": "OPEN",
        "title": "SILAV",
        "body": "",
        "labels": {"nodes": [None, {"name": "produit"}]},
        "projectItems": {"pageInfo": {"hasNextPage": False}, "nodes": list(cards)},
        "comments": {"totalCount": 0, "nodes": []},
    }


def page(*nodes, more=""):
    issues = {"pageInfo": {"hasNextPage": bool(more), "endCursor": more}, "nodes": list(nodes)}
    return {"repository": {"issues": issues}, "organization": {"projectV2": {"id": "PVT_ours"}}}


def card(board):
    shown = dict.fromkeys(("gate", "progress", "due", "office"))
    return {"isArchived": False, "project": {"id": board}, "fieldValueByName": {"name": "POC"}, **shown}


def test_a_card_on_a_board_that_is_withheld_hides_nothing_else(net, client):
    foreign = {"type": "FORBIDDEN", "path": ["repository", "issues", "nodes", 0, "projectItems", "nodes", 0]}
    answers(net, {"data": page(glance(1, [None, card("PVT_ours")]), None), "errors": [foreign | {"message": "no"}]})
    [[seen]] = issue_summaries.summaries(client, REPOSITORY, 1)
    assert (seen.number, seen.column, seen.labels) == (1, "POC", ("produit",))


def test_an_error_elsewhere_spoils_the_answer(net, client):
    error = {"type": "FORBIDDEN", "path": ["repository", "issues", "nodes", 0, "comments"], "message": "no"}
    answers(net, {"data": page(glance(1)), "errors": [error]})
    with pytest.raises(RefusalError):
        list(issue_summaries.summaries(client, REPOSITORY, 1))


EXHAUSTED = [
    {"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."},
    {"type": "RESOURCE_LIMITS_EXCEEDED", "message": "no", "path": ["repository", "issues", "nodes", 0, "projectItems"]},
    {"message": "Something went wrong while executing your query. This may be the result of a timeout"},
]


@pytest.mark.parametrize("error", EXHAUSTED)
def test_an_answer_cut_short_is_asked_again_by_smaller_pages(net, client, error):
    partial = {"data": page(glance(1)), "errors": [error]}
    answers(net, partial, partial, {"data": page(glance(1), more="c")}, {"data": page(glance(2))})
    seen = [one.number for found in issue_summaries.summaries(client, REPOSITORY, 1) for one in found]
    assert seen == [1, 2]
    assert asked(net) == [50, 25, 12, 12]


READERS = {
    "backlog": lambda client: list(backlog._issues(client, REPOSITORY)),
    "every_issue": lambda client: list(read.every_issue(client, REPOSITORY)),
    "glances": lambda client: list(issue_summaries.summaries(client, REPOSITORY, 1)),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_what_is_too_much_even_alone_is_told(net, client, reader):
    for _ in range(7):
        answers(net, {"data": None, "errors": [EXHAUSTED[0]]})
    net.assert_all_requests_are_fired = False
    with pytest.raises(LaterError) as later:
        reader(client)
    assert isinstance(later.value, TooMuchError)
    assert asked(net)[-1] == 1


@pytest.mark.parametrize(("failures", "is_told"), [(0, True), (2, True), (3, False)])
def test_a_list_on_which_github_fails_is_asked_again_twice(net, client, failures, is_told):
    for _ in range(failures):
        net.get(f"{NET}/orgs/dnum/teams", status=502)
    net.get(f"{NET}/orgs/dnum/teams", json=[{"slug": "comite"}])
    net.assert_all_requests_are_fired = False
    if is_told:
        assert list(client.listed(requester(), "/orgs/dnum/teams")) == [{"slug": "comite"}]
        return
    with pytest.raises(OverloadedError):
        list(client.listed(requester(), "/orgs/dnum/teams"))


def test_a_server_that_fails_is_not_asked_over_and_over(net, client):
    net.post(f"{NET}/graphql", status=502)
    with pytest.raises(LaterError):
        pages.ask(client, requester(), "every_issue", 100, owner="dnum", name="produits", after=None)
    assert asked(net) == [100, 50, 25, 12]


def issue(team=None, cards=(), more_cards=False):
    return {
        "id": "I_1",
        "number": 1,
        "title": "SILAV",
        "body": "",
        "url": "",
        "state": "OPEN",
        "createdAt": "2026-11-28T10:00:00Z",
        "updatedAt": "2026-11-28T10:00:00Z",
        "closedAt": None,
        "viewerDidAuthor": False,
        "lastEditedAt": None,
        "editor": None,
        "author": None,
        "assignees": {"nodes": []},
        "labels": {"nodes": []},
        "projectItems": {"pageInfo": {"hasNextPage": more_cards, "endCursor": "c"}, "nodes": list(cards)},
        "comments": {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []},
    }


def product(found, team, board=None):
    repository = {"databaseId": 7, "nameWithOwner": REPOSITORY, "issue": found}
    return {"data": {"repository": repository, "organization": {"team": team, "projectV2": board}}}


def team(*logins, more=False):
    nodes = [{"login": login, "databaseId": rank, "__typename": "User"} for rank, login in enumerate(logins)]
    return {"members": {"pageInfo": {"hasNextPage": more, "endCursor": "m"}, "nodes": nodes}}


def test_a_team_of_more_than_a_hundred_is_read_to_its_end(net, client):
    rest = [team("a", "b", more=True), team("c")]
    pages_of_team = [{"data": {"organization": {"team": one}}} for one in rest]
    answers(net, product(issue(), team("a", more=True)), *pages_of_team)
    assert read.load(client, REPOSITORY, 1, COMMITTEE, 1).team == {"a", "b", "c"}


def test_a_team_read_in_part_is_not_known(net, client):
    answers(net, product(issue(), team("a", more=True)), {"data": {"organization": {"team": None}}})
    assert read.load(client, REPOSITORY, 1, COMMITTEE, 1).team is None


BOARD = {
    "id": "PVT_ours",
    "field": {"id": "F", "options": [{"id": "o", "name": "POC"}]},
    **dict.fromkeys(("gate", "progress", "due", "office")),
}


def test_our_card_is_looked_for_on_every_board(net, client):
    ours = card("PVT_ours") | {"id": "PVTI_1", "fieldValueByName": {"optionId": "o"}}
    items = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [card("PVT_x"), None, ours]}
    first = product(issue(cards=[card("PVT_x"), None], more_cards=True), team("a"), BOARD)
    answers(net, first, {"data": {"node": {"projectItems": items}}})
    assert read.load(client, REPOSITORY, 1, COMMITTEE, 1).card.column == "POC"


def test_an_issue_that_is_not_shown_is_not_found(net, client):
    error = {"type": "NOT_FOUND", "path": ["repository", "issue"], "message": "no"}
    answers(net, {"data": {"repository": {"issue": None}, "organization": None}, "errors": [error]})
    with pytest.raises(NotFoundError):
        read.load(client, REPOSITORY, 1, COMMITTEE, 1)
