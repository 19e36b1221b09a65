"""What every command of `jalon` shares: a Jalon made from the environment, a port, or one sentence on why not."""

from __future__ import annotations

import socket

import click

from app.jalon import Jalon
from app.settings import SettingsError, read_settings


def from_environment() -> Jalon:
    """Raises click.ClickException naming every setting that is missing or wrong."""
    try:
        return Jalon(read_settings())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def free_port(port: int, option: str) -> int:
    """The same port, known to be free, or any free one for 0; raises click.ClickException saying what to do."""
    try:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            return int(one.getsockname()[1])
    except OverflowError as error:
        raise click.ClickException(f"le port {port} n’existe pas : donnez-en un autre avec {option}") from error
    except OSError as error:
        raise click.ClickException(
            f"le port {port} est déjà pris ou réservé : donnez-en un autre avec {option}"
        ) from error
