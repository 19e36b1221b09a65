"""Adversaries who hold the server's clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.github.client import LaterError
from tests.integrity.scene import Scene, Seen, adversary

MONTH, YEAR = timedelta(days=31), timedelta(days=400)
TROUBLE = "`/readyz`, pour l’administrateur"


def _out_by(play: Scene, away: timedelta) -> Seen:
    github = play.world.clock
    play.stage.now += away
    play.world.clock = lambda: github() - away
    with pytest.raises(LaterError):
        play.says("transfo", "/go")
    assert play.phase == "phase: idée"
    return {TROUBLE: "\n".join(f"{one.kind}: {one.detail}" for one in play.stage.troubles.told())}


@adversary("l1")
def puts_the_clock_a_month_ahead(play: Scene) -> Seen:
    play.at_gate("techno", "archi", "communs", "design", "secu")
    return _out_by(play, MONTH)


@adversary("l2")
def puts_the_clock_a_year_behind(play: Scene) -> Seen:
    play.at_gate("techno", "archi", "communs", "design", "data", "secu")
    return _out_by(play, -YEAR)
