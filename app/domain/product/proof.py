"""What a comment shows of a fact's place in the sealed register, and the proof of it as the comment carries it."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

SHOWN = 8
"""Characters of the root that people see: enough to tell two seals apart at a glance."""
LONGEST = 4_000
"""Characters that a packed proof takes at most: with what people read and the facts, a comment keeps its size."""
LARGEST = 200_000
"""Bytes of a proof once unpacked: no honest one comes near."""
INDEX_LINE = re.compile(r"^index ([0-9]{1,15})$", re.MULTILINE)


@dataclass(frozen=True)
class ShownProof:
    """`n` is the fact's number in the log, `root` how the root of the checkpoint that proves it begins.

    `page` is where people check it, if pages are served.
    """

    n: int
    root: str
    packed: str
    page: str = ""


@dataclass(frozen=True)
class Carried:
    """A proof (C2SP's `tlog-proof@v1`) and the entries that the log says of itself, as a comment carries them."""

    proof: str
    log: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """The number of the entry proved; raises ValueError."""
        found = INDEX_LINE.search(self.proof)
        if found is None:
            raise ValueError("no proof of a log")
        return int(found[1])

    @property
    def size(self) -> str:
        """How many entries the checkpoint covers, as its second line says; empty for what is none."""
        return "".join(self.proof.partition("\n\n")[2].split("\n")[1:2])


def proof(n: int, root: str, text: str, log: Iterable[str]) -> ShownProof:
    """The newest entries of the log are kept when there are too many: former comments carry the others."""
    entries = list(log)
    while len(packed := _packed(text, entries)) > LONGEST and entries:
        del entries[0]
    return ShownProof(n, root[:SHOWN], packed)


def _packed(text: str, log: list[str]) -> str:
    told = json.dumps({"proof": text, "log": log}, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(told.encode(), 9)).decode()


@lru_cache(maxsize=512)
def unpacked(packed: str) -> Carried:
    """Raises ValueError, and nothing else, for what is none of ours."""
    try:
        stream = zlib.decompressobj()
        told = json.loads(stream.decompress(base64.urlsafe_b64decode(packed), LARGEST))
        text, log = told["proof"], tuple(told["log"])
    except (zlib.error, binascii.Error, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not stream.eof or not all(isinstance(one, str) for one in (text, *log)):
        raise ValueError("cut, or no texts")
    return Carried(text, log)


def shows(packed: str, wanted: ShownProof) -> bool:
    """Whether what a comment carries proves the same entry; whether it holds is for whoever has the keys.

    Another checkpoint proves it as well, and stays. The same one with another signature was signed anew, by the key
    that took the place of one stolen: that one is shown.
    """
    try:
        held, n = unpacked(packed), unpacked(packed).n
    except ValueError:
        return False
    fresh = unpacked(wanted.packed)
    return n == wanted.n and (held.size != fresh.size or held.proof == fresh.proof)
