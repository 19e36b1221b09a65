"""The presents kept beside the register are those its facts lead to, whatever becomes of their rows."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.model import Item
from app.domain.product.facts import BallotVoided, ItemAnswered
from app.domain.report.portfolio import Tracked, rows
from app.domain.report.present import present
from app.domain.report.search_words import search_words
from app.engine import open_database
from app.reports.portfolio_cache import FRESH_S, PortfolioCache
from app.reports.sources import from_register
from app.shipped_files import default_policy
from app.store import present_rows, register
from app.store.presents import Presents
from app.store.register import ConflictError, Register
from app.store.schema import FACTS, PRESENTS
from tests.builders import a_small_policy
from tests.domain.report.test_present import NOW, lives
from tests.lives import REPOSITORY, Life

POLICY = a_small_policy()
FORMER = Path(__file__).parents[1] / "engine" / "fixtures" / "version6.sql"
SPOILT = st.sampled_from(
    [
        {"value": ""},
        {"value": "[]"},
        {"seal": "0" * 64},
        {"mark": "another version"},
        {"digest": "0" * 64},
        {"seq": 1},
        {"seq": 99},
        {"number": 7},
        {"repository": "dnum/autre"},
        {"value": b"\xff"},
        {"seq": "deux"},
        None,
    ]
)
"""What a hand, a disk or a former version makes of a row; None takes it away."""


def a_life(number=1):
    life = Life(POLICY, f"Produit {number}", number).filed("2026-11-02").asked("2026-11-10", "mvp")
    return life.vote("2026-11-11", "design").decided("2026-11-12", "go", [("Relire", "")])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path}/jalon.db"
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def filled(database):
    for number in (1, 2):
        recorded(Register(database), a_life(number))
    return Register(database)


def recorded(book, life, known=0):
    facts = tuple(life.facts)[known:]
    book.append(f"I_{life.number}", (REPOSITORY, life.number), known, facts, "d")


def from_facts(book):
    """Every product as the history itself tells it."""
    found = {}
    for entry in book.entries():
        found.setdefault((entry.product, entry.repository, entry.number), []).append(entry.fact)
    for (_, repository, number), facts in found.items():
        told = present(tuple(facts))
        yield Tracked(repository, number, told.title, tuple(facts), told.needs)


def altered(engine, where, **values):
    with engine.begin() as connection:
        connection.execute(sa.update(PRESENTS).where(where).values(**values))


@contextlib.contextmanager
def histories_read(book):
    """The products whose history is read meanwhile."""
    asked = []

    def heard(_connection, _cursor, statement, parameters, *_):
        if "jalon_facts.product = " in statement and "ORDER BY jalon_facts.seq" in statement:
            asked.extend(parameters.values() if isinstance(parameters, dict) else parameters)

    sa.event.listen(book.engine, "before_cursor_execute", heard)
    yield asked
    sa.event.remove(book.engine, "before_cursor_execute", heard)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(lives(), st.lists(st.integers(1, 5), max_size=5), SPOILT, st.integers(0, 30))
def test_whatever_is_recorded_and_spoilt_the_presents_are_those_of_the_facts(life, cuts, spoilt, after):
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/jalon.db")
        book, clock, known = Register(engine), iter(range(0, 10**6, 10)).__next__, 0
        shelf = PortfolioCache(book, clock=clock)
        for cut in (*cuts, len(life.facts)):
            step = Life(POLICY, number=life.number)
            step.facts = life.facts[: known + cut]
            recorded(book, step, known)
            known = len(step.facts)
            now = step.facts[-1].at + timedelta(seconds=1)
            told = rows(from_facts(book), POLICY, now)
            assert rows(from_register(book, REPOSITORY), POLICY, now) == told
            assert shelf.rows(REPOSITORY, POLICY, now) == told
        with engine.begin() as connection:
            if spoilt is None:
                connection.execute(sa.delete(PRESENTS))
            else:
                connection.execute(sa.update(PRESENTS).values(**spoilt))
        moment = life.facts[min(after, known - 1)].at
        assert rows(from_register(book, REPOSITORY), POLICY, moment) == rows(from_facts(book), POLICY, moment)
        engine.dispose()


def test_pages_and_reports_read_no_history(filled):
    told = rows(from_facts(filled), POLICY, NOW)
    with histories_read(filled) as asked:
        assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
        assert PortfolioCache(filled).rows(REPOSITORY, POLICY, NOW) == told
    assert asked == []


@pytest.mark.parametrize(
    "spoilt",
    [{"value": "[]"}, {"seal": "x"}, {"mark": "x"}, {"digest": "x"}, {"seq": 3}, {"seq": 99}, {"repository": "a/b"}],
    ids=lambda values: next(iter(values)),
)
def test_a_row_that_does_not_follow_its_facts_is_made_again_once(filled, spoilt):
    told = rows(from_facts(filled), POLICY, NOW)
    altered(filled.engine, PRESENTS.c.product == "I_1", **spoilt)
    with histories_read(filled) as asked:
        for _ in range(2):
            assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
    assert asked == ["I_1"]


def forged(book, **values):
    """A row altered by somebody who makes its seal again."""
    with book.engine.begin() as connection:
        row = connection.execute(sa.select(PRESENTS).where(PRESENTS.c.product == "I_1")).one()
        row = dict(row._mapping) | {"value": row.value.replace("Produit 1", "Autre titre")} | values
        row["seal"] = present_rows.sealed_row(
            **{name: value for name, value in row.items() if name not in {"seal", "words", "need"}}
        )
        connection.execute(sa.update(PRESENTS).where(PRESENTS.c.product == "I_1").values(**row))


def test_a_row_forged_with_its_seal_is_found_when_the_register_is_verified(filled, caplog):
    """Until the worker next looks at the register, a page may show it; nothing is ever decided from it."""
    told, moment = rows(from_facts(filled), POLICY, NOW), [0.0]
    shelf = PortfolioCache(filled, clock=lambda: moment[0])
    assert shelf.rows(REPOSITORY, POLICY, NOW) == told
    forged(filled)
    moment[0] += FRESH_S
    assert [row.title for row in shelf.rows(REPOSITORY, POLICY, NOW)] == ["Autre titre", "Produit 2"]
    assert filled.verify() == []
    assert "the present kept of I_1 said otherwise than its facts" in caplog.text
    moment[0] += FRESH_S
    assert shelf.rows(REPOSITORY, POLICY, NOW) == told
    assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
    caplog.clear()
    assert filled.verify() == []
    assert not caplog.records


def test_verifying_leaves_the_rows_it_cannot_compare(filled):
    """Those of another version, of other facts, or of a history that is broken or does not hold together."""
    forged(filled, mark="another version")
    assert filled.verify() == []
    forged(filled, seq=2)
    with filled.engine.begin() as connection:
        connection.execute(sa.update(FACTS).where(FACTS.c.product == "I_2", FACTS.c.seq == 2).values(delivery="autre"))
        connection.execute(sa.update(FACTS).where(FACTS.c.product == "I_2", FACTS.c.seq == 2).values(cause="autre"))
    odd = Life(POLICY, "Abîmé", 3).filed("2026-11-02")
    odd.facts.append(BallotVoided(**odd._note("2026-11-03"), gate=4, comment=0, voter="techno"))
    recorded(filled, odd)
    assert [flaw.seq for flaw in filled.verify()] == [2]
    assert set(Presents(filled).seals()) == {"I_1", "I_2"}


def test_rows_made_by_other_code_are_made_again(filled, monkeypatch):
    told = rows(from_facts(filled), POLICY, NOW)
    monkeypatch.setattr(present_rows, "mark", lambda: "other sources")
    assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
    with histories_read(filled) as asked:
        assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
    assert asked == []


def test_the_mark_is_that_of_the_sources(monkeypatch, tmp_path):
    source = tmp_path / "present.py"
    source.write_text("one = 1\n")
    monkeypatch.setattr(present_rows, "sources", lambda: [source])
    before = present_rows.mark.__wrapped__()
    source.write_text("one = 2\n")
    assert present_rows.mark.__wrapped__() != before
    monkeypatch.undo()
    names = {path.name for path in present_rows.sources()}
    assert {"present.py", "present_json.py", "state.py", "gates.py", "facts.py", "calendar.py"} <= names


def test_facts_and_present_are_kept_together_or_not_at_all(filled, monkeypatch):
    life = a_life()
    with pytest.raises(ConflictError):
        filled.append("I_1", (REPOSITORY, 1), 2, tuple(life.facts[:1]), "late")

    def full(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(register, "keep_present", full)
    with pytest.raises(sa.exc.OperationalError):
        recorded(filled, life.lifted("2026-11-20", 1), known=len(life.facts) - 1)
    monkeypatch.undo()
    assert len(filled.history("I_1")) == len(life.facts) - 1
    assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == rows(from_facts(filled), POLICY, NOW)


def test_a_database_that_takes_no_more_is_still_read(filled, monkeypatch, caplog):
    told = rows(from_facts(filled), POLICY, NOW)
    with filled.engine.begin() as connection:
        connection.execute(sa.delete(PRESENTS))

    def full(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(register, "keep_present", full)
    assert rows(from_register(filled, REPOSITORY), POLICY, NOW) == told
    assert "could not be kept" in caplog.text


def test_a_history_that_does_not_hold_together_is_left_out_and_stops_nobody(filled, caplog):
    """As a hand could write: recording goes on, the pages show the others."""
    odd = Life(POLICY, "Abîmé", 3).filed("2026-11-02")
    odd.facts.append(BallotVoided(**odd._note("2026-11-03"), gate=4, comment=0, voter="techno"))
    recorded(filled, odd)
    assert len(filled.history("I_3")) == 3
    assert [row.number for row in rows(from_register(filled, REPOSITORY), POLICY, NOW)] == [1, 2]
    assert "left out, its history does not hold together" in caplog.text


def test_words_that_no_database_takes_are_told_all_the_same(filled):
    """Written by hand: half a character, in an escape of JSON."""
    with filled.engine.begin() as connection:
        same = sa.and_(FACTS.c.product == "I_2", FACTS.c.seq == 1)
        text = connection.execute(sa.select(FACTS.c.fact).where(same)).scalar_one()
        half = text.replace("Produit 2", r"\ud800")
        connection.execute(sa.update(FACTS).where(same).values(fact=half))
        connection.execute(sa.delete(PRESENTS))
    assert [row.title for row in rows(from_register(filled, REPOSITORY), POLICY, NOW)] == ["Produit 1", "\ud800"]


def test_what_grew_meanwhile_is_believed(filled):
    """The tips were read, then a turn recorded more: the row is ahead of them, and true."""
    presents = Presents(filled)
    tips = presents.tips()
    life = a_life()
    recorded(filled, life.lifted("2026-11-20", 1), known=len(life.facts) - 1)
    (told,) = [kept.present for product, kept in presents.at(tips) if product == "I_1"]
    assert (told.conditions, len(told.lifted)) == ((), 1)


def test_a_shelf_follows_what_is_recorded_and_what_is_renamed(filled):
    moment = [0.0]
    shelf = PortfolioCache(filled, clock=lambda: moment[0])
    assert [row.phase for row in shelf.rows(REPOSITORY, POLICY, NOW)] == ["mvp", "mvp"]
    life = a_life()
    recorded(filled, life.entered("2026-11-20", "arret"), known=len(life.facts) - 1)
    recorded(filled, a_life(3))
    assert [row.phase for row in shelf.rows(REPOSITORY, POLICY, NOW)] == ["mvp", "mvp"]
    moment[0] += FRESH_S
    assert [row.phase for row in shelf.rows(REPOSITORY, POLICY, NOW)] == ["arret", "mvp", "mvp"]


def test_a_deadline_passes_without_a_fact(database):
    """What depends on now is worked out on reading."""
    book = Register(database)
    recorded(book, Life(POLICY).filed("2026-11-02").asked("2026-11-10", "mvp"))
    (kept,) = from_register(book, REPOSITORY)
    deadline = kept.present.waiting.deadline
    shelf = PortfolioCache(book)
    for moment, actor in ((deadline - timedelta(seconds=1), "committee"), (deadline, "secretariat")):
        assert [row.actor for row in rows([kept], POLICY, moment)] == [actor]
        assert [row.actor for row in shelf.rows(REPOSITORY, POLICY, moment)] == [actor]


def test_a_database_of_a_former_version_tells_the_same(tmp_path, monkeypatch):
    path = tmp_path / "six.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMER.read_text(encoding="utf-8"))
    engine = open_database(f"sqlite:///{path}")
    book, policy = Register(engine), default_policy()
    told = rows(from_facts(book), policy, NOW)
    assert len(told) == 2
    (repository,) = book.repositories()
    assert rows(from_register(book, repository), policy, NOW) == told
    with histories_read(book) as asked:
        assert rows(from_register(book, repository), policy, NOW) == told
    assert asked == []
    engine.dispose()


# Words


def test_a_product_is_found_by_its_words_and_no_private_answer_gives_it_away(filled):
    life = Life(POLICY, "Agréments en ligne", 3).filed("2026-11-02")
    life.facts.append(
        ItemAnswered(**life._note("2026-11-03"), item="idee-vision", answer="done", text="Moins de PAPIER")
    )
    life.facts.append(
        ItemAnswered(**life._note("2026-11-03"), item="secret", answer="done", text="https://coffre.fr/faille")
    )
    recorded(filled, life)
    shelf = PortfolioCache(filled)
    first, *others = POLICY.phases
    hidden = replace(first, items=(*first.items, Item("secret", "securite", "Failles", private="securite")))
    guarded = replace(POLICY, phases=(hidden, *others))
    for words, found in [
        ("agrements", {3}),
        ("papier Ligne", {3}),
        ("papier absent", set()),
        ("produit", {1, 2}),
        ("direction metier", {1, 2, 3}),
        ("100%", set()),
        ("_", set()),
        ("\0", None),
        ("  ", None),
        ("idee-vision", set()),
    ]:
        assert shelf.found(REPOSITORY, words, guarded) == found, words
    assert shelf.found(REPOSITORY, "coffre", POLICY) == {3}
    assert shelf.found(REPOSITORY, "coffre", guarded) == set()
    assert shelf.found(REPOSITORY, "papier coffre", guarded) == set()
    assert shelf.found("dnum/autre", "papier", guarded) == set()


def test_words_that_no_database_takes_are_kept_without_what_it_refuses(filled):
    life = Life(POLICY, "Nul\0 et demi \ud800", 3).filed("2026-11-02")
    life.facts.append(ItemAnswered(**life._note("2026-11-03"), item="x", answer="done", text="suite\0"))
    assert "\0" not in search_words(tuple(life.facts))
    search_words(tuple(life.facts)).encode()


def test_words_altered_by_a_hand_are_found_when_the_register_is_verified(filled):
    altered(filled.engine, PRESENTS.c.product == "I_1", words="\tmensonge")
    assert PortfolioCache(filled).found(REPOSITORY, "mensonge", POLICY) == {1}
    assert filled.verify() == []
    assert PortfolioCache(filled).found(REPOSITORY, "mensonge", POLICY) == set()
    assert PortfolioCache(filled).found(REPOSITORY, "produit", POLICY) == {1, 2}
