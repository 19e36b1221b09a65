"""What the webhook answers, and what it keeps."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.register import Register
from app.settings import Settings
from app.web import BODY_LIMIT, create_app

SECRETS = ("nouveau", "ancien")
COMMENT = {
    "action": "created",
    "issue": {"node_id": "I_1", "number": 1},
    "repository": {"full_name": "dnum/produits"},
    "sender": {"login": "techno"},
}


class Kept:
    """Stands for the inbox: keeps each delivery once, or fails as a full disk does."""

    def __init__(self) -> None:
        self.rows = {}
        self.broken = False

    def store(self, delivery, event, product, payload):
        if self.broken:
            raise sa.exc.OperationalError("insert", {}, Exception("disk full"))
        fresh = delivery not in self.rows
        self.rows.setdefault(delivery, (event, product, payload))
        return fresh


@pytest.fixture
def stage(tmp_path):
    kept, database = Kept(), open_database(f"sqlite:///{tmp_path}/jalon.db")
    settings = Settings(1, "PRIVATE KEY", SECRETS)
    yield kept, create_app(settings, kept, Register(database)).test_client()
    database.dispose()


def send(client, body, *, event="issue_comment", secret=SECRETS[0], **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = {"X-GitHub-Event": event, "X-GitHub-Delivery": "guid-1", "X-Hub-Signature-256": signature} | headers
    return client.post("/webhooks/github", data=raw, headers={name: text for name, text in given.items() if text})


@pytest.mark.parametrize("secret", SECRETS)
def test_a_delivery_signed_by_either_secret_is_stored_raw_and_once(stage, secret):
    kept, client = stage
    assert send(client, COMMENT, secret=secret).status_code == 202
    assert send(client, COMMENT, secret=secret).status_code == 202
    assert kept.rows == {"guid-1": ("issue_comment", "I_1", json.dumps(COMMENT).encode())}


@pytest.mark.parametrize(
    ("body", "options", "status"),
    [
        (COMMENT, {"secret": "faux"}, 401),
        (COMMENT, {"X-Hub-Signature-256": ""}, 401),
        (COMMENT, {"X-Hub-Signature-256": "sha256=é"}, 401),
        (b"{", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        ([], {}, 400),
        ({**COMMENT, "issue": {}}, {}, 400),
        (COMMENT, {"X-GitHub-Delivery": ""}, 400),
        (COMMENT, {"event": "star"}, 202),
        ({"zen": "Keep it logically awesome."}, {"event": "ping"}, 202),
        (b" " * (BODY_LIMIT + 1), {}, 413),
    ],
    ids=[
        "secret",
        "unsigned",
        "odd signature",
        "json",
        "deep",
        "bytes",
        "list",
        "issue",
        "guid",
        "star",
        "ping",
        "26 MB",
    ],
)
def test_nothing_is_stored_that_should_not_be(stage, body, options, status):
    kept, client = stage
    assert send(client, body, **options).status_code == status
    assert kept.rows == {}


def test_a_delivery_that_cannot_be_stored_is_refused_so_that_it_can_be_sent_again(stage):
    kept, client = stage
    kept.broken = True
    assert send(client, COMMENT).status_code == 503
