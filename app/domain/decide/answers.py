"""What answers the items of a checklist: ticks, texts, confirmations, and items that do not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.model import Policy
from app.domain.product import checklist, dossier
from app.domain.product.checklist import ChecklistLine
from app.domain.product.facts import Fact, ItemAnswered
from app.domain.product.state import Product
from app.domain.reading.commands import AnswerItem, Command, Confirm, NotApplicable, Tick, TickBoxes, Untick

Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]


def may_manage(asked: Request, product: Product, policy: Policy) -> bool:
    """The product's own people, and the secretariat on their behalf."""
    return product.is_team(asked.who) or product.is_secretariat(asked.who, policy)


def _shown(product: Product, policy: Policy) -> tuple[ChecklistLine, ...]:
    standing = product.standing
    return checklist.checklist_lines(policy, standing.phase or policy.entry.id, standing.answers)


def _answer(state: str) -> Decider:
    """A decider that gives this answer to all the items named, or says which names are unknown."""

    def answer(asked: Request, command: Any, product: Product, policy: Policy, now: datetime) -> list[Fact]:
        reason = getattr(command, "reason", "")
        lines, refusal = _found(asked, command.items, product, policy, now)
        if refusal is None and state == "na" and not reason:
            refusal = asked.refused(now, Reason.NA_REASON_MISSING, items=" ".join(command.items))
        if refusal:
            return [refusal]
        if state == "done":
            return [_done(asked, line, product, policy, now) for line in lines]
        return [ItemAnswered(**asked.note(now), item=line.item.id, answer=state, reason=reason) for line in lines]

    return answer


def _found(
    asked: Request, items: tuple[str, ...], product: Product, policy: Policy, now: datetime
) -> tuple[tuple[ChecklistLine, ...], Fact | None]:
    """The lines that a person means, or why nothing is done: who reads a refusal believes that nothing was."""
    if not may_manage(asked, product, policy):
        return (), asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)
    if not items:
        return (), asked.refused(now, Reason.ITEMS_MISSING)
    shown = _shown(product, policy)
    lines, unknown = checklist.find(items, shown)
    if unknown:
        return (), asked.refused(now, Reason.ITEMS_UNKNOWN, items=", ".join(unknown), last=len(shown), whole="yes")
    return lines, None


def _done(asked: Request, line: ChecklistLine, product: Product, policy: Policy, now: datetime) -> ItemAnswered:
    """An item settled, with the text that the form proposes if it does; a text given already is kept as it is."""
    wanted = dossier.proposal(line.item, line.answer, product.standing, policy)
    done = {"item": line.item.id, "answer": "done", **asked.note(now)}
    if wanted is None or wanted is line.answer.written:
        return ItemAnswered(**done)
    return ItemAnswered(**done, text=wanted.text, source=wanted.source, day=wanted.day)


def _write(asked: Request, command: AnswerItem, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    lines, refusal = _found(asked, (command.item,) if command.item else (), product, policy, now)
    if refusal:
        missing = may_manage(asked, product, policy) and not command.item
        return [asked.refused(now, Reason.ANSWER_MISSING) if missing else refusal]
    line = lines[0]
    unfit = _unfit(asked, line, command.text, policy, now)
    if unfit:
        return [unfit]
    text = dossier.fits(line.item, command.text)
    day = dossier.day_of_answer(line.item, text)
    source = "page" if asked.by_page else ""
    given = ItemAnswered(**asked.note(now), item=line.item.id, answer="done", text=text, source=source, day=day)
    return [replace(given, private=bool(line.item.private))]


def _unfit(asked: Request, line: ChecklistLine, text: str, policy: Policy, now: datetime) -> Fact | None:
    """Why a text is no answer to its item. The refusal repeats nothing of it: it may be for a seat alone."""
    item, number = line.item, line.number
    if not text:
        return asked.refused(now, Reason.ANSWER_MISSING, number=number, kind=item.kind)
    is_fit = bool(dossier.fits(item, text))
    if item.private and not is_fit:
        seat = policy.seat(item.private)
        return asked.refused(now, Reason.ANSWER_PRIVATE, number=number, seat=seat.name if seat else item.private)
    if len(text) > dossier.LONGEST:
        return asked.refused(now, Reason.ANSWER_TOO_LONG, number=number, length=len(text), most=dossier.LONGEST)
    if is_fit:
        return None
    first = item.choices[0] if item.choices else ""
    return asked.refused(
        now, Reason.ANSWER_UNFIT, number=number, kind=item.kind, choices=" ; ".join(item.choices), first=first
    )


def _confirm(asked: Request, command: Confirm, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """What is proposed or was settled before holds; all of the items, or none."""
    lines, refusal = _found(asked, command.items, product, policy, now)
    if refusal:
        return [refusal]
    bare = [line.number for line in lines if not _may_be_confirmed(line, product, policy)]
    if bare:
        return [asked.refused(now, Reason.NOTHING_PROPOSED, items=", ".join(map(str, bare)), first=bare[0])]
    return [
        ItemAnswered(**asked.note(now), item=line.item.id, answer="na", reason=line.answer.reason)
        if line.answer.state == "na"
        else _done(asked, line, product, policy, now)
        for line in lines
    ]


def _may_be_confirmed(line: ChecklistLine, product: Product, policy: Policy) -> bool:
    if line.answer.state == "na" or (line.settled and not line.item.is_question):
        return True
    return dossier.proposal(line.item, line.answer, product.standing, policy) is not None


def _tick_boxes(asked: Request, command: TickBoxes, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    # The comment may have been given any boxes, by thousands: only those of the checklist are answers.
    known = {line.item.id: line for line in _shown(product, policy)}
    ticked = [_done(asked, known[item], product, policy, now) for item in command.ticked if item in known]
    unticked = [item for item in command.unticked if item in known]
    return [*ticked, *(ItemAnswered(**asked.note(now), item=item, answer="open") for item in unticked)]


DECIDERS: Mapping[type[Command], Decider] = {
    Tick: _answer("done"),
    Untick: _answer("open"),
    NotApplicable: _answer("na"),
    AnswerItem: _write,
    Confirm: _confirm,
    TickBoxes: _tick_boxes,
}
