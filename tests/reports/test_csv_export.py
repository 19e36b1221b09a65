"""CSV that a spreadsheet opens without running it, and the register written in its three shapes."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.product.fact_json import to_json
from app.engine import open_database
from app.reports.csv_export import csv_lines
from app.store.register import Register
from local_github.server import Sandbox
from tests.builders import AUTHOR, a_small_policy, played, ready, says
from tests.local_github.seed import seed

HISTORY = played(says(ready(a_small_policy()), AUTHOR, "/na 2 =SOMME(A1) et « é »"), a_small_policy()).history


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-2", "@secu", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    (_, row) = csv.reader(io.StringIO("".join(csv_lines(("a", "b"), [(text, 3)]))))
    assert row == [f"'{text}", "3"]


def test_accents_and_line_ends_survive() -> None:
    text = "".join(csv_lines(("dépôt",), [("une\nligne, une « autre »",)]))
    assert text.startswith("\ufeffdépôt")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [["dépôt"], ["une\nligne, une « autre »"]]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command on a register of its own; it needs settings, and reaches no GitHub."""
    hub = Sandbox(seed())
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    hub.stop()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, ["register", *words], catch_exceptions=False).output


@pytest.fixture
def kept(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    Register(database).append("I_1", ("dnum/produits", 1), 0, HISTORY, "livraison")
    database.dispose()


def test_an_empty_register_is_written_empty(run) -> None:
    assert run("export") == ""
    assert json.loads(run("export", "--format", "json")) == []
    assert len(run("export", "--format", "csv").splitlines()) == 1


def test_the_register_is_written_whole_in_every_shape(run, kept) -> None:
    facts = [json.loads(json.dumps(to_json(fact))) for fact in HISTORY]
    lines = [json.loads(line) for line in run("export").splitlines()]
    assert lines == json.loads(run("export", "--format", "json"))
    assert [{key: line[key] for key in fact} for line, fact in zip(lines, facts, strict=True)] == facts
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").removeprefix("\ufeff"))))
    assert [row["fait"] for row in rows] == [fact["kind"] for fact in facts]
    assert json.loads(rows[-1]["détail"])["reason"] == "=SOMME(A1) et « é »"
    assert run("verify") == "Le registre est entier.\n"


@pytest.mark.parametrize(
    "before", ["\u200b", "\ufeff", "\u2003", "\u202f", "\u3000", "\x0b", "\x0c", "\x00", "\u3164", "\u202e \u2066"]
)
def test_nothing_that_shows_nothing_lets_a_formula_through(before: str) -> None:
    (_, row) = csv.reader(io.StringIO("".join(csv_lines(("a", "b"), [(f"{before}=1", f"{before}a")]))))
    assert row[0].startswith("'")
    assert not row[1].startswith("'")
