from __future__ import annotations

import pytest

from app.domain.reuse.catalogue import Common, Reflex
from app.domain.reuse.need import Filing, Need
from app.domain.reuse.reflexes import MOST_DECLARED, commons_to_ask

PROCONNECT = Common("proconnect", "ProConnect", "", reflex=Reflex(("agents", "professionnels", "usagers", "...")))
GRIST = Common("grist", "Grist", "", reflex=Reflex(("tableau partagé", "Excel")))
RDV = Common("rdv", "RDV Service Public", "", reflex=Reflex(("rendez-vous",)))
DSFR = Common("dsfr", "DSFR", "", reflex=Reflex(("site web",)))
COMMONS = (PROCONNECT, Common("autre", "Autre", ""), GRIST, RDV, DSFR)


def ids(text="", answers=(), commons=COMMONS):
    return [one.id for one in commons_to_ask(Filing(Need("produit:1", "", "", text), (), answers), commons)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Les agents attendent.", []),
        ("Les agents et les usagers attendent.", ["proconnect"]),
        ("Chaque professionnel attend.", []),
        ("Chaque professionnel attend les agents.", ["proconnect"]),
        ("Un site web", ["dsfr"]),
        ("Des tableaux partagés par courriel", ["grist"]),
        ("Un tableau qui n’est pas partagé", []),
        ("Un rendez\u2011vous, puis un fichier EXCEL", ["grist", "rdv"]),
        ("se rendre à un vous", []),
    ],
)
def test_a_condition_is_met_by_words_in_a_row(text, expected):
    assert ids(text) == expected


def test_the_form_is_read_but_for_boxes_left_unticked():
    assert ids(answers=(("publics", "- [x] Professionnels\n- [x] Agents\n- [ ] Rendez-vous"),)) == ["proconnect"]


def test_not_those_that_are_not_to_be_proposed_nor_more_than_six():
    many = tuple(Common(f"c{n}", "C", "", reflex=Reflex(("carte",)), is_proposed=n > 0) for n in range(9))
    assert ids("une carte", commons=many) == [f"c{n}" for n in range(1, MOST_DECLARED + 1)]
