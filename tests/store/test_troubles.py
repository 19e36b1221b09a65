"""What keeps the App from its work: noted once, told as long as it lasts, and never a failure of its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.schema import TROUBLES
from app.store.troubles import AGAIN_S, FORGOTTEN_S, KINDS, Trouble, Troubles


@pytest.fixture
def clock():
    return [1_000_000.0]


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield engine
    engine.dispose()


@pytest.fixture
def troubles(database, clock):
    return Troubles(database, lambda: clock[0])


def test_a_trouble_is_told_since_it_began_with_the_last_that_was_said_of_it(troubles, clock):
    began = clock[0]
    troubles.note("suspended", "dnum", "first words")
    clock[0] += AGAIN_S * 2
    troubles.note("suspended", "dnum", "other words")
    assert troubles.told() == (Trouble("suspended", "dnum", "other words", began),)
    troubles.clear("suspended", "dnum")
    assert troubles.told() == ()


def test_each_subject_is_its_own(troubles):
    troubles.note("board", "dnum/a")
    troubles.note("board", "dnum/b")
    troubles.note("team", "dnum/b")
    troubles.clear("board", "dnum/b")
    assert {(one.kind, one.subject) for one in troubles.told()} == {("board", "dnum/a"), ("team", "dnum/b")}
    troubles.keep("board", {"dnum/c": "gone"})
    assert {(one.kind, one.subject) for one in troubles.told()} == {("board", "dnum/c"), ("team", "dnum/b")}


def test_what_goes_on_for_ever_writes_once_a_minute_and_what_goes_well_nothing(database, troubles, clock):
    written = []
    sa.event.listen(database, "before_cursor_execute", lambda *call: written.append(call[2].split()[0]))
    for _ in range(20):
        troubles.clear("credentials")
        troubles.note("webhook", "", "same words")
        clock[0] += AGAIN_S / 20
    assert [word for word in written if word != "SELECT"] == ["INSERT"]
    clock[0] += AGAIN_S
    troubles.note("webhook", "", "same words")
    assert [word for word in written if word != "SELECT"] == ["INSERT", "INSERT"]


def test_what_nobody_meets_any_more_is_forgotten(troubles, clock):
    troubles.note("permission", "dnum/gone")
    clock[0] += FORGOTTEN_S + 1
    assert troubles.told() == ()


def test_noting_never_raises_and_a_kind_of_a_later_version_is_not_told(database, troubles):
    with database.begin() as connection:
        connection.execute(
            sa.insert(TROUBLES).values(kind="from later", subject="", since=1, seen=1_000_000, detail="")
        )
    assert troubles.told() == ()
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE jalon_troubles")
    troubles.note("disk")
    troubles.clear("disk")
    troubles.keep("disk", {})


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_told_in_both_languages(kind):
    trouble = Trouble(kind, "dnum/produits")
    for sentence in (trouble.french, trouble.english):
        assert len(sentence) > 40
        assert "{" not in sentence
        assert ("{subject}" in KINDS[kind].french) == ("{subject}" in KINDS[kind].english)
