"""One application before a local GitHub of its own: people's acts, when it has done with them, and what it called."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from app.demo.seed import seed
from app.shipped_files import default_policy
from benchmarks import points
from benchmarks.common import PEERS, jalon, started, until
from local_github.boards import Card
from local_github.server import Sandbox

SEATS = ("techno", "archi", "communs", "design", "data", "secu")
LAST = "transfo"
ALL = " ".join(str(number) for number in range(1, 15))
FORMER = (sys.executable, "-P", "-u", "-m", "benchmarks.former")


class Clocked:
    """The local GitHub's own time, summed over its answers; they may overlap, so this share is an upper bound."""

    def __init__(self, hub: Sandbox) -> None:
        self.seconds, self._lock = 0.0, threading.Lock()
        server = hub._server  # noqa: SLF001
        inner = server.application

        def application(environ, start_response):
            before = time.perf_counter()
            try:
                return inner(environ, start_response)
            finally:
                with self._lock:
                    self.seconds += time.perf_counter() - before

        server.application = application


@dataclass(frozen=True)
class Cost:
    """Calls that read and that write, points of GitHub's hour and minute, comments created."""

    reads: int
    writes: int
    hour: int
    minute: int
    comments: int


class Scene:
    """`metrics` is the address of Jalon's figures; a peer has none, and answers a webhook once it has done with it."""

    def __init__(self, hub: Sandbox, metrics: str = "") -> None:
        self.hub, self.world, self.clock, self.metrics = hub, hub.world, Clocked(hub), metrics

    def file(self) -> int:
        questions = default_policy().questions
        body = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in questions)
        return self.world.open_issue("cheffe-produit", "SILAV", body, ["produit"]).number

    def said(self, number: int) -> int:
        return sum(comment.author == self.world.bot for comment in self.world.issues[number].comments)

    def labels(self, number: int) -> list[str]:
        return self.world.issues[number].labels

    def card(self, number: int) -> Card | None:
        return next((card for card in list(self.world.cards.values()) if card.issue == number), None)

    def handled(self) -> bool:
        """Whether every delivery sent so far has been answered."""
        self.hub.wait_delivered(60)
        return not self.metrics or 'jalon_inbox{state="waiting"} 0.0' in requests.get(self.metrics, timeout=60).text

    def quiet(self, seconds: float = 0.5) -> None:
        """Returns once every delivery has been handled and GitHub has been left alone for a while."""
        calls, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            if not self.handled() or len(self.hub.calls) != calls:
                calls, since = len(self.hub.calls), time.monotonic()
            time.sleep(0.02)

    def cost(self, act: Callable[[], object]) -> Cost:
        self.quiet()
        self.hub.calls.clear()
        act()
        self.quiet()
        return self.spent()

    def spent(self) -> Cost:
        """What the calls noted until now cost."""
        calls = list(self.hub.calls)
        writes = sum(call["write"] for call in calls)
        sums = (sum(map(count, calls)) for count in (points.of_the_hour, points.of_the_minute, points.comments))
        return Cost(len(calls) - writes, writes, *sums)

    def requested(self, number: int) -> None:
        """A gate, asked for by the product's people."""
        until(lambda: self.said(number) >= 2)
        self.world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
        until(lambda: "passage: demandé" in self.labels(number))

    def heard(self, number: int) -> None:
        """All seats but the one that decides."""
        for login in SEATS:
            self.world.comment(login, number, "/go")


@contextlib.contextmanager
def staged(
    command: Sequence[str], environment: Callable[[Sandbox], dict[str, str]], says: str, *, is_jalon: bool = True
) -> Iterator[Scene]:
    """An application as a process, and the GitHub that it knows."""
    hub = Sandbox(seed())
    hub.start()
    try:
        with started(command, environment(hub), says) as (port, _):
            url = f"http://127.0.0.1:{port}"
            hub._hooks._url = f"{url}/webhooks/github"  # noqa: SLF001
            yield Scene(hub, f"{url}/metrics" if is_jalon else "")
    finally:
        hub.stop()


@contextlib.contextmanager
def jalon_staged(folder: Path, *, before: bool = False) -> Iterator[Scene]:
    """Jalon; with `before`, by its former path: one call for each change."""
    database = f"sqlite:///{folder}/jalon{'-before' if before else ''}.db"
    place = {"JALON_DATABASE_URL": database, "JALON_LOG_FORMAT": "json"}
    command = [*FORMER, "serve", "--port", "0"] if before else jalon("serve", "--port", "0")
    with staged(command, lambda hub: hub.environment() | place, r"Jalon : http://127.0.0.1:(\d+)") as scene:
        yield scene


@contextlib.contextmanager
def probot_staged() -> Iterator[Scene]:
    """The same committee as a Probot application."""

    def environment(hub: Sandbox) -> dict[str, str]:
        app = hub.world.app
        secrets = {"PRIVATE_KEY": app.private_key, "SECRET": app.webhook_secret}
        return secrets | {"APP_ID": str(app.id), "API_URL": hub.url, "NODE_ENV": "production"}

    with staged(["node", str(PEERS / "committee.mjs")], environment, r"PORT (\d+)", is_jalon=False) as scene:
        yield scene
