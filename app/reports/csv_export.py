"""Tables as CSV that a spreadsheet opens as it is, accents included, and in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from app.domain.reading.visible import blank_start, visible

FORMULA = "=+-@"
"""What makes a spreadsheet run a cell (OWASP, CSV injection), in any width, whatever shows nothing before it."""
BREAKS = "\t\r\n"
BOM = "\ufeff"
"""Without it, spreadsheets take the text for another encoding than UTF-8."""


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table line by line, so that a long one is never held whole; separated by commas, quoted where needed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(chain((header,), rows)):
        writer.writerow([_cell(value) for value in row])
        yield (BOM if number == 0 else "") + buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: object) -> object:
    """An apostrophe keeps a text that begins like a formula from being run; None leaves the cell empty."""
    if not isinstance(value, str):
        return value
    text, first = visible(value), value[blank_start(value) :][:1]
    runs = first != "" and unicodedata.normalize("NFKC", first)[0] in FORMULA
    return f"'{text}" if runs or value.startswith(tuple(BREAKS)) else text
