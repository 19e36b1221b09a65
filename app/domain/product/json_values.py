"""Reads values back from JSON by the types of their fields; a value of another type is refused."""

from __future__ import annotations

import sys
import typing
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from fractions import Fraction
from functools import cache, lru_cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

LONGEST_WORD = 40


def build(kind: type, data: dict[str, Any]) -> Any:
    """A dataclass from its JSON object; anything that does not fit raises one of the errors of `from_json`."""
    readers = _readers(kind)
    return kind(**{name: readers[name](value) for name, value in data.items() if name in readers})


@cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """How to read a value of this type; worked out once per type, since registers are long."""
    if get_origin(hint) in (UnionType, typing.Union):
        present = _reader(get_args(hint)[0])
        return lambda value: None if value is None else present(value)
    if get_origin(hint) is tuple:
        first, *rest = map(_reader, (each for each in get_args(hint) if each is not ...))
        if not rest:
            return lambda value: tuple(map(first, value))
        readers = (first, *rest)
        return lambda value: tuple(read(item) for read, item in zip(readers, value, strict=True))
    if hasattr(hint, "__dataclass_fields__"):
        return lambda value: _shared(build(hint, value))
    simple: dict[Any, Callable[[Any], Any]] = {
        datetime: _moment,
        date: date.fromisoformat,
        Fraction: _fraction,
        str: _word,
        int: _number,
    }
    return simple.get(hint, _truth if hint is bool else lambda value: value)


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"no whole number: {type(value).__name__}")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(f"neither true nor false: {type(value).__name__}")
    return value


def _fraction(text: str) -> Fraction:
    """We write a fraction as two numbers; a shorter text could stand for a number of a billion digits."""
    above, _, below = text.partition("/")
    if len(text) > LONGEST_WORD or not (above + below).isdecimal():
        raise ValueError("no fraction of ours")
    return Fraction(int(above), int(below))


def _word(text: str) -> str:
    """Logins, phases, seats and causes are repeated in every fact: each text is kept in memory once."""
    return sys.intern(text) if len(text) <= LONGEST_WORD else text


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    """Facts of one turn share their moment; one without a time zone could not be compared with the others."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


@lru_cache(maxsize=4096)
def _shared(value: Any) -> Any:
    """Rules and seats are the same from one gate to the next: kept in memory once."""
    return value
