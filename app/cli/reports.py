"""Commands that print or publish reports: the weekly digest, the committee's agenda and its decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import click

from app.cli import here_and_now
from app.cli.errors import REPOSITORY
from app.cli.report_source import from_environment
from app.domain.policy.calendar import Week, cut_off, day_of, last_day, midnight, next_session, session_of
from app.domain.report.agenda import agenda, minutes, previous_session
from app.domain.report.digest import digest, missing_weeks
from app.domain.report.portfolio import rows
from app.github.published import Published, publish, published, untouched
from app.messages.charts import Drawer, mermaid
from app.messages.reports import agenda_text, digest_text, minutes_text
from app.reports.renderings import as_data, as_page
from app.reports.report_source import ReportSource, WhichRepositoryError

SECOND = timedelta(seconds=1)
FORMATS = click.Choice(["md", "html", "json"])
Options = Callable[[Callable[..., None]], Callable[..., None]]


def open_source(repository: str, *, github_alone: bool) -> ReportSource:
    """Raises click.ClickException when several repositories are followed and none is named."""
    try:
        return from_environment(repository, github_alone=github_alone)
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
            "--repo", "repository", type=REPOSITORY, default="", help="Dépôt de suivi, s’il y en a plusieurs."
        ),
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
def digest_command(week: Week | None, shape: str, repository: str, from_github: bool, to_publish: bool) -> None:
    """Le bilan de la semaine, sur une page."""
    now = here_and_now.now()
    source = open_source(repository, github_alone=from_github)
    week = week or Week.of(day_of(now, source.policy.timezone)).plus(-1 if to_publish else 0)
    known = _published(source, "bilan")
    missing = missing_weeks(
        set(map(Week.parse, untouched(known))) | ({week} if to_publish else set()), now, source.policy.timezone
    )
    found = digest(source.products, source.policy, week, now, source.parked, missing, source.catalogue)

    def write(draw: Drawer) -> str:
        return digest_text(found, source.policy, source.links, draw)

    _deliver(source, "bilan", str(week), write, found, shape, known if to_publish else None)


@click.command("agenda")
@click.option(
    "--week", callback=parsed_week, help="Semaine de la séance. Sinon la prochaine séance ; avec --releve, la dernière."
)
@click.option("--releve", is_flag=True, help="Le relevé de décisions de la séance, une fois tenue.")
@shared_options
def agenda_command(
    week: Week | None, releve: bool, shape: str, repository: str, from_github: bool, to_publish: bool
) -> None:
    """L’ordre du jour du prochain comité, ou le relevé de décisions du dernier."""
    now = here_and_now.now()
    source = open_source(repository, github_alone=from_github)
    session = _session(source, week, day_of(now, source.policy.timezone), held=releve)
    found = rows(source.products, source.policy, now)
    kind = "releve" if releve else "ordre-du-jour"
    if to_publish and (too_soon := _too_soon(source, session, now, held=releve)):
        click.echo(too_soon)
        return
    known = _published(source, kind) if to_publish else None
    if releve:
        record = minutes(found, source.policy, session)
        text = minutes_text(record, source.policy, source.links)
        _deliver(source, kind, session.isoformat(), lambda _: text, record, shape, known)
    else:
        papers = agenda(found, source.policy, session)
        text = agenda_text(papers, source.policy, source.links)
        _deliver(source, kind, session.isoformat(), lambda _: text, papers, shape, known)


def _session(source: ReportSource, week: Week | None, today: date, *, held: bool) -> date:
    """The session of that week, or the next one, or the last one held; raises click.ClickException."""
    committee = source.policy.committee
    if week is not None:
        session = session_of(week, committee)
        if session is None:
            raise click.ClickException(f"pas de comité la semaine {week}")
        return session
    session = previous_session(committee, today) if held else next_session(committee, today)
    if session is None:
        raise click.ClickException("aucune séance : vérifiez les semaines sans comité dans les règles")
    return session


def _too_soon(source: ReportSource, session: date, now: datetime, *, held: bool) -> str:
    """Why it is too early to publish; empty once it is time."""
    if held and now < midnight(session, source.policy.timezone):
        return f"La séance du {session:%d/%m/%Y} n’a pas encore eu lieu."
    if not held and now < (limit := cut_off(session, source.policy)):
        closing = last_day(limit, source.policy.timezone)
        return f"L’ordre du jour se ferme au soir du {closing:%d/%m/%Y} : rien n’est publié avant."
    return ""


def _published(source: ReportSource, kind: str) -> dict[str, Published]:
    return published(source.client, source.repository, kind, source.bots)


def _deliver(
    source: ReportSource,
    kind: str,
    key: str,
    write: Callable[[Drawer], str],
    value: Any,
    shape: str,
    known: dict[str, Published] | None,
) -> None:
    """Print the report, or publish it when `known` tells what is published already."""
    if known is not None:
        number = publish(source.client, source.repository, kind, key, write(mermaid), known.get(key))
        click.echo(source.links.product(source.repository, number))
    elif shape == "json":
        click.echo(json.dumps(as_data(value), ensure_ascii=False, indent=2))
    elif shape == "html":
        title = write(mermaid).partition("\n")[0].removeprefix("# ")
        click.echo(as_page(write, source.policy.language, title), nl=False)
    else:
        click.echo(write(mermaid), nl=False)


COMMANDS = (digest_command, agenda_command)
