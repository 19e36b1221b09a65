"""The register proves itself: whatever is done to it by hand shows, but for what a chain cannot show."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.demo.seed import seed
from app.engine import open_database
from app.store.chain import chained_digest
from app.store.presents import Presents
from app.store.register import FACTS, BrokenChainError, ConflictError, Flaw, Register, Seal
from local_github.server import Sandbox
from tests.builders import a_small_policy, at_gate, voting

PRODUCT, WHERE = "I_1", ("dnum/produits", 1)
HISTORY = voting(at_gate(a_small_policy()), a_small_policy(), {"techno": "/go", "secu": "/go", "design": "/go"}).history
LAST = len(HISTORY)


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    Register(engine).append(PRODUCT, WHERE, 0, HISTORY, "d1")
    Register(engine).append("I_2", ("dnum/produits", 2), 0, HISTORY[:2], "d2")
    yield engine
    engine.dispose()


def altered(database, seq, **values):
    with database.begin() as connection:
        place = sa.and_(FACTS.c.product == PRODUCT, FACTS.c.seq == seq)
        assert connection.execute(sa.update(FACTS).where(place).values(**values)).rowcount == 1


def removed(database, *seqs):
    with database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.product == PRODUCT, FACTS.c.seq.in_(seqs)))


def row(database, seq):
    with database.connect() as connection:
        return connection.execute(sa.select(FACTS).where(FACTS.c.product == PRODUCT, FACTS.c.seq == seq)).one()


def flaws(database):
    return [(flaw.number, flaw.seq) for flaw in Register(database).verify()]


def test_a_register_left_alone_is_whole(database):
    assert Register(database).verify() == []


@pytest.mark.parametrize("seq", [1, 4, LAST])
def test_a_word_changed_shows_where_it_was_changed(database, seq):
    fact = json.loads(row(database, seq).fact) | {"by": "quelquun-d-autre"}
    altered(database, seq, fact=json.dumps(fact, ensure_ascii=False, sort_keys=True))
    assert flaws(database) == [(1, seq)]


@pytest.mark.parametrize("seq", [1, 4])
def test_a_fact_removed_shows(database, seq):
    removed(database, seq)
    assert flaws(database) == [(1, seq)]


def test_facts_put_in_another_order_show(database):
    one, other = row(database, 3), row(database, 4)
    altered(database, 3, fact=other.fact, digest=other.digest)
    altered(database, 4, fact=one.fact, digest=one.digest)
    assert flaws(database)[0] == (1, 3)


def test_a_digest_made_up_shows(database):
    altered(database, LAST, digest="0" * 64)
    assert flaws(database) == [(1, LAST)]


def test_a_fact_and_its_digest_rewritten_together_show_at_the_next_link(database):
    fact = json.loads(row(database, 4).fact) | {"by": "quelquun-d-autre"}
    altered(database, 4, fact=json.dumps(fact, ensure_ascii=False, sort_keys=True))
    altered(database, 4, digest=chained_digest(row(database, 3).digest, row(database, 4)))
    assert flaws(database) == [(1, 5)]


@pytest.mark.parametrize("column", [{"repository": "dnum/autres"}, {"number": 7}, {"cause": "comment:1:go"}])
def test_the_place_of_a_fact_is_part_of_its_digest(database, column):
    altered(database, 4, **column)
    assert [seq for _, seq in flaws(database)] == [4]


def test_two_histories_exchanged_show(database):
    """e7: each fact is whole and in order, under another product."""
    Register(database).append("I_3", ("dnum/produits", 3), 0, HISTORY, "d3")
    with database.begin() as connection:
        for before, after in ((PRODUCT, "x"), ("I_3", PRODUCT), ("x", "I_3")):
            place = FACTS.c.product == before
            connection.execute(sa.update(FACTS).where(place).values(product=after))
    assert len(flaws(database)) == 2 * LAST


def test_a_turn_is_not_given_a_history_whose_chain_is_broken(database):
    """e1 and e5: the row altered is not published; what can be read of it is shown to an administrator alone."""
    register = Register(database)
    assert register.history(PRODUCT) == HISTORY
    altered(database, 3, fact="{")
    with pytest.raises(BrokenChainError) as error:
        register.history(PRODUCT)
    assert error.value.seq == 3
    assert register.readable(PRODUCT) == (*HISTORY[:2], *HISTORY[3:])
    assert register.history("I_2") == HISTORY[:2]
    assert [entry.number for entry in register.entries()].count(2) == 2
    assert set(register.last_of("dnum/produits")) == {PRODUCT, "I_2"}


def test_who_asks_often_is_given_the_last_look(database, caplog):
    now = [0.0]
    seal = Seal(Register(database), kept_s=60, clock=lambda: now[0])
    assert seal.flaws() == ()
    removed(database, 2)
    assert seal.flaws() == ()
    now[0] = 60
    assert seal.flaws() == (Flaw("dnum/produits", 1, 2),)
    now[0] = 120
    assert seal.flaws() == (Flaw("dnum/produits", 1, 2),)
    assert caplog.text.count("dnum/produits#1: fact 2 is missing or was altered") == 1


def test_a_register_that_is_long_to_read_is_looked_at_less_often(database):
    now = [0.0]

    class Long(Register):
        def verify(self):
            now[0] += 10
            return super().verify()

    seal = Seal(Long(database), clock=lambda: now[0])
    assert seal.is_due
    assert seal.flaws() == ()
    now[0] = 209
    assert not seal.is_due
    now[0] = 210
    assert seal.is_due


def test_a_fact_that_is_no_longer_json_shows_and_harms_nobody_else(database):
    altered(database, 2, fact="{")
    assert flaws(database) == [(1, 2)]


def test_facts_of_one_product_given_to_another_show(database):
    with database.begin() as connection:
        connection.execute(
            sa.update(FACTS).where(FACTS.c.product == PRODUCT, FACTS.c.seq == LAST).values(product="I_2")
        )
    assert Register(database).verify() == [Flaw("dnum/produits", 1, 3)]


@pytest.mark.parametrize("values", [{"seq": "x"}, {"seq": b"x"}, {"cause": b"\xff"}, {"number": b"1"}, {"fact": b"{}"}])
def test_what_no_column_of_ours_holds_is_a_broken_link_and_stops_nobody(database, values):
    """SQLite takes words where numbers go: looking at the register must tell so, not fail on it."""
    with database.begin() as connection:
        place = sa.and_(FACTS.c.product == PRODUCT, FACTS.c.seq == 2)
        connection.execute(sa.update(FACTS).where(place).values(**values))
    assert flaws(database)
    with pytest.raises(BrokenChainError):
        Register(database).history(PRODUCT)
    assert "I_2" in Presents(Register(database)).tips()


def test_what_is_missing_at_the_end_is_what_a_chain_cannot_show(database):
    """Stated so that nobody relies on it: GitHub's own copy of the history is the witness of the end."""
    removed(database, LAST)
    assert flaws(database) == []


def test_two_turns_cannot_write_the_same_place(database):
    register = Register(database)
    with pytest.raises(ConflictError):
        register.append(PRODUCT, WHERE, LAST - 1, HISTORY[-1:], "d3")
    with pytest.raises(ConflictError):
        register.append(PRODUCT, WHERE, LAST - 2, HISTORY[-2:], "d3")
    assert len(register.history(PRODUCT)) == LAST
    assert register.verify() == []


def test_the_command_names_what_is_wrong_and_fails(database, monkeypatch):
    hub = Sandbox(seed())
    hub.start()
    settings = hub.environment() | {"JALON_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    whole = CliRunner().invoke(main, ["register", "verify"])
    assert (whole.exit_code, whole.output) == (0, "Le registre est entier.\n")
    removed(database, 2)
    broken = CliRunner().invoke(main, ["register", "verify"])
    hub.stop()
    assert broken.exit_code == 1
    assert broken.output.startswith("dnum/produits#1 : le fait n° 2 manque ou a été modifié.\n")
