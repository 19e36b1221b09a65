"""A safety net: a delivery whose workflow has ended or was lost is queued again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from app.engine.inbox import QUEUE, Inbox
from app.engine.pulse import Pulse
from app.store.schema import FACTS, INBOX, PLACES

log = logging.getLogger(__name__)
EVERY_S = 15.0
LIMIT_S = 180.0
LIVING = {"ENQUEUED", "DELAYED", "PENDING"}


class StuckDeliveries:
    """DBOS ends a workflow in error when its database fails between two steps (disk full, server gone).

    A delivery must be found stuck by two rounds: a workflow may end between our two queries of one round.
    """

    def __init__(self, inbox: Inbox, executor: str, present: Callable[[], Collection[str]], pulse: Pulse) -> None:
        self._inbox, self._executor, self._present = inbox, executor, present
        self._suspects: set[str] = set()
        self._stop = threading.Event()
        self._part = pulse.part("repairs", LIMIT_S)

    def start(self) -> None:
        self._part.start(self._run)

    def stop(self) -> None:
        self._part.end()
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            self._part.beat()
            try:
                self.look()
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("deliveries could not be reviewed: %s", type(error).__name__)

    def look(self) -> int:
        """One round; returns how many deliveries were queued again."""
        waiting = {workflow: delivery for delivery, workflow in self._inbox.unfinished()}
        found = DBOS.list_workflows(workflow_ids=list(waiting), load_input=False, load_output=False) if waiting else []
        states = {state.workflow_id: state for state in found}
        self._hasten(states)
        present = self._present()
        abandoned = {
            workflow
            for workflow in waiting
            if workflow not in states
            or states[workflow].status not in LIVING
            or (
                states[workflow].status == "PENDING"
                and states[workflow].executor_id == self._executor
                and workflow not in present
            )
        }
        again = abandoned & self._suspects
        self._suspects = abandoned - again
        in_order = [workflow for workflow in waiting if workflow in again]
        return sum(self._revive(workflow, waiting[workflow], states.get(workflow)) for workflow in in_order)

    def _hasten(self, states: Mapping[str, Any]) -> None:
        """After the clock was set back, a delivery put off for a second would wait for an hour: make it due now."""
        for workflow in self._inbox.from_the_future():
            if workflow in states and states[workflow].status == "DELAYED":
                DBOS.set_workflow_delay(workflow, delay_seconds=0.1)

    def _revive(self, workflow: str, delivery: str, state: object) -> int:
        stored = self._inbox.read(delivery)
        if stored is None or stored.is_done:
            return 0
        log.warning("nothing worked on this delivery any more: queued again", extra={"delivery": delivery})
        if getattr(state, "status", "") == "PENDING":
            DBOS.resume_workflows([workflow], queue_name=QUEUE)
        else:
            self._inbox.replay(delivery, forgive=False)
        return 1


def parked_in(database: sa.Engine, repository: str, followed: Collection[str]) -> int:
    """Deliveries put aside that concern one repository; all of them when no other is followed, since some tell of no
    product.
    """
    query = sa.select(sa.func.count()).select_from(INBOX).where(INBOX.c.parked == 1)
    if set(followed) - {repository}:
        place = sa.func.coalesce(PLACES.c.repository, FACTS.c.repository)
        joined = FACTS.outerjoin(PLACES, PLACES.c.product == FACTS.c.product)
        here = sa.select(FACTS.c.product).select_from(joined).where(FACTS.c.seq == 1, place == repository)
        keys = [f"{kind}:{repository}" for kind in ("rules", "labels")]
        query = query.where(sa.or_(INBOX.c.product.in_(here), INBOX.c.product.in_(keys)))
    with database.connect() as connection:
        return int(connection.execute(query).scalar() or 0)
