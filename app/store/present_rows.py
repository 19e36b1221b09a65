"""The rows that keep each product's present beside its facts: how one is written, and when one is believed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import app.domain.policy
import app.domain.product
import app.domain.reading
import app.domain.report.present
import app.domain.report.present_json
import app.domain.report.reuse_told
import app.domain.report.search_words
import app.domain.report.second_thought_story
from app.domain.product.facts import History
from app.domain.product.purpose import purpose_in
from app.domain.product.purpose import to_text as purpose_text
from app.domain.report.present import Present, present
from app.domain.report.present_json import from_text, to_text
from app.domain.report.search_words import search_words
from app.store.schema import PRESENTS
from app.store.upsert import insert_into

log = logging.getLogger(__name__)
AT_ONCE = 500
"""Rows in memory at once while all of them are looked at."""
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What a history that does not hold together raises, or a row that a hand wrote."""
MAKERS = (
    app.domain.reading,
    app.domain.policy,
    app.domain.product,
    app.domain.report.present,
    app.domain.report.present_json,
    app.domain.report.reuse_told,
    app.domain.report.search_words,
    app.domain.report.second_thought_story,
)
"""Rooms and modules that make a present: a row made by others of their words is made again."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last fact of a product: where it is, and the digest that seals all those before it."""

    product: str
    repository: str
    number: int
    seq: int
    digest: str


@cache
def mark() -> str:
    """The digest of the sources that make a present: no change of meaning can forget to raise a number."""
    found = hashlib.sha256()
    for path in sources():
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def sources() -> Iterator[Path]:
    for maker in MAKERS:
        path = Path(str(maker.__file__))
        yield from sorted(path.parent.glob("*.py")) if path.name == "__init__.py" else (path,)


def keep_present(connection: sa.Connection, tip: Tip, history: History) -> Present | None:
    """Write the present that a history leads to, in the transaction of its last facts.

    Nothing is kept of a history that does not hold together: recording goes on, and who reads it hears why.
    """
    told = drawn(tip, history)
    values = _row(tip, told, history) if told else {}
    if not values:
        connection.execute(sa.delete(PRESENTS).where(PRESENTS.c.product == tip.product))
        return told
    inserted = insert_into(PRESENTS, connection).values(**values)
    fresh = {name: inserted.excluded[name] for name in values if name != "product"}
    connection.execute(inserted.on_conflict_do_update(index_elements=[PRESENTS.c.product], set_=fresh))
    return told


def _row(tip: Tip, told: Present, history: History) -> dict[str, Any]:
    """Its columns; none for words that no database takes."""
    try:
        value, found_by, need = to_text(told), search_words(history), purpose_text(purpose_in(history))
        seal = sealed_row(tip.product, tip.repository, tip.number, tip.seq, tip.digest, mark(), value)
    except UNREADABLE:
        return {}
    return asdict(tip) | {"mark": mark(), "seal": seal, "value": value, "words": found_by, "need": need}


def drawn(tip: Tip, history: History) -> Present | None:
    """The present of a history, or None when it does not hold together."""
    try:
        return present(history)
    except UNREADABLE:
        log.exception("%s#%s: left out, its history does not hold together", tip.repository, tip.number)
        return None


def believed(row: Any, tip: object, digest: str | None) -> Present | None:
    """What a row says, or None unless it was made by this code, of every fact there is, and is whole.

    `tip` is the rank of the last fact of the register, `digest` that of the fact the row says it was made after.
    """
    try:
        is_late = type(row.seq) is not int or type(tip) is not int or row.seq < tip
        if is_late or row.mark != mark() or row.digest != digest:
            return None
        whole = sealed_row(row.product, row.repository, row.number, row.seq, row.digest, row.mark, row.value)
        return from_text(row.value) if row.seal == whole else None
    except UNREADABLE:
        return None


def saying(history: History) -> str:
    """The digest of what a history leads to; empty when it does not hold together."""
    try:
        return _said(to_text(present(history)), search_words(history), purpose_text(purpose_in(history)))
    except UNREADABLE:
        return ""


def unfaithful(connection: sa.Connection, told: Mapping[str, tuple[int, str]]) -> tuple[str, ...]:
    """The products whose row, as this code makes them, says otherwise than the facts it names; `told` by product.

    Facts that came since are another story, which the row of that time may well tell.
    """
    every = connection.execution_options(yield_per=AT_ONCE).execute(sa.select(PRESENTS))
    return tuple(
        row.product for row in every if row.mark == mark() and _is_unfaithful(row, *told.get(row.product, (0, "")))
    )


def _is_unfaithful(row: Any, seq: int, said: str) -> bool:
    told = row.value, row.words, row.need
    return row.seq == seq and all(isinstance(one, str) for one in told) and _said(*told) != said


def forget(connection: sa.Connection, products: Iterable[str]) -> None:
    connection.execute(sa.delete(PRESENTS).where(PRESENTS.c.product.in_(list(products))))


def _said(value: str, words: str, need: str) -> str:
    return _digest(f"{value}\n{words}\n{need}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sealed_row(product: str, repository: str, number: int, seq: int, digest: str, mark: str, value: str) -> str:
    """A row spoilt by a disk or by a hand shows; one forged with its seal is found when the register is verified."""
    return _digest("\n".join((product, repository, f"{number} {seq}", digest, mark, value)))
