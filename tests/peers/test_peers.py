"""Octokit, githubkit and Probot, used as their documentation says, find GitHub in the local one."""

import json
import queue
import subprocess
import threading
import warnings

import pytest
import requests

from tests.peers.conftest import HERE

pytestmark = pytest.mark.peers
PATIENCE_S = 60


def test_octokit_does_everything_an_app_does(hub, node, settings):
    answers = iter([500, 202] + [202] * 50)
    hub.deliver = lambda headers, body: next(answers)
    done = subprocess.run(
        [node, "octokit.mjs"], cwd=HERE, env=settings, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    hub.wait_delivered()
    assert seen["issue"] == 1
    assert seen["column"] == "Preuve de concept"
    assert seen["author"] == "jalon[bot]"
    assert seen["comments"] == ["Un mot", "De l’App"]
    assert (seen["failed"], seen["refused"]) == (1, 404)
    assert {"issues.opened", "issues.labeled", "issue_comment.created"} <= set(seen["deliveries"])
    shows_the_work(hub, "Filé par Octokit")
    assert [item.redelivery for item in hub.world.deliveries].count(True) == 1


def shows_the_work(hub, title):
    issue, card = hub.world.issue(1), hub.world.card_of(1)
    assert (issue.title, issue.labels) == (title, ["produit"])
    assert hub.world.option(card.option).name == "Preuve de concept"
    assert [comment.author for comment in issue.comments] == ["techno", "jalon[bot]"]


def test_githubkit_does_everything_an_app_does(hub):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        githubkit = pytest.importorskip("githubkit")
        hub.deliver = lambda headers, body: 202
        quiet = {"base_url": hub.url, "auto_retry": False, "http_cache": False}
        with githubkit.GitHub(githubkit.TokenAuthStrategy("sandbox-techno"), **quiet) as person:
            files_an_issue(person)
        app = githubkit.AppAuthStrategy(str(hub.world.app.id), hub.world.app.private_key)
        with githubkit.GitHub(app, **quiet) as itself:
            installed = itself.rest.apps.get_org_installation("dnum").parsed_data
            with githubkit.GitHub(app.as_installation(installed.id), **quiet) as bot:
                bot.rest.issues.create_comment("dnum", "produits", 1, body="De l’App")
            hub.wait_delivered()
            listed = itself.rest.apps.list_webhook_deliveries(per_page=100).parsed_data
            assert {item.event for item in listed} == {"issues", "issue_comment", "projects_v2_item"}
            assert itself.rest.apps.redeliver_webhook_delivery(listed[0].id).status_code == 202
    hub.wait_delivered()
    shows_the_work(hub, "Filé par githubkit")
    assert hub.world.deliveries[-1].redelivery


def files_an_issue(person):
    issue = person.rest.issues.create("dnum", "produits", title="Filé par githubkit").parsed_data
    person.rest.issues.add_labels("dnum", "produits", issue.number, labels=["produit"])
    person.rest.issues.create_comment("dnum", "produits", issue.number, body="Un mot")
    fields = person.rest.projects.list_fields_for_org(1, "dnum", per_page=100).parsed_data
    phase = next(field for field in fields if field.name == "Phase")
    item = person.rest.projects.add_item_for_org("dnum", 1, type="Issue", id=issue.id).parsed_data
    change = {"id": phase.id, "value": phase.options[1].id}
    person.rest.projects.update_item_for_org(1, "dnum", int(item.id), fields=[change])


@pytest.fixture
def probot(hub, node, settings):
    """Probot listening, and the queue of what it says."""
    running = subprocess.Popen(
        [node, "probot.mjs"], cwd=HERE, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    said = queue.Queue()
    reader = threading.Thread(target=lambda: [said.put(json.loads(line)) for line in running.stdout if line[0] == "{"])
    reader.start()
    yield said
    running.stdin.close()
    running.wait(PATIENCE_S)
    reader.join()
    running.stdout.close()


def test_probot_verifies_what_it_receives_and_answers(hub, probot):
    port = probot.get(timeout=PATIENCE_S)["port"]
    hub.world.app.hook_url = f"http://127.0.0.1:{port}/webhooks/github"
    hub.world.open_issue("cheffe-produit", "Un produit", "", ["produit"])
    heard = [probot.get(timeout=PATIENCE_S)["heard"] for _ in range(3)]
    assert sorted(heard) == ["issue_comment.created", "issues.labeled", "issues.opened"]
    hub.wait_delivered()
    [comment] = hub.world.issue(1).comments
    assert (comment.author, comment.body) == ("jalon[bot]", "Bonjour @cheffe-produit")
    assert {item.status for item in hub.world.deliveries} == {"OK"}
    forged = {**hub.world.deliveries[0].request_headers, "X-Hub-Signature-256": f"sha256={'0' * 64}"}
    body = hub.world.deliveries[0].request_body.encode()
    answer = requests.post(hub.world.app.hook_url, data=body, headers=forged, timeout=10)
    assert answer.status_code == 400
    assert probot.empty()
