"""The policy file broken and mended while Jalon is dead, which no event tells: found when it starts; over HTTP."""

from __future__ import annotations

import time

import pytest

from app.github.policies import PATH
from tests.stage import form_body

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

BROKEN = "version: 1\nversion: 1\n"


@pytest.fixture
def stage(own_process):
    return own_process


def messages(world):
    """Everything Jalon told of the file: with its own permissions, in issues."""
    return [issue.body for issue in world.issues.values() if "règles à corriger" in issue.labels]


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_mistake_made_while_jalon_was_dead_is_told_once_when_it_lives_again(stage):
    world = stage.hub.world
    world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"])
    stage.settle()
    good = world.files[PATH]
    stage.kill_app()
    world.write_file("secretariat", PATH, BROKEN)
    stage.start_app()
    until(lambda: messages(world))
    stage.settle()
    assert len(messages(world)) == 1
    assert "colonne 1 : la clé « version » est écrite deux fois" in messages(world)[0]
    assert "la dernière valable, reste en vigueur" in messages(world)[0]

    stage.kill_app()
    world.write_file("secretariat", PATH, good)
    stage.start_app()
    until(lambda: "de nouveau valable" in messages(world)[-1])
    stage.settle()
    assert len(messages(world)) == 1
