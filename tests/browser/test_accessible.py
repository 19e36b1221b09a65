"""axe-core finds nothing at A or AA on any page of the local GitHub, errors included, at both sizes."""

import flask
import pytest
from axe_playwright_python.sync_playwright import Axe

from app.demo.seed import seed
from local_github import pages
from local_github.world import World

pytestmark = pytest.mark.browser
ISSUES = "/dnum/produits/issues"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RICH = """# Titre\n\n- [ ] à faire\n- [x] fait\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> cité @secu #1 https://exemple.gouv.fr

```\ncode\n```\n<!-- caché -->"""
PAGES = {
    "accueil": "/",
    "tickets": ISSUES,
    "recherche": f"{ISSUES}?q=introuvable&etat=all",
    "page-2": f"{ISSUES}?etat=all&page=2",
    "ticket": f"{ISSUES}/{{number}}",
    "choix": f"{ISSUES}/new/choose",
    "formulaire": f"{ISSUES}/new?template=nouveau-produit.yml",
    "etiquettes": "/dnum/produits/labels",
    "tableaux": "/orgs/dnum/projects",
    "tableau": "/orgs/dnum/projects/1",
    "table": "/orgs/dnum/projects/1/views/3",
    "livraisons": "/_sandbox/livraisons",
    "echecs": "/_sandbox/livraisons?etat=echecs",
    "livraison": "/_sandbox/livraisons/{delivery}",
    "introuvable": "/nulle/part",
    "ticket-introuvable": f"{ISSUES}/99999",
}
# Pages that answer what is sent: an address, what is sent to it, and the status.
ANSWERS = {
    "formulaire-refuse": (f"{ISSUES}/new?template=nouveau-produit.yml", {"titre": " "}, 422),
    "interdit": (f"{ISSUES}/{{number}}/etat", {"etat": "closed"}, 403),
    "conflit": (f"{ISSUES}/{{number}}/textes/{{comment}}", {"vu": "vieux", "texte": "perdu ?"}, 409),
    "apercu": ("/_sandbox/apercu", {"texte": RICH}, 200),
    "vide": (f"{ISSUES}/{{number}}/comments", {"texte": " "}, 422),
    "trop-gros": (f"{ISSUES}/{{number}}/comments", {"texte": "x" * 1_000_001}, 413),
}
SEEN_ELSEWHERE = {"/_sandbox/pages.css", "/_sandbox/live.js", "/_sandbox/board.js", "/_sandbox/version"}
REDIRECTS = {"/<login>", "/orgs/dnum/people", "/dnum/produits"}


def flaws(page):
    results = Axe().run(page, options=RULES)
    return [
        (rule["id"], rule["help"], [node["html"][:160] for node in rule["nodes"]])
        for rule in results.response["violations"]
    ]


@pytest.fixture(scope="module")
def filled(stage):
    """A product with everything a page can show."""
    number = stage.open_gate("Registre des quais")
    stage.say("visiteur", number, RICH)
    comment = stage.say("visiteur", number, "à modifier")["id"]
    stage.api("cheffe-produit", "POST", f"/repos/dnum/produits/issues/{number}/assignees", assignees=["chef-produit"])
    for rank in range(26):
        stage.api("techno", "POST", "/repos/dnum/produits/issues", title=f"Autre {rank}")
    return {"number": number, "comment": comment}


def looked_at(person, filled, login):
    person.goes("/_sandbox/livraisons")
    delivery = person.page.locator(".livraison a").first.get_attribute("href").rsplit("/", 1)[1]
    person.becomes(login)
    return {**filled, "delivery": delivery}


@pytest.mark.parametrize("login", ["secretariat", "visiteur"])
def test_every_page(person, filled, login):
    known = looked_at(person, filled, login)
    found = {}
    for name, path in PAGES.items():
        person.goes(path.format(**known))
        person.page.wait_for_selector("html.js")
        person.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        wide = person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if wide or (wrong := flaws(person.page)):
            found[name] = ["wider than the screen"] if wide else wrong
        person.name = f"page-{name}-{login}-{person.page.viewport_size['width']}"
        person.picture()
    assert found == {}


def test_every_answer(person, filled):
    person.goes("/")
    person.becomes("visiteur")
    found = {}
    for name, (path, sent, status) in ANSWERS.items():
        person.goes("/")
        with person.page.expect_navigation() as navigation:
            person.page.evaluate(
                """([path, sent]) => {
                  const form = document.createElement("form");
                  form.method = "post";
                  form.action = path;
                  for (const [name, value] of Object.entries(sent)) {
                    const field = form.appendChild(document.createElement("textarea"));
                    field.name = name;
                    field.value = value;
                  }
                  document.body.append(form);
                  form.submit();
                }""",
                [path.format(**filled), sent],
            )
        assert navigation.value.status == status
        if wrong := flaws(person.page):
            found[name] = wrong
        person.name = f"reponse-{name}-{person.page.viewport_size['width']}"
        person.picture()
    assert found == {}


def test_the_table_names_every_page():
    site = flask.Flask("site", static_folder=None)
    site.register_blueprint(pages.blueprint(World.from_seed(seed())))
    rules = {str(rule) for rule in site.url_map.iter_rules() if "GET" in rule.methods} - SEEN_ELSEWHERE - REDIRECTS
    routes = site.url_map.bind("127.0.0.1")
    paths = [path.split("?")[0].format(number=1, delivery=1) for path in PAGES.values() if "introuvable" not in path]
    assert rules == {str(routes.match(path, return_rule=True)[0]) for path in paths if path != "/nulle/part"}
