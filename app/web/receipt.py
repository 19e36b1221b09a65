"""The receipt of a comment published from a page: its address on GitHub, then what the register made of it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, make_response, request
from markupsafe import Markup

from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    ConditionLifted,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    ItemAnswered,
    comment_id_of,
)
from app.domain.product.reuse_facts import ReuseAnswered
from app.domain.product.second_thought_facts import DecisionContested, DecisionOverridden, ProductPaused, ProductResumed
from app.domain.publish.notices import Refusal, Reply
from app.messages import render
from app.reports.renderings import as_html
from app.web import session
from app.web.context import PageContext, page, product_row, visit
from app.web.services import WATCHING, services
from app.web.situation import Situation

routes = Blueprint("receipts", __name__)
LOOKS = 20
"""How often the page looks again by itself where no script does it."""


@dataclass(frozen=True)
class ReceiptOutcome:
    """What the register made of the comment: a sentence of these pages, or a refusal in its own words."""

    key: str
    words: dict[str, str]
    html: Markup | None = None


def _proof(person: int, repository: str, number: int, comment: int) -> str:
    return session.mac("receipt", person, repository, number, comment)[:32]


def receipt_address(here: Situation, comment: int, session_day: str = "") -> str:
    """Signed: nobody is shown the receipt of a comment that was not theirs, or that was never made.

    `session_day` is the session to come back to, where there is one.
    """
    row = here.row
    owner, _, name = row.repository.partition("/")
    proof = _proof(here.person.id, row.repository, row.number, comment)
    more = {"seance": session_day} if _is_day(session_day) else {}
    return visit().to(
        "receipts.receipt", owner=owner, name=name, number=row.number, comment=comment, preuve=proof, **more
    )


def _is_day(text: str) -> bool:
    try:
        return bool(text) and date.fromisoformat(text) is not None
    except ValueError:
        return False


@routes.get("/produit/<owner>/<name>/<int:number>/recu/<int:comment>")
def receipt(owner: str, name: str, number: int, comment: int) -> Response:
    here, repository = visit(needs_person=True), f"{owner}/{name}"
    proof = _proof(session.number(), repository, number, comment)
    if not here.who or not hmac.compare_digest(proof.encode(), request.args.get("preuve", "").encode()):
        abort(404)
    row = product_row(owner, name, number)
    history = services().portfolio_cache.history(repository, number)
    outcomes = tuple(_outcomes((fact for fact in history if comment_id_of(fact.cause) == comment), here))
    looks, held = request.args.get("essai", 0, type=int), request.args.get("seance", "")
    back = held if _is_day(held) else ""
    kept = {"essai": looks + 1} | ({"seance": back} if back else {})
    again = (
        ""
        if outcomes or not 0 <= looks < LOOKS
        else here.to("receipts.receipt", owner=owner, name=name, number=number, comment=comment, preuve=proof, **kept)
    )
    shown = page("act_receipt.html", row=row, comment=comment, outcomes=outcomes, again=again, back=back)
    answer = make_response(shown)
    answer.headers["Content-Security-Policy"] = WATCHING
    return answer


def _outcomes(facts: Iterable[Fact], here: PageContext) -> Iterator[ReceiptOutcome]:
    """Several facts may come of one comment: what each says, once."""
    seen: dict[str, ReceiptOutcome] = {}
    for fact in facts:
        found = _outcome(fact, here)
        if found:
            seen.setdefault(f"{found.key} {found.words} {found.html}", found)
    yield from seen.values()


def _outcome(fact: Fact, here: PageContext) -> ReceiptOutcome | None:
    policy = here.policy
    match fact:
        case BallotCast(choice=choice, seats=seats):
            names = ", ".join(seat.name for seat in map(policy.seat, seats) if seat)
            word = "conditions" if fact.conditions else choice
            return ReceiptOutcome("receipt_ballot", {"choice": here.t(f"choice_{word}"), "seats": names})
        case CommandRefused():
            told = Reply(here.who or "", (Refusal(fact.command, fact.reason, dict(fact.details), fact.blockers),))
            text = render(told, here.language, policy.timezone)
            return ReceiptOutcome("", {}, Markup(as_html(lambda _: text, here.language)))  # noqa: S704 - our own words
        case GateDecided(outcome=outcome):
            return ReceiptOutcome("receipt_decided", {"outcome": here.t(f"outcome_{outcome}")})
        case ItemAnswered(answer=answer):
            return ReceiptOutcome(f"receipt_item_{answer}", {})
        case GateRequested(target=target):
            return ReceiptOutcome("receipt_opened", {"target": policy.phase(target).name})
        case GateWithdrawn():
            return ReceiptOutcome("receipt_withdrawn", {})
        case _:
            return _plain(fact)


def _plain(fact: Fact) -> ReceiptOutcome | None:
    match fact:
        case ConditionLifted(number=number):
            return ReceiptOutcome("receipt_lifted", {"number": str(number)})
        case GatePostponed():
            return ReceiptOutcome("receipt_postponed", {})
        case ReuseAnswered(answer=answer, name=name):
            return ReceiptOutcome(f"receipt_reuse_{answer}", {"name": name})
        case DecisionContested():
            return ReceiptOutcome("receipt_contested", {})
        case DecisionOverridden():
            return ReceiptOutcome("receipt_overridden", {})
        case ProductPaused():
            return ReceiptOutcome("receipt_paused", {})
        case ProductResumed():
            return ReceiptOutcome("receipt_resumed", {})
    return None
