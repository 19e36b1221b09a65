"""Every state that would otherwise be silent is made real: /readyz says it, and its alert fires on the real figures."""

from __future__ import annotations

import ctypes
import logging
import re
import sqlite3
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from prometheus_client.parser import text_string_to_metric_families

from app.engine import Inbox, Worker, health, open_database
from app.engine.attempts import BUGS, attempt
from app.engine.health import LATE_S, OLD_S
from app.engine.presence import Presence
from app.engine.pulse import Pulse
from app.engine.schedules import CLAIMED, Schedules
from app.engine.stuck_deliveries import StuckDeliveries
from app.github.budget import RateLimit
from app.settings import Settings
from app.store.key_values import KeyValues
from app.store.policy_store import PolicyStore
from app.store.rate_limits import LedgerInDatabase
from app.store.register import Register
from app.store.troubles import KINDS, Troubles
from app.web import create_app
from tests.engine.stage import until
from tests.engine.test_inbox import COMMENT, Turns
from tests.needs import need

FILE = Path(__file__).parents[2] / "deploy" / "alertes.yml"
RULES = {
    rule["alert"]: rule
    for group in yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
SELECTOR = re.compile(r'(\w+)(?:\{(\w+)(=|!=)"([^"]*)"\})?')


class Watch:
    """The pages of watch, behind which a worker seems to live."""

    def __init__(self, folder):
        self.path = folder / "jalon.db"
        self.database = open_database(f"sqlite:///{self.path}")
        self.inbox, self.pulse = Inbox(self.database), Pulse()
        self.troubles = Troubles(self.database)
        Presence(self.database).show("local", ())
        app = create_app(
            Settings(1, "PRIVATE KEY", ("secret",)), self.inbox, Register(self.database), None, None, self.pulse
        )
        self.client, self.parts = app.test_client(), app.extensions["jalon"]

    def answered(self, status, times=1):
        for _ in range(times):
            self.parts.answers.labels(str(status)).inc()

    def figures(self):
        found = list(text_string_to_metric_families(self.client.get("/metrics").text))
        return [(sample.name, sample.labels, sample.value) for family in found for sample in family.samples]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    monkeypatch.setattr(health, "WHOLE_S", 0.0)
    monkeypatch.setattr(health, "WHOLE_SHARE", 0)
    monkeypatch.setattr(health, "SETTLING_S", -1.0)
    one = Watch(tmp_path)
    yield one
    one.database.dispose()


def chosen(selector, figures):
    name, label, sign, value = SELECTOR.fullmatch(selector).groups()
    return [
        (labels, amount)
        for found, labels, amount in figures
        if found == name and (not label or (labels.get(label) == value) == (sign == "="))
    ]


def fires(expression, before, after):
    """What Prometheus would make of an expression, of the few shapes that ours have; promtool judges below."""
    both = expression.split(" and on() ")
    if len(both) > 1:
        return all(fires(one, before, after) for one in both)
    if rise := re.fullmatch(r"increase\((.+)\[\w+\]\) > (\d+)", expression):
        grown = sum(amount for _, amount in chosen(rise[1], after)) - sum(
            amount for _, amount in chosen(rise[1], before)
        )
        return grown > float(rise[2])
    selector, sign, limit = re.fullmatch(r"(.+) (>|==) (\d+)", expression).groups()
    return any(
        amount > float(limit) if sign == ">" else amount == float(limit) for _, amount in chosen(selector, after)
    )


def noted(kind):
    return lambda stage: stage.troubles.note(kind, "dnum")


def locked(stage):
    """Another program holds the file for longer than we wait."""
    sa.event.listen(stage.database, "begin", lambda one: one.exec_driver_sql("PRAGMA busy_timeout=20"))
    stage.holder = sqlite3.connect(stage.path, isolation_level=None)
    stage.holder.execute("BEGIN IMMEDIATE")


def full(stage):
    sa.event.listen(stage.database, "begin", lambda one: one.exec_driver_sql("PRAGMA max_page_count=1"))


def damaged(what):
    def damage(stage):
        """One page of the file overwritten, that of the root of a table or an index."""
        with stage.database.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = ?", (what,)).scalar()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar()
        stage.database.dispose()
        with stage.path.open("r+b") as file:
            file.seek((root - 1) * size)
            file.write(b"\xa5" * size)

    return damage


def old(stage):
    Inbox(stage.database, lambda: time.time() - OLD_S - 60).store("d1", "issue_comment", "I_1", COMMENT)


def late(stage):
    KeyValues(stage.database).set(CLAIMED, (datetime.now(UTC) - timedelta(seconds=LATE_S + 60)).isoformat())


def silent(stage):
    stage.inbox.store("d1", "issue_comment", "I_1", COMMENT)
    LedgerInDatabase(stage.database).note("dnum", "core", RateLimit(4000, 5000, 0, time.time() - 4000))


def parked(stage):
    stage.inbox.store("d1", "issue_comment", "I_1", COMMENT)
    for _ in range(BUGS):
        attempt(stage.inbox, Turns(ValueError("cassé")), "d1")


def many(stage):
    for number in range(101):
        stage.inbox.store(f"d{number}", "issue_comment", f"I_{number}", COMMENT)


STATES = {
    "JalonBaseAbsente": ("database", locked),
    "JalonDisquePlein": ("disk", full),
    "JalonBaseAbimee": ("corrupt", damaged("jalon_inbox_unfinished")),
    "JalonSansTraitement": ("worker", lambda stage: Presence(stage.database).leave("local")),
    "JalonFilArrete": ("thread", lambda stage: stage.pulse.part("dispatch", 10).start(lambda: None).join()),
    "JalonFileAncienne": ("queue", old),
    "JalonHorairesEnRetard": ("schedule", late),
    "JalonGithubSilencieux": ("", silent),
    "JalonLivraisonMiseDeCote": ("", parked),
    "JalonEnRetard": ("", many),
    "JalonSignaturesRefusees": ("", lambda stage: stage.answered(401, 11)),
    "JalonNePeutPasEcrire": ("", lambda stage: stage.answered(503)),
    "JalonReglesACorriger": ("", lambda stage: PolicyStore(stage.database).note("dnum/produits", "flawed")),
}
"""By alert: the kind of trouble it tells, if any, and what makes it real. Those below are noted by whoever asks
GitHub, whose own tests make them real: tests/engine/test_installation_watch.py, tests/stories.
"""
NOTED = {
    rule["alert"]: (kind, noted(kind))
    for rule in RULES.values()
    for kind in re.findall(r'jalon_trouble\{kind="(\w+)"\}', rule["expr"])
    if rule["alert"] not in STATES
}
ALL = STATES | NOTED


def before_and_after(stage, make):
    before = stage.figures()
    make(stage)
    return before, stage.figures()


@pytest.mark.parametrize("alert", ALL)
def test_an_alert_fires_when_its_state_is_real_and_only_then(stage, alert, caplog):
    caplog.set_level(logging.CRITICAL + 1)
    kind, make = ALL[alert]
    assert stage.client.get("/readyz").status_code == 200
    before, after = before_and_after(stage, make)
    ready = stage.client.get("/readyz")
    expression = RULES[alert]["expr"]
    assert not fires(expression, before, before)
    assert fires(expression, before, after)
    if kind:
        told = f"{'trouble' if KINDS[kind].blocks else 'warning'}: {kind}"
        assert told in ready.text
        assert (ready.status_code == 503) is KINDS[kind].blocks
    if alert == "JalonBaseAbsente":
        stage.holder.close()


def test_every_alert_and_every_kind_of_trouble_is_covered():
    assert set(RULES) == {*ALL, "JalonMuet"}
    assert {kind for kind, _ in ALL.values() if kind} == set(KINDS)


@pytest.mark.parametrize(
    "what", ["jalon_inbox", "jalon_inbox_unqueued", "jalon_facts", "workflow_status", "jalon_notes", "jalon_troubles"]
)
def test_whatever_table_or_index_is_damaged_is_told(stage, what):
    assert stage.client.get("/readyz").status_code == 200
    damaged(what)(stage)
    ready = stage.client.get("/readyz")
    assert ready.status_code == 503
    assert "trouble: corrupt" in ready.text


def test_a_delivery_that_could_not_be_stored_is_told_without_any_probe(stage, monkeypatch):
    monkeypatch.setattr(Inbox, "try_writing", lambda _: None)
    with stage.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE jalon_inbox RENAME COLUMN payload TO content")
    with pytest.raises(sa.exc.SQLAlchemyError):
        stage.inbox.store("d1", "issue_comment", "I_1", COMMENT)
    assert stage.client.get("/readyz").status_code == 503


def test_a_database_that_hangs_does_not_take_the_answer_with_it(stage, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_S", 0.1)
    go = threading.Event()
    monkeypatch.setattr(Inbox, "try_writing", lambda _: go.wait(60))
    ready = stage.client.get("/readyz")
    go.set()
    assert ready.status_code == 503
    assert "no answer within" in ready.text


def test_the_probe_leaves_nothing_behind(stage):
    for _ in range(3):
        assert stage.client.get("/readyz").status_code == 200
    assert stage.inbox.counts() == {"waiting": 0, "done": 0, "parked": 0}
    with stage.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM workflow_status").scalar() == 0


class Quiet:
    def run(self):
        return None

    def __getattr__(self, name):
        return lambda *_, **__: ()


def kill(thread):
    """As the system would, at its next instruction."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))


def broken(*_args):
    raise ZeroDivisionError


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is what is wanted
@pytest.mark.parametrize("name", ["dispatch", "schedules", "repairs", "presence", "queue-keeper"])
def test_each_thread_that_dies_is_seen_at_once_and_logged(tmp_path, monkeypatch, caplog, name):
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    monkeypatch.setattr("app.engine.presence.EVERY_S", 0.05)
    monkeypatch.setattr("app.engine.stuck_deliveries.EVERY_S", 0.05)
    monkeypatch.setattr("app.engine.schedules.TICK_S", 0.05)
    database, pulse = open_database(f"sqlite:///{tmp_path}/jalon.db"), Pulse()
    inbox = Inbox(database)
    schedules = Schedules(inbox, KeyValues(database), Quiet(), Quiet(), lambda: datetime.now(UTC), None, pulse)
    worker = Worker(database, inbox, Turns(), schedules, pulse)
    app = create_app(Settings(1, "KEY", ("secret",)), inbox, Register(database), worker, None, pulse)
    worker.start()
    try:
        client = app.test_client()
        until(lambda: client.get("/readyz").status_code == 200)
        if name == "queue-keeper":
            kill(next(one for one in threading.enumerate() if one.name.endswith("(queue_thread)")))
        owner, loop = {
            "dispatch": (inbox, "has_unfinished"),
            "schedules": (schedules, "tick"),
            "repairs": (StuckDeliveries, "look"),
            "presence": (Presence, "show"),
        }.get(name, (None, ""))
        if owner:
            monkeypatch.setattr(owner, loop, broken)
        until(lambda: f"trouble: thread {name}" in client.get("/readyz").text)
        assert client.get("/readyz").status_code == 503
        if owner:
            assert f"the thread « {name} » has died: ZeroDivisionError" in caplog.text
            assert "Traceback" in caplog.text
    finally:
        worker.stop()
        database.dispose()


def series(before, after):
    """Nothing for ten minutes, then what was found, for an hour."""
    known = {(name, tuple(sorted(labels.items()))): value for name, labels, value in before}
    for name, labels, value in after:
        first = known.get((name, tuple(sorted(labels.items()))))
        start = "_" if first is None else f"{first:g}"
        told = ",".join(f"{label}={yaml.dump(one, default_style=chr(34)).strip()}" for label, one in labels.items())
        yield {"series": f"{name}{{{told}}}", "values": f"{start}x10 {value:g}x70"}


@pytest.mark.slow
def test_prometheus_itself_agrees(tmp_path, monkeypatch):
    need("promtool")
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    monkeypatch.setattr(health, "SETTLING_S", -1.0)
    tests = []
    for alert, (_, make) in ALL.items():
        (tmp_path / alert).mkdir()
        stage = Watch(tmp_path / alert)
        before, after = before_and_after(stage, make)
        stage.database.dispose()
        expression = f"count({RULES[alert]['expr']}) > bool 0"
        asked = {"expr": expression, "eval_time": "15m", "exp_samples": [{"labels": "{}", "value": 1}]}
        tests.append({"interval": "1m", "input_series": list(series(before, after)), "promql_expr_test": [asked]})
    muet = {"expr": f"count({RULES['JalonMuet']['expr']}) > bool 0", "eval_time": "15m"}
    up = [{"series": 'up{job="jalon"}', "values": "1x10 0x70"}]
    tests.append(
        {
            "interval": "1m",
            "input_series": up,
            "promql_expr_test": [muet | {"exp_samples": [{"labels": "{}", "value": 1}]}],
        }
    )
    file = tmp_path / "tests.yml"
    file.write_text(yaml.dump({"rule_files": [str(FILE)], "evaluation_interval": "1m", "tests": tests}))
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
