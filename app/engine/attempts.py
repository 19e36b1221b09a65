"""One attempt at a delivery: it ends done, tried again later, or parked after several failures."""

from __future__ import annotations

import json
import logging
import zlib
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.domain.publish.effects import (
    ChangeLabels,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    ShowComment,
    TakeBack,
)
from app.engine.deaths import KILLED
from app.engine.inbox import ORDER, STALE, Inbox
from app.engine.installation_watch import CHANGED
from app.engine.stored import Stored
from app.github.client import LaterError
from app.github.errors import RefusalError, WaitError
from app.github.refusals import KINDS as REFUSALS
from app.github.refusals import refusal_of
from app.logs import about, brief, safe
from app.store.key_values import KeyValues
from app.store.register import ConflictError
from app.store.undone_effects import UndoneEffects
from app.turns.finding import StaleReadError
from app.turns.outcome import TurnOutcome
from app.turns.turns import Turns
from app.turns.wakeup import (
    INTERNAL,
    InstallationWakeUp,
    MalformedDeliveryError,
    PolicyWakeUp,
    WakeUp,
    own_wake_up,
    wake_up,
)

log = logging.getLogger(__name__)

BUGS = 5
"""Failures after which a delivery is parked. Some pass without us: a permission is granted, a bug of GitHub's ends."""
DEATHS = 5
"""Attempts that may end with the process, with nothing done that was not done before, until the delivery is held
responsible: a turn that freezes its process at each start must not do so for ever."""
LONGEST_WAIT_S = 60.0
DATABASE_WAIT_S = 5.0
REFUSED, REFUSED_S, REFUSED_LONGEST_S = "refused", 60.0, 3600.0
"""A refusal is met again after a minute, then twice as long each time, an hour at most."""
SPREAD_S = 5
PUSHED_S = 60.0
"""A copy of GitHub's is not believed to be later than this."""


def attempt(
    inbox: Inbox, turns: Turns, delivery: str, undone: UndoneEffects | None = None, *, again: bool = False
) -> dict[str, Any]:
    """`done`, `put off`, `parked`, or `wait` when the database is away; never raises: that would lose the delivery.

    `again`: the last attempt ended by such a wait, not with its process.
    """
    try:
        stored = inbox.begin(delivery, again=again)
        with about(delivery, stored.product):
            return _attempt(inbox, turns, stored, undone)
    except sa.exc.SQLAlchemyError as error:
        with about(delivery, ""):
            log.warning("the database does not answer: %s", safe(error))
        return {"wait": DATABASE_WAIT_S, "why": "database"}


def _attempt(inbox: Inbox, turns: Turns, stored: Stored, undone: UndoneEffects | None) -> dict[str, Any]:
    settled = _settled(inbox, stored)
    if settled:
        return settled
    delivery, newest = stored.delivery, inbox.newest(stored.product)
    try:
        wake = _wake_up(stored)
        if isinstance(wake, InstallationWakeUp):
            KeyValues(inbox.database).add(CHANGED, wake.owner)
        if isinstance(wake, PolicyWakeUp):
            wake = _with_pushes(wake, inbox, newest)
        outcome = _taken(inbox, turns, wake, stored) if wake else TurnOutcome(ignored="not for us")
    except StaleReadError as error:
        log.info("%s: looked at again in %.0f s", error, error.seconds)
        inbox.put_off(delivery, error.seconds, STALE, waits=stored.waits)
        return {"put off": error.seconds}
    except RefusalError as error:
        return _refused(inbox, stored, error, undone)
    except LaterError as error:
        is_known = isinstance(error, WaitError)
        seconds = _spread(error.seconds, stored.product) if is_known else max(error.seconds, _backoff(stored))
        return _put_off(inbox, delivery, seconds, "limit" if is_known else "github", safe(error))
    except ConflictError:
        return _put_off(inbox, delivery, _backoff(stored), "conflict", "another turn was quicker")
    except sa.exc.OperationalError:
        raise  # the database is away: nothing can be recorded, not even a failure
    except MalformedDeliveryError as error:
        return _park(inbox, delivery, safe(error))
    except Exception as error:  # noqa: BLE001 - logged and counted
        return _failed(inbox, stored, error)
    if undone:
        undone.over(_subject(stored), REFUSALS)
    kinds = [type(effect).__name__ for effect in outcome.effects]
    inbox.close(delivery, outcome_text(outcome), stored.product, 0 if outcome.ignored else newest, kinds)
    return {"done": True}


def _failed(inbox: Inbox, stored: Stored, error: Exception) -> dict[str, Any]:
    """Most likely a bug of ours."""
    log.error("failure %d of %d", stored.failures + 1, BUGS, exc_info=error)
    if stored.failures + 1 >= BUGS:
        return _park(inbox, stored.delivery, brief(error))
    inbox.put_off(stored.delivery, 2.0 ** (stored.failures + 1), "failure", is_failure=True)
    return {"put off": type(error).__name__}


def _refused(inbox: Inbox, stored: Stored, error: RefusalError, undone: UndoneEffects | None) -> dict[str, Any]:
    """Most refusals end when an administrator acts: the delivery is retried for hours, and the refusal is told."""
    refusal = refusal_of(error)
    if refusal is None:
        return _failed(inbox, stored, error)
    if undone:
        undone.met(refusal.kind, _subject(stored), refusal.said)
    seconds = min(REFUSED_S * 2.0 ** min(stored.waits.get(REFUSED, 0), 10), REFUSED_LONGEST_S)
    log.warning("GitHub refuses, tried again in %.0f s: %s", seconds, refusal.said)
    inbox.put_off(stored.delivery, seconds, REFUSED, waits=stored.waits)
    return {"put off": seconds}


def _subject(stored: Stored) -> str:
    """The repository a delivery is about, or the organisation when it names no repository."""
    payload = json.loads(stored.payload)
    if stored.event in INTERNAL:
        return str(payload["repository"])
    place = payload.get("repository") or {}
    return str(place.get("full_name") or (payload.get("organization") or {}).get("login") or "")


def _settled(inbox: Inbox, stored: Stored) -> dict[str, Any] | None:
    """What to tell the administrator about a delivery that led to no turn."""
    if stored.is_done:
        return {"done": "handled by another turn"}
    if stored.attempts > DEATHS:
        return _park(inbox, stored.delivery, f"{KILLED} {stored.attempts - 1} times during this turn")
    if culprit := inbox.deaths.culprit(stored.product):
        return _aside(inbox, stored, culprit)
    if seconds := inbox.waits_for(stored):
        return _put_off(inbox, stored.delivery, seconds, ORDER, "an older delivery waits")
    return None


def _aside(inbox: Inbox, stored: Stored, culprit: str) -> dict[str, Any]:
    """The other deliveries of the same product would most likely kill the process too, once for each comment."""
    why = f"the turns of this product ended the process: replay {culprit} first"
    if stored.event not in INTERNAL:
        return _park(inbox, stored.delivery, why)
    inbox.close(stored.delivery, json.dumps({"ignored": why}))
    return {"done": why}


def _put_off(inbox: Inbox, delivery: str, seconds: float, why: str, told_why: str) -> dict[str, Any]:
    log.info("put off %.1f s: %s", seconds, told_why)
    inbox.put_off(delivery, seconds, why)
    return {"put off": seconds}


def _taken(inbox: Inbox, turns: Turns, wake: WakeUp, stored: Stored) -> TurnOutcome:
    """A turn that killed its process before has got further than last time as soon as it has changed something."""
    forgive = (lambda: inbox.deaths.forgive(stored.delivery)) if stored.attempts > 1 else _nothing
    return turns.take(replace(wake, tried=stored.waits.get(STALE, 0)), stored.delivery, forgive)


def _with_pushes(wake: PolicyWakeUp, inbox: Inbox, up_to: int) -> PolicyWakeUp:
    """With what pushes told of: those this turn answers as well, and those that a copy may not show yet."""
    told = (wake_up("push", json.loads(payload)) for payload in inbox.lately(wake.key, "push", up_to, PUSHED_S))
    for push in told:
        if isinstance(push, PolicyWakeUp):
            commons = wake.commons | push.commons
            wake = replace(wake, told=wake.told | push.told, catalogue=wake.catalogue | push.catalogue, commons=commons)
    return wake


def _nothing() -> None:
    """For turns whose progress nobody needs to hear of."""


def _wake_up(stored: Stored) -> WakeUp | None:
    payload = json.loads(stored.payload)
    return own_wake_up(stored.event, payload) if stored.event in INTERNAL else wake_up(stored.event, payload)


def _park(inbox: Inbox, delivery: str, why: str) -> dict[str, Any]:
    log.error("put aside until replayed: %s", why)
    inbox.park(delivery, why)
    return {"parked": why}


def _backoff(stored: Stored) -> float:
    return min(2.0 ** min(stored.tries, 10), LONGEST_WAIT_S)


def _spread(seconds: float, product: str) -> float:
    """Spread by product: those that wait for the same limit do not all come back at the same instant."""
    return seconds + zlib.crc32(product.encode()) % (SPREAD_S * 10) / 10


def outcome_text(outcome: TurnOutcome) -> str:
    """What a turn did, as stored beside its delivery."""
    if outcome.ignored:
        return json.dumps({"ignored": outcome.ignored}, ensure_ascii=False)
    effects = [told_effect(effect) for effect in outcome.effects]
    return json.dumps({"facts": outcome.facts, "effects": effects}, ensure_ascii=False)


def told_effect(effect: Effect) -> tuple[str, str]:
    """The kind of an effect and what it is about, without any sentence."""
    match effect:
        case ChangeLabels():
            detail = " ".join((*(f"+{label}" for label in effect.add), *(f"-{label}" for label in effect.remove)))
        case PlaceCard():
            detail = effect.column
        case FillCard():
            detail = ", ".join(fill.name for fill in effect.fills)
        case PostComment() | EditComment():
            detail = effect.message.key
        case RemoveComment():
            detail = f"{effect.comment} {effect.why}"
        case React() | TakeBack():
            detail = effect.content
        case HideComment() | ShowComment():
            detail = str(effect.comment)
        case _:
            detail = ""
    return type(effect).__name__, detail
