"""A volley is kept whole or not at all, and what the database says against it is said as SQLAlchemy does."""

from __future__ import annotations

import zlib

import pytest
import sqlalchemy as sa

from app.engine import open_database
from app.store.new_deliveries import keep_new
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
    assert keep_new(database, [row("a", b"1"), row("b", b"2"), row("a", b"3")]) == {"a", "b"}
    assert keep_new(database, [row("b", b"4"), row("c", b"")]) == {"c"}
    assert kept(database) == [("a", b"1"), ("b", b"2"), ("c", b"")]


def test_what_is_kept_is_zlib_that_anybody_reads(database):
    body = b'{"login": "cheffe-produit"}' * 400
    keep_new(database, [row("a", body)])
    with database.connect() as connection:
        raw = bytes(connection.execute(sa.text("SELECT payload FROM jalon_inbox")).scalar_one())
    assert (zlib.decompress(raw), raw[:1], len(raw) * 6 < len(body)) == (body, b"x", True)


@pytest.mark.parametrize("wrong", [None, {"not": "a number"}])
def test_a_row_that_the_database_refuses_keeps_all_of_them_out(database, wrong):
    with pytest.raises(sa.exc.SQLAlchemyError) as caught:
        keep_new(database, [row("a", b"secret"), row("b") | {"received": wrong}])
    assert "secret" not in str(caught.value)
    assert kept(database) == []
    assert keep_new(database, [row("a")]) == {"a"}


def test_a_refusal_has_the_kind_that_tells_whose_fault_it_is(database):
    with pytest.raises(sa.exc.IntegrityError):
        keep_new(database, [row("a") | {"received": None}])
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE jalon_inbox RENAME TO elsewhere"))
    with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)):
        keep_new(database, [row("a")])


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_given_up(postgres):
    database = open_database(postgres.new_database())
    keep_new(database, [row("a")])
    ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
    database.pool.dispose()
    with database.connect() as connection, pytest.raises(sa.exc.OperationalError):
        connection.execute(ended)
    assert keep_new(database, [row("b")]) == {"b"}
    assert [delivery for delivery, _ in kept(database)] == ["a", "b"]
    database.dispose()


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_told_as_such(postgres):
    url = sa.make_url(postgres.new_database())
    database = open_database(url.render_as_string())
    keep_new(database, [row("a")])
    gone = sa.create_engine(url.set(drivername="postgresql+psycopg", port=1))
    with pytest.raises(sa.exc.OperationalError):
        keep_new(gone, [row("b")])
    database.dispose()
