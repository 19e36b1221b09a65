"""A session from its page: the files one by one, each decision a comment of the secretariat, its papers at once."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta

import pypdf
import pytest

from app.domain.policy.calendar import day_of, next_session
from app.domain.policy.model import TIMEZONE
from app.github.published import publish
from app.shipped_files import default_policy
from tests.acts import PRODUCT, Site, people

assert people  # a fixture
SAT = {"siege_technologie": "oui", "siege_architecture": "oui", "siege_communs": "oui", "siege_design": "oui"}
SAT |= {"siege_data": "oui", "siege_securite": "oui", "siege_cloud-fabrique": "oui", "siege_transformation": "oui"}


@pytest.fixture
def site(stage):
    found = Site(stage)
    yield found
    found.close()


@pytest.fixture
def held(stage, site):
    """The last session, before which two gates were requested; it is looked at on its own day."""
    day = next_session(default_policy().committee, day_of(stage.now, TIMEZONE) + timedelta(days=4))
    stage.now += timedelta(days=(day - day_of(stage.now, TIMEZONE)).days - 3)
    numbers = [stage.filed(ready=True), stage.filed(ready=True)]
    for number in numbers:
        stage.says("cheffe-produit", number, "/demande")
    stage.now += timedelta(days=3)
    return day.isoformat(), numbers


def test_the_files_are_decided_one_by_one_and_the_minutes_tell_it(stage, site, people, held):
    day, (first, second) = held
    keeper = people("secretariat")
    page = keeper.enters(f"/seances/{day}")
    assert "2 dossiers" in page.said
    shown = keeper.opens(f"/seances/{day}/dossier/{first}")
    assert re.search(rf'rel="next" href="/seances/{day}/dossier/{second}"', shown.text)
    assert "Go sous réserve" in shown.said
    form = shown.form(choix="reserve")
    answer = keeper.post(
        f"{site.url}{PRODUCT}/{first}/decision",
        {**form.fields, **SAT, "texte_1": "relire les droits", "echeance_1": "2031-03-01", "etape": "relire"},
        headers={"Origin": site.url, "Sec-Fetch-Site": "same-origin"},
        timeout=30,
    )
    review = type(page)(answer)
    french = "/".join(reversed(day.split("-")))
    assert review.exact.startswith(f"/décision go\nséance : {french}\nprésents : Technologie, Architecture,")
    assert "data" in review.exact or "Produits data" in review.exact
    assert review.exact.endswith("réserves :\n- relire les droits, avant le 01/03/2031")
    sent = keeper.sends(review, review.form(), "publier")
    again = keeper.sends(review, review.form(), "publier")
    assert again.url == sent.url
    assert [one.body for one in stage.world.issues[first].comments].count(review.exact) == 1
    assert "Retour à la séance" in sent.said
    stage.settle()
    assert "le comité a décidé" in keeper.opens(sent.url).said
    done = keeper.opens(f"/seances/{day}")
    assert "Go sous réserve" in done.said
    told = keeper.opens(f"/seances/{day}/releve").said
    assert "relire les droits" in told
    assert "Dossiers inscrits et non traités" in told
    found = keeper.get(f"{site.url}/seances/{day}/releve?format=pdf", timeout=30)
    assert found.headers["Content-Type"] == "application/pdf"
    assert "Relevé de décisions" in pypdf.PdfReader(io.BytesIO(found.content)).pages[0].extract_text()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"choix": "nogo", "raison": ""}, "Écrivez quelques mots"),
        ({"choix": "go", "seance": ""}, "Dites le jour de la séance."),
        ({"choix": "go", "seance": "2031-01-07"}, "Cette séance n’a pas encore eu lieu."),
        ({"choix": "go", "seance": "demain"}, "Cette date n’en est pas une"),
        ({"choix": "report", "jusqu_au": "bientôt"}, "Cette date n’en est pas une"),
        ({"choix": "nogo", "raison": "x" * 4_000}, "C’est trop long"),
        ({"choix": "autre"}, "Choisissez une des réponses"),
    ],
)
def test_what_is_lacking_is_told_and_nothing_leaves(stage, people, held, typed, said):
    day, (first, _) = held
    keeper = people("secretariat")
    page = keeper.enters(f"{PRODUCT}/{first}/decision")
    before = len(stage.world.issues[first].comments)
    answer = keeper.sends(page, page.form(choix="go"), **({"seance": day} | typed))
    assert answer.status == 422
    assert said in answer.said
    assert len(stage.world.issues[first].comments) == before


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ({"choix": "report", "jusqu_au": "2027-03-02", "raison": "budget"}, "report au 02/03/2027"),
        ({"choix": "report"}, "report"),
        ({"choix": "nogo", "raison": "trop tôt"}, "nogo"),
    ],
)
def test_each_outcome_is_said_in_the_words_of_the_command(people, held, typed, ends):
    day, (first, _) = held
    keeper = people("secretariat")
    page = keeper.enters(f"{PRODUCT}/{first}/decision")
    review = keeper.sends(page, page.form(choix="go"), **({"seance": day} | typed))
    assert review.exact.split("\n")[0] == f"/décision {ends}"


def test_others_read_and_do_not_decide(stage, site, people, held):
    day, (first, _) = held
    member = people("secu")
    shown = member.enters(f"/seances/{day}/dossier/{first}")
    assert "etape" not in shown.text
    assert "Seul le secrétariat" in member.opens(f"{PRODUCT}/{first}/decision").said
    assert member.opens("/seances").status == 200
    assert member.opens("/seances/2026-02-30").status == 404
    assert member.opens(f"/seances/{day}/dossier/999").status == 404
    off = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert member.opens(f"/seances/{off}").status == 404


def test_minutes_wait_for_the_day_of_the_session(stage, people, held):
    day, _ = held
    member = people("secu")
    member.enters("/seances")
    following = next_session(default_policy().committee, date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert member.opens(f"/seances/{following}/ordre-du-jour").status == 200
    assert member.opens(f"/seances/{following}/releve").status == 404
    assert "Session of" in member.opens(f"/seances/{day}?lang=en").said


def test_the_attendance_is_entered_once_and_every_decision_refers_to_it(stage, site, people, held):
    day, (first, _) = held
    keeper = people("secretariat")
    none_yet = keeper.enters(f"/seances/{day}/emargement")
    assert (none_yet.status, "n’est pas encore publié" in none_yet.said) == (409, True)
    number = publish(stage.client, stage.world.repository, "ordre-du-jour", day, "# Ordre du jour", None)
    stage.settle()
    form = keeper.opens(f"/seances/{day}/emargement")
    sits = dict.fromkeys(SAT, "present") | {"siege_securite": "remplace", "par_securite": "@cloud-ops"}
    sits |= {"siege_design": "excuse", "invites": "Une invitée, DINUM", "lieu": "Salle 204", "debut": "09:30"}
    seal = re.findall(r'name="jeton" value="([^"]+)"', form.text)[-1]  # the first one ends the session
    typed = {"jeton": seal, **sits}
    ours = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    where = f"{site.url}/seances/{day}/emargement"
    review = type(form)(keeper.post(where, {**typed, "etape": "relire"}, headers=ours, timeout=30))
    assert review.status == 200, review.said
    assert review.exact.split("\n")[0] == "/émargement"
    assert "remplacés : Sécurité par cloud-ops" in review.exact
    assert review.exact.endswith("lieu : Salle 204\n\n/début 09:30")
    ready = {**re_hidden(review), "etape": "publier"}
    sent = type(form)(keeper.post(where, ready, headers=ours, timeout=30))
    again = type(form)(keeper.post(where, ready, headers=ours, timeout=30))
    assert sent.url == again.url
    assert [one.body for one in stage.world.issues[number].comments].count(review.exact) == 1
    assert "Jalon le lit" in sent.said
    stage.settle()
    shown = keeper.opens(f"/seances/{day}").said
    assert "Sécurité : remplacé·e par cloud-ops." in shown
    assert "Invités : Une invitée, DINUM." in shown
    page = keeper.opens(f"{PRODUCT}/{first}/decision")
    review = keeper.sends(page, page.form(choix="go"), seance=day)
    assert "présents" not in review.exact
    keeper.sends(review, review.form(), "publier")
    stage.settle()
    minutes = keeper.opens(f"/seances/{day}/releve").said
    assert "Séance tenue : Salle 204, de 09:30." in minutes
    assert "Sécurité : titulaire remplacé·e par cloud-ops." in minutes
    assert "Go" in keeper.opens(f"/seances/{day}").said


def re_hidden(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found}


def test_only_the_secretariat_enters_the_attendance(people, held):
    day, _ = held
    member = people("secu")
    assert member.enters(f"/seances/{day}/emargement").status == 403
