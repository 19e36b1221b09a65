"""A log of one's own, honest or not, held in memory: its entries, and what it asks of a witness."""

from __future__ import annotations

from app.transparency.notes import Checkpoint, Signer, new_signer, note
from app.transparency.tree import consistency, leaf_hash, root_of
from app.transparency.witnessing import checkpoint_request

ORIGIN = "registre.exemple.gouv.fr/dnum"


class MemoryLog:
    """`entries` may be anything: a fork is another list that begins alike."""

    def __init__(self, entries: list[bytes], signer: Signer | None = None, origin: str = ORIGIN) -> None:
        self.entries, self.signer, self.origin = entries, signer or new_signer(origin), origin

    @property
    def size(self) -> int:
        return len(self.entries)

    def node(self, level: int, index: int) -> bytes:
        return root_of([leaf_hash(one) for one in self.entries[index << level : (index + 1) << level]])

    def root(self, size: int) -> bytes:
        return root_of([leaf_hash(one) for one in self.entries[:size]])

    def note(self, size: int | None = None) -> str:
        """The checkpoint of that size, signed."""
        size = self.size if size is None else size
        text = Checkpoint(self.origin, size, self.root(size)).text
        return note(text, [self.signer.sign(text)])

    def proof(self, old: int, size: int) -> list[bytes]:
        return list(consistency(self.node, old, size)) if 0 < old < size else []

    def asks(self, old: int, size: int | None = None) -> bytes:
        """The body of an `add-checkpoint`."""
        size = self.size if size is None else size
        return checkpoint_request(old, self.proof(old, size), self.note(size)).encode()


def entries(count: int, word: str = "fait") -> list[bytes]:
    return [f"{word} {rank}".encode() for rank in range(count)]
