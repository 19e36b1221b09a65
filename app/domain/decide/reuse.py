"""What may already answer a need: looked for when a product is filed, proposed by anybody, answered by its people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.decide.answers import may_manage
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product import reuse_gate
from app.domain.product.facts import Fact, History, ProductDescribed, ProductFiled
from app.domain.product.issue import Issue
from app.domain.product.purpose import LOOKED_AT, filing, purpose_of
from app.domain.product.reuse_facts import ADAPTED, REUSED, SET_ASIDE, ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.product.state import Product, ProductState
from app.domain.reading.commands import Adapt, Command, Near, Reuse, SetAside
from app.domain.reading.text import clipped, normalised
from app.domain.reuse.catalogue import PRODUCT, Common
from app.domain.reuse.need import Need
from app.domain.reuse.suggest import Candidate, SuggestionSource

Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]
MOST = 3
"""Lines that wait for an answer at once."""
REASON_LEAST = 10
"""Characters of a reason: fewer say nothing to who reads it in a year."""
NAME_LIMIT, LINE_LIMIT = 120, 300
WORDS_OF_NAME = 8
PERSON = "person"
ANSWERS: Mapping[type[Command], str] = {Reuse: REUSED, Adapt: ADAPTED, SetAside: SET_ASIDE}


# ── Looked for ───────────────────────────────────────────────────────────────────────────────────


def sought(fresh: Iterable[Fact], product: Product, policy: Policy, now: datetime) -> History:
    """The lines to show and to drop once these facts are known; nothing where nothing changes: not a word is said.

    Its cause is that of the fact that called for it, so that it is looked for once.
    """
    fact = next((one for one in fresh if _calls(one, product, policy)), None)
    if fact is None or policy.reuse is None:
        return ()
    state, issue = product.standing, product.issue
    known = purpose_of(state).need(issue.id, issue.repository, issue.number, policy)
    answered = {ref for ref, one in state.reuse.candidates.items() if one.answers}
    silenced = frozenset(answered) | product.around.set_aside_by(issue.id)
    found = product.around.found(filing(state, known), silenced)
    shown, dropped = _news(found, product, silenced)
    if not (shown or dropped):
        return ()
    return (ReuseSuggested(at=now, by="", cause=f"reuse:{fact.cause}", shown=shown, dropped=dropped),)


def _calls(fact: Fact, product: Product, policy: Policy) -> bool:
    """A new need filed, or told otherwise while it is in its first phase."""
    state = product.standing
    if not reuse_gate.is_anew(product, policy) or len(state.stays) != 1 or state.phase != policy.entry.id:
        return False
    if isinstance(fact, ProductDescribed):
        return fact.title != _title_before(state) or any(question in LOOKED_AT for question, _ in fact.answers)
    return isinstance(fact, ProductFiled)


def _title_before(state: ProductState) -> str:
    if len(state.described) > 1:
        return state.described[-2].title
    return state.filed.title if state.filed else ""


def _news(
    found: tuple[Candidate, ...], product: Product, silenced: frozenset[str]
) -> tuple[tuple[Suggestion, ...], tuple[int, ...]]:
    """What is shown from now on, and the numbers of the lines that nobody answered and that hold no longer.

    A line that a person proposed stays until it is answered.
    """
    reuse, own = product.standing.reuse, f"{PRODUCT}{product.issue.id}"
    held = {one.ref for one in found} - silenced
    waiting = [one.shown for one in reuse.awaited if one.shown]
    dropped = tuple(one.number for one in waiting if one.door != PERSON and one.ref not in held)
    kept = {one.ref for one in waiting if one.number not in dropped}
    fresh = [one for one in found if one.ref not in kept | silenced | {own}][: MOST - len(kept)]
    shown = tuple(_line(one, number, product) for number, one in enumerate(fresh, start=reuse.last + 1))
    return shown, dropped


def _line(one: Candidate, number: int, product: Product) -> Suggestion:
    common, need = product.around.catalogue.common(one.ref), product.around.need(one.ref)
    line = one.question if one.door == SuggestionSource.REFLEX and one.question else one.line
    return Suggestion(
        number,
        one.ref,
        clipped(one.name, NAME_LIMIT),
        clipped(line, LINE_LIMIT),
        str(one.door),
        one.link or (_address(product.issue, need) if need else ""),
        common.owner if common else "",
        one.words,
        need.ended if need else "",
    )


def _address(issue: Issue, need: Need) -> str:
    """Where another product's issue is read: beside this one, as its own address tells."""
    host, found, _ = issue.url.partition(f"/{issue.repository}/issues/")
    return f"{host}/{need.repository}/issues/{need.number}" if found and need.number else ""


# ── Named by a person ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Named:
    """What a person means; `rest` are the words behind a name that nothing ended."""

    ref: str
    name: str
    line: str = ""
    link: str = ""
    owner: str = ""
    ended: str = ""
    settles: tuple[str, ...] = ()
    rest: str = ""


def _found(word: str, product: Product, *, is_line: bool = True) -> Iterator[_Named]:
    """Everything that a number, « #12 », an id or a name may mean."""
    around, reuse = product.around, product.standing.reuse
    if word.isdigit() and is_line:
        shown = (one for one in reuse.candidates.values() if one.shown and one.shown.number == int(word))
        yield from (_of_ref(one.ref, product) for one in shown)
    elif word.removeprefix("#").isdigit():
        need = around.numbered(int(word.removeprefix("#")))
        yield from [_of_need(need, product.issue)] if need else []
    else:
        yield from _by_name(word, product)


def _by_name(said: str, product: Product) -> Iterator[_Named]:
    """The longest beginning of these words that is a name known here; the words that follow it are a reason."""
    words = said.split()
    for end in range(min(len(words), WORDS_OF_NAME), 0, -1):
        found = dict.fromkeys(_bearing(normalised(" ".join(words[:end]).strip(' .,;:!«»"')), product))
        if found:
            rest = " ".join(words[end:])
            yield from (_with_rest(one, rest) for one in found)
            return


def _with_rest(one: _Named, rest: str) -> _Named:
    return _Named(one.ref, one.name, one.line, one.link, one.owner, one.ended, one.settles, rest.lstrip(" :,;—–-"))


def _bearing(name: str, product: Product) -> Iterator[_Named]:
    for common in product.around.catalogue.commons:
        if name in {common.id, normalised(common.name), *map(normalised, common.replaces)}:
            yield _of_common(common)
    for need in product.around.called(name):
        yield _of_need(need, product.issue)
    for one in product.standing.reuse.candidates.values():
        if normalised(one.name) == name:
            yield _of_ref(one.ref, product)


def _of_ref(ref: str, product: Product) -> _Named:
    """A candidate shown or named before, as it is known now, or else as it was shown."""
    common, need = product.around.catalogue.common(ref), product.around.need(ref)
    if common:
        return _of_common(common)
    if need:
        return _of_need(need, product.issue)
    known = product.standing.reuse.candidates[ref]
    shown = known.shown
    return _Named(ref, known.name, shown.line if shown else "", shown.link if shown else "")


def _of_common(one: Common) -> _Named:
    return _Named(one.ref, one.name, one.line, one.link, one.owner, settles=one.settles)


def _of_need(need: Need, issue: Issue) -> _Named:
    return _Named(need.ref, need.title, need.line, _address(issue, need), ended=need.ended)


# ── Answered, and proposed ───────────────────────────────────────────────────────────────────────


def _may_answer(asked: Request, product: Product, policy: Policy, now: datetime) -> bool:
    """The product's people, the secretariat, and the seat that keeps the catalogue."""
    seat, team = policy.reuse.seat if policy.reuse else "", product.issue.team
    if may_manage(asked, product, policy):
        return True
    if not seat or team is None or asked.by.lower() not in team:
        return False
    return seat in {one.id for one in policy.seats_of(asked.by, day_of(now, policy.timezone))}


def _meant(
    asked: Request, what: tuple[str, ...], product: Product, now: datetime, *, is_line: bool = True
) -> tuple[tuple[_Named, ...], Fact | None]:
    """What is named, all of it, or why nothing is done."""
    if not what:
        return (), asked.refused(now, Reason.REUSE_MISSING)
    named: dict[str, _Named] = {}
    for word in what:
        found = {one.ref: one for one in _found(word, product, is_line=is_line)}
        if not found:
            lines = ", ".join(str(one.shown.number) for one in product.standing.reuse.awaited if one.shown)
            return (), asked.refused(now, Reason.REUSE_UNKNOWN, word=clipped(word, NAME_LIMIT), lines=lines)
        if len(found) > 1:
            return (), asked.refused(now, Reason.REUSE_SEVERAL, word=clipped(word, NAME_LIMIT))
        if f"{PRODUCT}{product.issue.id}" in found:
            return (), asked.refused(now, Reason.REUSE_ITSELF)
        named |= found
    return tuple(named.values()), None


def _answer(asked: Request, command: Any, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """One fact for each candidate named, or why none is kept."""
    if policy.reuse is None:
        return [asked.refused(now, Reason.REUSE_OFF)]
    if not _may_answer(asked, product, policy, now):
        seat = policy.seat(policy.reuse.seat)
        return [asked.refused(now, Reason.NOT_REUSE_TEAM, author=product.issue.author, seat=seat.name if seat else "")]
    named, refusal = _meant(asked, command.what, product, now)
    if refusal:
        return [refusal]
    answer = ANSWERS[type(command)]
    reason = "\n".join(part for part in (named[0].rest, command.reason) if part)
    if answer != REUSED and len(reason.strip()) < REASON_LEAST:
        return [asked.refused(now, Reason.REUSE_REASON, what=" ".join(command.what), least=REASON_LEAST)]
    return [_answered(asked, one, answer, reason, product, now) for one in named]


def _answered(asked: Request, one: _Named, answer: str, reason: str, product: Product, now: datetime) -> ReuseAnswered:
    known = product.standing.reuse.candidates.get(one.ref)
    return ReuseAnswered(
        **asked.note(now),
        ref=one.ref,
        name=clipped(one.name, NAME_LIMIT),
        answer=answer,
        reason=reason,
        number=known.shown.number if known and known.shown else 0,
        link=one.link,
        settles=one.settles if answer == REUSED else (),
    )


def _propose(asked: Request, command: Near, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Shown as the others are, until the product's people answer: anybody may have seen what no search finds."""
    if policy.reuse is None:
        return [asked.refused(now, Reason.REUSE_OFF)]
    named, refusal = _meant(asked, command.what, product, now, is_line=False)
    if refusal:
        return [refusal]
    reuse = product.standing.reuse
    aside = product.around.set_aside_by(product.issue.id) | reuse.set_aside
    for one in named:
        known = reuse.candidates.get(one.ref)
        if one.ref in aside:
            return [asked.refused(now, Reason.REUSE_ASIDE, name=one.name, said=_why(known))]
        if known and (known.awaits or known.answers):
            number = known.shown.number if known.shown else 0
            return [asked.refused(now, Reason.REUSE_SHOWN, name=one.name, number=number)]
    if len(reuse.awaited) + len(named) > MOST:
        return [asked.refused(now, Reason.REUSE_FULL, most=MOST)]
    lines = (_proposed(one, number, asked, command) for number, one in enumerate(named, start=reuse.last + 1))
    return [ReuseSuggested(**asked.note(now), shown=tuple(lines))]


def _why(known: Any) -> str:
    return clipped(known.answer.reason, LINE_LIMIT) if known and known.answer else ""


def _proposed(one: _Named, number: int, asked: Request, command: Near) -> Suggestion:
    why = clipped("\n".join(part for part in (one.rest, command.reason) if part), LINE_LIMIT)
    name, line = clipped(one.name, NAME_LIMIT), clipped(one.line, LINE_LIMIT)
    return Suggestion(number, one.ref, name, line, PERSON, one.link, one.owner, ended=one.ended, by=asked.by, why=why)


DECIDERS: Mapping[type[Command], Decider] = {Reuse: _answer, Adapt: _answer, SetAside: _answer, Near: _propose}
