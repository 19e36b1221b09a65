"""Rules with the common parts they extend, from files of this machine or from GitHub; and what they come to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from app.bootstrap import Jalon
from app.cli.errors import REPOSITORY
from app.cli.here_and_now import environment
from app.domain.policy.document import Node, Scalar
from app.domain.policy.inheritance import CommonFile, CommonProblem, common_of, extended_file
from app.domain.policy.model import Policy
from app.domain.policy.written_policy import written_lines
from app.github.client import Client
from app.github.common_files import CommonFiles
from app.github.policies import PATH
from app.github.token import TokenClient
from app.messages import explain_problem
from app.settings import SettingsError, read_settings, read_token_settings
from app.yaml_documents import Fetch, ReadRules, read_document_bytes, read_rules

HERE = "organisation/depot"
"""The repository of a file that is not in one yet: the organisation is the one it names."""
WIDEST = 90
"""Columns after which the origin of a line stands where it can."""


def common_option(command: Callable[..., None]) -> Callable[..., None]:
    """Where the common parts are, when they are files of this machine."""
    return click.option(
        "--common",
        "commons",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="Fichier de la partie commune (extends:), reconnu à son nom. Sinon, cherché à côté, puis sur GitHub.",
    )(command)


def read_file(path: Path, commons: Sequence[Path]) -> ReadRules:
    """The rules of a file with what it extends; a common part that is nowhere on this machine is asked of GitHub."""
    data = path.read_bytes()
    return read_rules(data, CommonFile(_repository(data), PATH), _Nearby(path, commons).fetch)


def _repository(data: bytes) -> str:
    found = read_document_bytes(data)
    named = extended_file(found) if isinstance(found, Node) else None
    file = common_of(str(named.value), HERE) if isinstance(named, Scalar) else None
    return f"{file.owner}/{HERE.partition('/')[2]}" if file else HERE


class _Nearby:
    """Common parts given by name, then those of the same folders, then those of GitHub."""

    def __init__(self, path: Path, commons: Sequence[Path]) -> None:
        self._path, self._commons = path, commons

    def fetch(self, file: CommonFile) -> bytes | CommonProblem:
        name = file.path.rpartition("/")[2]
        given = [one for one in self._commons if one.name == name]
        root = self._path.resolve().parent
        beside = [root / name, root.parent / file.path]
        is_own = [one for one in beside if one.is_file() and one.resolve() != self._path.resolve()]
        found = next(iter([*given, *is_own]), None)
        if found is not None:
            return found.read_bytes()
        if file.repository.endswith(f"/{HERE.partition('/')[2]}"):
            return CommonProblem.ABSENT
        return from_github()(file)


def from_github() -> Fetch:
    """Common parts as GitHub shows them; without settings to ask it, none is there."""
    try:
        client = _client()
    except SettingsError:
        return lambda _: CommonProblem.ABSENT
    files = CommonFiles(client)
    return lambda file: files.read(file).content


def _client() -> Client:
    try:
        return Jalon(read_settings(environment())).client
    except SettingsError:
        return TokenClient(read_token_settings())


@click.command("resolve")
@click.argument("target")
@common_option
def policy_resolve(target: str, commons: tuple[Path, ...]) -> None:
    """Écrit les règles en vigueur une fois réunies, et d’où vient chaque ligne.

    TARGET est un fichier, ou un dépôt de suivi (organisation/dépôt).
    """
    path = Path(target)
    found = read_file(path, commons) if path.is_file() else _of_repository(target)
    if not isinstance(found.policy, Policy):
        for problem in found.policy:
            click.echo(explain_problem(problem, "fr"), err=True)
        sys.exit(1)
    document = found.document or read_document_bytes(found.text)
    own = path.name if path.is_file() else PATH
    click.echo(f"# Règles réunies, version {found.policy.version}.")
    for line in written_lines(document) if isinstance(document, Node) else ():
        told = f"{line.mark.file or own}:{line.mark.line}"
        click.echo(f"{line.text:<{WIDEST}} # {told}")


def _of_repository(target: str) -> ReadRules:
    """Raises click.ClickException when the repository has no rules that can be read."""
    repository = REPOSITORY.convert(target, None, None)
    try:
        files = CommonFiles(_client())
    except SettingsError as error:
        raise click.ClickException("pour lire un dépôt, donnez à Jalon de quoi interroger GitHub") from error
    own = files.read(CommonFile(repository, PATH)).content
    if isinstance(own, CommonProblem):
        raise click.ClickException(f"« {repository} » n’a pas de règles que Jalon puisse lire ({PATH})")
    return read_rules(own, CommonFile(repository, PATH), lambda file: files.read(file).content)
