"""The command that sets Jalon up in an organisation, and prints what it changed."""

from __future__ import annotations

import sys

import click

from app.cli.errors import cause
from app.github.client import LaterError
from app.messages.counting import counted
from app.settings import read_administration
from app.setup.changes import SetupChange, SetupRemark
from app.setup.desired import POLICY
from app.setup.install import CannotStartError, Installation, Report

HEADINGS = ("Où", "Quoi", "Changement")


@click.command()
@click.option("--org", required=True, help="L’organisation GitHub.")
@click.option("--repo", required=True, help="Le dépôt de suivi, sans l’organisation.")
@click.option("--dry-run", is_flag=True, help="Montre ce qui changerait, sans rien changer.")
@click.option("--force", is_flag=True, help="Remplace aussi les formulaires et automatismes modifiés à la main.")
def setup(org: str, repo: str, dry_run: bool, force: bool) -> None:
    """Pose étiquettes, tableau, formulaires, automatismes et règles dans un dépôt.

    Le jeton d’une personne qui administre l’organisation se donne par JALON_ADMIN_TOKEN ; il n’est ni gardé ni affiché.
    Relancer la commande ne change que ce qui manque.
    """
    try:
        installation = Installation(read_administration(), org, repo.removeprefix(f"{org}/"), force=force)
        refused = _show_plan(installation) if dry_run else _install(installation)
    except CannotStartError as error:
        raise click.ClickException("\n".join(f"- {reason}" for reason in error.reasons)) from error
    except LaterError as error:
        raise click.ClickException(f"{cause(error)}. Relancée, la commande reprendra où elle en est.") from error
    sys.exit(1 if refused else 0)


def _show_plan(installation: Installation) -> bool:
    plan, _ = installation.plan()
    if plan.changes:
        click.echo(changes_table(plan.changes))
        left = counted(len(plan.changes), "changement", "changements")
        click.echo(f"\nÀ faire : {left}. Rien n’a été changé (--dry-run).")
    else:
        click.echo("Tout est en place : rien à changer.")
    _show_remarks(plan.remarks)
    return False


def _install(installation: Installation) -> bool:
    report = installation.run(click.echo)
    if report.done:
        click.echo(f"\nFait : {counted(len(report.done), 'changement', 'changements')}.")
    elif not report.refused:
        click.echo("Tout est en place : rien à changer.")
    if report.board:
        click.echo(f"Tableau : {report.board}")
    _show_remarks(report.remarks)
    if any(change.what == POLICY for change in report.done):
        click.echo(f"\nEnsuite : inscrivez votre comité dans {POLICY}, puis créez l’App avec « jalon serve --setup ».")
    for line in _grouped(report):
        click.echo(f"✗ {line}", err=True)
    return bool(report.refused)


def _grouped(report: Report) -> list[str]:
    """One line for all the refusals that have the same reason."""
    by_reason: dict[str, list[str]] = {}
    for refusal in report.refused.values():
        by_reason.setdefault(refusal.why, []).append(refusal.what)
    lines = []
    for why, what in by_reason.items():
        more = f" et {len(what) - 3} autres" if len(what) > 4 else ""
        lines.append(f"{', '.join(what[:3] if more else what)}{more} : {why}")
    return lines


def _show_remarks(remarks: tuple[SetupRemark, ...]) -> None:
    if remarks:
        click.echo("\nÀ regarder :")
    for remark in remarks:
        click.echo(f"- {remark.what}\n  {remark.mend}")


def changes_table(changes: tuple[SetupChange, ...] | list[SetupChange]) -> str:
    """Three columns, as wide as their longest word."""
    rows = [HEADINGS, *((change.where, change.what, change.how) for change in changes)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{where:<{widths[0]}}  {what:<{widths[1]}}  {how}" for where, what, how in rows]
    return "\n".join([lines[0], f"{'-' * widths[0]}  {'-' * widths[1]}  {'-' * len(HEADINGS[2])}", *lines[1:]])


COMMANDS = (setup,)
