"""A database made by an earlier version is brought up to date, and what waited in it is handled."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.domain.product.lawful import breach
from app.engine import Inbox, open_database
from app.store.register import Register
from app.store.schema import METADATA
from app.store.upgrades import LATEST, TooRecentError, upgrade

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bases(request, tmp_path):
    """The address of a database made by version 1, and that of an empty one."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        old = server.new_database()
        with psycopg.connect(old) as connection:
            connection.execute((FIXTURES / "version1-postgresql.sql").read_text(encoding="utf-8"))
        return old, server.new_database()
    path = tmp_path / "jalon.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((FIXTURES / "version1.sql").read_text(encoding="utf-8"))
    return f"sqlite:///{path}", f"sqlite:///{tmp_path}/new.db"


@pytest.fixture
def old(bases):
    return bases[0]


def shape(engine):
    found = sa.inspect(engine)
    return {
        name: (
            {column["name"]: str(column["type"]) for column in found.get_columns(name)},
            {index["name"] for index in found.get_indexes(name)},
        )
        for name in METADATA.tables
    }


def test_an_older_database_becomes_as_a_new_one(bases):
    upgraded, new = map(open_database, bases)
    assert shape(upgraded) == shape(new)
    assert upgrade(upgraded) == LATEST
    upgraded.dispose()
    new.dispose()


def test_what_it_held_is_kept(old):
    engine = open_database(old)
    inbox = Inbox(engine)
    assert [name for name, _ in inbox.unfinished()] == ["3f2b8e9e-0000-4000-8000-000000000001"]
    assert inbox.counts() == {"waiting": 1, "done": 1, "parked": 0}
    assert [type(fact).__name__ for fact in Register(engine).history("I_kwDOold1")] == ["ProductFiled", "PhaseEntered"]
    assert Register(engine).verify() == []
    engine.dispose()


def test_what_was_delivered_is_kept_in_less_room_and_read_as_it_came(bases):
    """That of the former version, which kept it as it came, beside one of today."""
    engine = open_database(bases[0])
    inbox, payload = Inbox(engine), b'{"url": "https://github.com/dnum/produits"}' * 20
    before = kept(engine)
    assert inbox.store("d1", "push", "I_kwDOold1", payload)
    assert [len(one) < 100 for one in kept(engine) if one not in before] == [True]
    assert inbox.read("d1").payload == payload
    assert inbox.lately("I_kwDOold1", "push", 99, 60) == [payload]
    assert inbox.read("3f2b8e9e-0000-4000-8000-000000000001").payload == before[0]
    engine.dispose()


def kept(engine):
    query = sa.text("SELECT payload FROM jalon_inbox WHERE length(payload) > 0 ORDER BY id")
    with engine.connect() as connection:
        return [bytes(one) for one in connection.execute(query).scalars()]


def test_one_that_a_hand_spoilt_keeps_no_other_from_being_read(bases):
    engine = open_database(bases[1])
    inbox = Inbox(engine)
    for name in ("d1", "d2"):
        inbox.store(name, "push", "I_1", b'{"ref": "refs/heads/main"}')
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE jalon_inbox SET payload = :spoilt WHERE delivery = 'd1'"), {"spoilt": b"x\x01rien"}
        )
    assert inbox.lately("I_1", "push", 99, 60) == [b"x\x01rien", b'{"ref": "refs/heads/main"}']
    engine.dispose()


def test_a_later_version_is_refused(bases):
    _, url = bases
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE jalon_schema SET version = {LATEST + 1}"))
    engine.dispose()
    with pytest.raises(TooRecentError):
        open_database(url)


@pytest.fixture
def version6(tmp_path):
    """A register of version 6: a product decided, another at its gate; chained without the place of each fact."""
    path = tmp_path / "six.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((FIXTURES / "version6.sql").read_text(encoding="utf-8"))
    return path


def test_a_former_register_is_sealed_anew_with_the_place_of_each_fact(version6, caplog):
    engine = open_database(f"sqlite:///{version6}")
    register = Register(engine)
    assert register.verify() == []
    assert "register sealed anew: 46 facts of 2 products" in caplog.text
    assert "broken" not in caplog.text
    histories = [register.history(product) for product, _ in (*register.numbered(1), *register.numbered(2))]
    assert [len(history) for history in histories] == [28, 18]
    assert [breach(history) for history in histories] == [0, 0]
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE jalon_facts SET number = 9 WHERE number = 1 AND seq = 5"))
    assert [(flaw.number, flaw.seq) for flaw in register.verify()] == [(9, 5)]
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE jalon_facts SET fact = replace(fact, 'cheffe', 'autre') WHERE number = 1 AND seq = 7", [(1, 7)]),
        ("DELETE FROM jalon_facts WHERE number = 2 AND seq = 3", [(2, 3)]),
        ("UPDATE jalon_facts SET digest = 'x' WHERE number = 1 AND seq = 4", [(1, 4), (1, 5)]),
    ],
    ids=["altered", "missing", "digest"],
)
def test_a_link_that_was_broken_stays_broken(version6, caplog, statement, broken):
    """The upgrade vouches for nothing: what did not hold before does not hold after, and the journal says so."""
    with contextlib.closing(sqlite3.connect(version6)) as connection:
        connection.execute(statement)
        connection.commit()
    engine = open_database(f"sqlite:///{version6}")
    assert [(flaw.number, flaw.seq) for flaw in Register(engine).verify()] == broken
    assert "links were broken before and stay so" in caplog.text
    engine.dispose()
