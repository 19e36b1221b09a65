"""What GitHub recorded of its own webhooks, all of it posted to the App: none a traceback, none put aside."""

import hashlib
import hmac
import json
import uuid

import pytest
import requests

from app.demo.seed import seed
from app.engine import Inbox, open_database
from local_github.server import Sandbox
from tests.contract.fetch import target
from tests.engine.stage import Process, body, until
from tests.ports import free_port

pytestmark = [pytest.mark.contract, pytest.mark.slow]
RECORDED = ("recorded on github.com", "recorded on a server")
SECRET = "secret"


def payloads():
    """Event and payload of every example."""
    for name in RECORDED:
        for event in json.loads(target(name).read_text(encoding="utf-8")):
            yield from ((event["name"], example) for example in event["examples"])


class Served:
    """An App of its own process, with one product in its repository, and a door for payloads."""

    def __init__(self, folder):
        port = free_port()
        self.hub = Sandbox(seed())
        self.hub.start()
        self.log, url = folder / "journal", f"sqlite:///{folder}/jalon.db"
        environment = {**self.hub.environment(), "JALON_WEBHOOK_SECRET": SECRET, "JALON_DATABASE_URL": url}
        self.app = Process.serve(environment, port, log=self.log)
        self.address, self.engine = f"http://127.0.0.1:{port}/webhooks/github", open_database(url)
        self.inbox, self.session = Inbox(self.engine), requests.Session()
        self.session.trust_env = False
        self.issue = self.hub.world.open_issue("cheffe-produit", "SILAV", body(), ["produit"])

    def post(self, event, payload):
        raw = json.dumps(payload).encode()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()}",
        }
        return self.session.post(self.address, data=raw, headers=headers, timeout=60).status_code

    def end(self):
        self.app.kill()
        self.session.close()
        self.engine.dispose()
        self.hub.stop()

    def ours(self, found):
        """The same payload, told of the product that is here."""
        world = self.hub.world
        replaced = {
            "repository": {
                "id": world.repository_id,
                "node_id": world.repository_node_id,
                "full_name": world.repository,
                "name": world.repository.partition("/")[2],
            },
            "issue": {"id": self.issue.id, "node_id": self.issue.node_id, "number": self.issue.number},
            "organization": {"id": world.organisation_id, "login": world.organisation},
            "owner": {"id": world.organisation_id, "login": world.organisation},
            "projects_v2_item": {"content_node_id": self.issue.node_id},
        }

        def told(item):
            if isinstance(item, list):
                return [told(one) for one in item]
            if not isinstance(item, dict):
                return item
            before = {"changes": item["changes"]} if "changes" in item else {}  # has a shape of its own
            return {
                key: {**told(value), **replaced[key]} if key in replaced and isinstance(value, dict) else told(value)
                for key, value in item.items()
            } | before

        return told(found)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    one = Served(tmp_path_factory.mktemp("recorded"))
    yield one
    one.end()


@pytest.mark.parametrize("rewritten", [False, True], ids=["as recorded", "told of a product that is here"])
def test_every_recorded_payload_is_taken(served, rewritten, tell):
    found = list(payloads())
    codes = [(event, served.post(event, served.ours(one) if rewritten else one)) for event, one in found]
    assert [item for item in codes if not 200 <= item[1] < 300] == []
    until(lambda: served.inbox.counts()["waiting"] == 0)
    tell(f"recorded webhooks: {len(found)} posted")
    assert served.inbox.parked() == ()
    assert "Traceback" not in served.log.read_text(encoding="utf-8")
    assert len(found) > 400
