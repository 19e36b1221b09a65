"""The key of the sealed log changes hands: the entry that tells it, and the checkpoints signed anew."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.store.schema import CHECKPOINTS
from app.store.sealing import LogError, State, add_event, state_of
from app.transparency import entries, notes
from app.transparency.notes import Checkpoint, NoteError, Signer


def hand_over(engine: sa.Engine, event: Mapping[str, Any], at: datetime, signers: Sequence[Signer]) -> str:
    """Seal the change of key, and the checkpoint that covers it, in one transaction: no fact comes between.

    Raises LogError unless the log is open and whole.
    """
    with engine.begin() as connection:
        state = state_of(connection, lock=True)
        if not state or state.is_behind:
            raise LogError("the register is not sealed, or lacks entries that it sealed before")
        add_event(connection, state, entries.event_entry(state.origin, state.size, at, dict(event)).decode())
        fresh = _state(connection)
        said = Checkpoint(fresh.origin, fresh.size, fresh.root)
        text = notes.note(said.text, [one.sign(said.text) for one in signers])
        values = {"size": said.size, "root": base64.b64encode(said.root).decode(), "note": text, "at": at.timestamp()}
        connection.execute(sa.insert(CHECKPOINTS).values(**values))
        return text


def seal_again(engine: sa.Engine, above: int, signer: Signer) -> int:
    """Sign anew the checkpoints larger than a size, which a stolen key signed; how many.

    Their texts stay, and with them the witnesses' signatures and the time-stamps, which tell when they were known.
    """
    with engine.begin() as connection:
        rows = connection.execute(sa.select(CHECKPOINTS).where(CHECKPOINTS.c.size > above)).all()
        for row in rows:
            text = notes.parse(row.note).text
            fresh = notes.note(text, [signer.sign(text)])
            connection.execute(sa.update(CHECKPOINTS).where(CHECKPOINTS.c.size == row.size).values(note=fresh))
    return len(rows)


def is_signed_by(note: str, signer: Signer) -> bool:
    """Whether a note bears the signature of this key."""
    try:
        return bool(notes.verified(notes.parse(note), [signer.key]))
    except NoteError:
        return False


def _state(connection: sa.Connection) -> State:
    found = state_of(connection)
    assert found
    return found
