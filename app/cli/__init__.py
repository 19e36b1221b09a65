"""The `jalon` command: one group, one module per kind of work."""

from __future__ import annotations

from importlib.util import find_spec

import click

from app.cli import doctor, explain, importing, maintenance, policy, register, reports, serve, setup
from app.cli.errors import FriendlyGroup, absent
from app.logs import configure

MODULES = (
    serve,
    policy,
    register,
    setup,
    maintenance,
    explain,
    reports,
    importing,
    doctor,
)


@click.group(cls=FriendlyGroup)
def main() -> None:
    """Jalon : le comité produit sur GitHub."""
    configure("text")


for _module in MODULES:
    for _command in _module.COMMANDS:
        main.add_command(_command)
if find_spec("local_github"):
    from app.cli import trials

    for _command in trials.COMMANDS:
        main.add_command(_command)
else:
    for _name in ("demo", "sandbox"):
        main.add_command(absent(_name))
