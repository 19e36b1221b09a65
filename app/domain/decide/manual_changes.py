"""Changes made on GitHub by hand instead of asking: a card moved or removed, a label changed, an issue closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.decide import departures
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.model import Policy
from app.domain.product import labels
from app.domain.product.facts import CommandRefused, Fact, GateDecided, GateWithdrawn, PhaseEntered, ProductLeft
from app.domain.product.state import Product
from app.domain.reading.commands import Command, MoveCard

REPAIRS_AN_HOUR = 6
"""Manual changes undone on one product within an hour; beyond, Jalon stops: two automations may be fighting."""
HOUR = timedelta(hours=1)
MEMORY = timedelta(days=1)
"""The same change by the same person is explained once a day."""
CAUSES = ("card:", "labels:", "closed:", "removed:")


@dataclass(frozen=True)
class ManualChange:
    """A manual change as its webhook tells it: GitHub names the author there only, not in the issue or its card."""

    by: str
    cause: str
    kind: str = "card"
    """card, removed (archived or taken off the board), labels, or closed."""
    by_bot: bool = False
    board: str = ""
    """Node id of the board, for a card."""
    column: str | None = None
    """Where the card was put, when GitHub says so; empty when it was left without a column."""
    label: str = ""
    reason: str = ""
    """Why the issue was closed, by GitHub's words: completed, not_planned, duplicate."""
    by_id: int = 0
    """The number of their account."""


@dataclass(frozen=True)
class RemoveCard(Command):
    """Asked by archiving the product's card or taking it off the board."""


@dataclass(frozen=True)
class Relabel(Command):
    """Asked by adding or removing a label that Jalon owns."""

    label: str = ""


@dataclass(frozen=True)
class CloseIssue(Command):
    """Asked by closing the product's issue."""

    reason: str = ""


def asked_by_hand(product: Product, policy: Policy, gesture: ManualChange | None) -> Iterator[Request]:
    """The command that the change means; an issue found closed means one whoever closed it."""
    if product.standing.phase is None:
        return
    issue = product.issue
    if gesture and gesture.kind == "card":
        yield from _moved(product, policy, gesture)
    elif gesture and gesture.kind == "removed" and gesture.board in {"", issue.board.id if issue.board else ""}:
        yield _asked(RemoveCard(), gesture)
    elif gesture and gesture.kind == "labels" and labels.is_owned(gesture.label, policy):
        yield _asked(Relabel(gesture.label), gesture)
    if is_closed_too_soon(product, policy):
        hand = gesture if gesture and gesture.kind == "closed" else ManualChange("", "")
        moment = f"{issue.closed_at:%Y%m%dT%H%M%S}" if issue.closed_at else ""
        yield Request(CloseIssue(hand.reason), hand.by, f"closed:{moment}", by_id=hand.by_id)


def _asked(command: Command, gesture: ManualChange) -> Request:
    return Request(command, gesture.by, f"{gesture.kind}:{gesture.cause}", by_bot=gesture.by_bot, by_id=gesture.by_id)


def _moved(product: Product, policy: Policy, gesture: ManualChange) -> Iterator[Request]:
    """Whether the card stands in another column than its phase's because of this very change."""
    card, board = product.issue.card, product.issue.board
    if card is None or board is None or gesture.board not in {"", board.id}:
        return
    current = policy.phase(product.standing.phase or "").card
    if is_overtaken(product, gesture) or card.archived or card.column == current or current not in board.options:
        return
    target = policy.phase_of_card(card.column or "")
    yield _asked(MoveCard(target.id if target else "", card.column or ""), gesture)


def is_overtaken(product: Product, gesture: ManualChange | None) -> bool:
    """Whether the card was moved again since: the later change is the one to answer."""
    card = product.issue.card
    if gesture is None or gesture.kind != "card" or gesture.column is None or card is None:
        return False
    return gesture.column != (card.column or "")


def awaits_its_hand(product: Product, policy: Policy, gesture: ManualChange | None) -> bool:
    """Whether a person moved the card and the webhook is still to come: it must not be moved back yet.

    False in the column of the phase just left, where our own move is pending, and after Jalon stopped undoing that
    person's moves: those were answered.
    """
    card, stays = product.issue.card, product.standing.stays
    if card is None or card.archived or not card.column or (gesture and gesture.kind == "card"):
        return False
    if any(fact.reason == Reason.RESTING and fact.at >= stays[-1].since for fact in product.standing.refusals):
        return False
    return card.column not in {policy.phase(stay.phase).card for stay in stays[-2:]}


def is_closed_too_soon(product: Product, policy: Policy) -> bool:
    """Whether an issue was closed before its product reached a final phase."""
    phase = product.standing.phase
    is_followed = phase is not None and not product.standing.left
    return is_followed and not product.issue.is_open and not policy.is_final(phase or "")


def recent(product: Product, now: datetime) -> tuple[Fact, ...]:
    """The manual changes answered within the hour, since the committee's last decision."""
    found: dict[str, Fact] = {}
    for fact in product.history:
        if isinstance(fact, PhaseEntered | GateDecided | GateWithdrawn):
            found.clear()
        elif fact.cause.startswith(CAUSES) and now - fact.at < HOUR:
            found.setdefault(fact.cause, fact)
    return tuple(found.values())


def is_resting(product: Product, now: datetime) -> bool:
    """Whether so many changes were undone within the hour that none is any more, for a while."""
    return len(recent(product, now)) >= REPAIRS_AN_HOUR


def rests_until(product: Product, now: datetime) -> datetime | None:
    """When Jalon will undo again what it has left; None when it has left nothing."""
    moments = sorted(fact.at for fact in recent(product, now))
    return moments[-REPAIRS_AN_HOUR] + HOUR if len(moments) >= REPAIRS_AN_HOUR else None


Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]


def capped(decider: Decider) -> Decider:
    """The facts for a manual change, within the limit; the same change by the same person shares its first answer."""

    def decide(asked: Request, command: Any, product: Product, policy: Policy, now: datetime) -> list[Fact]:
        already = len(recent(product, now))
        if already >= REPAIRS_AN_HOUR:
            return []
        facts = (
            [asked.refused(now, Reason.AUTOMATION)] if asked.by_bot else decider(asked, command, product, policy, now)
        )
        if facts and already + 1 == REPAIRS_AN_HOUR:
            facts.append(asked.refused(now, Reason.RESTING, times=REPAIRS_AN_HOUR))
        return [_grouped(fact, product, now) if isinstance(fact, CommandRefused) else fact for fact in facts]

    return decide


def _grouped(fact: CommandRefused, product: Product, now: datetime) -> CommandRefused:
    """The refusal, grouped with the first one of the day that said the same to the same person."""
    for former in product.standing.refusals:
        same = (former.by, former.command, former.reason, former.details, former.blockers) == (
            *(fact.by, fact.command, fact.reason),
            *(fact.details, fact.blockers),
        )
        if same and former.cause.startswith(CAUSES) and now - former.at < MEMORY:
            return replace(fact, group=former.group or f"{former.cause}:{former.reason}")
    return replace(fact, group=f"{fact.cause}:{fact.reason}")


def _undo_labels(asked: Request, command: Relabel, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    standing = product.standing
    added, removed = labels.standing_changes(product, standing, policy)
    # Another label may be missing because GitHub refused it to us: that is not this person's doing.
    if command.label.casefold() not in {label.casefold() for label in (*added, *removed)}:
        return []
    phase = policy.phase(standing.phase or policy.entry.id)
    return [asked.refused(now, Reason.RELABELLED, phase=phase.name)]


def _undo_removal(asked: Request, command: RemoveCard, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    issue, phase = product.issue, product.standing.phase or policy.entry.id
    gone = issue.card is None or issue.card.archived
    if not gone or not issue.is_open or policy.is_final(phase) or issue.board is None:
        return []
    return [asked.refused(now, Reason.CARD_REMOVED, phase=policy.phase(phase).name)]


def _undo_closing(asked: Request, command: CloseIssue, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not is_closed_too_soon(product, policy):
        return []
    is_duplicate = command.reason == departures.DUPLICATE
    if is_duplicate and departures.may_be_set_aside(product, policy, asked.who):
        return [ProductLeft(**asked.note(now), how=departures.DUPLICATE)]
    phase = policy.phase(product.standing.phase or policy.entry.id)
    ends = [policy.phase(gate.to).name for gate in policy.exits(phase.id) if policy.is_final(gate.to)]
    reason = Reason.CLOSED_AS_DUPLICATE if is_duplicate else Reason.CLOSED_BY_HAND
    return [asked.refused(now, reason, phase=phase.name, end=ends[0] if ends else "")]


DECIDERS: Mapping[type[Command], Decider] = {
    Relabel: capped(_undo_labels),
    RemoveCard: capped(_undo_removal),
    CloseIssue: capped(_undo_closing),
}
