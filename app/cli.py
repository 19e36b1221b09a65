"""The `jalon` command."""

from __future__ import annotations

import json
import logging
import signal
import sys
import tempfile
import threading
from pathlib import Path

import click
import waitress

from app.assets import asset
from app.demo import seed as demo_seed
from app.documents import read_plain, read_policy
from app.domain.facts import to_json
from app.domain.policy import Policy
from app.jalon import Jalon
from app.messages import explain_problem
from app.sandbox.server import Sandbox
from app.settings import SettingsError, read_settings
from app.web import create_app


@click.group()
def main() -> None:
    """Jalon : le comité produit sur GitHub."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")


def _jalon() -> Jalon:
    try:
        return Jalon(read_settings())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _until_stopped() -> None:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    stop.wait()


def _serve_web(jalon: Jalon, port: int) -> None:
    app = create_app(jalon.settings, jalon.inbox, jalon.register)
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=8)
    threading.Thread(target=server.run, daemon=True).start()


@main.command()
@click.option("--port", default=8080, show_default=True)
@click.option("--no-worker", is_flag=True, help="Web seul, sans traiter les événements.")
def serve(port: int, no_worker: bool) -> None:
    """Lance l’App : le web et le traitement."""
    jalon = _jalon()
    if not no_worker:
        jalon.worker.start()
    _serve_web(jalon, port)
    click.echo(f"Jalon : http://127.0.0.1:{port}")
    _until_stopped()
    if not no_worker:
        jalon.worker.stop()


@main.command()
def worker() -> None:
    """Traite les événements, sans le web."""
    jalon = _jalon()
    jalon.worker.start()
    _until_stopped()
    jalon.worker.stop()


@main.command()
@click.option("--port", default=8081, show_default=True)
@click.option("--seed", "seed_file", type=click.Path(exists=True, path_type=Path))
@click.option("--app-url", default="http://127.0.0.1:8080", show_default=True)
@click.option("--env-file", type=click.Path(path_type=Path))
def sandbox(port: int, seed_file: Path | None, app_url: str, env_file: Path | None) -> None:
    """Lance le GitHub local seul."""
    seed = read_plain(seed_file.read_text(encoding="utf-8")) if seed_file else demo_seed()
    hub = Sandbox(seed, port=port, app_url=app_url)
    hub.start()
    if env_file:
        hub.write_env_file(env_file)
    click.echo(f"GitHub local : {hub.url}")
    _until_stopped()
    hub.stop()


@main.command()
@click.option("--port", default=8080, show_default=True)
@click.option("--github-port", default=8081, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Dossier où garder la base entre deux essais.")
def demo(port: int, github_port: int, data: Path | None) -> None:
    """Lance ensemble un GitHub local et l’App."""
    folder = data or Path(tempfile.mkdtemp(prefix="jalon-"))
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "github.json" if data else None
    hub = Sandbox(demo_seed(), port=github_port, app_url=f"http://127.0.0.1:{port}", state_file=state)
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{folder}/jalon.db"}
    jalon = Jalon(read_settings(environment))
    jalon.worker.start()
    _serve_web(jalon, port)
    click.echo(f"GitHub local : {hub.url}\nJalon        : http://127.0.0.1:{port}\nCtrl-C arrête les deux.")
    _until_stopped()
    jalon.worker.stop()
    hub.stop()


@main.group()
def policy() -> None:
    """Les règles du comité."""


@policy.command("check")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
def policy_check(file: Path | None) -> None:
    """Signale chaque erreur du fichier, avec sa ligne et sa colonne."""
    found = read_policy((file or asset("policy.yml")).read_text(encoding="utf-8"))
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
    found = read_policy((file or asset("policy.yml")).read_text(encoding="utf-8"))
    if not isinstance(found, Policy):
        raise click.ClickException("règles invalides : lancez « jalon policy check »")
    click.echo("flowchart LR")
    for phase in found.phases:
        click.echo(f'  {phase.id}["{phase.name}"]')
    for gate in found.gates:
        for origin in gate.origins:
            click.echo(f"  {origin} {'-->' if gate.checklist else '-.->'} {gate.to}")


@main.group()
def register() -> None:
    """Le registre des décisions."""


@register.command("export")
def register_export() -> None:
    """Écrit chaque fait du registre, un objet JSON par ligne."""
    for entry in _jalon().register.entries():
        line = {"repository": entry.repository, "number": entry.number, "seq": entry.seq, "digest": entry.digest}
        click.echo(json.dumps(line | to_json(entry.fact), ensure_ascii=False))


@register.command("verify")
def register_verify() -> None:
    """Prouve que le registre est entier."""
    broken = _jalon().register.verify()
    click.echo("\n".join(broken) or "Le registre est entier.")
    sys.exit(1 if broken else 0)
