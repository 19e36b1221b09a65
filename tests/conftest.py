"""What holds for every test."""

from __future__ import annotations

import gc
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import settings

from app.cli import spare_the_collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_github.server import Sandbox

# A slow machine is no failure: what takes time is measured in benchmarks/.
# The same examples each time, so that what was green stays so; `make nightly` draws others, and more of them.
settings.register_profile("jalon", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None, derandomize=False, max_examples=1000, print_blob=True)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=20)
settings.load_profile("jalon")


def pytest_addoption(parser):
    parser.addoption(
        "--late-reads",
        action="store_true",
        help="every read of the stories is late by 0 to 3 s, by chance that repeats itself; by the stories’ own clock",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--late-reads"):
        return
    for item in items:
        if marker := item.get_closest_marker("on_time"):
            item.add_marker(pytest.mark.skip(reason=f"not when reads are late: {marker.args[0]}"))


def pytest_collection_finish():
    """What was imported and collected stays: searching it for cycles was a twentieth of the stories."""
    gc.collect()
    spare_the_collector()


@pytest.fixture(scope="session", autouse=True)
def keys_read_once():
    """To read a key is to check it, which takes as long as a story's turn; the local GitHub has the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.settings.load_pem_private_key", cache(load_pem_private_key))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_demonstration(tmp_path_factory):
    """A demonstration that runs on this machine is no setting of a test, nor of the programs it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_calls():
    """A machine that stands still for a quarter of a minute is not a GitHub that hangs: those are played in words."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("client", "plain_calls", "manifest"):
            patch.setattr(import_module(f"app.github.{module}"), "TIMEOUT_S", 120)
        yield


@pytest.fixture
def hub() -> Iterator[Sandbox]:
    """A local GitHub that listens, and holds its webhooks back until they are taken.

    Loaded for those who ask for it: the tests of the rules and of the sentences do without its libraries.
    """
    seed, server = import_module("app.demo.seed"), import_module("local_github.server")
    running: Sandbox = server.Sandbox(seed.seed(), port=0)
    running.hold = True
    running.start()
    yield running
    running.stop()
