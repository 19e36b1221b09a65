"""The needs compared are those the register holds, whatever becomes of their rows and whoever wrote them."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.model import ReuseSettings
from app.domain.product.facts import PhaseEntered, ProductDescribed, ProductFiled, ProductLeft
from app.domain.product.purpose import filing, purpose_in
from app.domain.product.reuse_facts import ReuseAnswered
from app.domain.product.state import standing
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.need import Filing, Need
from app.engine import open_database
from app.store import needs as kept_needs
from app.store import present_rows
from app.store.needs import Needs
from app.store.places import Places
from app.store.register import Register
from app.store.schema import PRESENTS
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, at

POLICY = replace(a_small_policy(), reuse=ReuseSettings(least=0.2))
TODAY = date(2026, 11, 29)
NEEDS = {
    1: ("Cantine verte", "Réduire le gaspillage alimentaire dans les cantines scolaires"),
    2: ("Anti-gaspi", "Mesurer le gaspillage alimentaire des cantines du ministère"),
    3: ("Agréments", "Demander en ligne un agrément de transport routier"),
    4: ("Parc auto", "Réserver un véhicule de service entre agents"),
    5: ("Salles", "Réserver une salle de réunion entre agents"),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def book(request, tmp_path):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path}/jalon.db"
    engine = open_database(url)
    yield Register(engine)
    engine.dispose()


def note(number, rank):
    return {"at": at("2026-11-02"), "by": "cheffe-produit", "cause": f"test:{number}:{rank}"}


def filed(number):
    title, vision = NEEDS[number]
    answers = (("vision", vision), ("probleme", f"Personne ne sait répondre au besoin {title}."))
    return [
        ProductFiled(**note(number, 0), title=title, answers=answers),
        PhaseEntered(**note(number, 1), phase=POLICY.entry.id),
    ]


def aside(number, other):
    return ReuseAnswered(**note(number, f"aside{other}"), ref=f"produit:I_{other}", name="Autre", answer="aside")


def record(book, number, facts, known=0, repository=REPOSITORY):
    book.append(f"I_{number}", (repository, number), known, tuple(facts), "d")


@pytest.fixture
def filled(book):
    for number in NEEDS:
        record(book, number, filed(number))
    return book


def a_filing(title="Restes", vision="Lutter contre le gaspillage alimentaire dans les cantines", number=9):
    return Filing(Need(f"produit:I_{number}", title, vision, "", number, REPOSITORY))


def near(needs, one=None, policy=POLICY, aside=frozenset()):
    found = needs.found(one or a_filing(), policy, Catalogue(), TODAY, aside)
    return [(neighbour.candidate.ref, neighbour.silence) for neighbour in found.nearest]


@contextlib.contextmanager
def needs_read(book):
    """The products whose need is read meanwhile."""
    asked = []

    def heard(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT") and "jalon_presents.need" in statement:
            asked.extend(parameters.values() if isinstance(parameters, dict) else parameters)

    sa.event.listen(book.engine, "before_cursor_execute", heard)
    yield asked
    sa.event.remove(book.engine, "before_cursor_execute", heard)


def refs(needs, one=None, **more):
    return [ref for ref, _ in near(needs, one, **more)]


def test_the_nearest_are_found_and_the_one_filed_leaves_no_trace(filled):
    needs = Needs(filled)
    assert set(refs(needs)[:2]) == {"produit:I_1", "produit:I_2"}
    assert near(needs) == near(Needs(filled)) == near(needs)
    with needs.index(REPOSITORY, POLICY) as index:
        assert len(index) == len(NEEDS)
        assert index.need("produit:I_9") is None


def test_a_product_already_known_is_looked_at_as_it_is_about_to_be_and_stays_as_it_was(filled):
    needs = Needs(filled)
    changed = a_filing(number=4)
    assert set(refs(needs, changed)[:2]) == {"produit:I_1", "produit:I_2"}
    with needs.index(REPOSITORY, POLICY) as index:
        assert index.need("produit:I_4").title == "Parc auto"


def test_what_is_recorded_shows_at_once_and_reads_one_row(filled):
    needs = Needs(filled)
    near(needs)
    with needs_read(filled) as read:
        described = ProductDescribed(
            **note(3, "renamed"), title="Restes", people=(), answers=(("vision", NEEDS[1][1]),)
        )
        record(filled, 3, [described], known=2)
        assert set(refs(needs)[:3]) == {"produit:I_1", "produit:I_2", "produit:I_3"}
    assert read == ["I_3"]


def test_a_product_followed_no_longer_is_compared_no_more(filled):
    needs = Needs(filled)
    assert "produit:I_1" in refs(needs)
    record(filled, 1, [ProductLeft(**note(1, "left"), how="deleted")], known=2)
    assert "produit:I_1" not in refs(needs)


def test_backlogs_are_apart_and_follow_a_renamed_repository(filled):
    record(filled, 1, [aside(1, 2)], known=2)
    filled.append("J_1", ("dnum/autre", 1), 0, tuple(filed(1)), "d")
    needs = Needs(filled)
    with needs.index(REPOSITORY, POLICY) as index:
        assert index.need("produit:J_1") is None
    with needs.index("dnum/autre", POLICY) as index:
        assert len(index) == 1
    assert Places(filled.engine).renamed("dnum/autre", "dnum/neuf")
    with needs.index("dnum/neuf", POLICY) as index:
        assert len(index) == 1
    with needs.index("dnum/autre", POLICY) as index:
        assert len(index) == 0


def test_a_pair_set_aside_is_silent_either_way_round(filled):
    record(filled, 1, [aside(1, 2)], known=2)
    needs = Needs(filled)
    assert needs.silenced("I_1", REPOSITORY) == {"produit:I_2"}
    assert needs.silenced("I_2", REPOSITORY) == {"produit:I_1"}
    assert needs.silenced("I_3", REPOSITORY) == frozenset()
    for one, other in ((1, 2), (2, 1)):
        found = dict(near(needs, a_filing(number=one)))
        assert found[f"produit:I_{other}"] == "set_aside"
    assert dict(near(needs, aside=frozenset({"produit:I_1"})))["produit:I_1"] == "set_aside"


def test_rows_of_other_code_are_made_again_at_the_first_look(filled, monkeypatch):
    told = near(Needs(filled))
    monkeypatch.setattr(present_rows, "mark", lambda: "other sources")
    monkeypatch.setattr(kept_needs, "mark", lambda: "other sources")
    monkeypatch.setattr("app.store.presents.mark", lambda: "other sources")
    assert near(Needs(filled)) == told


def test_a_row_spoilt_by_a_hand_is_left_out_until_the_register_is_verified(filled, caplog):
    with filled.engine.begin() as connection:
        connection.execute(sa.update(PRESENTS).where(PRESENTS.c.product == "I_1").values(need="[1]"))
        connection.execute(sa.update(PRESENTS).where(PRESENTS.c.product == "I_2").values(need="{"))
    needs = Needs(filled)
    assert not {"produit:I_1", "produit:I_2"} & set(refs(needs))
    assert "what it is for cannot be read" in caplog.text
    assert filled.verify() == []
    assert not {"produit:I_1", "produit:I_2"} & set(refs(needs))
    assert {"produit:I_1", "produit:I_2"} <= set(refs(Needs(filled)))


def test_other_rules_make_another_index(filled):
    needs = Needs(filled)
    assert "produit:I_1" in refs(needs)
    plain = replace(POLICY, reuse=ReuseSettings(plain_words=("gaspillage", "alimentaire", "cantines", "cantine")))
    assert "produit:I_1" not in refs(needs, policy=plain)
    assert "produit:I_1" in refs(needs, policy=replace(POLICY, reuse=None))


@settings(deadline=None, max_examples=15)
@given(st.permutations(sorted(NEEDS)), st.integers(0, len(NEEDS)))
def test_one_by_one_or_all_at_once_the_nearest_are_the_same(order, cut):
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/jalon.db")
        register = Register(engine)
        needs = Needs(register)
        for number in order[:cut]:
            record(register, number, filed(number))
            near(needs)
        for number in order[cut:]:
            record(register, number, filed(number))
        assert near(needs) == near(Needs(register))
        engine.dispose()


def test_what_is_looked_at_of_a_product_is_what_its_form_says():
    state = standing((*filed(1),))
    need = purpose_in(tuple(filed(1))).need("I_1", REPOSITORY, 1, POLICY)
    looked = filing(state, need)
    assert (looked.need.title, looked.need.line) == NEEDS[1]
    assert looked.need.text == "Personne ne sait répondre au besoin Cantine verte."
    assert looked.named == ()
    assert dict(looked.answers)["vision"] == NEEDS[1][1]
