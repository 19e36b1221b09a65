"""The stage of the stories, which ends on histories that could be rebuilt from GitHub alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import pytest

from app.demo import stage as story
from app.demo.seed import seed
from app.domain.product.lawful import breach
from app.store.register import Register
from local_github.server import Sandbox
from tests.ports import free_port
from tests.stage import LATEST_S, Stage
from tests.verifier.stage import judged

JUDGED = {
    f"tests.stories.{name}" for name in ("test_import", "test_second_thoughts", "test_sessions", "test_committees")
}
"""Those whose whole histories an outsider judges too: long, honest, and with all that may happen to a product."""


@pytest.fixture
def stage(tmp_path, request):
    made = Stage.at(tmp_path, late=request.config.getoption("--late-reads"))
    if made.late:
        made.hub.faults.reseed(zlib.crc32(request.node.nodeid.encode()))
        made.hub.faults.add({"kind": "stale", "spread": LATEST_S - 1})
    yield made
    unlawful = {name: rank for name, rank in _breaches(made.register) if rank}
    doubted = judged(made.database, tmp_path, made.now) if request.module.__name__ in JUDGED else []
    made.close()
    assert not unlawful, "a history that the rules would not take back from its comments"
    assert doubted == [], "a history that an outsider would not believe"


def _breaches(register: Register) -> Iterator[tuple[str, int]]:
    """Every story ends on histories that could be rebuilt from GitHub alone."""
    for product, entries in groupby(register.entries(), key=attrgetter("product")):
        yield product, breach(tuple(entry.fact for entry in entries))


@pytest.fixture
def own_process(tmp_path):
    """The local GitHub, and the App in a process of its own."""
    port = free_port()
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    one = story.Stage(hub, port, tmp_path)
    one.start_app()
    yield one
    one.stop_app()
    hub.stop()
