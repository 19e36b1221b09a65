"""What a page does by itself, and that nothing a person does is lost: typing, focus, open panels, no JavaScript."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_typing_goes_on_while_the_page_changes(people, stage):
    somebody, number = people(), stage.file("Frappe")
    page = somebody.page
    somebody.goes(f"/dnum/produits/issues/{number}")
    field = page.get_by_label("Votre commentaire")
    field.click()
    page.keyboard.type("Je commence")
    before = page.locator("li.dit").count()
    scrolled = page.evaluate("scrollY")
    stage.say("cheffe-produit", number, "/aide")
    expect(page.locator("li.dit")).to_have_count(before + 2)
    expect(field).to_be_focused()
    page.keyboard.type(" et je finis")
    expect(field).to_have_value("Je commence et je finis")
    assert page.evaluate("scrollY") >= scrolled
    expect(page.get_by_role("status")).to_contain_text("Nouveau commentaire de jalon-dnum.")


def test_a_comment_begun_survives_another_page(people, stage):
    somebody, number = people(), stage.file("Brouillon")
    page = somebody.page
    somebody.goes(f"/dnum/produits/issues/{number}")
    page.get_by_label("Votre commentaire").fill("à finir")
    somebody.becomes("secu")
    expect(page.get_by_label("Votre commentaire")).to_have_value("à finir")
    page.get_by_role("button", name="Commenter", exact=True).click()
    expect(page.locator("li.dit").filter(has_text="à finir")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Votre commentaire")).to_have_value("")


def test_an_edit_under_way_is_left_alone_and_a_conflict_is_told(people, stage):
    somebody, number = people(), stage.file("Conflit")
    page = somebody.page
    said = stage.say("cheffe-produit", number, "premier texte")
    somebody.goes(f"/dnum/produits/issues/{number}")
    text = page.locator("li.dit").filter(has_text="premier texte")
    text.get_by_text("Modifier", exact=False).first.click()
    text.get_by_label("Texte").fill("mon travail en cours")
    stage.api("cheffe-produit", "PATCH", f"/repos/dnum/produits/issues/comments/{said['id']}", body="texte d’ailleurs")
    stage.say("visiteur", number, "pour voir")
    expect(page.locator("li.dit").filter(has_text="pour voir")).to_have_count(1)
    expect(text.get_by_label("Texte")).to_have_value("mon travail en cours")
    text.get_by_role("button", name="Enregistrer le texte").click()
    expect(page.get_by_role("status")).to_contain_text("Ce texte a changé depuis que vous l’avez affiché")
    expect(text.get_by_label("Texte")).to_have_value("mon travail en cours")


def test_editing_reacting_deleting(people, stage):
    somebody, number = people(), stage.file("Gestes")
    page = somebody.page
    somebody.goes(f"/dnum/produits/issues/{number}")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Votre commentaire").fill("une *première* version")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    expect(page.get_by_role("group", name="Aperçu", exact=True).locator("em")).to_have_text("première")
    page.get_by_role("button", name="Commenter", exact=True).click()
    expect(page.get_by_role("group", name="Aperçu", exact=True)).to_be_hidden()
    text = page.locator("li.dit").last
    expect(text.locator("em")).to_have_text("première")
    text.locator("summary", has_text="Modifier").click()
    text.get_by_label("Texte").fill("une seconde version")
    text.get_by_role("button", name="Enregistrer le texte").click()
    expect(text.locator(".texte")).to_have_text("une seconde version")
    expect(text).to_contain_text("modifié")
    expect(text.locator("summary", has_text="Modifier")).to_be_focused()

    text.get_by_label("Réagir à ce commentaire").click()
    text.get_by_role("button", name="fusée", exact=True).click()
    given = text.get_by_role("button", name="fusée : 1")
    expect(given).to_have_attribute("aria-pressed", "true")
    given.click()
    expect(given).to_have_count(0)

    text.locator("summary", has_text="Supprimer").click()
    text.get_by_role("button", name="Supprimer définitivement").click()
    expect(page.get_by_text("une seconde version")).to_have_count(0)
    expect(page.locator(".fait").last).to_contain_text("a supprimé un commentaire de cheffe-produit")
    assert page.evaluate("window.sameDocument")


def test_labels_people_and_state_by_those_who_may(people, stage):
    somebody = people("telephone")
    page = somebody.page
    # No product: Jalon opens again what is closed without a decision.
    number = stage.api("cheffe-produit", "POST", "/repos/dnum/produits/issues", title="Tri", body="À trier")["number"]
    somebody.goes(f"/dnum/produits/issues/{number}")
    side = page.get_by_role("complementary")
    side.locator("summary", has_text="les personnes assignées").click()
    side.get_by_label("chef-produit", exact=True).check()
    side.get_by_role("button", name="Enregistrer").click()
    expect(side.locator("[data-vif=personnes] li")).to_have_text(re.compile("chef-produit"))
    expect(page.locator(".fait").last).to_contain_text("a attribué le ticket à chef-produit")
    page.get_by_label("Raison").select_option("not_planned")
    page.get_by_role("button", name="Fermer le ticket").click()
    expect(page.locator(".entete .etat")).to_have_text("Fermé")
    expect(page.locator(".fait").filter(has_text="a fermé le ticket comme non prévu")).to_have_count(1)
    page.get_by_role("button", name="Rouvrir le ticket").click()
    expect(page.locator(".entete .etat")).to_have_text("Ouvert")
    stage.api("secretariat", "PATCH", f"/repos/dnum/produits/issues/{number}", state="closed")
    expect(page.get_by_role("button", name="Rouvrir le ticket")).to_be_visible()
    somebody.becomes("visiteur")
    expect(page.get_by_role("button", name="Fermer le ticket")).to_have_count(0)
    expect(side.locator("details")).to_have_count(0)


def test_quick_ticks_are_all_kept(people, stage):
    somebody, number = people(), stage.file("Cases")
    page = somebody.page
    stage.say("cheffe-produit", number, "\n".join(f"- [ ] point {rank}" for rank in range(8)))
    somebody.goes(f"/dnum/produits/issues/{number}")
    mine = page.locator("li.dit").filter(has_text="point 7")
    for rank in range(8):
        mine.get_by_role("checkbox", name=f"point {rank}").click()
    mine.get_by_role("checkbox", name="point 3").click()
    expect(page.get_by_role("status")).to_have_text("Case décochée.")
    page.reload()
    expect(mine.locator("input[name=case]:checked")).to_have_count(7)
    expect(mine.get_by_role("checkbox", name="point 3")).not_to_be_checked()


def test_nothing_is_asked_while_nobody_looks(people, stage):
    somebody = people()
    page, asked = somebody.page, []
    page.clock.install()
    page.on("request", lambda request: asked.append(request.url) if "/_sandbox/version" in request.url else None)
    with page.expect_response(re.compile("/_sandbox/version")):
        somebody.goes("/dnum/produits/issues")
    hide = "state => { Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, "hidden")
    page.evaluate("() => fetch('/_sandbox/version')")  # whatever was under way before is over
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response(re.compile("/_sandbox/version")):
        page.evaluate(hide, "visible")


def test_everything_works_without_javascript(people, stage):
    somebody, number = people("telephone", java_script_enabled=False), stage.file("Sans script")
    page = somebody.page
    somebody.goes(f"/dnum/produits/issues/{number}")
    somebody.says("bonjour")
    expect(page.locator("li.dit").last).to_contain_text("bonjour")
    page.get_by_label("Vous êtes").select_option("secretariat")
    page.get_by_role("button", name="Changer", exact=True).click()
    checklist = page.locator("li.dit").filter(has_text="Liste de contrôle – phase Idée")
    checklist.get_by_role("checkbox", name=re.compile(r"^2\.")).check()
    checklist.get_by_role("button", name="Enregistrer les cases").click()
    expect(checklist.get_by_role("checkbox", name=re.compile(r"^2\."))).to_be_checked()
    stage.wait(number, "**1 sur 14** points traités")
    somebody.goes("/orgs/dnum/projects/1")
    moved = page.locator(".carte").filter(has_text="Sans script")
    expect(moved.locator(".poignee")).to_be_hidden()
    moved.get_by_role("combobox").select_option(label="Construction")
    moved.get_by_role("button", name=re.compile("dans la colonne choisie")).click()
    stage.wait(number, "La carte a été remise dans la colonne de sa phase")


def test_a_delivery_is_sent_again(people):
    somebody = people("telephone")
    page = somebody.page
    somebody.stage.file("Renvoi")
    somebody.goes("/_sandbox/livraisons")
    page.get_by_role("button", name=re.compile("^Renvoyer")).first.click()
    expect(page.locator(".livraison .puce").filter(has_text="renvoi").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Échecs")).click()
    expect(page.get_by_text("Aucun échec.")).to_be_visible()
