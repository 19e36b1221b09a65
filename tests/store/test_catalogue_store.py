"""The catalogue of a repository is the last good one, whatever became of its files since."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.catalogue_file import COMMONS, IMPORTED, NORMS
from app.engine import open_database
from app.store.catalogue_store import Catalogues, CatalogueStore, FileKept
from app.store.places import Places
from app.store.schema import CATALOGUES

HERE, THERE = "dnum/produits", "dnum/nouveaux-produits"
GRIST = b"- {id: grist, nom: Grist, en_une_phrase: {fr: Des tableaux, en: Tables}}\n"
DSFR = b"- {id: dsfr, nom: DSFR, en_une_phrase: Le style}\n"
RGAA = b"- {id: rgaa, norme: RGAA}\n"


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield engine
    engine.dispose()


@pytest.fixture
def store(database):
    return CatalogueStore(database)


def names(catalogue: Catalogue) -> list[str]:
    return [one.id for one in (*catalogue.commons, *catalogue.norms)]


def test_a_repository_without_one_has_an_empty_catalogue(store):
    assert Catalogues(store).of(HERE) == Catalogue()
    store.note(HERE, COMMONS, "absent")
    assert Catalogues(store).of(HERE) == Catalogue()


def test_its_three_files_are_one_catalogue(store):
    door = Catalogues(store)
    for path, text in ((COMMONS, GRIST), (IMPORTED, DSFR), (NORMS, RGAA)):
        store.keep(HERE, path, text)
    found = door.of(HERE)
    assert (names(found), found.is_kept) == (["grist", "dsfr", "rgaa"], True)
    assert found is door.of(HERE)
    assert door.of(HERE, "en").commons[0].line == "Tables"
    assert door.of(THERE) == Catalogue()
    store.keep(HERE, COMMONS, b"[]")
    assert names(door.of(HERE)) == ["dsfr", "rgaa"]
    assert door.of(HERE).version != found.version


@pytest.mark.parametrize("state", ["flawed", "absent", "unreadable"])
def test_the_last_good_one_holds(store, state):
    store.keep(HERE, COMMONS, GRIST)
    store.note(HERE, COMMONS, state)
    assert (names(Catalogues(store).of(HERE)), Catalogues(store).of(HERE).is_kept) == (["grist"], True)


def test_one_seen_once_is_kept_for_ever(store):
    """Otherwise a broken line, or a look that GitHub answered wrong, would untie what asks for an answer."""
    store.note(HERE, COMMONS, "flawed")
    assert Catalogues(store).of(HERE) == Catalogue(is_kept=True)
    store.note(HERE, COMMONS, "absent")
    assert Catalogues(store).of(HERE).is_kept
    store.keep(THERE, NORMS, RGAA)
    assert not Catalogues(store).of(THERE).is_kept


def test_a_text_that_another_version_took_is_passed_over(store):
    store.keep(HERE, COMMONS, b"- {id: grist}")
    assert Catalogues(store).of(HERE).commons == ()


def test_while_the_database_is_away_the_last_one_read_holds(store, database, tmp_path):
    door = Catalogues(store)
    store.keep(HERE, COMMONS, GRIST)
    door.of(HERE)
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE jalon_catalogues"))
    assert names(door.of(HERE)) == ["grist"]
    assert door.of(THERE) == Catalogue()


def test_what_was_told_is_kept_beside(store):
    store.note(HERE, COMMONS, "flawed")
    store.told(HERE, COMMONS, "commit/abc", "1234", is_open=True)
    assert store.files(HERE) == {COMMONS: FileKept("flawed", "", True, "commit/abc", "1234", is_open=True)}
    assert store.states() == {(HERE, COMMONS): "flawed"}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([GRIST], [], "grist"),
        ([GRIST], [b""], "grist"),
        ([GRIST], [DSFR], "dsfr"),
        ([b""], [DSFR], "dsfr"),
        ([b""], [b""], ""),
    ],
)
def test_it_follows_a_repository_that_was_renamed(store, database, before, now, expected):
    """An empty text stands for a file that was never good."""
    for repository, texts in ((HERE, before), (THERE, now)):
        for text in texts:
            if text:
                store.keep(repository, COMMONS, text)
            else:
                store.note(repository, COMMONS, "flawed")
    Places(database).renamed(HERE, THERE)
    assert names(Catalogues(store).of(THERE)) == [expected] * bool(expected)
    with database.connect() as connection:
        assert connection.execute(sa.select(CATALOGUES.c.repository)).scalars().all() == [THERE]
