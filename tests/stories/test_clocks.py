"""GitHub's clock against ours: apart, nothing opens nor closes, nothing is lost, and the administrator is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.github.client import LaterError
from tests.stage import SEATS

DAYS = timedelta(days=60)


def told(stage):
    """How far from ours GitHub's clock is, as the administrator is told; None when nothing is amiss."""
    found = [one.detail for one in stage.troubles.told() if one.kind == "clock"]
    return timedelta(seconds=int(found[0].split()[1])) if found else None


def test_a_clock_sixty_days_ahead_decides_nothing(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    for login, text in {
        "techno": "/go",
        "archi": "/go",
        "secu": "/nogo non",
        "data": "/nogo non",
        "design": "/go",
    }.items():
        stage.says(login, number, text)
    before, github = stage.said(number), stage.world.clock
    stage.now += DAYS
    stage.world.clock = lambda: github() - DAYS
    stage.world.comment("visiteur", number, "Bonjour")
    with pytest.raises(LaterError, match="five minutes apart"):
        stage.settle()
    assert abs(told(stage) + DAYS) < timedelta(minutes=1)
    assert stage.said(number) == before
    assert "phase: idée" in stage.labels(number)
    stage.now -= DAYS
    stage.world.clock = github
    stage.says("visiteur", number, "Bonsoir")
    assert told(stage) is None
    assert "phase: idée" in stage.labels(number), "the deadline is still to come"
    stage.says("communs", number, "/go")
    stage.says("ops-produit", number, "/go")
    stage.says("cloud-ops", number, "/go")
    stage.says("transfo", number, "/go")
    assert "phase: poc" in stage.labels(number)


def test_what_is_asked_meanwhile_is_done_afterwards_in_its_order(stage):
    number = stage.filed(ready=True)
    github = stage.world.clock
    stage.world.clock = lambda: github() + timedelta(hours=1)
    for login, text in (("cheffe-produit", "/demande"), *((seat, "/go") for seat in SEATS)):
        stage.world.comment(login, number, text)
    before = stage.said(number)
    with pytest.raises(LaterError):
        stage.settle()
    assert stage.said(number) != []
    assert not any("Passage 1" in text for text in stage.said(number)), before
    stage.world.clock = github
    stage.says("visiteur", number, "Bonjour")
    assert "phase: poc" in stage.labels(number)


def test_a_card_moved_meanwhile_stays_until_it_can_be_heard(stage):
    number = stage.filed(ready=True)
    github = stage.world.clock
    stage.world.clock = lambda: github() + timedelta(hours=1)
    with pytest.raises(LaterError):
        stage.drag("cheffe-produit", number, "POC")
    assert stage.column(number) == "POC"


def test_github_s_hour_is_that_of_its_last_answer(stage):
    assert stage.client.hour() is None or isinstance(stage.client.hour(), datetime)
    stage.world.clock = lambda: datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    stage.client.repositories()
    assert abs(stage.client.hour() - datetime(2031, 5, 6, 7, 8, tzinfo=UTC)) < timedelta(seconds=30)
    stage.client._hear({"date": "yesterday"})
    stage.client._hear({})
    assert stage.client.hour().year == 2031
