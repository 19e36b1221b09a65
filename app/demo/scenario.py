"""How a story is told: acts, what must then be seen, and the patience to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import requests

from app.demo.client import Hub, ShownProduct

PATIENCE_S = 40.0
"""How long a step may take before the story gives up; a step that holds takes about a second."""
PULSE_S = 0.1
LINES = 4
WIDTH = 110


class StoryError(Exception):
    """A sentence in French: what did not hold, and what was seen instead."""


@dataclass(frozen=True)
class Screen:
    """Something GitHub must come to show of a product, in words a reader can check."""

    words: str
    holds: Callable[[ShownProduct], bool]


class Company(Protocol):
    """The App, as a story may start and stop it."""

    def start_app(self) -> None: ...
    def kill_app(self) -> None: ...
    def waiting(self) -> int: ...
    def deliver(self) -> int: ...
    def settle(self) -> None: ...
    def jalon(self, *arguments: str) -> str: ...
    def page(self) -> str: ...
    def seal_key(self) -> str: ...


@dataclass
class Scene:
    """Where a story plays: the local GitHub, the App, and the issue of each product by its name."""

    hub: Hub
    app: Company
    tell: Callable[[str], None]
    issues: dict[str, int] = field(default_factory=dict)
    patience: float = PATIENCE_S
    homes: dict[str, Hub] = field(default_factory=dict)
    """The repository of a product that is not in the first one."""

    def home(self, product: str) -> Hub:
        return self.homes.get(product, self.hub)

    def shown(self, product: str) -> ShownProduct:
        return self.home(product).shown(self.issues[product])

    def wait(self, product: str, *sights: Screen) -> ShownProduct:
        """What GitHub shows of a product once all of it is there at once; raises StoryError when patience runs out."""
        end = time.monotonic() + self.patience
        while True:
            shown = self.shown(product)
            missing = next((sight.words for sight in sights if not sight.holds(shown)), "")
            if not missing:
                return shown
            if time.monotonic() > end:
                raise StoryError(f"on attendait pour {product} : {missing}. {shown.summary()}")
            time.sleep(PULSE_S)


@dataclass(frozen=True)
class ScenarioStep:
    """One act, told before it is done, then all that must be seen of one product; nothing if a page showed it."""

    told: str
    product: str
    act: Callable[[Scene], None]
    then: tuple[Screen, ...]


def play(steps: Sequence[ScenarioStep], scene: Scene) -> None:
    """Plays every step in order; raises StoryError naming the first that does not hold."""
    for number, step in enumerate(steps, start=1):
        scene.tell(f"\n{number:2d}. {step.told}")
        try:
            _play(step, scene)
        except (StoryError, requests.RequestException) as error:
            raise StoryError(f"l’étape {number} n’a pas tenu, « {step.told} » : {error}") from error


def _play(step: ScenarioStep, scene: Scene) -> None:
    step.act(scene)
    if not step.then:
        return
    shown = scene.wait(step.product, *step.then)
    for sight in step.then:
        scene.tell(f"    ✓ {sight.words}")
    scene.tell(f"    {shown.summary()}")
    scene.tell("\n".join(f"      │ {line}" for line in first_lines(shown)))


def first_lines(shown: ShownProduct) -> list[str]:
    """The beginning of the comment Jalon wrote or edited last."""
    last = shown.last
    if last is None:
        return []
    lines = [line for line in last.text.splitlines() if line.strip() and not line.startswith("<!--")]
    return [f"{last.author} :", *(line if len(line) <= WIDTH else f"{line[:WIDTH]}…" for line in lines[:LINES])]
