"""Commands about what exists already: what may answer a need, the catalogue checked, entries brought into it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.catalogue_check import checked_files, files_beside, shipped
from app.cli.policy import annotation
from app.cli.reuse_import import import_command
from app.cli.reuse_nearest import ByNumber, replay_command
from app.domain.reuse.catalogue_file import PATHS
from app.messages import explain_problem
from app.messages.counting import counted

NAMES = {Path(path).name: path for path in PATHS}


@click.group(cls=ByNumber)
def reuse() -> None:
    """Ce qui existe déjà : les communs, les normes et les besoins proches.

    « jalon reuse N » montre les dix produits et communs les plus proches du produit N, avec leur score et la raison
    pour laquelle chacun n’est pas proposé.
    """


reuse.add_command(replay_command)
reuse.add_command(import_command)


@reuse.command("check")
@click.argument("files", type=click.Path(exists=True, path_type=Path), nargs=-1, metavar="[FICHIER]…")
@click.option("--annotations", is_flag=True, help="Pour GitHub Actions : chaque erreur se montre sur sa ligne.")
def reuse_check(files: tuple[Path, ...], annotations: bool) -> None:
    """Signale chaque erreur du catalogue, et ce que ses fichiers et les règles nomment sans que cela existe.

    FICHIER est communs.yml, communs-importes.yml ou normes.yml, ou le dossier d’un dépôt. Sans argument, le catalogue
    livré avec Jalon est vérifié.
    """
    found = checked_files(*_chosen(files))
    for file, problem in found.problems:
        said = f"{file.name}, {explain_problem(problem, 'fr')}"
        click.echo(annotation(file, problem, title="Catalogue") if annotations else said)
    if found.problems:
        sys.exit(1)
    commons = counted(len(found.catalogue.commons), "commun", "communs")
    norms = counted(len(found.catalogue.norms), "norme", "normes")
    click.echo(f"Le catalogue est valable : {commons}, {norms}.")


def _chosen(files: tuple[Path, ...]) -> tuple[dict[str, Path], Path | None]:
    """The files to check by the path each has in a repository, and the rules beside them."""
    if not files:
        return shipped()
    chosen: dict[str, Path] = {}
    rules: Path | None = None
    for file in files:
        if file.is_dir():
            rules = file / ".github" / "jalon.yml"
            chosen |= files_beside(rules)
        elif file.name in NAMES:
            chosen[NAMES[file.name]] = file
            rules = rules or file.resolve().parent.parent / "jalon.yml"
        else:
            told = ", ".join(NAMES)
            raise click.ClickException(f"« {file.name} » n’est pas un fichier du catalogue : {told}")
    return chosen, rules


COMMANDS = (reuse,)
