"""The rules of misbehaviour: read, refused with a reason, counted, repeatable."""

import time

import pytest
import requests
from click.testing import CliRunner

from app.cli import main
from local_github.faults import FIELDS, KINDS, Faults, from_words
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
        ({"kind": "cut-between", "status": 403}, "status 403 makes no sense"),
        ({"kind": "cut-between", "fields": -1}, "fields: a number"),
        ({"kind": "field-lost", "fields": 1}, "fields goes with cut-between"),
        ({"kind": "slow", "each": "long"}, "each: a number"),
        ({"kind": "hang-before", "each": 1}, "each goes with slow"),
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
    assert from_words("slow,seconds=1,each=0.2") == {"kind": "slow", "seconds": 1, "each": 0.2}
    assert from_words("cut-between,fields=2") == {"kind": "cut-between", "fields": 2}
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


# the fields of one mutation


@pytest.fixture
def many(sandbox, call, token):
    """many() -> the answer to one call that comments, puts a label, comments again, and closes."""
    world = sandbox.world
    issue, label = world.open_issue("techno", "x", ""), world.label("produit")
    values = {"on": issue.node_id, "label": label.node_id}
    query = """mutation Write($on: ID!, $label: ID!) {
      a: addComment(input: {subjectId: $on, body: "un"}) { clientMutationId }
      b: addLabelsToLabelable(input: {labelableId: $on, labelIds: [$label]}) { clientMutationId }
      c: addComment(input: {subjectId: $on, body: "deux"}) { clientMutationId }
      closeIssue(input: {issueId: $on}) { clientMutationId }
    }"""
    sandbox.take_held()
    return lambda who=token: call(who, "POST", "/graphql", query=query, variables=values)


KEYS = ("a", "b", "c", "closeIssue")
ACTS = "addComment addLabelsToLabelable addComment closeIssue"
DONE = {"clientMutationId": None}


def carried_out(world):
    """The keys of what was done."""
    issue = world.issue(1)
    said = {"a": "un", "b": "produit", "c": "deux", "closeIssue": "closed"}
    there = {*(comment.body for comment in issue.comments), *issue.labels, issue.state}
    return {key for key, what in said.items() if what in there}


@pytest.mark.parametrize("kind", ["field-refused", "field-lost"])
@pytest.mark.parametrize(("match", "hit"), [("addLabels", "b"), ("^GRAPHQL Write closeIssue$", "closeIssue")])
def test_one_field_goes_wrong_and_the_others_go_on(sandbox, many, kind, match, hit):
    sandbox.faults.add({"kind": kind, "match": match, "next": 1})
    answer = many().json()
    assert answer["data"] == {key: None if key == hit else DONE for key in KEYS}
    [error] = answer["errors"]
    assert error["path"] == [hit]
    if kind == "field-refused":
        assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")
        assert carried_out(sandbox.world) == {*KEYS} - {hit}
    else:
        assert "type" not in error, "as GitHub tells its own faults"
        assert error["message"].startswith("Something went wrong while executing your query")
        assert carried_out(sandbox.world) == {*KEYS}
    assert [item["kind"] for item in sandbox.faults.happened] == [kind]
    assert sandbox.faults.happened[0]["about"].startswith("GRAPHQL Write ")
    assert sandbox.faults.shown()["faults"] == []


@pytest.mark.parametrize("why", WORDS)
def test_a_field_is_refused_in_the_words_of_a_call_refused(sandbox, many, why):
    sandbox.faults.add({"kind": "field-refused", "why": why, "match": "closeIssue", "next": 1})
    [error] = many().json()["errors"]
    words = WORDS[why]
    named = {"organisation": sandbox.world.organisation, "bot": sandbox.world.bot}
    assert (error["type"], error["message"]) == (words.kind or "FORBIDDEN", words.message.format(**named))
    assert {name: error[name] for name in words.more} == words.more


@pytest.mark.parametrize("fields", [0, 1, 3, 4, 9])
def test_a_call_is_cut_after_some_of_its_fields(sandbox, many, fields):
    sandbox.faults.add({"kind": "cut-between", "fields": fields, "match": "Write .*closeIssue", "next": 1})
    answer = many()
    assert answer.status_code == 502
    assert "data" not in answer.json()
    assert carried_out(sandbox.world) == {*KEYS[:fields]}
    assert len(sandbox.take_held()) == len(KEYS[:fields])
    assert sandbox.faults.happened == [{"kind": "cut-between", "about": f"GRAPHQL Write {ACTS}"}]


def test_where_a_call_is_cut_is_drawn_by_the_seed(sandbox, many):
    def drawn(seed):
        sandbox.faults.reseed(seed)
        for _ in range(24):
            sandbox.faults.add({"kind": "cut-between", "next": 1})
            assert many().status_code == 502
            yield frozenset(carried_out(sandbox.world))
            for comment in sandbox.world.issue(1).comments[:]:
                sandbox.world.delete_comment("directrice", comment.id)
            sandbox.world.issue(1).labels.clear()
            sandbox.world.edit_issue("directrice", 1, state="open")

    first = list(drawn(7))
    assert first == list(drawn(7)) != list(drawn(8))
    assert set(first) == {frozenset(KEYS[:count]) for count in range(1, 5)}


def test_of_several_fields_that_match_one_is_drawn_by_the_seed(sandbox, many):
    hit = set()
    for _ in range(12):
        sandbox.faults.add({"kind": "field-lost", "match": "addComment", "next": 1})
        [error] = many().json()["errors"]
        hit |= {*error["path"]}
    assert hit == {"a", "c"}


@pytest.mark.parametrize("kind", FIELDS)
def test_queries_rest_and_people_never_meet_the_faults_of_fields(sandbox, call, token, many, kind):
    sandbox.faults.add({"kind": kind})
    assert "errors" not in many("directrice").json()
    assert call(token, "POST", "/graphql", query="{ rateLimit { used } }").json()["data"]
    assert call(token, "POST", f"{REPO}/issues/1/comments", body="x").status_code == 201
    assert sandbox.faults.happened == []


def test_each_field_takes_its_time(sandbox, many, monkeypatch):
    waited = []
    trouble = sandbox._door.trouble
    monkeypatch.setattr(trouble.ended, "wait", waited.append)
    for rule in ({"seconds": 2, "each": 0.5}, {"each": 0.25}, {"seconds": 3}, {}):
        sandbox.faults.add({"kind": "slow", "next": 1, **rule})
        assert many().status_code == 200
    assert waited == [4.0, 1.0, 3, 2]


@pytest.mark.parametrize("over", ["rest", "graphql", "graphql, the answer lost", "graphql, cut"])
@pytest.mark.parametrize("kind", ["comment-edited", "comment-deleted", "label-renamed"])
def test_a_hand_behind_the_app_however_it_wrote(sandbox, call, token, many, over, kind):
    sandbox.faults.add({"kind": kind, "by": "directrice", "next": 1})
    if "lost" in over:
        sandbox.faults.add({"kind": "field-lost", "match": "comment" if kind.startswith("c") else "Labels"})
    if "cut" in over:
        sandbox.faults.add({"kind": "cut-between", "fields": 2})
    if over == "rest":
        call(token, "POST", f"{REPO}/issues/1/comments", body="un")
        call(token, "POST", f"{REPO}/issues/1/labels", labels=["produit"])
    else:
        many()
    issue, touched = sandbox.world.issue(1), "un\n\nRetouché à la main."
    first = issue.comments[0].body if issue.comments else ""
    assert (first == touched) == (kind == "comment-edited")
    assert (first in {"", "deux"}) == (kind == "comment-deleted")
    assert (issue.labels == ["produit (renommée)"]) == (kind == "label-renamed")
    assert [item["kind"] for item in sandbox.faults.happened].count(kind) == 1


def test_nobody_touches_what_the_same_call_took_away(sandbox, call, token):
    """Nor is the fault used up."""
    issue = sandbox.world.open_issue("techno", "x", "")
    sandbox.faults.add({"kind": "label-renamed", "next": 1})
    query = "mutation Write($on: ID!) { addLabelsToLabelable(input: {labelableId: $on, labelIds: []}) { clientMutationId } }"
    answer = call(token, "POST", "/graphql", query=query, variables={"on": issue.node_id})
    assert "errors" not in answer.json()
    assert sandbox.faults.happened == []


def test_a_call_is_about_its_mutations_by_their_names(sandbox, call, token, many):
    sandbox.faults.add({"kind": "error-before", "match": "addComment addLabelsToLabelable", "next": 1})
    assert many().status_code == 502
    assert sandbox.faults.happened == [{"kind": "error-before", "about": f"GRAPHQL Write {ACTS}"}]
    call(token, "POST", "/graphql", query="query Look { rateLimit { used } }")
    seen = [(item["operation"], item["acts"], item["write"]) for item in sandbox.calls]
    assert seen == [("Write", ACTS.split(), True), ("Look", [], False)]
