"""The stage of in-process tests: a local GitHub whose deliveries wait until Jalon is let to hear them, one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.domain.policy.calendar import day_of
from app.domain.policy.model import TIMEZONE
from app.github.apply import apply
from app.github.changes import at_once
from app.settings import read_settings
from app.shipped_files import default_policy
from app.transparency.notes import Signer, signer_text
from app.turns.finding import StaleReadError
from app.turns.outcome import TurnOutcome
from app.turns.wakeup import PolicyWakeUp, WakeUp, wake_up
from local_github.server import Sandbox

BEGINS = datetime(2026, 11, 26, 11, tzinfo=UTC)
"""When stories begin, a Thursday: weeks, months and days fall for them where they fall today, whenever they are told."""
LATEST_S = 4.0
"""A second more than the latest read, so that the story finds what was written."""
SIGNER = Signer("registre.exemple.gouv.fr/comite", bytes(range(32)))
"""What seals the registers of stories."""
ALL = " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


def form_body() -> str:
    """The form, every question answered."""
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)


def listening(**options: Any) -> Sandbox:
    """A local GitHub that keeps its deliveries."""
    hub = Sandbox(options.pop("seed", None) or seed(), port=0, **options)
    hub.hold = True
    hub.start()
    return hub


class StoryTime:
    """What time it is on one GitHub, and for each Jalon that hears of it; in whole seconds, as GitHub dates comments."""

    now = BEGINS


class Stage:
    """A Jalon of one's own on a local GitHub, both by the story's clock; `applier` may be another, to cut it short."""

    def __init__(
        self,
        hub: Sandbox,
        database: str,
        *,
        late: bool = False,
        sealed: bool = False,
        opened: bool = True,
        key: Signer = SIGNER,
        pages: str = "",
    ) -> None:
        """`late`: every read is as late as replicas are; time passes when Jalon waits, and before the story looks.

        `sealed`: with this `key`, and a log `opened` if there is none; `pages`: where pages are served.
        """
        self.hub, self.late, self.applier = hub, late, apply
        self._time = vars(hub).setdefault("story_time", StoryTime())
        given = {"JALON_PUBLIC_URL": pages} | ({"JALON_SEAL_KEY": signer_text(key)} if sealed else {})
        for world in getattr(hub, "worlds", {"": hub.world}).values():
            world.clock = lambda: self._time.now
        settings = read_settings(hub.environment() | {"JALON_DATABASE_URL": database} | given)
        self.jalon = Jalon(settings, lambda: self.now, self._applied, self._together)
        self.client, self.register, self.database = self.jalon.client, self.jalon.register, self.jalon.database
        self.turns, self.product_turn = self.jalon.turns, self.jalon.product_turn
        self.policies, self.policy_store = self.jalon.policies, self.jalon.policy_store
        self.log = self.jalon.log
        if sealed and opened and not self.log.origin:
            self.log.open(SIGNER.name, self.now)
        self.notes, self.troubles, self.undone = self.jalon.notes, self.jalon.troubles, self.jalon.memory.undone

    def _applied(self, *call: Any) -> Any:
        return self.applier(*call)

    def _together(self, client: Any, issue: Any, effects: Any, *how: Any, made: Any) -> Any:
        """As the App does, unless the story has an applier of its own: it then makes each change."""
        return at_once(client, issue, effects, *how, made=made) if self.applier is apply else list(effects)

    @classmethod
    def at(cls, folder: Path, **more: Any) -> Stage:
        """On a new GitHub, whose deliveries wait until they are heard, with a new database."""
        return cls(listening(), f"sqlite:///{folder}/jalon.db", **more)

    def close(self) -> None:
        self.hub.stop()
        self.database.dispose()

    @property
    def now(self) -> datetime:
        """A story that skips days skips GitHub's too."""
        return self._time.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._time.now = moment

    @property
    def today(self) -> date:
        """The date where the committee is: at night it is no longer that of Greenwich."""
        return day_of(self.now, TIMEZONE)

    @property
    def world(self) -> Any:
        return self.hub.world

    def reads_rules(self, repository: str = "") -> TurnOutcome:
        """The turn of the policy file."""
        return self.turns.take(PolicyWakeUp(repository or self.world.repository), "rules")

    def settle(self) -> list[TurnOutcome]:
        """Jalon takes every delivery, in order, until GitHub has no more to tell."""
        taken = []
        while held := self.hub.take_held():
            for headers, body in held:
                taken += self.hear(headers, body)
        self.rests()
        return taken

    def hear(self, headers: Any, body: bytes) -> list[TurnOutcome]:
        """One delivery; no outcome when it is not for Jalon."""
        wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
        return [self.take(wake, headers["X-GitHub-Delivery"])] if wake else []

    def take(self, wake: WakeUp, delivery: str) -> TurnOutcome:
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
        return self.product_turn.plan(self.world.repository, number).effects == ()
