"""The tree is RFC 6962's: the published root, and proofs that hold for what is there and for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transparency import tree

PUBLISHED = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The eight leaves with which implementations of RFC 6962 are tried."""
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def grown(leaves):
    nodes = {}
    for n, leaf in enumerate(leaves):
        for level, index, digest in tree.new_nodes(lambda level, index: nodes[level, index], n, leaf):
            nodes[level, index] = digest
    return lambda level, index: nodes[level, index]


def leaves_of(count):
    return [tree.leaf_hash(bytes([n])) for n in range(count)]


def test_the_published_root():
    leaves = [tree.leaf_hash(entry) for entry in PUBLISHED]
    assert tree.root(grown(leaves), len(leaves)).hex() == tree.root_of(leaves).hex() == ROOT


def test_a_tree_without_a_leaf():
    assert tree.root(grown([]), 0) == tree.root_of([]) == tree.EMPTY


@pytest.mark.parametrize("size", range(1, 34))
def test_each_leaf_of_each_size_is_proved_and_no_other_is(size):
    leaves, other = leaves_of(size), tree.leaf_hash(b"another")
    root = tree.root_of(leaves)
    for n in range(size):
        path = tree.inclusion(grown(leaves), n, size)
        assert tree.verify_inclusion(leaves[n], n, size, path, root)
        assert not tree.verify_inclusion(other, n, size, path, root)
        assert not tree.verify_inclusion(leaves[n], n, size, (*path, other), root)
        assert not tree.verify_inclusion(leaves[n], n, size, path[:-1], root) or size == 1
        assert all(not tree.verify_inclusion(leaves[n], m, size, path, root) for m in range(size) if m != n)


@given(st.integers(0, 70), st.integers(0, 70), st.integers(0, 200))
def test_a_tree_only_grows(one, other, spoilt):
    old, new = sorted((one, other))
    leaves = leaves_of(new)
    before, after = tree.root_of(leaves[:old]), tree.root_of(leaves)
    path = tree.consistency(grown(leaves), old, new)
    assert tree.verify_consistency(old, before, new, after, path)
    if 0 < old < new:
        rewritten = tree.root_of([*leaves[: old - 1], tree.leaf_hash(b"x"), *leaves[old:]])
        assert not tree.verify_consistency(old, before, new, rewritten, path)
    if path:
        wrong = list(path)
        wrong[spoilt % len(path)] = tree.leaf_hash(b"spoilt")
        assert not tree.verify_consistency(old, before, new, after, wrong)


@pytest.mark.parametrize("ask", [lambda: tree.inclusion(grown([]), 0, 0), lambda: tree.consistency(grown([]), 2, 1)])
def test_what_no_tree_proves_is_refused(ask):
    with pytest.raises(ValueError, match="tree"):
        ask()
