"""The sealed log guards the register from inside: rows that say otherwise than they were sealed, a tree that was cut."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.chain import chained_digest
from app.store.log import Log
from app.store.log_check import LogFlaw, flaws
from app.store.register import BrokenChainError, Register
from app.store.schema import CHECKPOINTS, FACTS, LOG, LOG_FACTS, LOG_NODES
from app.transparency.key_ring import KeyRing
from app.transparency.notes import new_signer
from app.transparency.tree import leaf_hash
from tests.builders import a_small_policy, at_gate, voting

PRODUCT, WHERE = "I_1", ("dnum/produits", 1)
HISTORY = voting(at_gate(a_small_policy()), a_small_policy(), {"techno": "/go", "secu": "/go", "design": "/go"}).history
LAST = len(HISTORY)
ORIGIN, AT = "registre.exemple.gouv.fr/dnum", datetime(2026, 11, 29, 12, tzinfo=UTC)
SIGNER, STRANGER = new_signer(ORIGIN), new_signer(ORIGIN)
RING = KeyRing(SIGNER.key)


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    log, register = Log(engine), Register(engine)
    log.open(ORIGIN, AT)
    register.append(PRODUCT, WHERE, 0, HISTORY[:3], "d1")
    log.checkpoint(SIGNER, AT)
    register.append(PRODUCT, WHERE, 3, HISTORY[3:], "d2")
    log.checkpoint(SIGNER, AT)
    yield engine
    engine.dispose()


def found(database):
    return flaws(database, Log(database), RING)


def told(database):
    return [flaw.seq for flaw in Register(database).verify()]


def forge(database, seq, **said):
    """Change a fact and every digest from there on, as whoever holds the database may."""
    with database.begin() as connection:
        rows = connection.execute(sa.select(FACTS).where(FACTS.c.product == PRODUCT).order_by(FACTS.c.seq)).all()
        digest = rows[seq - 2].digest if seq > 1 else ""
        for row in rows[seq - 1 :]:
            fact = json.loads(row.fact) | (said if row.seq == seq else {})
            text = json.dumps(fact, ensure_ascii=False, sort_keys=True)
            place = sa.and_(FACTS.c.product == PRODUCT, FACTS.c.seq == row.seq)
            connection.execute(sa.update(FACTS).where(place).values(fact=text))
            fresh = connection.execute(sa.select(FACTS).where(place)).one()
            digest = chained_digest(digest, fresh)
            connection.execute(sa.update(FACTS).where(place).values(digest=digest))


def written(database, query):
    with database.begin() as connection:
        assert connection.execute(query).rowcount == 1


def test_a_sealed_register_left_alone_is_whole(database):
    assert told(database) == []
    assert found(database) == ()
    assert [fact.sealed.n for fact in Register(database).history(PRODUCT)] == [*range(1, LAST + 1)]


@pytest.mark.parametrize("seq", [1, 4, LAST])
def test_a_fact_changed_with_its_chain_worked_out_again_stops_the_product(database, seq):
    forge(database, seq, by="quelquun-d-autre")
    with pytest.raises(BrokenChainError) as error:
        Register(database).history(PRODUCT)
    assert error.value.seq == seq
    assert told(database) == [seq]


def test_a_seal_taken_off_a_fact_shows_on_the_row_and_in_the_log(database):
    mine = sa.and_(LOG_FACTS.c.product == PRODUCT, LOG_FACTS.c.seq == 2)
    written(database, sa.delete(LOG_FACTS).where(mine))
    assert told(database) == [2]
    assert found(database) == (LogFlaw("entry", 2),)


def test_the_seal_of_the_last_fact_taken_off_shows_in_the_log(database):
    mine = sa.and_(LOG_FACTS.c.product == PRODUCT, LOG_FACTS.c.seq == LAST)
    written(database, sa.delete(LOG_FACTS).where(mine))
    assert found(database) == (LogFlaw("entry", LAST),)


def test_an_entry_changed_with_its_leaf_no_longer_leads_to_what_was_signed(database):
    entry = next(row.entry for row in Log(database).entries() if row.n == 2)
    spoilt = entry.replace('"seq":2', '"seq":9')
    written(database, sa.update(LOG).where(LOG.c.n == 2).values(entry=spoilt))
    assert told(database) == [2]
    assert found(database) == (LogFlaw("entry", 2), LogFlaw("seal", 4), LogFlaw("seal", LAST + 1))
    leaf = sa.and_(LOG_NODES.c.level == 0, LOG_NODES.c.position == 2)
    written(database, sa.update(LOG_NODES).where(leaf).values(hash=leaf_hash(spoilt.encode())))
    assert found(database) == (LogFlaw("seal", 4), LogFlaw("seal", LAST + 1))


def test_a_tail_cut_from_register_and_log_alike_still_lacks_what_was_signed(database):
    with database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.seq == LAST))
        connection.execute(sa.delete(LOG_FACTS).where(LOG_FACTS.c.seq == LAST))
        connection.execute(sa.delete(LOG).where(LOG.c.n == LAST))
    assert told(database) == []
    assert found(database) == (LogFlaw("entry", LAST), LogFlaw("seal", LAST + 1))


def test_a_checkpoint_signed_by_another_key_is_no_seal(database):
    size = LAST + 1
    text = Log(database).checkpoints()[-1].note
    body, _, _ = text.rpartition("\n\n")
    forged = f"{body}\n\n{STRANGER.sign(body + chr(10))}\n"
    written(database, sa.update(CHECKPOINTS).where(CHECKPOINTS.c.size == size).values(note=forged))
    assert found(database) == (LogFlaw("seal", size),)
    assert flaws(database, Log(database), None) == ()


def test_a_log_that_is_behind_is_told_elsewhere(database):
    Log(database).behind(LAST + 5, b"x" * 32)
    written(database, sa.delete(LOG).where(LOG.c.n == 2))
    assert found(database) == ()


def test_facts_taken_away_from_the_end_show_though_their_entries_stay(database):
    with database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.seq >= LAST - 1))
    assert told(database) == []
    assert found(database) == (LogFlaw("entry", LAST - 1), LogFlaw("entry", LAST))


def test_another_fact_never_takes_the_place_of_one_that_was_sealed(database):
    """e4: rows taken away from the end, for a gate to be decided anew under another date."""
    lacking = Register(database).history(PRODUCT)[-1]
    with database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.seq == LAST))
    for other in (replace(lacking, sealed=None), replace(lacking, sealed=None, at=AT)):
        with pytest.raises(BrokenChainError) as error:
            Register(database).append(PRODUCT, WHERE, LAST - 1, (other,), "d3")
        assert error.value.seq == LAST
    assert Register(database).append(PRODUCT, WHERE, LAST - 1, (lacking,), "d3") == (lacking,)
    assert (told(database), found(database)) == ([], ())
