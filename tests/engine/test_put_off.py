"""While GitHub does not answer, turns wait in the database and hold no worker; they are taken when it does."""

from __future__ import annotations

import json

import pytest

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.settings import read_settings
from app.store.counters import Counters
from app.turns.wakeup import wake_up
from tests.engine.stage import body, until
from tests.faults.stage import Hub

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`


def test_what_waits_for_github_holds_no_worker(tmp_path):
    hub = Hub(seed())
    hub.start()
    jalon = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}))

    def deliver(headers, raw):
        wake = wake_up(headers["X-GitHub-Event"], json.loads(raw))
        if wake:
            jalon.inbox.store(headers["X-GitHub-Delivery"], headers["X-GitHub-Event"], wake.key, raw)
        return 202

    hub.deliver, hub.answers.share = deliver, 1.0
    jalon.worker.start(with_schedules=False)
    try:
        issue = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
        until(lambda: Counters(jalon.database).totals().get(("retries", "github"), 0) >= 2)
        until(lambda: not jalon.worker._present)
        assert jalon.inbox.counts()["waiting"] >= 1
        assert not issue.comments
        hub.answers.share = 0
        until(lambda: len(issue.comments) == 2)
        hub.wait_delivered()
        until(lambda: jalon.inbox.counts()["waiting"] == 0)
        assert jalon.inbox.parked() == ()
    finally:
        assert jalon.worker.stop()
        hub.stop()
        jalon.database.dispose()
