"""Commands for trials, on one's own machine: the local GitHub alone, or the demonstration."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from app.bootstrap import Jalon, utc_now
from app.cli.common import free_ports, stop_worker
from app.cli.run_here import run_here
from app.cli.serve import serve_web, until_stopped
from app.demo import running
from app.demo.month import BEGINS, tell_month
from app.demo.month_clock import StoryClock
from app.demo.month_seed import month_seeds
from app.demo.month_stage import MonthStage
from app.demo.run import tell_story
from app.demo.sealed import made_key, seal_demo
from app.demo.seed import rehearsal
from app.demo.seed import seed as demo_seed
from app.demo.stage import Stage
from app.settings import read_settings
from app.yaml_documents import read_plain
from local_github.faults import Faults, from_words
from local_github.server import Sandbox
from local_github.several import Several
from local_github.state import Refused


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
    until_stopped()
    hub.stop()


def _faults(texts: tuple[str, ...], seed: int) -> Faults:
    try:
        return Faults(map(from_words, texts), seed)
    except Refused as refused:
        raise click.BadParameter(refused.message, param_hint="--fault") from refused


@click.command()
@click.option("--port", default=8080, show_default=True, help="0 : un port libre.")
@click.option("--github-port", default=8081, show_default=True, help="0 : un port libre.")
@click.option("--data", type=click.Path(path_type=Path), help="Dossier où garder la base entre deux essais.")
@click.option("--story", is_flag=True, help="Joue toute l’histoire, sans personne, et prouve chaque étape.")
@click.option("--month", is_flag=True, help="Avec --story : un mois entier du comité, à l’horloge du récit.")
def demo(port: int, github_port: int, data: Path | None, story: bool, month: bool) -> None:
    """Lance ensemble un GitHub local et l’App."""
    if month and not story:
        raise click.UsageError("--month demande --story")
    folder = data or Path(tempfile.mkdtemp(prefix="jalon-"))
    folder.mkdir(parents=True, exist_ok=True)
    port, github_port = free_ports(port=port, github_port=github_port)
    app_url, state = f"http://127.0.0.1:{port}", folder / "github.json" if data else None
    if month:
        outcome = _month(port, github_port, folder)
    else:
        shape = rehearsal(made_key(folder))
        outcome = _shown(Sandbox(shape, port=github_port, app_url=app_url, state_file=state), port, folder, story)
    if not data and not outcome:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(outcome)


def _month(port: int, github_port: int, folder: Path) -> int:
    clock = StoryClock(BEGINS)
    hub = Several(month_seeds(made_key(folder)), port=github_port, app_url=f"http://127.0.0.1:{port}")
    for world in hub.worlds.values():
        world.clock = clock
    hub.start()
    try:
        return _told(lambda: tell_month(MonthStage(hub, port, folder, clock, run_here), click.echo))
    finally:
        hub.stop()


def _shown(hub: Sandbox, port: int, folder: Path, story: bool) -> int:
    hub.start()
    try:
        return (
            _told(lambda: tell_story(Stage(hub, port, folder), click.echo)) if story else _run_demo(hub, port, folder)
        )
    finally:
        hub.stop()


def _told(tells: Callable[[], int]) -> int:
    logging.getLogger().setLevel(logging.ERROR)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the App is stopped too
    try:
        return tells()
    finally:
        signal.signal(signal.SIGTERM, before)


def _run_demo(hub: Sandbox, port: int, folder: Path) -> int:
    database = f"sqlite:///{folder.resolve()}/jalon.db"
    environment = hub.environment() | {"JALON_DATABASE_URL": database} | seal_demo(folder, database, utc_now)
    jalon = Jalon(read_settings(environment))
    jalon.worker.start()
    web = serve_web(jalon, port)
    running.leave_settings(folder, environment)
    click.echo(f"GitHub local : {hub.url}\nJalon        : http://127.0.0.1:{port}\nCtrl-C arrête les deux.")
    try:
        until_stopped()
    finally:
        running.take_back(folder)
    web.stop()
    if not jalon.worker.stop():
        hub.stop()
        stop_worker(jalon)
    return 0


COMMANDS = (sandbox, demo)
