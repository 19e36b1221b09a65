"""A process that stands still ends by itself, whatever holds it; what froze it again and again is put aside."""

from __future__ import annotations

import math
import signal
import socket
import threading
import time

import pytest

from app.demo.seed import seed
from app.engine import Inbox, open_database
from app.engine.attempts import DEATHS
from app.engine.pulse import Busy, Pulse
from app.engine.watchdog import STANDS_STILL, Supervisor, Watchdog
from local_github.server import Sandbox
from tests.engine.stage import Process, body, until
from tests.ports import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def hub():
    port = free_port()
    running = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    running.start()
    yield running, port
    running.stop()


@pytest.fixture
def environment(hub, tmp_path):
    return hub[0].environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}


def files(hub, title):
    return hub.world.open_issue("cheffe-produit", title, body(), ["produit"]).number


@pytest.mark.parametrize(("moment", "code"), [("freeze", 1), ("endless", STANDS_STILL)])
def test_a_turn_without_end_ends_its_process_with_the_stacks_of_its_threads(hub, environment, tmp_path, moment, code):
    """Frozen in C, nothing of Python goes on, not even a signal; in a loop of Python, all but the turn does."""
    github, port = hub
    app = Process.serve(environment, port, dies=(moment, 1), log=tmp_path / "log")
    try:
        assert files(github, "Gelé") == 1
        assert app.process.wait(120) == code
    finally:
        app.kill()
    told = (tmp_path / "log").read_text(encoding="utf-8")
    assert "standing_still" in told, "the stacks show where"
    assert 'File "<string>"' in told


@pytest.mark.slow
def test_what_freezes_its_process_at_each_start_is_put_aside_and_the_others_go_on(hub, environment, tmp_path):
    github, port = hub
    engine = open_database(environment["JALON_DATABASE_URL"])
    inbox, app, lives = Inbox(engine), None, 0
    try:
        app = Process.serve(environment, port, dies=("freeze", 1), log=tmp_path / "log")
        poison, other = files(github, "Gelé"), files(github, "Libre")
        end = time.monotonic() + 400
        while not inbox.parked():
            assert time.monotonic() < end, "waited in vain"
            if app.is_dead:
                app.close()
                lives += 1
                app = Process.serve(environment, port, dies=("freeze", 1), log=tmp_path / "log")
            time.sleep(0.1)
        until(lambda: len(github.world.issues[other].comments) == 2)
        until(lambda: inbox.counts()["waiting"] == 0)
        parked, *more = inbox.parked()
        assert parked.why == f"the worker died {DEATHS} times during this turn"
        assert lives == DEATHS
        github.world.comment("cheffe-produit", poison, "/aide")
        until(lambda: len(inbox.parked()) > len(more) + 1)
        assert {one.why for one in inbox.parked()[1:]} == {
            f"the turns of this product ended the process: replay {parked.delivery} first"
        }
        assert not app.is_dead
        assert [comment.author for comment in github.world.issues[poison].comments] == ["cheffe-produit"]
        assert app.stop() == 0
    finally:
        if app:
            app.kill()
        engine.dispose()


def test_a_part_that_has_died_ends_the_process_too(hub, environment, tmp_path):
    app = Process.serve(environment, hub[1], dies=("dead-thread", 0), log=tmp_path / "log")
    try:
        assert app.process.wait(120) == STANDS_STILL
    finally:
        app.kill()
    told = (tmp_path / "log").read_text(encoding="utf-8")
    assert "the thread « dispatch » has died: ZeroDivisionError" in told
    assert "Traceback (most recent call last)" in told


def test_a_process_stopped_by_its_system_ends_once_it_goes_on(hub, environment, tmp_path):
    app = Process.serve(environment, hub[1], dies=("freeze", 99), log=tmp_path / "log")
    try:
        app.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + 5
        until(lambda: time.monotonic() > end)
        app.process.send_signal(signal.SIGCONT)
        # Whoever comes first ends it: our thread, or faulthandler, which reads stacks that go on meanwhile at its peril.
        assert app.process.wait(60) in {1, STANDS_STILL, -signal.SIGSEGV}
    finally:
        app.kill()


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_a_part_stops_when_it_is_silent_or_its_thread_has_ended_and_not_when_it_was_meant_to(caplog):
    clock = Clock()
    pulse = Pulse(clock)
    quiet, short = pulse.part("quiet", 10), pulse.part("short", 10)
    thread = short.start(lambda: None)
    thread.join()
    assert pulse.stopped() == ("short",)
    assert "« short » has ended, which it never should" in caplog.text
    clock.now += 11
    assert pulse.stopped() == ("quiet", "short")
    quiet.beat()
    short.end()
    assert pulse.stopped() == ()
    pulse.probe(lambda: ["turn d1"])
    assert pulse.stopped() == ("turn d1",)


@pytest.mark.parametrize("error", [ValueError("cassé"), SystemExit(), KeyboardInterrupt()])
def test_no_thread_dies_unseen(caplog, error):
    def dies():
        raise error

    part = Pulse().part("dispatch", 10)
    part.start(dies).join()
    assert part.has_stopped
    assert f"« dispatch » has died: {type(error).__name__}" in caplog.text
    assert caplog.records[0].exc_info


def test_a_turn_that_waits_is_not_endless_and_one_that_computes_is():
    go, computed, over = threading.Event(), threading.Event(), threading.Event()

    def work():
        busy.begin("d1")
        go.wait(60)
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass
        computed.set()
        over.wait(60)
        busy.end("d1")

    busy = Busy(cpu_s=0.2)
    thread = threading.Thread(target=work)
    thread.start()
    assert busy.endless() == ()
    go.set()
    assert computed.wait(60)
    assert busy.endless() == ("d1",)
    assert Busy(wall_s=-1).endless() == ()
    over.set()
    thread.join()
    assert busy.endless() == ()


@pytest.mark.parametrize(
    ("each_s", "computes_s", "signs", "times", "is_endless"),
    [
        (60, 0, True, 400, False),  # a sweep of hours, which GitHub answers
        (121, 0, True, 1, True),  # a call that hangs
        (60, 0, False, 3, True),
        (60, 1, False, 5, False),  # computes, and says nothing else
        (60, 1, False, 61, True),
        (60, 50, True, 10, False),
        (60, 61, True, 1, True),
        (60, 0.1, False, 3, True),  # what a thread that waits spends
    ],
)
def test_what_gives_a_sign_goes_on_and_what_gives_none_is_silent(each_s, computes_s, signs, times, is_endless):
    clock, used = Clock(), [0.0]
    busy, pulse = Busy(60, math.inf, clock=clock, used=lambda _: used[0]), Pulse()
    pulse.watch(busy, "schedules: ")
    busy.begin("sweep")
    busy.begin("sweep of dnum/produits")
    found = set()
    for _ in range(times):
        clock.now += each_s
        used[0] += computes_s
        found |= {*pulse.stopped()}
        if signs:
            pulse.sign()
    assert found == ({"schedules: sweep", "schedules: sweep of dnum/produits"} if is_endless else set())
    busy.end("sweep of dnum/produits")
    busy.end("sweep")
    assert pulse.stopped() == ()


def test_the_signs_of_one_thread_are_not_another_s():
    clock = Clock()
    busy = Busy(clock=clock, used=lambda _: 0.0)
    begun, over = threading.Event(), threading.Event()

    def hangs():
        busy.begin("d1")
        begun.set()
        over.wait(60)

    thread = threading.Thread(target=hangs)
    thread.start()
    try:
        assert begun.wait(60)
        busy.begin("d2")
        clock.now += 121
        busy.sign()
        assert busy.endless() == ("d1",)
        clock.now += 1800
        busy.sign()
        assert busy.endless() == ("d1", "d2"), "a turn lasts half an hour at most, whatever it is told"
    finally:
        over.set()
        thread.join()


def test_the_supervisor_hears_that_we_are_ready_alive_and_stopping(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        watchdog = Watchdog(Pulse(), Supervisor(str(tmp_path / "notify")), every_s=0.01)
        watchdog.start()
        watchdog.ready()
        heard = {line for _ in range(3) for line in systemd.recv(200).decode().splitlines()}
        assert {"READY=1", "WATCHDOG=1"} <= heard
        watchdog.stop()
        last = ""
        while last != "STOPPING=1":
            last = systemd.recv(200).decode()
    Supervisor("").say("READY=1")
    Supervisor(str(tmp_path / "gone")).say("READY=1")
