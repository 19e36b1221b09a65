"""Commands about the seal of the register: its key made, looked at, changed, replaced when lost, declared stolen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.anchoring.round import ABSENT, OTHER
from app.bootstrap import Jalon
from app.cli import seal_words as words
from app.cli.common import from_environment
from app.cli.seal_words import key_told
from app.domain.policy.register_settings import RegisterSettings
from app.github.latest_seals import latest_comments
from app.messages.counting import counted
from app.store.log_keys import hand_over, seal_again
from app.store.sealing import LogError
from app.transparency.key_ring import LOSS, ROTATION, THEFT, KeyChange, KeyRing
from app.transparency.notes import Key, NoteError, Signer, is_name, new_signer, signer_text
from app.turns.fork_guard import origins
from app.turns.seal_keys import known_ring, readable_keys

KEY = "jalon-sceau.key"
NEW_KEY = "jalon-sceau-nouveau.key"
_path = click.Path(path_type=Path, dir_okay=False)
_new_key = click.option("--key", "path", type=_path, default=Path(NEW_KEY), show_default=True, help="La nouvelle clé.")


@click.group()
def seal() -> None:
    """Le sceau du registre : sa clé, ce qu’il a signé, et quoi faire quand la clé change."""


@seal.command("init")
@click.option("--name", default="", help="Le nom du registre, pour toujours : registre.ministere.gouv.fr/comite.")
@click.option("--key", "path", type=_path, default=Path(KEY), show_default=True, help="Le fichier de la clé à faire.")
def seal_init(name: str, path: Path) -> None:
    """Fait la clé du sceau et scelle le registre : ce qui y est déjà, puis chaque fait."""
    jalon = from_environment()
    if jalon.log.origin:
        raise click.ClickException(
            f"le registre est déjà scellé, sous le nom {jalon.log.origin} : « jalon seal status »"
        )
    _refuse_twice(jalon, jalon.signer.name if jalon.signer else name or _name(jalon))
    signer = jalon.signer or _made(name or _name(jalon), path)
    if name and name != signer.name:
        raise click.ClickException(f"la clé donnée est celle du registre {signer.name} : retirez --name, ou la clé")
    now = jalon.clock()
    facts = jalon.log.open(signer.name, now)
    jalon.log.checkpoint(signer, now)
    click.echo(words.seal_opened(signer.name, facts, now))
    click.echo(words.key_kept(path) if jalon.signer is None else words.KEPT_ALREADY)
    click.echo(words.to_publish(signer.key))


def _refuse_twice(jalon: Jalon, name: str) -> None:
    """A database that was lost must not begin again a register that GitHub still shows the seal of."""
    for repository in dict.fromkeys((*jalon.register.repositories(), *jalon.client.repositories())):
        comments, bodies = latest_comments(jalon.client, repository)
        if name in origins(comments, bodies):
            raise click.ClickException(words.BEGUN_ALREADY.format(name, repository))


def _name(jalon: Jalon) -> str:
    host = jalon.settings.public_url.partition("://")[2].partition("/")[0]
    if not host:
        raise click.ClickException(
            "donnez un nom au registre : jalon seal init --name registre.ministere.gouv.fr/comite"
        )
    return f"{host}/registre"


def _made(name: str, path: Path) -> Signer:
    """A new key in a file of its owner's alone, which no other key is lost for."""
    if not is_name(name) or "\n" in name:
        raise click.ClickException(f"« {name} » n’est pas un nom de registre : ni blanc, ni « + »")
    signer = new_signer(name)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} existe déjà : une clé ne s’écrase pas ; donnez un autre --key") from error
    except OSError as error:
        raise click.ClickException(f"{path} ne peut être écrit : {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{signer_text(signer)}\n")
    return signer


@seal.command("status")
def seal_status() -> None:
    """Où en est le sceau ; le code de sortie est 1 si quelque chose ne va pas, avec quoi faire."""
    jalon = from_environment()
    if not jalon.log.origin:
        click.echo(words.UNSEALED if jalon.signer is None else words.KEY_WITHOUT_LOG)
        sys.exit(0 if jalon.signer is None else 1)
    for line in words.seal_standing(jalon.log):
        click.echo(line)
    wrong = [*_wrong(jalon)]
    for line in wrong:
        click.echo(f"✗ {line}")
    sys.exit(1 if wrong else 0)


def _wrong(jalon: Jalon) -> Sequence[str]:
    rules = _rules(jalon)
    found, known = [*words.behind(jalon.log)], known_ring(jalon.log, jalon.signer, rules.values())
    if jalon.signer is None:
        found.append(words.NO_KEY)
    elif known and known.present != jalon.signer.key:
        found.append(words.ANOTHER_KEY.format(key_told(jalon.signer.key), key_told(known.present)))
    if known and known.unvouched:
        found.append(words.unvouched(known.unvouched, known.quorum))
    found += [f"{one.french} ({one.detail})" for one in jalon.troubles.told() if one.kind in {ABSENT, OTHER}]
    if known:
        found += [
            words.UNPUBLISHED.format(repository, key_told(known.present))
            for repository, one in rules.items()
            if known.present not in readable_keys(one.keys)
        ]
    return found


def _rules(jalon: Jalon) -> dict[str, RegisterSettings]:
    """What the rules of each committee say of the register."""
    return {name: jalon.policies.of(name).register for name in jalon.register.repositories()}


@seal.command("rotate")
@_new_key
def seal_rotate(path: Path) -> None:
    """Change la clé du sceau : l’ancienne signe une dernière fois, avec la nouvelle, qui signe seule ensuite."""
    jalon = from_environment()
    if jalon.signer is None:
        raise click.ClickException(
            "la clé actuelle manque (JALON_SEAL_KEY_FILE) ; si elle est perdue : jalon seal lost"
        )
    new = _changed(jalon, jalon.signer.key, path, ROTATION, 0, jalon.signer)
    click.echo(words.ROTATED.format(path))
    click.echo(words.to_publish(new.key))


@seal.command("lost")
@_new_key
def seal_lost(path: Path) -> None:
    """Remplace une clé perdue : la nouvelle n’est crue qu’une fois que les témoins ont signé après elle."""
    jalon = from_environment()
    new = _changed(jalon, _former(jalon), path, LOSS, 0)
    click.echo(words.LOST.format(path))
    click.echo(words.witnessed(max((one.quorum for one in _rules(jalon).values()), default=0)))
    click.echo(words.to_publish(new.key))


@seal.command("stolen")
@click.option("--from", "dead_from", type=click.IntRange(min=0), required=True, metavar="TAILLE")
@_new_key
def seal_stolen(dead_from: int, path: Path) -> None:
    """Déclare volée la clé du sceau : rien de ce qu’elle signe au-delà de cette taille n’est plus cru."""
    jalon = from_environment()
    if dead_from > jalon.log.size:
        raise click.ClickException(f"le registre n’a que {counted(jalon.log.size, 'entrée', 'entrées')}")
    new = _changed(jalon, _former(jalon), path, THEFT, dead_from)
    again = seal_again(jalon.database, dead_from, new)
    click.echo(words.STOLEN.format(path, counted(dead_from, "entrée", "entrées")))
    click.echo(words.SEALED_AGAIN.format(counted(again, "sceau est refait", "sceaux sont refaits")))
    click.echo(words.witnessed(max((one.quorum for one in _rules(jalon).values()), default=0)))
    click.echo(words.to_publish(new.key))


def _former(jalon: Jalon) -> Key:
    """The key that signed until now, known by the settings, the log or the rules."""
    known = known_ring(jalon.log, jalon.signer, _rules(jalon).values())
    if known is None:
        raise click.ClickException("l’ancienne clé n’est connue ni des réglages ni des règles : publiez-la d’abord")
    return known.present


def _changed(jalon: Jalon, former: Key, path: Path, why: str, dead_from: int, *signing: Signer) -> Signer:
    """The new key, once the log tells of it and a checkpoint covers that; nothing is kept of a change refused."""
    if not jalon.log.origin:
        raise click.ClickException(words.UNSEALED)
    new = _made(jalon.log.origin, path)
    change = KeyChange(jalon.log.size, former, new.key, why, dead_from)
    try:
        known = known_ring(jalon.log, jalon.signer, _rules(jalon).values())
        KeyRing(known.first if known else former, (*(known.changes if known else ()), change))
        hand_over(jalon.database, change.event, jalon.clock(), (*signing, new))
    except (LogError, NoteError) as error:
        path.unlink()
        raise click.ClickException(words.key_change_refused(error, jalon.log)) from error
    return new


COMMANDS = (seal,)
