"""A product's whole life from the pages, at both sizes, with and without scripts; then its register found on GitHub."""

import json
import os
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from app.demo.running import NAME
from tests.browser.conftest import PATIENCE_S, ROOT
from tests.browser.test_acts import signs_in
from tests.browser.test_story import files_a_product

pytestmark = pytest.mark.browser
OTHERS = ("techno", "archi", "communs", "design")
CONDITION = "faire relire les droits d’accès"
REASON = "aucun audit n’est prévu"
WRITTEN = "Quatre notes de 2 sur 4 : rien de sensible."


class Actor:
    """Somebody in front of Jalon's pages, whose every act is looked for on GitHub, under their name."""

    def __init__(self, person, number):
        self.person, self.page, self.stage, self.number = person, person.page, person.stage, number
        self.login, self.said = "", []

    def enters(self, login):
        self.login = login
        signs_in(self.person, login, f"/produit/dnum/produits/{self.number}")

    def goes(self, path, seen=""):
        """To a page of the product, read again until it shows a thing: pages may be two seconds behind."""
        address, until = f"{self.stage.app}/produit/dnum/produits/{self.number}{path}", time.monotonic() + PATIENCE_S
        self.page.goto(address)
        while seen and not self.page.get_by_text(seen).count() and time.monotonic() < until:
            self.page.goto(address)
        assert not seen or self.page.get_by_text(seen).count(), self.page.inner_text("body")

    def publishes(self, exact, receipt):
        """Reads what will be said, says it, and finds it on GitHub as a comment of this person's."""
        expect(self.page.locator("pre.exact")).to_have_text(exact)
        self.page.get_by_role("button", name="Publier ce commentaire").click()
        expect(self.page.get_by_role("heading", name="Votre commentaire est publié")).to_be_visible()
        expect(self.page.get_by_text(receipt).first).to_be_visible()
        self.said.append((self.login, exact))
        assert self.said[-1] in self.on_github()

    def on_github(self):
        """Author and words of each comment."""
        path = f"/repos/dnum/produits/issues/{self.number}/comments?per_page=100"
        return [(one["user"]["login"], one["body"]) for one in self.stage.api("techno", "GET", path)]

    def reviews(self):
        self.page.locator("details[open], form.act").get_by_role("button", name="Relire avant de publier").last.click()

    def votes_with_a_condition(self):
        self.page.get_by_text("Go sous réserve", exact=True).click()
        self.page.get_by_label("Ce qui doit être fait").fill(CONDITION)
        self.page.get_by_label("Échéance").fill("2031-03-03")
        self.reviews()
        exact = f"/go sous réserve\n- {CONDITION}, avant le 03/03/2031"
        self.publishes(exact, "Votre avis Go sous réserve est compté pour Sécurité.")


def test_a_whole_life_from_the_pages(people, size, scripts, tmp_path, stage):
    person = people(size, java_script_enabled=scripts)
    issue = files_a_product(person, f"Vie-{person.mark}")
    actor = Actor(person, int(issue.rpartition("/")[2]))
    stage.wait(actor.number, "## Liste de contrôle")
    _fills_the_file_and_asks(actor)
    _is_refused(actor)
    _comes_back(actor)
    _is_accepted_and_lifts(actor)
    counts = {act: actor.on_github().count(act) for act in actor.said}
    assert counts == {act: actor.said.count(act) for act in actor.said}, "each act once, and none in another's name"
    person.picture()
    _is_found_again_on_github(actor, tmp_path)


def _fills_the_file_and_asks(actor):
    actor.enters("cheffe-produit")
    actor.goes("/demande", "Ce qui manque")
    actor.goes("/point/2")
    actor.page.get_by_role("button", name="Confirmer cette réponse").click()
    actor.publishes("/confirme 2", "Le point est noté comme fait.")
    actor.goes("/point/13")
    actor.page.get_by_label("Réponse").fill(WRITTEN)
    actor.page.get_by_role("button", name="Relire avant de publier").first.click()
    actor.publishes(f"/réponse 13 : {WRITTEN}", "Le point est noté comme fait.")
    actor.stage.say("cheffe-produit", actor.number, "/confirme 3 4 5\n/coche 7 11")
    actor.goes("/demande", "Tout ce qui est obligatoire dans la liste est traité")
    actor.page.get_by_label("POC").check()
    actor.reviews()
    actor.publishes("/demande poc", "Le passage vers POC est ouvert")
    actor.person.picture()


def _is_refused(actor):
    """A vote with a condition, a mind changed, and the committee says no."""
    actor.enters("secu")
    actor.goes("/avis", "Go sous réserve")
    actor.votes_with_a_condition()
    actor.goes("/avis", "Votre avis aujourd’hui : Go sous réserve.")
    actor.page.get_by_text("No-go", exact=True).click()
    actor.page.locator("details[open]").get_by_label("Vos raisons").fill(REASON)
    actor.reviews()
    actor.publishes(f"/nogo : {REASON}", "Votre avis No-go est compté pour Sécurité.")
    for login in OTHERS:
        actor.stage.say(login, actor.number, f"/nogo {REASON}")
    actor.stage.wait(actor.number, "no-go – Idée → POC")


def _comes_back(actor):
    """What has changed is asked on each point refused, and shown to the committee."""
    actor.enters("cheffe-produit")
    actor.goes("", REASON)
    actor.person.picture()
    actor.goes("/demande", "Points refusés au passage vers POC")
    actor.page.get_by_label("POC").check()
    fields = actor.page.locator("textarea[name^=point_poc_]")
    expect(fields).to_have_count(1 + len(OTHERS))
    told = [f"un audit est commandé, lot {rank}" for rank in range(1, fields.count() + 1)]
    for rank, text in enumerate(told):
        fields.nth(rank).fill(text)
    actor.reviews()
    lines = (f"{rank} : {text}" for rank, text in enumerate(told, start=1))
    actor.publishes("\n".join(("/demande poc", *lines)), "Le passage vers POC est ouvert")


def _is_accepted_and_lifts(actor):
    actor.enters("secu")
    actor.goes("", "un audit est commandé, lot 1")
    actor.goes("/avis", "Go sous réserve")
    actor.votes_with_a_condition()
    for login in (*OTHERS, "data", "transfo"):
        actor.stage.say(login, actor.number, "/go")
    actor.stage.wait(actor.number, "go sous réserve – Idée → POC")
    actor.goes("/reserve/1", "Relire avant de publier")
    actor.page.get_by_label("Ce qui montre que c’est fait").fill("https://exemple.fr/audit.pdf")
    actor.reviews()
    actor.publishes("/levée 1 : https://exemple.fr/audit.pdf", "La réserve 1 est levée.")
    actor.goes("")
    expect(actor.page.get_by_text(WRITTEN).first).to_be_attached()


def _is_found_again_on_github(actor, folder):
    """A register made from GitHub alone holds the same facts, answers included, under the same digests."""
    kept, found = f"sqlite:///{actor.stage.data}/jalon.db", f"sqlite:///{folder}/found.db"
    _jalon(actor.stage, found, "rebuild", "--repo", "dnum/produits")
    held = _facts(actor, kept)
    assert WRITTEN in {fact.get("text") for fact in held if fact["kind"] == "ItemAnswered"}
    assert _facts(actor, found) == held


def _facts(actor, database):
    every = map(json.loads, _jalon(actor.stage, database, "export").splitlines())
    return [one for one in every if one["number"] == actor.number]


def _jalon(stage, database, *words):
    left = json.loads((stage.data / NAME).read_text())["values"]
    env = {**os.environ, **left, "JALON_DATABASE_URL": database}
    command = [sys.executable, "-m", "app", "register", *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=120).stdout
