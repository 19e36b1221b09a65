"""The command that tells why a product is where it is, and what keeps it there."""

from __future__ import annotations

import click

from app.cli.common import from_environment
from app.cli.errors import REPOSITORY, cause
from app.cli.explained import explained
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
    known = jalon.register.numbered(number)
    found = [(product, place) for product, place in known if repository in {None, place}]
    if not found:
        where = f" dans {repository}" if repository else ""
        raise click.ClickException(f"le registre ne connaît aucun produit n° {number}{where}")
    if len(found) > 1:
        places = ", ".join(sorted(place for _, place in found))
        raise click.ClickException(f"plusieurs produits portent le n° {number} ({places}) : précisez avec --repo")
    told, language = explained(jalon, *found[0], number, cause)
    click.echo(explain_product(told, language))


COMMANDS = (explain,)
