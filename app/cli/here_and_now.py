"""Where and when a command runs: this machine and this instant, unless whoever runs it in its own process says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import click

from app.bootstrap import utc_now
from app.demo import running


@dataclass(frozen=True)
class HereAndNow:
    """Handed to a command as click's `obj`: nothing typed in a terminal, and no setting, makes one."""

    environment: Callable[[], Mapping[str, str]]
    clock: Callable[[], datetime]


def environment() -> Mapping[str, str]:
    """Raises SettingsError when a demonstration has ended without taking its settings back."""
    given = _given()
    return given.environment() if given else running.demo_environment()


def now() -> datetime:
    return clock()()


def clock() -> Callable[[], datetime]:
    given = _given()
    return given.clock if given else utc_now


def _given() -> HereAndNow | None:
    context = click.get_current_context(silent=True)
    return context.find_object(HereAndNow) if context else None
