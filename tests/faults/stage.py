"""A committee at work while everything around it fails: the local GitHub, Jalon's processes, its database."""

from __future__ import annotations

import io
import json
import math
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import requests

from app.demo.seed import seed
from app.shipped_files import default_policy
from local_github.server import Sandbox
from tests.engine.stage import Process, body, until
from tests.ports import free_port

SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")
TICKS = "/coche " + " ".join(map(str, range(1, 15)))


class Answers:
    """WSGI in front of the local GitHub: a share of the App's calls is obeyed and answered 502 all the same."""

    def __init__(self, inner):
        self.inner, self.share, self.dice, self.made = inner, 0.0, random.Random(1), 0
        self.only_writes = False

    def __call__(self, environ, start_response):
        # Only the App's own calls, with its installation's token.
        is_app = "ghs_" in environ.get("HTTP_AUTHORIZATION", "")
        if not is_app or (self.only_writes and _is_read(environ)) or self.dice.random() >= self.share:
            return self.inner(environ, start_response)
        answer = self.inner(environ, lambda *_: None)
        for _ in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
        self.made += 1
        start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
        return [b"bad gateway"]


def _is_read(environ):
    """The body of a call of GraphQL tells; it is given back to whoever comes next."""
    if environ["PATH_INFO"] != "/graphql":
        return environ["REQUEST_METHOD"] == "GET"
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return "mutation" not in json.loads(body)["query"]


class Hub(Sandbox):
    """The local GitHub, whose answers may be lost on the way."""

    def _flask(self):
        web = super()._flask()
        self.answers = Answers(web.wsgi_app)
        web.wsgi_app = self.answers
        return web


class Post:
    """Webhooks on their way: some are lost, some arrive twice, some late. Deterministic."""

    def __init__(self, port, lost=0.0, doubled=0.0, shuffled=0.0):
        self.url = f"http://127.0.0.1:{port}/webhooks/github"
        self.lost, self.doubled, self.shuffled = lost, doubled, shuffled
        self.dice, self.late, self.counts = random.Random(2), [], Counter()
        self.patient, self.volley = False, 1
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, headers, raw):
        self.counts["sent"] += 1
        roll = self.dice.random()
        if roll < self.lost:
            self.counts["lost"] += 1
            raise requests.ConnectionError("lost on the way")
        if roll < self.lost + self.shuffled:
            self.counts["late"] += 1
            self.late.append((headers, raw))
            if len(self.late) < 8:
                return 202
            self.dice.shuffle(self.late)
            while self.late:
                self.send(*self.late.pop())
            return 202
        status = self.fire(headers, raw)
        if self.dice.random() < self.doubled:
            self.counts["doubled"] += 1
            self.send(headers, raw)
        return status

    def fire(self, headers, raw):
        """Several at the same moment if asked for: they are then kept in one commit. GitHub hears of one answer."""
        if self.volley == 1:
            return self.send(headers, raw)
        with ThreadPoolExecutor(self.volley) as pool:
            shots = [pool.submit(self.send, headers, raw) for _ in range(self.volley)]
        heard = [shot for shot in shots if not shot.exception()] or shots
        return heard[0].result()

    def send(self, headers, raw):
        if self.patient:  # as if somebody asked GitHub to send it again until it arrives
            until(lambda: _listens(self.url), 60)
        return self.session.post(self.url, data=raw, headers=headers, timeout=10).status_code

    def calm(self):
        """From now on everything arrives, what is late included."""
        self.lost = self.doubled = self.shuffled = 0
        late, self.late = self.late, []
        for headers, raw in late:
            try:
                self.send(headers, raw)
            except requests.RequestException:
                self.counts["lost"] += 1


def _listens(url):
    try:
        return requests.get(url.replace("/webhooks/github", "/healthz"), timeout=1).ok
    except requests.RequestException:
        return False


class Supervisor:
    """Keeps processes running, as systemd or a container platform does."""

    def __init__(self):
        self.makers, self.processes, self.restarts = {}, {}, 0
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def add(self, name, make):
        self.makers[name] = make
        self.processes[name] = make()

    def start(self):
        self.thread.start()

    def watch(self):
        while not self.stopping.wait(0.2):
            with self.lock:
                for name, process in list(self.processes.items()):
                    if process.is_dead and not self.stopping.is_set():
                        process.close()
                        self.processes[name] = self.makers[name]()
                        self.restarts += 1  # only now is there somebody to kill again

    def kill(self, name):
        self.processes[name].process.kill()

    def stop(self):
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join(60)
        for process in self.processes.values():
            process.kill()


def flaws(hub, numbers):
    """Decisions lost, and comments there twice, on GitHub."""
    names = {phase.label for phase in default_policy().phases}
    lost = doubled = 0
    for number in numbers:
        issue = hub.world.issues[number]
        written = [comment.body for comment in issue.comments if comment.author == hub.world.bot]
        keys = Counter(text.rpartition("key=")[2].split()[0] for text in written if "key=" in text)
        doubled += sum(count - 1 for count in keys.values())
        decisions = [key for key in keys if key.startswith("decision:")]
        phases = [label for label in issue.labels if label in names]
        lost += len(decisions) != 1 or phases != ["phase: poc"]
        voices = [c for c in issue.comments if c.author in SEATS]
        lost += sum(not any(r.login == hub.world.bot for r in c.reactions) for c in voices)
    doubled += len(hub.world.cards) - len(numbers)
    return {"lost": lost, "doubled": doubled}


class Committee:
    """Products filed, checked, asked for and voted; and what must be true of GitHub in the end."""

    def __init__(self, url, *, workers=1, log=None, dies=("never", 0), deaths=math.inf):
        """`deaths`: so many lives of the web end so, the next ones do not."""
        self.port = free_port()
        self.hub = Hub(seed(), app_url=f"http://127.0.0.1:{self.port}")
        self.hub.start()
        self.post = Post(self.port)
        self.hub.deliver = self.post
        self.environment = self.hub.environment() | {"JALON_DATABASE_URL": url}
        self.keeper = Supervisor()
        self.log = log
        one = workers == 1
        more, lives = [] if one else ["--no-worker"], count(1)
        self.keeper.add("web", lambda: self.serve(*more, dies=dies if next(lives) <= deaths else ("never", 0)))
        for number in range(0 if one else workers):
            self.keeper.add(f"worker {number}", lambda: Process(self.environment, "worker", log=log, dies=dies))

    def serve(self, *more, dies=("never", 0)):
        return Process.serve(self.environment, self.port, *more, log=self.log, dies=dies)

    def begin(self, *, dies=("never", 0)):
        """Started, whether it gets to serve or not."""
        return Process(self.environment, "serve", "--port", str(self.port), log=self.log, dies=dies)

    def file(self, count):
        """Products filed, their lists ticked, their gates asked for and voted, each by whom it falls to."""
        world = self.hub.world
        titles = [f"Produit {n}" for n in range(count)]
        numbers = [world.open_issue("cheffe-produit", title, body(), ["produit"]).number for title in titles]
        for number in numbers:
            world.comment("cheffe-produit", number, f"{TICKS}\n/demande")
        for seat in SEATS:
            for number in numbers:
                world.comment(seat, number, "/go")
        return numbers

    def sweep(self):
        """As an administrator does after an incident."""
        process = Process(self.environment, "sweep", log=self.log)
        code = process.process.wait(600)
        process.close()
        assert code == 0

    def decided(self, numbers):
        return sum("phase: poc" in self.hub.world.issues[number].labels for number in numbers)

    def wait_decided(self, numbers, seconds):
        end = time.monotonic() + seconds
        while self.decided(numbers) < len(numbers) and time.monotonic() < end:
            time.sleep(0.2)

    def settle(self, seconds=60):
        """Until GitHub's own queue of webhooks is empty."""
        self.hub.wait_delivered(seconds)

    def flaws(self, numbers):
        return flaws(self.hub, numbers)

    def stop(self):
        self.keeper.stop()
        self.hub.stop()
