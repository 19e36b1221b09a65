"""The rows of a spreadsheet as products to import; a row with any error is set aside, with every reason."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from app.domain.policy.model import Policy
from app.domain.product.facts import PastPhase
from app.domain.product.imported import ImportedProduct, reached
from app.importing.layout import alike, file_lines, layout
from app.importing.mapping import Mapping
from app.messages.counting import counted

TITLE_LIMIT = 256
"""GitHub refuses a longer title."""
KEY_LIMIT = 100
TEXT_LIMIT = 4000
NOT_UTF8 = "Le fichier n’est pas en UTF-8. Dans votre tableur : « Enregistrer sous », « CSV UTF-8 »."
FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class BadRow:
    """A row set aside: its line in the file, counted from 1, and every reason."""

    line: int
    reasons: tuple[str, ...]


@dataclass
class ImportedTable:
    """What a file holds: products to import, in order, and the rows set aside."""

    products: list[ImportedProduct] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)


@dataclass(frozen=True)
class Again:
    """A row equal to another one but for the encoding of its letters: the same product."""

    line: int
    first: int
    key: str


@dataclass(frozen=True)
class _Seen:
    line: int
    cells: tuple[str, ...]


class _RowError(Exception):
    """One thing wrong in a row."""


def decoded(content: bytes) -> str:
    """Raises UnreadableFileError when the bytes are not UTF-8 text, as a spreadsheet's own format or UTF-16."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(NOT_UTF8) from error
    if "\0" in text.partition("\n")[0]:
        raise UnreadableFileError(NOT_UTF8)
    return text


def read_table(text: str, mapping: Mapping, policy: Policy, today: date) -> ImportedTable:
    """Every row, as a product or set aside; raises UnreadableFileError when columns are missing."""
    lines = file_lines(text)
    found = layout(lines, mapping.columns)
    names = list(found.headings)
    if lost := [column for column in mapping.columns if column not in names]:
        raise UnreadableFileError(
            f"Colonnes introuvables : {', '.join(lost)}. Colonnes du fichier : {', '.join(names) or 'aucune'}. "
            "Adaptez la correspondance (--mapping)."
        )
    if twice := sorted({column for column in mapping.columns if names.count(column) > 1}):
        raise UnreadableFileError(f"Colonnes en double : {', '.join(twice)}. Gardez-en une seule de chaque.")
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a cell too long is its row's problem
    reader = csv.reader(lines[found.start :], delimiter=found.separator, strict=True)
    table, seen = ImportedTable(), dict[str, _Seen]()
    rows = _lines(reader, found.start)
    next(rows)
    for line, cells in rows:
        if any(alike(cell) for cell in cells):
            _read_row(table, line, names, cells, mapping, policy, today, seen)
    return table


def _lines(reader: Iterator[list[str]], above: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with its first line; a quote that never closes is an error of the whole file."""
    start = above + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(f"Ligne {start} : guillemets mal fermés ({error}).") from error
        yield start, cells
        start = above + reader.line_num + 1  # type: ignore[attr-defined]


def _read_row(
    table: ImportedTable,
    line: int,
    names: list[str],
    cells: list[str],
    mapping: Mapping,
    policy: Policy,
    today: date,
    seen: dict[str, _Seen],
) -> None:
    if len(cells) != len(names):
        table.bad.append(BadRow(line, (f"{counted(len(cells), 'cellule', 'cellules')} au lieu de {len(names)}",)))
        return
    row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    key, content = alike(row[mapping.key]), tuple(map(alike, cells))
    if key in seen and seen[key].cells == content:
        table.again.append(Again(line, seen[key].line, row[mapping.key]))
        return
    reasons = [*_unfit(row, mapping, seen)]
    past: tuple[PastPhase, ...] = ()
    try:
        past = tuple(_phases(row[mapping.phases], mapping))
        if past and reached(past, policy, today) is None:
            reasons.append("aucune phase n’a encore commencé")
    except _RowError as error:
        reasons.append(str(error))
    else:
        reasons += [] if past else ["aucune phase"]
    if reasons:
        table.bad.append(BadRow(line, tuple(reasons)))
        return
    seen[key] = _Seen(line, content)
    table.products.append(_takeover(row, past, mapping, policy))


def _unfit(row: dict[str, str], mapping: Mapping, seen: dict[str, _Seen]) -> Iterator[str]:
    key, title = row[mapping.key], row[mapping.title]
    if not alike(key):
        yield f"pas de clé (colonne {mapping.key})"
    elif len(key) > KEY_LIMIT:
        yield f"clé de plus de {KEY_LIMIT} caractères"
    elif alike(key) in seen:
        yield f"clé « {key} » déjà vue ligne {seen[alike(key)].line}"
    if not alike(title):
        yield f"pas de titre (colonne {mapping.title})"
    elif len(title) > TITLE_LIMIT:
        yield f"titre de plus de {TITLE_LIMIT} caractères"
    for column in mapping.columns:
        cell = row[column]
        if any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n" for sign in cell):
            yield f"caractère illisible dans la colonne {column}"
        if len(cell) > TEXT_LIMIT and column not in {mapping.key, mapping.title}:
            yield f"plus de {TEXT_LIMIT} caractères dans la colonne {column}"


def _phases(cell: str, mapping: Mapping) -> Iterator[PastPhase]:
    """The phases of a cell, in its order; raises _RowError at the first that is wrong."""
    written = cell.split(mapping.between) if mapping.between else [cell]
    for part in (part.strip() for part in written):
        if not part:
            continue
        name, *dates = (text.strip() for text in (part.split(mapping.parts) if mapping.parts else [part]))
        known = mapping.phase_named(name)
        if known is None:
            raise _RowError(f"phase « {name} » inconnue ; connues : {', '.join(mapping.meaning)}")
        if len(dates) > 2:
            raise _RowError(f"« {part} » : on attend un nom, un début et une fin")
        began, ended = (_day(text) for text in (*dates, "", "")[:2])
        if began and ended and ended < began:
            raise _RowError(f"« {part} » : la fin précède le début")
        yield PastPhase(known, mapping.meaning[known], began, ended)


def _day(text: str) -> str:
    """A day as 2026-12-31, from that form or 31/12/2026; empty for an empty cell."""
    text = alike(text)
    found = FRENCH_DATE.fullmatch(text)
    iso = f"{int(found[3]):04}-{int(found[2]):02}-{int(found[1]):02}" if found else text
    try:
        return date.fromisoformat(iso).isoformat() if iso else ""
    except ValueError as error:
        raise _RowError(f"« {text} » n’est pas une date ; écrivez par exemple 2026-12-31") from error


def _takeover(row: dict[str, str], past: tuple[PastPhase, ...], mapping: Mapping, policy: Policy) -> ImportedProduct:
    answers = tuple((question, row[column]) for question, column in mapping.answers.items() if row[column])
    titles = {question.id: question.labels[0] for question in policy.questions}
    shown = (
        *((titles[question], text) for question, text in answers),
        *((title, row[column]) for title, column in mapping.shown.items() if row[column]),
    )
    return ImportedProduct(
        key=row[mapping.key],
        title=" ".join(row[mapping.title].split()),
        past=past,
        source=mapping.source,
        answers=answers,
        shown=shown,
    )
