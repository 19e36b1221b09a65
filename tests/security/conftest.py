"""A committee at work on the local GitHub, its deliveries taken one by one."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from app.demo.seed import seed
from app.engine import open_database
from app.github.client import Client
from app.github.policies import Policies
from app.settings import read_settings
from app.shipped_files import default_policy
from app.store.register import Register
from app.turns.product_turn import ProductTurn
from app.turns.wakeup import wake_up
from local_github.server import Sandbox

SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")
ALL_ITEMS = " ".join(str(number) for number in range(1, 15))
BOT = f"{seed()['app']['slug']}[bot]"


class Stage:
    """`taken` keeps every delivery that was handled, to be played again."""

    def __init__(self, database) -> None:
        self.hub = Sandbox(seed(), port=0)
        self.hub.hold = True
        self.hub.start()
        self.world = self.hub.world
        client = Client(read_settings(self.hub.environment()))
        self.register = Register(database)
        self.turns = ProductTurn(client, Policies(client), self.register, lambda: datetime.now(UTC), lambda _: 1)
        self.taken = []

    def settle(self) -> None:
        while held := self.hub.take_held():
            for headers, body in held:
                self.taken.append((headers["X-GitHub-Event"], headers["X-GitHub-Delivery"], body))
                self.play(*self.taken[-1])

    def play(self, event, guid, body):
        wake = wake_up(event, json.loads(body))
        return self.turns.take(wake, guid) if wake else None

    def file(self, title, answer="Une réponse", labels=("produit",)) -> int:
        questions = default_policy().questions
        body = "\n\n".join(f"### {question.labels[0]}\n\n{answer}" for question in questions)
        number = self.world.open_issue("cheffe-produit", title, body, list(labels)).number
        self.settle()
        return number

    def say(self, login, number, body) -> None:
        self.world.comment(login, number, body)
        self.settle()

    def said_by_jalon(self, number):
        return [comment.body for comment in self.world.issues[number].comments if comment.author == BOT]

    def shown(self):
        """Everything GitHub shows, but for the clock."""
        issues = {
            number: (issue.title, sorted(issue.labels), issue.state, [(c.author, c.body) for c in issue.comments])
            for number, issue in self.world.issues.items()
        }
        return issues, {card.issue: card.option for card in self.world.cards.values()}

    def kept(self):
        return [(entry.product, entry.seq, entry.digest) for entry in self.register.entries()]


@pytest.fixture
def stage(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    running = Stage(database)
    yield running
    running.hub.stop()
    database.dispose()


def without_mark(body: str) -> str:
    return re.sub(r"\n*<!-- jalon:v1 [^>]* -->\s*$", "", body)
