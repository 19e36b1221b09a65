from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.policy.model import ReuseSettings
from app.domain.reuse.catalogue import Catalogue, Common, Reflex
from app.domain.reuse.near import Index
from app.domain.reuse.need import Filing, Need
from app.domain.reuse.suggest import FoundCandidates, Silence, SuggestionSource, suggest

NONE = Catalogue()
TODAY = date(2026, 11, 2)
SETTINGS = ReuseSettings(least=0.2)
GRIST = Common("grist", "Grist", "Partager un tableau de saisie entre plusieurs régions", link="https://grist.example")
PRODUCTS = (
    Need("produit:1", "Convocations rappelées", "Rappeler aux justiciables leurs convocations par SMS"),
    Need("produit:2", "Cantines sobres", "Mesurer le gaspillage alimentaire des cantines scolaires"),
    Need("produit:3", "Herbier", "Numériser les planches d’herbier des musées"),
    Need("produit:4", "Péniches", "Réserver une écluse pour le passage des péniches"),
)
NEW = Need("produit:9", "Anti-gaspi", "Peser le gaspillage alimentaire de chaque cantine scolaire")


def known(*more: Need) -> Index:
    index = Index()
    for need in (*PRODUCTS, *more):
        index.put(need)
    return index


def found(need=NEW, index=None, catalogue=NONE, settings=SETTINGS, silenced=frozenset()) -> FoundCandidates:
    return suggest(Filing(need), index or known(), catalogue, settings, silenced, TODAY)


def test_a_near_need_is_shown_with_the_words_it_shares():
    one, *others = found().shown
    assert not others
    assert (one.ref, one.name, one.door, one.is_common) == (
        "produit:2",
        "Cantines sobres",
        SuggestionSource.NEAR,
        False,
    )
    assert one.words == ("gaspillage", "alimentaire", "cantines", "scolaires")


def test_a_filing_is_never_its_own_candidate():
    assert "produit:9" not in {near.candidate.ref for near in found(index=known(NEW)).nearest}


def test_what_was_set_aside_is_silent():
    answer = found(silenced=frozenset({"produit:2"}))
    assert answer.shown == ()
    assert answer.nearest[0].silence == Silence.SET_ASIDE


def test_below_the_threshold_nothing_is_said_and_all_is_known():
    answer = found(settings=replace(SETTINGS, least=0.99))
    assert answer.shown == ()
    assert {near.silence for near in answer.nearest} == {Silence.BELOW}


@pytest.mark.parametrize(
    ("common", "silence"),
    [
        (GRIST, None),
        (replace(GRIST, seen_on=date(2025, 11, 2)), None),
        (replace(GRIST, seen_on=date(2024, 10, 2)), Silence.TOO_OLD),
        (replace(GRIST, is_proposed=False), Silence.NOT_PROPOSED),
    ],
)
def test_a_common_is_shown_unless_it_is_old_or_not_to_be_proposed(common, silence):
    need = Need("produit:9", "Saisie des régions", "Un tableau de saisie partagé entre les régions")
    answer = found(need, catalogue=Catalogue((common,)))
    assert [one.ref for one in answer.shown] == ([] if silence else ["commun:grist"])
    assert answer.nearest[0].silence == silence
    assert answer.nearest[0].candidate.link == "https://grist.example"


def test_never_more_than_three():
    several = (replace(NEW, ref=f"produit:{n}", line=f"{NEW.line} numéro {'abcdef'[n - 10]}") for n in range(10, 16))
    answer = found(index=known(*several), settings=replace(SETTINGS, least=0.0))
    assert len(answer.shown) == 3
    assert len(answer.nearest) == 10 or {near.silence for near in answer.nearest[3:]} == {Silence.MORE_THAN_THREE}


ASKED = Common("proconnect", "ProConnect", "Identifier", reflex=Reflex(("identification",), "Qui s’identifie ?"))


def test_names_first_then_one_reflex_then_what_is_near():
    other = replace(ASKED, id="franceconnect", name="FranceConnect")
    need = replace(NEW, text="Avec identification, comme dans Herbier")
    catalogue = Catalogue((ASKED, other))
    answer = found(need, catalogue=catalogue)
    assert [(one.door, one.ref) for one in answer.shown] == [
        (SuggestionSource.NAME, "produit:3"),
        (SuggestionSource.REFLEX, "commun:proconnect"),
        (SuggestionSource.NEAR, "produit:2"),
    ]
    assert answer.shown[1].question == "Qui s’identifie ?"
    assert [one.ref for one in answer.asked] == ["commun:proconnect", "commun:franceconnect"]
    assert [near.silence for near in answer.nearest if near.candidate.ref == "produit:2"] == [None]


def test_what_was_set_aside_comes_back_by_no_door():
    need = replace(NEW, text="Avec identification, comme dans Herbier")
    answer = found(need, catalogue=Catalogue((ASKED,)), silenced=frozenset({"produit:3", ASKED.ref, "produit:2"}))
    assert (answer.shown, answer.asked) == ((), ())


def test_a_common_is_named_by_what_it_replaces_however_old():
    old = replace(ASKED, replaces=("AgentConnect",), seen_on=date(2020, 1, 1), is_proposed=False)
    answer = suggest(
        Filing(NEW, named=("Nous avons vu AgentConnect.",)), known(), Catalogue((old,)), SETTINGS, frozenset(), TODAY
    )
    assert [(one.door, one.ref) for one in answer.shown][:1] == [(SuggestionSource.NAME, "commun:proconnect")]
    assert answer.asked == ()


def test_entries_that_are_never_proposed_take_the_place_of_none_that_is():
    kept = tuple(Common(f"kept-{n}", f"Outil {n}", NEW.line, is_proposed=False) for n in range(20))
    aside = tuple(Need(f"produit:{n}", f"Gaspillage alimentaire cantine scolaire {n}", "") for n in range(20, 35))
    answer = found(
        index=known(*aside),
        catalogue=Catalogue(kept),
        settings=replace(SETTINGS, least=0.1),
        silenced=frozenset(need.ref for need in aside),
    )
    assert [one.ref for one in answer.shown] == ["produit:2"]
    assert len(answer.nearest) == 10
    assert {near.silence for near in answer.nearest} <= {Silence.NOT_PROPOSED, Silence.SET_ASIDE}


def test_a_reflex_that_is_near_is_shown_as_near():
    need = replace(NEW, text="Partager un tableau de saisie entre régions")
    asked = replace(GRIST, reflex=Reflex(("tableau",)))
    answer = found(need, catalogue=Catalogue((asked,)))
    assert [one.door for one in answer.shown if one.is_common] == [SuggestionSource.NEAR]
    assert [one.ref for one in answer.asked] == ["commun:grist"]


def test_words_of_the_line_are_told_when_a_need_led_to_the_entry():
    common = replace(GRIST, needs=("recoller vingt fichiers Excel reçus par courriel",))
    need = replace(NEW, text="Il faut recoller vingt fichiers Excel. Le tableau arrive tard.")
    one = next(one for one in found(need, catalogue=Catalogue((common,))).shown if one.is_common)
    assert one.words == ("tableau",)
