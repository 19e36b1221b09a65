"""Every fault test tells one row: what failed, on which database, what was lost and what was there twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.postgres import Postgres

ROW = "row of the table"
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
def row(request):
    """Add a row to the table: fault, database, deliveries, flaws, remark."""
    place = request.session.items.index(request.node)

    def add(fault, database, deliveries, flaws, remark=""):
        line = (fault, database, str(deliveries), str(flaws["lost"]), str(flaws["doubled"]), remark)
        request.node.user_properties.append((ROW, (place, line)))  # told by the report, from whichever process

    return add


def table(rows) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def pytest_terminal_summary(terminalreporter):
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, ())]
    told = [value for one in reports for name, value in one.user_properties if name == ROW and one.when == "call"]
    if not told:
        return
    shown = table(tuple(line) for _, line in sorted(told))
    terminalreporter.write_sep("=", "pannes")
    terminalreporter.write_line(shown)
    if os.environ.get("JALON_PANNES") == "write":
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(START)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{START}\n{shown}\n{END}{after}", encoding="utf-8")
