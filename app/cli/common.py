"""What every command of `jalon` shares: a Jalon made from the environment, or one sentence on why not."""

from __future__ import annotations

import click

from app.jalon import Jalon
from app.settings import SettingsError, read_settings


def from_environment() -> Jalon:
    """Raises click.ClickException naming every setting that is missing or wrong."""
    try:
        return Jalon(read_settings())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
