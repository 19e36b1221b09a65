"""Commands about the committee's rules: check a policy file, draw its lifecycle."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.catalogue_check import checked_files, files_beside, shipped
from app.cli.common_rules import common_option, policy_resolve, read_file
from app.cli.policy_changes import policy_diff, policy_simulate
from app.cli.policy_proof import rules_proved
from app.domain.policy.document import Problem
from app.domain.policy.model import Policy
from app.messages import explain_problem
from app.shipped_files import asset

ADVICE = {"secretariat_by_logins"}
"""What may stay as it is: said to whoever checks, not marked on the file at every change."""


@click.group()
def policy() -> None:
    """Les règles du comité."""


policy.add_command(policy_simulate)
policy.add_command(policy_resolve)
policy.add_command(policy_diff)


@policy.command("check")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--annotations", is_flag=True, help="Pour GitHub Actions : chaque erreur se montre sur sa ligne.")
@click.option("--prove", is_flag=True, help="Essaie tous les votes possibles, et dit ce qui peut surprendre.")
@common_option
def policy_check(file: Path | None, annotations: bool, prove: bool, commons: tuple[Path, ...]) -> None:
    """Signale chaque erreur du fichier, et chaque faiblesse, avec sa ligne et sa colonne.

    FILE peut être le dossier d’un dépôt. La partie commune (extends:) est lue avec lui.
    Le catalogue des communs et des normes est vérifié aussi quand il est à côté.
    """
    if file and file.is_dir():
        file = file / ".github" / "jalon.yml"
        if not file.is_file():
            raise click.ClickException(f"« {file} » n’existe pas")
    path = file or asset("policy.yml")
    found = read_file(path, commons).policy
    is_right = isinstance(found, Policy)
    if isinstance(found, Policy):
        for doubt in found.doubts:
            if not annotations:
                click.echo(f"attention, {explain_problem(doubt, 'fr')}")
            elif doubt.kind not in ADVICE:
                click.echo(annotation(path, doubt, "warning"))
        click.echo("Les règles sont valables.")
    else:
        for problem in found:
            click.echo(annotation(path, problem) if annotations else explain_problem(problem, "fr"))
    files = files_beside(path) if file else shipped()[0]
    catalogue = checked_files(files, path)
    for where, problem in catalogue.problems:
        said = f"{where.name}, {explain_problem(problem, 'fr')}"
        click.echo(annotation(where, problem, title="Catalogue") if annotations else said)
    if file and files and not catalogue.problems:
        click.echo("Le catalogue est valable.")
    told, is_proved = rules_proved(found) if prove and isinstance(found, Policy) else ("", True)
    click.echo(f"\n{told}" if told else "", nl=False)
    if not is_right or catalogue.problems or not is_proved:
        sys.exit(1)


def annotation(path: Path, problem: Problem, level: str = "error", title: str = "Règles du comité") -> str:
    """A workflow command: GitHub shows the sentence on the line, and keeps what `%`, commas and colons would break."""
    where = str(path).replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    text = explain_problem(problem, "fr").replace("%", "%25")
    line, column = (1, 1) if problem.file else (problem.line, problem.column)  # a common part is not in this change
    return f"::{level} file={where},line={line},col={column},title={title}::{text}"


@policy.command("diagram")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
def policy_diagram(file: Path | None) -> None:
    """Dessine le cycle de vie en Mermaid."""
    found = read_file(file or asset("policy.yml"), ()).policy
    if not isinstance(found, Policy):
        raise click.ClickException("règles invalides : lancez « jalon policy check »")
    click.echo("flowchart LR")
    for phase in found.phases:
        click.echo(f'  {phase.id}["{phase.name}"]')
    for gate in found.gates:
        for origin in gate.origins:
            click.echo(f"  {origin} {'-->' if gate.checklist else '-.->'} {gate.to}")


COMMANDS = (policy,)
