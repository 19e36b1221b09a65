"""Signing in through GitHub to read the pages: people on the local GitHub, over HTTP, and everything that is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.sessions import SecureCookieSessionInterface

from app.demo.seed import seed
from app.engine import Inbox, open_database
from app.settings import SettingsError, read_settings
from app.store.register import Register
from app.web import Pages, create_app
from app.web import session as sessions
from app.web.server import Server
from app.web.webhook import PATH, Webhook
from local_github.server import Sandbox
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life
from tests.web.conftest import NOTHING_KEPT, NOW

POLICY = a_policy()
STRANGER = {"login": "etrangere", "role": "none", "name": "Sans accès"}


class Site:
    """Jalon's pages beside a local GitHub, both listening; `clock` is the pages'."""

    def __init__(self, url, policy=POLICY, catalogue=NOTHING_KEPT, **changes):
        self.now = 1_000_000.0
        self.hub = Sandbox({**seed(), "people": [*seed()["people"], STRANGER]}, port=0)
        self.hub.start()
        self.settings = replace(read_settings(self.hub.environment()), **{"pages": "", **changes})
        self.database = open_database(url)
        self.register = Register(self.database)
        pages = Pages(lambda _: policy, lambda *_: (), lambda *_: catalogue, clock=lambda: NOW)
        self.app = create_app(self.settings, Inbox(self.database), self.register, None, pages)
        self.app.extensions["jalon_clock"] = lambda: self.now
        self.app.extensions["jalon"].portfolio_cache._clock = iter(range(0, 10**9, 10)).__next__
        self.server = Server(Webhook(self.app, lambda: self.app.extensions["jalon"]), "127.0.0.1", 0)
        self.server.start()
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.hub.world.app.callback_urls = [f"{self.url}/connexion/retour"]

    def holds(self, *lives):
        for life in lives:
            where = (life.tracked.repository, life.number)
            self.register.append(f"I_{life.number}", where, 0, life.tracked.history, "test")

    def close(self):
        self.server.stop()
        self.hub.stop()
        self.database.dispose()


@pytest.fixture
def site(tmp_path):
    found = Site(f"sqlite:///{tmp_path}/jalon.db")
    found.holds(
        Life(POLICY, "Base des conventions", 1).filed("2026-05-04").asked("2026-06-01", "mvp"),
        Life(POLICY, "Annuaire", 2)
        .filed("2026-01-05")
        .asked("2026-01-06", "mvp")
        .decided("2026-01-07", "go", [("Chiffrer", "2026-02-01")]),
    )
    yield found
    found.close()


class Browser(requests.Session):
    """Follows what it is told to, as a person would."""

    def __init__(self, site):
        super().__init__()
        self.site = site

    def opens(self, path, **options):
        return self.get(path if path.startswith("http") else f"{self.site.url}{path}", timeout=30, **options)

    def agrees(self, page, login):
        """On GitHub's page, the account is chosen and the button pressed."""
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        fields.pop("annuler", None)
        where = f"{self.site.hub.url}/login/oauth/authorize"
        return self.post(where, {**fields, "identite": login}, headers={"Origin": self.site.hub.url}, timeout=30)

    def signs_in(self, login, path="/"):
        return self.agrees(self.opens(path), login)

    def signs_out(self):
        """By the button of the page."""
        seal = re.search(
            r'action="/deconnexion"><input type="hidden" name="jeton" value="([^"]+)"', self.opens("/").text
        )
        return self.post(f"{self.site.url}/deconnexion", {"jeton": seal[1]}, timeout=30)


@pytest.fixture
def browser(site):
    with Browser(site) as found:
        yield found


def test_one_click_on_github_opens_the_page_asked_for(site, browser):
    asked = browser.opens(f"/produit/{REPOSITORY}/1?lang=en")
    assert asked.url.startswith(f"{site.hub.url}/login/oauth/authorize?")
    assert "Elle pourra y agir en votre nom" in asked.text
    page = browser.agrees(asked, "design")
    assert (page.status_code, page.url) == (200, f"{site.url}/produit/{REPOSITORY}/1?lang=en")
    assert "<h1>Base des conventions</h1>" in page.text
    assert "design" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    (cookie,) = [one for one in browser.cookies if one.name == "jalon"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    held = SecureCookieSessionInterface().get_signing_serializer(site.app).loads(cookie.value)
    assert held["who"] == "design"
    assert not re.search(r"gh[a-z]_", str(held)), "no token"
    assert browser.opens("/portefeuille.csv").status_code == 200


def test_on_this_machine_pages_are_read_without_signing_in_and_one_may_all_the_same(tmp_path):
    site = Site(f"sqlite:///{tmp_path}/jalon.db", pages="local")
    site.holds(Life(POLICY, "Base des conventions", 1).filed("2026-05-04").asked("2026-06-01", "mvp"))
    with Browser(site) as browser:
        page = browser.opens("/")
        assert (page.status_code, page.url) == (200, f"{site.url}/")
        assert "Base des conventions" in page.text
        assert 'href="/connexion"' in page.text
        elsewhere = browser.opens("/", headers={"X-Forwarded-For": "203.0.113.9"}, allow_redirects=False)
        assert elsewhere.headers["Location"] == "/connexion"
        assert browser.signs_in("secu", "/moi").url == f"{site.url}/moi"
        assert "Se déconnecter" in browser.opens("/").text
    site.close()


def test_a_member_lands_on_what_waits_for_them(site, browser):
    page = browser.signs_in("secu")
    assert page.url == f"{site.url}/moi"
    assert "Base des conventions" in page.text
    assert 'href="/siege/securite"' in page.text
    assert "Rien ne vous attend" not in page.text


@pytest.mark.parametrize(
    ("login", "shown"),
    [("cheffe-produit", ["Réserve 1", "Annuaire", "Mes produits"]), ("secretariat", ["Passages à clore"])],
)
def test_teams_and_secretariat_have_theirs_too(browser, login, shown):
    page = browser.signs_in(login)
    assert [words for words in shown if words not in page.text] == []


def test_whoever_has_nothing_to_do_is_told_so(browser):
    assert "Rien ne vous attend." in browser.signs_in("visiteur").text


def test_without_access_to_the_repository_nothing_is_shown(site, browser):
    page = browser.signs_in("etrangere")
    assert page.status_code == 403
    assert "Le compte GitHub etrangere n’a pas accès" in page.text
    assert "Base des conventions" not in page.text
    assert 'href="/connexion?compte=autre"' in page.text
    again = browser.opens("/connexion?compte=autre")
    assert "prompt=select_account" in again.url
    assert browser.agrees(again, "design").status_code == 200


def test_a_program_is_refused_without_being_sent_to_github(site, browser):
    for path in ("/portefeuille.csv", "/portefeuille.json", "/siege/securite.csv", f"/produit/{REPOSITORY}/1.json"):
        answer = browser.opens(path, allow_redirects=False)
        assert (answer.status_code, answer.text) == (401, "Sign in first.\n")
    for path in ("/", "/moi", "/sieges", "/indicateurs", "/a-venir", "/bilan", f"/produit/{REPOSITORY}/1"):
        answer = browser.opens(path, allow_redirects=False)
        assert answer.status_code == 302
        assert urlsplit(answer.headers["Location"]).path == "/connexion"


def flow(site, browser, **query):
    """A sign-in begun, the page's own answer kept back: state and code."""
    begun = browser.opens("/connexion", allow_redirects=False, params=query)
    browser.cookies.pop("identite", None)
    asked = browser.opens(begun.headers["Location"])
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text)) | {"identite": "design"}
    fields.pop("annuler", None)
    where = f"{site.hub.url}/login/oauth/authorize"
    back = browser.post(where, fields, headers={"Origin": site.hub.url}, allow_redirects=False, timeout=30)
    return {name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"])
def test_nobody_is_led_to_another_site(site, browser, target):
    given = flow(site, browser, suite=target)
    landed = browser.opens("/connexion/retour", params=given, allow_redirects=False)
    assert landed.headers["Location"] == "/moi"


def test_a_code_that_this_browser_did_not_ask_for_is_refused(site, browser):
    given = flow(site, browser)
    forged = browser.opens("/connexion/retour", params={**given, "state": "forge"})
    assert (forged.status_code, "n’a pas abouti" in forged.text) == (400, True)
    with Browser(site) as victim:
        assert victim.opens("/connexion/retour", params=given).status_code == 400
        assert "authorize" in victim.opens("/moi").url
    assert browser.opens("/connexion/retour", params=given, allow_redirects=False).status_code == 302


def test_a_code_is_good_once(site, browser):
    given = flow(site, browser)
    assert browser.opens("/connexion/retour", params=given, allow_redirects=False).status_code == 302
    assert browser.opens("/connexion/retour", params=given).status_code == 400, "the state was spent"
    stolen = {**flow(site, browser), "code": given["code"]}
    assert browser.opens("/connexion/retour", params=stolen).status_code == 400, "and so was the code"


def test_github_and_jalon_forget_what_waits_too_long(site, browser):
    given = flow(site, browser)
    site.now += sessions.PENDING_S
    assert browser.opens("/connexion/retour", params=given).status_code == 400
    given = flow(site, browser)
    site.hub.doorman.signins.clock = lambda: 10**9
    assert browser.opens("/connexion/retour", params=given).status_code == 400


def test_saying_no_on_github_is_told_kindly(site, browser):
    asked = browser.opens("/")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text)) | {"annuler": "1"}
    origin = {"Origin": site.hub.url}
    page = browser.post(f"{site.hub.url}/login/oauth/authorize", fields, headers=origin, timeout=30)
    assert (page.status_code, "Vous n’êtes pas connecté" in page.text) == (403, True)


def test_a_github_that_is_down_is_told(site, browser):
    given = flow(site, browser)
    site.hub.stop()
    page = browser.opens("/connexion/retour", params=given)
    assert (page.status_code, "GitHub ne répond pas" in page.text) == (503, True)


def test_a_file_clicked_on_after_a_long_read_comes_by_github_without_a_word(site, browser):
    browser.signs_in("design", "/?q=annuaire")
    site.now += sessions.LIFE_S
    clicked = browser.opens("/portefeuille.csv?q=annuaire", headers={"Sec-Fetch-Mode": "navigate"})
    assert (clicked.status_code, clicked.url) == (200, f"{site.url}/portefeuille.csv?q=annuaire")
    assert "Annuaire" in clicked.text
    assert "Base des conventions" not in clicked.text


def opens(site, browser, path="/sieges"):
    """Whether a page opens without going by GitHub."""
    return browser.opens(path, allow_redirects=False).status_code


def test_a_session_lasts_while_one_reads_and_eight_hours_at_most(site, browser):
    browser.signs_in("design")
    copy = browser.cookies["jalon"]
    begun = site.now
    while site.now + sessions.IDLE_S < begun + sessions.LIFE_S:
        site.now += sessions.IDLE_S - sessions.STEP_S
        assert opens(site, browser) == 200
    site.now = begun + sessions.LIFE_S
    assert opens(site, browser) == 302
    first = requests.get(f"{site.url}/moi", cookies={"jalon": copy}, allow_redirects=False, timeout=30)
    assert first.status_code == 302, "whichever cookie of it is shown"


def test_an_hour_without_a_page_ends_the_session(site, browser):
    browser.signs_in("design")
    site.now += sessions.IDLE_S - 1
    assert opens(site, browser) == 200
    site.now += sessions.IDLE_S
    assert opens(site, browser) == 302
    assert browser.opens("/sieges").url == f"{site.url}/sieges", "GitHub knows the person: not a click more"


def test_what_one_may_read_is_asked_of_github_again_after_ten_minutes(site, browser):
    browser.signs_in("visiteur")
    copy = browser.cookies["jalon"]
    site.now += sessions.BELIEVED_S
    assert opens(site, browser) == 200
    site.hub.world.people["visiteur"].role = "none"
    assert opens(site, browser) == 200, "believed for ten minutes"
    old = requests.get(f"{site.url}/sieges", cookies={"jalon": copy}, allow_redirects=False, timeout=30)
    assert old.status_code == 302, "a former cookie is not believed for longer: GitHub is asked"
    site.now += sessions.BELIEVED_S
    assert browser.opens("/sieges").status_code == 403


def test_a_github_that_is_down_is_told_where_it_had_to_be_asked_again(site, browser):
    browser.signs_in("design")
    site.hub.stop()
    site.now += sessions.BELIEVED_S - 1
    assert opens(site, browser) == 200
    site.now += 1
    page = browser.opens("/sieges")
    assert (page.status_code, "GitHub ne répond pas" in page.text) == (503, True)


def test_the_token_of_a_session_that_nobody_ended_is_given_back_by_the_next_to_sign_in(site, browser):
    held = site.hub.doorman.signins._tokens
    browser.signs_in("design")
    (first,) = held
    site.now += sessions.LIFE_S
    with Browser(site) as other:
        other.signs_in("secu")
        assert first not in held
        (second,) = held
        other.opens("/connexion?compte=autre")
        other.signs_in("secu", "/connexion?compte=autre")
        assert second not in held, "nor does signing in anew leave one behind"


@pytest.mark.parametrize(
    ("sender", "status", "is_forgotten"),
    [({"login": "design"}, 202, True), ({"login": "secu"}, 202, False), ("design", 400, False)],
)
def test_who_takes_the_agreement_back_on_github_is_signed_out_everywhere(site, browser, sender, status, is_forgotten):
    browser.signs_in("design")
    if isinstance(sender, dict):
        sender["id"] = site.hub.world.people[sender["login"]].id
    body = json.dumps({"action": "revoked", "sender": sender}).encode()
    seal = hmac.new(site.settings.webhook_secrets[0].encode(), body, hashlib.sha256).hexdigest()
    told = {
        "X-GitHub-Event": "github_app_authorization",
        "X-GitHub-Delivery": "1",
        "X-Hub-Signature-256": f"sha256={seal}",
    }
    assert requests.post(f"{site.url}{PATH}", body, headers=told, timeout=30).status_code == status
    assert opens(site, browser) == (302 if is_forgotten else 200)


def test_a_cookie_made_up_or_kept_from_another_secret_opens_nothing(site, browser):
    browser.signs_in("design")
    value = browser.cookies["jalon"]
    for forged in (value[:-3] + "abc", "eyJ3aG8iOiJkZXNpZ24ifQ.aaaa.bbbb", ""):
        answer = requests.get(f"{site.url}/moi", cookies={"jalon": forged}, allow_redirects=False, timeout=30)
        assert answer.status_code == 302
    sessions.prepare(site.app, replace(site.settings, client_secret="autre"), site.database)
    site.app.extensions["jalon_clock"] = lambda: site.now
    answer = requests.get(f"{site.url}/moi", cookies={"jalon": value}, allow_redirects=False, timeout=30)
    assert answer.status_code == 302


def test_signing_out_ends_the_session_here(site, browser):
    browser.signs_in("design")
    value = browser.cookies["jalon"]
    assert browser.post(f"{site.url}/deconnexion", timeout=30).status_code == 403, "not by a page of elsewhere"
    page = browser.signs_out()
    assert "Vous êtes déconnecté" in page.text
    copied = requests.get(f"{site.url}/moi", cookies={"jalon": value}, allow_redirects=False, timeout=30)
    assert copied.status_code == 302, "nor does a copy of its cookie open anything any more"
    assert browser.opens("/moi", allow_redirects=False).status_code == 302
    assert browser.opens("/deconnexion").status_code == 405, "not by a link"


def test_a_repository_one_may_not_read_does_not_exist(site, browser):
    other = Life(POLICY, "Secret", 9).filed("2026-01-05")
    site.register.append("I_9", ("dnum/secret", 9), 0, other.tracked.history, "test")
    assert "Base" in browser.signs_in("design", "/?depot=dnum/produits").text
    page = browser.opens("/")
    assert "dnum/secret" not in page.text
    assert browser.opens("/?depot=dnum/secret").status_code == 404
    assert browser.opens("/produit/dnum/secret/9").status_code == 404


@pytest.mark.slow
def test_a_first_product_is_shown_to_those_who_signed_in_before_it(tmp_path):
    site = Site(f"sqlite:///{tmp_path}/vide.db")
    with Browser(site) as browser:
        assert "Rien ne vous attend." in browser.signs_in("visiteur").text
        site.holds(Life(POLICY, "Premier", 1).filed("2026-05-04"))
        assert "Premier" in browser.opens("/?q=premier").text
    site.close()


def test_pages_the_rules_make_public_ask_nobody(tmp_path):
    open_to_all = replace(POLICY, follow_up=replace(POLICY.follow_up, public_pages=True))
    site = Site(f"sqlite:///{tmp_path}/public.db", open_to_all)
    site.holds(Life(POLICY, "Premier", 1).filed("2026-05-04"))
    with Browser(site) as browser:
        assert browser.opens("/", allow_redirects=False).status_code == 200
        assert "Set-Cookie" not in browser.opens("/").headers
        assert browser.opens("/moi", allow_redirects=False).status_code == 302, "but one's own page is one's own"
        assert browser.signs_in("design", "/moi").status_code == 200
    site.close()


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({}, "http://jalon.exemple.fr/connexion/retour"),
        ({"X-Forwarded-Proto": "https"}, "https://jalon.exemple.fr/connexion/retour"),
    ],
)
def test_github_is_told_the_address_that_people_use(site, headers, back):
    client = site.app.test_client()
    answer = client.get("/connexion", headers={"Host": "jalon.exemple.fr", **headers})
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["redirect_uri"] == [back]
    # An address that the App does not have leads nowhere: GitHub says so and keeps the browser.
    assert requests.get(answer.headers["Location"], timeout=30).status_code == 400


def test_the_public_address_is_the_settings_and_the_cookie_is_secure_off_this_machine(tmp_path):
    site = Site(
        f"sqlite:///{tmp_path}/s.db", public_url="https://jalon.exemple.fr", api_url="https://github.exemple.fr/api/v3"
    )
    answer = site.app.test_client().get("/connexion", headers={"Host": "ailleurs.example"})
    where = urlsplit(answer.headers["Location"])
    assert (where.netloc, where.path) == ("github.exemple.fr", "/login/oauth/authorize")
    assert parse_qs(where.query)["redirect_uri"] == ["https://jalon.exemple.fr/connexion/retour"]
    assert parse_qs(where.query)["code_challenge_method"] == ["S256"]
    assert "Secure;" in answer.headers["Set-Cookie"]
    site.close()


def test_neither_codes_nor_tokens_nor_secrets_reach_the_journal(site, browser, caplog):
    caplog.set_level(logging.DEBUG)
    given = flow(site, browser)
    browser.opens("/connexion/retour", params=given)
    browser.opens("/connexion/retour", params={**flow(site, browser), "code": "faux"})
    said = caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("app."))
    assert "a sign-in was refused: GitHub answered bad_verification_code" in ours
    for secret in (site.settings.client_secret, *site.hub.doorman.signins._tokens):
        assert secret not in said
    assert given["code"] not in ours


def test_without_client_settings_there_is_nothing_to_sign_in_to(tmp_path):
    site = Site(f"sqlite:///{tmp_path}/s.db", client_id="", client_secret="")
    client = site.app.test_client()
    for path in ("/connexion", "/connexion/retour?code=a&state=b", "/moi"):
        assert client.get(path).status_code in {403, 404}
    assert client.post("/deconnexion").status_code == 404
    site.close()


def test_a_proxy_that_vouches_for_people_comes_first(tmp_path):
    site = Site(f"sqlite:///{tmp_path}/s.db", pages="X-Utilisateur")
    client = site.app.test_client()
    assert client.get("/").status_code == 403
    assert client.get("/", headers={"X-Utilisateur": "marie"}).status_code == 200
    assert client.get("/connexion").status_code == 404
    site.close()


def test_both_client_settings_or_neither(site):
    given = site.hub.environment()
    for name in ("JALON_CLIENT_ID", "JALON_CLIENT_SECRET"):
        with pytest.raises(SettingsError, match=f"{name} manque"):
            read_settings({**given, name: ""})
    assert not read_settings({**given, "JALON_CLIENT_ID": "", "JALON_CLIENT_SECRET": ""}).signs_in
    assert site.settings.client_secret not in repr(site.settings)
