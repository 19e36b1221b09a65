"""What every command of `jalon` shares: a Jalon made from the environment, a port, or one sentence on why not."""

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
from app.demo import running
from app.engine import AlreadyRunningError
from app.engine.watchdog import Supervisor
from app.logs import configure
from app.settings import Settings, read_settings
from app.store.database import passes
from app.turns.product_turn import Applier

log = logging.getLogger(__name__)
RETRY_S = 5.0


def from_environment(applier: Applier | None = None) -> Jalon:
    """With another `applier`, changes are made one by one, as it makes them.

    Raises SettingsError, TooRecentError or SQLAlchemyError, which the group of all commands tells.
    """
    return Jalon(_settings(), applier=applier, together=None) if applier else Jalon(_settings())


def _settings() -> Settings:
    settings = read_settings(running.environment())
    configure(settings.log_format, (settings.private_key, settings.client_secret, *settings.webhook_secrets))
    return settings


def when_possible(supervisor: Supervisor, pause: Callable[[float], None] = time.sleep) -> Jalon:
    """The same, for what runs for ever: a full disk or a server that is away will pass, and is waited for.

    Ending would make the supervisor give up after some tries, and nobody start Jalon again once the cause is gone.
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
            supervisor.say("READY=1", "WATCHDOG=1", f"STATUS=attend pour démarrer : {why}")
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
        message = "un autre Jalon traite déjà cette base SQLite ; plusieurs traitements demandent PostgreSQL"
        raise click.ClickException(message) from error


def stop_worker(jalon: Jalon) -> None:
    """Finish the turns under way; those that wait for GitHub resume at the next start."""
    if not jalon.worker.stop():
        sys.stdout.flush()
        os._exit(0)


def free_ports(**asked: int) -> tuple[int, ...]:
    """The same ports, known to be free, or any free one for 0, all different; raises click.ClickException.

    They are held together before any is let go: two taken one after the other may well be the same. On Linux those
    that nobody named stay bound, without listening, until this process ends: nobody else is given them meanwhile.
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
        raise click.ClickException(f"le port {port} n’existe pas : donnez-en un autre avec {named}") from error
    except OSError as error:
        raise click.ClickException(
            f"le port {port} est déjà pris ou réservé : donnez-en un autre avec {named}"
        ) from error
