"""The command that tells why a product is where it is, and what keeps it there."""

from __future__ import annotations

import click

from app.cli.common import from_environment
from app.cli.errors import REPOSITORY, cause
from app.cli.explained import explanation_of
from app.cli.named_product import named_product
from app.messages import explain_product


@click.command()
@click.argument("number", type=int, metavar="N")
@click.option(
    "--repo",
    "repository",
    type=REPOSITORY,
    help="Le dépôt du produit, par exemple dnum/produits, s’il y en a plusieurs.",
)
def explain(number: int, repository: str | None) -> None:
    """Dit pourquoi le produit N en est là, et ce qui le bloque."""
    jalon = from_environment()
    told, language = explanation_of(jalon, *named_product(jalon, number, repository), number, cause)
    click.echo(explain_product(told, language))


COMMANDS = (explain,)
