"""Other people's tools judge a log: `openssl` its signatures, Go's libraries its tree, its proofs and its witnesses."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.domain.product.facts import GateDecided
from app.engine import open_database
from app.store.log import Log
from app.store.register import Register
from app.transparency import notes, proofs, tree
from app.transparency.notes import Checkpoint, Signer
from tests.builders import a_small_policy, at_gate, voting
from tests.transparency.published import GO_NOTE, LOG_KEYS

ARCHIVES = sorted((Path(__file__).parent.parent / "data" / "archives").rglob("*.zip"))
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


@pytest.fixture
def register(tmp_path):
    """Three products decided, each fact sealed as it was recorded, a checkpoint at each decision."""
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    log, facts = Log(engine), Register(engine)
    at = datetime(2026, 11, 29, 12, tzinfo=UTC)
    log.open(ORIGIN, at)
    policy = a_small_policy()
    history = voting(at_gate(policy), policy, {"techno": "/go", "secu": "/go", "design": "/go"}).history
    for rank in range(3):
        facts.append(f"I_{rank}", ("dnum/produits", rank + 1), 0, history, "d")
        log.checkpoint(LOG, at)
    for size in [one.size for one in log.checkpoints()]:
        text = notes.parse(next(one.note for one in log.checkpoints() if one.size == size)).text
        log.add_cosignature(size, WITNESS.cosign(text, int(at.timestamp())))
    yield facts, log
    engine.dispose()


def decisions(facts):
    return [entry.fact.sealed.n for entry in facts.entries() if isinstance(entry.fact, GateDecided)]


def test_go_s_libraries_judge_a_register_as_it_is_kept(second, register):
    _, log = register
    kept = [one.whole for one in log.checkpoints()]
    read = [(n, proofs.parse_proof(log.proof(n))) for n in range(log.size)]
    inclusions = [{"n": n, "note": proof.note, "path": texts(proof.path)} for n, proof in read]
    sizes = [one.size for one in log.checkpoints()]
    growths = [
        {"old": old, "new": new, "path": texts(log.consistency(old, new))}
        for new in sizes
        for old in sizes
        if old <= new
    ]
    entries = [row.entry for row in log.entries()]
    done = second(asked(entries=entries, notes=kept, inclusions=inclusions, growths=growths))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{log.size} entries, {2 * len(sizes)} signatures, {log.size} proofs, 6 growths\n"


def test_a_decision_is_proved_with_openssl_and_sha256sum_alone(by_hand, register):
    facts, log = register
    entries = {row.n: row.entry for row in log.entries()}
    found = decisions(facts)
    assert len(found) == 3
    for n in found:
        done = by_hand(log.proof(n), entries[n], LOG.key.vkey)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Entry {n} is in the register of {ORIGIN}" in done.stdout
        assert "Signature Verified Successfully" in done.stdout
        assert tree.leaf_hash(entries[n].encode()).hex() in done.stdout


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda proof, entry: (proof, entry.replace('"go"', '"nogo"')), "Another root"),
        (lambda proof, entry: (proof.replace("\nindex ", "\nindex 1"), entry), ""),
        (
            lambda proof, entry: (proof.replace(f"{ORIGIN}\n", f"{ORIGIN}x\n", 1), entry),
            "Signature Verification Failure",
        ),
    ],
    ids=["an outcome", "a number", "a log"],
)
def test_what_was_changed_shows_with_openssl_alone(by_hand, register, wrong, told):
    facts, log = register
    n = decisions(facts)[1]
    entry = next(row.entry for row in log.entries() if row.n == n)
    done = by_hand(*wrong(log.proof(n), entry), LOG.key.vkey)
    assert done.returncode != 0
    assert told in done.stdout + done.stderr


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_others_judge_an_archive(second, openssl, path):
    """Made by a whole life on a local GitHub: every seal by Go's libraries, the newest by openssl too."""
    with ZipFile(path) as archive:
        told = json.loads(archive.read("keys.json"))
        held = [json.loads(line)["entry"] for line in archive.read("entries.jsonl").decode().splitlines()]
        seals = [archive.read(name).decode() for name in archive.namelist() if name.startswith("checkpoints/")]
    events = [entry["event"] for entry in map(json.loads, held) if "event" in entry]
    former = [event["former"] for event in events if event["kind"] == "SealKeyChanged"]
    keys, witnesses = [*told["keys"], *former], told["witnesses"]
    about = {"entries": held, "notes": seals, "keys": keys, "witnesses": witnesses, "inclusions": [], "growths": []}
    done = second(about)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{len(held)} entries, {2 * len(seals) + len(former)} signatures")
    newest = max(seals, key=lambda text: notes.parse_checkpoint(notes.parse(text).text).size)
    assert "Signature Verified Successfully" in openssl(newest, told["keys"][0])
