"""A judge that condemns nobody proves nothing: every lie planted in the local GitHub must be caught."""

import json
import re

import pytest

from local_github import payloads
from local_github.graph import SCHEMA
from tests.contract import scenario, test_graphql, test_rest, test_webhooks
from tests.contract.recorder import record

pytestmark = pytest.mark.contract
SDL_LIES = {
    "a field renamed": (r"  fullDatabaseId: BigInt\n", "  bigDatabaseId: BigInt\n"),
    "an argument of another type": (r"issue\(number: Int!\)", "issue(number: String!)"),
    "a required input dropped": (r"input AddProjectV2ItemByIdInput \{\n(.*\n)  contentId: ID!\n", r"input AddProjectV2ItemByIdInput {\n\1"),
    "a value invented": (r"enum ProjectV2SingleSelectFieldOptionColor \{ ", "enum ProjectV2SingleSelectFieldOptionColor { CYAN "),
    "an input's key invented": (r"input UpdateProjectV2Input \{\n", "input UpdateProjectV2Input {\n  archived: Boolean\n"),
    "a null that GitHub gives denied": (r"  author: Actor\n", "  author: Actor!\n"),
    "a required input weakened": (r"(input LinkProjectV2ToRepositoryInput \{\n.*\n.*\n  repositoryId: ID)!", r"\1"),
}  # fmt: skip


@pytest.mark.parametrize("lie", SDL_LIES)
def test_a_lie_in_the_schema_is_caught(lie):
    truth = SCHEMA.read_text(encoding="utf-8")
    pattern, replacement = SDL_LIES[lie]
    told = re.sub(pattern, replacement, truth, count=1)
    assert told != truth, "the lie was not planted"
    assert test_graphql.problems(truth) == []
    assert test_graphql.problems(told) != []


def without(key):
    return lambda shown: {name: value for name, value in shown.items() if name != key}


NOUN_LIES = {
    "an issue without its node id": ("issue", without("node_id")),
    "an issue with a key of our own": ("issue", lambda shown: {**shown, "phase": "idée"}),
    "an issue numbered in words": ("issue", lambda shown: {**shown, "number": str(shown["number"])}),
    "a comment without its author": ("comment", without("user")),
    "a label of no colour": ("label", without("color")),
    "an item that points at nothing": ("card", without("content_node_id")),
    "a sender with a key of our own": ("envelope", lambda shown: {**shown, "sender": {**shown["sender"], "role": "x"}}),
}


@pytest.mark.parametrize("lie", NOUN_LIES)
def test_a_lie_in_what_is_sent_is_caught(make_hub, monkeypatch, lie):
    noun, change = NOUN_LIES[lie]
    truth = getattr(payloads, noun)
    monkeypatch.setattr(payloads, noun, lambda *args, **more: change(truth(*args, **more)))
    hub = make_hub()
    kept = record(hub)
    call = scenario.Client(hub, "2022-11-28")
    call("techno", "POST", f"{scenario.REPO}/issues", {"title": "Un produit", "labels": ["produit"]})
    call("techno", "POST", f"{scenario.REPO}/issues/1/comments", {"body": "Bonjour"})
    hub.world.add_card("techno", 1)
    call.close()
    sent = [(headers["X-GitHub-Event"], json.loads(body)) for headers, body in hub.take_held()]
    said = [problem for event, payload in sent for problem in test_webhooks.problems(event, payload)]
    assert said + [problem for exchange in kept for problem in test_rest.problems(exchange)] != []


def test_a_route_github_does_not_have_is_caught(make_hub):
    hub = make_hub()
    kept = record(hub)
    call = scenario.Client(hub, "2022-11-28")
    call("techno", "GET", "/_sandbox/calls")
    call.close()
    assert test_rest.problems(kept[0]) == ["no such route at GitHub"]
