"""What is kept of people who are signed in: by name, for a while, sealed under a key that the database has not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.schema import SEALED
from app.store.sealed import SealedValues

NOW = 1_000_000.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/jalon.db"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def database(url):
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sealed(database):
    return SealedValues(database, "secret")


def test_what_is_kept_is_read_until_its_time_is_over(sealed):
    sealed.keep("token", "a", "un", NOW + 10)
    sealed.keep("token", "a", "é\n" * 20_000, NOW + 20)
    assert sealed.read("token", "a", NOW + 19) == "é\n" * 20_000
    assert sealed.read("token", "a", NOW + 20) is None
    assert sealed.read("draft", "a", NOW) is None, "a kind apart"
    assert sealed.read("token", "b", NOW) is None
    sealed.forget("token", "a")
    assert sealed.read("token", "a", NOW) is None


def test_of_two_that_claim_one_has_it(sealed):
    assert sealed.claim("act", "x", "", NOW + 10)
    assert not sealed.claim("act", "x", "other", NOW + 10)
    assert sealed.read("act", "x", NOW) == ""


def test_several_processes_share_it_and_another_secret_opens_nothing(database, sealed):
    sealed.keep("token", "a", "ghu_1", NOW + 10)
    assert SealedValues(database, "secret").read("token", "a", NOW) == "ghu_1"
    assert SealedValues(database, "autre").read("token", "a", NOW) is None


def test_a_row_moved_or_spoilt_by_hand_is_not_read(database, sealed):
    sealed.keep("token", "victime", "ghu_1", NOW + 10)
    sealed.keep("token", "voleur", "ghu_2", NOW + 10)
    with database.begin() as connection:
        rows = connection.execute(sa.select(SEALED)).all()
        values = {row.name: row.sealed for row in rows}
        names = list(values)
        for name, other in zip(names, reversed(names), strict=True):
            connection.execute(sa.update(SEALED).where(SEALED.c.name == name).values(sealed=values[other]))
    assert sealed.read("token", "victime", NOW) is None
    assert sealed.read("token", "voleur", NOW) is None
    with database.begin() as connection:
        connection.execute(sa.update(SEALED).values(sealed=b"court"))
    assert sealed.read("token", "victime", NOW) is None


def test_what_is_over_is_taken_away(database, sealed):
    sealed.keep("token", "a", "un", NOW)
    sealed.keep("token", "b", "deux", NOW + 1)
    sealed.forget_old(NOW)
    with database.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(SEALED)).scalar() == 1


def test_all_that_is_kept_for_an_account_goes_together(sealed):
    for name, owner in (("a", "7"), ("b", "7"), ("c", "8")):
        sealed.keep("token", name, name, NOW + 10, owner)
    sealed.keep("draft", "a", "mots", NOW + 10)
    assert sealed.read("token", "a", NOW) is None, "nor is it found without its owner"
    sealed.forget_owner("token", "7")
    assert [sealed.read("token", name, NOW, owner) for name, owner in (("a", "7"), ("b", "7"), ("c", "8"))] == [
        None,
        None,
        "c",
    ]
    assert sealed.read("draft", "a", NOW) == "mots"


def test_what_is_kept_lasts_longer_and_what_is_forgotten_does_not_come_back(sealed):
    sealed.keep("token", "a", "un", NOW + 10, "7")
    sealed.lengthen("token", "a", NOW + 5, "7")
    assert sealed.read("token", "a", NOW + 9, "7") == "un", "never for less"
    sealed.lengthen("token", "a", NOW + 20, "7")
    assert sealed.read("token", "a", NOW + 19, "7") == "un"
    sealed.forget("token", "a", "7")
    sealed.lengthen("token", "a", NOW + 20, "7")
    assert sealed.read("token", "a", NOW, "7") is None


def test_what_somebody_owned_is_told_once_when_its_time_is_over(database, sealed):
    for rank in range(3):
        sealed.keep("token", str(rank), f"ghu_{rank}", NOW + rank, "7")
    sealed.keep("draft", "a", "mots", NOW)
    SealedValues(database, "autre").keep("token", "x", "illisible", NOW, "7")
    assert sealed.forget_old(NOW - 1, 5) == ()
    assert sealed.forget_old(NOW + 1, 2) == ("ghu_0",), "one of another key is only forgotten"
    assert sealed.forget_old(NOW + 1, 2) == ("ghu_1",)
    assert sealed.forget_old(NOW + 1, 2) == ()
    assert sealed.read("token", "2", NOW + 1, "7") == "ghu_2"
