"""Ends a process that stands still: its supervisor starts another, and what it was doing is taken up again.

A loop written in C, such as a regular expression, keeps the interpreter's lock and stops every thread of Python: the
timer of faulthandler, which is C too and needs no lock, ends the process then. This thread sets it anew at each round.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import socket
import sys
import threading
import time
from contextlib import suppress

from app.engine.pulse import Pulse

log = logging.getLogger(__name__)
EVERY_S = 5.0
FROZEN_S = 40.0
"""Seconds without a round of this thread, which has almost nothing to do: the process is frozen."""
STOPPED_S = 90.0
"""How long a part may have stopped before the process is ended: long enough for the alert to be noticed."""
STANDS_STILL = 75
"""Our exit code. When the interpreter itself is frozen, faulthandler exits with 1."""


class Supervisor:
    """Messages to systemd for a service of Type=notify; they go nowhere when systemd did not start us."""

    def __init__(self, address: str = "") -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def say(self, *lines: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto("\n".join(lines).encode(), self._address)


class Watchdog:
    """One per process that serves or works."""

    def __init__(
        self,
        pulse: Pulse,
        supervisor: Supervisor,
        *,
        every_s: float = EVERY_S,
        frozen_s: float = FROZEN_S,
        stopped_s: float = STOPPED_S,
    ) -> None:
        self._pulse, self._supervisor = pulse, supervisor
        self._every_s, self._frozen_s, self._stopped_s = every_s, frozen_s, stopped_s
        self._over = threading.Event()
        self._since: dict[str, float] = {}

    def start(self) -> None:
        """Start before anything else: the very first turn may freeze the process."""
        if sys.__stderr__:
            faulthandler.enable(sys.__stderr__)  # systemd sends SIGABRT to a service that does not answer it
        self._arm()
        threading.Thread(target=self._run, name="jalon-watchdog", daemon=True).start()

    def ready(self) -> None:
        """Tell systemd that everything is started; from now on it expects regular signs."""
        self._supervisor.say("READY=1", "STATUS=en marche", "WATCHDOG=1")

    def stop(self) -> None:
        """Tell systemd that the process is stopping; it then waits as long as its own settings say."""
        self._over.set()
        faulthandler.cancel_dump_traceback_later()
        self._supervisor.say("STOPPING=1")

    def _arm(self) -> None:
        if sys.__stderr__:
            faulthandler.dump_traceback_later(self._frozen_s, exit=True, file=sys.__stderr__)

    def _run(self) -> None:
        looked = time.monotonic()
        while not self._over.wait(self._every_s):
            late, looked = time.monotonic() - looked - self._every_s, time.monotonic()
            if late > self._frozen_s:
                self._end("this process")  # the process was suspended by the system, and faulthandler's timer with it
            self._look()

    def _look(self) -> None:
        self._arm()
        now = time.monotonic()
        self._since = {name: self._since.get(name, now) for name in self._pulse.stopped()}
        for name, since in self._since.items():
            if since == now:
                log.critical("stands still: %s; this process ends in %.0f s if it stays so", name, self._stopped_s)
            elif now - since > self._stopped_s:
                self._end(name)
        self._supervisor.say("WATCHDOG=1")

    def _end(self, name: str) -> None:
        log.critical("%s has stood still for too long: this process ends; the stacks of its threads follow", name)
        if sys.__stderr__:
            faulthandler.dump_traceback(sys.__stderr__)
            sys.__stderr__.flush()
        os._exit(STANDS_STILL)
