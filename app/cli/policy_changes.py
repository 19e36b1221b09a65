"""Commands about a change of rules: what it says in words, and what it would have changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from app.bootstrap import Jalon
from app.cli.common_rules import common_option, read_file
from app.cli.errors import REPOSITORY
from app.cli.here_and_now import environment, now
from app.domain.policy.model import LANGUAGES, Policy
from app.domain.report.rules_diff import compare
from app.domain.report.what_if import RecordedProduct, WhatIfReport, simulate
from app.github.errors import NotFoundError, RefusalError
from app.github.rules_comment import post_rules_comment
from app.messages import explain_problem
from app.messages.rules_reports import WHOLE, diff_text, simulation_text
from app.reports.recorded import NotAnExportError, of_entries, of_export
from app.reports.renderings import as_data
from app.reports.rules_source import RulesSource, rules_from_token
from app.settings import SettingsError, read_settings, read_token_settings


def rules_of(path: Path, commons: Sequence[Path]) -> Policy:
    """The rules of a file; raises click.ClickException with every problem, as `policy check` tells them."""
    found = read_file(path, commons).policy
    if isinstance(found, Policy):
        return found
    told = "\n".join(explain_problem(problem, "fr") for problem in found)
    raise click.ClickException(f"« {path} » n’est pas valable :\n{told}")


RULES = click.Path(exists=True, dir_okay=False, path_type=Path)


def parsed_day(_context: object, _parameter: object, text: str | None) -> date | None:
    """A day of the command line; raises click.BadParameter."""
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise click.BadParameter(f"« {text} » n’est pas un jour : écrivez par exemple 2026-01-31")


def exported(path: Path, repository: str) -> tuple[RecordedProduct, ...]:
    """What an export holds of one repository; raises click.ClickException when it holds several and none is named."""
    try:
        found = tuple(one for one in of_export(path) if repository in {"", one.repository})
    except NotAnExportError as error:
        raise click.ClickException(
            f"« {path} », ligne {error.line} : ce n’est pas un fait du registre ; "
            "donnez ce qu’écrit « jalon register export », en jsonl ou en json"
        ) from error
    only({one.repository for one in found})
    return found


def only(places: Collection[str]) -> str:
    """The one repository that is followed, nothing when none is; raises click.ClickException when several are."""
    if len(places) > 1:
        told = ", ".join(sorted(places))
        raise click.ClickException(f"indiquez le dépôt de suivi avec --repo (connus : {told})")
    return next(iter(places), "")


@click.command("simulate")
@click.argument("file", type=RULES)
@common_option
@click.option("--since", callback=parsed_day, help="Ne rejoue que les passages demandés depuis ce jour (2026-01-31).")
@click.option(
    "--register",
    "export",
    type=RULES,
    help="Sans la base : le fichier écrit par « jalon register export ».",
)
@click.option("--repo", "repository", type=REPOSITORY, default="", help="Dépôt de suivi, s’il y en a plusieurs.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--format", "shape", type=click.Choice(["md", "json"]), default="md", show_default=True)
def policy_simulate(
    file: Path,
    commons: tuple[Path, ...],
    since: date | None,
    export: Path | None,
    repository: str,
    language: str,
    shape: str,
) -> None:
    """Dit ce que les règles de FILE auraient changé aux passages du registre : rien n’est écrit nulle part."""
    policy = rules_of(file, commons)
    lives = exported(export, repository) if export else source_of(repository).histories()
    found = simulate(lives, policy, now(), since)
    if not found.products:
        click.echo("Le registre est vide : il n’y a rien à rejouer.")
        return
    click.echo(changes_told(found, policy, language, shape), nl=False)


def changes_told(found: WhatIfReport, policy: Policy, language: str, shape: str) -> str:
    if shape == "json":
        return json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n"
    return simulation_text(found, policy, language)


MOST = 20
"""Changes of one part, and gates, told in a comment: a pull request is read on a telephone too."""


@click.command("diff")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=RULES,
    metavar="[AVANT] APRÈS",
)
@common_option
@click.option("--language", type=click.Choice(LANGUAGES), help="Sans cette option, la langue des nouvelles règles.")
@click.option("--simulate", "with_simulation", is_flag=True, help="Ajoute ce qu’elles auraient changé au registre.")
@click.option("--publish", is_flag=True, help="Le dit dans un commentaire de la demande de modification, tenu à jour.")
@click.option("--pull", type=int, help="Le numéro de la demande de modification.")
@click.option("--repo", "repository", type=REPOSITORY, default="", help="Dépôt de suivi, s’il y en a plusieurs.")
def policy_diff(
    files: tuple[Path, ...],
    commons: tuple[Path, ...],
    language: str | None,
    with_simulation: bool,
    publish: bool,
    pull: int | None,
    repository: str,
) -> None:
    """Dit en français ce qui change entre deux fichiers de règles, ou entre les règles en vigueur et un fichier."""
    if len(files) > 2:
        raise click.ClickException("donnez un fichier, ou deux : les règles d’avant, puis celles d’après")
    if publish and not pull:
        raise click.ClickException("donnez avec --pull le numéro de la demande de modification")
    after = rules_of(files[-1], commons)
    is_whole = len(files) == 2 and not with_simulation and not publish
    source = None if is_whole else source_of(repository)
    before = rules_of(files[0], commons) if len(files) == 2 else in_force(source)
    text = changed(
        before, after, language or after.language, source if with_simulation else None, MOST if publish else WHOLE
    )
    if not publish or source is None or pull is None:
        click.echo(text, nl=False)
        return
    try:
        said = post_rules_comment(
            source.client, source.repository, pull, text, is_news=before is None or bool(compare(before, after))
        )
        click.echo(said or "Rien ne change : rien n’est dit.")
    except (NotFoundError, RefusalError) as error:
        raise click.ClickException(
            f"GitHub ne laisse rien écrire dans la demande n° {pull} de {source.repository} : ce dépôt n’en a pas "
            "de ce numéro, ou ce jeton n’a pas le droit « Pull requests » en écriture, comme ceux des copies (forks)"
        ) from error


def changed(before: Policy | None, after: Policy, language: str, source: RulesSource | None, most: int) -> str:
    """The change in words, then what it would have changed."""
    told = FIRST[language] if before is None else diff_text(compare(before, after), before, after, language, most=most)
    if source is None:
        return told
    found = simulate(source.histories(), after, now())
    return f"{told}\n{simulation_text(found, after, language, most=most, small=True)}"


FIRST = {
    "fr": "# Ce que ces règles changent\n\nAucune règle n’est en vigueur : celles-ci seraient les premières.\n",
    "en": "# What these rules change\n\nNo rules are in force: these would be the first.\n",
}


def in_force(source: RulesSource | None) -> Policy | None:
    """The rules that hold, whatever became of their file since; None where there never were any."""
    policy = source.reading().policy if source and source.repository else None
    return None if policy is None or policy.flawed else policy


def source_of(repository: str) -> RulesSource:
    """By the App's settings if they are there, else by a job's token; raises SettingsError when neither is."""
    try:
        settings = read_settings(environment())
    except SettingsError as error:
        try:
            return rules_from_token(read_token_settings(environment()))
        except SettingsError as other:
            raise SettingsError([*error.problems, *(f"ou bien {problem}" for problem in other.problems)]) from other
    jalon = Jalon(settings)
    place = repository or only(jalon.register.repositories() or jalon.client.repositories())
    return RulesSource(
        jalon.client,
        place,
        lambda: jalon.policies.reading(place),
        lambda: of_entries(jalon.register.entries(), place),
    )
