"""The rules of misbehaviour: read, refused with a reason, counted, repeatable."""

import time

import pytest
import requests
from click.testing import CliRunner

from app.cli import main
from local_github.faults import KINDS, Faults, from_words
from local_github.refusals import WORDS
from local_github.state import Refused
from tests.local_github.conftest import REPO

FAULTS = "/_sandbox/faults"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({}, "kind must be one of"),
        ({"kind": "panne"}, "kind must be one of"),
        ({"kind": "lost", "colour": "red"}, "unknown keys: colour"),
        ({"kind": "lost", "chance": 2}, "chance at most 1"),
        ({"kind": "lost", "next": 0}, "next is at least 1"),
        ({"kind": "lost", "next": -1}, "next: a number"),
        ({"kind": "slow", "seconds": "long"}, "seconds: a number"),
        ({"kind": "lost", "match": "["}, "match is not a pattern"),
        ({"kind": "primary-limit", "status": 500}, "status 500 makes no sense"),
        ({"kind": "error-before", "status": 403}, "status 403 makes no sense"),
    ],
)
def test_a_rule_with_a_mistake_is_refused_with_a_reason(rule, says):
    with pytest.raises(Refused, match=says):
        Faults().add(rule)


def test_rules_come_in_and_go_out(call):
    added = call("techno", "POST", FAULTS, kind="lost", next=2).json()["faults"]
    assert [(rule["kind"], rule["next"]) for rule in added] == [("lost", 2)]
    shown = call("techno", "POST", FAULTS, seed=7, faults=[{"kind": "slow", "seconds": 0}]).json()
    assert (shown["seed"], len(shown["faults"])) == (7, 2)
    assert call("techno", "POST", FAULTS, raw=b"[]").status_code == 422
    assert call("techno", "POST", FAULTS, seed="x").status_code == 422
    assert call("techno", "DELETE", FAULTS).json()["faults"] == []


def test_a_rule_is_used_as_often_as_it_says():
    faults = Faults([{"kind": "lost", "next": 2, "match": "issue_comment"}])
    taken = [faults.take(KINDS, about) for about in ("issues.opened", *["issue_comment.created"] * 3)]
    assert [rule is not None for rule in taken] == [False, True, True, False]
    assert faults.happened == [{"kind": "lost", "about": "issue_comment.created"}] * 2


def test_chance_repeats_itself():
    def drawn(seed):
        faults = Faults([{"kind": "lost", "chance": 0.5}], seed)
        return [faults.take(KINDS, "x") is not None for _ in range(50)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert 10 < sum(drawn(7)) < 40


def test_words_of_the_command_line():
    assert from_words("error-after, match=comments,next=3,chance=0.5") == {
        "kind": "error-after",
        "match": "comments",
        "next": 3,
        "chance": 0.5,
    }
    for wrong in ("lost,next", "lost,next=trois"):
        with pytest.raises(Refused):
            from_words(wrong)
    answer = CliRunner().invoke(main, ["sandbox", "--port", "0", "--fault", "panne"])
    assert answer.exit_code == 2
    assert "kind must be one of" in answer.output


LIMITED = {"kind": "primary-limit", "seconds": 30}


@pytest.mark.parametrize(
    ("rule", "method", "path", "status", "headers"),
    [
        ({"kind": "error-before", "status": 500}, "GET", REPO, 500, {}),
        (LIMITED, "GET", REPO, 403, {"x-ratelimit-remaining": "0"}),
        ({**LIMITED, "status": 429}, "GET", REPO, 429, {"x-ratelimit-remaining": "0"}),
        (LIMITED, "POST", "/graphql", 200, {"x-ratelimit-remaining": "0"}),
        ({"kind": "secondary-limit"}, "GET", REPO, 403, {}),
        ({"kind": "secondary-limit", "status": 429, "retry_after": 9}, "GET", REPO, 429, {"retry-after": "9"}),
        ({"kind": "token-expired"}, "GET", REPO, 401, {}),
        ({"kind": "team-lookup"}, "GET", "/orgs/dnum/teams/comite-produit/members", 502, {}),
        ({"kind": "slow", "seconds": 0.01}, "GET", REPO, 200, {}),
    ],
)
def test_what_the_app_hears(sandbox, call, token, rule, method, path, status, headers):
    sandbox.faults.add({**rule, "next": 1})
    body = {"query": "{ rateLimit { used } }"} if path == "/graphql" else {}
    assert call("techno", method, path, **body).status_code == 200, "people's calls always go well"
    answer = call(token, method, path, **body)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in headers} == headers
    if rule["kind"] == "secondary-limit":
        assert "secondary rate limit" in answer.json()["message"]
        assert ("retry-after" in answer.headers) == ("retry_after" in rule)
    if path == "/graphql":
        assert answer.json()["errors"][0]["type"] == "RATE_LIMITED"
    if rule["kind"] == "primary-limit":
        assert 0 < int(answer.headers["x-ratelimit-reset"]) - time.time() <= 31


@pytest.mark.parametrize(
    ("kind", "written"), [("error-before", 0), ("error-after", 1), ("cut-before", 0), ("cut-after", 1)]
)
def test_before_or_after_the_write(sandbox, call, token, kind, written):
    sandbox.world.open_issue("techno", "x", "")
    sandbox.faults.add({"kind": kind, "next": 1})
    if kind.startswith("cut"):
        with pytest.raises(requests.ConnectionError):
            call(token, "POST", f"{REPO}/issues/1/comments", body="x")
    else:
        assert call(token, "POST", f"{REPO}/issues/1/comments", body="x").status_code == 502
    assert len(sandbox.world.issue(1).comments) == written


@pytest.mark.parametrize(("kind", "written"), [("hang-before", 0), ("hang-after", 1)])
def test_silence(sandbox, call, token, kind, written):
    sandbox.world.open_issue("techno", "x", "")
    sandbox.faults.add({"kind": kind, "next": 1, "seconds": 0.05})
    with pytest.raises(requests.ConnectionError):
        call(token, "POST", f"{REPO}/issues/1/comments", body="x")
    assert len(sandbox.world.issue(1).comments) == written


def test_a_lost_delivery_is_in_the_log_and_a_vanished_one_is_not(sandbox):
    for kind, logged in (("lost", 1), ("vanished", 0)):
        sandbox.faults.add({"kind": kind, "next": 1})
        before = len(sandbox.world.deliveries)
        sandbox.world.open_issue("techno", kind, "")
        assert sandbox.take_held() == []
        assert len(sandbox.world.deliveries) - before == logged
    assert [(item.status_code, item.status) for item in sandbox.world.deliveries] == [(0, "timed out")]


def test_deliveries_twice_late_and_after_the_next(sandbox):
    sandbox.faults.add({"kind": "duplicated", "match": "issues.opened", "next": 1})
    sandbox.world.open_issue("techno", "x", "")
    first, second = sandbox.take_held()
    assert first == second
    sandbox.faults.add({"kind": "reordered", "next": 1})
    one, two = (sandbox.world.comment("techno", 1, text).body for text in ("un", "deux"))
    assert [two.encode() in body for _, body in sandbox.take_held()] == [True, False]
    sandbox.faults.add({"kind": "delayed", "next": 1, "seconds": 0.05})
    sandbox.world.comment("techno", 1, one)
    sandbox.world.comment("techno", 1, two)
    sandbox.wait_delivered()
    assert [two.encode() in body.partition(b'"comment":{')[2] for _, body in sandbox.take_held()] == [True, False]


@pytest.mark.parametrize("why", WORDS)
def test_refusals_in_githubs_words(sandbox, call, token, why):
    """Over REST a status; over GraphQL a success whose data is null, unless the whole door is shut."""
    words = WORDS[why]
    sandbox.faults.add({"kind": "refused", "why": why, "next": 2})
    sandbox.world.open_issue("techno", "x", "")
    over_rest = call(token, "POST", f"{REPO}/issues/1/comments", body="x")
    asked = 'mutation Say { done: addComment(input: {subjectId: "x", body: "y"}) { clientMutationId } }'
    over_graphql = call(token, "POST", "/graphql", query=asked)
    assert over_rest.status_code == 403
    assert over_rest.json()["message"].startswith(words.message.partition("{")[0])
    assert "{" not in over_rest.json()["message"]
    assert all(name in over_rest.headers for name in words.headers)
    if not words.kind:
        assert over_graphql.status_code == 403
        return
    assert (over_graphql.status_code, over_graphql.json()["data"]) == (200, {"done": None})
    [error] = over_graphql.json()["errors"]
    assert (error["type"], error["path"], error["message"]) == (words.kind, ["done"], over_rest.json()["message"])
    assert sandbox.world.issue(1).comments == []


def test_a_refusal_with_a_status_of_its_own_is_one_over_graphql_too(sandbox, call, token):
    sandbox.faults.add({"kind": "refused", "why": "archived", "status": 410, "next": 1})
    assert call(token, "POST", "/graphql", query="{ rateLimit { used } }").status_code == 410


@pytest.mark.parametrize("rule", [{"kind": "refused", "why": "humeur"}, {"kind": "lost", "why": "archived"}])
def test_a_refusal_has_known_words(rule):
    with pytest.raises(Refused, match="why goes with refused"):
        Faults().add(rule)
