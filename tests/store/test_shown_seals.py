"""The proofs that comments are given: of decisions alone, signed when one lacks, never a reason to stop a turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.domain.product.facts import GateDecided
from app.domain.product.proof import shows, unpacked
from app.engine import open_database
from app.store.log import Log
from app.store.log_schema import CHECKPOINTS, LOG_NODES
from app.store.register import Register
from app.store.shown_seals import ShownSeals
from tests.builders import a_small_policy, at_gate, played, voting
from tests.stage import SIGNER

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
POLICY = a_small_policy()
OPEN = at_gate(POLICY)
DECIDED = played(voting(OPEN, POLICY, {"techno": "/go", "secu": "/go", "design": "/go"}), POLICY)


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield engine
    engine.dispose()


def recorded(database, product):
    kept = Register(database).append("I_1", ("dnum/produits", 1), 0, product.history, "d")
    return replace(product, history=kept)


def shown(database, signer=SIGNER):
    return ShownSeals(Log(database), signer, lambda: NOW)


def test_a_decision_alone_has_the_log_sign(database):
    Log(database).open(SIGNER.name, NOW)
    product = recorded(database, OPEN)
    assert shown(database).told(product) is product
    assert Log(database).latest() is None


def test_the_proof_is_that_of_the_first_checkpoint_and_stays(database):
    log, seals = Log(database), shown(database)
    log.open(SIGNER.name, NOW)
    product = recorded(database, DECIDED)
    (n,) = [fact.sealed.n for fact in product.history if isinstance(fact, GateDecided)]
    assert seals.known(product).proofs == {}, "a plan signs nothing"
    told = seals.told(product).proofs
    assert list(told) == [n]
    assert (told[n].n, unpacked(told[n].packed).proof) == (n, log.proof(n))
    log.event({"kind": "Essai"}, NOW)
    log.checkpoint(SIGNER, NOW)
    assert seals.told(product).proofs == told
    again = shown(database, None).told(product).proofs
    assert shows(told[n].packed, again[n]), "what the log says of itself has grown, and the proof is the same"
    assert len(log.checkpoints()) == 2


def test_without_a_key_or_a_log_there_is_nothing_to_show(database):
    product = recorded(database, DECIDED)
    assert shown(database).told(product) is product, "no log"
    Log(database).open(SIGNER.name, NOW)
    product = replace(product, history=Register(database).history("I_1"))
    assert shown(database, None).told(product) is product, "no key"
    assert shown(database).told(product).proofs


@pytest.mark.parametrize("spoilt", [sa.delete(LOG_NODES), sa.update(CHECKPOINTS).values(note="rien")])
def test_what_a_hand_changed_is_told_and_stops_nobody(database, spoilt, caplog):
    Log(database).open(SIGNER.name, NOW)
    product = recorded(database, DECIDED)
    shown(database).told(product)
    with database.begin() as connection:
        connection.execute(spoilt)
    assert shown(database).told(product) is product
    assert "no proof of entry" in caplog.text
