"""Commands about the committee's rules: check a policy file, draw its lifecycle."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.assets import asset
from app.documents import read_policy_bytes
from app.domain.policy import Policy
from app.messages import explain_problem


@click.group()
def policy() -> None:
    """Les règles du comité."""


@policy.command("check")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
def policy_check(file: Path | None) -> None:
    """Signale chaque erreur du fichier, avec sa ligne et sa colonne."""
    found = read_policy_bytes((file or asset("policy.yml")).read_bytes())
    if isinstance(found, Policy):
        click.echo("Les règles sont valables.")
        return
    for problem in found:
        click.echo(explain_problem(problem, "fr"))
    sys.exit(1)


@policy.command("diagram")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
def policy_diagram(file: Path | None) -> None:
    """Dessine le cycle de vie en Mermaid."""
    found = read_policy_bytes((file or asset("policy.yml")).read_bytes())
    if not isinstance(found, Policy):
        raise click.ClickException("règles invalides : lancez « jalon policy check »")
    click.echo("flowchart LR")
    for phase in found.phases:
        click.echo(f'  {phase.id}["{phase.name}"]')
    for gate in found.gates:
        for origin in gate.origins:
            click.echo(f"  {origin} {'-->' if gate.checklist else '-.->'} {gate.to}")


COMMANDS = (policy,)
