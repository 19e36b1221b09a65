"""The figures of Prometheus that come from the database, read when they are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.engine import Inbox
from app.engine.health import Health
from app.store.counters import Counters
from app.store.policy_store import PolicyStore

COUNTERS = {
    "turns": ("Turns by outcome", "outcome"),
    "effects": ("Changes made on GitHub by kind", "kind"),
    "retries": ("Turns put off by reason", "why"),
}


class DatabaseMetrics(Collector):
    """They cover every worker, wherever it runs."""

    def __init__(self, inbox: Inbox, health: Callable[[], Health]) -> None:
        self._inbox, self._health = inbox, health

    def describe(self) -> tuple[Metric, ...]:
        """Nothing: the registry need not read the database before it is asked for figures."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What is wrong is told in any case; the rest, when the database answers."""
        yield self._troubles()
        try:
            yield from tuple(self._read())
        except sa.exc.SQLAlchemyError:
            return

    def _troubles(self) -> Metric:
        told = "What keeps the App from its work, 1 as long as it lasts"
        family = GaugeMetricFamily("jalon_trouble", told, labels=["kind", "subject"])
        for trouble in self._health().troubles():
            family.add_metric([trouble.kind, trouble.subject], 1)
        return family

    def _read(self) -> Iterator[Metric]:
        figures = Counters(self._inbox.database)
        yield from self._queue()
        totals = figures.totals()
        for name, (what, label) in COUNTERS.items():
            family = CounterMetricFamily(f"jalon_{name}", what, labels=[label])
            for (kind, value), count in sorted(totals.items()):
                if kind == name:
                    family.add_metric([value], count)
            yield family
        yield from _github(figures)
        files = GaugeMetricFamily(
            "jalon_policy_file",
            "State of each policy file: good, flawed, absent, unreadable",
            labels=["repository", "state"],
        )
        for repository, state in PolicyStore(self._inbox.database).states().items():
            files.add_metric([repository, state], 1)
        yield files
        late = "Seconds since the last quarter of an hour at which deadlines, catch-up and reminders were looked at"
        yield GaugeMetricFamily("jalon_schedule_age_seconds", late, value=self._health().schedule_age())

    def _queue(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("jalon_inbox", "Stored deliveries by state", labels=["state"])
        for state, count in self._inbox.counts().items():
            states.add_metric([state], count)
        yield states
        age = "Seconds that the oldest delivery not handled yet has waited"
        yield GaugeMetricFamily("jalon_queue_age_seconds", age, value=self._inbox.oldest())


def _github(figures: Counters) -> Iterator[Metric]:
    labels = ["installation", "resource"]
    left = GaugeMetricFamily("jalon_github_points_left", "Points left until GitHub's next reset", labels=labels)
    most = GaugeMetricFamily("jalon_github_points_limit", "Points that GitHub gives for an hour", labels=labels)
    for owner, resource, remaining, total in figures.limits():
        left.add_metric([owner, resource], remaining)
        most.add_metric([owner, resource], total)
    yield left
    yield most
    last = figures.last_answer()
    if last is not None:
        age = "Seconds since GitHub last answered"
        yield GaugeMetricFamily("jalon_github_answer_age_seconds", age, value=max(0.0, time.time() - last))
