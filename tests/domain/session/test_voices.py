"""Who speaks for a seat while somebody is away, and whom to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy.model import Seat
from app.domain.product import gates
from app.domain.product.accounts import Account
from app.domain.product.surroundings import Alone
from app.domain.session import voices
from app.domain.session.model import Absence
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, filed, played, says

SEAT = Seat("technologie", "Technologie", "techno", ("techno-suppleance",))
TODAY = T0.date()
AWAY = Absence("technologie", "techno", TODAY + timedelta(3), TODAY + timedelta(9), "Transfo")
POLICY = a_small_policy()


class Known(Alone):
    def __init__(self, *absences: Absence) -> None:
        self.absences = absences


@pytest.mark.parametrize(
    ("absence", "found"),
    [
        (AWAY, ("techno", "techno-suppleance", "Transfo")),
        (replace(AWAY, since=TODAY + timedelta(15), until=TODAY + timedelta(20)), ("techno", "techno-suppleance")),
        (replace(AWAY, is_agreed=False), ("techno", "techno-suppleance")),
        (replace(AWAY, seat="securite"), ("techno", "techno-suppleance")),
        (replace(AWAY, substitute="Techno-Suppleance"), ("techno", "techno-suppleance")),
        (replace(AWAY, substitute=""), ("techno", "techno-suppleance")),
    ],
)
def test_whoever_stands_in_during_the_gate_speaks_for_the_seat_too(absence, found):
    assert voices.speaking(SEAT, (absence,), TODAY, TODAY + timedelta(14)) == found


ABLE = ("techno", "techno-suppleance", "transfo")


@pytest.mark.parametrize(
    ("gone", "found"),
    [
        ((AWAY,), ("transfo",)),
        ((replace(AWAY, substitute=""),), ("techno-suppleance", "transfo")),
        ((replace(AWAY, is_agreed=False),), ("techno-suppleance", "transfo")),
        ((AWAY, replace(AWAY, login="transfo", substitute="")), ("techno-suppleance",)),
        ((), ABLE),
    ],
)
def test_who_is_away_is_not_asked(gone, found):
    assert voices.voices_to_ask(ABLE, gone) == found


def test_absences_are_looked_at_on_a_day():
    day = TODAY + timedelta(4)
    assert voices.away("technologie", (AWAY,), day) == (AWAY,)
    assert voices.away("technologie", (AWAY,), TODAY) == voices.away("securite", (AWAY,), day) == ()
    assert voices.seats_stood_in("transfo", (AWAY,), day) == ("technologie",)
    assert voices.seats_stood_in("transfo", (AWAY,), TODAY) == ()


def test_the_electorate_has_whoever_stands_in_and_freezes_them():
    product = says(played_until_request(), AUTHOR, "/demande").seen_as(around=Known(AWAY))
    found = gates.electorate(product, POLICY, Account(AUTHOR), T0, 14)
    assert found is not None
    assert found.seats[0].logins == ("techno", "techno-suppleance", "Transfo")
    alone = gates.electorate(product, POLICY, Account(AUTHOR), T0)
    assert alone is not None
    assert alone.seats[0].logins == ("techno", "techno-suppleance")


def played_until_request():
    return played(says(filed(POLICY), AUTHOR, "/coche 1 3"), POLICY)


def test_nobody_concerned_stands_in_for_a_seat_and_a_stranger_does_not_either():
    for login in (AUTHOR, "un-passant"):
        product = played_until_request().seen_as(around=Known(replace(AWAY, substitute=login)))
        found = gates.electorate(product, POLICY, Account("secretariat"), T0, 14)
        assert found is not None
        assert found.seats[0].logins == ("techno", "techno-suppleance")


def test_who_stands_in_since_the_opening_is_told_that_the_voters_are_those_of_the_opening():
    absence = replace(AWAY, seat="securite", login="secu", since=TODAY, substitute="transfo")
    product = at_gate(POLICY).seen_as(around=Known(absence))
    found = played(says(product, "transfo", "/go"), POLICY).history[-1]
    assert (found.reason, dict(found.details)["seat"]) == ("not_at_opening", "Sécurité")
