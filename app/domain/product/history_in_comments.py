"""The history shared out among Jalon's own comments, so that the register can be rebuilt from GitHub alone."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from app.domain.policy.model import Policy
from app.domain.product.erasure import is_left_of, prefers
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.fact import LogPlace
from app.domain.product.fact_json import from_json, to_json
from app.domain.product.facts import (
    CommandRefused,
    ConditionAdded,
    DecisionRestored,
    Fact,
    GateDecided,
    HelpAsked,
    History,
    PhaseEntered,
    ProductFiled,
    ProductImported,
)
from app.domain.product.issue import Comment
from app.domain.product.lawful import breach
from app.domain.product.second_thought_keys import SecondThoughtKeys

Entries = tuple[tuple[int, Fact], ...]
"""Facts with their place in the history, counted from 1."""
PIECE = 24_000
"""Characters of packed facts in one comment: GitHub takes 65,536, and the text people read comes first."""
DIGEST = 16
"""Characters of the digest that names the facts a comment carries."""
LARGEST = 16_000_000
"""Bytes of the facts that comments carry, once unpacked: some thirty thousand facts, a thousand times the usual."""
LAST = 100_000
"""The highest rank a fact can have."""
TOLD = 5
"""Facts missing that are named; one says as much as a million."""
CONTINUED = "+"
"""Between a comment's key and the rank of the comments that carry the rest of its facts."""


def checklist_key(stay: int) -> str:
    """Key of the checklist of a stay in a phase, counted from 1."""
    return f"checklist:{stay}"


def decision_key(gate: int) -> str:
    """Key of the decision taken at a gate."""
    return f"decision:{gate}"


def postponed_key(gate: int, times: int) -> str:
    """Key of the comment that tells a decision put off, for the so many-th time."""
    return f"postponed:{gate}:{times}"


def reply_key(fact: CommandRefused) -> str:
    """One reply per comment, whatever the number of commands refused in it."""
    return f"reply:{fact.comment or fact.group or fact.cause}"


def shared_out(history: History) -> dict[str, Entries]:
    """The facts each comment carries, by its key; every fact is carried by one comment at least."""
    carried: dict[str, list[tuple[int, Fact]]] = {}
    stay, second_thoughts = 0, SecondThoughtKeys()
    for number, fact in enumerate(history, start=1):
        stay += isinstance(fact, PhaseEntered)
        second = second_thoughts.of(fact)
        for key in (second,) if second else _homes(fact, stay):
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
        case GateDecided() | ConditionAdded() | PhaseEntered() | DecisionRestored():
            yield decision_key(gate)
        case _:
            # A decision is published with all that led to it; until then the gate's own comment carries it.
            yield f"gate:{gate}"
            yield decision_key(gate)


def facts_digest(entries: Entries) -> str:
    """Names these facts, whatever the library that packs them."""
    return hashlib.sha256(_text(entries).encode()).hexdigest()[:DIGEST]


def packed_pieces(entries: Entries) -> tuple[str, ...]:
    """The facts packed into texts that each fit in a comment; none for no facts."""
    if not entries:
        return ()
    packed = _packed(_text(entries))
    return tuple(packed[start : start + PIECE] for start in range(0, len(packed), PIECE))


def _text(entries: Entries) -> str:
    return f"[{','.join(_line(number, fact, fact.sealed) for number, fact in entries)}]"


@lru_cache(maxsize=8192)
def _line(number: int, fact: Fact, _: LogPlace | None) -> str:
    """Kept, since every turn of a product writes its whole history again and facts never change, but are sealed."""
    return json.dumps([number, to_json(fact)], ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=512)
def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(packed: Iterable[str]) -> Entries:
    """The facts of the pieces, put together in order; raises ValueError, and nothing else, when they are not whole."""
    try:
        return tuple(_entry(*item) for item in json.loads(_inflated(base64.urlsafe_b64decode("".join(packed)))))
    except (zlib.error, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def same_facts(held: str, wanted: str) -> bool:
    """Whether a comment carries what it should, whatever the library that packed it.

    One piece of several cannot be read alone: the stamp of its comment tells.
    """
    if held == wanted:
        return True
    try:
        facts = unpacked((wanted,))
    except ValueError:
        return True
    try:
        return _with_seals(unpacked((held,))) == _with_seals(facts)
    except ValueError:
        return False


def _with_seals(entries: Entries) -> tuple[tuple[int, Fact, LogPlace | None], ...]:
    """Facts that differ by their seals alone are equal: where the seals matter, they are compared too."""
    return tuple((number, fact, fact.sealed) for number, fact in entries)


def _inflated(data: bytes) -> bytes:
    """A few kilobytes may stand for gigabytes: no more is unpacked than a history can weigh."""
    stream = zlib.decompressobj()
    text = stream.decompress(data, LARGEST)
    if not stream.eof:
        raise ValueError("too long, or cut")
    return text


def _entry(number: Any, fact: Any) -> tuple[int, Fact]:
    if type(number) is not int or not 0 < number <= LAST:
        raise ValueError("no rank of ours")
    return number, from_json(fact)


@dataclass(frozen=True)
class Restored:
    """A history read back from comments; `flaws` tells why it cannot be trusted: (kind, detail) pairs.

    `last` is the rank of the last fact they carry, which a hole in the history leaves beyond its length.
    """

    history: History = ()
    flaws: tuple[tuple[str, str], ...] = ()
    last: int = field(default=0, compare=False)


def restored_history(comments: Iterable[Comment]) -> Restored:
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
        number = int(rank) if rank.isdecimal() and len(rank) < len(str(LAST)) else 1
        parts.setdefault(key, {}).setdefault(number, comment.trace.record)
    carried: list[tuple[int, Fact]] = []
    for key, ranked in parts.items():
        try:
            carried += unpacked(ranked[rank] for rank in sorted(ranked))
        except ValueError:
            flaws.append(("unreadable", key))
    facts, contradicted = _agreed(carried)
    flaws += [("contradiction", str(number)) for number in contradicted]
    last = max(facts, default=0)
    missing = islice((number for number in range(1, last + 1) if number not in facts), TOLD)
    flaws += [("missing", str(number)) for number in missing]
    # What a spoilt comment held may well stand elsewhere too: only what is truly lost counts.
    lost = [flaw for flaw in flaws if flaw[0] in {"contradiction", "missing"}]
    return Restored(tuple(facts[number] for number in sorted(facts)), tuple(flaws) if lost else (), last)


def _agreed(carried: Entries | list[tuple[int, Fact]]) -> tuple[dict[int, Fact], list[int]]:
    """Each fact by its rank, and the ranks of which comments disagree.

    Of a fact that was erased, a comment may still carry what it was: the turn that rewrites them all was cut short.
    """
    gone = {rank for _, fact in carried if isinstance(fact, PersonalErased) for rank in fact.facts}
    facts: dict[int, Fact] = {}
    contradicted = []
    for number, fact in carried:
        known = facts.setdefault(number, fact)
        if known != fact and number not in gone:
            contradicted.append(number)
        else:
            facts[number] = prefers(known, fact)
    return facts, contradicted


def completed(history: History, comments: Iterable[Comment], policy: Policy | None = None) -> Restored:
    """The register's history, with the facts that comments hold beyond it: a restored database may lack some.

    Where it is not behind, the register alone is believed, whatever became of the comments. Beyond it, they are
    believed only where they agree with it, and if the rules could have led there from the first fact. What was erased
    since a back-up is gone from it too: the comments say of which facts, and have what is left of them.
    """
    carried = restored_history(comments)
    if carried.last <= len(history):
        return Restored(history)
    if carried.flaws:
        return carried
    gone = {rank for fact in carried.history if isinstance(fact, PersonalErased) for rank in fact.facts}
    pairs = enumerate(zip(history, carried.history, strict=False), start=1)
    parted = [rank for rank, (held, said) in pairs if held != said and not (rank in gone and is_left_of(said, held))]
    if parted:
        return replace(carried, flaws=tuple(("parted", str(rank)) for rank in parted[:TOLD]))
    return lawful_only(carried, policy)


def lawful_only(carried: Restored, policy: Policy | None = None) -> Restored:
    """The same, with a flaw where no committee could have decided what it tells."""
    rank = 0 if carried.flaws else breach(carried.history, policy)
    return replace(carried, flaws=(("unlawful", str(rank)),)) if rank else carried
