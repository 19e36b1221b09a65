"""Events the App may receive about places it does not know: answered, kept, and nothing done about them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid

import pytest
import requests

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

ELSEWHERE = ("dnum/ailleurs", "autre-organisation/produits")
WEBHOOK = "/webhooks/github"


@pytest.fixture
def stage(own_process):
    return own_process


def send(stage, event, payload, delivery):
    """What GitHub would send, signed as it would sign it."""
    body = json.dumps(payload).encode()
    secret = stage.hub.environment()["JALON_WEBHOOK_SECRET"].encode()
    signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": event, "X-GitHub-Delivery": delivery, "X-Hub-Signature-256": signature}
    return requests.post(stage.url + WEBHOOK, data=body, headers=headers, timeout=10).status_code


def about(repository):
    """Somebody files a product, asks and votes in a repository that the App cannot see."""
    issue = {"node_id": f"I_{repository}", "number": 1, "labels": [{"name": "produit"}], "title": "Ailleurs"}
    common = {"issue": issue, "repository": {"full_name": repository}, "sender": {"login": "techno"}}
    card = {
        "content_node_id": f"I_{repository}",
        "content_type": "Issue",
        "node_id": "PVTI_1",
        "project_node_id": "PVT_x",
    }
    return (
        ("issues", {"action": "opened", **common}),
        ("issue_comment", {"action": "created", "comment": {"id": 1, "body": "/go"}, **common}),
        ("projects_v2_item", {"action": "edited", "projects_v2_item": card, "sender": {"login": "techno"}}),
    )


def put_aside(stage):
    figures = requests.get(f"{stage.url}/metrics", timeout=10).text
    return [line for line in figures.splitlines() if re.match(r'jalon_inbox\{state="(failed|parked)"\} [1-9]', line)]


@pytest.mark.slow
def test_events_of_an_unknown_repository_are_acknowledged_and_change_nothing(stage):
    for repository in ELSEWHERE:
        for event, payload in about(repository):
            delivery = str(uuid.uuid4())
            assert send(stage, event, payload, delivery) == 202
            assert send(stage, event, payload, delivery) == 202  # sent again by hand
    stage.settle()
    assert put_aside(stage) == []
    assert [call for call in stage.hub.calls if call["write"]] == []
    assert stage.jalon("register", "export").strip() in {"", "[]"}
    # What concerns us is handled as if nothing had come before it.
    number = stage.hub.world.open_issue("cheffe-produit", "SILAV", "", ["produit"]).number
    stage.settle()
    assert "phase: idée" in stage.hub.world.issues[number].labels
    assert put_aside(stage) == []


def test_what_is_wrongly_signed_about_a_known_product_is_refused_and_not_handled(stage):
    number = stage.hub.world.open_issue("cheffe-produit", "SILAV", "", ["produit"]).number
    stage.settle()
    stage.hub.hold = True  # GitHub's own deliveries stay out of the way
    stage.hub.world.comment("cheffe-produit", number, "/aide")
    headers, body = stage.hub.take_held()[0]
    for wrong in ({**headers, "X-Hub-Signature-256": "sha256=" + "0" * 64}, {**headers, "X-Hub-Signature-256": ""}):
        assert requests.post(stage.url + WEBHOOK, data=body, headers=wrong, timeout=10).status_code == 401
    stage.settle()
    said = [
        comment.body
        for comment in stage.hub.world.issues[number].comments
        if "voici ce que vous pouvez" in comment.body
    ]
    assert said == []
    assert requests.post(stage.url + WEBHOOK, data=body, headers=headers, timeout=10).status_code == 202
    stage.settle()
    said = [
        comment.body
        for comment in stage.hub.world.issues[number].comments
        if "voici ce que vous pouvez" in comment.body
    ]
    assert len(said) == 1
