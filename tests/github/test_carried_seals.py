"""The seal found in decisions by whoever reads GitHub alone: the largest one, in comments that are ours and untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.product.issue import Comment, CommentMarker
from app.domain.product.proof import proof
from app.github.carried_seals import newest_seal
from app.transparency.notes import Checkpoint, Signer, note
from app.transparency.proofs import proof_text

OURS = Signer("registre.exemple.gouv.fr/comite", bytes(range(32)))
OTHER = Signer("registre.exemple.gouv.fr/comite", bytes(range(1, 33)))
AT = datetime(2026, 11, 24, tzinfo=UTC)


def signed(size: int, signer: Signer = OURS) -> str:
    said = Checkpoint(signer.name, size, bytes([size]) * 32)
    return note(said.text, [signer.sign(said.text)])


def carrying(text: str) -> Comment:
    packed = proof(0, "", proof_text(0, (), text), ()).packed
    trace = CommentMarker("decision:1", "", seal=packed)
    return Comment(1, "IC_1", "", "jalon", AT, by_bot=True, trace=trace)


SMALL, LARGE = carrying(signed(3)), carrying(signed(9))
BARE = replace(LARGE, trace=CommentMarker("gate:1", ""))


@pytest.mark.parametrize(
    ("comments", "keys", "found"),
    [
        ((), (), ""),
        ((BARE, replace(BARE, trace=None)), (), ""),
        ((SMALL, LARGE, SMALL), (), signed(9)),
        ((SMALL, LARGE), (OURS.key.vkey,), signed(9)),
        ((SMALL, carrying(signed(9, OTHER))), (OURS.key.vkey,), signed(3)),
        ((carrying(signed(9, OTHER)),), (OTHER.key.vkey, OURS.key.vkey), signed(9, OTHER)),
        ((SMALL, carrying(signed(9).replace("\n9\n", "\n8\n"))), (OURS.key.vkey,), signed(3)),
        ((SMALL, replace(LARGE, editor="admin")), (), signed(3)),
        ((SMALL, replace(LARGE, trace=CommentMarker("decision:1", "", seal="AAAA"))), (), signed(3)),
        ((carrying("registre\n9\n"), carrying("un\ndeux\ntrois\n\n— un AAAAAAAA\n")), (), ""),
    ],
)
def test_the_largest_that_can_be_believed_is_found(comments, keys, found):
    assert newest_seal(comments, keys) == found
