"""A decision's comment with its proof: read back whole, the line in its place, within what GitHub takes."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace

import pytest

from app.domain.product.history_in_comments import PIECE
from app.domain.product.proof import LONGEST, proof, unpacked
from app.domain.publish.effects import Message
from app.domain.publish.notices import Decision
from app.github import markers
from app.github.apply import body
from app.transparency import entries, notes, proofs, tree
from app.transparency.notes import Checkpoint, Signer

SIGNER = Signer("registre.exemple.gouv.fr/direction-du-numerique", bytes(range(32)))
LARGE = 20_000
LIMIT = 65_536
AT = "2026-11-24T16:00:00+00:00"


def a_proof(size: int, n: int, events: int = 2):
    """Of entry `n` among so many, under a checkpoint that two witnesses vouched for."""
    leaves = [tree.leaf_hash(str(number).encode()) for number in range(size)]
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([tree.node_hash(*below[at : at + 2]) for at in range(0, len(below) - 1, 2)])
    path = tree.inclusion(lambda level, position: levels[level][position], n, size)
    said = Checkpoint(SIGNER.name, size, tree.root_of(leaves))
    witnesses = [Signer(f"temoin-{rank}.exemple.gouv.fr", secrets.token_bytes(32)) for rank in range(2)]
    note = notes.note(said.text, [SIGNER.sign(said.text), *(one.cosign(said.text, 1_780_000_000) for one in witnesses)])
    changed = {"kind": "SealKeyChanged", "former": SIGNER.key.vkey, "new": SIGNER.key.vkey, "why": "rotation"}
    log = [f'{{"at":"{AT}","event":{changed},"log":"{SIGNER.name}","n":{rank},"v":1}}' for rank in range(events)]
    root = base64.b64encode(said.root).decode()
    return proof(n, root, proofs.proof_text(n, path, note), log), path


@pytest.mark.parametrize("n", [0, 12_345, LARGE - 1])
def test_a_comment_keeps_its_size_whatever_the_register_holds(n):
    """The longest text that is shown, the longest record that is carried, a proof among 20,000 entries."""
    found, path = a_proof(LARGE, n)
    assert len(path) <= 15
    assert len(found.packed) < LONGEST
    notice = Decision(number=1, origin="Idée", target="POC", outcome="go", changes=("x" * 120 + "\n",) * 600)
    message = Message("decision:1", notice, "0" * 32, "A" * PIECE, seal=replace(found, page="https://" + "p" * 300))
    written = body(message, "fr")
    assert len(markers.read_marker(written).record) == PIECE
    assert len(written) < LIMIT
    read = markers.read_marker(written)
    assert read.intact
    assert unpacked(read.seal).proof.startswith("c2sp.org/tlog-proof@v1\n")
    assert f"Scellée n° {n} · {found.root} – [Vérifier cette décision](https://ppp" in written


def test_the_longest_proof_still_fits():
    found, _ = a_proof(9, 3, events=400)
    assert len(found.packed) <= LONGEST
    message = Message("decision:1", Decision(), "0" * 32, "A" * PIECE, seal=replace(found, page="https://x"))
    assert len(markers.marked_body(message, "é\n" * 20_000, foot="Scellée")) < LIMIT


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fr", "Scellée n° 3 · {root} – [Vérifier cette décision](https://jalon.exemple.fr/produit/o/r/7/preuve/1)"),
        ("en", "Sealed no. 3 · {root} – [Check this decision](https://jalon.exemple.fr/produit/o/r/7/preuve/1)"),
    ],
)
def test_the_line_in_both_languages(language, line):
    found, _ = a_proof(9, 3)
    page = "https://jalon.exemple.fr/produit/o/r/7/preuve/1"
    text = body(Message("decision:1", Decision(), "x", seal=replace(found, page=page)), language)
    assert text.split("\n\n")[-2] == line.format(root=found.root)
    bare = body(Message("decision:1", Decision(), "x", seal=found), language)
    assert bare.split("\n\n")[-2] == line.partition(" – ")[0].format(root=found.root)
    assert "jalon:v1" in bare


def test_what_a_former_version_reads_is_unchanged():
    """It knows no proof: the key, the stamp, the record and the text stand where they did."""
    found, _ = a_proof(9, 3)
    message = Message("decision:1", Decision(), "stamp", "record")
    with_it, without = (markers.read_marker(body(one, "fr")) for one in (replace(message, seal=found), message))
    assert replace(with_it, seal="") == without
    assert entries.VERSION == 1
