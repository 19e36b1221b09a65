"""Shared by the commands of `jalon`: a Jalon built from the environment, free ports, one sentence for each failure."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import click
from sqlalchemy.exc import SQLAlchemyError

from app.bootstrap import Jalon
from app.cli.errors import cause
from app.cli.here_and_now import clock, environment
from app.engine import AlreadyRunningError
from app.engine.watchdog import Supervisor
from app.logs import configure
from app.settings import Settings, read_settings
from app.store.database import passes
from app.turns.product_turn import Applier

log = logging.getLogger(__name__)
RETRY_S = 5.0


def from_environment(applier: Applier | None = None) -> Jalon:
    """With another `applier`, effects are made one by one through it.

    Raises SettingsError, TooRecentError or SQLAlchemyError, which the command group shows as one sentence.
    """
    settings, now = _settings(), clock()
    return Jalon(settings, now, applier, None) if applier else Jalon(settings, now)


def _settings() -> Settings:
    settings = read_settings(environment())
    configure(settings.log_format, settings.secrets)
    return settings


def when_possible(supervisor: Supervisor, pause: Callable[[float], None] = time.sleep) -> Jalon:
    """The same for a command that runs for ever: it waits while the disk is full or the database is away.

    If it ended, its supervisor would give up after some tries, and nobody would start Jalon again later.
    """
    settings, told = _settings(), ""
    while True:
        try:
            jalon = _that_writes(settings)
        except SQLAlchemyError as error:
            if not passes(error):
                raise
            if (why := cause(error)) != told:
                log.warning("Jalon attend pour démarrer, et réessaie toutes les %.0f secondes : %s", RETRY_S, why)
            told = why
            supervisor.say("READY=1", "WATCHDOG=1", f"STATUS=attend pour démarrer : {why}")
            pause(RETRY_S)
        else:
            if told:
                log.warning("la base répond : Jalon démarre")
            return jalon


def _that_writes(settings: Settings) -> Jalon:
    jalon = Jalon(settings)
    try:
        jalon.inbox.try_writing()
    except SQLAlchemyError:
        jalon.database.dispose()
        raise
    return jalon


def start_worker(jalon: Jalon) -> None:
    """Raises click.ClickException when another worker has this SQLite file."""
    try:
        jalon.worker.start()
    except AlreadyRunningError as error:
        message = "un autre Jalon traite déjà cette base SQLite ; plusieurs traitements demandent PostgreSQL"
        raise click.ClickException(message) from error


def stop_worker(jalon: Jalon) -> None:
    """Finish the turns in progress; those that wait for GitHub resume at the next start."""
    if not jalon.worker.stop():
        sys.stdout.flush()
        os._exit(0)


def free_ports(**asked: int) -> tuple[int, ...]:
    """The same ports, checked to be free; any free one for 0; all different. Raises click.ClickException.

    All are bound before any is released: two taken one after the other could be the same. On Linux, ports that nobody
    chose stay bound, without listening, until this process ends, so that nobody else gets them.
    """
    with ExitStack() as held:
        found = tuple(_held(held.enter_context(socket.socket()), port, option) for option, port in asked.items())
        if sys.platform == "linux" and 0 in asked.values():
            _KEPT.append(held.pop_all())
        return found


_KEPT: list[ExitStack] = []


def _held(one: socket.socket, port: int, option: str) -> int:
    named = f"--{option.replace('_', '-')}"
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", port))
        return int(one.getsockname()[1])
    except OverflowError as error:
        raise click.ClickException(f"le port {port} n’existe pas : donnez-en un autre avec {named}") from error
    except OSError as error:
        raise click.ClickException(
            f"le port {port} est déjà pris ou réservé : donnez-en un autre avec {named}"
        ) from error
