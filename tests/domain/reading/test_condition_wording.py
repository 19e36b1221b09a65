"""A condition says its seat, its day and its owner once; the rest of its words stay, in order."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.reading.condition_wording import after_day, beyond, said_apart
from app.domain.reading.conditions import ConditionText, read_condition
from app.domain.reading.text import normalised

SEAT, OWNER = "Sécurité", "cheffe-produit"
SINCE = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Sécurité : corriger les failles, avant le 31/12/2026", "corriger les failles"),
        ("sécurité: corriger les failles, @cheffe-produit, avant le 31/12/2026.", "corriger les failles"),
        ("corriger les failles avant le 31 décembre", "corriger les failles"),
        ("corriger, pour le 31/12/2026, les failles", "corriger, les failles"),
        ("avant le 31/12/2026 : corriger les failles", "corriger les failles"),
        ("Corriger les failles d’ici au 31 décembre 2026 ; publier", "Corriger les failles ; publier"),
        ("corriger les failles (avant le 31/12/2026)", "corriger les failles (avant le 31/12/2026)"),
        ("Données : relire avec @cheffe-produit, avant le 31/12/2026", "Données : relire avec @cheffe-produit"),
        ("relire le rapport du 31/12/2026", "relire le rapport du 31/12/2026"),
        ("avant le 31/12/2026", "avant le 31/12/2026"),
        ("Sécurité :", "Sécurité :"),
        ("Sécurité : avant le 31/12/2026", "Sécurité"),
        ("audit ½ avant le 31/12/2026", "audit ½"),
        ("l´audit avant le 31/12/2026", "l´audit avant le 31/12/2026"),
        ("", ""),
    ],
)
def test_what_is_shown_before_a_condition_is_not_said_again(text, rest):
    assert beyond(text, SEAT, "2026-12-31", OWNER) == rest


def test_what_is_not_shown_stays():
    said = "Sécurité : corriger, @cheffe-produit, avant le 31/12/2026"
    assert beyond(said) == said
    assert beyond(said, SEAT, "2027-01-31", "archi") == "corriger, @cheffe-produit, avant le 31/12/2026"


class Condition:
    """A condition as it is shown."""

    def __init__(self, read: ConditionText) -> None:
        self.text, self.seat, self.due, self.owner = read.text, SEAT, read.due, read.owner


@pytest.mark.parametrize(("owner", "rest"), [(True, "corriger"), (False, "corriger, @cheffe-produit")])
def test_the_owner_goes_where_it_is_shown(owner, rest):
    found = read_condition("Sécurité : corriger, @cheffe-produit, avant le 15/1", {}, SINCE)
    assert (found.due, found.owner) == ("2027-01-15", OWNER)
    assert said_apart(Condition(found), owner=owner) == rest


WORDS = st.sampled_from(
    [
        "Sécurité",
        ":",
        ",",
        ";",
        "avant",
        "le",
        "31/12/2026",
        "31",
        "décembre",
        "(avant",
        "@cheffe-produit",
        "audit",
        "½",
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
@example("avant le 31 décembre avant le 31/12/2026")
def test_no_word_is_added_and_the_others_keep_their_order(text):
    rest = beyond(text, SEAT, "2026-12-31", OWNER)
    kept = iter(normalised(text).replace(",", " ").replace(";", " ").replace(":", " ").split())
    said = normalised(rest).replace(",", " ").replace(";", " ").replace(":", " ").split()
    assert all(word in kept for word in said)
    assert bool(rest) == bool(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("au 15/12/2026 : dossier incomplet", "dossier incomplet"),
        ("jusqu’au mardi 15 décembre 2026, la sécurité est absente", "la sécurité est absente"),
        ("au 15 décembre : dossier incomplet", "dossier incomplet"),
        ("to 2026-12-15", ""),
        ("la sécurité est absente le 15/12/2026", "la sécurité est absente le 15/12/2026"),
        ("au 16/12/2026 : dossier incomplet", "au 16/12/2026 : dossier incomplet"),
        ("", ""),
    ],
)
def test_a_day_at_the_head_of_a_reason_is_not_said_again(text, rest):
    assert after_day(text, "2026-12-15") == rest
