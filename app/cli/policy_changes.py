"""Commands about a change of rules: what it says in words, and what it would have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from app.cli.common import from_environment
from app.cli.common_rules import read_file
from app.cli.errors import REPOSITORY
from app.domain.policy.model import LANGUAGES, Policy
from app.domain.report.what_if import Found, Recorded, simulate
from app.messages import explain_problem
from app.messages.rules_reports import simulation_text
from app.reports.recorded import NotAnExportError, of_entries, of_export
from app.reports.renderings import as_data


def rules_of(path: Path) -> Policy:
    """The rules of a file; raises click.ClickException with every problem, as `policy check` tells them."""
    found = read_file(path, ()).policy
    if isinstance(found, Policy):
        return found
    told = "\n".join(explain_problem(problem, "fr") for problem in found)
    raise click.ClickException(f"« {path} » n’est pas valable :\n{told}")


def parsed_day(_context: object, _parameter: object, text: str | None) -> date | None:
    """A day of the command line; raises click.BadParameter."""
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise click.BadParameter(f"« {text} » n’est pas un jour : écrivez par exemple 2026-01-31")


def one_backlog(lives: Iterable[Recorded], repository: str) -> tuple[Recorded, ...]:
    """The products of one repository; raises click.ClickException when several are there and none is named."""
    found = tuple(one for one in lives if repository in {"", one.repository})
    places = sorted({one.repository for one in found})
    if len(places) > 1:
        raise click.ClickException(f"indiquez le dépôt de suivi avec --repo (connus : {', '.join(places)})")
    return found


def recorded(export: Path | None, repository: str) -> tuple[Recorded, ...]:
    """The histories to replay; raises click.ClickException."""
    if export is None:
        return one_backlog(of_entries(from_environment().register.entries(), repository), repository)
    try:
        return one_backlog(of_export(export), repository)
    except NotAnExportError as error:
        raise click.ClickException(
            f"« {export} », ligne {error.line} : ce n’est pas un fait du registre ; "
            "donnez ce qu’écrit « jalon register export », en jsonl ou en json"
        ) from error


@click.command("simulate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", callback=parsed_day, help="Ne rejoue que les passages demandés depuis ce jour (2026-01-31).")
@click.option(
    "--register",
    "export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sans la base : le fichier écrit par « jalon register export ».",
)
@click.option("--repo", "repository", type=REPOSITORY, default="", help="Dépôt de suivi, s’il y en a plusieurs.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--format", "shape", type=click.Choice(["md", "json"]), default="md", show_default=True)
def policy_simulate(
    file: Path, since: date | None, export: Path | None, repository: str, language: str, shape: str
) -> None:
    """Dit ce que les règles de FILE auraient changé aux passages du registre : rien n’est écrit nulle part."""
    policy = rules_of(file)
    lives = recorded(export, repository)
    if not lives:
        click.echo("Le registre est vide : il n’y a rien à rejouer.")
        return
    found = simulate(lives, policy, datetime.now(UTC), since)
    click.echo(told(found, policy, language, shape), nl=False)


def told(found: Found, policy: Policy, language: str, shape: str) -> str:
    if shape == "json":
        return json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n"
    return simulation_text(found, policy, language)
