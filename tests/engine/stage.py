"""Jalon as real processes against a local GitHub, with deaths on demand."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests

from app.shipped_files import default_policy

# A Jalon that dies (kill -9, by its own hand) just before or after its n-th call that changes GitHub, or within any.
PROGRAM = """
import os, sys
moment, what, *arguments = sys.argv[1:]
left = int(what) if what.isdigit() else 0
import app.bootstrap, app.turns.turns
from app.domain.publish.effects import Effect
real = app.bootstrap.Jalon.__init__
def dying(change):
    def changed(client, issue, wanted, *call, **more):
        global left
        left -= isinstance(wanted, Effect) or len(wanted) > 1  # a change alone is left to be made alone
        if left == 0 and moment == "before":
            os.kill(os.getpid(), 9)
        try:
            answer = change(client, issue, wanted, *call, **more)
        except Exception:
            if moment == "within":  # GitHub made a part of it, and nobody is left to know
                os.kill(os.getpid(), 9)
            raise
        if left == 0 and moment == "after":
            os.kill(os.getpid(), 9)
        return answer
    return changed
def patched(self, settings, clock=None, applier=app.bootstrap.apply, together=app.bootstrap.at_once):
    real(self, settings, clock, dying(applier), together and dying(together))
app.bootstrap.Jalon.__init__ = patched
if moment == "stored":
    import app.engine.inbox as inbox
    gather = inbox.Inbox.gather
    async def stored(self, *args):
        global left
        await gather(self, *args)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
    inbox.Inbox.gather = stored
if moment == "group":
    import app.engine.inbox as inbox, sqlalchemy
    class Dying(inbox.BatchWriter):
        def __init__(self, commit):
            def kept(rows):
                global left
                left -= len(rows) > 1
                if left == 0:  # several deliveries wait for this very commit
                    sqlalchemy.event.listen(sqlalchemy.Engine, "commit", lambda connection: os.kill(os.getpid(), 9))
                return commit(rows)
            super().__init__(kept)
    inbox.BatchWriter = Dying
if moment == "clock":
    import datetime, time
    told = time.time
    time.time = lambda: told() + float(open(what).read() or 0)
    import app.bootstrap
    app.bootstrap.utc_now = lambda: datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
if moment in ("freeze", "endless", "dead-thread"):
    # Signs of life are wanted sooner than in earnest: the tests have less patience than a supervisor.
    import re, threading
    import app.engine.pulse, app.engine.watchdog as watchdog
    watchdog.Watchdog.__init__.__kwdefaults__.update(every_s=0.5, frozen_s=4.0, stopped_s=2.0)
    app.engine.pulse.Busy.__init__.__defaults__ = (3.0, 3600.0)
    take, poison = app.turns.turns.Turns.take, left  # whatever is changed on GitHub meanwhile
    def standing_still(self, wake, *delivery):
        number = getattr(wake, "number", 0)
        if number == poison and moment == "freeze":
            re.match("(a|aa)+$", "a" * 60 + "b")  # in C: it lets no other thread of Python go on
        while number == poison and moment == "endless":
            pass
        return take(self, wake, *delivery)
    app.turns.turns.Turns.take = standing_still
    if moment == "dead-thread":
        from app.engine.inbox import Inbox
        Inbox.has_unfinished = lambda self: 1 / 0
if moment == "reminder":
    where, clock = what.split(":", 1)
    import datetime, app.bootstrap
    from app.store.key_values import KeyValues
    from app.engine.reminders import NOTE, Reminders
    from app.store.reminder_log import ReminderLog
    app.bootstrap.utc_now = lambda: datetime.datetime.now(datetime.UTC) + datetime.timedelta(
        seconds=float(open(clock).read())
    )
    chances = 2  # one reminder is whole, the next is cut short
    def cut(owner, name, before):
        whole = getattr(owner, name)
        def cutting(self, *args, **kwargs):
            global chances
            if not before:
                answer = whole(self, *args, **kwargs)
            is_late = float(open(clock).read()) > 8 * 86400  # the day of the reminders, not the one of the request
            # What is noted may still be the round begun on the day of the request, its clock read before the leap.
            leap = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()
            noted = name != "set" or (args[0].startswith(NOTE) and args[1] > leap)
            if is_late and noted:
                chances -= 1
                if chances == 0 or name == "set":
                    os.kill(os.getpid(), 9)
            return whole(self, *args, **kwargs) if before else answer
        setattr(owner, name, cutting)
    parts = {"claim": ReminderLog, "_post": Reminders, "confirm": ReminderLog, "set": KeyValues}
    if where != "never":
        name, side = where.split(" ")
        cut(parts[name], name, side == "before")
if moment in ("full", "impatient"):
    import sqlalchemy
    def begin(connection):
        if connection.dialect.name != "sqlite":
            return
        if moment == "impatient":
            connection.exec_driver_sql(f"PRAGMA busy_timeout={left}")
            return
        pages = 2**30 if not os.path.exists(what) else 1  # never less than what is written already
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    sqlalchemy.event.listen(sqlalchemy.Engine, "begin", begin)
from app.cli import main
main(arguments)
"""


PATIENCE = 4
"""A busy machine is slower than one at rest; waiting longer never makes a test pass that should not."""


def until(condition, seconds=90):
    end = time.monotonic() + PATIENCE * seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def body() -> str:
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)


class Process:
    """One `jalon` command running apart."""

    def __init__(self, environment, *arguments, dies=("never", 0), log=None):
        self._log = Path(log).open("ab") if log else subprocess.DEVNULL  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, dies[0], str(dies[1]), *arguments],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )

    @classmethod
    def serve(cls, environment, port, *more, **options):
        """A web process, ready to receive."""
        one = cls(environment, "serve", "--port", str(port), *more, **options)
        until(lambda: one.is_dead or _answers(port))
        return one

    @property
    def is_dead(self):
        return self.process.poll() is not None

    def wait_killed(self, seconds=60):
        assert self.process.wait(seconds) == -signal.SIGKILL

    def stop(self, seconds=40):
        """SIGTERM, as a supervisor does; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.close()
        return code

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self.close()

    def close(self):
        if self._log is not subprocess.DEVNULL:
            self._log.close()


def _answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False
