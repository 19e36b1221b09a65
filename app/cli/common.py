"""What every command of `jalon` shares: a Jalon made from the environment, a port, or one sentence on why not."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import click

from app.jalon import Jalon
from app.settings import SettingsError, read_settings


def from_environment() -> Jalon:
    """Raises click.ClickException naming every setting that is missing or wrong."""
    try:
        return Jalon(read_settings())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


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
