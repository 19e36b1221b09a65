"""A witness on this machine, with a memory of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.transparency.notes import new_signer
from app.witness.cosigner import Cosigner
from app.witness.ledger import CosigningLedger
from tests.witness.logs import MemoryLog, entries

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def log():
    return MemoryLog(entries(8))


@pytest.fixture
def ledger(tmp_path):
    return CosigningLedger(str(tmp_path / "temoin.db"))


@pytest.fixture
def signer():
    return new_signer("temoin.exemple.gouv.fr")


@pytest.fixture
def cosigner(log, ledger, signer):
    return Cosigner(signer, {log.origin: [log.signer.key]}, ledger, lambda: NOON)
