"""Commands about what exists already: what may answer a need, the catalogue checked, entries brought into it."""

from __future__ import annotations

import click


@click.group()
def reuse() -> None:
    """Ce qui existe déjà : les communs, les normes et les besoins proches."""


COMMANDS = (reuse,)
