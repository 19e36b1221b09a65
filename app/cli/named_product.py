"""The product that a command names by its number, in the one repository that holds it or the one that is given."""

from __future__ import annotations

import click

from app.bootstrap import Jalon


def named_product(jalon: Jalon, number: int, repository: str | None) -> tuple[str, str]:
    """Its node id and where it is today; raises click.ClickException when there is none, or more than one."""
    known = jalon.register.numbered(number)
    found = [(product, place) for product, place in known if repository in {None, place}]
    if not found:
        where = f" dans {repository}" if repository else ""
        raise click.ClickException(f"le registre ne connaît aucun produit n° {number}{where}")
    if len(found) > 1:
        places = ", ".join(sorted(place for _, place in found))
        raise click.ClickException(f"plusieurs produits portent le n° {number} ({places}) : précisez avec --repo")
    return found[0]
