"""The sealed log: each fact an entry in its own transaction, one tree that only grows, proofs that hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.log import Log
from app.store.register import Register
from app.store.sealing import LogError
from app.transparency import entries, proofs, tree
from app.transparency.notes import Signer, parse, parse_checkpoint
from tests.builders import a_small_policy, at_gate, voting

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
SIGNER = Signer("registre.exemple.gouv.fr/dnum", bytes(range(32)))
HISTORY = voting(at_gate(a_small_policy()), a_small_policy(), {"techno": "/go", "secu": "/go", "design": "/go"}).history
ONE, OTHER = ("I_1", ("dnum/produits", 1)), ("I_2", ("dnum/produits", 2))


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield engine
    engine.dispose()


@pytest.fixture
def log(database):
    return Log(database)


def add(database, product, facts, known=0):
    return Register(database).append(*product, known, facts, "d")


def read(log):
    return [json.loads(row.entry) for row in log.entries()]


def is_whole(log):
    leaves = [tree.leaf_hash(row.entry.encode()) for row in log.entries()]
    assert [entry["n"] for entry in read(log)] == list(range(log.size))
    assert log.root() == tree.root_of(leaves)
    for size in range(1, len(leaves) + 1):
        assert log.root(size) == tree.root_of(leaves[:size])
    return True


def test_nothing_is_sealed_until_the_log_is_opened(database, log):
    assert [fact.sealed for fact in add(database, ONE, HISTORY)] == [None] * len(HISTORY)
    assert (log.origin, log.size, log.pending(), log.checkpoint(SIGNER, NOW)) == ("", 0, len(HISTORY), None)


def test_what_is_there_is_sealed_from_that_day_and_what_comes_with_its_transaction(database, log):
    add(database, ONE, HISTORY[:3])
    assert log.open(SIGNER.name, NOW) == 3
    assert read(log)[0] == {
        "at": NOW.isoformat(),
        "event": {"facts": 3, "kind": "LogOpened"},
        "log": SIGNER.name,
        "n": 0,
        "v": 1,
    }
    kept = add(database, OTHER, HISTORY[:2])
    assert [fact.sealed.n for fact in kept] == [4, 5]
    assert [fact.sealed.product for fact in kept] == [4, 4]
    kept = add(database, ONE, HISTORY[3:], known=3)
    assert [(fact.sealed.n, fact.sealed.product) for fact in kept] == [(6 + k, 1) for k in range(len(HISTORY) - 3)]
    assert [fact.sealed for fact in Register(database).history("I_1")][3:] == [fact.sealed for fact in kept]
    assert is_whole(log)
    assert log.pending() == 0
    with pytest.raises(LogError):
        log.open(SIGNER.name, NOW)


def test_facts_recorded_before_are_sealed_in_the_order_in_which_they_came(database, log):
    add(database, ONE, HISTORY)
    early = [replace(fact, at=fact.at.replace(year=2020)) for fact in HISTORY[:2]]
    add(database, OTHER, early)
    log.open(SIGNER.name, NOW)
    assert [entry["issue"] for entry in read(log)[1:3]] == ["I_2", "I_2"]
    assert [entry["seq"] for entry in read(log)[3:]] == list(range(1, len(HISTORY) + 1))
    assert is_whole(log)


def test_a_proof_leads_from_an_entry_to_the_first_checkpoint_over_it(database, log):
    log.open(SIGNER.name, NOW)
    kept = add(database, ONE, HISTORY)
    assert log.proof(kept[0].sealed.n) is None
    first = log.checkpoint(SIGNER, NOW)
    assert log.checkpoint(SIGNER, NOW.replace(hour=18)) == first
    more = add(database, OTHER, HISTORY[:2])
    log.checkpoint(SIGNER, NOW)
    rows = {row.n: row for row in log.entries()}
    for fact in (*kept, *more):
        held = proofs.parse_proof(log.proof(fact.sealed.n))
        assert proofs.check_proof(held, rows[fact.sealed.n].entry.encode(), [SIGNER.key])
    assert proofs.parse_proof(log.proof(0)).checkpoint.size == first.size == 1 + len(HISTORY)
    assert log.covering(more[0].sealed.n).size == log.size
    assert tree.verify_consistency(
        first.size, log.root(first.size), log.size, log.root(), log.consistency(first.size, log.size)
    )


def test_the_personal_part_and_its_salt_make_the_commitment_and_the_fact_again(database, log):
    log.open(SIGNER.name, NOW)
    add(database, ONE, HISTORY)
    for row in list(log.entries())[1:]:
        said = json.loads(row.entry)
        assert entries.commitment(row.salt, row.personal.encode()) == said["personal"]
        assert "by" in json.loads(row.personal)
        assert not {"by", "by_id", "cause", "reason", "seats_logins"} & set(said["fact"]) - (
            {"reason"} if said["fact"]["kind"] == "CommandRefused" else set()
        )


def test_a_log_taken_back_from_facts_that_bring_their_places_is_the_same(database, log, tmp_path):
    log.open(SIGNER.name, NOW)
    one, other = add(database, ONE, HISTORY[:4]), add(database, OTHER, HISTORY[:2])
    one += add(database, ONE, HISTORY[4:], known=4)
    there = open_database(f"sqlite:///{tmp_path}/other.db")
    again = Log(there)
    again.adopt(SIGNER.name)
    again.behind(log.size)
    assert add(there, OTHER, other) == other
    assert (again.size, again.checkpoint(SIGNER, NOW)) == (0, None)
    late = add(there, ("I_3", ("dnum/produits", 3)), HISTORY[:1])
    assert late[0].sealed is None, "no other entry takes the numbers of those that miss"
    add(there, ONE, one)
    with there.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO jalon_log (n, entry) VALUES (0, :entry)"), {"entry": next(log.entries()).entry}
        )
    assert again.seal_pending() == 0
    again.grow()
    assert (again.size, again.root(), again.wanted) == (log.size, log.root(), 0)
    assert again.seal_pending() == 1
    assert is_whole(again)
    there.dispose()


def test_a_product_transferred_keeps_its_entries(database, log):
    log.open(SIGNER.name, NOW)
    kept = add(database, ONE, HISTORY)
    again = add(database, ("I_9", ("dnum/autres", 4)), kept)
    assert [fact.sealed for fact in again] == [fact.sealed for fact in kept]
    assert log.size == 1 + len(HISTORY)
    fresh = add(database, ("I_9", ("dnum/autres", 4)), HISTORY[-1:], known=len(HISTORY))
    assert (fresh[0].sealed.product, fresh[0].sealed.repository) == (1, "dnum/autres")


def test_an_entry_is_never_replaced(database, log):
    log.open(SIGNER.name, NOW)
    kept = add(database, ONE, HISTORY[:2])
    forged = replace(kept[1], by="quelquun-d-autre")
    with pytest.raises(LogError, match="another one"):
        add(database, OTHER, [kept[0], forged])
    assert Register(database).history("I_2") == ()


def test_witnesses_and_time_stamps_are_kept_once(database, log):
    log.open(SIGNER.name, NOW)
    said = log.checkpoint(SIGNER, NOW)
    text = parse(said.note).text
    line = Signer("temoin", bytes(32)).cosign(text, 1)
    for _ in range(2):
        log.add_cosignature(said.size, line)
    log.add_stamp(said.size, b"first")
    log.add_stamp(said.size, b"later")
    (kept,) = log.checkpoints()
    assert (kept.cosigned, kept.stamp) == ((line,), b"first")
    assert kept.whole == f"{said.note}{line}\n"
    assert parse_checkpoint(parse(kept.whole).text).root == log.root()
    log.keep_checkpoint(said.note, 0.0)
    assert log.latest() == kept


def test_what_the_log_says_of_itself_is_an_entry(database, log):
    with pytest.raises(LogError):
        log.event({"kind": "SealKeyChanged"}, NOW)
    log.open(SIGNER.name, NOW)
    add(database, ONE, HISTORY[:1])
    assert log.event({"kind": "SealKeyChanged"}, NOW) == 2
    assert [json.loads(text)["event"]["kind"] for text in log.events()] == ["LogOpened", "SealKeyChanged"]
    assert is_whole(log)
