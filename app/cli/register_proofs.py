"""Commands that hand the sealed register to outsiders: all of it as an archive, one decision as one file."""

from __future__ import annotations

import runpy
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from app.bootstrap import Jalon
from app.cli.common import from_environment
from app.cli.errors import REPOSITORY
from app.cli.named_product import named_product
from app.messages.counting import counted
from app.reports.proof_files import VERIFIER, NoProofError, Trusted, decision_proof, endings, trusted, write_bundle
from app.shipped_files import asset

WHY_NOT = {
    "unsealed": "rien n’est scellé : faites une clé du sceau avec « jalon seal init »",
    "unsigned": "la décision attend encore son sceau : donnez la clé du sceau (JALON_SEAL_KEY_FILE), puis recommencez",
    "unknown": "le produit n’a pas ce passage",
    "open": "ce passage n’est pas terminé : rien n’y est encore décidé",
}


def outsider(arguments: Sequence[str]) -> int:
    """Run the tool that is given to everybody, the very file; its status."""
    return int(runpy.run_path(str(asset(VERIFIER)))["main"](list(arguments)))


def trust_of(jalon: Jalon) -> Trusted:
    """By what the rules last read, without asking GitHub, say that the register is checked."""
    known = (jalon.policies.remembered(repository) for repository in jalon.register.repositories())
    return trusted((rules for rules in known if rules), jalon.signer)


def verify_seals(jalon: Jalon) -> int:
    """Whether the sealed register is whole, by the tool of outsiders; 0 too when nothing was sealed yet."""
    if not jalon.log.latest():
        return 0
    trust = trust_of(jalon)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registre.zip"
        with path.open("wb") as file:
            write_bundle(file, jalon.log, jalon.policy_store.texts, trust)
        return outsider([str(path), *(part for key in trust.keys for part in ("--key", key))])


@click.command("bundle")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("registre.zip"),
    show_default=True,
    help="Le fichier à écrire.",
)
@click.option("--public", is_flag=True, help="Sans les parties personnelles : comptes, motifs, titres.")
def bundle(output: Path, public: bool) -> None:
    """Écrit le registre scellé en une archive que chacun vérifie sans réseau, par le script qu’elle contient."""
    jalon = from_environment()
    _sign(jalon)
    try:
        with output.open("wb") as file:
            trust = trust_of(jalon)
            count = write_bundle(file, jalon.log, jalon.policy_store.texts, trust, output.name, public=public)
    except OSError as error:
        raise click.ClickException(f"{output} ne peut pas être écrit : {error.strerror}") from error
    click.echo(f"{output} : {counted(count, 'entrée', 'entrées')}. Pour vérifier : python3 verifier.py {output.name}")


@click.command("prove")
@click.argument("number", type=int, metavar="N")
@click.option("--repo", "repository", type=REPOSITORY, help="Le dépôt du produit, s’il y en a plusieurs.")
@click.option("--gate", type=int, help="Le numéro du passage ; la dernière décision sinon.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Le fichier à écrire ; decision-N-PASSAGE.tlog-proof sinon.",
)
def prove(number: int, repository: str | None, gate: int | None, output: Path | None) -> None:
    """Écrit la preuve d’une décision du produit N : un fichier de quelques kilo-octets, vérifiable sans réseau."""
    jalon = from_environment()
    _sign(jalon)
    product, _ = named_product(jalon, number, repository)
    history = jalon.register.history(product)
    ended = [getattr(fact, "gate", 0) for fact in endings(history)]
    asked = gate or (ended[-1] if ended else 0)
    try:
        text = decision_proof(jalon.log, history, asked).text(trust_of(jalon), jalon.log.origin)
    except NoProofError as error:
        raise click.ClickException(WHY_NOT[error.why]) from error
    path = output or Path(f"decision-{number}-{asked}.tlog-proof")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} ne peut pas être écrit : {error.strerror}") from error
    click.echo(f"{path} : produit n° {number}, passage n° {asked}. Pour vérifier : python3 verifier.py {path.name}")


def _sign(jalon: Jalon) -> None:
    """What was recorded until now is sealed before it is handed on; raises click.ClickException when nothing is."""
    if jalon.signer:
        jalon.log.checkpoint(jalon.signer, jalon.clock())
    if not jalon.log.latest():
        raise click.ClickException(WHY_NOT["unsigned" if jalon.log.size else "unsealed"])


OF_REGISTER = (bundle, prove)
