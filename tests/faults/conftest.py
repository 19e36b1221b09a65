"""Every fault test tells one row: what failed, on which database, what was lost and what was there twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.postgres import Postgres

ROWS: list[tuple[str, ...]] = []
HEAD = ("Panne", "Base", "Livraisons", "Décisions perdues", "Commentaires en double", "Remarque")
PAGE = Path(__file__).parents[2] / "docs" / "pannes.md"
START, END = "<!-- resultats:debut -->", "<!-- resultats:fin -->"


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def row():
    """Add a row to the table: fault, database, deliveries, flaws, remark."""

    def add(fault, database, deliveries, flaws, remark=""):
        ROWS.append((fault, database, str(deliveries), str(flaws["lost"]), str(flaws["doubled"]), remark))

    return add


def table() -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *ROWS]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def pytest_terminal_summary(terminalreporter):
    if not ROWS:
        return
    terminalreporter.write_sep("=", "pannes")
    terminalreporter.write_line(table())
    if os.environ.get("JALON_PANNES") == "write":
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(START)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")
