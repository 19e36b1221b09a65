import hashlib
import hmac
import json
import threading
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from local_github.server import Sandbox
from tests.local_github.seed import seed

TOP = {"action", "organization", "sender", "installation"}
KEYS = {
    "issues": TOP | {"issue", "repository", "label", "assignee", "changes"},
    "issue_comment": TOP | {"issue", "comment", "repository", "changes"},
    "projects_v2_item": TOP | {"projects_v2_item", "changes"},
}


def everything(world):
    """One act of each kind."""
    world.open_issue("cheffe-produit", "Un produit", "corps", ["produit", "inconnu"])
    world.edit_issue("cheffe-produit", 1, title="Autre", body="autre")
    world.edit_issue("cheffe-produit", 1, title="Autre")
    world.add_labels("techno", 1, ["produit", "Phase : idée"])
    world.remove_label("techno", 1, "produit")
    world.set_assignees("techno", 1, ["techno"])
    world.set_assignees("techno", 1, [])
    world.edit_issue("techno", 1, state="closed")
    world.edit_issue("techno", 1, state="open")
    said = world.comment(world.bot, 1, "bonjour")
    world.edit_comment("techno", said.id, "bonsoir")
    world.react("techno", said, "+1")
    world.delete_comment("techno", said.id)
    card = world.add_card("visiteur", 1)
    world.add_card("visiteur", 1)
    world.move_card("visiteur", card.id, world.options[1].id)
    world.move_card("visiteur", card.id, world.options[1].id)
    world.move_card("visiteur", card.id, None)
    world.archive_card("visiteur", card.id)
    world.archive_card("visiteur", card.id, False)


EVENTS = [
    "issues opened",
    "issues labeled",
    "issues edited",
    "issues labeled",
    "issues unlabeled",
    "issues assigned",
    "issues unassigned",
    "issues closed",
    "issues reopened",
    "issue_comment created",
    "issue_comment edited",
    "issue_comment deleted",
    "projects_v2_item created",
    "projects_v2_item edited",
    "projects_v2_item edited",
    "projects_v2_item archived",
    "projects_v2_item restored",
]


@pytest.fixture
def held(sandbox):
    everything(sandbox.world)
    return [(headers, json.loads(body)) for headers, body in sandbox.take_held()]


def test_each_act_emits_its_event_once_and_in_order(held):
    assert [f"{headers['X-GitHub-Event']} {payload['action']}" for headers, payload in held] == EVENTS


@pytest.mark.contract
def test_payloads_fit_githubs_models(held):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parse_obj = pytest.importorskip("githubkit.webhooks").parse_obj
        for headers, payload in held:
            parse_obj(headers["X-GitHub-Event"], payload)
            assert set(payload) <= KEYS[headers["X-GitHub-Event"]]


def test_what_changed_is_told(sandbox, held):
    by = {name: payload for name, (_, payload) in zip(EVENTS, held, strict=True)}
    assert by["issues edited"]["changes"] == {"title": {"from": "Un produit"}, "body": {"from": "corps"}}
    assert by["issue_comment edited"]["changes"] == {"body": {"from": "bonjour"}}
    assert by["issue_comment created"]["sender"]["login"] == "jalon[bot]"
    assert by["issue_comment created"]["comment"]["performed_via_github_app"]["slug"] == "jalon"
    moved = by["projects_v2_item edited"]
    value = moved["changes"]["field_value"]
    assert (value["from"]["name"], value["to"]) == ("Preuve de concept", None)
    assert value["field_node_id"].startswith("PVTF_")
    assert value["field_node_id"] != sandbox.world.field_node_id
    assert moved["projects_v2_item"]["content_node_id"] == sandbox.world.issues[1].node_id
    assert "repository" not in moved


def test_headers_are_githubs_and_signed(sandbox):
    sandbox.world.open_issue("techno", "é", "")
    [(headers, body)] = sandbox.take_held()
    secret = sandbox.environment()["JALON_WEBHOOK_SECRET"].encode()
    assert headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert headers["X-GitHub-Event"] == "issues"
    assert len(headers["X-GitHub-Delivery"]) == 36
    assert headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(sandbox.world.app.id)
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")


def test_only_subscribed_events_are_sent():
    quiet = Sandbox(seed(events=["issues"]))
    quiet.hold = True
    everything(quiet.world)
    assert {headers["X-GitHub-Event"] for headers, _ in quiet.take_held()} == {"issues"}
    quiet.stop()


def test_what_was_held_leaves_in_order(sandbox):
    got = []
    sandbox.deliver = lambda headers, body: got.append(json.loads(body)["action"]) or 202
    sandbox.world.open_issue("techno", "x", "")
    sandbox.world.edit_issue("techno", 1, state="closed")
    assert got == []
    sandbox.hold = False
    sandbox.wait_delivered()
    assert got == ["opened", "closed"]


def test_failures_are_logged_and_never_tried_again(sandbox, integration):
    answers = iter([500, RuntimeError("panne"), 202])

    def deliver(headers, body):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    sandbox.deliver, sandbox.hold = deliver, False
    for title in "abc":
        sandbox.world.open_issue("techno", title, "")
    sandbox.wait_delivered()
    _, listed = integration.requester.requestJsonAndCheck("GET", "/app/hook/deliveries")
    assert [(item["status_code"], item["status"]) for item in listed] == [
        (202, "OK"),
        (0, "failed to connect to host"),
        (500, "Internal Server Error"),
    ]


def test_a_delivery_is_sent_again_under_the_same_guid(sandbox, integration):
    got = []
    sandbox.deliver, sandbox.hold = lambda headers, body: got.append((headers, body)) or 202, False
    sandbox.world.open_issue("techno", "x", "")
    sandbox.wait_delivered()
    number = sandbox.world.deliveries[0].id
    status, _, _ = integration.requester.requestJson("POST", f"/app/hook/deliveries/{number}/attempts")
    sandbox.wait_delivered()
    assert status == 202
    assert got[0] == got[1]
    assert [(item.guid, item.redelivery) for item in sandbox.world.deliveries] == [
        (got[0][0]["X-GitHub-Delivery"], False),
        (got[0][0]["X-GitHub-Delivery"], True),
    ]


def test_old_deliveries_are_found_with_a_cursor(sandbox, integration):
    sandbox.deliver, sandbox.hold = lambda headers, body: 202, False
    for title in "abcde":
        sandbox.world.open_issue("techno", title, "")
    sandbox.wait_delivered()
    seen, path = [], "/app/hook/deliveries?per_page=2"
    while path:
        headers, listed = integration.requester.requestJsonAndCheck("GET", path)
        seen += [item["id"] for item in listed]
        path = headers["link"].partition(">")[0].removeprefix(f"<{sandbox.url}") if "link" in headers else ""
    assert seen == [item.id for item in reversed(sandbox.world.deliveries)]


def test_webhooks_go_out_over_http():
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["X-GitHub-Event"], json.loads(body)["action"]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        sandbox = Sandbox(seed(), app_url=f"http://127.0.0.1:{server.server_port}")
        sandbox.start()
        sandbox.world.open_issue("techno", "x", "")
        sandbox.wait_delivered()
        server.shutdown()
        thread.join()
    sandbox.world.comment("techno", 1, "personne n’écoute plus")
    sandbox.wait_delivered()
    sandbox.stop()
    assert got == [("/webhooks/github", "issues", "opened")]
    assert [item.status_code for item in sandbox.world.deliveries] == [202, 0]
