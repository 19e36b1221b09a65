"""The papers of a session: its agenda, published days before and kept true until the cut-off, then its minutes."""

from __future__ import annotations

from datetime import date, timedelta

import click

from app.cli import here_and_now
from app.cli.reports import deliver, open_source, parsed_week, published_by_us, shared_options
from app.domain.policy.calendar import Week, day_of
from app.domain.report.portfolio import rows
from app.github.published import Published, close
from app.messages.reports import agenda_text, minutes_text
from app.reports.report_source import ReportSource
from app.reports.session_papers import SessionPapers


@click.command("agenda")
@click.option(
    "--week", callback=parsed_week, help="Semaine de la séance. Sinon la prochaine séance ; avec --releve, la dernière."
)
@click.option("--releve", is_flag=True, help="Le relevé de décisions de la séance, une fois tenue.")
@shared_options
def agenda_command(
    week: Week | None,
    releve: bool,
    shape: str,
    output: str | None,
    repository: str,
    from_github: bool,
    to_publish: bool,
) -> None:
    """L’ordre du jour du prochain comité, ou le relevé de décisions du dernier."""
    now = here_and_now.now()
    source = open_source(repository, github_alone=from_github)
    policy, links = source.policy, source.links
    today = day_of(now, policy.timezone)
    papers = SessionPapers(rows(source.products, policy, now), policy, now, today, source.sessions)
    session = _session(papers, week, held=releve)
    if to_publish and (why := _not_now(source, session, today, held=releve)):
        click.echo(why)
        return
    kind = "releve" if releve else "ordre-du-jour"
    known = published_by_us(source, kind) if to_publish else None
    if releve:
        record = papers.minutes(session)
        text = minutes_text(record, policy, links)
        deliver(source, kind, session.isoformat(), lambda _: text, record, shape, output, known)
        return
    told = papers.agenda(session)
    text = agenda_text(told, policy, links)
    deliver(source, kind, session.isoformat(), lambda _: text, told, shape, output, known)
    _close_former(source, session, known or {})


def _session(papers: SessionPapers, week: Week | None, *, held: bool) -> date:
    """The session of that week, or the next one, or the last one held; raises click.ClickException."""
    if week is not None:
        session = next(filter(papers.is_session, week.days), None)
        if session is None:
            raise click.ClickException(f"pas de comité la semaine {week}")
        return session
    session = papers.last if held else papers.next
    if session is None:
        raise click.ClickException("aucune séance : vérifiez les semaines sans comité dans les règles")
    return session


def _not_now(source: ReportSource, session: date, today: date, *, held: bool) -> str:
    """Why it is not the time to publish; empty once it is."""
    if held:
        return "" if today >= session else f"La séance du {session:%d/%m/%Y} n’a pas encore eu lieu."
    first = session - timedelta(days=source.policy.committee.agenda_days)
    if today < first:
        return f"L’ordre du jour du {session:%d/%m/%Y} paraît le {first:%d/%m/%Y} : rien n’est publié avant."
    return f"La séance du {session:%d/%m/%Y} est passée : son ordre du jour ne change plus." if today > session else ""


def _close_former(source: ReportSource, session: date, known: dict[str, Published]) -> None:
    """The agendas of sessions held are closed once the next one is out; what was said on them stays."""
    for key, one in known.items():
        if one.is_open and key < session.isoformat():
            close(source.client, source.repository, one.number)


COMMANDS = (agenda_command,)
