"""Every text of the rules that was in force stays readable by its SHA-256, whatever took its place since."""

from __future__ import annotations

from hashlib import sha256

import pytest
import sqlalchemy as sa

from app.domain.product.facts import GateRequested
from app.engine import open_database
from app.store.policy_store import PolicyStore
from app.store.schema import RULES
from app.yaml_documents import digest_of, version_of
from tests.builders import SMALL, a_policy, parsed

FIRST, SECOND, THIRD = (SMALL + f"# {number}\n" for number in range(3))


@pytest.fixture
def store(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield PolicyStore(engine)
    engine.dispose()


def keep(store, text, repository="dnum/produits"):
    store.keep(repository, text.encode(), version_of(text))


def test_a_text_outlives_those_that_took_its_place(store):
    for text in (FIRST, SECOND, THIRD, FIRST):
        keep(store, text)
    wanted = {digest_of(text): text.encode() for text in (FIRST, SECOND, THIRD)}
    assert store.texts({*wanted, "0" * 64}) == wanted
    assert store.texts({digest_of(SECOND)}) == {digest_of(SECOND): SECOND.encode()}
    assert store.texts(()) == {}


def test_two_committees_share_a_text(store):
    keep(store, FIRST)
    keep(store, FIRST, "dnum/autres")
    assert store.texts({digest_of(FIRST)}) == {digest_of(FIRST): FIRST.encode()}


def test_the_text_that_a_former_version_had_kept_is_found_and_outlives_the_next_one(store):
    with store._engine.begin() as connection:
        row = {"repository": "dnum/produits", "version": version_of(FIRST), "text": FIRST.encode()}
        connection.execute(sa.insert(RULES).values(**row))
    assert list(store.texts({digest_of(FIRST)})) == [digest_of(FIRST)]
    keep(store, SECOND)
    assert list(store.texts({digest_of(FIRST)})) == [digest_of(FIRST)]


def test_a_text_is_named_by_the_bytes_kept_whatever_ended_its_lines(store):
    windows = FIRST.replace("\n", "\r\n")
    keep(store, windows)
    [(digest, kept)] = store.texts({digest_of(windows)}).items()
    assert digest == digest_of(FIRST) == sha256(kept).hexdigest()
    assert parsed(FIRST).digest == digest
    assert digest.startswith(parsed(windows).version)


def test_the_policy_that_travels_with_jalon_has_its_digest():
    assert a_policy().digest.startswith(a_policy().version)
    assert GateRequested.__dataclass_fields__["rules"].metadata["later"]
