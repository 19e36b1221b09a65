"""One line of the checklist's comment: the item, its answer cut short, and what is left to do about it."""

from __future__ import annotations

from app.domain.policy.model import Policy
from app.domain.product.dossier import ItemAnswer
from app.domain.product.state import Stay
from app.domain.publish.notices import ItemView
from app.domain.reading.text import clipped

SHOWN_REASON = 600
SHOWN_ANSWER = 300
"""Characters of an answer shown in the list; its own comment, and the product's page, hold it whole."""


def view(one: ItemAnswer, policy: Policy, stay: Stay) -> ItemView:
    """As it is shown to everybody: nothing of a private answer but that it was given."""
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
    )


def _told(one: ItemAnswer, stay: Stay) -> str:
    if one.is_bare:
        return "bare"
    if not one.to_confirm:
        return ""
    if one.proposed:
        return "changed"
    if one.source == "form" and not one.cause:
        return "form"
    return "back" if one.state == "open" else "carried"
