"""The weekly digest, printed or published, and what every command that gives a report shares."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.cli import here_and_now
from app.cli.errors import REPOSITORY
from app.cli.report_source import source_from_environment
from app.domain.policy.calendar import Week, day_of
from app.domain.report.digest import digest
from app.domain.report.missing_weeks import missing_weeks
from app.github.published import Published, publish, published, untouched_texts
from app.messages.charts import Drawer, mermaid
from app.messages.reports import digest_text
from app.reports.digest_paper import digest_pdf
from app.reports.paper_text import as_pdf
from app.reports.renderings import as_data, as_page
from app.reports.report_source import ReportSource, WhichRepositoryError

FORMATS = click.Choice(["md", "html", "json", "pdf"])
Options = Callable[[Callable[..., None]], Callable[..., None]]


def open_source(repository: str, *, github_alone: bool) -> ReportSource:
    """Raises click.ClickException when several repositories are followed and none is named."""
    try:
        return source_from_environment(repository, github_alone=github_alone)
    except WhichRepositoryError as error:
        known = ", ".join(error.known) or "aucun"
        raise click.ClickException(f"indiquez le dépôt de suivi avec --repo (connus : {known})") from error


def parsed_week(_context: object, _parameter: object, text: str | None) -> Week | None:
    """A week of the command line; raises click.BadParameter."""
    try:
        return Week.parse(text) if text else None
    except ValueError as error:
        raise click.BadParameter(f"« {text} » n’est pas une semaine : écrivez par exemple 2026-W48") from error


def shared_options(command: Callable[..., None]) -> Callable[..., None]:
    """What every report takes."""
    for option in (
        click.option(
            "--publish", "to_publish", is_flag=True, help="Publie une issue, une seule fois, au lieu d’écrire ici."
        ),
        click.option("--from-github", is_flag=True, help="Sans le registre, d’après GitHub seul."),
        click.option(
            "--committee",
            "--repo",
            "repository",
            type=REPOSITORY,
            default="",
            help="Dépôt de suivi du comité (organisation/dépôt), s’il y en a plusieurs.",
        ),
        click.option("-o", "--output", help="Fichier où écrire ; un PDF en demande un."),
        click.option("--format", "shape", type=FORMATS, default="md", show_default=True),
    ):
        command = option(command)
    return command


@click.command("digest")
@click.option(
    "--week",
    callback=parsed_week,
    help="Semaine, par exemple 2026-W48. Sinon la semaine en cours ; avec --publish, la dernière finie.",
)
@shared_options
def digest_command(
    week: Week | None, shape: str, output: str | None, repository: str, from_github: bool, to_publish: bool
) -> None:
    """Le bilan de la semaine, sur une page."""
    now = here_and_now.now()
    source = open_source(repository, github_alone=from_github)
    week = week or Week.of(day_of(now, source.policy.timezone)).plus(-1 if to_publish else 0)
    known = published_by_us(source, "bilan")
    missing = missing_weeks(
        set(map(Week.parse, untouched_texts(known))) | ({week} if to_publish else set()), now, source.policy.timezone
    )
    found = digest(source.products, source.policy, week, now, source.parked, missing, source.catalogue, source.sessions)
    found = replace(found, seal=source.seal())

    def write(draw: Drawer) -> str:
        return digest_text(found, source.policy, source.links, draw)

    if shape == "pdf" and not to_publish:
        put(digest_pdf(found, source.policy, source.links), output)
        return
    deliver(source, "bilan", str(week), write, found, shape, output, known if to_publish else None)


def published_by_us(source: ReportSource, kind: str) -> dict[str, Published]:
    return published(source.client, source.repository, kind, source.bots)


def deliver(
    source: ReportSource,
    kind: str,
    key: str,
    write: Callable[[Drawer], str],
    value: Any,
    shape: str,
    output: str | None,
    known: dict[str, Published] | None,
) -> None:
    """Print the report or write it to a file, or publish it when `known` tells what is published already."""
    if known is not None:
        number = publish(source.client, source.repository, kind, key, write(mermaid), known.get(key))
        click.echo(source.links.product(source.repository, number))
    elif shape == "json":
        put(json.dumps(as_data(value), ensure_ascii=False, indent=2) + "\n", output)
    elif shape == "html":
        title = write(mermaid).partition("\n")[0].removeprefix("# ")
        put(as_page(write, source.policy.language, title), output)
    elif shape == "pdf":
        put(as_pdf(write, source.policy.language), output)
    else:
        put(write(mermaid), output)


def put(made: str | bytes, output: str | None) -> None:
    """Write to a file, or to the terminal what a terminal shows; raises click.ClickException."""
    if output is None and isinstance(made, bytes):
        raise click.ClickException("un PDF ne se lit pas dans un terminal : donnez un fichier, avec -o papier.pdf")
    if output is None:
        click.echo(made, nl=False)
        return
    try:
        Path(output).write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as error:
        raise click.ClickException(f"le fichier « {output} » ne peut pas être écrit : {error.strerror}") from error


COMMANDS = (digest_command,)
