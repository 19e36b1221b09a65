"""The operations guide, followed word for word: installed, backed up, lost, restored, secrets changed, upgraded."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.engine import Inbox, open_database
from app.store.register import Register
from app.store.schema import INBOX
from local_github.keys import another_key
from tests.builders import a_policy, filed
from tests.engine.stage import body, until
from tests.faults.stage import SEATS, TICKS
from tests.needs import need
from tests.operations.machine import BLOCKS, GUIDE, Machine, blocks

pytestmark = pytest.mark.slow
OLD = {kind: Path(__file__).parents[1] / "engine" / "fixtures" / f"version1{kind}.sql" for kind in ("", "-postgresql")}
PARKED = "0b989ba4-242f-11e5-81e1-c7b6966d2516"
FIRST_FACT = "ffa16f1d0a9b5ca4947ca25e89ff8d9b2972f4e52bfcda6e5e5542c2b89ecd2b"
"""Of the product that the older database held, once sealed anew with its place."""
WHOLE = "Le registre est entier."


class Committee:
    """A product filed, asked for, judged; what GitHub shows and what the register holds."""

    def __init__(self, hub, url):
        self.hub, self.world, self.url = hub, hub.world, url
        self.number = self.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number

    @property
    def issue(self):
        return self.world.issues[self.number]

    def says(self, login, text):
        """A comment, and the App's nod to it."""
        comment = self.world.comment(login, self.number, text).id
        until(
            lambda: any(
                nod.login == self.world.bot for c in self.issue.comments if c.id == comment for nod in c.reactions
            )
        )

    def is_heard(self):
        """Somebody asks for help and gets it."""
        written = len(self.issue.comments)
        self.world.comment("visiteur", self.number, "/aide")
        until(lambda: len(self.issue.comments) == written + 2)

    def asks(self):
        self.says("cheffe-produit", f"{TICKS}\n/demande")

    def decides(self):
        for seat in SEATS:
            self.says(seat, "/go")
        self.settles()
        assert "phase: poc" in self.issue.labels

    def settles(self):
        """Nothing is left to handle."""
        self.hub.wait_delivered(60)
        with self.opened() as database:
            until(lambda: Inbox(database).counts()["waiting"] == 0)

    @contextlib.contextmanager
    def opened(self):
        database = open_database(self.url)
        yield database
        database.dispose()

    def register(self):
        with self.opened() as database:
            return [(entry.number, entry.seq, entry.digest) for entry in Register(database).entries()]

    def park(self):
        """A delivery put aside, under the number the guide gives as an example."""
        wake = {"node_id": self.issue.node_id, "repository": self.world.repository, "number": self.number}
        row = {
            "delivery": PARKED,
            "event": "sweep",
            "product": self.issue.node_id,
            "payload": json.dumps(wake).encode(),
        }
        now = time.time()
        # In one step: the service that runs beside would take a delivery that waits, were it for an instant.
        with self.opened() as database, database.begin() as connection:
            connection.execute(sa.insert(INBOX).values(**row, received=now, done=now, outcome="essai", parked=1))


def test_every_command_of_the_page_is_run_here():
    assert {kind for kinds, _ in BLOCKS for kind in kinds.split()} == {"systemd", "conteneurs", "postgresql"}
    assert all(kinds.strip() for kinds, _ in BLOCKS)
    assert (len(blocks("systemd")), len(blocks("conteneurs")), len(blocks("postgresql"))) == (13, 9, 2)


def told(url, *commands):
    with psycopg.connect(url) as connection:
        for command in commands:
            connection.execute(command)


def lost_and_found(machine, committee, lose, restore, rebuild):
    """A base restored from a back-up older than the decision, then one rebuilt from GitHub alone: identical, no more said."""
    held, comments = committee.register(), len(committee.issue.comments)
    lose()
    for commands in (restore, rebuild):
        assert WHOLE in machine.run(commands)
        committee.settles()
        assert committee.register() == held
    assert len(committee.issue.comments) == comments


def rotated(machine, hub, file, restart, committee):
    """The webhook's secret, then the key, changed as the page says; the old ones are then refused."""
    old, new = hub.world.app.webhook_secret, "un-nouveau-secret-bien-plus-long"
    assert "`JALON_WEBHOOK_SECRET=nouveau,ancien`" in GUIDE
    assert "`JALON_WEBHOOK_SECRET=nouveau`" in GUIDE
    machine.fill(file, JALON_WEBHOOK_SECRET=f"{new},{old}")
    machine.run(restart)
    committee.is_heard()  # GitHub still signs with the old one
    hub.world.app.webhook_secret = new
    committee.is_heard()
    machine.fill(file, JALON_WEBHOOK_SECRET=new)
    machine.run(restart)
    committee.is_heard()
    assert signed_with(machine, hub, new) == 202
    assert signed_with(machine, hub, old) == 401
    app, key = hub.world.app, another_key()
    app.private_key, app.other_keys = key, [app.private_key]
    (machine.folder / "cle.pem").write_text(key, encoding="utf-8")


def signed_with(machine, hub, secret):
    """What the App answers to a delivery signed with a secret."""
    kept, hub.world.app.webhook_secret = hub.world.app.webhook_secret, secret
    headers = hub._hooks._headers("ping", f"ping-{secret}", b'{"zen": "..."}')
    hub.world.app.webhook_secret = kept
    return machine.send(headers, b'{"zen": "..."}')


def test_one_machine_with_sqlite(hub, tmp_path):
    need("curl", "sqlite3")
    machine, app = Machine(tmp_path, hub), hub.world.app
    hub.deliver = machine.send
    install, start, check, terminal, verify, backup, export, restore, rebuild, restart, upgrade, shown, replay = blocks(
        "systemd"
    )
    (machine.cwd / "cle.pem").write_text(app.private_key, encoding="utf-8")
    settings, key = machine.folder / "etc/jalon/jalon.env", machine.folder / "etc/jalon/cle.pem"
    database = machine.folder / "var/lib/jalon/jalon.db"
    try:
        machine.run(install)
        assert [path.stat().st_mode & 0o777 for path in (settings, key)] == [0o600, 0o600]
        filled = {"JALON_APP_ID": app.id, "JALON_WEBHOOK_SECRET": app.webhook_secret, "GITHUB_API_URL": hub.url}
        machine.fill(settings, **filled)
        machine.run(start)
        assert "jalon_inbox" in machine.run(check)
        machine.before = terminal
        assert WHOLE in machine.run(verify)

        committee = Committee(hub, f"sqlite:///{database}")
        committee.asks()
        committee.settles()
        machine.run(backup)
        machine.run(export)
        lines = (machine.cwd / "registre.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(committee.register()) > 3
        committee.decides()

        lost_and_found(machine, committee, lambda: database.write_bytes(b"lost"), restore, rebuild)

        rotated(machine, hub, settings, restart, committee)
        key.write_text(app.private_key, encoding="utf-8")
        machine.run(restart)
        app.other_keys = []
        committee.is_heard()

        committee.settles()
        committee.park()
        assert PARKED in machine.run(shown)
        assert "remise dans la file" in machine.run(replay)
        committee.settles()

        machine.run("systemctl stop jalon")
        database.unlink()
        with contextlib.closing(sqlite3.connect(database)) as older:
            older.executescript(OLD[""].read_text(encoding="utf-8"))
        assert WHOLE in machine.run(upgrade)
        committee.settles()
        assert FIRST_FACT in [digest for _, _, digest in committee.register()]
    finally:
        machine.before = ""  # whatever became of the machine, nothing is left running
        machine.run("systemctl stop jalon")


@pytest.mark.postgres
def test_several_machines_with_postgresql(hub, postgres, tmp_path):
    need("curl", "pg_dump")
    machine, app = Machine(tmp_path, hub, database=f"127.0.0.1:{postgres.port}"), hub.world.app
    url = postgres.make("jalon")
    machine.tool("jalon", "from app.cli import main; main()")
    hub.deliver = machine.send
    prepare, start, check, verify, backup, restore, rebuild, restart, upgrade = blocks("conteneurs")
    settings, key = machine.cwd / "deploy/.env", machine.folder / "cle.pem"
    key.write_text(app.private_key, encoding="utf-8")
    try:
        machine.run(prepare)
        filled = {"JALON_APP_ID": app.id, "JALON_WEBHOOK_SECRET": app.webhook_secret, "GITHUB_API_URL": hub.url}
        assert "JALON_APP_ID" in machine.run(start, fails=True)
        machine.fill(settings, JALON_PRIVATE_KEY_PATH=key, JALON_DATABASE_PASSWORD="motdepasse", **filled)
        machine.run(start)
        assert "jalon_inbox" in machine.run(check)
        assert WHOLE in machine.run(verify)

        committee = Committee(hub, url)
        committee.asks()
        committee.settles()
        machine.run(backup)
        committee.decides()

        lost_and_found(machine, committee, lambda: told(url, "TRUNCATE jalon_facts"), restore, rebuild)

        rotated(machine, hub, settings, restart, committee)
        machine.run(restart)
        app.other_keys = []
        committee.is_heard()

        committee.settles()
        machine.run("docker compose --file deploy/compose.yaml stop web traitement")
        told(
            url,
            "DROP SCHEMA dbos, public CASCADE; CREATE SCHEMA public",
            OLD["-postgresql"].read_text(encoding="utf-8"),
        )
        assert WHOLE in machine.run(upgrade)
        committee.settles()
        assert FIRST_FACT in [digest for _, _, digest in committee.register()]
    finally:
        machine.run("docker compose --file deploy/compose.yaml stop web traitement")


@pytest.mark.postgres
def test_a_database_of_an_ordinary_account_elsewhere(hub, postgres, tmp_path):
    need("pg_dump", "psql")
    url = postgres.make_for("service")
    machine = Machine(tmp_path, hub, extra={"JALON_DATABASE_URL": url})
    backup, restore = blocks("postgresql")
    database = open_database(url)
    inbox, register = Inbox(database), Register(database)
    inbox.store("d1", "issue_comment", "I_1", b"{}")
    inbox.queue_stored(1)
    history = filed(a_policy()).history
    register.append("I_1", ("dnum/produits", 1), 0, history, "d1")
    machine.run(backup)
    register.append("I_2", ("dnum/produits", 2), 0, history, "d2")
    database.dispose()
    machine.run(restore)
    database = open_database(url)
    register = Register(database)
    assert (register.history("I_1"), register.history("I_2"), register.verify()) == (history, (), [])
    assert Inbox(database).unfinished() == (("d1", "d1"),)
    database.dispose()
