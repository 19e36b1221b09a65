"""The tree of digests of RFC 6962: its root, what proves that an entry is in it, and that it only grew.

A tree is given by `node(level, index)`, the digest of a complete subtree: level 0 holds the leaves, and the node
(level, index) covers the 2^level leaves from index × 2^level on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Node = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without a leaf."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def new_nodes(node: Node, n: int, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The complete subtrees that appending leaf `n` makes, from the leaf up; `node` gives those there before."""
    level, index, found = 0, n, leaf
    yield level, index, found
    while index % 2:
        found = node_hash(node(level, index - 1), found)
        level, index = level + 1, index // 2
        yield level, index, found


def root(node: Node, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range(node, 0, size) if size else EMPTY


def inclusion(node: Node, n: int, size: int) -> tuple[bytes, ...]:
    """What proves that leaf `n` is in the tree of that size, from its sibling up; raises ValueError beyond it."""
    if not 0 <= n < size:
        raise ValueError(f"no leaf {n} in a tree of {size}")
    return tuple(_path(node, n, 0, size))


def consistency(node: Node, old: int, new: int) -> tuple[bytes, ...]:
    """What proves that the tree of `new` leaves begins with that of `old`; raises ValueError unless 0 ≤ old ≤ new."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend one of {old}")
    return () if old in {0, new} else tuple(_grown(node, old, 0, new, whole=True))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these digests of leaves, worked out from nothing else."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


def verify_inclusion(leaf: bytes, n: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether the path leads from leaf `n` to the root of a tree of that size (RFC 9162 §2.1.3.2)."""
    if not 0 <= n < size:
        return False
    index, last, found = n, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            found = node_hash(sibling, found)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            found = node_hash(found, sibling)
        index, last = index // 2, last // 2
    return last == 0 and found == expected


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not path and (old != new or old_root == new_root) and (old != 0 or old_root == EMPTY)
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    index, last = old - 1, new - 1
    while index % 2:
        index, last = index // 2, last // 2
    former = present = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            former, present = node_hash(sibling, former), node_hash(sibling, present)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            present = node_hash(present, sibling)
        index, last = index // 2, last // 2
    return last == 0 and former == old_root and present == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than a size of 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _range(node: Node, start: int, size: int) -> bytes:
    """The digest over `size` leaves from `start`, which is a multiple of a power of two no smaller than `size`."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    half = _split(size)
    return node_hash(_range(node, start, half), _range(node, start + half, size - half))


def _path(node: Node, n: int, start: int, size: int) -> Iterator[bytes]:
    if size == 1:
        return
    half = _split(size)
    if n < half:
        yield from _path(node, n, start, half)
        yield _range(node, start + half, size - half)
    else:
        yield from _path(node, n - half, start + half, size - half)
        yield _range(node, start, half)


def _grown(node: Node, old: int, start: int, size: int, *, whole: bool) -> Iterator[bytes]:
    """RFC 6962 §2.1.2; `whole`: the subtree is the old tree itself, whose root its holder knows."""
    if old == size:
        if not whole:
            yield _range(node, start, size)
        return
    half = _split(size)
    if old <= half:
        yield from _grown(node, old, start, half, whole=whole)
        yield _range(node, start + half, size - half)
    else:
        yield from _grown(node, old - half, start + half, size - half, whole=False)
        yield _range(node, start, half)
