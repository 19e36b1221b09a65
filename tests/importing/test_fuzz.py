"""Any file at all: nothing crashes, each row is taken whole or set aside with its line, and no cell is changed on the way."""

from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.reading.visible import visible
from app.importing.mapping import DEFAULT, Mapping, read_mapping
from app.importing.rows import ImportedTable, UnreadableFileError, decoded, read_table
from app.reports.csv_export import BOM, FORMULA, csv_lines
from app.shipped_files import default_policy

POLICY = default_policy()
TODAY = date(2026, 11, 24)
MAPPING = read_mapping(DEFAULT.read_text(encoding="utf-8"), POLICY)
assert isinstance(MAPPING, Mapping)
COLUMNS = ("slug", "titre", "mission", "incubateur", "lien", "depot", "phases")
FORMULAS = st.sampled_from(["=cmd|' /C calc'!A0", "+33 1 00", "-2+3", "@SOMME(A1)", "\t=1", "＝1", '=HYPERLINK("x")'])
WORDS = st.text(st.characters(codec="utf-8"), max_size=40) | FORMULAS
PHASES = st.sampled_from(
    ["opere||", "investigation|2020-01-01|", "construction|1/2/2020|", "lune||", "opere|demain|", ""]
)
ROWS = st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, PHASES | WORDS), max_size=8)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32"])


def written(rows: list[tuple[str, ...]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows((COLUMNS, *rows))
    return out.getvalue()


def read(content: bytes) -> ImportedTable | None:
    """None when the file as a whole is refused, which is always said in words."""
    try:
        return read_table(decoded(content), MAPPING, POLICY, TODAY)
    except UnreadableFileError as error:
        told = str(error)
    assert told.strip()
    return None


@given(st.binary(max_size=2000))
@example(b"\xff\xfe")
@example(b'"')
@example(b"\r")
@example(b"\xef\xbb\xbf" * 3)
def test_any_bytes(content: bytes) -> None:
    read(content)


@given(st.text(st.sampled_from(",;\t\"'\r\n\0=é|a"), max_size=200))
def test_any_text_under_the_right_columns(text: str) -> None:
    read(f"{','.join(COLUMNS)}\n{text}".encode())


@given(ROWS, st.sampled_from(",;\t"), ENCODINGS)
def test_each_row_is_taken_whole_or_set_aside_with_its_line(
    rows: list[tuple[str, ...]], delimiter: str, encoding: str
) -> None:
    text = written(rows, delimiter)
    table = read(text.encode(encoding, errors="replace"))
    if table is None:
        assert encoding not in {"utf-8", "utf-8-sig"}
        return
    if not encoding.startswith("utf-8"):
        return  # every letter was an ASCII one
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(table.products) + len(table.bad) + len(table.again) == len(filled)
    assert all(bad.reasons and 2 <= bad.line <= text.count("\n") + text.count("\r") + 1 for bad in table.bad)
    whole = {(row[0].strip(), " ".join(row[1].split()), row[2].strip()) for row in filled}
    for product in table.products:
        assert (product.key, product.title, dict(product.answers).get("vision", "")) in whole
        assert all(text == text.strip() and text for _, text in product.shown)


@given(st.lists(st.lists(WORDS | st.integers() | st.none(), min_size=3, max_size=3), max_size=6))
@example([["  =1", "\xa0+1", "\n@x"]])
def test_no_cell_of_an_export_is_run_and_none_is_lost(rows: list[list[object]]) -> None:
    text = "".join(csv_lines(("a", "b", "c"), rows))
    (_, *found) = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True)
    for cells, row in zip(found, rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                assert not cell.lstrip(" \xa0").startswith(FORMULA)
                assert cell in {visible(value), f"'{visible(value)}"}
            else:
                assert cell == ("" if value is None else str(value))
