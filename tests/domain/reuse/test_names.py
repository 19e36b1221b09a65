from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reuse.names import NameBook

NAMES = {
    "commun:proconnect": ("ProConnect", "AgentConnect", "SSO du ministère"),
    "commun:grist": ("Grist",),
    "commun:dsfr": ("Système de design de l’État (DSFR)",),
    "commun:panoramax": ("Panoramax - Base vues immersives libres",),
    "commun:datagouv": ("data.gouv.fr",),
    "produit:signal": ("Signal Logement (ex:Histologe)",),
    "produit:suivi": ("Mon Suivi Justice",),
    "produit:collectivite": ("Mon espace collectivité",),
    "produit:aides": ("Mes Aides",),
    "produit:reno": ("Mes Aides Réno",),
    "produit:carbure": ("Carbure",),
    "produit:zam": ("Zam",),
    "produit:maraudes": ("maraudes",),
    "produit:rdv": ("rdv-insertion",),
    "produit:arbre": ("1 jeune 1 arbre",),
    "produit:conges": ("Gestion des congés",),
    "produit:avril": ("Avril",),
    "produit:agora": ("Agora",),
    "produit:messages": ("Messages",),
    "produit:projets": ("Projets",),
    "produit:docs": ("Docs (bis)",),
    "produit:x": ("X", ""),
    "produit:long": ("Cœur d’Été",),
}


def book(names=NAMES):
    one = NameBook()
    for ref, written in names.items():
        one.put(ref, written)
    return one


BOOK = book()


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("Les agents s’identifient par ProConnect.", "commun:proconnect"),
        ("ProConnect est utilisé.", "commun:proconnect"),
        ("Avant, AgentConnect.", "commun:proconnect"),
        ("le SSO du ministere suffit", "commun:proconnect"),
        ("Nos données sont dans Grist, puis sur data.gouv.fr", "commun:grist commun:datagouv"),
        ("une page au DSFR", "commun:dsfr"),
        ("le Système de design de l'État", "commun:dsfr"),
        ("des photos de Panoramax", "commun:panoramax"),
        ("reprendre Histologe ou Signal Logement", "produit:signal"),
        ("la même idée que Mon  Suivi Justice", "produit:suivi"),
        ("intégré à Mon espace collectivité en 2025", "produit:collectivite"),
        ("« Mon espace collectivité »", "produit:collectivite"),
        ("Nous avons vu Mes Aides Réno", "produit:reno"),
        ("Nous avons vu Mes Aides, Réno et d’autres", "produit:aides"),
        ("un module du logiciel Carbure", "produit:carbure"),
        ("- Carbure : les biocarburants\n- Zam (amendements)", "produit:carbure produit:zam"),
        ("**Carbure**", "produit:carbure"),
        ("- Mon Suivi Justice : des rappels", "produit:suivi"),
        ("comme le fait déjà Gestion des congés", "produit:conges"),
        ("on utilise « maraudes » le soir", "produit:maraudes"),
        ("voir rdv-insertion", "produit:rdv"),
        ("comme 1 jeune 1 arbre", "produit:arbre"),
        ("on lit Coeur d'Ete ici", "produit:long"),
    ],
)
def test_a_name_is_recognised(text, refs):
    assert BOOK.found((text,), "") == tuple(refs.split())


@pytest.mark.parametrize(
    "text",
    [
        "En Avril, l’Agora reçoit des Messages : Projets et Docs.",
        "« Avril », « Agora », « Messages »",
        "Les proconnect et PROCONNECT",
        "Le Gristmill",
        "Mon espace collectivité est plein",
        "Mes Aides ne viennent pas",
        "nous tenons mes aides",
        "- Gestion des congés : à revoir",
        "Gestion des congés des agents",
        "Carbure que nous brûlons",
        "Fin de phrase. Carbure brûlé",
        "les maraudes du soir",
        "un rdv insertion",
        "Système de\ndesign de l’État. ",
        "Mon Suivi. Justice",
        "Mon Suivi, et encore Justice",
        "X",
        "",
    ],
)
def test_ordinary_words_are_no_name(text):
    assert BOOK.found((text,), "") == ()


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("Grist et un tableur", "commun:grist"),
        ("Zam permet d’en lire une partie", "produit:zam"),
        ("Réutiliser : rien. Adapter : Grist", "commun:grist"),
        ("Messages échangés par courriel", ""),
        ("Avril dernier, rien", ""),
    ],
)
def test_where_names_are_asked_for_one_may_come_first(text, refs):
    assert BOOK.found((), "", (text,)) == tuple(refs.split())


def test_never_oneself_nor_a_namesake():
    same = book({"produit:1": ("Herbier national",), "produit:2": ("Herbier national",), "produit:3": ("Zam",)})
    text = ("Refonte de Herbier National et de Zam", "Nous aimons Herbier national")
    assert same.found(text, "produit:1") == ("produit:3",)
    assert same.found(text, "produit:9") == ("produit:3", "produit:1", "produit:2")


def test_names_in_the_order_they_are_met_each_once():
    texts = ("avec Zam puis Grist", "Grist encore, et ProConnect")
    assert BOOK.found(texts, "") == ("produit:zam", "commun:grist", "commun:proconnect")


def test_a_name_given_up_is_recognised_no_more():
    one = book({"produit:1": ("Zam",), "produit:2": ("Zam",)})
    one.put("produit:1", ("Visam",))
    assert one.found(("avec Zam et Visam",), "") == ("produit:2", "produit:1")
    one.drop("produit:2")
    one.drop("produit:2")
    assert one.found(("avec Zam et Visam",), "") == ("produit:1",)


@given(st.permutations(list(NAMES.items())), st.text(max_size=80))
def test_the_order_of_names_changes_nothing(items, text):
    texts = (text, "Zam, Grist, Mes Aides Réno, la Carbure")
    assert book(dict(items)).found(texts, "") == BOOK.found(texts, "")
