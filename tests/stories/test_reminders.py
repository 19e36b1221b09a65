"""Reminders on a local GitHub: one comment for one person, that nothing rewrites and no turn answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.report.reminders import is_time
from app.engine.reminders import BEGAN, Reminders
from app.github.policies import Policies
from app.store.key_values import KeyValues
from app.store.reminder_log import ReminderLog


@pytest.fixture
def worker(stage):
    database = stage.database
    KeyValues(database).set(f"{BEGAN}{stage.world.repository}", stage.today.isoformat())
    return Reminders(
        stage.client,
        Policies(stage.client),
        stage.register,
        KeyValues(database),
        ReminderLog(database),
        lambda: stage.now,
        stage.hub.url,
    )


def at_a_civil_hour(stage, days):
    """Some days later, on the first occasion when people may be disturbed."""
    policy = Policies(stage.client).of(stage.world.repository)
    stage.now += timedelta(days=days)
    while not is_time(policy, stage.now):
        stage.now += timedelta(minutes=30)


def near_the_deadline(stage, number):
    """On the first such occasion from the day on which ballots are recalled."""
    product, policy = stage.product_turn.look(stage.world.repository, number)
    gate = product.standing.open_gate
    early = timedelta(days=policy.follow_up.reminders.days_before + 1)  # the deadline ends its own day
    at_a_civil_hour(stage, (gate.deadline - early - stage.now) / timedelta(days=1))


def mentions(stage, number):
    return [
        re.findall(r"@([\w-]+)", text.partition("<!--")[0])
        for text in stage.said(number)
        if "rappel sur ce produit" in text
    ]


def test_the_seats_that_are_silent_are_called_once_each(stage, worker):
    first, second = stage.filed(ready=True), stage.filed(title="SISAC", ready=True)
    for number in (first, second):
        stage.says("cheffe-produit", number, "/demande")
    stage.decided(first, seats=("techno",))
    near_the_deadline(stage, second)
    seats = ["archi", "cloud-fabrique", "cloud-ops", "communs", "data", "design", "ops-produit", "secu", "transfo"]
    assert worker.run() == 10
    assert sorted(mentions(stage, first)) == [[who] for who in seats]
    assert mentions(stage, second) == [["techno"]], "techno has spoken on the other one"
    held = [text for text in stage.said(first) if "rappel sur ce produit" in text]
    assert all("SISAC](" in text for text in held)
    stage.says("visiteur", first, "Bonjour")
    for _ in range(3):
        stage.now += timedelta(hours=1)
        assert worker.run() == 0
    assert stage.nothing_left_to_do(first)
    assert [text for text in stage.said(first) if "rappel sur ce produit" in text] == held
    at_a_civil_hour(stage, 7)
    assert worker.run() == 1, "no ballot counts any more: the gates are the secretariat's to close"
    assert mentions(stage, first)[-1] == ["secretariat"]


@pytest.mark.slow
def test_a_database_lost_and_rebuilt_calls_nobody_again_that_week(stage, worker, tmp_path):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    near_the_deadline(stage, number)
    assert worker.run() == 10
    kept = ReminderLog(stage.database)
    before = {one.sent.person for one in kept.on(stage.world.repository, number)}
    with kept._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM jalon_reminders")
        connection.exec_driver_sql("DELETE FROM jalon_notes")
    stage.rests()
    stage.product_turn.rebuild(stage.world.repository, number, kept.take_back)
    assert {one.sent.person for one in kept.on(stage.world.repository, number)} == before
    assert worker.run() == 0
