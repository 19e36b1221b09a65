"""Commands about what exists already: what may answer a need, the catalogue checked, entries brought into it."""

from __future__ import annotations

import click

from app.cli.reuse_nearest import ByNumber, replay_command


@click.group(cls=ByNumber)
def reuse() -> None:
    """Ce qui existe déjà : les communs, les normes et les besoins proches.

    « jalon reuse N » montre les dix produits et communs les plus proches du produit N, avec leur score et la raison
    pour laquelle chacun n’est pas proposé.
    """


reuse.add_command(replay_command)
COMMANDS = (reuse,)
