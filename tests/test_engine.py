"""The durable engine: stored once, handled once, and a crash between two effects harms nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from app.assets import default_policy
from app.demo import seed
from app.domain.policy import Policy
from app.sandbox.server import Sandbox

CRASH = """
import os, sys, app.turn as turn
left = int(sys.argv[1])
real = turn.apply
def dying(*args):
    global left
    real(*args)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
turn.Turns.__init__.__defaults__ = (dying,)
from app.cli import main
main(["serve", "--port", sys.argv[2]])
"""


def start(environment, port, effects):
    process = subprocess.Popen(
        [sys.executable, "-c", CRASH, str(effects), str(port)],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: alive(port) or process.poll() is not None)
    return process


def alive(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.ConnectionError:
        return False


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def body(policy: Policy) -> str:
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in policy.questions)


@pytest.mark.parametrize("effects", [1, 2, 3])
def test_killed_after_each_effect_then_restarted_nothing_is_lost_or_doubled(tmp_path, effects):
    port = 18_100 + effects
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    process = start(environment, port, effects)
    try:
        number = hub.world.open_issue("cheffe-produit", "SISAC", body(default_policy()), ["produit"]).number
        process.wait(timeout=30)
        assert process.returncode == -signal.SIGKILL
        process = start(environment, port, 0)
        until(lambda: len(hub.world.issues[number].comments) == 2)
        assert "phase: idée" in hub.world.issues[number].labels
        assert len(hub.world.cards) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert len(hub.world.issues[number].comments) == 2
    finally:
        process.kill()
        process.wait()
        hub.stop()
