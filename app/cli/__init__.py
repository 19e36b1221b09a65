"""The `jalon` command: one group, one module per kind of work, loaded when one of its commands is asked for."""

from __future__ import annotations

import gc
from importlib import import_module
from importlib.util import find_spec

import click

from app.cli.errors import FriendlyGroup, absent_command
from app.logs import configure

MODULES = {
    "serve": "serve",
    "worker": "serve",
    "policy": "policy",
    "register": "register",
    "seal": "seal",
    "notices": "notices",
    "reuse": "reuse",
    "setup": "setup",
    "sweep": "maintenance",
    "replay": "maintenance",
    "explain": "explain",
    "digest": "reports",
    "agenda": "agenda",
    "import": "importing",
    "doctor": "doctor",
    "witness": "witness",
    "sandbox": "trials",
    "demo": "trials",
}
"""The module of each command: whoever starts the App waits neither for the local GitHub nor for spreadsheets."""
OTHER_WORDS = {"temoin": "witness", "témoin": "witness"}
"""What people type in their own language; told in no list, so that each command has one name."""
SEARCHES = 50_000, 20, 20
"""Values made since the last search for cycles among the new; such searches before one among the older, and so on."""
TRIALS = "trials"
"""Left out with the local GitHub, by an installation that does without."""


class _Commands(FriendlyGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own words
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        return command(name)


def command(name: str) -> click.Command | None:
    """The command of that name; None when there is none."""
    name = OTHER_WORDS.get(name, name)
    module = MODULES.get(name)
    if module == TRIALS and not find_spec("local_github"):
        return absent_command(name)
    found = import_module(f"app.cli.{module}").COMMANDS if module else ()
    return next((one for one in found if one.name == name), None)


@click.group(cls=_Commands)
def main() -> None:
    """Jalon : le comité produit sur GitHub."""
    configure("text")
    if not gc.get_freeze_count():
        spare_the_collector()


def spare_the_collector() -> None:
    """What was imported stays until the end, and what is read by thousands holds no cycle: neither is searched often.

    Each search through all that was imported takes a tenth of a second; those begun at Python's own pace, every seven
    hundred values, were a sixth of the digest of ten thousand products.
    """
    gc.freeze()
    gc.set_threshold(*SEARCHES)
