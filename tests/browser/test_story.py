"""The main job done by clicking: filed, refused, ticked, requested, voted, decided, moved, put back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ANSWERS = (
    "Quel problème souhaitez-vous résoudre",
    "Qui rencontre ce problème",
    "En une phrase, quelle est votre vision",
    "Qui est le sponsor métier",
    "Quelle direction et quel bureau",
    "Qui est responsable du produit",
)
FOLLOWERS = ("techno", "archi", "communs", "design", "data", "transfo")


def texts(page):
    return page.locator("li.dit")


def card(page, title):
    return page.locator(".carte").filter(has=page.get_by_role("link", name=title, exact=True))


def column(page, name):
    return page.locator(f'.colonne[data-nom="{name}"]')


def files_a_product(person, title):
    """From the first page to the issue; returns its address."""
    page = person.page
    person.goes("/")
    page.get_by_role("link", name="Nouveau ticket").click()
    page.get_by_role("link", name="Nouveau produit numérique").click()
    page.get_by_label("Titre").fill(title)
    for question in ANSWERS:
        page.get_by_label(re.compile(re.escape(question))).fill("Une réponse, même courte.")
    person.picture()
    page.get_by_role("button", name="Créer le ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url.removeprefix(person.stage.hub)


def test_a_product_from_the_form_to_the_decision(person):
    page, title = person.page, f"Agréments-{person.mark}"
    issue = files_a_product(person, title)

    # the App answers, and the page shows it without being loaded again
    page.evaluate("window.sameDocument = true")
    expect(texts(page)).to_have_count(3)
    expect(page.get_by_text("merci d’avoir déposé")).to_be_visible()
    expect(page.get_by_role("complementary")).to_contain_text("phase: idée")
    expect(page.get_by_role("complementary")).to_contain_text("Produits : Idée")

    person.says("/demande")
    expect(page.get_by_text("ne peut pas encore être ouvert")).to_be_visible()
    expect(page.get_by_label("Votre commentaire")).to_have_value("")
    person.says("/coche 2 3 4 5 7 11")
    checklist = texts(page).filter(has_text="Liste de contrôle – phase Idée")
    expect(checklist).to_contain_text("1 point obligatoire reste à traiter")
    expect(checklist.get_by_role("checkbox").first).to_be_disabled()
    assert page.evaluate("window.sameDocument")
    person.picture()

    # who may edit the comment ticks its box; the App takes note
    person.becomes("secretariat")
    page.evaluate("window.sameDocument = true")
    box = checklist.get_by_role("checkbox", name=re.compile(r"^13\."))
    box.check()
    expect(checklist).to_contain_text("tous les points obligatoires le sont")
    expect(box).to_be_checked()

    person.becomes("cheffe-produit")
    person.says("/demande")
    gate = texts(page).filter(has_text="Passage 1 : Idée → POC")
    expect(gate).to_contain_text("Au comité de se prononcer")
    expect(page.get_by_role("complementary")).to_contain_text("passage: demandé")

    person.becomes("visiteur")
    person.says("/go")
    expect(page.get_by_text("il ne compte pas comme un avis")).to_be_visible()

    person.becomes("secu")
    person.says("/go sous réserve\nfaire relire les droits d’accès")
    expect(gate).to_contain_text("faire relire les droits d’accès")
    for login in FOLLOWERS:
        person.becomes(login)
        person.says("/go")
        expect(texts(page).filter(has=page.get_by_role("heading", name=re.compile(rf"^\S* ?{login}")))).to_have_count(1)
    decision = texts(page).filter(has_text="go sous réserve – Idée → POC")
    expect(decision).to_be_visible()
    expect(page.get_by_role("complementary")).to_contain_text("phase: poc")
    expect(page.get_by_role("complementary")).to_contain_text("Produits : POC")
    expect(page.locator(".fait").filter(has_text="a déplacé la carte de « Idée » à « POC »")).to_be_visible()
    person.picture()

    # the board shows it, and so do the App's own page and the log
    page.get_by_role("link", name="Tableau", exact=True).click()
    expect(column(page, "POC")).to_contain_text(title)
    person.picture()
    page.get_by_role("link", name="Portefeuille").click()
    expect(page.get_by_text(title).first).to_be_visible()
    page.get_by_role("link", name="Se connecter avec GitHub").click()
    page.wait_for_url(re.compile("/login/oauth/authorize|/moi$"))
    if "authorize" in page.url:  # asked once: the next person with this account is let through
        page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Ce qui m’attend")).to_be_visible()
    person.picture()
    person.goes("/_sandbox/livraisons")
    expect(page.locator(".livraison").first).to_be_visible()
    person.goes(issue)


def drag(page, what, to):
    """As a hand does: press, move a little, then go there, even where the page has to scroll meanwhile."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=4)
    to.hover()
    to.hover()  # the second move tells the column that it is the target
    page.mouse.up()


def test_a_card_dragged_with_the_mouse_is_put_back(person):
    page, title = person.page, f"Glissée-{person.mark}"
    number = person.stage.file(title)
    person.goes("/orgs/dnum/projects/1")
    expect(column(page, "Idée")).to_contain_text(title)
    page.evaluate("window.sameDocument = true")
    drag(page, card(page, title), column(page, "Construction").get_by_role("heading"))
    person.stage.wait(number, "La carte a été remise dans la colonne de sa phase")
    expect(column(page, "Idée")).to_contain_text(title)
    expect(column(page, "Construction")).not_to_contain_text(title)
    assert page.evaluate("window.sameDocument")
    person.picture()
    card(page, title).get_by_role("link", name=title).click()
    moves = page.locator(".fait").filter(has_text="a déplacé la carte")
    expect(moves).to_have_count(2)
    expect(moves.first).to_contain_text("cheffe-produit a déplacé la carte de « Idée » à « Construction »")
    expect(moves.last).to_contain_text("jalon-dnum robot a déplacé la carte de « Construction » à « Idée »")


def test_a_card_carried_with_the_keyboard_is_put_back(person):
    page, title = person.page, f"Portée-{person.mark}"
    number = person.stage.file(title)
    person.goes("/orgs/dnum/projects/1")
    expect(column(page, "Idée")).to_contain_text(title)
    page.evaluate("window.sameDocument = true")
    handle = page.get_by_role("button", name=f"Déplacer « {title} »", exact=True)
    said = page.get_by_role("status")

    handle.focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("est prise, colonne Idée")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Colonne POC, 3 sur")
    expect(column(page, "POC")).to_contain_text(title)
    page.keyboard.press("Escape")
    expect(said).to_contain_text("Déplacement annulé")
    expect(column(page, "Idée")).to_contain_text(title)
    expect(handle).to_be_focused()

    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Colonne Construction")
    page.keyboard.press("Space")
    person.stage.wait(number, "La carte a été remise dans la colonne de sa phase")
    expect(column(page, "Idée")).to_contain_text(title)
    expect(column(page, "Construction")).not_to_contain_text(title)
    expect(handle).to_be_focused()
    assert page.evaluate("window.sameDocument")


def tab_to(page, selector):
    """The Tab key alone, as often as it takes."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_keyboard_alone_votes_and_moves_a_card(person):
    page, title = person.page, f"Clavier-{person.mark}"
    number = person.stage.open_gate(title)
    person.goes(f"/dnum/produits/issues/{number}")
    tab_to(page, "#identite")
    page.keyboard.type("secu")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('identite')?.value === 'secu'")
    tab_to(page, "#commentaire")
    page.keyboard.type("/go")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    gate = texts(page).filter(has_text="Passage 1 : Idée → POC")
    expect(gate.get_by_role("row", name=re.compile("Sécurité"))).to_contain_text("secu")

    person.goes("/orgs/dnum/projects/1")
    handle = card(page, title).locator(".poignee").get_attribute("id")
    tab_to(page, f"[id='{handle}']")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(column(page, "MVP")).to_contain_text(title)
    page.keyboard.press("Enter")
    person.stage.wait(number, "La carte a été remise dans la colonne de sa phase")
    expect(column(page, "Idée")).to_contain_text(title)
