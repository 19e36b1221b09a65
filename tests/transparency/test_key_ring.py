"""Keys that follow one another: every size has one, and what a lost or stolen key signs is not believed."""

from dataclasses import replace
from hashlib import sha256

import pytest

from app.transparency.key_ring import LOSS, ROTATION, THEFT, KeyChange, KeyRing, change_of, ring
from app.transparency.notes import Checkpoint, NoteError, new_signer, note

ORIGIN = "registre.exemple.gouv.fr/dnum"
FORMER, NEW, THIRD, STRANGER = (new_signer(ORIGIN) for _ in range(4))
WITNESSES = tuple(new_signer(f"temoin-{name}.exemple.gouv.fr") for name in ("un", "deux", "trois"))
AT = 1_790_000_000


def signed(size, *signers, witnesses=()):
    text = Checkpoint(ORIGIN, size, sha256(str(size).encode()).digest()).text
    return note(text, [*(one.sign(text) for one in signers), *(one.cosign(text, AT) for one in witnesses)])


def changed(why, n=20, dead_from=0, former=FORMER, new=NEW):
    return KeyChange(n, former.key, new.key, why, dead_from)


def is_believed(one, text):
    try:
        one.believed(text)
    except NoteError:
        return False
    return True


@pytest.mark.parametrize(
    ("why", "dead_from", "size", "by_former", "by_new"),
    [
        (ROTATION, 0, 20, True, False),
        (ROTATION, 0, 21, False, True),
        (LOSS, 0, 20, True, False),
        (LOSS, 0, 21, False, True),
        (THEFT, 12, 11, True, False),
        (THEFT, 12, 12, True, False),
        (THEFT, 12, 13, False, True),
        (THEFT, 12, 40, False, True),
        (THEFT, 30, 20, True, False),
        (THEFT, 30, 21, False, True),
    ],
)
def test_every_size_has_one_key(why, dead_from, size, by_former, by_new):
    one = KeyRing(FORMER.key, (changed(why, dead_from=dead_from),))
    assert is_believed(one, signed(size, FORMER)) is by_former
    assert is_believed(one, signed(size, NEW)) is by_new
    assert is_believed(one, signed(size, FORMER, NEW))
    assert not is_believed(one, signed(size, STRANGER))


def test_keys_follow_one_another():
    one = KeyRing(FORMER.key, (changed(ROTATION), changed(THEFT, 50, 45, NEW, THIRD)))
    assert [one.at(size) for size in (0, 20, 21, 45, 46, 90)] == [
        *(FORMER.key, FORMER.key, NEW.key, NEW.key),
        *(THIRD.key, THIRD.key),
    ]
    assert one.present == THIRD.key
    assert one.keys == (FORMER.key, NEW.key, THIRD.key)


@pytest.mark.parametrize(
    "changes",
    [
        (changed(ROTATION, former=STRANGER),),
        (changed(ROTATION), changed(ROTATION, 30)),
        (changed(ROTATION), changed(THEFT, 50, 20, NEW, THIRD)),
    ],
    ids=["another first key", "a key skipped", "dead before it signed"],
)
def test_a_change_that_does_not_follow_is_refused(changes):
    with pytest.raises(NoteError):
        KeyRing(FORMER.key, changes)


@pytest.mark.parametrize(
    ("why", "notes", "is_awaited"),
    [
        (ROTATION, [signed(21, NEW)], True),
        (ROTATION, [signed(20, FORMER)], True),
        (ROTATION, [signed(21, FORMER, NEW), signed(22, NEW)], False),
        (LOSS, [signed(21, NEW)], True),
        (LOSS, [signed(21, NEW, witnesses=WITNESSES[:1])], True),
        (LOSS, [signed(21, FORMER, witnesses=WITNESSES)], True),
        (LOSS, [signed(21, NEW), signed(22, NEW, witnesses=WITNESSES[1:])], False),
        (THEFT, [signed(21, FORMER, NEW)], True),
        (THEFT, [signed(21, NEW, witnesses=WITNESSES[:2])], False),
    ],
)
def test_a_change_is_handed_over_by_both_keys_or_by_the_witnesses(why, notes, is_awaited):
    keys = tuple(one.witness_key for one in WITNESSES)
    one = KeyRing(FORMER.key, (changed(why, dead_from=20),), witnesses=keys, quorum=2).bridged(notes)
    assert (one.unvouched is not None) is is_awaited
    assert is_believed(one, signed(30, NEW)) is not is_awaited
    assert is_believed(one, signed(30, NEW, witnesses=WITNESSES[:2]))
    assert is_believed(one, signed(20, FORMER))


def test_a_wrong_cosignature_vouches_for_nothing():
    keys = tuple(one.witness_key for one in WITNESSES)
    one = KeyRing(FORMER.key, (changed(LOSS),), witnesses=keys, quorum=1)
    spoilt = signed(21, NEW, witnesses=WITNESSES[:1]).replace("\n21\n", "\n22\n")
    assert not one.vouches(spoilt)
    assert one.bridged([spoilt]).unvouched


def test_the_log_s_own_entries_make_the_ring():
    change, other = changed(THEFT, 12, 9), {"kind": "LogOpened", "facts": 3}
    assert change_of(0, other) is None
    assert change_of(12, change.event) == change
    assert ring((NEW.key,), [(12, change.event), (0, other)]) == KeyRing(FORMER.key, (change,))
    assert ring((WITNESSES[0].witness_key, NEW.key), [(0, other)]) == KeyRing(NEW.key)
    assert "dead_from" not in replace(change, why=LOSS).event
    with pytest.raises(NoteError):
        ring((), [])
    for spoilt in ({"why": "fun"}, {"dead_from": -1}, {"dead_from": True}, {"new": "x"}):
        with pytest.raises(NoteError):
            change_of(1, dict(change.event) | spoilt)
