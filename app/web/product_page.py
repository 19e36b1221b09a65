"""What the page of one product shows: its file from the register, each event as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.product.accounts import Account
from app.domain.report.portfolio import ProductRow
from app.domain.report.product_events import Event
from app.domain.report.product_file import product_file
from app.domain.session.held import next_held
from app.web.context import PageContext
from app.web.proof_pages import sealed_gates
from app.web.reuse_pages import reads_near
from app.web.services import services
from app.web.situation import Situation


@dataclass(frozen=True)
class PagePart:
    """A part of the page, as its table of contents names it."""

    id: str
    words: str


def values(here: PageContext, row: ProductRow) -> dict[str, Any]:
    """Everything the template needs beside the row; one history is read, and nothing of it is kept."""
    history = services().portfolio_cache.history(row.repository, row.number)
    told = product_file(history, here.policy, here.now)
    kept = {
        "dossier": bool(told.aspects or told.form),
        "changements": told.since_gate is not None,
        "avis": told.gate is not None,
        "reserves": True,
        "decisions": True,
        "reemploi": bool(told.reuse) or reads_near(here),
        "parcours": True,
        "historique": True,
    }
    return {
        "told": told,
        "parts": [PagePart(name, f"part_{name}") for name, is_shown in kept.items() if is_shown],
        "session": next_held(here.sessions, here.policy.committee, here.today),
        "sentence": event_sentence(here),
        "reads_near": reads_near(here),
        "sees": _sees(here, row),
        "sealed": sealed_gates(history),
    }


def _sees(here: PageContext, row: ProductRow) -> Callable[[str], bool]:
    """Whether the visitor may follow a link given to one seat: who holds it, the team, and the secretariat."""
    rules = here.own_policy or here.policy
    who = Situation(row, Account(here.who, here.number), rules, here.now) if here.who else None
    held = {seat.id for seat in rules.seats_of(here.who, here.today)} if here.who else set()
    return lambda seat: who is not None and (who.is_team or seat in held)


def event_sentence(here: PageContext) -> Callable[[Event], str]:
    """How an event is told in the visitor's language."""

    def told(event: Event) -> str:
        filled = {
            name: here.day(value) if isinstance(value, date) else value
            for name, value in event.values.items()
            if name != "count"
        }
        count = event.values.get("count")
        return here.t(f"event_{event.kind}", n=count if isinstance(count, int) else None, by=event.by, **filled)

    return told
