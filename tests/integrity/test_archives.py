"""Archives made by former versions are read for ever, and the entries of today are written as theirs are.

Each folder of `tests/data/archives` is one edition of the format. There is one so far: an archive made two versions
earlier cannot exist yet. When an edition follows, its own are added by `make_archives`, and these stay as they are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.domain.product.fact import LogPlace
from app.domain.product.fact_json import from_json
from app.transparency import canonical, entries, notes
from app.transparency.placed import entry_of
from tests.integrity.make_archives import NAMES
from tests.integrity.page import plain
from tests.integrity.scene import verifier

FOLDER = Path(__file__).parent.parent / "data" / "archives"
EDITIONS = sorted(path.name for path in FOLDER.iterdir())
DERIVED = {"electorate", "aside", "voter", "reserves", "ballot"}
"""What an entry says beside the fields of its fact."""
ARCHIVES = [FOLDER / edition / name for edition in EDITIONS for name in NAMES]
OF_TODAY = [FOLDER / str(entries.VERSION) / name for name in NAMES]


def named(path):
    return f"{path.parent.name}/{path.name}"


def lines(path):
    with ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read("entries.jsonl").decode().splitlines()]


def test_each_edition_of_the_format_has_its_archives():
    assert [str(edition) for edition in range(1, entries.VERSION + 1)] == EDITIONS
    assert all(path.exists() for path in ARCHIVES)


@pytest.mark.parametrize("path", ARCHIVES, ids=named)
def test_the_tool_of_today_says_whole(path):
    told = plain(verifier(path))
    assert told.startswith("ENTIER : le registre registre.exemple.gouv.fr/comite")
    assert told.endswith("[0]")
    assert "✗" not in told
    assert "décisions recomptées 2" in told
    assert ("effacées" in told) is (path.name == "efface.zip")


@pytest.mark.parametrize("path", ARCHIVES, ids=named)
@pytest.mark.slow
def test_the_tool_that_travels_with_an_archive_still_runs(path, tmp_path):
    """Alone, as whoever finds the archive runs it: no library of ours, no site of packages."""
    with ZipFile(path) as archive:
        (tmp_path / "verifier.py").write_bytes(archive.read("verifier.py"))
    command = [sys.executable, "-I", "-S", str(tmp_path / "verifier.py"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert plain(done.stdout).startswith("ENTIER : ")


@pytest.mark.parametrize("path", OF_TODAY, ids=named)
def test_entries_are_written_as_they_were(path):
    """Red when a field becomes public, changes its name, or is written otherwise: that is another edition."""
    held = [one for one in lines(path) if '"fact"' in one["entry"]]
    by_product = groupby(
        sorted(held, key=lambda one: (_read(one)["product"], _read(one)["seq"])), key=lambda one: _read(one)["product"]
    )
    compared = 0
    for _, found in by_product:
        history = []
        for line in found:
            entry = _read(line)
            if line["personal"] is None:
                break  # what was erased makes no fact again: those after it may lean on it
            fields = {name: value for name, value in entry["fact"].items() if name not in DERIVED}
            fact = from_json({"at": entry["at"], **fields, **line["personal"]})
            place = {name: entry[name] for name in ("n", "product", "issue", "repository", "number")}
            history.append(replace(fact, sealed=LogPlace(**place, salt=line["salt"])))
            assert entry_of(entry["log"], history, len(history)) == line["entry"]
            assert entries.commitment(line["salt"], canonical.canonical(line["personal"])) == entry["personal"]
            compared += 1
    assert compared > len(held) // 2


def _read(line):
    return entries.read_entry(line["entry"])


@pytest.mark.parametrize("path", ARCHIVES, ids=named)
def test_notes_are_read_as_they_were(path):
    with ZipFile(path) as archive:
        told = json.loads(archive.read("keys.json"))
        keys = [notes.parse_vkey(one) for one in (*told["keys"], *told["witnesses"])]
        seals = [archive.read(name).decode() for name in archive.namelist() if name.startswith("checkpoints/")]
    read = [notes.verified(notes.parse(text), keys) for text in seals]
    witnesses = {one.key.name for found in read for one in found if one.key.kind == notes.WITNESS}
    assert witnesses == {"temoin.exemple.gouv.fr"}
    newest = max(seals, key=lambda text: notes.parse_checkpoint(notes.parse(text).text).size)
    assert {one.key.kind for one in notes.verified(notes.parse(newest), keys)} == {notes.LOG, notes.WITNESS}


@pytest.mark.parametrize("place", [0, 10, 25, -1])
def test_a_letter_changed_in_a_kept_archive_shows(place, tmp_path):
    path = ARCHIVES[0]
    other = tmp_path / "registre.zip"
    with ZipFile(path) as before, ZipFile(other, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "entries.jsonl":
                told = data.decode().splitlines()
                told[place] = told[place].replace('\\"at\\":\\"20', '\\"at\\":\\"19', 1)
                data = "".join(f"{line}\n" for line in told).encode()
            after.writestr(name, data)
    assert verifier(other).endswith("[1]")
