"""What is proved of a log found in pieces: by its root when nothing lacks, else by what stands beside proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.transparency.notes import Checkpoint
from app.transparency.proofs import InclusionProof
from app.transparency.tree import node_hash, root, verify_inclusion


@dataclass(frozen=True)
class Compared:
    """Entries found, against the newest checkpoint; numbers in order.

    `missing` were sealed and are nowhere; `doubtful` are there, and nothing proves that they are what was sealed;
    `beyond` come after the newest checkpoint. `forked`: sizes of checkpoints that no one tree can have.
    """

    size: int
    missing: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    beyond: tuple[int, ...] = ()
    forked: tuple[int, ...] = ()

    @property
    def is_identical(self) -> bool:
        return not (self.missing or self.doubtful or self.forked)


class _Tree:
    """The digests of complete subtrees of leaves of which some may lack; LookupError where one does."""

    def __init__(self, leaves: Mapping[int, bytes]) -> None:
        self._leaves, self._known = leaves, dict[tuple[int, int], bytes | None]()

    def node(self, level: int, index: int) -> bytes:
        found = self._found(level, index)
        if found is None:
            raise LookupError((level, index))
        return found

    def _found(self, level: int, index: int) -> bytes | None:
        if level == 0:
            return self._leaves.get(index)
        if (level, index) not in self._known:
            left = self._found(level - 1, 2 * index)
            right = self._found(level - 1, 2 * index + 1) if left else None
            self._known[level, index] = node_hash(left, right) if left and right else None
        return self._known[level, index]

    def root(self, size: int) -> bytes | None:
        try:
            return root(self.node, size)
        except LookupError:
            return None


def compared(
    leaves: Mapping[int, bytes], checkpoints: Iterable[Checkpoint], proofs: Iterable[InclusionProof]
) -> Compared:
    """The leaves found, by number, against checkpoints and proofs of which the signatures were checked before."""
    tree, told = _Tree(leaves), sorted(checkpoints, key=lambda one: one.size)
    size = told[-1].size if told else 0
    proved, forked = set[int](), _forked(told)
    for one in told:
        found = tree.root(one.size)
        if found == one.root:
            proved |= set(range(one.size))
    for proof in proofs:
        proved |= set(_proved(tree, leaves, proof))
    missing = tuple(n for n in range(size) if n not in leaves)
    doubtful = tuple(n for n in range(size) if n in leaves and n not in proved)
    return Compared(size, missing, doubtful, tuple(sorted(n for n in leaves if n >= size)), forked)


def _forked(told: Iterable[Checkpoint]) -> tuple[int, ...]:
    roots: dict[int, set[bytes]] = {}
    for one in told:
        roots.setdefault(one.size, set()).add(one.root)
    return tuple(sorted(size for size, found in roots.items() if len(found) > 1))


def _proved(tree: _Tree, leaves: Mapping[int, bytes], proof: InclusionProof) -> Iterator[int]:
    """The entries that one proof vouches for: its own, and every whole subtree beside its way to the root."""
    checkpoint, leaf = proof.checkpoint, leaves.get(proof.n)
    if leaf is None or not verify_inclusion(leaf, proof.n, checkpoint.size, proof.path, checkpoint.root):
        return
    yield proof.n
    for (start, size), digest in zip(_beside(proof.n, 0, checkpoint.size), proof.path, strict=True):
        level = size.bit_length() - 1
        if size == 1 << level:
            try:
                is_same = tree.node(level, start >> level) == digest
            except LookupError:
                continue
            if is_same:
                yield from range(start, start + size)


def _beside(n: int, start: int, size: int) -> Iterator[tuple[int, int]]:
    """What stands beside the way from leaf `n` to the root, from its sibling up: where each begins, and its size."""
    if size == 1:
        return
    half = 1 << ((size - 1).bit_length() - 1)
    if n - start < half:
        yield from _beside(n, start, half)
        yield start + half, size - half
    else:
        yield from _beside(n, start + half, size - half)
        yield start, half
