"""Commands about the register of decisions: export it, prove it whole, rebuild it from GitHub alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from app.bootstrap import Jalon
from app.cli.common import from_environment
from app.cli.erase import OF_REGISTER as ERASING
from app.cli.errors import FLAWS, REPOSITORY, Failed, explain_loss, tried_alone
from app.cli.rebuilt import gathered_seal, told_of
from app.cli.register_proofs import OF_REGISTER as PROOFS
from app.cli.register_proofs import outsider, verify_seals
from app.domain.decide.departures import is_gone
from app.domain.product.fact_json import to_json
from app.domain.product.state import Product
from app.domain.report.comparison import differences
from app.github.read import every_issue, load
from app.messages.counting import counted
from app.reports.csv_export import csv_lines
from app.store.register import BrokenChainError, Flaw, RegisterEntry


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
    spoilt: list[Flaw] = []
    _export(from_environment().register.entries(spoilt.append), shape)
    for flaw in spoilt:
        told = "ne peut pas être lu, et manque ici ; restaurez une sauvegarde de la base"
        click.echo(f"{flaw.repository}#{flaw.number} : le fait n° {flaw.seq} {told}.", err=True)
    sys.exit(1 if spoilt else 0)


def _export(entries: Iterator[RegisterEntry], shape: str) -> None:
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


def _object(entry: RegisterEntry) -> dict[str, Any]:
    place = {"repository": entry.recorded, "number": entry.number, "seq": entry.seq, "digest": entry.digest}
    return place | to_json(entry.fact)


def _row(entry: RegisterEntry) -> tuple[object, ...]:
    fact = to_json(entry.fact)
    kind, at, by = fact.pop("kind"), fact.pop("at"), fact.pop("by")
    gate = fact.pop("gate", "")
    detail = json.dumps({name: value for name, value in fact.items() if name != "cause"}, ensure_ascii=False)
    return (entry.recorded, entry.number, entry.seq, at, by, kind, gate, detail, entry.digest)


DIFFERENCES = {
    "absent": "le commentaire « {what} » manque",
    "forged": "le commentaire « {what} » a été modifié par {by}",
    "altered": "le commentaire « {what} » n’est plus tel que Jalon l’a écrit",
    "beyond": "les commentaires portent un fait n° {what} que le registre n’a pas",
    "otherwise": "les commentaires disent autre chose que le registre au fait n° {what}",
}


SEALED_FLAWS = {
    "entry": "Registre scellé : l’entrée n° {} manque, a été modifiée, ou ne scelle plus aucun fait du registre.",
    "seal": "Registre scellé : le sceau n° {} n’est pas celui de ces entrées, ou sa clé ne l’a pas signé.",
}


@register.command("verify")
@click.option(
    "--github",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[DÉPÔT]",
    help="Compare aussi le registre à ce que montre GitHub, d’un seul dépôt si on le nomme (dnum/produits).",
)
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Vérifie une archive, ou la preuve d’une décision, par l’outil donné à chacun ; sans aucun réglage.",
)
@click.option(
    "--key", "keys", multiple=True, metavar="CLÉ", help="Avec --bundle : la clé du sceau que vous connaissez."
)
def register_verify(github: str | None, bundle: Path | None, keys: tuple[str, ...]) -> None:
    """Prouve que le registre est entier ; avec --github, que GitHub dit la même chose ; avec --bundle, une archive."""
    if bundle:
        sys.exit(outsider([str(bundle), *(part for key in keys for part in ("--key", key))]))
    jalon = from_environment()
    broken = jalon.register.verify()
    for flaw in broken:
        click.echo(f"{flaw.repository}#{flaw.number} : le fait n° {flaw.seq} manque ou a été modifié.")
    unsealed = jalon.log_flaws()
    for one in unsealed:
        click.echo(SEALED_FLAWS[one.kind].format(one.n))
    click.echo("Restaurez une sauvegarde de la base." if broken or unsealed else "Le registre est entier.")
    untrue = verify_seals(jalon)
    differing = 0 if github is None else _compare(jalon, github)
    sys.exit(1 if broken or unsealed or untrue or differing else 0)


def _compare(jalon: Jalon, only: str) -> int:
    """Print what differs on GitHub, product by product; how many products differ or could not be read."""
    seen, differing = 0, 0
    every = (only,) if only else (*jalon.register.repositories(), *jalon.client.repositories())
    for repository in dict.fromkeys(every):
        numbers = _listed(jalon, repository)
        if isinstance(numbers, Failed):
            differing += 1
            click.echo(UNREAD.format(repository, numbers.why))
            continue
        listed = {number: f"{repository}#{number}" for number in (*numbers, *_held(jalon, repository))}
        for number, name in sorted(listed.items()):
            found = tried_alone(partial(_differences, jalon, repository, number), name)
            told = [found.why] if isinstance(found, Failed) else found
            seen, differing = seen + 1, differing + bool(told)
            for sentence in told:
                click.echo(f"{name} : {sentence}.")
    compared = counted(seen, "issue comparée", "issues comparées")
    differ = counted(differing, "diffère", "diffèrent")
    click.echo(f"GitHub : {compared}, {differ}." if differing else SAME.format(compared))
    return differing


UNREAD = "{} : les issues n’ont pas pu être lues : {}."
SAME = "GitHub dit la même chose que le registre ({})."


def _listed(jalon: Jalon, repository: str) -> list[int] | Failed:
    """The numbers of a repository's issues, all or none: a repository that cannot be read does not stop the others."""
    return tried_alone(partial(_numbers, jalon, repository), repository)


def _numbers(jalon: Jalon, repository: str) -> list[int]:
    return [number for _, number in every_issue(jalon.client, repository)]


def _held(jalon: Jalon, repository: str) -> Iterator[int]:
    """The products of a repository that the register still follows, listed by GitHub or not."""
    held = jalon.register.last_of(repository).values()
    return (number for number, last in held if not is_gone(last))


def _differences(jalon: Jalon, repository: str, number: int) -> list[str]:
    policy = jalon.policies.of(repository)
    issue = load(jalon.client, repository, number, policy.committee, jalon.boards.number(repository))
    try:
        known = jalon.register.history(issue.id)
    except BrokenChainError as error:
        return [FLAWS["chain"].format(error.seq)]
    found = differences(Product(issue), known, policy, jalon.clock())
    return [DIFFERENCES[one.kind].format(what=one.what, by=one.by) for one in found]


@register.command("rebuild")
@click.option("--repo", "repository", type=REPOSITORY, help="Un seul dépôt, par exemple dnum/produits ; tous sinon.")
def register_rebuild(repository: str | None) -> None:
    """Reconstruit le registre à partir des commentaires de Jalon sur GitHub ; n’efface et ne remplace jamais rien."""
    jalon = from_environment()
    restored, spoilt, unread = 0, 0, 0
    names, places = (repository,) if repository else jalon.client.repositories(), list[tuple[str, int]]()
    for name in names:
        listed = _listed(jalon, name) if len(names) > 1 else _numbers(jalon, name)
        if isinstance(listed, Failed):
            unread += 1
            click.echo(UNREAD.format(name, listed.why), err=True)
            continue
        places += [(name, number) for number in listed]
    recovery = gathered_seal(jalon, places)
    for name, number in places:
        place, taken_back = f"{name}#{number}", jalon.reminder_log.take_back
        found = tried_alone(partial(jalon.product_turn.rebuild, name, number, taken_back, recovery), place)
        if isinstance(found, Failed):
            spoilt += 1
            told = explain_loss(name, number, found.flaws) if found.flaws else f"{place} : {found.why}."
            click.echo(told, err=True)
        elif found:
            restored += 1
            click.echo(f"{place} : {counted(found, 'fait repris', 'faits repris')}")
    remade = counted(restored, "produit reconstruit", "produits reconstruits")
    click.echo(f"{remade}, {counted(spoilt, 'impossible', 'impossibles')} à reconstruire.")
    if unread:
        missed = counted(unread, "dépôt n’a pas pu être lu", "dépôts n’ont pas pu être lus")
        click.echo(f"{missed} : relancez la commande quand GitHub {'le' if unread == 1 else 'les'} montrera.")
    is_proved = recovery is None or told_of(jalon, recovery)
    sys.exit(1 if spoilt or unread or not is_proved else 0)


for one in (*PROOFS, *ERASING):
    register.add_command(one)
COMMANDS = (register,)
