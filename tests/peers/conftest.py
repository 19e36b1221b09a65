"""A sandbox that clients nobody here wrote will use, and what they need to run."""

import os
import shutil
from pathlib import Path

import pytest

from local_github.server import Sandbox
from tests.local_github.seed import seed

HERE = Path(__file__).parent
REQUIRED = os.environ.get("CONTRACT_REQUIRED") == "1"


@pytest.fixture(scope="session")
def node():
    """Node, with the clients of package-lock.json; skips when they are absent, fails where they must be there."""
    found = shutil.which("node")
    if found and (HERE / "node_modules" / ".package-lock.json").exists():
        return found
    message = "Node or its clients absent: run `make contract` (needs npm)"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def hub():
    running = Sandbox(seed(events=["issues", "issue_comment", "projects_v2_item"]))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def settings(hub):
    """The environment of a client."""
    app = hub.world.app
    told = {"SANDBOX_URL": hub.url, "APP_ID": str(app.id), "PRIVATE_KEY": app.private_key, "SECRET": app.webhook_secret}
    return {**told, "PATH": os.environ["PATH"], "NO_COLOR": "1", "NODE_ENV": "test"}
