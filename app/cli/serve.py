"""Commands that run the App until it is stopped: all of it, or a worker alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from app.bootstrap import Jalon
from app.cli import setup_link
from app.cli.common import free_ports, start_worker, stop_worker, when_possible
from app.engine.pulse import Pulse
from app.engine.watchdog import Supervisor, Watchdog
from app.settings import SettingsError, notify_address, read_api_url
from app.web.server import LOOP_S, Server
from app.web.webhook import Webhook
from app.web.wsgi import SetupService, WebSwitch

STOPS = (signal.SIGINT, signal.SIGTERM)


def _stopping() -> Callable[[], object]:
    """Waits until this process is asked to stop; heard from now on, so that what it leaves behind is cleaned up.

    The interpreter itself writes to the pipe, whichever thread the signal reaches. A handler of ours would run in this
    thread alone, and only once it wakes: a signal that came just before it fell asleep was waited for twice.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell)
    for name in STOPS:
        signal.signal(name, lambda *_: None)

    def wait() -> None:
        while os.read(told, 1)[0] not in STOPS:
            pass  # another signal, for somebody else

    return wait


def until_stopped() -> None:
    _stopping()()


@dataclass(frozen=True)
class _Door:
    """The pages, and the file with the set-up link when there was no terminal to show it on."""

    web: Server
    link: Path | None

    def stop(self) -> None:
        setup_link.take_away(self.link)
        self.web.stop()


def serve_web(jalon: Jalon, port: int, host: str = "127.0.0.1", *, with_worker: bool = True) -> _Door:
    installer = SetupService(jalon.settings.api_url, jalon=jalon, with_worker=with_worker)
    return _listen(installer, port, host, jalon.pulse, setup_link.data_folder(jalon.settings.database_url))


def _listen(installer: SetupService, port: int, host: str, pulse: Pulse, folder: Path | None) -> _Door:
    front = WebSwitch(installer)
    web = Server(Webhook(front, front.parts), host, port, pulse.part("web", LOOP_S))
    web.start()
    return _Door(web, setup_link.show(f"http://{host}:{port}/setup?code={installer.access.code}", folder))


def _first_start(port: int, host: str, secrets: Path | None) -> None:
    """Without an App yet: only the set-up pages, until one of them has created it."""
    if secrets and secrets.exists():
        mend = "chargez-le (« set -a; . ./jalon.env ») et lancez « jalon serve », ou donnez un autre --env-file"
        raise click.ClickException(f"{secrets} existe déjà : {mend}.")
    if secrets is None and not setup_link.is_read_by_a_person():
        why = "« --env-file - » affiche les secrets de l’App, et ce qui n’est pas un terminal est gardé dans un journal"
        raise click.ClickException(f"{why} : lancez cette commande dans un terminal, sur votre poste au besoin.")
    made: list[Jalon] = []
    pulse, supervisor = Pulse(), Supervisor(notify_address())
    watchdog = Watchdog(pulse, supervisor)

    def start(jalon: Jalon) -> None:
        made.append(jalon)
        pulse.probe(jalon.pulse.stopped)
        jalon.worker.start()

    try:
        installer = SetupService(read_api_url(), secrets, click.echo, start)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    (port,) = free_ports(port=port)
    watchdog.start()
    stop = _stopping()
    web = _listen(installer, port, host, pulse, secrets.parent if secrets else None)
    watchdog.ready()
    stop()
    watchdog.stop()
    web.stop()
    for jalon in made:
        jalon.worker.stop()


@click.command()
@click.option("--port", default=8080, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute ; 0.0.0.0 dans un conteneur.")
@click.option("--no-worker", is_flag=True, help="Web seul, sans traiter les événements.")
@click.option("--setup", "first", is_flag=True, help="Premier démarrage : crée l’App depuis la page /setup.")
@click.option("--env-file", default="jalon.env", show_default=True, help="Où écrire ses secrets ; « - » : le terminal.")
def serve(port: int, host: str, no_worker: bool, first: bool, env_file: str) -> None:
    """Lance l’App : le web et le traitement."""
    if first:
        _first_start(port, host, None if env_file == "-" else Path(env_file))
        return
    (port,), supervisor = free_ports(port=port), Supervisor(notify_address())
    jalon = when_possible(supervisor)
    watchdog = Watchdog(jalon.pulse, supervisor)
    watchdog.start()
    if not no_worker:
        start_worker(jalon)
    stop = _stopping()
    web = serve_web(jalon, port, host, with_worker=not no_worker)
    click.echo(f"Jalon : http://{host}:{port}")
    watchdog.ready()
    stop()
    watchdog.stop()
    web.stop()
    if not no_worker:
        stop_worker(jalon)


@click.command()
def worker() -> None:
    """Traite les événements, sans le web."""
    supervisor = Supervisor(notify_address())
    jalon = when_possible(supervisor)
    watchdog = Watchdog(jalon.pulse, supervisor)
    watchdog.start()
    start_worker(jalon)
    watchdog.ready()
    until_stopped()
    watchdog.stop()
    stop_worker(jalon)


COMMANDS = (serve, worker)
