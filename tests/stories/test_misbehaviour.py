"""GitHub misbehaves in every way the local one knows: at the end it shows what it would have shown anyway."""

import json
import re
from collections import Counter, deque

import pytest

from app.engine.attempts import REFUSED_S
from app.github import client
from app.github.client import LaterError
from app.github.errors import RefusalError
from app.github.refusals import refusal_of
from app.store.register import ConflictError
from app.turns.wakeup import wake_up
from local_github.faults import KINDS
from tests.stage import ALL, SEATS, form_body

pytestmark = [pytest.mark.usefixtures("hurried"), pytest.mark.slow]
PATIENCE = 200
SHORT_S, SILENCE_S = 4, 6.5
"""How long a call waits for a silent GitHub here, and how long that is silent: a busy machine answers much sooner."""
COMMENT = "POST .*/comments|addComment"


@pytest.fixture
def hurried(request, monkeypatch):
    """Nobody waits twelve seconds for a silent GitHub here; nor does any other call have less time than in earnest."""
    fault = getattr(request.node, "callspec", None) and request.node.callspec.params.get("fault")
    if fault and fault["kind"].startswith("hang"):
        monkeypatch.setattr(client, "TIMEOUT_S", SHORT_S)


def settle(stage):
    """As the engine does: what GitHub cannot take now is tried again, each delivery in its turn."""
    todo = deque(held(stage))
    for _ in range(PATIENCE):
        if not todo:
            stage.rests()
            return
        headers, body = todo.popleft()
        wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
        try:
            if wake:
                stage.take(wake, headers["X-GitHub-Delivery"])
        except ConflictError:
            todo.append((headers, body))
        except LaterError as error:
            todo.append((headers, body))
            time_passes(stage, error.seconds)
        except RefusalError as error:
            if refusal_of(error) is None:
                raise
            todo.append((headers, body))
            time_passes(stage, REFUSED_S)
        todo.extend(held(stage))
    raise AssertionError("Jalon never came to rest")


def time_passes(stage, seconds):
    """For the limits Jalon keeps, and those GitHub keeps: nobody waits here."""
    stage.passes(seconds + 0.01)


def held(stage):
    stage.hub.wait_delivered()
    return stage.hub.take_held()


def story(stage):
    """From the form to the proof of concept; the number of the issue."""
    world = stage.world
    number = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"]).number
    settle(stage)
    for login, text in (("cheffe-produit", f"/coche {ALL}"), ("cheffe-produit", "/demande")):
        world.comment(login, number, text)
        settle(stage)
    for login in SEATS:
        world.comment(login, number, "/go")
    settle(stage)
    return number


def shows_the_decision_once(stage, number):
    """One comment of each kind, the right label, the right column, and nothing left to do."""
    titles = re.findall(r"^## Décision.*$", "\n".join(stage.said(number)), re.MULTILINE)
    marks = Counter(key for body in stage.said(number) for key in re.findall(r"jalon:v1 key=(\S+)", body))
    assert [key for key, count in marks.items() if count > 1] == [], "a comment was written twice"
    assert len(titles) == 1
    assert marks, "no mark was read"
    assert "phase: poc" in stage.labels(number)
    assert [label for label in stage.labels(number) if label.startswith("phase")] == ["phase: poc"]
    assert stage.column(number) == "POC"
    assert len(stage.world.cards) == 1
    assert stage.register.verify() == []
    assert stage.nothing_left_to_do(number)


CALLS = {
    "500 before": {"kind": "error-before", "status": 500, "next": 6},
    "502 before": {"kind": "error-before", "status": 502, "match": COMMENT, "next": 3},
    "502 after": {"kind": "error-after", "match": COMMENT, "next": 3},
    "502 after, card": {
        "kind": "error-after",
        "match": "addProjectV2ItemById|updateProjectV2ItemFieldValue",
        "next": 2,
    },
    "silence before": {"kind": "hang-before", "seconds": SILENCE_S, "match": COMMENT, "next": 1},
    "silence after": {"kind": "hang-after", "seconds": SILENCE_S, "match": COMMENT, "next": 1},
    "cut before": {"kind": "cut-before", "next": 5},
    "cut after": {"kind": "cut-after", "match": COMMENT, "next": 3},
    "slow": {"kind": "slow", "seconds": 0.05, "next": 5},
    "hourly limit": {"kind": "primary-limit", "next": 4},
    "hourly limit, 429": {"kind": "primary-limit", "status": 429, "retry_after": 1, "match": "POST", "next": 2},
    "secondary limit": {"kind": "secondary-limit", "match": COMMENT, "next": 2},
    "secondary limit, 429": {"kind": "secondary-limit", "status": 429, "retry_after": 1, "next": 3},
    "token ended": {"kind": "token-expired", "match": "GRAPHQL", "next": 2},
    "team unreadable": {"kind": "team-lookup", "next": 2},
    "the minute’s creations": {"kind": "pace", "most": 4},
    "a card withheld": {
        "kind": "partial",
        "match": "Product",
        "path": "repository.issue.projectItems.nodes.*",
        "next": 1,
    },
    "cards withheld": {"kind": "partial", "match": "Product", "path": "repository.issue.projectItems", "next": 2},
    "too much to answer": {"kind": "resource-limits", "match": "Product", "nodes": 3, "next": 3},
    "installation suspended": {"kind": "refused", "why": "suspended", "next": 3},
    "address not allowed": {"kind": "refused", "why": "ip-allow-list", "next": 3},
    "single sign-on": {"kind": "refused", "why": "saml", "match": "GRAPHQL", "next": 2},
    "abuse detected": {"kind": "refused", "why": "abuse", "match": COMMENT, "next": 2},
    "repository archived for a while": {"kind": "refused", "why": "archived", "match": "POST", "next": 3},
    "board full for a while": {"kind": "refused", "why": "board-full", "match": "addProjectV2ItemById", "next": 1},
    "board read-only for a while": {
        "kind": "refused",
        "why": "board-read-only",
        "match": "updateProjectV2ItemFieldValue",
        "next": 1,
    },
    "a field refused for a while": {
        "kind": "field-refused",
        "why": "board-read-only",
        "match": "updateProjectV2ItemFieldValue",
        "next": 2,
    },
    "a field carried out, its answer lost": {"kind": "field-lost", "next": 4},
    "a call cut between two fields": {"kind": "cut-between", "next": 4},
    "anything, often": {"kind": "error-after", "chance": 0.5},
}
DELIVERIES = {
    "twice": {"kind": "duplicated"},
    "out of order": {"kind": "reordered", "chance": 0.5},
    "late": {"kind": "delayed", "seconds": 0.05, "chance": 0.3},
    "without a trace": {"kind": "vanished", "match": "issue_comment", "chance": 0.3},
}


@pytest.mark.parametrize("fault", CALLS.values(), ids=CALLS)
def test_calls_that_go_wrong(stage, fault):
    stage.hub.faults.add(fault)
    number = story(stage)
    assert stage.hub.faults.happened, "the fault never came"
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    shows_the_decision_once(stage, number)


@pytest.mark.parametrize("fault", DELIVERIES.values(), ids=DELIVERIES)
def test_deliveries_that_go_wrong(stage, fault):
    stage.hub.faults.reseed(3)
    stage.hub.faults.add(fault)
    number = story(stage)
    assert stage.hub.faults.happened, "the fault never came"
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    shows_the_decision_once(stage, number)


def test_what_was_lost_is_sent_again_from_the_log(stage):
    """The last votes never arrive: nobody says more, and the App asks GitHub for them."""
    world = stage.world
    number = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"]).number
    world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
    settle(stage)
    stage.hub.faults.add({"kind": "lost", "match": "issue_comment"})
    for login in SEATS:
        world.comment(login, number, "/go")
    settle(stage)
    assert "phase: idée" in stage.labels(number)
    stage.hub.faults.clear()
    app = stage.client._integration.requester
    _, listed = app.requestJsonAndCheck("GET", "/app/hook/deliveries?per_page=100")
    good = {item["guid"] for item in listed if item["status"] == "OK"}
    missed = [item["id"] for item in listed if item["guid"] not in good]
    assert len(missed) == len(SEATS)
    for delivery in missed:
        assert app.requestJson("POST", f"/app/hook/deliveries/{delivery}/attempts")[0] == 202
    settle(stage)
    shows_the_decision_once(stage, number)


def test_a_move_told_without_its_names(stage):
    number = story(stage)
    stage.hub.faults.add({"kind": "bare-move"})
    card = stage.world.card_of(number)
    wrong = next(option for option in stage.world.options if option.name == "Généralisation")
    stage.world.move_card("visiteur", card.id, wrong.id)
    [(_, body)] = [item for item in stage.hub.take_held() if b'"edited"' in item[1]]
    assert set(json.loads(body)["changes"]["field_value"]) == {"field_node_id", "field_type", "project_number"}
    stage.world.move_card("visiteur", card.id, None)
    settle(stage)
    shows_the_decision_once(stage, number)


@pytest.mark.parametrize("kind", ["comment-edited", "comment-deleted"])
def test_a_hand_on_the_apps_comment(stage, kind):
    stage.hub.faults.add({"kind": kind, "by": "secretariat", "next": 2})
    number = story(stage)
    stage.hub.faults.clear()
    stage.says("visiteur", number, "Merci")
    assert not any("Retouché à la main" in body for body in stage.said(number))
    shows_the_decision_once(stage, number)


def test_a_label_renamed_under_the_app(stage):
    stage.hub.faults.add({"kind": "label-renamed", "match": "(?i)labels", "next": 1})
    number = story(stage)
    assert {item["kind"] for item in stage.hub.faults.happened} - {"stale"} == {"label-renamed"}
    stage.says("visiteur", number, "Merci")
    assert stage.labels(number) - {"phase: idée (renommée)"} == {"produit", "phase: poc"}
    if "phase: idée (renommée)" in stage.labels(number):  # its new name came too late for the old one to be put back
        stage.world.remove_label("secretariat", number, "phase: idée (renommée)")
        settle(stage)
    shows_the_decision_once(stage, number)


def test_every_misbehaviour_is_played_here():
    played = {fault["kind"] for fault in (*CALLS.values(), *DELIVERIES.values())}
    assert played | {
        "stale",
        "lost",
        "bare-move",
        "comment-edited",
        "comment-deleted",
        "label-renamed",
    } == set(KINDS)
