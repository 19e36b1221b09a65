"""The mutations of issues: each leaves and tells what its REST twin does, and refuses what it refuses."""

import json
from copy import deepcopy
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from local_github import state
from local_github.state import State
from tests.local_github.conftest import REPO

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
LONG = "x" * 65_537
WRITER, READER, TRIAGE = "techno", "visiteur", "cheffe-produit"


@pytest.fixture
def world(sandbox, monkeypatch):
    """Identifiers and hours that repeat themselves, so that two ways of doing one thing can be compared whole."""
    made = sandbox.world
    monkeypatch.setattr(state.secrets, "randbelow", lambda _: 0)
    made.clock = lambda: AT
    issue = made.open_issue(READER, "Un", "Le corps", ["produit"])
    made.comment(made.bot, issue.number, "Dit par l’App")
    made.comment(WRITER, issue.number, "Dit par quelqu’un")
    made.react(made.bot, issue.comments[1], "eyes")
    made.create_label(WRITER, "à suivre")
    made.open_issue(WRITER, "Deux", "")
    made.edit_issue(WRITER, 2, state="closed")
    made.clock = lambda: AT + timedelta(hours=1)
    sandbox.take_held()
    return made


@pytest.fixture
def ask(call):
    """ask(token, "addComment", "what is read of it", key=value…) -> the whole answer."""

    def send(token, name, read="clientMutationId", **given):
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation Act($input: {kind}!) {{ {name}(input: $input) {{ {read} }} }}"
        return call(token, "POST", "/graphql", query=query, variables={"input": given}).json()

    return send


def nodes(world):
    one = world.issues[1]
    ours, theirs = one.comments
    return {
        "issue": one.node_id,
        "closed": world.issues[2].node_id,
        "ours": ours,
        "theirs": theirs,
        "label": world.label("à suivre").node_id,
        "worn": world.label("produit").node_id,
    }


def twins(world):
    """A mutation, its input, and the calls of REST that do the same."""
    of = nodes(world)
    ours, theirs = of["ours"], of["theirs"]
    issue, comment = f"{REPO}/issues/1", f"{REPO}/issues/comments"
    reaction = theirs.reactions[0].id
    return {
        "addComment": ({"subjectId": of["issue"], "body": "Neuf"}, "POST", f"{issue}/comments", {"body": "Neuf"}),
        "updateIssueComment": ({"id": ours.node_id, "body": "Revu"}, "PATCH", f"{comment}/{ours.id}", {"body": "Revu"}),
        "deleteIssueComment": ({"id": ours.node_id}, "DELETE", f"{comment}/{ours.id}", {}),
        "addLabelsToLabelable": (
            {"labelableId": of["issue"], "labelIds": [of["label"], of["worn"]]},
            "POST",
            f"{issue}/labels",
            {"labels": ["à suivre", "produit"]},
        ),
        "removeLabelsFromLabelable": (
            {"labelableId": of["issue"], "labelIds": [of["worn"]]},
            "DELETE",
            f"{issue}/labels/produit",
            {},
        ),
        "addReaction": (
            {"subjectId": ours.node_id, "content": "THUMBS_UP"},
            "POST",
            f"{comment}/{ours.id}/reactions",
            {"content": "+1"},
        ),
        "removeReaction": (
            {"subjectId": theirs.node_id, "content": "EYES"},
            "DELETE",
            f"{comment}/{theirs.id}/reactions/{reaction}",
            {},
        ),
        "closeIssue": (
            {"issueId": of["issue"], "stateReason": "NOT_PLANNED"},
            "PATCH",
            issue,
            {"state": "closed", "state_reason": "not_planned"},
        ),
        "reopenIssue": ({"issueId": of["closed"]}, "PATCH", f"{REPO}/issues/2", {"state": "open"}),
    }


NAMES = (
    "addComment",
    "addLabelsToLabelable",
    "addReaction",
    "closeIssue",
    "deleteIssueComment",
    "removeLabelsFromLabelable",
    "removeReaction",
    "reopenIssue",
    "updateIssueComment",
)


def kept(world):
    return {item.name: deepcopy(getattr(world, item.name)) for item in fields(State)}


def put_back(world, before):
    for name, value in deepcopy(before).items():
        setattr(world, name, value)


def done(sandbox, before, act):
    """What an act answers, what it leaves and what it sends; the world is put back afterwards."""
    put_back(sandbox.world, before)
    answer = act()
    left = {**kept(sandbox.world), "deliveries": None}
    sent = [(headers["X-GitHub-Event"], json.loads(body)["action"], len(body)) for headers, body in sandbox.take_held()]
    return answer, left, sent


def named_alike(left, sent):
    """Node ids are drawn by chance."""
    said = [
        (comment.body, comment.editor, comment.edited_at) for x in left["issues"].values() for comment in x.comments
    ]
    for item in left["issues"].values():
        for one in (*item.comments, *item.events):
            one.node_id = ""
    return {name: value for name, value in left.items() if name != "deliveries"}, said, sent


@pytest.mark.parametrize("name", NAMES)
def test_a_mutation_does_what_its_twin_does(sandbox, call, ask, world, token, name):
    given, method, path, body = twins(world)[name]
    before = kept(world)
    rest, *by_rest = done(sandbox, before, lambda: call(token, method, path, **body))
    graph, *by_graph = done(sandbox, before, lambda: ask(token, name, **given))
    assert rest.status_code < 300
    assert graph == {"data": {name: {"clientMutationId": None}}}
    assert named_alike(*by_rest) == named_alike(*by_graph)
    assert named_alike(*by_graph)[0] != named_alike(before, [])[0], "something was done"
    again = named_alike(*done(sandbox, by_graph[0] | {"deliveries": []}, lambda: ask(token, name, **given))[1:])
    if name not in {"addComment", "deleteIssueComment", "removeReaction"}:
        assert (again[0], again[2]) == (named_alike(*by_graph)[0], []), "done twice, it changes nothing more"


@pytest.mark.parametrize("name", NAMES)
def test_it_refuses_whom_its_twin_refuses(sandbox, call, ask, world, token, name):
    """A right the App lacks, an archive, a role too low: the same people, in the words of GraphQL."""
    given, method, path, body = twins(world)[name]
    before = kept(world)

    def both(who):
        rest, *by_rest = done(sandbox, before, lambda: call(who, method, path, **body))
        graph, *by_graph = done(sandbox, before, lambda: ask(who, name, **given))
        refused = "errors" in graph
        assert refused == (rest.status_code >= 400), (who, rest.status_code, graph)
        if refused:
            assert by_rest[1] == by_graph[1] == []
            assert by_graph[0] == {**before, "deliveries": None}
            assert graph["errors"][0]["path"] == [name]
            assert graph["data"] == {name: None}
        return graph["errors"][0] if refused else None

    own = name == "removeReaction"  # each takes back a reaction of theirs
    reader = both(READER)
    if name not in {"addComment", "addReaction", "closeIssue", "removeReaction"}:  # READER opened the issue
        shown = f"{READER} does not have the correct permissions to execute `{name[0].upper()}{name[1:]}`"
        assert (reader["type"], reader["message"]) == ("FORBIDDEN", shown)
    assert (both(WRITER) is None) == (not own)
    before["archived"] = True
    archived = both(token)
    assert (archived["type"], archived["message"]) == ("FORBIDDEN", "Repository was archived so is read-only.")
    before["archived"] = False
    before["app"].permissions = {"metadata": "read", "issues": "read"}
    assert both(token)["message"] == "Resource not accessible by integration"


WORDS = {
    "a text too long": (
        "addComment",
        {"body": LONG},
        "UNPROCESSABLE",
        "Body is too long (maximum is 65536 characters)",
    ),
    "an empty text": ("addComment", {"body": " "}, "UNPROCESSABLE", "Body can't be blank"),
    "an edit too long": (
        "updateIssueComment",
        {"body": LONG},
        "UNPROCESSABLE",
        "Body is too long (maximum is 65536 characters)",
    ),
    "an empty edit": ("updateIssueComment", {"body": ""}, "UNPROCESSABLE", "Body can't be blank"),
    "a comment gone": ("updateIssueComment", {"id": "IC_x"}, "NOT_FOUND", "Could not resolve to a node"),
    "a comment deleted twice": ("deleteIssueComment", {"id": "IC_x"}, "NOT_FOUND", "Could not resolve to a node"),
    "a comment on a comment": ("addComment", {"subjectId": "IC_x"}, "NOT_FOUND", "Could not resolve to a node"),
    "a label unknown": ("addLabelsToLabelable", {"labelIds": ["LA_x"]}, "NOT_FOUND", "Could not resolve to a node"),
    "a reaction not there": ("removeReaction", {"content": "HEART"}, "NOT_FOUND", "Could not resolve to a Reaction"),
}


@pytest.mark.parametrize(("name", "wrong", "kind", "says"), WORDS.values(), ids=WORDS)
def test_refusals_in_the_words_of_graphql(sandbox, ask, world, token, name, wrong, kind, says):
    given, before = twins(world)[name][0], kept(world)
    answer = ask(token, name, **{**given, **wrong})
    [error] = answer["errors"]
    assert (answer["data"], error["type"], error["path"]) == ({name: None}, kind, [name])
    assert error["message"].startswith(says)
    assert kept(world) == before
    assert sandbox.take_held() == []


def test_a_locked_issue_is_open_to_those_who_write(sandbox, ask, world, token):
    world.issues[1].locked = True
    given = {"subjectId": world.issues[1].node_id, "body": "Encore"}
    [error] = ask(TRIAGE, "addComment", **given)["errors"]
    assert (error["type"], error["message"]) == ("UNPROCESSABLE", "Unable to create comment because issue is locked")
    assert "errors" not in ask(token, "addComment", **given)


def test_what_is_private_is_not_found_by_strangers(ask, world):
    world.people[READER].role = "none"
    for name, (given, *_) in twins(world).items():
        assert ask(READER, name, **given)["errors"][0]["type"] == "NOT_FOUND"


def test_payloads_say_all_that_a_reader_needs(ask, world, token):
    of = nodes(world)
    node = "id fullDatabaseId body createdAt updatedAt lastEditedAt author { login } viewerDidAuthor"
    made = ask(
        token,
        "addComment",
        f"commentEdge {{ cursor node {{ {node} }} }} subject {{ id ... on Issue {{ updatedAt comments(last: 1) {{ nodes {{ id }} }} }} }}",
        subjectId=of["issue"],
        body="Neuf",
    )["data"]["addComment"]
    kept_comment, shown = world.issues[1].comments[-1], made["commentEdge"]["node"]
    at = "2026-11-30T10:00:00Z"
    assert shown == {
        "id": kept_comment.node_id,
        "fullDatabaseId": str(kept_comment.id),
        "body": "Neuf",
        "createdAt": at,
        "updatedAt": at,
        "lastEditedAt": None,
        "author": {"login": world.app.slug},
        "viewerDidAuthor": True,
    }
    assert made["subject"] == {"id": of["issue"], "updatedAt": at, "comments": {"nodes": [{"id": shown["id"]}]}}
    edited = ask(token, "updateIssueComment", f"issueComment {{ {node} }}", id=of["ours"].node_id, body="Revu")
    assert edited["data"]["updateIssueComment"]["issueComment"]["lastEditedAt"] == at
    read = "labelable { viewerCanLabel labels(first: 9) { nodes { id } } }"
    worn = ask(token, "addLabelsToLabelable", read, labelableId=of["issue"], labelIds=[of["label"]])
    assert worn["data"]["addLabelsToLabelable"]["labelable"] == {
        "viewerCanLabel": True,
        "labels": {"nodes": [{"id": of["worn"]}, {"id": of["label"]}]},
    }
    read = "reaction { id content user { login } reactable { id } } reactionGroups { content } subject { id viewerCanReact }"
    for subject in (of["issue"], of["ours"].node_id):
        given = {"subjectId": subject, "content": "HEART"}
        first = ask(token, "addReaction", read, **given)["data"]["addReaction"]
        assert first["reaction"]["user"] is None, "an App is no user"
        assert (first["reaction"]["reactable"], first["subject"]) == (
            {"id": subject},
            {"id": subject, "viewerCanReact": True},
        )
        assert ask(token, "addReaction", read, **given)["data"]["addReaction"] == first
        assert ask(token, "removeReaction", read, **given)["data"]["removeReaction"]["reaction"] == first["reaction"]
    closed = ask(token, "closeIssue", "issue { state stateReason }", issueId=of["issue"])["data"]["closeIssue"]["issue"]
    assert closed == {"state": "CLOSED", "stateReason": "COMPLETED"}


def test_many_in_one_call_are_done_in_order_each_on_its_own(sandbox, call, world, token):
    of = nodes(world)
    query = """mutation Many($on: ID!, $label: ID!) {
      first: addComment(input: {subjectId: $on, body: "un"}) { commentEdge { node { fullDatabaseId } } }
      bad: addLabelsToLabelable(input: {labelableId: $on, labelIds: ["LA_x", $label]}) { clientMutationId }
      second: addComment(input: {subjectId: $on, body: "deux"}) { clientMutationId }
      closeIssue(input: {issueId: $on}) { issue { state comments(last: 2) { nodes { body } } } }
    }"""
    used = world.issues[1].comments[:]
    answer = call(token, "POST", "/graphql", query=query, variables={"on": of["issue"], "label": of["label"]})
    shown = answer.json()
    assert [error["path"] for error in shown["errors"]] == [["bad"]]
    assert shown["data"]["bad"] is None
    assert shown["data"]["second"] == {"clientMutationId": None}
    assert shown["data"]["closeIssue"]["issue"] == {
        "state": "CLOSED",
        "comments": {"nodes": [{"body": "un"}, {"body": "deux"}]},
    }
    assert [item.body for item in world.issues[1].comments[len(used) :]] == ["un", "deux"]
    assert world.issues[1].labels == ["produit"]
    assert answer.headers["x-ratelimit-used"] == "1"
    events = [headers["X-GitHub-Event"] for headers, _ in sandbox.take_held()]
    assert events == ["issue_comment", "issue_comment", "issues"]


def test_a_read_gives_the_ids_of_labels(call, world, token):
    query = """query Labels($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
      label(name: "PRODUIT") { id } found: labels(first: 5, query: "suivre") { nodes { id name } }
      labels(first: 100, orderBy: {field: NAME, direction: DESC}) { totalCount nodes { id name } } } }"""
    asked = {"query": query, "variables": {"owner": "dnum", "name": "produits"}}
    shown = call(token, "POST", "/graphql", **asked).json()["data"]["repository"]
    names = {item.name: item.node_id for item in world.labels.values()}
    assert {item["name"]: item["id"] for item in shown["labels"]["nodes"]} == names
    assert [item["name"] for item in shown["labels"]["nodes"]] == sorted(names, reverse=True)
    assert shown["label"] == {"id": names["produit"]}
    assert shown["found"]["nodes"] == [{"id": names["à suivre"], "name": "à suivre"}]
    world.app.permissions = {"metadata": "read"}
    refused = call(token, "POST", "/graphql", **asked).json()
    assert {error["type"] for error in refused["errors"]} == {"FORBIDDEN"}


ACTS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=7)
ODDS = st.one_of(
    st.none(),
    st.builds(lambda fields: {"kind": "cut-between", "fields": fields}, st.integers(0, 7)),
    st.builds(
        lambda kind, name: {"kind": kind, "match": name},
        st.sampled_from(["field-refused", "field-lost"]),
        st.sampled_from(NAMES),
    ),
)


def test_one_call_leaves_and_tells_what_its_acts_one_by_one_do(sandbox, call, world, token):
    """However many there are, in whatever order, some of them in vain, and whatever befalls one: only it is not done."""
    before, table = kept(world), twins(world)

    def at_once(names):
        kinds = [f"$i{rank}: {name[0].upper()}{name[1:]}Input!" for rank, name in enumerate(names)]
        fields = [f"f{rank}: {name}(input: $i{rank}) {{ clientMutationId }}" for rank, name in enumerate(names)]
        values = {f"i{rank}": table[name][0] for rank, name in enumerate(names)}
        query = f"mutation Several({', '.join(kinds)}) {{ {' '.join(fields)} }}"
        return call(token, "POST", "/graphql", query=query, variables=values)

    def one_by_one(names):
        return [call(token, method, path, **body) for _, method, path, body in map(table.get, names)]

    @settings(max_examples=60)
    @drawn(ACTS, ODDS)
    def holds(names, fault):
        sandbox.faults.clear()
        if fault:
            sandbox.faults.add(fault)
        answer, *by_graph = done(sandbox, before, lambda: at_once(names))
        met = {item["kind"] for item in sandbox.faults.happened}
        sandbox.faults.clear()
        real = list(names)
        if "cut-between" in met:
            assert answer.status_code == 502
            real = names[: fault["fields"]]
        else:
            null = {key for key, value in answer.json()["data"].items() if value is None}
            assert {error["path"][0] for error in answer.json().get("errors", ())} == null
        if "field-refused" in met:
            [out] = [error["path"][0] for error in answer.json()["errors"] if error["message"].startswith("Resource")]
            real.pop(int(out[1:]))
        _, *by_rest = done(sandbox, before, lambda: one_by_one(real))
        assert named_alike(*by_graph) == named_alike(*by_rest)

    holds()
