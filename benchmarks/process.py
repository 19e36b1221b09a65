"""(f) What a process takes: from its start to its first page, then at rest."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import requests

from app.demo.seed import seed
from benchmarks.common import jalon, memory_of, middle, processor_of, started, table
from local_github.server import Sandbox

STARTS, SETTLE_S, IDLE_S = 5, 5, 20
PAGE, PAGES, LOOKS, REST_S = 4096, 4096, 10, 0.5
SAYS = r"Jalon : http://127.0.0.1:(\d+)"
KINDS = {"web et traitement": (), "web seul": ("--no-worker",)}


def first_page(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds until it listens, until its first page is whole, and the processor used until then."""
    begun = time.perf_counter()
    with started(command, environment, SAYS) as (port, pid):
        listens = time.perf_counter() - begun
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=60).ok
        return listens, time.perf_counter() - begun, processor_of(pid)


def starts(environment: dict[str, str], folder: Path) -> None:
    print(f"## (f) Du lancement à la première page, médiane de {STARTS} lancements\n")
    rows = []
    for name, arguments in KINDS.items():
        place = {"JALON_DATABASE_URL": f"sqlite:///{folder}/start{len(rows)}.db"}
        command = jalon("serve", "--port", "0", *arguments)
        found = [first_page(command, environment | place) for _ in range(STARTS + 1)][1:]  # the first makes the tables
        rows.append((name, *(f"{middle(column):.1f}" for column in zip(*found, strict=True))))
    table(("", "écoute, s", "première page, s (cible : 3)", "processeur, s"), rows)


def idle(environment: dict[str, str], folder: Path) -> None:
    print(f"## (f bis) Au repos, {IDLE_S} s\n")
    rows = []
    for name, arguments in KINDS.items():
        place = {"JALON_DATABASE_URL": f"sqlite:///{folder}/idle{len(rows)}.db"}
        with started(jalon("serve", "--port", "0", *arguments), environment | place, SAYS) as (_, pid):
            time.sleep(SETTLE_S)
            before = processor_of(pid)
            time.sleep(IDLE_S)
            rows.append((name, f"{(processor_of(pid) - before) / IDLE_S:.1%}", round(memory_of(pid))))
    table(("", "d’un cœur (cible : 1 %)", "Mo (cible : 120)"), rows)
    hot, rested = touched(0), touched(REST_S)
    print(f"Toucher une page de mémoire : {hot:.2f} µs de processeur, {rested:.2f} µs après {REST_S} s de repos.\n")


def touched(rest_s: float) -> float:
    """Microseconds of processor to write to a page of memory that nobody touched for so long.

    A virtual machine whose host takes back the memory of who rests pays here, at each awakening, what (f bis) counts.
    """
    memory, used = bytearray(PAGE * PAGES), 0.0
    for _ in range(LOOKS):
        time.sleep(rest_s)
        begun = time.process_time()
        for place in range(0, len(memory), PAGE):
            memory[place] = 1
        used += time.process_time() - begun
    return used / LOOKS / PAGES * 1e6


def main() -> None:
    hub = Sandbox(seed())
    hub.start()
    try:
        with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder:
            starts(hub.environment(), Path(folder))
            idle(hub.environment(), Path(folder))
    finally:
        hub.stop()


if __name__ == "__main__":
    main()
