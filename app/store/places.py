"""Names that repositories and organisations had: what is stored under an old name follows the present one.

Facts keep the name under which they were recorded, which their digests cover; where a product is now stands beside
them, by the product's own number.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from app.domain.product.fact import Fact
from app.domain.product.fact_json import to_json
from app.store.schema import (
    CATALOGUES,
    CREATIONS,
    FACTS,
    LIMITS,
    NOTES,
    PLACES,
    REMINDERS,
    REPOSITORIES,
    RULES,
    RULES_SAID,
    SIGHTS,
    TROUBLES,
    UNDONE,
)

log = logging.getLogger(__name__)
BY_NAME = (SIGHTS, REMINDERS, UNDONE)
"""Tables that tell where a product is; several rows may hold the same name."""


class Places:
    """Renames everywhere in one transaction. The same rename told twice, or of a name unknown here, changes nothing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def renamed(self, before: str, now: str, number: int = 0) -> bool:
        """A repository has another name; `number` is its id, 0 when unknown. False when nothing changed.

        If the repository is already known under its present name, nothing is renamed: the old name may be another's
        since.
        """
        with self._engine.begin() as connection:
            known = _name_of(connection, number)
            before = known or before
            if before == now:
                return False
            if number:
                _know(connection, number, now)
            moved = _move(connection, before, now)
        if moved:
            log.warning("%s is now %s: what was kept under its former name follows", before, now)
        return moved > 0

    def owner_renamed(self, before: str, now: str) -> bool:
        """An organisation has another name, and so has everything it owns."""
        moved = 0
        with self._engine.begin() as connection:
            for name in _names(connection):
                owner, _, short = name.partition("/")
                if owner.casefold() == before.casefold():
                    moved += _move(connection, name, f"{now}/{short}")
            for number, name in connection.execute(sa.select(REPOSITORIES)).all():
                owner, _, short = name.partition("/")
                if owner.casefold() == before.casefold():
                    _know(connection, number, f"{now}/{short}")
            _move_owner(connection, before, now)
        if moved:
            log.warning("%s is now %s: what was kept under its former name follows", before, now)
        return moved > 0

    def listed(self, found: Mapping[int, str]) -> None:
        """Repositories as GitHub lists them, by id: one known under another name was renamed."""
        with self._engine.connect() as connection:
            known = {row.id: row.name for row in connection.execute(sa.select(REPOSITORIES))}
        for number, name in found.items():
            if known.get(number) != name:
                self.renamed(known.get(number, name), name, number) if number in known else self._learn(number, name)

    def _learn(self, number: int, name: str) -> None:
        with self._engine.begin() as connection:
            _know(connection, number, name)

    def of(self, product: str) -> tuple[str, int] | None:
        """Where a product was when it was last seen; None when nothing is kept of it. It may be elsewhere since."""
        query = sa.select(sa.func.coalesce(PLACES.c.repository, FACTS.c.repository), FACTS.c.number)
        query = query.outerjoin(PLACES, PLACES.c.product == FACTS.c.product).where(FACTS.c.product == product)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(FACTS.c.seq.desc()).limit(1)).first()
        # SQLite lets a hand put anything in any column.
        return (row[0], row[1]) if row and isinstance(row[0], str) and type(row[1]) is int else None

    def followed_before(self, product: str, first: Fact) -> str:
        """The repository where the same history went on before a transfer, by its first fact; empty when none has it.

        The longest is the last: a transfer takes the whole along.
        """
        former = self.former(product, first)
        place = self.of(former) if former else None
        return place[0] if place else ""

    def former(self, product: str, first: Fact) -> str:
        """The product that our register knows by the same first fact; empty when there is none."""
        text = json.dumps(to_json(replace(first, sealed=None)), ensure_ascii=False, sort_keys=True)
        same = sa.select(FACTS.c.product).where(FACTS.c.seq == 1, FACTS.c.fact == text, FACTS.c.product != product)
        query = sa.select(FACTS.c.product).where(FACTS.c.product.in_(same)).order_by(FACTS.c.seq.desc()).limit(1)
        with self._engine.connect() as connection:
            return str(connection.execute(query).scalar() or "")

    def shown(self, product: str, repository: str) -> None:
        """GitHub shows a product in this repository: the register's note of its place follows."""
        newest = sa.select(FACTS.c.repository).where(FACTS.c.product == product).order_by(FACTS.c.seq.desc()).limit(1)
        with self._engine.begin() as connection:
            kept = connection.execute(sa.select(PLACES.c.repository).where(PLACES.c.product == product)).scalar()
            if (kept or connection.execute(newest).scalar() or repository) != repository:
                _place(connection, [product], repository)


def _name_of(connection: sa.Connection, number: int) -> str:
    if not number:
        return ""
    return connection.execute(sa.select(REPOSITORIES.c.name).where(REPOSITORIES.c.id == number)).scalar() or ""


def _know(connection: sa.Connection, number: int, name: str) -> None:
    connection.execute(sa.delete(REPOSITORIES).where(REPOSITORIES.c.id == number))
    connection.execute(sa.insert(REPOSITORIES).values(id=number, name=name))


def _names(connection: sa.Connection) -> set[str]:
    """Every repository for which something is stored."""
    tables = (FACTS, PLACES, RULES, RULES_SAID, CATALOGUES, *BY_NAME)
    return {name for table in tables for name in connection.execute(sa.select(table.c.repository).distinct()).scalars()}


def _move(connection: sa.Connection, before: str, now: str) -> int:
    """Rename all that is stored of one repository; the number of rows changed."""
    moved = _move_products(connection, before, now)
    for table in BY_NAME:
        same = sa.update(table).where(table.c.repository == before)
        moved += connection.execute(same.values(repository=now)).rowcount
    moved += _move_rules(connection, before, now) + _move_catalogue(connection, before, now)
    _move_words(connection, before, now)
    return moved


def _move_products(connection: sa.Connection, before: str, now: str) -> int:
    """Which of these products are in the repository: by their noted place, else by their last fact."""
    placed = sa.select(PLACES.c.product)
    newest = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq).label("seq")).group_by(FACTS.c.product).subquery()
    last = sa.and_(FACTS.c.product == newest.c.product, FACTS.c.seq == newest.c.seq)
    there = sa.select(FACTS.c.product).join(newest, last)
    there = there.where(FACTS.c.repository == before, FACTS.c.product.not_in(placed))
    found = list(connection.execute(there).scalars())
    found += connection.execute(sa.select(PLACES.c.product).where(PLACES.c.repository == before)).scalars()
    _place(connection, found, now)
    return len(found)


def _place(connection: sa.Connection, products: Iterable[str], repository: str) -> None:
    for product in products:
        connection.execute(sa.delete(PLACES).where(PLACES.c.product == product))
        connection.execute(sa.insert(PLACES).values(product=product, repository=repository))


def _move_rules(connection: sa.Connection, before: str, now: str) -> int:
    """What was stored under the new name is more recent and stays, unless only the old row holds a valid file."""
    good = sa.select(sa.literal(1)).where(RULES.c.repository == now, RULES.c.version != "")
    was_good = sa.select(sa.literal(1)).where(RULES.c.repository == before, RULES.c.version != "")
    newer = connection.execute(good).first() or not connection.execute(was_good).first()
    known = connection.execute(sa.select(RULES.c.repository).where(RULES.c.repository == now)).first()
    if known:
        connection.execute(sa.delete(RULES).where(RULES.c.repository == (before if newer else now)))
    moved = connection.execute(sa.update(RULES).where(RULES.c.repository == before).values(repository=now)).rowcount
    told = sa.select(RULES_SAID.c.place).where(RULES_SAID.c.repository == now)
    twice = list(connection.execute(told).scalars())
    mine = RULES_SAID.c.repository == before
    connection.execute(sa.delete(RULES_SAID).where(mine, RULES_SAID.c.place.in_(twice)))
    return moved + connection.execute(sa.update(RULES_SAID).where(mine).values(repository=now)).rowcount


def _move_catalogue(connection: sa.Connection, before: str, now: str) -> int:
    """A file stored under the new name is more recent and stays, unless only the old row holds a valid one."""
    for row in connection.execute(sa.select(CATALOGUES).where(CATALOGUES.c.repository == before)).all():
        path = CATALOGUES.c.path == row.path
        there = sa.select(CATALOGUES.c.version).where(CATALOGUES.c.repository == now, path)
        newer = connection.execute(there).scalar()
        if newer is not None:
            lost = before if newer or not row.version else now
            connection.execute(sa.delete(CATALOGUES).where(CATALOGUES.c.repository == lost, path))
    mine = sa.update(CATALOGUES).where(CATALOGUES.c.repository == before)
    return connection.execute(mine.values(repository=now)).rowcount


def _move_words(connection: sa.Connection, before: str, now: str) -> None:
    """Notes and troubles that name a repository, or one of its products, at their end."""
    for name, value in connection.execute(sa.select(NOTES.c.name, NOTES.c.value)).all():
        if name.endswith(f" {before}"):
            _rename_note(connection, name, f"{name.removesuffix(before)}{now}")
        elif before in value.split():
            words = " ".join(now if word == before else word for word in value.split())
            connection.execute(sa.update(NOTES).where(NOTES.c.name == name).values(value=words))
    for kind, subject in connection.execute(sa.select(TROUBLES.c.kind, TROUBLES.c.subject)).all():
        if subject == before or subject.startswith(f"{before}#"):
            _rename_trouble(connection, kind, subject, f"{now}{subject.removeprefix(before)}")


def _rename_note(connection: sa.Connection, before: str, now: str) -> None:
    connection.execute(sa.delete(NOTES).where(NOTES.c.name == now))  # noted under both names: the older one is right
    connection.execute(sa.update(NOTES).where(NOTES.c.name == before).values(name=now))


def _rename_trouble(connection: sa.Connection, kind: str, before: str, now: str) -> None:
    mine = sa.and_(TROUBLES.c.kind == kind, TROUBLES.c.subject == before)
    there = sa.and_(TROUBLES.c.kind == kind, TROUBLES.c.subject == now)
    connection.execute(sa.delete(TROUBLES).where(there))
    connection.execute(sa.update(TROUBLES).where(mine).values(subject=now))


def _move_owner(connection: sa.Connection, before: str, now: str) -> None:
    """The write pace of an organisation follows its name; its limits come back with GitHub's next answer."""
    connection.execute(sa.update(CREATIONS).where(CREATIONS.c.owner == before).values(owner=now))
    connection.execute(sa.delete(LIMITS).where(LIMITS.c.owner == before))
    for kind, subject in connection.execute(sa.select(TROUBLES.c.kind, TROUBLES.c.subject)).all():
        if subject == before:
            _rename_trouble(connection, kind, before, now)
