"""One line of the checklist's comment: the item, its answer cut short, and what is left to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.policy.later_fields import later
from app.domain.policy.model import Policy
from app.domain.product.dossier import REUSE, ItemAnswer
from app.domain.product.state import Stay
from app.domain.reading.text import clipped
from app.domain.reuse.catalogue import Norm

SHOWN_REASON = 600
SHOWN_ANSWER = 300
"""Characters of an answer shown in the list; its own comment, and the product's page, hold it whole."""


@dataclass(frozen=True)
class ItemView:
    number: int
    id: str
    text: str
    required: bool
    state: str
    reason: str = ""
    kind: str = later("tick")
    answer: str = later("")
    """The text that answers it, or is proposed, cut short."""
    told: str = later("")
    """What is to be said of the answer: form, changed (the form says `proposed` since), back (taken back), carried
    (given in the `phase` named) bare (ticked without a written answer), reuse (what is
    reused would settle it) or settled (it does).
    """
    proposed: str = later("")
    phase: str = later("")
    seat: str = later("")
    """The name of the seat to which a private answer is given."""
    given: bool = later(False)
    """Whether a private answer was given: nothing of it is shown."""
    expiry: date | None = later(None)  # noqa: RUF009 - a field, not a value
    help: str = later("")
    choices: tuple[str, ...] = later(())
    ways: tuple[tuple[str, str], ...] = later(())
    """What it says of each way of RADAR, empty of those it forgets; none where it is no such item."""
    norms: tuple[tuple[str, str], ...] = later(())
    """The name and the address of each norm it has people follow, as the catalogue tells them."""


@dataclass(frozen=True)
class AspectView:
    name: str
    items: tuple[ItemView, ...]


def view(one: ItemAnswer, policy: Policy, stay: Stay, norms: Mapping[str, Norm]) -> ItemView:
    """As it is shown to everybody: nothing of a private answer but that it was given.

    `norms` are those of the catalogue, by id: one that it does not tell has neither name nor address to show.
    """
    item, is_current = one.item, stay.answers is None
    told = _told(one, stay) if is_current else ""
    seat = policy.seat(item.private) if item.private else None
    return ItemView(
        one.number,
        item.id,
        item.text,
        item.required,
        one.state,
        clipped(one.reason, SHOWN_REASON),
        kind=item.kind,
        answer=clipped(one.text, SHOWN_ANSWER),
        told=told,
        proposed=clipped(one.proposed, SHOWN_ANSWER),
        phase=policy.phase(one.phase).name if told == "carried" else "",
        seat=seat.name if seat else item.private,
        given=bool(item.private and one.links),
        expiry=one.expiry,
        help=clipped(item.help, SHOWN_REASON) if is_current and one.state == "open" and not one.source else "",
        choices=item.choices if is_current and one.state == "open" and not one.source else (),
        ways=tuple((way, clipped(text, SHOWN_ANSWER)) for way, text in one.ways),
        norms=tuple((norms[norm].name, norms[norm].link) for norm in item.norms if is_current and norm in norms),
    )


def _told(one: ItemAnswer, stay: Stay) -> str:
    if one.is_bare:
        return "bare"
    if one.source == REUSE:
        return "reuse" if one.state == "open" else "settled"
    if not one.to_confirm:
        return ""
    if one.proposed:
        return "changed"
    if one.source == "form" and not one.cause:
        return "form"
    return "back" if one.state == "open" else "carried"
