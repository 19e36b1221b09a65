"""Commands about the register of decisions: export it, prove it whole, rebuild it from GitHub alone."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

import click

from app.cli.common import from_environment
from app.cli.mistakes import REPOSITORY, Failed, explain_loss, tried
from app.domain.facts import to_json
from app.github.read import every_issue
from app.register import Entry
from app.tables import csv_lines


@click.group()
def register() -> None:
    """Le registre des décisions."""


COLUMNS = ("dépôt", "produit", "rang", "date", "par", "fait", "passage", "détail", "empreinte")


@register.command("export")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "json", "csv"]),
    default="jsonl",
    show_default=True,
    help="Un objet JSON par ligne, un tableau JSON, ou un tableau pour tableur.",
)
def register_export(shape: str) -> None:
    """Écrit chaque fait du registre, produit par produit, dans l’ordre."""
    entries = from_environment().register.entries()
    if shape == "csv":
        for line in csv_lines(COLUMNS, map(_row, entries)):
            click.echo(line, nl=False)
        return
    objects = (json.dumps(_object(entry), ensure_ascii=False) for entry in entries)
    if shape == "jsonl":
        for text in objects:
            click.echo(text)
        return
    opening = "["
    for text in objects:
        click.echo(f"{opening}\n{text}", nl=False)
        opening = ","
    click.echo("[]" if opening == "[" else "\n]")


def _object(entry: Entry) -> dict[str, Any]:
    place = {"repository": entry.repository, "number": entry.number, "seq": entry.seq, "digest": entry.digest}
    return place | to_json(entry.fact)


def _row(entry: Entry) -> tuple[object, ...]:
    fact = to_json(entry.fact)
    kind, at, by = fact.pop("kind"), fact.pop("at"), fact.pop("by")
    gate = fact.pop("gate", "")
    detail = json.dumps({name: value for name, value in fact.items() if name != "cause"}, ensure_ascii=False)
    return (entry.repository, entry.number, entry.seq, at, by, kind, gate, detail, entry.digest)


@register.command("verify")
def register_verify() -> None:
    """Prouve que le registre est entier."""
    broken = from_environment().register.verify()
    for flaw in broken:
        click.echo(f"{flaw.repository}#{flaw.number} : le fait n° {flaw.seq} manque ou a été modifié.")
    click.echo("Restaurez une sauvegarde de la base." if broken else "Le registre est entier.")
    sys.exit(1 if broken else 0)


@register.command("rebuild")
@click.option("--repo", "repository", type=REPOSITORY, help="Un seul dépôt, par exemple dnum/produits ; tous sinon.")
def register_rebuild(repository: str | None) -> None:
    """Reconstruit le registre à partir des commentaires de Jalon sur GitHub ; n’efface et ne remplace jamais rien."""
    jalon = from_environment()
    restored, spoilt = 0, 0
    for name in (repository,) if repository else jalon.client.repositories():
        for _, number in every_issue(jalon.client, name):
            place = f"{name}#{number}"
            found = tried(partial(jalon.turns.rebuild, name, number, jalon.reminded.take_back), place)
            if isinstance(found, Failed):
                spoilt += 1
                told = explain_loss(name, number, found.flaws) if found.flaws else f"{place} : {found.why}."
                click.echo(told, err=True)
            elif found:
                restored += 1
                click.echo(f"{place} : {found} faits repris")
    click.echo(f"{restored} produits reconstruits, {spoilt} impossibles à reconstruire.")
    sys.exit(1 if spoilt else 0)


COMMANDS = (register,)
