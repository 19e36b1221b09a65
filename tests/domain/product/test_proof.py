"""The proof that a decision's comment carries: given back as it was packed, never too long, never a burden to read."""

from __future__ import annotations

import base64
import json
import secrets
import tracemalloc
import zlib
from typing import Any

import pytest

from app.domain.product.proof import LONGEST, SHOWN, Carried, proof, shows, unpacked

ROOT = base64.b64encode(bytes(range(32))).decode()
NOTE = f"registre.exemple.gouv.fr/comite\n19\n{ROOT}\n\n— registre.exemple.gouv.fr/comite {'A' * 92}\n"
TEXT = f"c2sp.org/tlog-proof@v1\nindex 17\n{ROOT}\n\n{NOTE}"


def packed(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


def test_what_is_packed_is_given_back():
    found = proof(17, ROOT, TEXT, ("first", "second"))
    assert (found.n, found.root, found.page) == (17, "AAECAwQF", "")
    assert len(found.root) == SHOWN
    assert unpacked(found.packed) == Carried(TEXT, ("first", "second"))
    assert unpacked(found.packed).n == 17
    assert unpacked(found.packed).size == "19"


def test_a_comment_shows_the_proof_of_its_own_entry():
    wanted = proof(17, ROOT, TEXT, ("first",))
    assert shows(wanted.packed, wanted)
    assert shows(proof(17, ROOT, TEXT, ()).packed, wanted), "what the log says of itself may have grown"
    assert not shows(proof(18, ROOT, TEXT.replace("17", "18"), ()).packed, wanted)
    assert shows(proof(17, ROOT, TEXT.replace("\n19\n", "\n25\n"), ()).packed, wanted), "another checkpoint"
    assert not shows(proof(17, ROOT, TEXT.replace("AAA", "BBB"), ()).packed, wanted), "the same one, signed anew"


def test_the_oldest_words_of_the_log_go_first_when_there_are_too_many():
    """A log whose key changed every week for years still fits, and the proof itself is never cut."""
    entries = tuple(f"{number} {secrets.token_hex(100)}" for number in range(100))
    found = proof(17, ROOT, TEXT, entries)
    kept = unpacked(found.packed)
    assert len(found.packed) <= LONGEST
    assert kept.proof == TEXT
    assert kept.log
    assert kept.log == entries[-len(kept.log) :]


def test_a_proof_that_is_too_long_by_itself_is_whole():
    text = TEXT + secrets.token_hex(LONGEST)
    assert unpacked(proof(17, ROOT, text, ("first",)).packed) == Carried(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "@" * 9, "AAAA", "é", "\ud800", packed([1, 2])[:-6], packed([]), packed("9"), packed("[" * 60_000)),
        *(packed({}), packed({"proof": 1, "log": []}), packed({"proof": "", "log": 3}), packed({"proof": "", "log": [3]})),
        packed({"proof": "a" * 300_000, "log": []}),
    ],
)  # fmt: skip
def test_what_is_no_proof_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        unpacked(text)
    assert not shows(text, proof(17, ROOT, TEXT, ()))


def test_a_proof_of_nothing_proves_nothing():
    text = packed({"proof": "index x", "log": []})
    with pytest.raises(ValueError, match="no proof"):
        _ = unpacked(text).n
    assert unpacked(text).size == ""
    assert not shows(text, proof(17, ROOT, TEXT, ()))


def test_a_few_kilobytes_never_become_gigabytes():
    bomb = base64.urlsafe_b64encode(zlib.compress(b'{"proof": "' + b" " * 50_000_000, 9)).decode()
    tracemalloc.start()
    assert not shows(bomb, proof(17, ROOT, TEXT, ()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
