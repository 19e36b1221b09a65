"""PostgreSQL's driver is loaded when somebody asks something of it, whole and once, whoever asks first and how."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGINS = """
import sys
import app.engine
from dbos import _sys_db
assert {name for name in sys.modules if name.startswith("psycopg")} == {"psycopg", "psycopg.errors"}
"""
ENDS = """
import psycopg, psycopg.errors, psycopg.types.json
assert type(psycopg) is type(psycopg.errors) is type(sys)
assert psycopg.errors is sys.modules["psycopg.errors"] is _sys_db.pg_errors
assert issubclass(_sys_db.pg_errors.ConnectionTimeout, psycopg.OperationalError)
for name, module in list(sys.modules.items()):
    if name.startswith("psycopg."):
        assert module.__spec__.origin.endswith((".py", ".so")) and hasattr(module, "__path__") == (
            module.__spec__.submodule_search_locations is not None
        ), name
        parent, _, child = name.rpartition(".")
        assert getattr(sys.modules[parent], child) is module, name
"""
WAYS = {
    "a class of it": "import psycopg; psycopg.OperationalError",
    "its errors": "_sys_db.pg_errors.ConnectionTimeout",
    "a part by name": "from psycopg import sql",
    "a part of a part": "from psycopg.types.json import Jsonb; import psycopg; assert psycopg.types.json.Jsonb is Jsonb",
    "a part in its own name": "import psycopg.rows; assert psycopg.rows.dict_row",
    "what it lacks": "import psycopg; assert not hasattr(psycopg, 'nothing_of_that_name')",
    "SQLAlchemy": "import sqlalchemy; sqlalchemy.create_engine('postgresql+psycopg://')",
    "many at once": """
import threading, psycopg
found, asked = [], ("OperationalError", "sql", "rows", "errors", "pq")
threads = [threading.Thread(target=lambda at=at: found.append(getattr(psycopg, asked[at % 5]))) for at in range(40)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(found) == 40
""",
}
SQLITE = """
import tempfile
from app.engine import Inbox, open_database
with tempfile.TemporaryDirectory() as folder:
    database = open_database(f"sqlite:///{folder}/jalon.db")
    Inbox(database).try_writing()
    database.dispose()
assert "psycopg.pq" not in sys.modules
"""


SAME = "assert before is psycopg.errors"


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_whoever_asks_first_gets_the_whole_driver(way):
    run(f"{BEGINS}\n{WAYS[way]}\n{ENDS}")


def test_who_imported_it_before_keeps_it():
    run(
        f"import psycopg\nbefore = psycopg.errors\nimport app.engine\nfrom dbos import _sys_db\nimport sys\n{ENDS}\n{SAME}"
    )


def test_a_database_of_sqlite_does_without_it():
    run(f"{BEGINS}\n{SQLITE}")
