"""Other people's tools judge a log: `openssl` its signatures, Go's libraries its tree, its proofs and its witnesses."""

from __future__ import annotations

import base64

import pytest

from app.transparency import notes, tree
from app.transparency.notes import Checkpoint, Signer
from tests.transparency.published import GO_NOTE, LOG_KEYS

pytestmark = pytest.mark.slow  # programs of others, started

ORIGIN = "registre.exemple.gouv.fr/dnum"
LOG, WITNESS = Signer(ORIGIN, bytes(range(32))), Signer("temoin.exemple.fr", bytes(range(1, 33)))
ENTRIES = tuple(f'{{"n":{n},"log":"{ORIGIN}","fait":"é"}}' for n in range(21))
LEAVES = tuple(tree.leaf_hash(entry.encode()) for entry in ENTRIES)
SIZES = (1, 2, 7, 8, 20, 21)


def node(level, index):
    return tree.root_of(LEAVES[index << level : (index + 1) << level])


def checkpoint(size, root=None):
    text = Checkpoint(ORIGIN, size, root or tree.root(node, size)).text
    return notes.note(text, [LOG.sign(text), WITNESS.cosign(text, 1_790_000_000 + size)])


def texts(path):
    return [base64.b64encode(digest).decode() for digest in path]


def asked(**instead):
    """Everything of the log, for its judge."""
    inclusions = [
        {"n": n, "note": checkpoint(size), "path": texts(tree.inclusion(node, n, size))}
        for size in SIZES
        for n in range(size)
    ]
    growths = [
        {"old": old, "new": new, "path": texts(tree.consistency(node, old, new))}
        for new in SIZES
        for old in SIZES
        if old <= new
    ]
    return {
        "keys": [LOG.key.vkey],
        "witnesses": [WITNESS.witness_key.vkey],
        "entries": list(ENTRIES),
        "notes": [checkpoint(size) for size in SIZES],
        "inclusions": inclusions,
        "growths": growths,
    } | instead


def test_go_s_libraries_find_every_root_proof_and_signature_right(second):
    done = second(asked())
    assert (done.returncode, done.stderr) == (0, "")
    proofs, growths = sum(SIZES), len(SIZES) * (len(SIZES) + 1) // 2
    assert done.stdout == f"{len(ENTRIES)} entries, {2 * len(SIZES)} signatures, {proofs} proofs, {growths} growths\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {"entries": [*ENTRIES[:3], ENTRIES[3].replace("é", "è"), *ENTRIES[4:]]},
        {"notes": [checkpoint(8, LEAVES[0])]},
        {"keys": [LOG_KEYS[0]], "witnesses": []},
        {"inclusions": [{"n": 3, "note": checkpoint(8), "path": texts(tree.inclusion(node, 4, 8))}]},
        {"growths": [{"old": 7, "new": 8, "path": texts(tree.consistency(node, 2, 8))}]},
    ],
    ids=["an entry", "a root", "a key", "a path", "a growth"],
)
def test_go_s_libraries_find_what_is_wrong(second, wrong):
    assert second(asked(**wrong)).returncode == 1


def test_openssl_finds_the_signature_of_a_checkpoint_right(openssl):
    assert "Signature Verified Successfully" in openssl(checkpoint(8), LOG.key.vkey)
    assert "Signature Verified Successfully" in openssl(GO_NOTE, LOG_KEYS[3])


def test_openssl_finds_a_checkpoint_that_nobody_signed_wrong(openssl):
    signed = notes.parse(checkpoint(8)).signatures
    forged = notes.note(Checkpoint(ORIGIN, 8, LEAVES[0]).text, [one.line for one in signed])
    assert "Signature Verification Failure" in openssl(forged, LOG.key.vkey)
