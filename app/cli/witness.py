"""Commands of a witness: another installation that vouches for registers which are not its own."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from app.cli.common import free_ports
from app.cli.errors import REPOSITORY
from app.cli.here_and_now import clock, environment
from app.cli.serve import until_stopped
from app.github.backlog import read_whole
from app.github.errors import NotFoundError
from app.github.policies import Policies
from app.github.token import TokenClient
from app.settings import read_token_settings
from app.transparency.notes import LOG, Key, NoteError, Signer, new_signer, parse_vkey, read_signer, signer_text
from app.web.server import Server
from app.witness.cosigner import Cosigner
from app.witness.door import WitnessDoor
from app.witness.ledger import CosigningLedger
from app.witness.reader import LastReading, judged_register, read_memory, remembered
from app.witness.reader import statement as statement_of
from app.witness.reading_words import reading_told
from app.witness.shown import shown_by

KEY, KEY_FILE, DATABASE = "JALON_WITNESS_KEY", "JALON_WITNESS_KEY_FILE", "JALON_WITNESS_DATABASE"
KEYS = "JALON_REGISTER_KEYS"
"""The keys of the register, known otherwise than by what it shows."""
FILE = click.Path(dir_okay=False, path_type=Path)
DEFAULT_KEY_FILE, DEFAULT_DATABASE = "temoin.key", "temoin.db"


@click.group()
def witness() -> None:
    """Se porter témoin du registre d’un autre comité : ni retour en arrière, ni deux versions pour deux lecteurs."""


@witness.command("init")
@click.option("--name", required=True, help="Nom du témoin, comme une adresse sans https:// : temoin.exemple.gouv.fr")
@click.option("--key-file", default="", help=f"Où écrire sa clé ; {KEY_FILE} sinon, puis {DEFAULT_KEY_FILE}.")
def init(name: str, key_file: str) -> None:
    """Crée la clé du témoin, et dit ce qu’il faut donner à ceux dont il sera témoin."""
    path = _key_file(key_file)
    try:
        signer = new_signer(name)
    except NoteError as error:
        raise click.ClickException(f"« {name} » ne peut nommer un témoin : ni espace, ni « + »") from error
    _write_once(path, signer_text(signer))
    click.echo(f"Clé du témoin écrite dans {path} : gardez-en une copie hors ligne, ne la montrez à personne.")
    click.echo("À faire ajouter aux règles (.github/jalon.yml) du comité dont vous serez témoin :\n")
    click.echo("register:\n  witnesses:")
    click.echo(f'    - key: "{signer.witness_key.vkey}"\n      url: "https://{name}"\n  quorum: 1')


@witness.command("serve")
@click.option("--port", default=8090, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute ; 0.0.0.0 dans un conteneur.")
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="CLÉ", help="Clé d’un registre ; une ou plusieurs."
)
@click.option("--key-file", default="", help=f"La clé du témoin ; {KEY_FILE} ou {KEY} sinon, puis {DEFAULT_KEY_FILE}.")
@click.option("--database", default="", help=f"Sa mémoire, un fichier ; {DATABASE} sinon, puis {DEFAULT_DATABASE}.")
def serve(port: int, host: str, logs: tuple[str, ...], key_file: str, database: str) -> None:
    """Répond aux registres qui demandent une cosignature, derrière un serveur mandataire en https."""
    (port,) = free_ports(port=port)
    signer, known = _signer(key_file), _logs(logs)
    ledger = _ledger(database or environment().get(DATABASE, "") or DEFAULT_DATABASE)
    door = Server(WitnessDoor(Cosigner(signer, known, ledger, clock())), host, port)
    door.start()
    click.echo(f"Témoin {signer.witness_key.vkey}")
    for origin in sorted(known):
        click.echo(f"du registre {origin}")
    click.echo(f"répond à http://{host}:{port}/add-checkpoint")
    until_stopped()
    door.stop()


def _key_file(given: str) -> Path:
    return Path(given or environment().get(KEY_FILE, "") or DEFAULT_KEY_FILE)


def _write_once(path: Path, text: str) -> None:
    """Readable by its owner alone, and never over another: a witness that changes its key is another witness."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} existe déjà : une clé n’est jamais remplacée") from error
    except OSError as error:
        raise click.ClickException(f"{path} ne peut être écrit ({type(error).__name__})") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n") + "\n")


def _signer(key_file: str) -> Signer:
    given, path = environment().get(KEY, ""), _key_file(key_file)
    try:
        return read_signer((given if given and not key_file else path.read_text(encoding="utf-8")).strip())
    except OSError as error:
        raise click.ClickException(f"la clé du témoin ({path}) manque : « jalon witness init » la crée") from error
    except (NoteError, UnicodeDecodeError) as error:
        raise click.ClickException("la clé du témoin est illisible : recopiez le fichier entier") from error


def _logs(given: Iterable[str]) -> dict[str, list[Key]]:
    """Several keys of one register, when it changes them."""
    found: dict[str, list[Key]] = {}
    for text in given:
        try:
            key = parse_vkey(text.strip())
        except NoteError as error:
            raise click.ClickException(f"« {text} » n’est pas une clé de registre : nom+numéro+clé, entière") from error
        if key.kind != LOG:
            raise click.ClickException(f"« {key.name} » est la clé d’un témoin ; on attend celle d’un registre")
        found.setdefault(key.name, []).append(key)
    return found


def _ledger(path: str) -> CosigningLedger:
    try:
        return CosigningLedger(path.removeprefix("sqlite:///"))
    except sqlite3.Error as error:
        raise click.ClickException(f"la mémoire du témoin ({path}) ne s’ouvre pas : {error}") from error


@witness.command("read")
@click.option("--repository", type=REPOSITORY, default="", help="Le dépôt à relire ; GITHUB_REPOSITORY sinon.")
@click.option("--state", type=FILE, required=True, help="Ce qui a été vu : lu s’il existe, récrit si tout va bien.")
@click.option("--statement", type=FILE, help="Où écrire ce qui a été lu, en une ligne de JSON, pour l’attester.")
def read(repository: str, state: Path, statement: Path | None) -> None:
    """Relit sur GitHub un registre scellé : rien d’ancien n’a changé, chaque nouvel avis est bien de son auteur."""
    given = environment()
    if not given.get("JALON_BOT", "").strip():
        # The account of Actions would be believed instead, whose facts never are: nothing would be found, in silence.
        raise click.ClickException("JALON_BOT manque : donnez le nom de l’App dont les commentaires sont à relire")
    settings = read_token_settings({**given, **({"GITHUB_REPOSITORY": repository} if repository else {})})
    before = _memory(state)
    client = TokenClient(settings)
    here, policy = settings.repository, Policies(client).of(settings.repository)
    shown = shown_by(read_whole(client, here, policy, frozenset(settings.bots)).comments)
    if not shown.proofs and not before.leaves:
        click.echo(f"{here} : aucun registre scellé à relire.")
        return
    keys = given.get(KEYS, "").split() or list(policy.register.keys)
    try:
        found = judged_register(shown, before, keys, partial(_comment, client, here), here, clock()())
    except NoteError as error:
        raise click.ClickException(f"{KEYS} : {error}") from error
    for sentence in reading_told(shown, found, bool(given.get(KEYS))):
        click.echo(sentence)
    if found.lies:
        for one in found.lies:
            click.echo(f"✗ {one.sentence}.", err=True)
        sys.exit(min(one.kind for one in found.lies))
    state.write_text(remembered(shown).text, encoding="utf-8")
    if statement:
        about = {"repository": here, "at": clock()().isoformat(timespec="seconds"), "keys": keys}
        statement.write_text(f"{statement_of(shown, found, about)}\n", encoding="utf-8")


def _memory(state: Path) -> LastReading:
    try:
        return read_memory(state.read_text(encoding="utf-8")) if state.exists() else LastReading()
    except (OSError, ValueError) as error:
        why = "ne se lit pas : retrouvez-le, ou effacez-le pour repartir de zéro en le sachant"
        raise click.ClickException(f"{state} {why}") from error


def _comment(client: TokenClient, repository: str, number: int) -> Mapping[str, Any] | None:
    try:
        _, found = client.rest(client.requester(repository), "GET", f"/repos/{repository}/issues/comments/{number}")
    except NotFoundError:
        return None
    return dict(found)


COMMANDS = (witness,)
