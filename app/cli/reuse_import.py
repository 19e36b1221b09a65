"""`jalon reuse import`: entries of other catalogues written to the imported file, from files on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from app.domain.reuse.catalogue import Catalogue, Common
from app.domain.reuse.catalogue_file import IMPORTED, MOST
from app.domain.reuse.catalogue_text import catalogue_yaml
from app.importing.catalogue_sources import UnreadableSourceError, brought, from_csv, from_publiccode, from_sill
from app.messages import explain_problem
from app.messages.counting import counted
from app.yaml_documents import read_catalogue_bytes

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCES: tuple[Callable[[Path], Iterable[Common]], ...] = (from_sill, from_publiccode, from_csv)


@click.command("import")
@click.option("--sill", type=FILE, help="La liste du SILL, en JSON.")
@click.option("--publiccode", type=click.Path(exists=True, path_type=Path), help="Un publiccode.yml, ou un dossier.")
@click.option("--csv", type=FILE, help="Un tableau : nom, en_une_phrase, et si besoin nature, porteur, lien, licence.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path(IMPORTED), show_default=True)
def import_command(sill: Path | None, publiccode: Path | None, csv: Path | None, out: Path) -> None:
    """Fait entrer les fiches d’un autre catalogue dans le fichier des communs importés, sans rien télécharger.

    Une fiche importée est reconnue par son nom ; elle n’est proposée que si son tableau dit « proposer : oui ».
    """
    given = [(read, file) for read, file in zip(SOURCES, (sill, publiccode, csv), strict=True) if file]
    if not given:
        raise click.UsageError("Donnez au moins un fichier : --sill, --publiccode ou --csv.")
    known = _known(out)
    try:
        found = brought(known, [one for read, file in given for one in read(file)])
    except UnreadableSourceError as error:
        raise click.ClickException(str(error)) from error
    if len(found) > MOST[IMPORTED]:
        raise click.ClickException(f"{counted(len(found), 'fiche', 'fiches')} : {MOST[IMPORTED]} au plus")
    before, changed = {one.id: one for one in known}, catalogue_yaml(found)
    if not out.is_file() or out.read_text(encoding="utf-8") != changed:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(changed, encoding="utf-8")
    new = sum(one.id not in before for one in found)
    other = sum(one.id in before and before[one.id] != one for one in found)
    fresh = counted(new, "nouvelle", "nouvelles")
    click.echo(
        f"{counted(len(found), 'fiche', 'fiches')} dans {out} : {fresh}, {counted(other, 'changée', 'changées')}."
    )


def _known(out: Path) -> tuple[Common, ...]:
    if not out.is_file():
        return ()
    found = read_catalogue_bytes(IMPORTED, out.read_bytes())
    if isinstance(found, Catalogue):
        return found.commons
    raise click.ClickException(f"{out} : {explain_problem(found[0], 'fr')}")
