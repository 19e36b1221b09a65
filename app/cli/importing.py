"""The command that imports an existing portfolio from a spreadsheet."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import click

from app.bootstrap import Jalon, utc_now
from app.cli.common import from_environment
from app.cli.errors import REPOSITORY, cause
from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.imported import ImportedProduct, reached
from app.github.client import LaterError
from app.importing.importer import Importer, Taken, paced, writes
from app.importing.mapping import DEFAULT, Mapping, read_mapping
from app.importing.pacing import Pacer, duration
from app.importing.rows import BadRow, ImportedTable, UnreadableFileError, decoded, read_table
from app.messages import explain_problem
from app.messages.counting import counted
from app.turns.outcome import LostHistoryError

LONG_WAIT_S = 60
"""A wait that is told."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Dit ce qui serait fait, sans rien changer.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Correspondance (YAML).")
@click.option(
    "--repo",
    "repository",
    type=REPOSITORY,
    help="Dépôt de suivi, par exemple dnum/produits ; facultatif s’il n’y en a qu’un.",
)
def import_portfolio(file: Path, dry_run: bool, mapping: Path | None, repository: str | None) -> None:
    """Reprend un portefeuille existant : un ticket par produit, dans la phase qu’il a atteinte.

    Interrompue, la commande se relance et continue ; relancée, elle ne crée rien deux fois.
    """
    logging.getLogger().setLevel(logging.WARNING)  # the progress bar tells the rest
    pacer = Pacer(wait=patiently)
    jalon = from_environment(applier=paced(pacer))
    where = repository or _only_repository(jalon)
    policy = jalon.policies.of(where)
    if policy.flawed:
        raise click.ClickException(
            f"Les règles (.github/jalon.yml) de {where} sont absentes ou contiennent une erreur."
        )
    table = _read(file, _mapping(mapping or DEFAULT, policy), policy)
    importer = Importer(jalon.client, jalon.product_turn, jalon.register, where, policy, utc_now, pacer, patiently)
    _announce(table, importer, policy)
    if dry_run:
        click.echo("Rien n’a été changé (--dry-run).")
    else:
        _run(importer, table.products)
    sys.exit(1 if table.bad else 0)


def _only_repository(jalon: Jalon) -> str:
    found = jalon.client.repositories()
    if len(found) == 1:
        return found[0]
    listed = ", ".join(found) or "aucun"
    raise click.ClickException(f"Dans quel dépôt ? Donnez --repo. L’App est installée sur : {listed}.")


def _mapping(path: Path, policy: Policy) -> Mapping:
    try:
        found = read_mapping(decoded(path.read_bytes()), policy)
    except UnreadableFileError as error:
        raise click.ClickException(f"{path.name} : {error}") from error
    if isinstance(found, Mapping):
        return found
    problems = "\n".join(f"  {explain_problem(problem, 'fr')}" for problem in found)
    raise click.ClickException(f"{path.name} :\n{problems}")


def _read(file: Path, mapping: Mapping, policy: Policy) -> ImportedTable:
    try:
        return read_table(decoded(file.read_bytes()), mapping, policy, day_of(utc_now(), policy.timezone))
    except UnreadableFileError as error:
        raise click.ClickException(str(error)) from error


def _announce(table: ImportedTable, importer: Importer, policy: Policy) -> None:
    """What will be done, how long it takes, and every row set aside with its line and reasons."""
    new = [product for product in table.products if not importer.is_known(product)]
    read = counted(len(table.products), "produit lu", "produits lus")
    click.echo(f"{read}, dont {len(table.products) - len(new)} déjà repris.")
    _echo_phases(table.products, policy)
    for one in table.again:
        click.echo(f"ligne {one.line} : le même produit que ligne {one.first} (« {one.key} »), repris une seule fois.")
    for row in table.bad:
        click.echo(_explained(row), err=True)
    if table.bad:
        aside = counted(len(table.bad), "ligne écartée : corrigez-la", "lignes écartées : corrigez-les")
        click.echo(f"{aside}, puis relancez la commande.", err=True)
    seconds = duration(write for product in new for write in writes(product, policy, utc_now()))
    if new:
        click.echo(
            f"Durée prévue : {duration_told(seconds)} "
            "(GitHub limite le nombre de tickets et de commentaires par heure)."
        )


def _explained(row: BadRow) -> str:
    return f"ligne {row.line} : {' ; '.join(row.reasons)}"


def _echo_phases(products: Iterable[ImportedProduct], policy: Policy) -> None:
    found = (reached(product.past, policy, day_of(utc_now(), policy.timezone)) for product in products)
    counts = Counter(phase.phase for phase in found if phase)
    for phase in policy.phases:
        click.echo(f"  {phase.name:<16} {counts[phase.id]:>5}")


def duration_told(seconds: float) -> str:
    """« 1 h 05 », « 12 min », « moins d’une minute »."""
    minutes = round(timedelta(seconds=seconds) / timedelta(minutes=1))
    if minutes < 1:
        return "moins d’une minute"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"


def patiently(seconds: float) -> None:
    """Wait; what would pass for a stop says until when, by the clock of this machine."""
    if seconds >= LONG_WAIT_S:
        goes_on = (utc_now() + timedelta(seconds=seconds)).astimezone()
        hour = f"{goes_on.hour} h {goes_on.minute:02}"
        click.echo(
            f"\nGitHub limite les créations : la reprise continue à {hour}, dans {duration_told(seconds)}.", err=True
        )
    time.sleep(seconds)


def _run(importer: Importer, products: list[ImportedProduct]) -> None:
    done: list[Taken] = []
    with click.progressbar(products, label="Reprise", show_pos=True) as bar:
        for product in bar:
            try:
                done.append(importer.take(product))
            except (LaterError, LostHistoryError) as error:
                raise click.ClickException(
                    f"Arrêt à « {product.key} » : {cause(error)}. Relancez la même commande : elle continuera ici."
                ) from error
    for taken in done:
        if taken.differs:
            click.echo(
                f"« {taken.product.key} » (ticket {taken.number}) a changé dans le fichier depuis sa reprise : rien "
                "n’est modifié, la suite passe par le comité."
            )
    fresh = sum(taken.fresh for taken in done)
    made = counted(fresh, "ticket créé", "tickets créés")
    click.echo(f"{made}, {counted(len(done) - fresh, 'produit déjà là vérifié', 'produits déjà là vérifiés')}.")


COMMANDS = (import_portfolio,)
