"""The check of an installation lists the directions that the rules have no name for, and finds fault with none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.directions import Direction
from app.engine import open_database
from app.github.client import LaterError
from app.setup.directions_check import SHOWN, directions
from app.store.register import Register
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life

POLICY = a_policy()


@pytest.fixture
def register(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield Register(database)
    database.dispose()


def told(register, written, table=()):
    for number, name in enumerate(written, start=1):
        life = Life(POLICY, f"P{number}", number).filed("2026-11-02", direction=name)
        register.append(f"I_{number}", (REPOSITORY, number), 0, life.tracked.history, "test")
    found = list(directions(register, [REPOSITORY], lambda _: replace(POLICY, directions=table)))
    return [(one.state, one.found.replace("\u00a0", " ")) for one in found]


def test_without_any_direction_nothing_is_said(register):
    assert told(register, [""]) == []


def test_named_directions_are_fine(register):
    written = ["mtes", "MTES, bureau"]
    assert told(register, written, (Direction("mtes", "Écologie"),)) == [
        ("ok", "Aucun sigle sans nom parmi celles que les produits citent.")
    ]


def test_what_the_table_lacks_is_listed_in_the_order_of_a_dictionary(register):
    ((state, text),) = told(register, ["zoo", "Éducation", "anct", "mtes"], (Direction("mtes", "Écologie"),))
    assert state == "ok"
    assert text.startswith("3 directions citées n’ont pas de nom dans les règles : « anct », « Éducation », « zoo ».")


def test_a_long_list_is_cut_and_says_so(register):
    ((_, text),) = told(register, [f"d{number:02}" for number in range(SHOWN + 2)])
    assert "« d19 » et 2 autres." in text


def test_rules_that_cannot_be_read_are_told_elsewhere(register):
    def unread(_repository):
        raise LaterError("GitHub is away")

    assert told(register, ["anct"])
    assert list(directions(register, [REPOSITORY], unread)) == []
