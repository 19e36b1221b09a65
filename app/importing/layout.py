"""Finds the layout of a spreadsheet file: its separator, the line of its headings, what its names mean."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import clevercsv

from app.domain.reading.text import normalised
from app.domain.reading.visible import visible

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 20_000
"""Characters given to the library that guesses the separator: enough rows, and a tenth of a second."""
WIDTH = 400
"""Characters of a line given to it: its time grows as their square."""
ABOVE = 30
"""Lines searched for the headings: a title and some notes may come before them."""
TALLEST = 20
"""Lines that headings with line breaks may take."""
ANNOUNCED = re.compile(r'"?sep=(.)"?[,;\t]*[\r\n]*', re.IGNORECASE)
"""The first line in which spreadsheets tell each other the separator."""


@dataclass(frozen=True)
class Layout:
    """`start` is the number of lines before the headings."""

    separator: str
    start: int
    headings: tuple[str, ...]


def alike(text: str) -> str:
    """A name as it looks: composed letters, plain spaces, nothing invisible."""
    return " ".join(unicodedata.normalize("NFKC", visible(text)).split())


def same(text: str) -> str:
    """A heading without case and accents: « Étape » and « ETAPE » are the same."""
    return normalised(alike(text))


def file_lines(text: str) -> list[str]:
    """The lines as the standard library's CSV reader counts them."""
    return list(io.StringIO(text, newline=""))


def layout(lines: list[str], wanted: Iterable[str]) -> Layout:
    """The library guesses, then the headings decide, since they are known.

    When no line holds them all, the line that holds most is given: the caller tells what is missing.
    """
    announced = ANNOUNCED.fullmatch(lines[0]) if lines else None
    first = 1 if announced else 0
    separators = [announced[1]] if announced else _likely(lines)
    columns, best, most = set(wanted), Layout(separators[0], first, ()), -1
    known = {same(column): column for column in columns}
    for separator in separators:
        for start, written in _starts(lines, first, separator):
            headings = tuple(cell if cell in columns else known.get(same(cell), cell) for cell in written)
            found = len(columns.intersection(headings))
            if found == len(columns):
                return Layout(separator, start, headings)
            if found > most:
                best, most = Layout(separator, start, headings), found
    return best


def _starts(lines: list[str], first: int, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each line that may hold the headings."""
    for start in range(first, min(first + ABOVE, len(lines))):
        try:
            cells = next(csv.reader(lines[start : start + TALLEST], delimiter=separator, strict=True))
        except (csv.Error, StopIteration):
            continue
        if any(cell.strip() for cell in cells):
            yield start, tuple(alike(cell) for cell in cells)


def _likely(lines: list[str]) -> list[str]:
    """Every usual separator, the most likely first."""
    sample = "\n".join(line.rstrip("\r\n")[:WIDTH] for line in lines)[:SAMPLE]
    try:
        guess = clevercsv.Detector().detect(sample, delimiters=list(SEPARATORS))
    except clevercsv.Error:
        guess = None
    found = guess.delimiter if guess and guess.delimiter in SEPARATORS else SEPARATORS[0]
    return [found, *(one for one in SEPARATORS if one != found)]
