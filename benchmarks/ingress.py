"""(a) A delivery verified, stored durably and answered: against Probot, which stores nothing, and the bare floor."""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

from benchmarks.common import (
    PEERS,
    SECRET,
    has_node,
    jalon,
    memory_of,
    middle,
    payload,
    settings_of_an_app,
    signed,
    started,
    table,
)
from tests.postgres import Postgres, programs

ROUNDS, SECONDS = 5, 2
CONNECTIONS = (8, 32)
"""Deliveries under way at once: a quiet committee's, and a morning's burst of several repositories."""
DISK = "plancher du disque : un fil, une écriture durable à la fois"


def one_round(port: int, body_file: Path, signature: str, connections: int) -> dict:
    url = f"http://127.0.0.1:{port}/webhooks/github"
    command = ["node", "load.mjs", url, str(body_file), signature, str(connections), str(SECONDS)]
    return json.loads(subprocess.run(command, cwd=PEERS, capture_output=True, check=True, text=True).stdout)


def durable_floor(folder: Path, body: bytes) -> dict:
    """One thread that does nothing but insert this body durably, one transaction each."""
    waits, connection = [], sqlite3.connect(folder / "floor.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB)")
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        before = time.perf_counter()
        connection.execute("INSERT INTO kept (name, body) VALUES (?, ?)", (str(uuid.uuid4()), body))
        waits.append((time.perf_counter() - before) * 1000)
    total = time.perf_counter() - begun
    connection.close()
    cuts = statistics.quantiles(waits, n=100)
    return {
        "rps": len(waits) / total,
        "p50": round(cuts[49], 1),
        "p99": round(cuts[98], 1),
        "worst": max(waits),
        "refused": 0,
    }


def measure(folder: Path) -> None:
    body = payload()
    body_file = folder / "payload.json"
    body_file.write_bytes(body)
    environment = settings_of_an_app()
    subjects = {
        "Probot 14, aucun stockage": (
            ["node", str(PEERS / "probot.mjs")],
            {"SECRET": SECRET, "PRIVATE_KEY": environment["JALON_PRIVATE_KEY"], "NODE_ENV": "production"},
            r"PORT (\d+)",
        ),
        "plancher : même serveur, signature seule": ([sys.executable, "-m", "benchmarks.floor"], {}, r"PORT (\d+)"),
        "Jalon, SQLite (synchronous=FULL)": (
            jalon("serve", "--no-worker", "--port", "0"),
            environment | {"JALON_DATABASE_URL": f"sqlite:///{folder}/jalon.db"},
            r"Jalon : http://127.0.0.1:(\d+)",
        ),
    }
    with ExitStack() as running:
        if programs():
            server = Postgres()
            server.start()
            running.callback(server.stop)
            subjects["Jalon, PostgreSQL"] = (
                jalon("serve", "--no-worker", "--port", "0"),
                environment | {"JALON_DATABASE_URL": server.new_database()},
                r"Jalon : http://127.0.0.1:(\d+)",
            )
        places = {name: running.enter_context(started(*how)) for name, how in subjects.items()}
        for connections in CONNECTIONS:
            show(played(places, body_file, body, folder, connections), places, connections, len(body))


def played(places: dict, body_file: Path, body: bytes, folder: Path, connections: int) -> dict[str, list[dict]]:
    rounds: dict[str, list[dict]] = {name: [] for name in (*places, DISK)}
    for number in range(ROUNDS + 1):
        for name in random.sample(list(rounds), len(rounds)):
            if name == DISK:
                result = durable_floor(folder, body)
            else:
                result = one_round(places[name][0], body_file, signed(body), connections)
            if number:  # the first round warms up
                rounds[name].append(result)
    return rounds


def show(rounds: dict[str, list[dict]], places: dict, connections: int, size: int) -> None:
    memory = {name: memory_of(pid) for name, (_, pid) in places.items()}
    probot = middle([one["rps"] for one in rounds["Probot 14, aucun stockage"]])
    print(f"Corps de {size:,} octets, {connections} connexions, {ROUNDS} tours mêlés de {SECONDS} s, médianes.\n")
    table(
        ("", "req/s", "de Probot", "p50 ms", "p99 ms", "pire ms", "refus", "Mo"),
        [
            (
                name,
                round(middle([one["rps"] for one in results])),
                f"{middle([one['rps'] for one in results]) / probot:.2f}×",
                middle([one["p50"] for one in results]),
                middle([one["p99"] for one in results]),
                round(max(one["worst"] for one in results)),
                sum(one["refused"] for one in results),
                round(memory[name]) if name in memory else "",
            )
            for name, results in rounds.items()
        ],
    )
    worst = max(middle([one["p99"] for one in results]) for name, results in rounds.items() if name.startswith("Jalon"))
    print(f"GitHub coupe à 10 s : le p99 est {10_000 / worst:.0f} fois en dessous (cible : 50).\n")


def main() -> None:
    print("## (a) Entrée\n")
    if has_node():
        with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder:
            measure(Path(folder))


if __name__ == "__main__":
    main()
