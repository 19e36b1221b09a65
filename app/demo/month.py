"""Tells a month of the committee on its stage, and answers with an exit code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.demo.client import Hub
from app.demo.month_script import BEGINS, STEPS
from app.demo.month_stage import MonthStage
from app.demo.products import VRB
from app.demo.scenario import PATIENCE_S, ScenarioStep, Scene, StoryError, play

__all__ = ["BEGINS", "tell_month"]
OPENING = """Jalon, un mois du comité, sans personne au clavier.

GitHub local : {github}/{repository}/issues
Jalon        : {jalon}

L’horloge de ce récit est la sienne : un mois y passe en quelques minutes. Les produits existent ; ce que le comité
en dit ici est inventé pour la démonstration."""


def tell_month(
    stage: MonthStage, say: Callable[[str], None], steps: Sequence[ScenarioStep] = STEPS, patience: float = PATIENCE_S
) -> int:
    """0 when every step held; 1, after a sentence naming the step, when one did not."""
    world, started = stage.hub.world, time.monotonic()
    say(OPENING.format(github=stage.hub.url, repository=world.repository, jalon=stage.url))
    hub, other = (Hub(stage.hub.url, name) for name in stage.repositories)
    try:
        stage.start_app()
        play(steps, Scene(hub, stage, say, patience=patience, homes={VRB.name: other}))
    except StoryError as error:
        say(f"\nÉchec : {error}")
        return 1
    finally:
        hub.close()
        other.close()
        stage.stop_app()
    say(f"\nLes {len(steps)} étapes de ce mois ont tenu, en {time.monotonic() - started:.0f} secondes.")
    return 0
