"""Days as the French and the English write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.reading.text import normalised

NAMES = (
    "janvier january janv jan",
    "fevrier february fevr fev feb",
    "mars march mar",
    "avril april avr apr",
    "mai may",
    "juin june jun",
    "juillet july juil jul",
    "aout august aug",
    "septembre september sept sep",
    "octobre october oct",
    "novembre november nov",
    "decembre december dec",
)
MONTHS = {name: number for number, names in enumerate(NAMES, start=1) for name in names.split()}
NAMED = "|".join(sorted(MONTHS, key=len, reverse=True))
ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])")
FIGURES = re.compile(r"(?<![\w/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\w/-]|\.\d)")
DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:er|st|nd|rd|th)?\.?\s+(?:of\s+)?({NAMED})\b\.?,?(?:\s+(\d{{4}}|\d{{2}}(?=\s*(?:$|[,;)]|\.(?!\d))))\b)?"
)
"""« 31 déc. 27 », where nothing follows that the number could count."""
MONTH_DAY = re.compile(rf"\b({NAMED})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?")
SHORT = re.compile(r"(?<![\w/.,-])(\d{1,2})/(\d{1,2})(?![\w/-])")


def days_written(text: str) -> Iterator[tuple[str, str]]:
    """Each day written in a text, as typed without accents, with its ISO form: empty when there is no such day.

    A day without a year is « --12-08 », as ISO once wrote it.
    """
    said = normalised(text)
    for match in ISO.finditer(said):
        yield match[0], _iso(match[1], match[2], match[3])
    for match in FIGURES.finditer(said):
        # « version 2.1.10 » is no day.
        if len(match[4]) == 4 or match[2] != "." or len(match[1] + match[3]) == 4:
            yield match[0], _iso(match[4], match[3], match[1])
    for match in DAY_MONTH.finditer(said):
        yield match[0], _iso(match[3], MONTHS[match[2]], match[1])
    for match in MONTH_DAY.finditer(DAY_MONTH.sub(" ", said)):
        yield match[0], _iso(match[3], MONTHS[match[1]], match[2])
    for match in SHORT.finditer(said):
        yield match[0], _iso(None, match[2], match[1])


def _iso(year: str | None, month: str | int, day: str) -> str:
    full = f"20{year}" if year and len(year) == 2 else year
    try:
        found = date(int(full or 2000), int(month), int(day))  # a leap year: 29 February exists in some years
    except ValueError:
        return ""
    return found.isoformat() if full else f"--{found:%m-%d}"


def resolved_day(iso: str, since: date | None) -> str:
    """The day itself; one without a year is the next from `since` on, or unknown without it."""
    if not iso.startswith("--"):
        return iso
    years = range(since.year, since.year + 9) if since else ()
    return next((day for year in years if (day := _dated(year, iso)) and since and day >= since.isoformat()), "")


def latest(iso: str, until: date) -> str:
    """The day itself; one without a year is the last one up to `until`, as for a session already held."""
    if not iso.startswith("--"):
        return iso
    years = range(until.year, until.year - 9, -1)
    return next((day for year in years if (day := _dated(year, iso)) and day <= until.isoformat()), "")


def nearest(iso: str, around: date) -> date | None:
    """The day itself; one without a year is the nearest to `around`. None when there is no such day."""
    if not iso.startswith("--"):
        return date.fromisoformat(iso)
    found = [day for year in (around.year - 1, around.year, around.year + 1) if (day := _dated(year, iso))]
    days = [date.fromisoformat(day) for day in found]
    return min(days, key=lambda day: abs(day - around), default=None)


def _dated(year: int, iso: str) -> str:
    try:
        return date(year, int(iso[2:4]), int(iso[5:7])).isoformat()
    except ValueError:
        return ""
