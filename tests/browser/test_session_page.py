"""The page of a session as it is projected: one screen a file, the keyboard, and what a lost connection leaves."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.domain.policy.calendar import day_of, next_session
from app.domain.policy.model import TIMEZONE
from app.shipped_files import default_policy
from tests.acts import Person, Site
from tests.browser.conftest import PICTURES
from tests.browser.test_acts import RULES
from tests.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def held(tmp_path):
    """A session's day with two gates, and the cookies of its secretariat."""
    stage = Stage.at(tmp_path)
    site = Site(stage)
    day = next_session(default_policy().committee, day_of(stage.now, TIMEZONE) + timedelta(days=4))
    stage.now += timedelta(days=(day - day_of(stage.now, TIMEZONE)).days - 3)
    numbers = [stage.filed(ready=True, title=f"Un produit au nom assez long, le {rank}e") for rank in (1, 2)]
    for number in numbers:
        stage.says("cheffe-produit", number, "/demande")
    stage.says("secu", numbers[0], "/nogo la sensibilité des données n’est pas estimée, et rien n’est chiffré")
    stage.now += timedelta(days=3)
    keeper = Person(site, "secretariat")
    keeper.enters("/seances")
    yield (
        site,
        day.isoformat(),
        numbers,
        [{"name": one.name, "value": one.value, "url": site.url} for one in keeper.cookies],
    )
    keeper.close()
    site.close()
    stage.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_a_file_is_one_screen_and_the_arrows_turn_its_pages(browser, held, width, height):
    site, day, (first, second), cookies = held
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies(cookies)
    page = context.new_page()
    for path in ("/seances", f"/seances/{day}", f"/seances/{day}/dossier/{first}"):
        page.goto(f"{site.url}{path}")
        assert Axe().run(page, options=RULES).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"session-{width}-{path.count('/')}.png")
    if width > height:
        assert (
            page.locator(".session-item").bounding_box()["height"] + page.locator(".session-item").bounding_box()["y"]
            <= height
        )
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/dossier/{second}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/dossier/{first}")


def test_what_was_typed_is_kept_and_an_answer_that_never_came_is_told(browser, held):
    site, day, (first, _), cookies = held
    context = browser.new_context()
    context.add_cookies(cookies)
    page = context.new_page()
    here = f"{site.url}/seances/{day}/dossier/{first}"
    page.goto(here)
    page.locator("summary", has_text="No-go").click()
    page.get_by_label("Vos raisons", exact=True).fill("le besoin n’est pas étayé")
    page.reload()
    expect(page.get_by_label("Vos raisons", exact=True)).to_have_value("le besoin n’est pas étayé")
    expect(page.get_by_text("Ce que vous aviez écrit ici est remis.")).to_be_visible()
    context.set_offline(True)
    page.get_by_role("button", name="Relire avant de publier").locator("visible=true").click()
    expect(page.get_by_text("Pas de connexion : rien n’est parti.")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Relire avant de publier").locator("visible=true").click()
    page.route("**/decision*", lambda route: (route.fetch(), route.abort()))
    page.get_by_role("button", name="Publier ce commentaire").click()
    page.unroute("**/decision*")
    page.goto(here)
    expect(page.get_by_text("on ne sait pas s’il est parti")).to_be_visible()
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_role("heading", name="Votre commentaire est publié")).to_be_visible()
    said = [one.body for one in site.stage.world.issues[first].comments if one.body.startswith("/décision nogo")]
    assert len(said) == 1
    page.goto(here)
    expect(page.get_by_text("on ne sait pas s’il est parti")).to_be_hidden()
