"""What somebody may try in order to act from the pages for somebody else, or elsewhere than they may: all of it refused."""

from __future__ import annotations

import html
import json
import logging
import re
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa

from app.store.sealed import SealedValues
from app.web import session as sessions
from tests.acts import PRODUCT, Form, Page, Person, Site, people
from tests.stage import Stage

pytestmark = pytest.mark.slow  # a whole Jalon and its pages for each attempt: `make long`

VOTE = f"{PRODUCT}/1/avis"
assert people  # a fixture


@pytest.fixture
def site(tmp_path):
    stage = Stage.at(tmp_path)
    stage.filed(ready=True)
    stage.says("cheffe-produit", 1, "/demande")
    found = Site(stage)
    yield found
    found.close()
    stage.close()


def said_by(site, login, number=1):
    """What somebody wrote on GitHub since the gate was asked for."""
    return [one.body for one in site.stage.world.issues[number].comments if one.author == login]


@pytest.fixture
def ready(site, people):
    """Somebody in front of the comment that they are about to publish, and what the button would send."""
    secu = people("secu")
    page = secu.enters(VOTE)
    review = secu.sends(page, page.form(choix="go"))
    return secu, review, review.form()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_page_of_elsewhere_publishes_nothing(site, ready, headers):
    secu, review, form = ready
    assert secu.sends(review, form, "publier", headers).status == 403
    assert said_by(site, "secu") == []


@pytest.mark.parametrize("seal", ["", "x", "a.b", "é.é", "."])
def test_a_form_without_our_seal_publishes_nothing(site, ready, seal):
    secu, review, form = ready
    assert secu.sends(review, form, "publier", jeton=seal).status == 403
    assert said_by(site, "secu") == []


def test_the_seal_of_somebody_else_or_of_another_session_is_worth_nothing(site, people, ready):
    _, review, form = ready
    techno = people("techno")
    techno.enters(VOTE)
    assert techno.sends(review, form, "publier").status == 403
    again = people("secu")
    again.enters(VOTE)
    assert again.sends(review, form, "publier").status == 403
    assert said_by(site, "secu") == said_by(site, "techno") == []


@pytest.mark.parametrize(
    "path", [f"{PRODUCT}/2/avis", f"{PRODUCT}/1/retrait", f"{PRODUCT}/1/demande", f"{PRODUCT}/1/point/3"]
)
def test_a_form_is_sent_to_the_product_and_for_the_act_it_was_made_for(site, people, path):
    site.stage.filed()
    secretary = people("secretariat")
    secretary.enters("/moi")
    page = secretary.opens(f"{PRODUCT}/1/retrait")
    review = secretary.sends(page, page.form())
    review.url = site.url + (path if path != f"{PRODUCT}/1/retrait" else f"{PRODUCT}/1/point/2")
    assert secretary.sends(review, review.form(), "publier").status == 403
    assert said_by(site, "secretariat") == []


def test_a_form_sent_twice_writes_once_and_shows_the_same_receipt(site, ready):
    secu, review, form = ready
    first, second = (secu.sends(review, form, "publier") for _ in range(2))
    assert first.url == second.url
    assert said_by(site, "secu") == ["/go"]


def test_a_form_of_a_former_gate_is_not_sent_to_the_next_one(site, ready):
    secu, review, form = ready
    site.stage.says("cheffe-produit", 1, "/retrait")
    site.stage.says("cheffe-produit", 1, "/demande")
    page = secu.sends(review, form, "publier")
    assert (page.status, "La situation a changé" in page.said) == (409, True)
    assert said_by(site, "secu") == []


def test_what_was_reviewed_is_what_is_published(site, ready):
    secu, review, form = ready
    page = secu.sends(review, form, "publier", choix="nogo", raison="autre chose")
    assert page.exact == "/nogo : autre chose", "reviewed anew"
    assert said_by(site, "secu") == []


@pytest.mark.parametrize(
    ("login", "path", "why"),
    [
        ("visiteur", VOTE, "Vous n’occupez pas de siège"),
        ("secretariat", VOTE, "Vous n’occupez pas de siège"),
        ("secu", f"{PRODUCT}/1/retrait", "Seules les personnes du produit"),
        ("visiteur", f"{PRODUCT}/1/point/2", "Seules les personnes du produit"),
        ("cheffe-produit", f"{PRODUCT}/1/point/99", "n’est pas dans la liste"),
        ("cheffe-produit", f"{PRODUCT}/1/demande", "déjà ouvert"),
        ("secu", f"{PRODUCT}/1/reserve/1", "n’existe pas"),
        ("cheffe-produit", f"{PRODUCT}/1/piste/1", "n’est pas, ou n’est plus, proposée"),
    ],
)
def test_what_is_not_theirs_has_no_form_and_says_why(site, people, login, path, why):
    page = people(login).enters(path)
    assert why in page.said
    assert [form for form in page.forms if "etat" in form.fields] == []


def test_a_seat_lost_between_the_form_and_its_sending_is_told_and_nothing_is_lost(site, ready):
    secu, review, form = ready
    site.stage.says("secu", 1, "/déport")
    page = secu.sends(review, form, "publier", choix="nogo", raison="mes raisons")
    assert (page.status, "Vous vous êtes déporté" in page.said, "mes raisons" in page.said) == (409, True, True)
    assert said_by(site, "secu") == ["/déport"]


@pytest.mark.parametrize("path", ["/produit/dnum/secret/1/avis", f"{PRODUCT}/99/avis", "/produit/../x/1/avis"])
def test_a_product_that_is_not_shown_to_them_does_not_exist(people, path):
    secu = people("secu")
    secu.enters("/moi")
    assert secu.opens(path).status == 404


def test_who_may_no_longer_read_the_repository_is_told_by_github(site, ready):
    secu, review, form = ready
    site.stage.world.people["secu"].role = "none"
    page = secu.sends(review, form, "publier")
    assert (page.status, "GitHub ne vous montre pas ce dossier" in page.said) == (502, True)
    assert said_by(site, "secu") == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "GitHub ne vous laisse pas"),
        (404, "GitHub ne vous montre pas"),
        (410, "a été supprimé"),
        (422, "ce texte"),
    ],
)
def test_what_github_refuses_is_told_and_the_words_are_kept(site, people, status, told):
    secu = people("secu")
    page = secu.enters(VOTE)
    review = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    site.hub.faults.add({"kind": "refused", "status": status, "match": "POST .*/comments", "next": 1})
    page = secu.sends(review, review.form(), "publier")
    assert (page.status, told in page.said, "il manque un audit" in page.said) == (502, True, True)
    assert said_by(site, "secu") == []
    again = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    assert "Votre commentaire est publié" in secu.sends(again, again.form(), "publier").said


def test_an_answer_of_github_that_is_lost_writes_once(site, people):
    secu = people("secu")
    page = secu.enters(VOTE)
    review = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    site.hub.faults.add({"kind": "error-after", "match": "POST .*/comments", "next": 1})
    assert "Votre commentaire est publié" in secu.sends(review, review.form(), "publier").said
    assert said_by(site, "secu") == ["/nogo : il manque un audit"]


def test_a_github_that_is_away_is_told_and_nothing_is_lost(site, people):
    secu = people("secu")
    page = secu.enters(VOTE)
    review = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    site.hub.faults.add({"kind": "error-before", "match": "comments", "next": 2})
    page = secu.sends(review, review.form(), "publier")
    assert (page.status, "GitHub n’a pas répondu" in page.said, "il manque un audit" in page.said) == (503, True, True)
    assert "Ce formulaire est déjà parti" in secu.sends(review, review.form(), "publier").said
    assert said_by(site, "secu") == []


def test_a_session_that_ended_keeps_what_was_typed_for_its_person_alone(site, people):
    secu = people("secu")
    page = secu.enters(VOTE)
    site.now += sessions.LIFE_S
    ended = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    assert (ended.status, "rien n’est perdu" in ended.said) == (401, True)
    assert "il manque un audit" not in ended.text
    back = re.search(r'href="(/connexion\?suite=[^"]+)"', ended.text)[1]
    found = secu.opens(back)
    assert urlsplit(found.url).path == VOTE
    assert "Voici ce que vous aviez écrit" in found.said
    assert ">\nil manque un audit</textarea>" in found.text
    other = people("techno")
    other.enters("/moi")
    assert "il manque" not in other.opens(found.url).text
    site.now += sessions.DRAFT_S
    assert "il manque" not in secu.opens(found.url).text
    assert said_by(site, "secu") == []


def test_nobody_keeps_a_draft_without_a_form_of_ours(site, people):
    stranger = Person(site, "secu")
    page = Page(stranger.get(site.url + VOTE, allow_redirects=False))
    page.url = site.url + VOTE
    assert stranger.sends(page, Form(""), raison="x" * 5000).status == 403


def test_a_stolen_cookie_is_worth_nothing_once_its_person_has_left(site, ready):
    secu, review, form = ready
    stolen = secu.cookies["jalon"]
    token = site.app.extensions["jalon_sealed"]
    assert secu.post(f"{site.url}/deconnexion", {"jeton": seal_of(secu)}).status_code == 200
    with requests.Session() as thief:
        thief.trust_env = False
        thief.cookies.set("jalon", stolen)
        given = {**form.fields, "etape": "publier"}
        assert thief.post(review.url, given, headers={"Origin": site.url}).status_code == 401
        assert thief.get(f"{site.url}/moi", allow_redirects=False).status_code == 302
    assert isinstance(token, SealedValues)
    assert said_by(site, "secu") == []


def seal_of(person):
    page = person.opens("/moi")
    return next(form.fields["jeton"] for form in page.forms if "etat" not in form.fields)


def test_signing_out_ends_the_token_at_github(site, people):
    secu = people("secu")
    secu.enters("/moi")
    with site.app.test_request_context(headers={"Cookie": f"jalon={secu.cookies['jalon']}"}):
        token = sessions.token()
    assert token.startswith("ghu_")
    asked = {"headers": {"Authorization": f"Bearer {token}"}, "timeout": 30}
    assert requests.get(f"{site.hub.url}/user", **asked).status_code == 200
    secu.post(f"{site.url}/deconnexion", {"jeton": seal_of(secu)})
    assert requests.get(f"{site.hub.url}/user", **asked).status_code == 401


def test_a_token_taken_back_at_github_ends_the_session_and_keeps_the_words(site, people):
    secu = people("secu")
    page = secu.enters(VOTE)
    review = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    site.hub.doorman.signins.revoke("secu", site.stage.world.app)
    ended = secu.sends(review, review.form(), "publier")
    assert (ended.status, "rien n’est perdu" in ended.said) == (401, True)
    back = re.search(r'href="(/connexion\?suite=[^"]+)"', ended.text)[1]
    assert "il manque un audit" in secu.agrees(secu.get(site.url + back, timeout=30)).text


def test_the_database_tells_neither_token_nor_words_nor_person(site, people, caplog):
    caplog.set_level(logging.DEBUG)
    secu = people("secu")
    page = secu.enters(VOTE)
    cookie = secu.cookies["jalon"]
    with site.app.test_request_context(headers={"Cookie": f"jalon={cookie}"}):
        token, key = sessions.token(), sessions.session_key()
    site.now += sessions.LIFE_S
    secu.sends(page, page.form(choix="nogo"), raison="mots que personne ne lit")
    with site.stage.database.connect() as connection:
        kept = str([tuple(row) for row in connection.execute(sa.text("SELECT * FROM jalon_sealed"))])
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("app."))
    for hidden in (token, key, "mots que personne", "secu"):
        assert hidden not in kept
    assert token not in caplog.text
    assert token not in json.dumps(dict(secu.cookies))
    assert "mots que personne" not in ours


def test_pages_that_act_are_framed_and_cached_by_nobody(people):
    page = people("secu").enters(VOTE)
    headers = page.answer.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_receipt_runs_our_script_alone_and_is_its_persons_own(people, ready):
    secu, review, form = ready
    sent = secu.sends(review, form, "publier")
    policy = sent.answer.headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>", sent.text) == ['<script src="/static/receipt.js" defer>']
    techno = people("techno")
    techno.enters("/moi")
    assert techno.opens(sent.url).status == 404
    assert secu.opens(re.sub(r"recu/\d+", "recu/1", sent.url)).status == 404


@pytest.mark.parametrize(
    "text", ["a\r\nSet-Cookie: x=1", "a\r\n\r\n<script>alert(1)</script>", "</pre><script>", "\x00\x01"]
)
def test_nothing_typed_becomes_a_header_or_a_page(people, text):
    secu = people("secu")
    page = secu.enters(VOTE)
    found = secu.sends(page, page.form(choix="nogo"), raison=text)
    assert "x=1" not in str(found.answer.headers)
    assert "<script" not in found.text
    assert found.status in {200, 422}


def test_what_is_too_long_is_refused_and_what_is_far_too_long_is_not_even_read(people):
    secu = people("secu")
    page = secu.enters(VOTE)
    form = page.form(choix="nogo")
    found = secu.sends(page, form, raison="mot " * 1000)
    assert (found.status, "C’est trop long" in found.said, "mot mot" in found.said) == (422, True, True)
    assert secu.sends(page, form, raison="x" * 70_000).status == 413


@pytest.mark.parametrize("target", ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example"])
def test_the_way_back_after_a_session_stays_here(site, people, target):
    secu = people("secu")
    secu.enters("/moi")
    assert urlsplit(secu.opens(f"/connexion?suite={target}").url).netloc == urlsplit(site.url).netloc


def test_a_draft_is_found_again_in_the_backlog_and_the_language_it_was_written_in(site, people):
    history = site.stage.register.readable(next(iter(site.stage.register.entries())).product)
    site.stage.register.append("I_other", ("dnum/autre", 7), 0, history, "test")
    secu = people("secu")
    page = secu.enters(f"{VOTE}?depot=dnum/produits&lang=en")
    assert "Give your opinion" in page.said
    site.now += sessions.LIFE_S
    ended = secu.sends(page, page.form(choix="nogo"), raison="il manque un audit")
    back = html.unescape(re.search(r'href="(/connexion\?suite=[^"]+)"', ended.text)[1])
    found = secu.opens(back)
    assert "Here is what you had written" in found.said
    assert "il manque un audit" in found.text
