"""For those who watch over Jalon: is it alive, is it ready, and its figures."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Blueprint, Response
from prometheus_client import generate_latest

from app.store.counters import Counters
from app.store.policy_store import PolicyStore
from app.store.troubles import Trouble
from app.web.services import plain, services

routes = Blueprint("watch", __name__)


@routes.get("/healthz")
def healthz() -> Response:
    """The process is alive."""
    return plain("ok")


@routes.get("/readyz")
def readyz() -> Response:
    """One line per part; 503 when deliveries could not be stored, or would not be handled by this process's worker.

    GitHub's silence is told and is no failure, as long as nothing waits for it too long: deliveries are stored all the
    same, and handled when it answers. Nor is a policy file that cannot hold: the last good rules do.
    """
    troubles = services().health.troubles()
    lines, is_ready = [], not any(trouble.blocks for trouble in troubles)
    try:
        if any(trouble.kind == "database" for trouble in troubles):
            raise sa.exc.TimeoutError
        counts = services().inbox.counts()
        lines.append(f"database: ok, {counts['waiting']} waiting, {counts['parked']} parked")
        lines.append(f"github: {_last_answer(Counters(services().inbox.database).last_answer())}")
        lines += _policies(PolicyStore(services().inbox.database).states())
    except sa.exc.SQLAlchemyError:
        lines.append("database: does not answer")
        is_ready = False
    worker = services().worker
    if worker is None:
        lines.append("worker: in another process")
    else:
        lines.append("worker: ok" if worker.is_alive else "worker: stopped")
        is_ready = is_ready and worker.is_alive
    lines += map(_line, troubles)
    return plain("\n".join(lines), 200 if is_ready else 503)


def _line(trouble: Trouble) -> str:
    """French first; what GitHub or the database says of it comes last, in their own words."""
    name = f"{trouble.kind} {trouble.subject}".rstrip()
    since = datetime.fromtimestamp(trouble.since, UTC).isoformat(timespec="seconds")
    told = f"{'trouble' if trouble.blocks else 'warning'}: {name}, since {since}: {trouble.french} / {trouble.english}"
    return f"{told} ({' '.join(trouble.detail.split())})" if trouble.detail else told


def _policies(states: Mapping[str, str]) -> list[str]:
    """Only files that do not hold as they stand."""
    return [f"policy: {repository} {state}" for repository, state in states.items() if state != "good"]


def _last_answer(at: float | None) -> str:
    return "no answer yet" if at is None else f"answered {max(0, round(time.time() - at))} s ago"


@routes.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus; without its database, those of this process, and what is wrong."""
    with suppress(sa.exc.SQLAlchemyError):
        for repository in services().portfolio_cache.repositories():
            late = services().missing_digests(repository, services().now(), services().rules(repository).timezone)
            services().missing.labels(repository).set(len(late))
    return Response(generate_latest(services().figures), mimetype="text/plain; version=0.0.4")
