"""Takes what is personal out of a history: an account's names, or the words of chosen facts; what was decided stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.domain.product.accounts import Account
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import Fact, History
from app.domain.product.personal_fields import ACCOUNTS, ANSWERS, DETAILS, INNER, MIXED, NAME, PARTS, SPOKEN, WORDS
from app.domain.product.veils import PSEUDONYM, pseudonym, rank_of

ERASED = "texte effacé"
"""What is read where somebody's words were."""
OF_EDITOR = "restored:"
"""How the one kind of cause begins that names an account, last."""


_CALLED = re.compile(r"(?<![\w@./+-])@([\w-]++)")
"""Somebody called by their login."""
_LONE_WORD = re.compile(r"@?[\w-]++")
ERASING = "erased:"
"""How the causes of erasures begin."""


class UnknownPersonError(Exception):
    """Nobody of that name in the history; or several accounts, whose numbers are told, bore it in turn."""

    def __init__(self, numbers: Collection[int] = ()) -> None:
        self.numbers = tuple(sorted(numbers))
        super().__init__("several accounts" if numbers else "nobody")


@dataclass(frozen=True)
class ErasedPerson:
    """An account: its number if it is known, and every name it bore in the history, in lower case."""

    numbers: frozenset[int]
    logins: frozenset[str]

    def bears(self, login: str, number: int = 0) -> bool:
        return number in self.numbers if number and self.numbers else login.lower() in self.logins


@dataclass(frozen=True)
class Erasure:
    """What a history becomes: `changed` are the ranks of the facts that are no longer as they were recorded.

    `person` is the name that somebody bears from then on, empty when nobody was erased.
    """

    history: History
    changed: tuple[int, ...]
    person: str = ""
    words: frozenset[str] = frozenset()
    """Those that went."""


def person(history: History, named: str) -> ErasedPerson:
    """Whoever bears a login or, in digits, whose account has this number; raises UnknownPersonError."""
    known = [(one.login.lower(), one.id) for one in _accounts(history)]
    logins = {login for login, _ in known} | {login.lower() for login in _names(history)}
    wanted = named.lower().removeprefix("@")
    numbers = {number for login, number in known if number and login == wanted}
    if wanted not in logins and wanted.isdecimal():
        numbers = {number for _, number in known if str(number) == wanted}
    elif wanted not in logins:
        raise UnknownPersonError
    if len(numbers) > 1 or not (numbers or wanted in logins):
        raise UnknownPersonError(numbers)
    theirs = {login for login, number in known if number in numbers} | ({wanted} & logins)
    return ErasedPerson(frozenset(numbers), frozenset(theirs))


def erased(
    history: History, who: ErasedPerson | None = None, ranks: Collection[int] = (), spared: Collection[str] = ()
) -> Erasure:
    """The history without that person's names, and without the words of the facts of these ranks.

    Words go wherever else the history repeats them, so that its facts still agree; `spared` are those that GitHub
    still shows, which the next turn would read again.
    """
    name = _name_in(history) if who else ""
    chosen = (fact for rank, fact in enumerate(history, start=1) if rank in ranks)
    gone = frozenset(word for fact in chosen for word in words_in(fact)) - frozenset(spared) - {"", ERASED}
    fresh = tuple(_Hand(fact, who, name, gone).rewritten() for fact in history)
    touched = [rank for rank, (one, before) in enumerate(zip(fresh, history, strict=True), 1) if one != before]
    return Erasure(fresh, tuple(touched), name, gone)


def trace(history: History, done: Erasure, request: str, at: Any) -> PersonalErased:
    """What the register keeps of it; nobody's doing on GitHub, hence without a name."""
    times = sum(isinstance(fact, PersonalErased) for fact in history) + 1
    return PersonalErased(
        at=at, by="", cause=f"{ERASING}{times}", request=request, facts=done.changed, person=done.person
    )


def words_in(value: Any) -> Iterator[str]:
    """The words somebody wrote that a fact holds."""
    for field, part in PARTS.get(type(value), {}).items():
        held = getattr(value, field)
        if part == WORDS:
            yield from (held,) if isinstance(held, str) else held
        elif part == ANSWERS:
            yield from (text for _, text in held)
        elif part == DETAILS:
            yield from (text for name, text in held if name in SPOKEN)
        elif part == INNER:
            for one in _many(held):
                yield from words_in(one)


def naming(history: History, who: ErasedPerson) -> tuple[int, ...]:
    """The ranks of the facts whose words hold a name of the person without calling them by it."""
    return tuple(
        rank
        for rank, fact in enumerate(history, start=1)
        if any(word.lower() in who.logins for text in words_in(fact) for word in _LONE_WORD.findall(text))
    )


def written_by(history: History, who: ErasedPerson) -> tuple[int, ...]:
    """The ranks of the facts that hold words of theirs."""
    theirs = ((rank, fact) for rank, fact in enumerate(history, start=1) if who.bears(fact.by, fact.by_id))
    return tuple(rank for rank, fact in theirs if any(text not in {"", ERASED} for text in words_in(fact)))


def still_said(facts: Iterable[Fact], who: ErasedPerson | None, words: Collection[str]) -> Iterator[Fact]:
    """Those that name the person, or hold some of these words."""
    for fact in facts:
        names = any(who.bears(one) for one in _named_in(fact)) or who.bears(fact.by, fact.by_id) if who else False
        if names or not frozenset(words).isdisjoint(words_in(fact)):
            yield fact


def prefers(one: Fact, other: Fact) -> Fact:
    """Of two versions of one fact, that from which more was erased; of two alike, the one that tells its seal."""
    return max(one, other, key=lambda fact: (erased_count(fact), fact.sealed is not None))


def is_left_of(after: Any, before: Any) -> bool:
    """Whether a value is another with names or words gone, and nothing else."""
    if after == before:
        return True
    if type(after) is not type(before):
        return False
    if isinstance(before, str):
        return erased_count(after) > erased_count(before)
    if isinstance(before, tuple):
        return len(after) == len(before) and all(map(is_left_of, after, before))
    if isinstance(before, Account):
        return not after.id and is_left_of(after.login, before.login)
    return is_dataclass(before) and all(_is_left_in(one.name, after, before) for one in fields(before))


def _is_left_in(field: str, after: Any, before: Any) -> bool:
    held, former = getattr(after, field), getattr(before, field)
    if held == former or field == "sealed":
        return True
    if field in {"by_id", "digest"}:
        return not held
    is_personal = field in PARTS.get(type(before), {}) or (field == "cause" and former.startswith(OF_EDITOR))
    return is_personal and is_left_of(held, former)


def erased_count(value: Any) -> int:
    """How many names and words of it are those of an erasure."""
    if isinstance(value, str):
        return value.count(PSEUDONYM) + (value == ERASED)
    if isinstance(value, tuple):
        return sum(map(erased_count, value))
    return sum(erased_count(getattr(value, one.name)) for one in fields(value)) if is_dataclass(value) else 0


def _name_in(history: History) -> str:
    """The next name: those given stay."""
    return pseudonym(1 + max((rank_of(one) for one in _names(history)), default=0))


def _accounts(history: History) -> Iterator[Account]:
    for fact in history:
        yield fact.who
        yield from getattr(fact, "accounts", ())


def _names(history: History) -> Iterator[str]:
    """Every name of an account that a history holds in a place of its own."""
    for fact in history:
        yield from _named_in(fact)


def _named_in(value: Any) -> Iterator[str]:
    for field, part in PARTS.get(type(value), {}).items():
        held = getattr(value, field)
        if part == NAME and held is not None:
            yield from (held,) if isinstance(held, str) else held
        elif part == ACCOUNTS:
            yield from (one.login for one in held)
        elif part == INNER:
            for one in _many(held):
                yield from _named_in(one)


def _many(held: Any) -> tuple[Any, ...]:
    return held if isinstance(held, tuple) else (held,)


class _Hand:
    """Rewrites one fact."""

    def __init__(self, fact: Fact, who: ErasedPerson | None, name: str, gone: frozenset[str]) -> None:
        self._fact, self._who, self._name, self._gone = fact, who, name, gone
        self._numbers = {one.login.lower(): one.id for one in getattr(fact, "accounts", ())}

    def rewritten(self) -> Fact:
        fact: Fact = self._inside(self._fact)
        who, changes = self._who, dict[str, Any]()
        if who and who.bears(fact.by, fact.by_id):
            changes = {"by": self._name, "by_id": 0}
        head, _, editor = fact.cause.rpartition(":")
        if fact.cause.startswith(OF_EDITOR) and self._is_theirs(editor):
            changes["cause"] = f"{head}:{self._name}"
        if getattr(fact, "digest", "") and (changes or fact != self._fact):
            changes["digest"] = ""  # of words that may be guessed: it would tell whether the guess is right
        return replace(fact, **changes) if changes else fact

    def _inside(self, value: Any) -> Any:
        changes = {}
        for field, part in PARTS.get(type(value), {}).items():
            held = getattr(value, field)
            is_author = field == "by" and isinstance(value, Fact)  # whose number stands beside the name
            if held and not is_author and (fresh := self._HANDS[part](self, held)) != held:
                changes[field] = fresh
        return replace(value, **changes) if changes else value

    def _is_theirs(self, login: str) -> bool:
        return self._who is not None and self._who.bears(login, self._numbers.get(login.lower(), 0))

    def _one_name(self, login: str) -> str:
        return self._name if self._is_theirs(login) else login

    def _names(self, held: str | Iterable[str]) -> str | tuple[str, ...]:
        return self._one_name(held) if isinstance(held, str) else tuple(map(self._one_name, held))

    def _accounts(self, held: Iterable[Account]) -> tuple[Account, ...]:
        who = self._who
        return tuple(Account(self._name) if who and who.bears(one.login, one.id) else one for one in held)

    def _text(self, text: str) -> str:
        if text in self._gone:
            return ERASED
        return _CALLED.sub(self._called, text) if self._who else text

    def _called(self, found: re.Match[str]) -> str:
        return self._name if self._who and found[1].lower() in self._who.logins else found[0]

    def _words(self, held: str | Iterable[str]) -> str | tuple[str, ...]:
        return self._text(held) if isinstance(held, str) else tuple(map(self._text, held))

    def _mixed(self, held: str | Iterable[str]) -> str | tuple[str, ...]:
        """A name, a seat, or words."""
        if isinstance(held, str):
            return self._name if self._who and held.lower().removeprefix("@") in self._who.logins else self._text(held)
        return tuple(str(self._mixed(one)) for one in held)

    def _pairs(self, held: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._text(text)) for name, text in held)

    def _details(self, held: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, str(self._mixed(text))) for name, text in held)

    def _each(self, held: Any) -> Any:
        return tuple(map(self._inside, held)) if isinstance(held, tuple) else self._inside(held)

    _HANDS: Mapping[str, Callable[[_Hand, Any], Any]] = {
        NAME: _names,
        ACCOUNTS: _accounts,
        WORDS: _words,
        MIXED: _mixed,
        ANSWERS: _pairs,
        DETAILS: _details,
        INNER: _each,
    }
