"""The keys by which the sealed register is checked: its own entries, the settings, and what the rules publish."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from app.domain.policy.register_settings import RegisterSettings
from app.store.log import Log
from app.transparency.key_ring import KeyRing, log_events, ring
from app.transparency.notes import Key, NoteError, Signer, parse_vkey

log = logging.getLogger(__name__)


def known_ring(kept: Log, signer: Signer | None, rules: Iterable[RegisterSettings] = ()) -> KeyRing | None:
    """The keys of a log, with the witnesses that the rules name, and the change of key that nobody vouches for yet.

    None while no key is known. Of several committees, all the witnesses count, and the largest quorum.
    """
    found = tuple(rules)
    published = [key for one in found for key in readable_keys(one.keys)]
    first = kept.checkpoints()[:1]
    origin = kept.origin or (signer.name if signer else "")
    ours = [key for key in (*([signer.key] if signer else []), *published) if not origin or key.name == origin]
    try:
        known = ring(_signers_first(ours, first[0].note if first else ""), log_events(kept.events()))
    except NoteError as error:
        log.info("no key of the sealed register: %s", error)
        return None
    witnesses = tuple(dict.fromkeys(key for one in found for key in readable_keys(w.key for w in one.witnesses)))
    known = replace(known, witnesses=witnesses, quorum=max((one.quorum for one in found), default=0))
    return known.bridged(one.whole for one in kept.checkpoints())


def readable_keys(texts: Iterable[str]) -> tuple[Key, ...]:
    """Those that can be read: the rules tell of the others where they are written."""
    found = []
    for text in texts:
        try:
            found.append(parse_vkey(text))
        except NoteError:
            continue
    return tuple(found)


def _signers_first(keys: Iterable[Key], note: str) -> list[Key]:
    """Where no entry tells of a change, the first key is the one that signed the first checkpoint."""
    return sorted(dict.fromkeys(keys), key=lambda key: not _has_signed(key, note))


def _has_signed(key: Key, note: str) -> bool:
    try:
        return bool(note) and KeyRing(key).believed(note) is not None
    except NoteError:
        return False
