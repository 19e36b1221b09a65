"""Tables as CSV that a spreadsheet opens as it is, accents included, and in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet run a cell, wide letters included (OWASP, CSV injection), spaces before it or not."""
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
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \xa0").startswith(FORMULA) else value
