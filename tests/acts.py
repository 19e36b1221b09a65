"""People who sign in to the pages and act from them, beside a local GitHub whose deliveries Jalon hears when told to."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from app.web import Pages, create_app
from app.web.server import Server
from app.web.webhook import Webhook

PRODUCT = "/produit/dnum/produits"
A_MOMENT = timedelta(seconds=1)
"""A page shows what was recorded before it is looked at."""


class Site:
    """The pages of a stage's Jalon, listening; `now` is the clock of the sessions."""

    def __init__(self, stage, **changes):
        self.stage, self.hub, self.now = stage, stage.hub, 1_000_000.0
        jalon = stage.jalon
        self.settings = replace(jalon.settings, **{"pages": "", **changes})
        pages = Pages(jalon.policies.of, lambda *_: (), clock=lambda: stage.now + A_MOMENT)
        self.app = create_app(self.settings, jalon.inbox, jalon.register, None, pages)
        self.app.extensions["jalon_clock"] = lambda: self.now
        self.app.extensions["jalon"].portfolio_cache._clock = iter(range(0, 10**9, 10)).__next__
        self.server = Server(Webhook(self.app, lambda: self.app.extensions["jalon"]), "127.0.0.1", 0)
        self.server.start()
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.hub.world.app.callback_urls = [f"{self.url}/connexion/retour"]

    def close(self):
        self.server.stop()


class Page:
    """What a browser shows, and the forms on it."""

    def __init__(self, answer):
        self.answer, self.status, self.url, self.text = answer, answer.status_code, answer.url, answer.text
        self.forms = [Form(found) for found in re.findall(r"<form.*?</form>", answer.text, re.DOTALL)]

    def form(self, **wanted):
        """The one form that holds these hidden values."""
        (found,) = [form for form in self.forms if wanted.items() <= form.fields.items() and "etat" in form.fields]
        return found

    @property
    def exact(self):
        """The comment about to be published."""
        return html.unescape(re.search(r'<pre class="exact">(.*?)</pre>', self.text, re.DOTALL)[1])

    @property
    def said(self):
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.text)).split())


class Form:
    def __init__(self, text):
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
        self.fields = {name: html.unescape(value) for name, value in found}


class Person(requests.Session):
    """Somebody in front of a browser, signed in or about to be."""

    def __init__(self, site, login):
        super().__init__()
        self.site, self.login, self.trust_env = site, login, False

    def opens(self, path, **options):
        return Page(self.get(path if path.startswith("http") else f"{self.site.url}{path}", timeout=30, **options))

    def enters(self, path="/moi"):
        """Signs in on the way to a page."""
        answer = self.get(f"{self.site.url}{path}", timeout=30)
        return self.agrees(answer) if "/login/oauth/authorize" in answer.url else Page(answer)

    def agrees(self, answer):
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        fields.pop("annuler", None)
        fields = {name: html.unescape(value) for name, value in fields.items()} | {"identite": self.login}
        where = f"{self.site.hub.url}/login/oauth/authorize"
        return Page(self.post(where, fields, headers={"Origin": self.site.hub.url}, timeout=30))

    def sends(self, page, form, step="relire", headers=None, **typed):
        """Presses a button of a form."""
        given = {**form.fields, **typed, "etape": step}
        ours = {"Origin": self.site.url, "Sec-Fetch-Site": "same-origin"} if headers is None else headers
        return Page(self.post(page.url, given, headers=ours, timeout=30))

    def says(self, path, **typed):
        """From the page of an act to what follows its publication."""
        page = self.enters(path)
        wanted = {"choix": typed.pop("choix")} if "choix" in typed else {}
        review = self.sends(page, page.form(**wanted), **typed)
        assert review.status == 200, review.said
        return review, self.sends(review, review.form(), "publier")


@pytest.fixture
def people(site):
    """Somebody by their login, in front of a browser of their own."""
    opened = []

    def person(login):
        opened.append(Person(site, login))
        return opened[-1]

    yield person
    for one in opened:
        one.close()
