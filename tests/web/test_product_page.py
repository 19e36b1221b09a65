"""The page of a product is its file: what it is, its answers, what was said, decided and owed, and all its history."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.domain.product.facts import (
    BallotVoided,
    ConditionLifted,
    ItemAnswered,
    PastPhase,
    PhaseEntered,
    Point,
    ProductDescribed,
    ProductFiled,
    ProductImported,
)
from tests.lives import REPOSITORY, Life
from tests.web.conftest import NOW, POLICY

FORM = (
    ("probleme", "Les demandes d’agrément arrivent par courrier ;\nil faut six semaines pour répondre."),
    ("utilisateurs", "300 agents en région, environ 8 000 associations par an."),
    ("vision", "Permettre à chaque association d’obtenir sa réponse en deux semaines, sans rien imprimer."),
    ("sponsor", "Sous-directrice de l’inclusion"),
    ("direction", "Direction de la cohésion sociale\nbureau des agréments"),
    ("radar", "Réutiliser : Démarches Simplifiées, https://www.demarches-simplifiees.fr"),
)


def ago(**span):
    return NOW - timedelta(**span)


def described(life, answers=FORM):
    """The same life, filed with a whole form."""
    filed = life.facts[0]
    assert isinstance(filed, ProductFiled)
    life.facts[0] = replace(filed, answers=answers)
    return life


def ticked(life, day, *items, answer="done", reason=""):
    note = life._note(day)
    life.facts += [ItemAnswered(**note, item=item, answer=answer, reason=reason) for item in items]
    return life


def agreements():
    """Refused once, gone to MVP under conditions, and asking for construction."""
    life = described(Life(POLICY, "Agréments en ligne", 11, ["design"]).filed(ago(days=200)))
    ticked(life, ago(days=190), "idee-vision", "idee-besoin")
    ticked(life, ago(days=189), "idee-personnelles", answer="na", reason="Aucune donnée <personnelle>")
    life.asked(ago(days=180), "mvp").vote(ago(days=178), "securite", "nogo", "Pas d’analyse de risques")
    life.decided(ago(days=170), "nogo").asked(ago(days=150), "mvp").vote(ago(days=149), "securite")
    life.decided(ago(days=140), "go", [("Chiffrer les sauvegardes", "2026-01-01"), ("Nommer un sponsor", "")])
    life.facts.append(
        ConditionLifted(**life._note(ago(days=100), "techno"), number=2, evidence="Voir https://exemple.gouv.fr/note")
    )
    ticked(life, ago(days=60), "mvp-equipe")
    life.facts.append(
        ProductDescribed(**life._note(ago(days=50)), title="Agréments en ligne", people=("cheffe-produit", "data"))
    )
    life.asked(ago(days=5), "construction").vote(ago(days=4), "securite", "go", conditions=["Refaire l’audit"])
    life.vote(ago(days=4), "design", "nogo", "Aucun test avec des usagers")
    life.vote(ago(days=3), "architecture", "recuse").vote(ago(days=3), "data", "abstain")
    return life


def taken_over():
    """Told by a former follow-up: three phases before ours."""
    life = Life(POLICY, "A Dock", 12)
    note = life._note(ago(days=30), "secretariat")
    past = (
        PastPhase("investigation", "idee", "2018-01-10", "2018-06-01"),
        PastPhase("construction", "construction", "2018-06-01", "2019-09-15"),
        PastPhase("acceleration", "generalisation", "2019-09-15", "mi-2020"),
        PastPhase("abandon", "arret", "2020-12-01", ""),
    )
    answers = (("vision", "Fluidifier les quais de chargement"), ("direction", "mtes"))
    source = "portefeuille beta.gouv.fr"
    life.facts = [
        ProductImported(**note, key="a-dock", title="A Dock", source=source, past=past, answers=answers),
        PhaseEntered(**note, phase="arret", imported=True, began=datetime(2020, 12, 1, tzinfo=UTC)),
    ]
    return life


def refused():
    life = described(Life(POLICY, "Chatbot", 13).filed(ago(days=90))).asked(ago(days=50), "poc")
    life.vote(ago(days=49), "design", "nogo", "Besoin non démontré").vote(ago(days=49), "data", "nogo", "Sans données")
    return life.decided(ago(days=40), "nogo")


def whole_products():
    return [life.tracked for life in (agreements(), taken_over(), refused())]


def page_of(pages, number, query=""):
    return pages.text(f"/produit/{REPOSITORY}/{number}{query}")


def part(text, name):
    """The text of one part, without its tags."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', text, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.fixture
def whole(pages):
    pages.holds(whole_products())
    return pages


def test_the_summary_says_what_it_is_what_is_asked_who_acts_and_by_when(whole):
    summary = page_of(whole, 11).partition('class="contents"')[0]
    for words in (
        "Permettre à chaque association",
        'phase-mvp">MVP</span>',
        "Le comité se prononce sur le passage vers Construction",
        "demandé par cheffe-produit",
        "Répondre avant le",
        "Avis reçus",
        "Sièges attendus",
        "Direction de la cohésion sociale",
    ):
        assert words in summary, words


def test_the_answers_are_under_their_aspects(whole):
    file = part(page_of(whole, 11), "dossier")
    for name in POLICY.aspects.values():
        assert name in file
    assert "300 agents en région" in file
    assert "Fait" in file
    assert "À faire" in file
    assert "bureau des agréments" not in file


def test_what_changed_since_the_last_decision_is_apart(whole):
    changed = part(page_of(whole, 11), "changements")
    assert "réserve 2 levée par techno" in changed
    assert "1 point coché par cheffe-produit" in changed
    assert "suivi par cheffe-produit, data" in changed
    assert "Vision du produit" not in changed  # ticked long before


def test_opinions_are_shown_with_their_words(whole):
    said = part(page_of(whole, 11), "avis")
    assert "Sécurité : Go sous réserve" in said
    assert "Refaire l’audit" in said
    assert "Design : No-go" in said
    assert "Aucun test avec des usagers" in said
    assert "Architecture : Déport" in said
    assert "Technologie" in said.partition("Sièges attendus")[2]


def test_each_condition_says_who_lifts_it_and_on_what_evidence(whole):
    owed = part(page_of(whole, 11), "reserves")
    assert "montrez la preuve ; le siège Technologie la lève" in owed
    assert "à la charge de cheffe-produit" in owed
    assert "(en retard)" in owed
    assert "levée par techno" in owed
    assert 'href="https://exemple.gouv.fr/note"' in page_of(whole, 11)


def test_decisions_give_their_reasons_and_the_history_is_whole(whole):
    text = page_of(whole, 11)
    decided = part(text, "decisions")
    assert "Idée → MVP : No-go" in decided
    assert "Sécurité : Pas d’analyse de risques" in decided
    assert "Idée → MVP : Go sous réserve" in decided
    history = part(text, "historique")
    assert history.index("dossier déposé par cheffe-produit") < history.index("entrée en phase Idée")
    assert "2 points cochés par cheffe-produit" in history
    assert "Aucune donnée &lt;personnelle&gt;" in history
    assert "passage vers Construction demandé par cheffe-produit" in history


def test_a_product_taken_over_shows_the_phases_told_before_under_their_names(whole):
    text = page_of(whole, 12)
    path = part(text, "parcours")
    for name in ("investigation", "construction", "acceleration", "abandon"):
        assert f"« {name} » dans l’ancien suivi" in path
    assert path.count("Entrée en phase") == 4
    assert "10 janvier 2018" in path
    assert "Fluidifier les quais" in text
    assert "portefeuille beta.gouv.fr" in part(text, "historique")


def test_an_ended_product_has_no_checklist_left(whole):
    text = page_of(whole, 12)
    assert not re.search(r"\b0 sur \d", text)
    assert "restent à traiter" not in text
    assert "À faire" not in text


def test_after_a_refusal_the_summary_lists_the_points(whole):
    summary = " ".join(page_of(whole, 13).partition('class="contents"')[0].split())
    assert "Refusé le" in summary
    assert "2 points à revoir" in summary
    assert "Design : Besoin non démontré" in summary
    assert "L’équipe reprend ces points" in summary


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("number", [11, 12, 13])
def test_headings_are_in_order_and_the_contents_lead_to_each_part(whole, language, number):
    text = page_of(whole, number, f"?lang={language}")
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    contents = re.search(r'<nav class="contents".*?</nav>', text, re.DOTALL)[0]
    for name in re.findall(r'href="#([^"]+)"', contents):
        assert f'<h2 id="{name}"' in text


def test_a_person_s_words_stay_words(pages):
    life = described(Life(POLICY, "Essai", 1).filed(ago(days=9)), (("vision", "<b>gras</b> javascript:alert(1)"),))
    life.asked(ago(days=5), "mvp").vote(ago(days=4), "design", "nogo", "<img src=x> https://a.fr/?a=1&b=<2>")
    pages.holds([life.tracked])
    text = page_of(pages, 1)
    assert "<b>" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert 'rel="nofollow noopener noreferrer"' in text


def test_a_fact_of_another_release_does_not_close_the_page(pages):
    life = agreements()
    life.facts.append(BallotVoided(**life._note(ago(days=1)), gate=3, comment=0, voter="design"))
    pages.holds([life.tracked])
    assert "l’avis de design ne compte plus" in page_of(pages, 11)


def test_each_refused_point_is_shown_with_what_changed(pages):
    life = refused().asked(ago(days=5), "poc", revisit=[Point("Design", "Besoin non démontré"), Point("", "Trop tôt")])
    life.facts[-1] = replace(life.facts[-1], changes=("Dix entretiens menés",))
    pages.holds([life.tracked])
    said = part(page_of(pages, 13), "avis")
    assert "Besoin non démontré Ce qui a changé : Dix entretiens menés" in said
    assert said.count("Ce qui a changé") == 1
