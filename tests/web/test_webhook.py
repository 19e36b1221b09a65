"""What the webhook answers, and what it keeps."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.web.webhook import BODY_LIMIT, LARGE
from tests.security.doors import COMMENT, opened, signed

SECRETS = ("nouveau", "ancien")


class Kept:
    """Stands for the inbox: keeps each delivery once, or fails as a full disk does."""

    def __init__(self) -> None:
        self.rows = {}
        self.broken = False

    async def gather(self, delivery, event, product, payload):
        if self.broken:
            raise sa.exc.OperationalError("insert", {}, Exception("disk full"))
        fresh = delivery not in self.rows
        self.rows.setdefault(delivery, (event, product, payload))
        return fresh


@pytest.fixture
def stage(tmp_path):
    kept = Kept()
    with opened(tmp_path, kept, SECRETS) as door:
        yield kept, door


def send(door, body, *, event="issue_comment", secret=SECRETS[0], **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"X-GitHub-Event": event, "X-GitHub-Delivery": "guid-1", "X-Hub-Signature-256": signed(raw, secret)}
    return door.post(raw, given | headers)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_delivery_signed_by_either_secret_is_stored_raw_and_once(stage, secret):
    kept, door = stage
    assert send(door, COMMENT, secret=secret) == 202
    assert send(door, COMMENT, secret=secret) == 202
    assert kept.rows == {"guid-1": ("issue_comment", "I_1", json.dumps(COMMENT).encode())}


def test_a_long_delivery_is_stored_too(stage):
    """As long as the words of a comment may be, and longer."""
    kept, door = stage
    moment = "2026-01-05T09:00:00Z"
    comment = {"id": 1, "created_at": moment, "updated_at": moment, "body": "é" * LARGE}
    assert send(door, COMMENT | {"comment": comment}) == 202
    assert len(kept.rows) == 1


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
    kept, door = stage
    assert send(door, body, **options) == status
    assert kept.rows == {}


def test_a_delivery_that_cannot_be_stored_is_refused_so_that_it_can_be_sent_again(stage):
    kept, door = stage
    kept.broken = True
    assert send(door, COMMENT) == 503
