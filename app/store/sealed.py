"""What is kept for a while about people who are signed in: their GitHub token, what they typed, what they sent.

Sealed under a key that the database does not hold, and found by a name that it does not hold either: a copy of the
database alone opens nothing, and says of whom it speaks to nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.store.schema import SEALED
from app.store.upsert import insert_into

NONCE = 12
LABEL = b"jalon pages, sealed values, v1"


class Sealed:
    """`secret` is the App's client secret: a new one makes everything kept here unreadable, as it ends every session.

    Moments are seconds since 1970, by the caller's clock.
    """

    def __init__(self, engine: sa.Engine, secret: str) -> None:
        self._engine = engine
        self._key = hmac.new(secret.encode(), LABEL, hashlib.sha256).digest()

    def keep(self, kind: str, name: str, value: str, until: float) -> None:
        """In the place of what this name held."""
        query = insert_into(SEALED, self._engine).values(**self._row(kind, name, value, until))
        new = {"sealed": query.excluded.sealed, "until": query.excluded.until}
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=new))

    def claim(self, kind: str, name: str, value: str, until: float) -> bool:
        """Keep what nobody has kept yet, and tell whether it was so: of two that try, one gets True."""
        query = insert_into(SEALED, self._engine).values(**self._row(kind, name, value, until))
        with self._engine.begin() as connection:
            done = connection.execute(query.on_conflict_do_nothing(index_elements=["name"]).returning(SEALED.c.name))
            return done.scalar() is not None

    def read(self, kind: str, name: str, now: float) -> str | None:
        """None when nothing is kept, its time is over, or it was sealed under another key."""
        hidden = self._hidden(kind, name)
        query = sa.select(SEALED.c.sealed).where(SEALED.c.name == hidden, SEALED.c.until > now)
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        try:
            return AESGCM(self._key).decrypt(found[:NONCE], found[NONCE:], hidden.encode()).decode() if found else None
        except (InvalidTag, ValueError):
            return None

    def forget(self, kind: str, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SEALED).where(SEALED.c.name == self._hidden(kind, name)))

    def forget_old(self, now: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SEALED).where(SEALED.c.until <= now))

    def _hidden(self, kind: str, name: str) -> str:
        return hmac.new(self._key, f"{kind}\n{name}".encode(), hashlib.sha256).hexdigest()

    def _row(self, kind: str, name: str, value: str, until: float) -> dict[str, object]:
        hidden, nonce = self._hidden(kind, name), secrets.token_bytes(NONCE)
        sealed = nonce + AESGCM(self._key).encrypt(nonce, value.encode(), hidden.encode())
        return {"name": hidden, "sealed": sealed, "until": until}
