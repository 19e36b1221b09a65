"""What the contract suite needs: GitHub's published descriptions, loud when absent, required where they must be."""

import importlib.util
import os

import pytest

from local_github.server import Sandbox
from tests.contract.fetch import LOCK, target
from tests.local_github.seed import seed

REQUIRED = os.environ.get("CONTRACT_REQUIRED") == "1"
EVENTS = [
    "issues",
    "issue_comment",
    "projects_v2",
    "projects_v2_item",
    "label",
    "membership",
    "team",
    "push",
    "commit_comment",
    "repository",
    "organization",
]


def absent(what):
    """Skips, saying what to run; fails where the contract must be checked."""
    message = f"{what} absent: run `make contract` (needs npm)"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def published():
    """GitHub's descriptions are on disk, and githubkit is there."""
    for name in LOCK:
        if not target(name).exists():
            absent(name)
    if importlib.util.find_spec("githubkit_schemas") is None:
        absent("githubkit")


@pytest.fixture(scope="module")
def make_hub():
    """A running sandbox with a second repository, every event subscribed, deliveries held."""
    opened = []

    def make():
        hub = Sandbox({**seed(events=EVENTS), "other_repositories": [{"name": "autre"}]})
        hub.hold = True
        hub.start()
        opened.append(hub)
        return hub

    yield make
    for hub in opened:
        hub.stop()


@pytest.fixture
def tell(capsys):
    """Shows what was checked, so that a run without failures is not a run without checks."""

    def line(text):
        with capsys.disabled():
            print(f"\ncontract {text}")  # noqa: T201

    return line
