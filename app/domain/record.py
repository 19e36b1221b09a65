"""The history shared out among Jalon's own comments, so that the register can be rebuilt from GitHub alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.domain.facts import (
    CommandRefused,
    ConditionAdded,
    Fact,
    GateDecided,
    HelpAsked,
    History,
    PhaseEntered,
    ProductFiled,
    ProductImported,
    from_json,
    to_json,
)
from app.domain.product import Comment

Entries = tuple[tuple[int, Fact], ...]
"""Facts with their place in the history, counted from 1."""
PIECE = 24_000
"""Characters of packed facts in one comment: GitHub takes 65,536, and the text people read comes first."""
DIGEST = 16
"""Characters of the digest that names the facts a comment carries."""
CONTINUED = "+"
"""Between a comment's key and the rank of the comments that carry the rest of its facts."""


def checklist_key(stay: int) -> str:
    """Key of the checklist of a stay in a phase, counted from 1."""
    return f"checklist:{stay}"


def reply_key(fact: CommandRefused) -> str:
    """One reply per comment, whatever the number of commands refused in it."""
    return f"reply:{fact.comment or fact.group or fact.cause}"


def shared_out(history: History) -> dict[str, Entries]:
    """The facts each comment carries, by its key; every fact is carried by one comment at least."""
    carried: dict[str, list[tuple[int, Fact]]] = {}
    stay = 0
    for number, fact in enumerate(history, start=1):
        stay += isinstance(fact, PhaseEntered)
        for key in _homes(fact, stay):
            carried.setdefault(key, []).append((number, fact))
    return {key: tuple(entries) for key, entries in carried.items()}


def _homes(fact: Fact, stay: int) -> Iterator[str]:
    gate = getattr(fact, "gate", None)
    match fact:
        case ProductFiled():
            yield "welcome"
        case ProductImported() | PhaseEntered(imported=True):
            yield "import"
        case CommandRefused():
            yield reply_key(fact)
        case HelpAsked():
            yield f"help:{fact.comment}"
        case _ if gate is None:
            yield checklist_key(stay) if stay else "welcome"
        case GateDecided() | ConditionAdded() | PhaseEntered():
            yield f"decision:{gate}"
        case _:
            # A decision is published with all that led to it; until then the gate's own comment carries it.
            yield f"gate:{gate}"
            yield f"decision:{gate}"


def digest(entries: Entries) -> str:
    """Names these facts, whatever the library that packs them."""
    return hashlib.sha256(_text(entries).encode()).hexdigest()[:DIGEST]


def pieces(entries: Entries) -> tuple[str, ...]:
    """The facts packed into texts that each fit in a comment; none for no facts."""
    if not entries:
        return ()
    packed = _packed(_text(entries))
    return tuple(packed[start : start + PIECE] for start in range(0, len(packed), PIECE))


def _text(entries: Entries) -> str:
    return f"[{','.join(_line(number, fact) for number, fact in entries)}]"


@lru_cache(maxsize=8192)
def _line(number: int, fact: Fact) -> str:
    """Kept, since every turn of a product writes its whole history again and facts never change."""
    return json.dumps([number, to_json(fact)], ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=512)
def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(packed: Iterable[str]) -> Entries:
    """The facts of the pieces, put together in order; raises ValueError when they are not whole."""
    try:
        data = json.loads(zlib.decompress(base64.urlsafe_b64decode("".join(packed))))
        return tuple((int(number), from_json(fact)) for number, fact in data)
    except (binascii.Error, zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Restored:
    """A history read back from comments; `flaws` tells why it cannot be trusted: (kind, detail) pairs.

    `last` is the rank of the last fact they carry, which a hole in the history leaves beyond its length.
    """

    history: History = ()
    flaws: tuple[tuple[str, str], ...] = ()
    last: int = field(default=0, compare=False)


def restored(comments: Iterable[Comment]) -> Restored:
    """The history that an issue's comments carry; those last edited by another account are not believed."""
    flaws: list[tuple[str, str]] = []
    parts: dict[str, dict[int, str]] = {}
    for comment in comments:
        if not comment.trace or not comment.trace.record:
            continue
        if comment.edited_by_other:
            flaws.append(("edited", f"{comment.id} ({comment.editor})"))
            continue
        key, _, rank = comment.trace.key.partition(CONTINUED)
        parts.setdefault(key, {}).setdefault(int(rank) if rank.isdigit() else 1, comment.trace.record)
    facts: dict[int, Fact] = {}
    for key, ranked in parts.items():
        try:
            entries = unpacked(ranked[rank] for rank in sorted(ranked))
        except ValueError:
            flaws.append(("unreadable", key))
            continue
        flaws += [("contradiction", str(number)) for number, fact in entries if facts.setdefault(number, fact) != fact]
    last = max(facts, default=0)
    missing = [number for number in range(1, last + 1) if number not in facts]
    flaws += [("missing", str(number)) for number in missing]
    # What a spoilt comment held may well stand elsewhere too: only what is truly lost counts.
    lost = [flaw for flaw in flaws if flaw[0] in {"contradiction", "missing"}]
    return Restored(tuple(facts[number] for number in sorted(facts)), tuple(flaws) if lost else (), last)


def completed(history: History, comments: Iterable[Comment]) -> Restored:
    """What the register holds, with what the comments carry beyond it: it is behind them once restored from a back-up.

    Where it is not behind, the register alone is believed, whatever became of the comments.
    """
    carried = restored(comments)
    if carried.last <= len(history):
        return Restored(history)
    if carried.flaws:
        return carried
    parted = [rank for rank, facts in enumerate(zip(history, carried.history, strict=False), 1) if facts[0] != facts[1]]
    return replace(carried, flaws=tuple(("contradiction", str(rank)) for rank in parted))
