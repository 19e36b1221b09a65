"""Commands that run something until it is stopped: the App, its worker, the local GitHub, the demonstration."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import click

from app import rehearsal
from app.cli import setup_link
from app.cli.common import free_ports, start_worker, stop_worker, when_possible
from app.demo import seed as demo_seed
from app.documents import read_plain
from app.engine.pulse import Pulse
from app.engine.watchdog import Supervisor, Watchdog
from app.jalon import Jalon
from app.sandbox.faults import Faults, from_words
from app.sandbox.server import Sandbox
from app.sandbox.state import Refused
from app.settings import SettingsError, notify_address, read_api_url, read_settings
from app.story.stage import Stage
from app.story.teller import tell
from app.web.front import Front, Installer
from app.web.server import LOOP_S, Server
from app.web.webhook import Webhook


def _stopping() -> threading.Event:
    """Set once this process is asked to stop; heard from now on, so that what is left behind is taken away."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


def _until_stopped() -> None:
    _stopping().wait()


@dataclass(frozen=True)
class _Door:
    """The pages, and where the link to those of the set-up was put when nobody was there to read it."""

    web: Server
    link: Path | None

    def stop(self) -> None:
        setup_link.take_away(self.link)
        self.web.stop()


def _serve_web(jalon: Jalon, port: int, host: str = "127.0.0.1", *, with_worker: bool = True) -> _Door:
    installer = Installer(jalon.settings.api_url, jalon=jalon, with_worker=with_worker)
    return _listen(installer, port, host, jalon.pulse, setup_link.data_folder(jalon.settings.database_url))


def _listen(installer: Installer, port: int, host: str, pulse: Pulse, folder: Path | None) -> _Door:
    front = Front(installer)
    web = Server(Webhook(front, front.parts), host, port, pulse.part("web", LOOP_S))
    web.start()
    return _Door(web, setup_link.show(f"http://{host}:{port}/setup?code={installer.access.code}", folder))


def _first_start(port: int, host: str, secrets: Path | None) -> None:
    """Without an App yet: the set-up pages alone, until one of them has made it."""
    if secrets and secrets.exists():
        mend = "chargez-le (« set -a; . ./jalon.env ») et lancez « jalon serve », ou donnez un autre --env-file"
        raise click.ClickException(f"{secrets} existe déjà : {mend}.")
    if secrets is None and not setup_link.is_read_by_a_person():
        why = "« --env-file - » affiche les secrets de l’App, et ce qui n’est pas un terminal est gardé dans un journal"
        raise click.ClickException(f"{why} : lancez cette commande dans un terminal, sur votre poste au besoin.")
    made: list[Jalon] = []
    pulse, supervisor = Pulse(), Supervisor(notify_address())
    watchdog = Watchdog(pulse, supervisor)

    def start(jalon: Jalon) -> None:
        made.append(jalon)
        pulse.probe(jalon.pulse.stopped)
        jalon.worker.start()

    try:
        installer = Installer(read_api_url(), secrets, click.echo, start)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    (port,) = free_ports(port=port)
    watchdog.start()
    stop = _stopping()
    web = _listen(installer, port, host, pulse, secrets.parent if secrets else None)
    watchdog.ready()
    stop.wait()
    watchdog.stop()
    web.stop()
    for jalon in made:
        jalon.worker.stop()


@click.command()
@click.option("--port", default=8080, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute ; 0.0.0.0 dans un conteneur.")
@click.option("--no-worker", is_flag=True, help="Web seul, sans traiter les événements.")
@click.option("--setup", "first", is_flag=True, help="Premier démarrage : crée l’App depuis la page /setup.")
@click.option("--env-file", default="jalon.env", show_default=True, help="Où écrire ses secrets ; « - » : le terminal.")
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
    web = _serve_web(jalon, port, host, with_worker=not no_worker)
    click.echo(f"Jalon : http://{host}:{port}")
    watchdog.ready()
    stop.wait()
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
    _until_stopped()
    watchdog.stop()
    stop_worker(jalon)


@click.command()
@click.option("--port", default=8081, show_default=True)
@click.option("--seed", "seed_file", type=click.Path(exists=True, path_type=Path))
@click.option("--app-url", default="http://127.0.0.1:8080", show_default=True)
@click.option("--env-file", type=click.Path(path_type=Path))
@click.option("--fault", "faults", multiple=True, metavar="PANNE[,NOM=VALEUR…]", help="Voir docs/github-local.md.")
@click.option("--fault-seed", default=0, show_default=True, help="Le même hasard à chaque fois.")
def sandbox(
    port: int, seed_file: Path | None, app_url: str, env_file: Path | None, faults: tuple[str, ...], fault_seed: int
) -> None:
    """Lance le GitHub local seul, au besoin avec des pannes."""
    seed = read_plain(seed_file.read_text(encoding="utf-8")) if seed_file else demo_seed()
    (port,) = free_ports(port=port)
    hub = Sandbox(seed, port=port, app_url=app_url, faults=_faults(faults, fault_seed))
    hub.start()
    if env_file:
        hub.write_env_file(env_file)
    click.echo(f"GitHub local : {hub.url}")
    _until_stopped()
    hub.stop()


def _faults(texts: tuple[str, ...], seed: int) -> Faults:
    try:
        return Faults(map(from_words, texts), seed)
    except Refused as refused:
        raise click.BadParameter(refused.message, param_hint="--fault") from refused


@click.command()
@click.option("--port", default=8080, show_default=True, help="0 : un port libre.")
@click.option("--github-port", default=8081, show_default=True, help="0 : un port libre.")
@click.option("--data", type=click.Path(path_type=Path), help="Dossier où garder la base entre deux essais.")
@click.option("--story", is_flag=True, help="Joue toute l’histoire, sans personne, et prouve chaque étape.")
def demo(port: int, github_port: int, data: Path | None, story: bool) -> None:
    """Lance ensemble un GitHub local et l’App."""
    folder = data or Path(tempfile.mkdtemp(prefix="jalon-"))
    folder.mkdir(parents=True, exist_ok=True)
    port, github_port = free_ports(port=port, github_port=github_port)
    app_url, state = f"http://127.0.0.1:{port}", folder / "github.json" if data else None
    hub = Sandbox(demo_seed(), port=github_port, app_url=app_url, state_file=state)
    hub.start()
    try:
        outcome = _told(Stage(hub, port, folder)) if story else _run_demo(hub, port, folder)
    finally:
        hub.stop()
    if not data and not outcome:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(outcome)


def _told(stage: Stage) -> int:
    logging.getLogger().setLevel(logging.ERROR)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the App is stopped too
    try:
        return tell(stage, click.echo)
    finally:
        signal.signal(signal.SIGTERM, before)


def _run_demo(hub: Sandbox, port: int, folder: Path) -> int:
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{folder.resolve()}/jalon.db"}
    jalon = Jalon(read_settings(environment))
    jalon.worker.start()
    web = _serve_web(jalon, port)
    rehearsal.leave(folder, environment)
    click.echo(f"GitHub local : {hub.url}\nJalon        : http://127.0.0.1:{port}\nCtrl-C arrête les deux.")
    try:
        _until_stopped()
    finally:
        rehearsal.take_back(folder)
    web.stop()
    if not jalon.worker.stop():
        hub.stop()
        stop_worker(jalon)
    return 0


COMMANDS = (serve, worker, sandbox, demo)
