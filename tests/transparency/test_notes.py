"""Notes, keys and proofs are those that C2SP describes; what was altered, cut or signed by others shows."""

from __future__ import annotations

import pytest

from app.transparency import notes, proofs, tree
from app.transparency.notes import Checkpoint, NoteError, Signer

SIGNER = Signer("registre.exemple.gouv.fr/dnum", bytes(range(32)))
OTHER = Signer("temoin.exemple.fr", bytes(range(1, 33)))
ENTRIES = [b"un", b"deux", b"trois"]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]
SAID = Checkpoint(SIGNER.name, 3, tree.root_of(LEAVES))


def signed(*lines):
    return notes.note(SAID.text, lines or [SIGNER.sign(SAID.text)])


def proof(n=1, note=None):
    nodes = {(0, index): leaf for index, leaf in enumerate(LEAVES)} | {(1, 0): tree.node_hash(*LEAVES[:2])}
    path = tree.inclusion(lambda level, index: nodes[level, index], n, 3)
    return proofs.proof_text(n, path, note or signed())


def test_a_key_is_read_as_it_was_written():
    assert notes.parse_vkey(SIGNER.key.vkey) == SIGNER.key
    assert notes.parse_vkey(OTHER.witness_key.vkey) == OTHER.witness_key
    assert notes.read_signer(notes.signer_text(SIGNER) + "\n") == SIGNER
    made = notes.new_signer("registre")
    assert notes.read_signer(notes.signer_text(made)) == made


@pytest.mark.parametrize(
    "text", ["", "registre", "a+b", SIGNER.key.vkey[:-4], SIGNER.key.vkey.replace("dnum", "autre"), "a b+00000000+AQ=="]
)
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(NoteError):
        notes.parse_vkey(text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-6],
        lambda text: text.replace("PRIVATE", "X"),
        lambda text: text.replace("dnum", "x"),
    ],
)
def test_a_private_key_that_was_cut_is_refused_and_never_repeated(spoil):
    with pytest.raises(NoteError) as told:
        notes.read_signer(spoil(notes.signer_text(SIGNER)))
    assert notes.signer_text(SIGNER)[-20:-8] not in str(told.value)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb"])
def test_a_name_no_log_may_bear(name):
    with pytest.raises(NoteError):
        notes.new_signer(name)


def test_signatures_of_the_log_and_of_a_witness():
    both = notes.parse(signed(SIGNER.sign(SAID.text), OTHER.cosign(SAID.text, 1_800_000_000)))
    found = notes.verified(both, [SIGNER.key, OTHER.witness_key])
    assert [(one.key.name, one.time) for one in found] == [(SIGNER.name, 0), (OTHER.name, 1_800_000_000)]
    assert notes.verified(both, []) == ()
    assert notes.parse_checkpoint(both.text) == SAID
    assert "".join(f"{one.line}\n" for one in both.signatures) in signed(*(one.line for one in both.signatures))


def test_an_altered_text_or_time_shows():
    altered = signed().replace("\n3\n", "\n4\n")
    with pytest.raises(NoteError, match="not right"):
        notes.verified(notes.parse(altered), [SIGNER.key])
    line = OTHER.cosign(SAID.text, 1_800_000_000)
    later = notes.parse(signed(line)).signatures[0]
    moved = notes.Signature(later.name, later.data[:4] + (1_900_000_000).to_bytes(8, "big") + later.data[12:])
    with pytest.raises(NoteError, match="not right"):
        notes.verified(notes.parse(signed(moved.line)), [OTHER.witness_key])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n\nb\n",
        SAID.text,
        signed()[:-1],
        signed().replace("— ", "- "),
        signed() + SIGNER.sign("x")[:40],
        "a\x07\n\n" + SIGNER.sign("a") + "\n",
        signed(*[SIGNER.sign(SAID.text)] * 17),
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(NoteError):
        notes.parse(text)


@pytest.mark.parametrize("text", ["", "a\n", "a\n01\n" + SAID.text.split("\n")[2] + "\n", "a\n1\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteError):
        notes.parse_checkpoint(text)


def test_a_proof_holds_for_its_entry_alone():
    held = proofs.parse_proof(proof())
    assert [one.key for one in proofs.check_proof(held, ENTRIES[1], [SIGNER.key])] == [SIGNER.key]
    assert held.checkpoint == SAID
    with pytest.raises(NoteError, match="not the one"):
        proofs.check_proof(held, ENTRIES[0], [SIGNER.key])
    with pytest.raises(NoteError, match="no key of the log"):
        proofs.check_proof(held, ENTRIES[1], [OTHER.key])
    extra = proof().replace("index", "extra AAAA\nindex", 1)
    assert proofs.parse_proof(extra) == held


@pytest.mark.parametrize(
    "text",
    [
        "",
        proof()[:40],
        proof().replace("index 1", "index 01"),
        proof().replace("@v1", "@v2"),
        proof().replace("\n\n", "\n????\n\n", 1),
        "c2sp.org/tlog-proof@v1\n\n" + signed(),
    ],
)
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(NoteError):
        proofs.parse_proof(text)
