"""The catalogue read from the repository: by a turn of its own, never by an event; broken, withheld, gone and mended."""

from __future__ import annotations

import pytest

from app.domain.reuse.catalogue_file import COMMONS, IMPORTED, NORMS, PATHS
from app.engine.catalogue_watch import CatalogueWatch
from app.github.policies import PATH
from app.shipped_files import default_policy
from app.store.catalogue_store import Catalogues
from app.turns.wakeup import PolicyWakeUp
from tests.stories.test_reuse import WASTE, filed

GRIST = "- {id: grist, nom: Grist, en_une_phrase: Des tableaux partagés}\n"
RGAA = "- {id: rgaa, norme: RGAA}\n"
BROKEN = "- {id: grist, nom: Grist}\n- {id: Grist}\n"


@pytest.fixture
def listening(stage):
    stage.world.app.permissions = stage.world.app.permissions | {"contents": "read"}
    stage.world.app.events = [*stage.world.app.events, "push"]


def put(stage, text, path):
    """Written long before anybody looks: every copy shows it."""
    stage.world.write_file("secretariat", path, text)
    stage.rests()


def write(stage, text, path=COMMONS):
    stage.world.write_file("secretariat", path, text)
    return stage.settle()


def look(stage):
    """What the hours of a worker do."""
    return stage.turns.take(PolicyWakeUp(stage.world.repository, catalogue=frozenset(PATHS)), "rules")


def names(stage):
    found = stage.jalon.catalogues.of(stage.world.repository)
    return [one.id for one in (*found.commons, *found.norms)]


def kept(stage):
    return stage.jalon.catalogues.of(stage.world.repository).is_kept


def on_commits(stage):
    return [said.body for said in stage.world.commit_comments]


def issues_told(stage):
    return [issue for issue in stage.world.issues.values() if "règles à corriger" in issue.labels]


def test_its_files_are_read_by_a_look_and_by_nothing_else(stage):
    for path, text in ((COMMONS, GRIST), (NORMS, RGAA)):
        put(stage, text, path)
    number = stage.filed()
    asked = [call for call in stage.hub.calls if any(path in str(call) for path in PATHS)]
    assert (asked, names(stage), kept(stage)) == ([], [], False)
    look(stage)
    assert (names(stage), kept(stage)) == (["grist", "rgaa"], True)
    stage.says("visiteur", number, "Merci")  # RADAR is asked way by way from its next event on
    assert stage.nothing_left_to_do(number)
    assert on_commits(stage) == []
    assert issues_told(stage) == []


def test_a_push_that_names_one_of_them_has_it_read(stage, listening):
    write(stage, GRIST)
    write(stage, RGAA, NORMS)
    write(stage, "- {id: dsfr, nom: DSFR, en_une_phrase: Le style}\n", IMPORTED)
    assert names(stage) == ["grist", "dsfr", "rgaa"]
    write(stage, "[]")
    assert names(stage) == ["dsfr", "rgaa"]


def test_a_broken_one_is_told_once_on_its_commit_and_the_last_good_one_holds(stage, listening):
    number = stage.filed()
    write(stage, GRIST)
    write(stage, BROKEN)
    (text,) = on_commits(stage)
    there = f"{stage.hub.url}/{stage.world.repository}/blob/HEAD/{COMMONS}#L1"
    assert f"[Ligne 1]({there}), colonne 3" in text
    assert "la clé « en\\_une\\_phrase » manque" in text.replace("\u00a0", " ")
    assert "la dernière version valable reste utilisée, et aucun passage n’est bloqué" in text
    assert names(stage) == ["grist"]
    assert look(stage).effects == ()
    stage.says("visiteur", number, "Merci")  # RADAR is asked way by way from its next event on
    assert stage.nothing_left_to_do(number)
    write(stage, GRIST + "# un mot\n")
    assert ["de nouveau valable" in said for said in on_commits(stage)] == [False, True]
    write(stage, GRIST)
    assert len(on_commits(stage)) == 2


def test_without_a_view_of_commits_it_is_told_in_an_issue_of_its_own(stage):
    put(stage, BROKEN, COMMONS)
    put(stage, "- {id: rgaa}\n", NORMS)
    look(stage)
    commons, norms = issues_told(stage)
    assert commons.title == "Catalogue à corriger\u00a0: `communs.yml` contient 4 erreurs"
    assert "rien n’est proposé de ce fichier" in commons.body
    assert norms.title == "Catalogue à corriger\u00a0: `normes.yml` contient une erreur"
    assert (names(stage), kept(stage)) == ([], True)
    look(stage)
    put(stage, GRIST, COMMONS)
    look(stage)
    assert [issue.state for issue in issues_told(stage)] == ["closed", "open"]
    assert len(issues_told(stage)) == 2


def test_one_that_goes_away_is_told_and_stays_in_use(stage, listening):
    write(stage, GRIST)
    stage.world.delete_file("secretariat", COMMONS)
    stage.settle()
    assert ["n’est plus dans la branche principale" in said for said in on_commits(stage)] == [True]
    assert (names(stage), kept(stage)) == (["grist"], True)


def test_an_app_without_the_right_says_nothing_and_uses_the_last_good_one(stage):
    put(stage, GRIST, COMMONS)
    look(stage)
    stage.world.app.single_files = [PATH]
    put(stage, BROKEN, COMMONS)
    look(stage)
    assert names(stage) == ["grist"]
    assert issues_told(stage) == []
    assert stage.jalon.catalogue_store.states()[stage.world.repository, COMMONS] == "unreadable"


@pytest.mark.slow
def test_a_new_database_finds_what_was_told(stage, tmp_path):
    put(stage, BROKEN, COMMONS)
    look(stage)
    anew = type(stage)(stage.hub, f"sqlite:///{tmp_path}/new.db")
    put(stage, GRIST, COMMONS)
    look(anew)
    assert [issue.state for issue in issues_told(stage)] == ["closed"]


def test_one_too_large_is_told_with_its_size(stage):
    put(stage, "#" * 300_000, IMPORTED)
    look(stage)
    assert "292 Kio" in issues_told(stage)[0].body


def test_other_doors_read_the_same_catalogue(stage):
    put(stage, GRIST, COMMONS)
    look(stage)
    assert Catalogues(stage.jalon.catalogue_store).of(stage.world.repository).by_id.keys() == {"grist"}


def test_a_watch_notices_the_first_need_once_and_each_change(stage):
    watch = CatalogueWatch(stage.jalon.client, stage.jalon.catalogue_store, stage.jalon.register)
    assert (watch.unread(), watch.changed()) == ([], [])
    stage.filed()
    assert (watch.unread(), watch.unread()) == ([stage.world.repository], [])
    assert (watch.changed(), watch.changed()) == ([], [])
    put(stage, GRIST, COMMONS)
    assert (watch.changed(), watch.changed()) == ([stage.world.repository], [])
    stage.world.app.single_files = [PATH]
    assert (watch.changed(), watch.changed()) == ([stage.world.repository], [])
    look(stage)
    assert CatalogueWatch(stage.jalon.client, stage.jalon.catalogue_store, stage.jalon.register).unread() == []


def test_a_catalogue_older_than_the_first_product_is_looked_at_with_it(stage):
    watch = CatalogueWatch(stage.jalon.client, stage.jalon.catalogue_store, stage.jalon.register)
    assert watch.begun() == []
    put(stage, GRIST, COMMONS)
    assert watch.begun() == [stage.world.repository]
    look(stage)
    number = filed(stage, "Agréments", WASTE, existant="Grist et un tableur")
    assert "Grist" in stage.said(number)[0].partition("Déjà là")[2]
    assert watch.begun() == []


def test_the_norms_of_a_point_are_told_with_it(stage):
    write(stage, "- {id: rgpd, norme: RGPD, site: 'https://www.cnil.fr'}\n", NORMS)
    look(stage)
    number = stage.filed()
    assert "[RGPD](https://www.cnil.fr)" in stage.said(number)[1]
    assert stage.said(number)[1].count("[RGPD]") == sum(
        "rgpd" in one.norms for one in default_policy().checklist("idee")
    )
    stage.says("cheffe-produit", number, "/coche 11")
    assert "- [x] 11. " in stage.said(number)[1]
