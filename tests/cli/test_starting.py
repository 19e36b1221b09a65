"""What runs for ever waits for its database, and says so once; a mistake of settings still ends it with a sentence."""

from __future__ import annotations

import logging
import socket
import sqlite3
import subprocess
import sys
from importlib import import_module

import pytest
import sqlalchemy as sa

from app.cli import MODULES, command, common
from app.cli.common import RETRY_S, when_possible
from app.engine.watchdog import Supervisor
from app.store.database import passes
from tests.engine.test_inbox import SETTINGS
from tests.house import ROOT


class Paused(Exception):
    """Stands for a wait that the test has seen enough of."""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name, value in (SETTINGS | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(common, "configure", lambda *_: None)
    return tmp_path / "jalon.db"


@pytest.fixture
def begun():
    """Every transaction begins with this pragma."""
    listeners = []

    def with_pragma(told):
        listeners.append(lambda connection: connection.exec_driver_sql(f"PRAGMA {told()}"))
        sa.event.listen(sa.Engine, "begin", listeners[-1])

    yield with_pragma
    for listener in listeners:
        sa.event.remove(sa.Engine, "begin", listener)


def test_a_full_disk_is_waited_for_and_told_once(settings, tmp_path, begun, caplog):
    is_full, waits = [True], []
    begun(lambda: f"max_page_count={8 if is_full[0] else 2**30}")

    def pause(seconds):
        waits.append(seconds)
        is_full[0] = len(waits) < 4

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        jalon = when_possible(Supervisor(str(tmp_path / "notify")), pause)
        heard = systemd.recv(500).decode()
    jalon.database.dispose()
    assert waits == [RETRY_S] * 4
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([one for one in told if "attend pour démarrer" in one]) == 1
    assert "database or disk is full" in told[0]
    assert told[-1] == "la base répond : Jalon démarre"
    assert "READY=1" in heard, "its supervisor must not take it for one that fails to start"
    assert "STATUS=attend pour démarrer" in heard


def test_a_file_held_by_another_program_is_waited_for(settings, begun):
    begun(lambda: "busy_timeout=20")
    when_possible(Supervisor()).database.dispose()
    held = sqlite3.connect(settings, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    when_possible(Supervisor(), lambda _: held.execute("ROLLBACK")).database.dispose()
    held.close()


def test_a_server_that_is_away_is_waited_for(settings, monkeypatch):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and nobody listens
        address = f"postgresql://a:motdepasse@127.0.0.1:{nobody.getsockname()[1]}/x"
        monkeypatch.setenv("JALON_DATABASE_URL", address)

        def pause(_):
            raise Paused

        with pytest.raises(Paused):
            when_possible(Supervisor(), pause)


class Refused(Exception):
    def __init__(self, told, sqlstate=None):
        super().__init__(told)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("origin", "waits"),
    [
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("disk I/O error"), True),
        (sqlite3.OperationalError("unable to open database file"), False),
        (sqlite3.DatabaseError("database disk image is malformed"), False),
        (Refused("connection refused"), True),
        (Refused("FATAL:  the database system is starting up"), True),
        (Refused("FATAL:  sorry, too many clients already"), True),
        (Refused("could not extend file: No space left on device", "53100"), True),
        (Refused("terminating connection due to administrator command", "57P01"), True),
        (Refused('FATAL:  password authentication failed for user "a"'), False),
        (Refused("FATAL:  authentification par mot de passe échouée pour l'utilisateur « a »"), False),
        (Refused('FATAL:  database "x" does not exist'), False),
        (Refused("FATAL:  la base de données « x » n'existe pas"), False),
        (Refused("permission denied for schema public", "42501"), False),
    ],
)
def test_what_passes_is_waited_for_and_what_a_person_must_change_is_not(origin, waits):
    assert passes(sa.exc.OperationalError("SELECT 1", {}, origin)) is waits


def test_each_command_is_where_the_table_says_and_nowhere_else():
    kept = {path.stem for path in (ROOT / "app" / "cli").glob("*.py")}
    modules = {name: import_module(f"app.cli.{name}") for name in kept - {"__init__"}}
    told = {one.name: name for name, module in modules.items() for one in getattr(module, "COMMANDS", ())}
    assert told == MODULES
    assert {name: command(name).name for name in MODULES} == {name: name for name in MODULES}
    assert command("nothing") is None


def test_what_a_command_imported_is_not_looked_through_again():
    program = "import gc; from app.cli import main; main(['policy', '--help'], standalone_mode=False); print(gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) > 100_000


def test_the_app_starts_without_what_trials_imports_papers_and_the_doctor_need():
    """Two seconds more for whoever waits for the first page after a start, and a tenth of the memory."""
    heavy = ("local_github", "graphql", "clevercsv", "app.demo.run", "app.importing", "app.doctor")
    heavy += ("typst", "icalendar", "rfc3161_client", "apprise", "snowballstemmer")
    program = f"import sys, app.cli; app.cli.command('serve'); print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
