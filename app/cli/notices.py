"""Commands about the news told outside GitHub: whether each channel works, what waits, links taken back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from app.cli.common import from_environment
from app.domain.report.news import News
from app.messages.counting import counted
from app.messages.letters import news_sentence, trial_letter
from app.sending.channels import NotSentError, send
from app.store.outbox import Queued


@click.group()
def notices() -> None:
    """Les nouvelles du comité hors de GitHub : courriel, Tchap, Teams, Mattermost."""


@notices.command("check")
@click.argument("names", nargs=-1, metavar="[CANAL]…")
def check(names: tuple[str, ...]) -> None:
    """Envoie un message d’essai à chaque canal, ou à ceux qui sont nommés ; ✓ s’il part, ✗ avec la raison sinon."""
    known = dict(from_environment().settings.channels)
    if not known:
        raise click.ClickException("aucun canal : donnez leurs adresses dans JALON_CHANNELS_FILE ou JALON_CHANNELS")
    _refuse_unknown(names, known)
    failed = 0
    for name in names or known:
        try:
            send(known[name], trial_letter(name, "fr"))
            click.echo(f"✓ {name} : parti ; regardez s’il est arrivé")
        except NotSentError as error:
            failed += 1
            click.echo(f"✗ {name} : {error}")
    sys.exit(1 if failed else 0)


@notices.command("list")
def listing() -> None:
    """Ce que les canaux attendent encore, ont reçu ou n’ont pas pu recevoir, du plus récent au plus ancien."""
    found = from_environment().outbox.all()
    for one in found:
        made = _moment(one.made)
        click.echo(f"{made}  {one.channel} : {_told(one.news)} ({_state(one)})")
    if not found:
        click.echo("Rien n’a été dit, et rien n’attend.")


@notices.command("revoke")
@click.argument("names", nargs=-1, metavar="[CANAL]…")
def revoke(names: tuple[str, ...]) -> None:
    """Ferme les liens de lecture du bilan envoyés à un canal, ou à tous ; les prochains en auront d’autres."""
    jalon = from_environment()
    known = dict(jalon.settings.channels)
    _refuse_unknown(names, known)
    for name in names or known:
        jalon.digest_links.revoke(name)
    click.echo(f"{counted(len(names or known), 'canal', 'canaux')} : les liens déjà envoyés n’ouvrent plus rien.")


def _refuse_unknown(names: tuple[str, ...], known: dict[str, str]) -> None:
    for name in names:
        if name not in known:
            raise click.ClickException(
                f"le canal « {name} » n’a pas d’adresse (connus : {', '.join(known) or 'aucun'})"
            )


def _told(news: News) -> str:
    return news_sentence(news, "fr")


def _state(one: Queued) -> str:
    if one.said:
        return f"dit le {_moment(one.said)}"
    if one.failed:
        return f"abandonné le {_moment(one.failed)}"
    tries = f"{counted(one.tries, 'essai', 'essais')}, " if one.tries else ""
    return f"attend, {tries}prochain essai {_moment(one.not_before)}" if one.tries else "attend"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d/%m/%Y %H:%M UTC")


COMMANDS = (notices,)
