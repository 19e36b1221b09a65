"""Tells the whole story on a stage, and answers with an exit code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.demo.client import Hub
from app.demo.scenario import PATIENCE_S, ScenarioStep, Scene, StoryError, play
from app.demo.script import STEPS
from app.demo.stage import Stage

OPENING = """Jalon, toute l’histoire, sans personne au clavier.

GitHub local : {github}/{repository}/issues
Jalon        : {jalon}

Les cinq produits existent ; ce que le comité en dit ici est inventé pour la démonstration."""


def tell_story(
    stage: Stage, say: Callable[[str], None], steps: Sequence[ScenarioStep] = STEPS, patience: float = PATIENCE_S
) -> int:
    """0 when every step held; 1, after a sentence naming the step, when one did not."""
    world, started = stage.hub.world, time.monotonic()
    say(OPENING.format(github=stage.hub.url, repository=world.repository, jalon=stage.url))
    hub = Hub(stage.hub.url, world.repository)
    try:
        stage.start_app()
        play(steps, Scene(hub, stage, say, patience=patience))
    except StoryError as error:
        say(f"\nÉchec : {error}")
        return 1
    finally:
        hub.close()
        stage.stop_app()
    say(f"\nLes {len(steps)} étapes ont tenu, en {time.monotonic() - started:.0f} secondes.")
    return 0
