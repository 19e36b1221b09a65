"""Commands that keep GitHub and the register in step: the sweep, and the replay of parked deliveries."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from app.bootstrap import Jalon
from app.cli.common import from_environment, stop_worker
from app.cli.errors import Failed, tried_alone
from app.domain.reading.visible import visible
from app.engine import AlreadyRunningError, Parked
from app.engine.attempts import told_effect
from app.engine.sweep import Stale
from app.messages.counting import counted
from app.settings import job_event

WHY = {
    "unseen": "jamais traitée",
    "changed": "a changé depuis le dernier passage",
    "due": "échéance atteinte",
    "asked": "demandé",
    "absent": "n’est plus dans le dépôt",
}
EFFECTS = {
    "ChangeLabels": "étiquettes",
    "PlaceCard": "carte placée en",
    "FillCard": "carte mise à jour :",
    "PostComment": "commentaire publié",
    "EditComment": "commentaire mis à jour",
    "React": "réaction",
    "TakeBack": "réaction reprise",
    "HideComment": "réponse dépassée repliée",
    "ShowComment": "réponse de nouveau vraie dépliée",
}
REMOVED = {
    "twice": "commentaire en double retiré",
    "forged": "commentaire réécrit par un autre compte, retiré :",
}
REACTIONS = {"THUMBS_UP": "👍", "CONFUSED": "😕"}
PATIENCE_S = 600.0
LONGEST_JOB = timedelta(minutes=30)
"""As the workflow for organisations without a server allows."""
STEP_S = 0.2


@click.command()
@click.option("--issue", "number", type=int, default=0, help="Un seul produit, par le numéro de son issue.")
@click.option("--dry-run", is_flag=True, help="Montre ce qui serait fait, sans rien changer.")
def sweep(number: int, dry_run: bool) -> None:
    """Rapproche GitHub et le registre : rattrape ce qui a été manqué, corrige ce qui a dérivé."""
    jalon = from_environment()
    if dry_run:
        sys.exit(_plan(jalon, number))
    else:
        _sweep(jalon, number)


def _plan(jalon: Jalon, number: int) -> int:
    """The exit code: 1 when a product could not be read, which does not stop the others."""
    missed = jalon.catch_up.missed()
    _tell_missed(len(missed), "à redemander à GitHub")
    rows, failures, unread = [], 0, dict[str, str]()
    for stale in _stale(jalon, number, unread):
        told = tried_alone(partial(_planned, jalon, stale), f"{stale.repository}#{stale.number}")
        if isinstance(told, Failed):
            failures += 1
            told = f"impossible à dire : {told.why}"
        rows.append((stale, told))
    _table(rows, "Ce qui serait fait")
    _tell_unread(unread)
    click.echo("Rien n’a été changé.")
    return 1 if failures or unread else 0


def _planned(jalon: Jalon, stale: Stale) -> str:
    if stale.why == "absent":
        return _done(1, [])
    plan = jalon.product_turn.plan(stale.repository, stale.number)
    return _done(plan.facts, [told_effect(effect) for effect in plan.effects])


def _sweep(jalon: Jalon, number: int) -> None:
    unread: dict[str, str] = {}
    with working(jalon):
        asked = jalon.catch_up.run()
        _tell_missed(len(asked), "redemandées à GitHub")
        _await(lambda: jalon.inbox.known(attempt.guid for attempt in asked), len(asked), 10)
        for name in () if number else jalon.sweep.wake_labels(jalon.sweep.repositories()):
            replay_outcome(jalon, name)  # a label that has its name back is right on every product at once
        woken = list(jalon.sweep.wake(_stale(jalon, number, unread), one_step, _since()))
        rows = [(stale, replay_outcome(jalon, name)) for stale, name in woken]
        rules = [] if number else _look_at_rules(jalon)
    _table(rows, "Ce qui a été fait")
    for told in rules:
        click.echo(told)
    _tell_unread(unread)
    if unread or any(told == UNFINISHED for _, told in rows):
        sys.exit(1)


def _look_at_rules(jalon: Jalon) -> list[str]:
    """One line for each policy file of which something had to be told."""
    repositories = jalon.sweep.files()
    outcomes = [replay_outcome(jalon, name) for name in jalon.sweep.wake_rules(repositories)]
    return [
        f"Règles de {repository} : {told}"
        for repository, told in zip(repositories, outcomes, strict=True)
        if told != NOTHING
    ]


@contextmanager
def working(jalon: Jalon) -> Iterator[None]:
    """A worker takes the turns: the one already running on this database, or this very process."""
    try:
        jalon.worker.start(with_schedules=False)
    except AlreadyRunningError:
        yield
        return
    try:
        yield
    finally:
        stop_worker(jalon)


def _since() -> str:
    """From when on this GitHub Actions job must read comments: jobs that wait are replaced by later ones."""
    try:
        told = json.loads(job_event() or "{}")
        said = datetime.fromisoformat(told["comment"]["updated_at"])
    except (ValueError, KeyError, TypeError):
        return ""
    return (said - LONGEST_JOB).isoformat()


def _stale(jalon: Jalon, number: int, unread: dict[str, str]) -> Iterator[Stale]:
    """The products that need a turn; `unread` receives the repositories that could not be listed entirely, and why."""
    for repository in jalon.sweep.repositories():
        found = jalon.sweep.stale(repository, number)
        while True:
            one = tried_alone(lambda listed=found: next(listed, None), repository)  # type: ignore[misc]
            if isinstance(one, Failed):
                unread[repository] = one.why
            if not isinstance(one, Stale):
                break
            yield one


def _tell_unread(unread: dict[str, str]) -> None:
    for repository, why in unread.items():
        click.echo(f"{repository} : les issues n’ont pas pu être lues : {why}.")


def one_step() -> bool:
    time.sleep(STEP_S)
    return True


def _await(found: Callable[[], Sequence[str] | set[str]], wanted: int, seconds: float) -> None:
    """Redelivered webhooks arrive through the web if it runs: they are awaited before products are read."""
    end = time.monotonic() + seconds
    while wanted and len(found()) < wanted and time.monotonic() < end:
        time.sleep(STEP_S)


NOTHING = "rien à corriger"
UNFINISHED = "pas encore traité : un autre passage s’en chargera"


def replay_outcome(jalon: Jalon, name: str) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        stored = jalon.inbox.read(name)
        if stored and stored.is_done:
            return _told(stored.outcome)
        time.sleep(STEP_S)
    return UNFINISHED


def _told(outcome: str) -> str:
    try:
        done = json.loads(outcome)
    except ValueError:
        return f"mis de côté ({outcome}) : voir « jalon replay »"
    if "ignored" in done:
        return NOTHING
    return _done(done["facts"], done["effects"])


def _done(facts: int, effects: Sequence[Sequence[str]]) -> str:
    parts = [f"{counted(facts, 'fait', 'faits')} au registre"] if facts else []
    for kind, detail in effects:
        if kind == "RemoveComment":
            parts.append(_removed(*detail.split()))
            continue
        parts.append(f"{EFFECTS.get(kind, kind)} {REACTIONS.get(detail, detail)}".strip())
    return " ; ".join(parts) or NOTHING


def _removed(comment: str, why: str = "twice") -> str:
    """Former versions stored the comment's id alone."""
    return f"{REMOVED[why]} {comment}"


def _tell_missed(count: int, what: str) -> None:
    click.echo(f"Livraisons manquées {what} : {count}." if count else "Aucune livraison manquée.")


def _table(rows: Sequence[tuple[Stale, str]], title: str) -> None:
    if not rows:
        click.echo("Tout est en ordre : aucun produit à corriger.")
        return
    click.echo(f"| Produit | Pourquoi | {title} |\n|---|---|---|")
    for stale, told in rows:
        name = visible(stale.title).replace("|", "\\|")
        click.echo(f"| {stale.repository}#{stale.number} {name} | {WHY[stale.why]} | {told} |")


@click.command()
@click.argument("delivery", required=False)
def replay(delivery: str | None) -> None:
    """Rejoue une livraison mise de côté ; sans identifiant, les montre toutes."""
    jalon = from_environment()
    if delivery is None:
        _show_parked(jalon.inbox.parked())
        return
    if not jalon.inbox.replay(delivery):
        stored = jalon.inbox.read(delivery)
        why = "son contenu, trop ancien, n’est plus gardé : « jalon sweep » fera le point" if stored else "inconnue"
        raise click.ClickException(f"livraison {delivery} : {why}")
    click.echo(f"Livraison {delivery} : remise dans la file, elle sera traitée au prochain passage.")


def _show_parked(parked: Sequence[Parked]) -> None:
    if not parked:
        click.echo("Aucune livraison mise de côté.")
        return
    click.echo("| Livraison | Événement | Reçue le (UTC) | Essais | Pourquoi |\n|---|---|---|---|---|")
    for one in parked:
        received = datetime.fromtimestamp(one.received, UTC)
        click.echo(f"| {one.delivery} | {one.event} | {received:%d/%m/%Y %H:%M} | {one.attempts} | {one.why} |")


COMMANDS = (sweep, replay)
