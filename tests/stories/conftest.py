"""A stage for stories: a local GitHub whose deliveries wait until the story lets Jalon hear them, one by one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from operator import attrgetter
from typing import Any

import pytest

from app.demo import stage as story
from app.demo.seed import seed
from app.domain.product.lawful import breach
from app.engine import open_database
from app.github.budget import Budget
from app.github.client import Client
from app.github.policies import Policies
from app.settings import read_settings
from app.shipped_files import default_policy
from app.store.key_values import KeyValues
from app.store.places import Places
from app.store.policy_store import PolicyStore
from app.store.recent_writes import RecentWrites
from app.store.register import Register
from app.store.troubles import Troubles
from app.store.undone_effects import UndoneEffects
from app.turns.finding import StaleReadError
from app.turns.label_turn import LabelTurn
from app.turns.outcome import Outcome
from app.turns.policy_turn import PolicyTurn
from app.turns.product_turn import ProductTurn
from app.turns.wakeup import WakeUp, wake_up
from local_github.server import Sandbox
from tests.ports import free_port

LATEST_S = 4.0
"""A second more than the latest read, so that the story finds what was written."""
ALL = " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


def form_body() -> str:
    """The form, every question answered."""
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)


@dataclass
class Stage:
    hub: Sandbox
    register: Register
    turns: ProductTurn
    client: Client
    rules: PolicyTurn = field(init=False)
    policy_store: PolicyStore = field(init=False)
    policies: Policies = field(init=False)
    notes: KeyValues = field(init=False)
    troubles: Troubles = field(init=False)
    undone: UndoneEffects = field(init=False)
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    """In whole seconds, as GitHub dates comments."""

    @property
    def world(self) -> Any:
        return self.hub.world

    late: bool = False
    """Every read is as late as replicas are; time passes when Jalon waits, and before the story looks again."""

    def settle(self) -> list[Outcome]:
        """Jalon takes every delivery, in order, until GitHub has no more to tell."""
        taken = []
        while held := self.hub.take_held():
            for headers, body in held:
                taken += self.hear(headers, body)
        self.rests()
        return taken

    def hear(self, headers: Any, body: bytes) -> list[Outcome]:
        """One delivery; no outcome when it is not for Jalon."""
        wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
        return [self.take(wake, headers["X-GitHub-Delivery"])] if wake else []

    def take(self, wake: WakeUp, delivery: str) -> Outcome:
        """As the engine does: what GitHub does not show yet is looked at again, each time later."""
        for tried in count():
            try:
                return self.turns.take(replace(wake, tried=tried), delivery)
            except StaleReadError as error:
                self.passes(error.seconds)
        raise AssertionError("unreachable")

    def rests(self) -> None:
        """Before a look at one instant: what was written is shown everywhere."""
        if self.late:
            self.passes(LATEST_S)

    def passes(self, seconds: float) -> None:
        """Time goes by, here and on GitHub, whose clock follows the story's."""
        self.now += timedelta(seconds=seconds)

    def filed(self, author: str = "cheffe-produit", title: str = "SILAV", *, ready: bool = False) -> int:
        """A product just filed, its checklist ticked if it is to be ready."""
        number: int = self.world.open_issue(author, title, form_body(), ["produit"]).number
        self.settle()
        if ready:
            self.says(author, number, f"/coche {ALL}")
        return number

    def says(self, login: str, number: int, text: str) -> None:
        self.world.comment(login, number, text)
        self.settle()

    def decided(self, number: int, *, seats: tuple[str, ...] = SEATS) -> None:
        """The committee says go."""
        for login in seats:
            self.world.comment(login, number, "/go")
        self.settle()

    def column(self, number: int) -> str | None:
        """Where the product's card stands; None without a card or a column."""
        card = self.world.card_of(number)
        option = self.world.option(card.option) if card else None
        return option.name if option else None

    def drag(self, login: str, number: int, column: str | None) -> None:
        """Somebody moves the product's card, and Jalon hears of it."""
        option = next((item.id for item in self.world.options if item.name == column), None)
        self.world.move_card(login, self.world.card_of(number).id, option)
        self.settle()

    def said(self, number: int) -> list[str]:
        """Jalon's comments, oldest first."""
        return [comment.body for comment in self.world.issues[number].comments if comment.author == self.world.bot]

    def labels(self, number: int) -> set[str]:
        return set(self.world.issues[number].labels)

    def nothing_left_to_do(self, number: int) -> bool:
        self.rests()
        return self.turns.plan(self.world.repository, number)[1] == ()


@pytest.fixture
def stage(tmp_path, request):
    hub = Sandbox(seed(), port=0)
    hub.hold = True
    hub.start()
    client = Client(read_settings(hub.environment()), Budget(foresees=False))
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    register = Register(database)
    made = Stage(hub, register, None, client)
    begun = datetime.now(UTC)
    hub.world.clock = lambda: made.now + (datetime.now(UTC) - begun)  # a story that skips days skips GitHub's too
    policy_store = PolicyStore(database)
    policies = Policies(client, policy_store)
    rules = PolicyTurn(client, policies, policy_store, hub.url)
    made.notes = KeyValues(database)
    labels = LabelTurn(client, policies, made.notes, lambda: made.now)
    made.troubles = Troubles(database)
    made.undone = UndoneEffects(database, made.troubles)
    made.turns = ProductTurn(
        client,
        policies,
        register,
        lambda: made.now,
        lambda _: 1,
        rules=rules.take,
        labels=labels.take,
        undone=made.undone,
        recent=RecentWrites(database),
        places=Places(database),
    )
    made.rules, made.policy_store, made.policies = rules, policy_store, policies
    made.late = request.config.getoption("--late-reads")
    if made.late:
        hub.faults.reseed(zlib.crc32(request.node.nodeid.encode()))
        hub.faults.add({"kind": "stale", "spread": LATEST_S - 1})
    yield made
    hub.stop()
    unlawful = {name: rank for name, rank in _breaches(register) if rank}
    database.dispose()
    assert not unlawful, "a history that the rules would not take back from its comments"


def _breaches(register: Register) -> Iterator[tuple[str, int]]:
    """Every story ends on histories that could be rebuilt from GitHub alone."""
    for product, entries in groupby(register.entries(), key=attrgetter("product")):
        yield product, breach(tuple(entry.fact for entry in entries))


@pytest.fixture
def own_process(tmp_path):
    """The local GitHub, and the App in a process of its own."""
    port = free_port()
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    one = story.Stage(hub, port, tmp_path)
    one.start_app()
    yield one
    one.stop_app()
    hub.stop()
