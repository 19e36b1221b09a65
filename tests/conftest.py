"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

from app.demo import seed
from app.sandbox.server import Sandbox

# A slow machine is no failure: what takes time is measured in benchmarks/.
settings.register_profile("jalon", deadline=None)
settings.load_profile("jalon")


@pytest.fixture
def hub():
    """A local GitHub that listens, and holds its webhooks back until they are taken."""
    running = Sandbox(seed(), port=0)
    running.hold = True
    running.start()
    yield running
    running.stop()
