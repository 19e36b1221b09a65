"""Tables as CSV that spreadsheets open correctly, accents included, and in which no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from app.domain.reading.visible import blank_start, visible

FORMULA = "=+-@"
"""Characters that make a spreadsheet run a cell (OWASP, CSV injection), full-width or after invisible ones."""
BREAKS = "\t\r\n"
BOM = "\ufeff"
"""Without it spreadsheets do not read the file as UTF-8."""


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> Iterator[str]:
    """The table line by line, so that a long one is never held whole; quoted where needed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    for number, row in enumerate(chain((header,), rows)):
        writer.writerow([_cell(value) for value in row])
        yield (BOM if number == 0 else "") + buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: object) -> object:
    """An apostrophe keeps text that looks like a formula from being run; None gives an empty cell."""
    if not isinstance(value, str):
        return value
    text, first = visible(value), value[blank_start(value) :][:1]
    runs = first != "" and unicodedata.normalize("NFKC", first)[0] in FORMULA
    return f"'{text}" if runs or value.startswith(tuple(BREAKS)) else text
