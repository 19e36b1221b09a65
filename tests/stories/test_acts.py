"""What people do from the pages: a comment of theirs on GitHub, then the ordinary way, and a receipt that says so."""

from __future__ import annotations

import re

import pytest

from app.domain.product.facts import ItemAnswered
from app.shipped_files import default_policy
from tests.acts import PRODUCT, Site, people

assert people  # a fixture


@pytest.fixture
def site(stage):
    found = Site(stage)
    yield found
    found.close()


@pytest.fixture
def number(stage):
    return stage.filed(ready=True)


@pytest.fixture
def gate(stage, number):
    stage.says("cheffe-produit", number, "/demande")
    return number


def last(stage, number):
    return stage.world.issues[number].comments[-1]


def test_a_vote_from_a_page_is_a_comment_of_the_voter_and_counts(stage, site, people, gate):
    secu = people("secu")
    review, sent = secu.says(f"{PRODUCT}/{gate}/avis", choix="go")
    assert review.exact == "/go"
    assert re.fullmatch(rf"{site.url}{PRODUCT}/{gate}/recu/\d+\?preuve=\w+", sent.url)
    comment = last(stage, gate)
    assert (comment.author, comment.body) == ("secu", "/go")
    assert "Votre commentaire est publié" in sent.said
    assert f"issues/{gate}#issuecomment-{comment.id}" in sent.text
    assert "Jalon le lit" in sent.said
    stage.settle()
    again = secu.opens(sent.url)
    assert "Votre avis Go est compté pour Sécurité." in again.said
    assert "http-equiv" not in again.text
    assert "| Sécurité" in "\n".join(stage.said(gate))


def test_a_mind_changed_is_shown_and_counts(stage, people, gate):
    secu = people("secu")
    secu.says(f"{PRODUCT}/{gate}/avis", choix="go")
    stage.settle()
    page = secu.opens(f"{PRODUCT}/{gate}/avis")
    assert "Votre avis aujourd’hui : Go." in page.said
    review, sent = secu.says(f"{PRODUCT}/{gate}/avis", choix="nogo", raison="Pas d’audit.\n\n- ni de plan")
    assert review.exact == "/nogo : Pas d’audit.\n- ni de plan"
    stage.settle()
    assert "Votre avis No-go est compté pour Sécurité." in secu.opens(sent.url).said
    assert "Votre avis aujourd’hui : No-go." in secu.opens(f"{PRODUCT}/{gate}/avis").said


def test_conditions_are_read_with_their_parts(stage, people, gate):
    secu = people("secu")
    page = secu.enters(f"{PRODUCT}/{gate}/avis")
    first = {"texte_1": "faire relire les droits", "aspect_1": "securite", "responsable_1": "@cheffe-produit"}
    longer = secu.sends(page, page.form(choix="reserve"), "ajouter", **first, echeance_1="2031-03-01")
    assert "faire relire les droits" in longer.text
    assert 'name="texte_2"' in longer.text
    typed = {**first, "echeance_1": "2031-03-01", "texte_2": "publier le code"}
    review = secu.sends(longer, longer.form(choix="reserve"), **typed)
    assert review.exact == (
        "/go sous réserve\n- Sécurité : faire relire les droits, @cheffe-produit, avant le 01/03/2031\n- publier le code"
    )
    sent = secu.sends(review, review.form(), "publier")
    stage.settle()
    assert "Votre avis Go sous réserve est compté pour Sécurité." in secu.opens(sent.url).said


def test_a_team_ticks_asks_and_withdraws(stage, people):
    number = stage.filed()
    chef = people("cheffe-produit")
    page = chef.enters(f"{PRODUCT}/{number}/demande")
    assert "Ce qui manque" in page.said
    review, sent = chef.says(f"{PRODUCT}/{number}/demande", cible="poc")
    stage.settle()
    assert "ne peut pas encore être ouvert" in chef.opens(sent.url).said, "the refusal's own sentence"
    review, sent = chef.says(f"{PRODUCT}/{number}/point/2", choix="fait")
    assert review.exact == "/coche 2"
    stage.settle()
    assert "Le point est noté comme fait." in chef.opens(sent.url).said
    review, sent = chef.says(f"{PRODUCT}/{number}/point/3", choix="sans-objet", raison="aucune donnée")
    assert review.exact == "/sans-objet 3 : aucune donnée"
    stage.settle()
    assert "sans objet" in chef.opens(sent.url).said
    stage.says("cheffe-produit", number, "/coche 1 2 4 5 6 7 8 9 10 11 12 13 14")
    _, sent = chef.says(f"{PRODUCT}/{number}/demande", cible="poc")
    stage.settle()
    assert "Le passage vers POC est ouvert" in chef.opens(sent.url).said
    _, sent = chef.says(f"{PRODUCT}/{number}/retrait", raison="trop tôt")
    stage.settle()
    assert "La demande est retirée." in chef.opens(sent.url).said


def test_from_what_waits_for_me_a_vote_takes_three_taps(stage, people, gate):
    secu = people("secu")
    mine = secu.enters("/moi")
    (link,) = re.findall(r'class="button" href="([^"]+/avis)"', mine.text)
    vote = secu.opens(link)  # one
    review = secu.sends(vote, vote.form(choix="go"))  # two
    sent = secu.sends(review, review.form(), "publier")  # three
    assert "Votre commentaire est publié" in sent.said
    stage.settle()
    assert link not in secu.opens("/moi").text, "nothing waits any more"


def test_a_condition_is_lifted_by_the_seat_that_set_it(stage, people, gate):
    stage.says("secu", gate, "/go sous réserve\n- Sécurité : audit, avant le 1er mars 2031")
    stage.decided(gate, seats=("techno", "archi", "communs", "design", "data", "transfo"))
    secu, chef = people("secu"), people("cheffe-produit")
    page = secu.enters(f"{PRODUCT}/{gate}")
    assert f"{PRODUCT}/{gate}/reserve/1" in page.text
    assert f"{PRODUCT}/{gate}/reserve/1" not in chef.enters(f"{PRODUCT}/{gate}").text
    assert "jamais par l’équipe du produit" in chef.enters(f"{PRODUCT}/{gate}/reserve/1").said
    review, sent = secu.says(f"{PRODUCT}/{gate}/reserve/1", preuve="https://exemple.fr/audit.pdf")
    assert review.exact == "/levée 1 : https://exemple.fr/audit.pdf"
    stage.settle()
    assert "La réserve 1 est levée." in secu.opens(sent.url).said


def test_a_question_is_answered_and_a_proposed_answer_confirmed(stage, people):
    number = stage.filed()
    chef = people("cheffe-produit")
    page = chef.enters(f"{PRODUCT}/{number}/point/2")
    assert "Réponse proposée, à confirmer" in page.said
    assert "Une réponse" in page.said, "what the form says"
    review, sent = chef.says(f"{PRODUCT}/{number}/point/2", choix="confirme")
    assert review.exact == "/confirme 2"
    stage.settle()
    assert "Le point est noté comme fait." in chef.opens(sent.url).said
    text = "Deux vagues :\r\n\r\n- la DNUM\r\n- les préfectures"
    review, sent = chef.says(f"{PRODUCT}/{number}/point/2", choix="reponse", reponse=text)
    assert review.exact == "/réponse 2 : Deux vagues :\n\n- la DNUM\n- les préfectures"
    stage.settle()
    assert "Le point est noté comme fait." in chef.opens(sent.url).said
    again = chef.opens(f"{PRODUCT}/{number}/point/2")
    assert "Réponse donnée :" in again.said
    assert "les préfectures</blockquote>" in again.text
    stage.says("cheffe-produit", number, "/réponse 4 : par un commentaire")
    stage.settle()
    given = [entry.fact for entry in stage.register.entries() if isinstance(entry.fact, ItemAnswered)]
    assert [one.source for one in given if one.text] == ["form", "page", ""]
    page = chef.opens(f"{PRODUCT}/{number}/point/6")
    refused = chef.sends(page, page.form(choix="reponse"), reponse="sans lien")
    assert (refused.status, "Donnez un lien" in refused.said) == (422, True)
    assert 'aria-describedby="reponse-erreur"' in refused.text
    assert ">\nsans lien</textarea>" in refused.text


@pytest.mark.slow
def test_after_a_no_go_the_team_comes_back_with_what_has_changed(stage, people, gate):
    refusing = {"techno": "la dette n’est pas chiffrée", "secu": "pas d’audit", "archi": "aucun plan"}
    for seat, reason in refusing.items():
        people(seat).says(f"{PRODUCT}/{gate}/avis", choix="nogo", raison=reason)
        stage.settle()
    for seat in ("communs", "design"):
        stage.says(seat, gate, "/nogo pas prêt")
    stage.says("secretariat", gate, "/clore")
    assert "phase: idée" in stage.labels(gate)
    chef = people("cheffe-produit")
    page = chef.enters(f"{PRODUCT}/{gate}/demande")
    assert "Points refusés au passage vers POC" in page.said
    count = len(re.findall(r'name="point_poc_\d+"', page.text))
    assert count == len(refusing) + 2
    missing = chef.sends(page, page.form(), cible="poc", point_poc_1="elle est chiffrée")
    assert missing.status == 422
    assert "Dites ce qui a changé sur ce point" in missing.said
    assert "elle est chiffrée" in missing.text, "what was typed is kept"
    told = {f"point_poc_{number}": f"c’est fait, point {number}" for number in range(1, count + 1)}
    review, sent = chef.says(f"{PRODUCT}/{gate}/demande", cible="poc", **told)
    assert review.exact.splitlines() == ["/demande poc", *(f"{n} : {text}" for n, text in enumerate(told.values(), 1))]
    stage.settle()
    assert "Le passage vers POC est ouvert" in chef.opens(sent.url).said
    assert any(
        "c’est fait, point 1" in one.body for one in stage.world.issues[gate].comments if one.author == stage.world.bot
    )


def test_a_lead_is_answered_from_the_page(stage, people):
    first = stage.filed(title="Zorglub")
    number = stage.world.open_issue("cheffe-produit", "Autre besoin", as_zorglub(), ["produit"]).number
    stage.settle()
    chef = people("cheffe-produit")
    page = chef.enters(f"{PRODUCT}/{number}")
    assert f"{PRODUCT}/{number}/piste/1" in page.text
    assert f"{PRODUCT}/{number}/piste/1" not in people("visiteur").enters(f"{PRODUCT}/{number}").text
    assert "Seules les personnes du produit" in people("visiteur").enters(f"{PRODUCT}/{number}/piste/1").said
    page = chef.opens(f"{PRODUCT}/{number}/piste/1")
    for typed, told in (
        ({"choix": "ecarte", "raison": "non"}, "10 caractères au moins"),
        ({"choix": "rien"}, "Choisissez une des réponses"),
    ):
        refused = chef.sends(page, page.form(choix="ecarte"), **typed)
        assert (refused.status, told in refused.said) == (422, True)
    review, sent = chef.says(f"{PRODUCT}/{number}/piste/1", choix="ecarte", raison="un autre public que le nôtre")
    assert review.exact == "/écarte 1 : un autre public que le nôtre"
    stage.settle()
    assert "Zorglub est écarté" in chef.opens(sent.url).said
    for choice, exact in (("adapte", "/adapte 1 : il manque les droits"), ("reutilise", "/réutilise 1")):
        typed = {"raison": "il manque les droits"} if choice == "adapte" else {}
        review, sent = chef.says(f"{PRODUCT}/{number}/piste/1", choix=choice, **typed)
        assert review.exact == exact
        stage.settle()
    assert "Zorglub est réutilisé" in chef.opens(sent.url).said
    assert first < number


def as_zorglub():
    """A need that names the other."""
    asked = (one for one in default_policy().questions if not one.only_if_asked)
    words = {"existant": "Nous connaissons « Zorglub »."}
    return "\n\n".join(f"### {one.labels[0]}\n\n{words.get(one.id, f'Selon {one.id}')}" for one in asked)
