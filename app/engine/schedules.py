"""What a worker does at fixed hours: missed deliveries, reminders, rules, deadlines, the nightly sweep."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from dbos import DBOS

from app.engine.catalogue_watch import CatalogueWatch
from app.engine.catchup import CatchUp
from app.engine.inbox import QUEUE, Inbox
from app.engine.installation_watch import CHANGED, InstallationWatch
from app.engine.pulse import Busy, Pulse
from app.engine.reminders import Reminders
from app.engine.seal_watch import SealWatch
from app.engine.sweep import Sweep
from app.github.client import LaterError, NotFoundError
from app.store.key_values import SWEEPS, KeyValues
from app.store.shown_seals import ShownSeals

log = logging.getLogger(__name__)
TICK_S = 5.0
CATCH_UP_MINUTES = 15
FIRST_LOOK_S = 10.0
"""How long the first turn of a process waits for what GitHub shows of the seal."""
CLAIMED = "catch-up at"
"""Note of the last quarter of an hour that was begun."""
NIGHT_HOUR = 2
"""UTC: three or four o'clock in Paris."""
PAYLOADS = timedelta(days=30)
WORKFLOWS = timedelta(days=7)
AT_ONCE = 500
LONG = {"catch-up", "reminders", "sweep", "retention", "checks"}
"""Tasks that read a lot from GitHub; each runs at an hour of its own."""
TRYING, DEATHS = "trying ", 3
"""Note of a task begun, with how often it ended with its process today; and how many times are enough."""
COMPUTES_S = 300.0
"""Seconds of processor after which one task counts as endless. A sweep of thousands of products may take hours, as long
as it shows progress.
"""


class Schedules:
    """Every worker has one; a task to be done once for all workers is claimed through the notes."""

    def __init__(
        self,
        inbox: Inbox,
        notes: KeyValues,
        sweep: Sweep,
        catch_up: CatchUp,
        clock: Callable[[], datetime],
        reminders: Reminders | None = None,
        pulse: Pulse | None = None,
        standing: InstallationWatch | None = None,
        busy: Busy | None = None,
        catalogues: CatalogueWatch | None = None,
        seals: ShownSeals | None = None,
        seal_watch: SealWatch | None = None,
    ) -> None:
        self._inbox, self._notes, self._sweep, self._catch_up, self._clock = inbox, notes, sweep, catch_up, clock
        self._reminders, self._standing, self._catalogues, self._seals = reminders, standing, catalogues, seals
        self._stop, self._seal_watch = threading.Event(), seal_watch
        self._is_first = True
        self._owes_sweep = False
        """Whether this night's sweep could not start: it is tried again each quarter of an hour."""
        self._unread: set[str] = set()
        """Repositories that the last sweep could not read completely."""
        pulse, self._busy = pulse or Pulse(), busy or Busy(COMPUTES_S, math.inf)
        pulse.watch(self._busy, "schedules: ")
        self._part = pulse.part("schedules", math.inf)
        self._part.end()  # not started yet

    def start(self) -> None:
        self._part.start(self._run)

    def begin(self) -> None:
        """What comes before the first turn of a process. A GitHub that is slow does not keep pages and deliveries from
        being served: it is asked again within seconds.
        """
        if self._seal_watch and self._seal_watch.is_due:
            looking = threading.Thread(target=self._look_at_seals, name="jalon-seal", daemon=True)
            looking.start()
            looking.join(FIRST_LOOK_S)

    def _look_at_seals(self) -> None:
        if self._seal_watch:
            self._try("first seal", self._seal_watch.begin)

    def stop(self) -> None:
        self._part.end()
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.tick()
            self._stop.wait(TICK_S)

    def tick(self) -> None:
        """Run whatever is due now; what fails is tried again at its next hour, and does not stop the rest."""
        now = self._clock()
        quarter = now.replace(minute=now.minute - now.minute % CATCH_UP_MINUTES, second=0, microsecond=0)
        half_minute = now.replace(second=now.second // 30 * 30, microsecond=0)
        if self._standing and (self._claims("register at", half_minute.isoformat()) or self._is_first):
            self._try("register", self._standing.verify)
        self._look_at_seals()
        is_installed_anew = self._standing and self._try("notes", lambda: self._notes.get(CHANGED))
        if self._is_first or is_installed_anew:
            # Before all that reads much: a product filed meanwhile would be compared with nothing.
            self._try("catalogues", self._wake_begun_catalogues)
        self._try("deadlines", self._sweep.wake_due)
        if self._claims(CLAIMED, quarter.isoformat()) or self._is_first:
            self._try("catch-up", self._catch_up.run)
            self._try("sweep", self.sweep if self._owes_sweep else lambda: self._wake_stale(sorted(self._unread)))
            if self._reminders:
                self._try("reminders", self._reminders.run)
            if self._standing:
                self._try("webhook", self._standing.listen)
                self._try("checks", self._standing.check)
            self._try("catalogues", lambda: self._wake_catalogues(changed=True))
            if self._seal_watch:
                self._try("seal", self._seal_watch.settle)
            if self._seals and self._claims("seal of the day", now.date().isoformat()):
                self._try("seal", self._seals.today)
        if self._claims("rules at", now.replace(second=0, microsecond=0).isoformat()) or self._is_first:
            self._try("rules", lambda: self._sweep.read_rules(anew=self._is_first))
            self._try("installations", self._look)
            self._try("catalogues", self._wake_catalogues)
        elif is_installed_anew:
            self._try("installations", self._look)
        self._try("rules", self._sweep.wake_changed_rules)
        self._try("asked sweeps", lambda: self._wake_stale(self._notes.take(SWEEPS)))
        self._each_night(now)
        self._is_first = False

    def _each_night(self, now: datetime) -> None:
        night = (now - timedelta(hours=NIGHT_HOUR)).date().isoformat()
        if not self._notes_known("night"):
            self._claims("night", night)  # on a new installation the first day is an ordinary one: no sweep at once
        elif self._claims("night", night):
            self._try("sweep", self.sweep)
            if self._seal_watch:
                self._try("seal", self._seal_watch.look)
            self._try("retention", self.forget)

    def _wake_catalogues(self, *, changed: bool = False) -> None:
        if self._catalogues:
            self._sweep.wake_rules(self._catalogues.changed() if changed else self._catalogues.unread())

    def _wake_begun_catalogues(self) -> None:
        if self._catalogues:
            self._sweep.wake_rules(self._catalogues.begun())

    def _look(self) -> None:
        if self._standing:
            self._standing.look()

    def _notes_known(self, name: str) -> bool:
        return bool(self._try("notes", lambda: self._notes.get(name)))

    def _claims(self, name: str, value: str) -> bool:
        return bool(self._try("notes", lambda: self._notes.claim(name, value)))

    def _try(self, what: str, act: Callable[[], object]) -> object:
        self._busy.begin(what)
        try:
            return self._surviving(what, act) if what.partition(" ")[0] in LONG else act()
        except (LaterError, NotFoundError, sa.exc.SQLAlchemyError) as error:
            log.warning("%s put off: %s", what, type(error).__name__)
        except Exception:
            log.exception("%s failed", what)
        finally:
            self._busy.end(what)
        return None

    def _surviving(self, what: str, act: Callable[[], object]) -> object:
        """Counted before the task starts: one that kills its process each time is left aside until the next day."""
        name, today = f"{TRYING}{what}", self._clock().date().isoformat()
        day, _, deaths = self._notes.get(name).partition(" ")
        tried = int(deaths) if day == today and deaths.isdecimal() else 0
        if tried >= DEATHS:
            log.error("%s is left aside until tomorrow: this process, or others, ended %d times at it", what, tried)
            return None
        self._notes.set(name, f"{today} {tried + 1}")
        try:
            return act()
        finally:
            self._notes.set(name, "")

    def sweep(self) -> int:
        """Wake every product whose issue differs from what it should show; raises LaterError."""
        self._owes_sweep = True
        self._sweep.wake_rules(self._sweep.files())
        repositories = self._sweep.repositories()
        self._sweep.wake_labels(repositories)
        self._owes_sweep = False
        woken = self._wake_stale(repositories)
        log.info("nightly sweep: %d products to look at again", woken)
        return woken

    def _wake_stale(self, repositories: Iterable[str]) -> int:
        """A repository that cannot be read does not keep the others from being swept; it is tried again soon."""
        woken = 0
        for repository in repositories:
            self._unread.add(repository)
            found = self._try(f"sweep of {repository}", lambda one=repository: self._wake_those_of(one))  # type: ignore[misc]
            woken += found if isinstance(found, int) else 0
        return woken

    def _wake_those_of(self, repository: str) -> int:
        woken = sum(1 for _ in self._sweep.wake(self._sweep.stale(repository), self._pause))
        self._unread.discard(repository)
        return woken

    def _pause(self) -> bool:
        self._busy.sign()
        return not self._stop.wait(1)

    def forget(self) -> int:
        """Delete what nobody needs any more: old payloads and finished workflows. Ids and facts are kept for ever."""
        dropped = self._inbox.drop_payloads((self._clock() - PAYLOADS).timestamp())
        before = (self._clock() - WORKFLOWS).isoformat()
        while True:
            ended = DBOS.list_workflows(
                status=["SUCCESS", "ERROR", "CANCELLED"],
                completed_before=before,
                queue_name=QUEUE,
                limit=AT_ONCE,
                load_input=False,
                load_output=False,
            )
            if not ended:
                return dropped
            DBOS.delete_workflows([state.workflow_id for state in ended])
            self._busy.sign()
