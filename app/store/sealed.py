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
OWNED = "-"
"""In the name of a row kept for an account, between what stands for the account and the rest."""
LABEL = b"jalon pages, sealed values, v1"


class SealedValues:
    """`secret` is the App's client secret: a new one makes everything kept here unreadable, as it ends every session.

    Moments are seconds since 1970, by the caller's clock.
    """

    def __init__(self, engine: sa.Engine, secret: str) -> None:
        self._engine = engine
        self._key = hmac.new(secret.encode(), LABEL, hashlib.sha256).digest()

    def keep(self, kind: str, name: str, value: str, until: float, owner: str = "") -> None:
        """In the place of what this name held; what is kept for an `owner` can be forgotten by who it is for."""
        query = insert_into(SEALED, self._engine).values(**self._row(kind, name, value, until, owner))
        new = {"sealed": query.excluded.sealed, "until": query.excluded.until}
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=new))

    def claim(self, kind: str, name: str, value: str, until: float) -> bool:
        """Keep what nobody has kept yet, and tell whether it was so: of two that try, one gets True."""
        query = insert_into(SEALED, self._engine).values(**self._row(kind, name, value, until))
        with self._engine.begin() as connection:
            done = connection.execute(query.on_conflict_do_nothing(index_elements=["name"]).returning(SEALED.c.name))
            return done.scalar() is not None

    def read(self, kind: str, name: str, now: float, owner: str = "") -> str | None:
        """None when nothing is kept, its time is over, or it was sealed under another key."""
        hidden = self._hidden(kind, name, owner)
        query = sa.select(SEALED.c.sealed).where(SEALED.c.name == hidden, SEALED.c.until > now)
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        return self._opened(hidden, found) if found else None

    def _opened(self, hidden: str, found: bytes) -> str | None:
        try:
            return AESGCM(self._key).decrypt(found[:NONCE], found[NONCE:], hidden.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def lengthen(self, kind: str, name: str, until: float, owner: str) -> None:
        """What is kept still, for longer; what is not kept any more stays forgotten."""
        row = SEALED.c.name == self._hidden(kind, name, owner)
        with self._engine.begin() as connection:
            connection.execute(sa.update(SEALED).where(row, SEALED.c.until < until).values(until=until))

    def forget(self, kind: str, name: str, owner: str = "") -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SEALED).where(SEALED.c.name == self._hidden(kind, name, owner)))

    def forget_owner(self, kind: str, owner: str) -> None:
        """All that is kept for an account."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SEALED).where(SEALED.c.name.startswith(self._owned(kind, owner))))

    def forget_old(self, now: float, most: int = 0) -> tuple[str, ...]:
        """What nobody owns and whose time is over; of what somebody owned, `most` at once, which is told.

        Whoever is told a value has it alone, to end elsewhere what it opens.
        """
        is_old, is_owned = SEALED.c.until <= now, SEALED.c.name.contains(OWNED)
        few = sa.select(SEALED.c.name).where(is_old, is_owned).order_by(SEALED.c.until).limit(most)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SEALED).where(is_old, ~is_owned))
            gone = sa.delete(SEALED).where(SEALED.c.name.in_(few)).returning(SEALED.c.name, SEALED.c.sealed)
            rows = connection.execute(gone).all()
        return tuple(value for row in rows if (value := self._opened(row.name, row.sealed)) is not None)

    def _hidden(self, kind: str, name: str, owner: str = "") -> str:
        rest = hmac.new(self._key, f"{kind}\n{name}".encode(), hashlib.sha256).hexdigest()
        return f"{self._owned(kind, owner)}{rest}" if owner else rest

    def _owned(self, kind: str, owner: str) -> str:
        return hmac.new(self._key, f"{kind} of\n{owner}".encode(), hashlib.sha256).hexdigest() + OWNED

    def _row(self, kind: str, name: str, value: str, until: float, owner: str = "") -> dict[str, object]:
        hidden, nonce = self._hidden(kind, name, owner), secrets.token_bytes(NONCE)
        sealed = nonce + AESGCM(self._key).encrypt(nonce, value.encode(), hidden.encode())
        return {"name": hidden, "sealed": sealed, "until": until}
