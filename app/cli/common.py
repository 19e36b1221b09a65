"""What every command of `jalon` shares: a Jalon made from the environment, a port, or one sentence on why not."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import ExitStack

import click

from app.engine import AlreadyRunningError
from app.jalon import Jalon
from app.logs import configure
from app.settings import read_settings


def from_environment() -> Jalon:
    """Raises SettingsError, TooRecentError or SQLAlchemyError, which the group of all commands tells."""
    settings = read_settings()
    configure(settings.log_format, (settings.private_key, settings.client_secret, *settings.webhook_secrets))
    return Jalon(settings)


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

    They are held together before any is let go: two taken one after the other may well be the same.
    """
    with ExitStack() as held:
        return tuple(_held(held.enter_context(socket.socket()), port, option) for option, port in asked.items())


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
