"""Tells channels the committee's news, in a thread of its own: a channel that hangs or refuses delays no turn.

Those who vouch for the register are asked in the same thread, for the same reason.

What is sent is taken in the database before, and noted after: a death between the two lets one message go twice.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from app.engine.pulse import Pulse
from app.github.client import LaterError, NotFoundError
from app.messages.letters import Letter
from app.sending.channels import NotSentError, send
from app.sending.newsroom import NO_ADDRESS, TROUBLE, Newsroom
from app.sending.writer import Writer
from app.store.outbox import Outbox, Queued
from app.store.troubles import Troubles

log = logging.getLogger(__name__)
TICK_S = 5.0
Sender = Callable[[str, Letter], None]
T = TypeVar("T")


class Courier:
    """Every worker has one. `addresses` are those of the channels, by name; `beside`: what else is asked outside."""

    def __init__(
        self,
        outbox: Outbox,
        newsroom: Newsroom,
        writer: Writer,
        troubles: Troubles,
        addresses: Mapping[str, str],
        clock: Callable[[], datetime],
        pulse: Pulse,
        sender: Sender = send,
        beside: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._outbox, self._newsroom, self._writer, self._troubles = outbox, newsroom, writer, troubles
        self._addresses, self._clock, self._sender, self._beside = addresses, clock, sender, beside
        self._stop = threading.Event()
        self._day = ""
        self._part = pulse.part("notices", math.inf)
        self._part.end()  # not started yet

    def start(self) -> None:
        self._part.start(self._run)

    def stop(self) -> None:
        self._part.end()
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.tick()
            self._stop.wait(TICK_S)

    def tick(self) -> None:
        """Put what is new, then send what is due; what fails is tried again, and stops nothing."""
        self._try(self._newsroom.look)
        for channel in self._try(self._outbox.waiting) or ():
            if self._stop.is_set():
                return
            self._try(lambda one=channel: self._serve(one))  # type: ignore[misc]
        for ask in self._beside:
            self._try(ask)
        if (today := self._clock().date().isoformat()) != self._day:
            self._try(lambda: self._outbox.forget(self._clock().timestamp()))
            self._day = today

    def _try(self, act: Callable[[], T | None]) -> T | None:
        try:
            return act()
        except (LaterError, NotFoundError, sa.exc.SQLAlchemyError) as error:
            log.warning("notices put off: %s", type(error).__name__)
        except Exception:
            log.exception("notices failed")
        return None

    def _serve(self, channel: str) -> None:
        """The next message of a channel, if it is time."""
        found = self._outbox.take(channel, self._clock().timestamp())
        if not found:
            return
        address = self._addresses.get(channel, "")
        if not address:
            self._miss(channel, found, NO_ADDRESS)
            return
        try:
            self._sender(address, self._writer.letter(found))
        except NotSentError as error:
            self._miss(channel, found, str(error))
        except (LaterError, NotFoundError) as error:
            self._miss(channel, found, f"GitHub : {type(error).__name__}")
        except Exception as error:
            log.exception("the message of a channel could not be written")
            self._miss(channel, found, type(error).__name__)
        else:
            self._outbox.said(found, self._clock().timestamp())
            self._troubles.clear(TROUBLE, channel)
            log.info("channel %s: told %d pieces of news", channel, len(found))

    def _miss(self, channel: str, found: Sequence[Queued], why: str) -> None:
        given_up = self._outbox.missed(found, self._clock().timestamp())
        if given_up:
            log.error("channel %s: %d pieces of news given up after three days", channel, len(given_up))
        self._troubles.note(TROUBLE, channel, why)
