"""Whoever vouches, on this machine: an authority made with openssl, once for all tests."""

from __future__ import annotations

import pytest

from tests.anchoring.authority import LocalAuthority
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _authority(tmp_path_factory):
    one = LocalAuthority(tmp_path_factory.mktemp("horodatage"))
    yield one
    one.stop()


@pytest.fixture
def authority(_authority):
    """As new: nothing asked yet, and honest."""
    _authority.asked, _authority.away, _authority.spoil = 0, False, lambda answer: answer
    return _authority
