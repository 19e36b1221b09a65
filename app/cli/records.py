"""Commands about the register of decisions: export it, prove it whole."""

from __future__ import annotations

import json
import sys

import click

from app.cli.common import from_environment
from app.domain.facts import to_json


@click.group()
def register() -> None:
    """Le registre des décisions."""


@register.command("export")
def register_export() -> None:
    """Écrit chaque fait du registre, un objet JSON par ligne."""
    for entry in from_environment().register.entries():
        line = {"repository": entry.repository, "number": entry.number, "seq": entry.seq, "digest": entry.digest}
        click.echo(json.dumps(line | to_json(entry.fact), ensure_ascii=False))


@register.command("verify")
def register_verify() -> None:
    """Prouve que le registre est entier."""
    broken = from_environment().register.verify()
    click.echo("\n".join(broken) or "Le registre est entier.")
    sys.exit(1 if broken else 0)


COMMANDS = (register,)
