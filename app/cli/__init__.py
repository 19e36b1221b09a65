"""The `jalon` command: one group, one module per kind of work."""

from __future__ import annotations

import click

from app.cli import (
    doctoring,
    explaining,
    importing,
    installing,
    records,
    reports,
    rules,
    running,
    upkeep,
)
from app.cli.mistakes import Told
from app.logs import configure

MODULES = (
    running,
    rules,
    records,
    installing,
    upkeep,
    explaining,
    reports,
    importing,
    doctoring,
)


@click.group(cls=Told)
def main() -> None:
    """Jalon : le comité produit sur GitHub."""
    configure("text")


for _module in MODULES:
    for _command in _module.COMMANDS:
        main.add_command(_command)
