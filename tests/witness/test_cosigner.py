"""What a witness answers, case by case as C2SP `tlog-witness` lists them, and what it can never be brought to do."""

from __future__ import annotations

import base64
import sqlite3
import threading
from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.transparency.notes import new_signer, parse, parse_checkpoint, verified
from app.transparency.tree import root_of
from app.transparency.witnessing import SIZE_TYPE, checkpoint_request
from app.witness.cosigner import Cosigner
from app.witness.ledger import REFUSALS, CosignedCheckpoint, CosigningLedger
from tests.witness.conftest import NOON
from tests.witness.logs import ORIGIN, MemoryLog, entries


def test_a_checkpoint_is_cosigned_with_its_hour(cosigner, log, signer):
    reply = cosigner.add_checkpoint(log.asks(0, 5))
    assert reply.status == 200
    assert reply.body.startswith("— temoin.exemple.gouv.fr ")
    found = parse(log.note(5) + reply.body)
    (signature,) = verified(found, [signer.witness_key])
    assert signature.time == int(NOON.timestamp())
    assert len(verified(found, [signer.witness_key, log.signer.key])) == 2


def test_it_goes_on_from_what_was_seen(cosigner, log, ledger):
    for old, size in ((0, 1), (1, 2), (2, 2), (2, 7), (7, 8)):
        assert cosigner.add_checkpoint(log.asks(old, size)).status == 200
    (known,) = ledger.known()
    assert (known.origin, known.size, known.root) == (log.origin, 8, log.root(8))


def test_an_empty_log_is_a_log(cosigner, log, ledger):
    assert cosigner.add_checkpoint(log.asks(0, 0)).status == 200
    assert cosigner.add_checkpoint(log.asks(0, 3)).status == 200
    assert ledger.known()[0].size == 3


def test_whoever_asks_from_elsewhere_is_told_the_size_that_was_seen(cosigner, log):
    cosigner.add_checkpoint(log.asks(0, 5))
    for old, size in ((0, 8), (4, 8), (4, 5), (0, 0), (3, 3), (6, 8)):
        reply = cosigner.add_checkpoint(log.asks(old, size))
        assert (reply.status, reply.body, reply.kind) == (409, "5\n", SIZE_TYPE)


def test_a_step_back_is_refused(cosigner, log, ledger):
    cosigner.add_checkpoint(log.asks(0, 5))
    assert cosigner.add_checkpoint(checkpoint_request(5, [], log.note(4)).encode()).status == 400
    assert ledger.known()[0].size == 5


def test_another_root_for_the_same_size_is_refused_and_kept(cosigner, log, ledger):
    cosigner.add_checkpoint(log.asks(0, 5))
    liar = MemoryLog(entries(5, "autre"), log.signer)
    reply = cosigner.add_checkpoint(liar.asks(5, 5))
    assert (reply.status, reply.body) == (409, "5\n")
    assert ledger.known()[0].root == log.root(5)
    ((origin, size, text),) = ledger.refusals()
    assert (origin, size) == (ORIGIN, 5)
    assert liar.note(5) in text


def test_a_proof_that_leads_elsewhere_is_refused_and_kept(cosigner, log, ledger):
    cosigner.add_checkpoint(log.asks(0, 5))
    liar = MemoryLog([*entries(4), b"autre", *entries(3, "suite")], log.signer)
    assert cosigner.add_checkpoint(liar.asks(5, 8)).status == 422
    assert cosigner.add_checkpoint(liar.asks(5, 8)).status == 422
    assert [size for _, size, _ in ledger.refusals()] == [8]


@pytest.mark.parametrize("cut", ["none", "last", "more"])
def test_a_proof_that_is_not_whole_is_refused(cosigner, log, cut):
    cosigner.add_checkpoint(log.asks(0, 5))
    whole = log.proof(5, 8)
    proof = {"none": [], "last": whole[:-1], "more": [*whole, whole[0]]}[cut]
    assert cosigner.add_checkpoint(checkpoint_request(5, proof, log.note(8)).encode()).status == 422


def test_no_proof_is_taken_where_none_is_due(cosigner, log):
    assert cosigner.add_checkpoint(checkpoint_request(0, [log.root(1)], log.note(5)).encode()).status == 422
    cosigner.add_checkpoint(log.asks(0, 5))
    assert cosigner.add_checkpoint(checkpoint_request(5, [log.root(1)], log.note(5)).encode()).status == 422


def test_an_unknown_log_is_not_found_and_an_unknown_key_forbidden(cosigner, log):
    stranger = MemoryLog(entries(3), origin="ailleurs.example/journal")
    assert cosigner.add_checkpoint(stranger.asks(0)).status == 404
    impostor = MemoryLog(entries(3))  # the same name, another key
    assert cosigner.add_checkpoint(impostor.asks(0)).status == 403
    forged = log.note(3).replace("\n3\n", "\n4\n", 1)
    assert cosigner.add_checkpoint(checkpoint_request(0, [], forged).encode()).status == 403


def test_signatures_of_others_are_ignored(cosigner, log):
    text = log.note(3).rpartition("\n\n")[0] + "\n"
    note = log.note(3) + new_signer("quelqu.un/autre").sign(text).rstrip() + "\n"
    assert cosigner.add_checkpoint(checkpoint_request(0, [], note).encode()).status == 200


def malformed():
    log = MemoryLog(entries(3))
    note, line = log.note(), base64.b64encode(log.root(1)).decode()
    return {
        "nothing": b"",
        "no old": note.encode(),
        "zeroes": f"old 00\n\n{note}".encode(),
        "sign": f"old +0\n\n{note}".encode(),
        "endless": f"old {'9' * 30}\n\n{note}".encode(),
        "no blank": f"old 0\n{note}".encode(),
        "short hash": f"old 0\nAAAA\n\n{note}".encode(),
        "loose base64": f"old 0\n{line[:-2]}/=\n\n{note}".encode(),
        "spaces": f"old 0\n {line}\n\n{note}".encode(),
        "too many": f"old 0\n{(line + chr(10)) * 64}\n{note}".encode(),
        "no checkpoint": b"old 0\n\nBonjour\n\n\xe2\x80\x94 x AAAA\n",
        "no signature": b"old 0\n\nregistre\n3\nAAAA\n",
        "no text": b"\xff\xfe",
    }


@pytest.mark.parametrize("body", malformed().values(), ids=malformed().keys())
def test_what_is_no_request_is_told_so(cosigner, body, ledger):
    assert cosigner.add_checkpoint(body).status == 400
    assert ledger.known() == ()


def test_sixty_three_hashes_are_read(cosigner, log):
    assert cosigner.add_checkpoint(checkpoint_request(0, [log.root(1)] * 63, log.note(5)).encode()).status == 422


def test_several_keys_of_one_log_and_several_logs(ledger, signer):
    first, other = MemoryLog(entries(3)), MemoryLog(entries(5), origin="autre.example/registre")
    second = MemoryLog(entries(4))  # the same log, once its key has changed
    keys = {ORIGIN: [first.signer.key, second.signer.key], other.origin: [other.signer.key]}
    witness = Cosigner(signer, keys, ledger, lambda: NOON)
    assert [witness.add_checkpoint(log.asks(old)).status for log, old in ((first, 0), (other, 0), (second, 3))] == [
        200,
        200,
        200,
    ]
    assert [(one.origin, one.size) for one in ledger.known()] == [(other.origin, 5), (ORIGIN, 4)]


def test_of_two_at_once_one_wins(log, signer, tmp_path):
    """Two histories of one log, each honest by itself, submitted at the same instant to two processes' worth."""
    twin = MemoryLog([*entries(5), b"autre 5", b"autre 6"], log.signer)
    for turn in range(5):
        path = str(tmp_path / f"{turn}.db")
        starts, replies = threading.Barrier(4), []

        def ask(which, path=path, starts=starts, replies=replies):
            witness = Cosigner(signer, {ORIGIN: [log.signer.key]}, CosigningLedger(path), lambda: NOON)
            starts.wait(5)
            replies.append((witness.add_checkpoint(which.asks(0, 7)).status, which.root(7)))

        threads = [threading.Thread(target=ask, args=(which,)) for which in (log, twin, log, twin)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(20)
        won = [root for status, root in replies if status == 200]
        assert [status for status, _ in replies if status != 200] == [409, 409, 409]
        assert [one.root for one in CosigningLedger(path).known()] == won


def test_a_memory_that_cannot_be_written_cosigns_nothing(cosigner, log, ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("app.witness.ledger.PATIENCE_S", 0.01)
    with closing(sqlite3.connect(tmp_path / "temoin.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        reply = cosigner.add_checkpoint(log.asks(0, 5))
        other.execute("ROLLBACK")
    assert (reply.status, "—" in reply.body) == (503, False)
    assert ledger.known() == ()
    assert cosigner.add_checkpoint(log.asks(0, 5)).status == 200


def test_what_was_seen_outlives_the_process(log, ledger, signer, tmp_path):
    keys = {ORIGIN: [log.signer.key]}
    Cosigner(signer, keys, ledger, lambda: NOON).add_checkpoint(log.asks(0, 5))
    again = Cosigner(signer, keys, CosigningLedger(str(tmp_path / "temoin.db")), lambda: NOON)
    assert again.add_checkpoint(log.asks(0, 3)).status == 409


def test_lies_without_end_fill_no_disk(ledger, monkeypatch):
    monkeypatch.setattr("app.witness.ledger.REFUSALS", 3)
    for size in range(10):
        ledger.refuse(CosignedCheckpoint(ORIGIN, size, b"", "", NOON), "texte")
    assert len(ledger.refusals()) == 3 < REFUSALS


LENGTH, FORK = 12, 5
ASKED = st.tuples(st.booleans(), st.integers(0, LENGTH), st.integers(0, LENGTH), st.booleans())
"""Which of two histories, from which size, to which, and with its own proof or the other's."""
HONEST = MemoryLog(entries(LENGTH))
LIAR = MemoryLog([*entries(FORK), *entries(LENGTH - FORK, "autre")], HONEST.signer)


@settings(max_examples=12)
@given(asked=st.lists(ASKED, max_size=15), follows=st.booleans())
@example(asked=[(False, 0, 7, True), (True, 7, 9, True), (True, 7, 9, False), (True, 7, 7, True)], follows=False)
@example(asked=[(False, 0, 4, True), (True, 4, 8, True), (False, 8, 12, True), (False, 8, 8, True)], follows=False)
def test_whatever_is_asked_all_that_was_cosigned_is_one_history(asked, follows, tmp_path_factory):
    """`follows`: the log reads 409s, and asks again from there, as an honest one does and a clever liar too."""
    signer = new_signer("temoin.exemple.gouv.fr")
    ledger = CosigningLedger(str(tmp_path_factory.mktemp("temoin") / "temoin.db"))
    witness = Cosigner(signer, {ORIGIN: [HONEST.signer.key]}, ledger, lambda: NOON)
    cosigned: list[tuple[int, bytes]] = []
    for lies, old, size, is_own in asked:
        mine, other = (LIAR, HONEST) if lies else (HONEST, LIAR)

        def ask(old, mine=mine, other=other, size=size, is_own=is_own):
            proof = (mine if is_own else other).proof(old, size)
            return witness.add_checkpoint(checkpoint_request(old, proof, mine.note(size)).encode())

        reply = ask(old)
        if follows and reply.status == 409:
            reply = ask(int(reply.body))
        if reply.status == 200:
            found = parse(mine.note(size) + reply.body)
            assert verified(found, [signer.witness_key])
            cosigned.append((parse_checkpoint(found.text).size, parse_checkpoint(found.text).root))
    assert [size for size, _ in cosigned] == sorted(size for size, _ in cosigned)
    assert len(dict(cosigned)) == len(set(cosigned))
    assert any(all(root == log.root(size) for size, root in cosigned) for log in (HONEST, LIAR))


def test_the_empty_root_is_that_of_the_tree():
    assert MemoryLog([]).root(0) == root_of([])
