"""A volley is kept whole or not at all, and what the database says against it is said as SQLAlchemy does."""

from __future__ import annotations

import zlib

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.new_deliveries import NewDeliveries
from app.store.schema import INBOX


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/jalon.db"
    else:
        url = request.getfixturevalue("postgres").new_database()
    engine = open_database(url)
    yield engine
    engine.dispose()


def row(delivery, payload=b"{}"):
    return {"delivery": delivery, "event": "push", "product": "P", "payload": payload, "received": 1.0, "queued": 0}


def kept(database):
    with database.connect() as connection:
        found = connection.execute(sa.select(INBOX.c.delivery, INBOX.c.payload).order_by(INBOX.c.id)).all()
    return [(delivery, bytes(payload)) for delivery, payload in found]


def test_those_known_are_told_apart_and_each_is_kept_once(database):
    assert NewDeliveries(database).keep([row("a", b"1"), row("b", b"2"), row("a", b"3")]) == {"a", "b"}
    assert NewDeliveries(database).keep([row("b", b"4"), row("c", b"")]) == {"c"}
    assert kept(database) == [("a", b"1"), ("b", b"2"), ("c", b"")]


def test_what_is_kept_is_zlib_that_anybody_reads(database):
    body = b'{"login": "cheffe-produit"}' * 400
    NewDeliveries(database).keep([row("a", body)])
    with database.connect() as connection:
        raw = bytes(connection.execute(sa.text("SELECT payload FROM jalon_inbox")).scalar_one())
    assert (zlib.decompress(raw), raw[:1], len(raw) * 6 < len(body)) == (body, b"x", True)


@pytest.mark.parametrize("wrong", [None, {"not": "a number"}])
def test_a_row_that_the_database_refuses_keeps_all_of_them_out(database, wrong):
    with pytest.raises(sa.exc.SQLAlchemyError) as caught:
        NewDeliveries(database).keep([row("a", b"secret"), row("b") | {"received": wrong}])
    assert "secret" not in str(caught.value)
    assert kept(database) == []
    assert NewDeliveries(database).keep([row("a")]) == {"a"}


def test_a_refusal_has_the_kind_that_tells_whose_fault_it_is(database):
    with pytest.raises(sa.exc.IntegrityError):
        NewDeliveries(database).keep([row("a") | {"received": None}])
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE jalon_inbox RENAME TO elsewhere"))
    with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)):
        NewDeliveries(database).keep([row("a")])


@pytest.fixture
def backlog(postgres):
    """An empty base of PostgreSQL, with what keeps volleys there and has kept one."""
    database = open_database(postgres.new_database())
    volleys = NewDeliveries(database)
    volleys.keep([row("a")])
    yield database, volleys
    database.dispose()


def end_all(database):
    """The server ends every session but the one that asks for it, and tells how many."""
    ended = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with database.connect() as connection:
        return connection.execute(sa.text(ended)).scalar_one()


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_replaced_and_the_volley_sent_again(backlog):
    database, volleys = backlog
    for delivery in ("b", "c"):
        assert end_all(database) == 1
        assert volleys.keep([row(delivery)]) == {delivery}
    assert [delivery for delivery, _ in kept(database)] == ["a", "b", "c"]


@pytest.mark.postgres
def test_a_refusal_leaves_the_connection_to_the_next_volley(backlog):
    database, volleys = backlog
    with pytest.raises(sa.exc.IntegrityError):
        volleys.keep([row("b") | {"received": None}])
    assert volleys.keep([row("c")]) == {"c"}
    assert end_all(database) == 1


@pytest.mark.postgres
def test_it_is_closed_with_the_base(backlog):
    database, volleys = backlog
    database.dispose()
    assert end_all(database) == 0
    assert volleys.keep([row("b")]) == {"b"}


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_told_as_such(backlog):
    gone = sa.create_engine(backlog[0].url.set(port=1))
    with pytest.raises(sa.exc.OperationalError):
        NewDeliveries(gone).keep([row("b")])
