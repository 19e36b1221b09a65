"""The signal to stop is heard whichever thread it reaches, at whatever instant."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ASLEEP = """
import os, signal, sys, threading
from app.cli.serve import until_stopped

main, number = threading.get_native_id(), int(sys.argv[1])

def told():
    # The main thread waits in a system call, and hears nothing of what reaches another thread.
    while open(f"/proc/self/task/{main}/syscall").read().split()[0] not in {"0", "63"}:
        pass
    signal.pthread_kill(threading.get_ident(), signal.SIGWINCH)
    signal.pthread_kill(threading.get_ident(), number)

signal.signal(signal.SIGWINCH, lambda *_: None)
threading.Thread(target=told, daemon=True).start()
until_stopped()
print("stopped")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel where a thread waits")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_reaches_another_thread_stops_the_process(name):
    here = Path(__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", ASLEEP, str(int(name))],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=here,
        check=False,
    )
    assert (said.returncode, said.stdout) == (0, "stopped\n"), said.stderr
