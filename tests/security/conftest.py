"""A committee at work on the local GitHub, its deliveries taken one by one."""

from __future__ import annotations

import json
import re

import pytest

from app.demo.seed import seed
from app.shipped_files import default_policy
from app.turns.wakeup import wake_up
from tests.stage import Stage

SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")
ALL_ITEMS = " ".join(str(number) for number in range(1, 15))
BOT = f"{seed()['app']['slug']}[bot]"


class Watched(Stage):
    """`taken` keeps every delivery that was handled, to be played again."""

    def __init__(self, *given, **more) -> None:
        super().__init__(*given, **more)
        self.taken = []

    def hear(self, headers, body):
        self.taken.append((headers["X-GitHub-Event"], headers["X-GitHub-Delivery"], body))
        return super().hear(headers, body)

    def play(self, event, guid, body):
        wake = wake_up(event, json.loads(body))
        return self.take(wake, guid) if wake else None

    def file(self, title, answer="Une réponse", labels=("produit",)) -> int:
        questions = default_policy().questions
        body = "\n\n".join(f"### {question.labels[0]}\n\n{answer}" for question in questions)
        number = self.world.open_issue("cheffe-produit", title, body, list(labels)).number
        self.settle()
        return number

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
    running = Watched.at(tmp_path)
    yield running
    running.close()


def without_mark(body: str) -> str:
    return re.sub(r"\n*<!-- jalon:v1 [^>]* -->\s*$", "", body)
