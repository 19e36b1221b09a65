"""Checks the files of a catalogue, each alone and then against one another and the rules beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.common_rules import read_file
from app.domain.policy.document import Node, Problem
from app.domain.policy.model import Policy
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.catalogue_file import COMMONS, IMPORTED, NORMS, PATHS, merged_catalogues
from app.domain.reuse.catalogue_links import unknown_commons, unknown_items, unknown_norms, unknown_seats
from app.shipped_files import asset
from app.yaml_documents import read_catalogue_bytes, read_document_bytes

Told = tuple[Path, Problem]


@dataclass
class Checked:
    """What was read of the files there are, and every problem found, by file."""

    files: Mapping[str, Path]
    problems: list[Told] = field(default_factory=list)
    read: dict[str, Catalogue] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return merged_catalogues(*(self.read.get(path, Catalogue()) for path in PATHS))


def shipped() -> tuple[dict[str, Path], Path]:
    """The files that travel with Jalon, and the rules beside them."""
    folder = asset("catalogue")
    return {path: folder / Path(path).name for path in PATHS if (folder / Path(path).name).exists()}, asset(
        "policy.yml"
    )


def files_beside(rules: Path) -> dict[str, Path]:
    """The files of the catalogue that stand beside the rules of a repository, in their folder « jalon »."""
    return _there(rules.parent / "jalon")


def _there(folder: Path) -> dict[str, Path]:
    files = {path: folder / Path(path).name for path in PATHS}
    return {path: file for path, file in files.items() if file.is_file()}


def checked_files(files: Mapping[str, Path], rules: Path | None) -> Checked:
    """`rules` is the policy file beside them; what it names is looked up once it can be read."""
    found = Checked(files)
    for path, file in files.items():
        read = read_catalogue_bytes(path, file.read_bytes())
        if isinstance(read, Catalogue):
            found.read[path] = read
        else:
            found.problems += ((file, problem) for problem in read)
    found.problems += _between(found, rules)
    return found


def _between(found: Checked, rules: Path | None) -> Iterator[Told]:
    catalogue = found.catalogue
    if COMMONS in found.read and NORMS in found.read:
        yield from _told(found.files[NORMS], unknown_commons(_document(found.files[NORMS]), [*catalogue.by_id]))
    policy = read_file(rules, ()).policy if rules and rules.is_file() else None
    if not rules or not isinstance(policy, Policy):
        return
    if NORMS in found.read:
        yield from _told(rules, unknown_norms(_document(rules), [*catalogue.norms_by_id]))
    items = [item.id for phase in policy.phases for item in phase.items]
    seats = [seat.id for seat in policy.committee.seats]
    for path in (COMMONS, IMPORTED):
        if path in found.read:
            document = _document(found.files[path])
            yield from _told(found.files[path], unknown_items(document, items) + unknown_seats(document, seats))


def _told(file: Path, problems: tuple[Problem, ...]) -> Iterator[Told]:
    yield from ((file, problem) for problem in problems)


def _document(file: Path) -> Node:
    """Of a file that was read without a problem."""
    found = read_document_bytes(file.read_bytes())
    if isinstance(found, Problem):
        raise TypeError(file)
    return found
