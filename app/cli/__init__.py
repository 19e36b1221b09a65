"""The `jalon` command: one group, one module per kind of work."""

from __future__ import annotations

import logging

import click

from app.cli import installing, records, rules, running


@click.group()
def main() -> None:
    """Jalon : le comité produit sur GitHub."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")


for _command in (*running.COMMANDS, *rules.COMMANDS, *records.COMMANDS, *installing.COMMANDS):
    main.add_command(_command)
