"""Commands about the committee's rules: check a policy file, draw its lifecycle."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.domain.policy.document import Problem
from app.domain.policy.model import Policy
from app.messages import explain_problem
from app.shipped_files import asset
from app.yaml_documents import read_policy_bytes

ADVICE = {"secretariat_by_logins"}
"""What may stay as it is: said to whoever checks, not marked on the file at every change."""


@click.group()
def policy() -> None:
    """Les règles du comité."""


@policy.command("check")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--annotations", is_flag=True, help="Pour GitHub Actions : chaque erreur se montre sur sa ligne.")
def policy_check(file: Path | None, annotations: bool) -> None:
    """Signale chaque erreur du fichier, et chaque faiblesse, avec sa ligne et sa colonne."""
    path = file or asset("policy.yml")
    found = read_policy_bytes(path.read_bytes())
    if isinstance(found, Policy):
        for doubt in found.doubts:
            if not annotations:
                click.echo(f"attention, {explain_problem(doubt, 'fr')}")
            elif doubt.kind not in ADVICE:
                click.echo(_annotation(path, doubt, "warning"))
        click.echo("Les règles sont valables.")
        return
    for problem in found:
        click.echo(_annotation(path, problem) if annotations else explain_problem(problem, "fr"))
    sys.exit(1)


def _annotation(path: Path, problem: Problem, level: str = "error") -> str:
    """A workflow command: GitHub shows the sentence on the line, and keeps what `%`, commas and colons would break."""
    where = str(path).replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    text = explain_problem(problem, "fr").replace("%", "%25")
    return f"::{level} file={where},line={problem.line},col={problem.column},title=Règles du comité::{text}"


@policy.command("diagram")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
def policy_diagram(file: Path | None) -> None:
    """Dessine le cycle de vie en Mermaid."""
    found = read_policy_bytes((file or asset("policy.yml")).read_bytes())
    if not isinstance(found, Policy):
        raise click.ClickException("règles invalides : lancez « jalon policy check »")
    click.echo("flowchart LR")
    for phase in found.phases:
        click.echo(f'  {phase.id}["{phase.name}"]')
    for gate in found.gates:
        for origin in gate.origins:
            click.echo(f"  {origin} {'-->' if gate.checklist else '-.->'} {gate.to}")


COMMANDS = (policy,)
