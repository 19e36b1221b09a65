"""What this project hashes and signs is what others hash and sign: judged by the vectors they published."""

from __future__ import annotations

import base64

import pytest

from app.transparency import notes, tree
from app.transparency.notes import Key, NoteError, Signer
from tests.transparency import published
from tests.transparency.published import CONSISTENCIES, INCLUSIONS, LEAVES, LOG_KEYS, ROOTS, WITNESS_KEYS

DIGESTS = tuple(tree.leaf_hash(leaf) for leaf in LEAVES)


def node(level, index):
    return tree.root_of(DIGESTS[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_roots_of_rfc_6962(size):
    assert tree.root_of(DIGESTS[:size]) == ROOTS[size]
    assert tree.root(node, size) == ROOTS[size]


@pytest.mark.parametrize("place", INCLUSIONS)
def test_the_paths_of_rfc_6962(place):
    n, size = place
    assert tree.inclusion(node, n, size) == INCLUSIONS[place]
    assert tree.verify_inclusion(DIGESTS[n], n, size, INCLUSIONS[place], ROOTS[size])
    assert not tree.verify_inclusion(DIGESTS[n - 1], n, size, INCLUSIONS[place], ROOTS[size]) or n == size - 1 == 0


@pytest.mark.parametrize("sizes", CONSISTENCIES)
def test_the_growths_of_rfc_6962(sizes):
    old, new = sizes
    assert tree.consistency(node, old, new) == CONSISTENCIES[sizes]
    assert tree.verify_consistency(old, ROOTS[old], new, ROOTS[new], CONSISTENCIES[sizes])
    assert not tree.verify_consistency(old, ROOTS[old - 1], new, ROOTS[new], CONSISTENCIES[sizes])


@pytest.mark.parametrize(("private", "public", "message", "signature"), published.ED25519)
def test_the_signatures_of_rfc_8032(private, public, message, signature):
    text = bytes.fromhex(message).decode("latin-1")
    signer = Signer("x", bytes.fromhex(private))
    assert signer.key.public.hex() == public
    if text.isascii():  # a note is text: what is no UTF-8 of one byte each is signed by the vector below
        data = base64.b64decode(signer.sign(text).split(" ")[2])
        assert data[notes.ID_BYTES :].hex() == signature


@pytest.mark.parametrize("text", [*LOG_KEYS, *WITNESS_KEYS])
def test_the_keys_of_logs_and_witnesses_in_service_are_read_and_written_alike(text):
    key = notes.parse_vkey(text)
    assert key.kind == (notes.WITNESS if text in WITNESS_KEYS else notes.LOG)
    assert key.vkey == text
    assert key.id.hex() == text.split("+")[1]


@pytest.mark.parametrize("text", [*LOG_KEYS, *WITNESS_KEYS])
def test_a_key_cut_or_altered_anywhere_is_no_key(text):
    for place in range(len(text)):
        letter = "1" if text[place] != "1" else "2"
        with pytest.raises(NoteError):
            notes.parse_vkey(text[:place] + letter + text[place + 1 :])
    for place in range(1, len(text)):
        with pytest.raises(NoteError):
            notes.parse_vkey(text[:-place])


def keys(*names):
    return [notes.parse_vkey(text) for text in (*LOG_KEYS, *WITNESS_KEYS) if text.split("+")[0] in names]


SIGNED = (
    (published.GO_NOTE, ("PeterNeumann",)),
    (published.C2SP_NOTE, ("example.com/foo",)),
    (published.CHECKSUM_DATABASE, ("sum.golang.org",)),
    (published.LOG_OF_CERTIFICATES, ("arche2025h1.staging.ct.transparency.dev",)),
    (
        published.LOG_OF_CERTIFICATES,
        (
            *("transparency.dev/DEV:witness-little-garden", "witness1.smartit.nu/witness1"),
            *("remora.n621.de", "witness.stagemole.eu"),
        ),
    ),
)


@pytest.mark.parametrize(("text", "signers"), SIGNED)
def test_notes_of_others_are_right_and_no_longer_so_once_a_letter_is_changed(text, signers):
    signed = notes.parse(text)
    assert {one.key.name for one in notes.verified(signed, keys(*signers))} == set(signers)
    for place in range(len(signed.text) - 1):
        if signed.text[place] != "\n":
            letter = "A" if signed.text[place] != "A" else "B"
            altered = notes.Note(signed.text[:place] + letter + signed.text[place + 1 :], signed.signatures)
            with pytest.raises(NoteError):
                notes.verified(altered, keys(*signers))


def test_a_witness_of_the_public_network_says_when():
    signed = notes.parse(published.LOG_OF_CERTIFICATES)
    assert {one.time for one in notes.verified(signed, keys("remora.n621.de", "witness.stagemole.eu"))} == {
        1_779_573_024
    }


def test_the_note_of_go_s_documentation_is_signed_alike():
    text = notes.parse(published.GO_NOTE).text
    assert notes.note(text, [Signer("PeterNeumann", published.GO_SEED).sign(text)]) == published.GO_NOTE


@pytest.mark.parametrize("text", [published.SPECIFICATION_NOTE, published.SPECIFICATION_CHECKPOINT])
def test_the_examples_of_the_specifications_are_read(text):
    read = notes.parse(text)
    assert notes.note(read.text, [one.line for one in read.signatures]) == text
    assert notes.verified(read, keys("sum.golang.org")) == ()


def test_a_name_taken_by_another_key_is_unknown():
    """Both the name and the number must be those of a key one knows."""
    impostor = Signer("sum.golang.org", bytes(32))
    read = notes.parse(published.CHECKSUM_DATABASE)
    line = impostor.sign(read.text)
    signed = notes.parse(notes.note(read.text, [line]))
    assert notes.verified(signed, keys("sum.golang.org")) == ()
    assert len(notes.verified(signed, [impostor.key])) == 1


def test_a_checkpoint_of_others_is_read():
    found = notes.parse_checkpoint(notes.parse(published.LOG_OF_CERTIFICATES).text)
    assert (found.origin, found.size) == ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532)
    assert found.text == notes.parse(published.LOG_OF_CERTIFICATES).text


def test_a_log_and_a_witness_of_the_same_secret_have_two_keys():
    """Type 1 signs trees, type 4 cosigns them: one is never taken for the other."""
    signer = Signer("example.org", bytes(range(32)))
    text = notes.Checkpoint("example.org", 1, bytes(32)).text
    cosigned = notes.parse(notes.note(text, [signer.cosign(text, 1_700_000_000)]))
    assert notes.verified(cosigned, [signer.key]) == ()
    assert [one.time for one in notes.verified(cosigned, [signer.witness_key])] == [1_700_000_000]
    assert Key("example.org", 1, signer.key.public).id != Key("example.org", 4, signer.key.public).id
