"""A log found in pieces: what lacks is told to the number, and nothing is called proved that a proof does not lead to."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.transparency.gaps import compared
from app.transparency.notes import Checkpoint
from app.transparency.proofs import InclusionProof
from app.transparency.tree import inclusion, leaf_hash, node_hash, root_of

ORIGIN = "registre.exemple.gouv.fr/dnum"


def leaves_of(size):
    return {n: leaf_hash(b"entry %d" % n) for n in range(size)}


def checkpoint(leaves, size):
    return Checkpoint(ORIGIN, size, root_of([leaves[n] for n in range(size)]))


def proof(leaves, n, size):
    def node(level, index):
        return leaves[index] if not level else node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    signed = checkpoint(leaves, size)
    return InclusionProof(n, inclusion(node, n, size), f"{signed.text}\n— {ORIGIN} AAAAAAAA\n")


def test_a_whole_log_is_proved_to_its_last_entry():
    leaves = leaves_of(13)
    found = compared(leaves, [checkpoint(leaves, 5), checkpoint(leaves, 11)], [])
    assert found.is_identical
    assert (found.size, found.beyond) == (11, (11, 12))


def test_without_a_checkpoint_nothing_is_proved_and_nothing_missing():
    found = compared(leaves_of(3), [], [])
    assert (found.size, found.missing, found.doubtful, found.beyond) == (0, (), (), (0, 1, 2))


def test_what_lacks_is_told_to_the_number_and_an_older_checkpoint_proves_what_it_covers():
    leaves = leaves_of(13)
    found = {n: leaf for n, leaf in leaves.items() if n not in {7, 9}}
    told = compared(found, [checkpoint(leaves, 6), checkpoint(leaves, 13)], [])
    assert told.missing == (7, 9)
    assert told.doubtful == (6, 8, 10, 11, 12)


def test_a_proof_vouches_for_what_stands_beside_its_way():
    leaves = leaves_of(13)
    found = {n: leaf for n, leaf in leaves.items() if n != 7}
    told = compared(found, [checkpoint(leaves, 13)], [proof(leaves, 10, 13)])
    assert told.missing == (7,)
    assert told.doubtful == (0, 1, 2, 3, 4, 5, 6)  # 8 to 11, then 12, are beside the way


def test_an_altered_entry_is_among_the_doubtful_ones_and_the_others_are_proved():
    leaves = leaves_of(8)
    found = leaves | {3: leaf_hash(b"another")}
    told = compared(found, [checkpoint(leaves, 8)], [proof(leaves, 5, 8), proof(leaves, 1, 8), proof(leaves, 3, 8)])
    assert not told.is_identical
    assert told.doubtful == (2, 3)


def test_two_roots_of_one_size_are_a_fork():
    leaves = leaves_of(4)
    other = Checkpoint(ORIGIN, 4, b"\0" * 32)
    found = compared(leaves, [checkpoint(leaves, 4), other], [])
    assert found.forked == (4,)
    assert not found.is_identical


@settings(max_examples=40)
@given(st.integers(1, 24), st.data())
def test_nothing_altered_is_ever_called_proved(size, data):
    leaves = leaves_of(size)
    spoilt = data.draw(st.sets(st.integers(0, size - 1)))
    lost = data.draw(st.sets(st.integers(0, size - 1)))
    sizes = data.draw(st.sets(st.integers(1, size), min_size=1))
    asked = data.draw(st.sets(st.integers(0, max(sizes) - 1)))
    found = {n: leaf_hash(b"x") if n in spoilt else leaf for n, leaf in leaves.items() if n not in lost}
    told = compared(found, [checkpoint(leaves, one) for one in sizes], [proof(leaves, n, max(sizes)) for n in asked])
    covered = set(range(max(sizes)))
    assert set(told.missing) == lost & covered
    assert spoilt & covered - lost <= set(told.doubtful)
    assert told.is_identical is not bool((lost | spoilt) & covered)
    for n in asked - lost - spoilt:
        assert n not in told.doubtful
