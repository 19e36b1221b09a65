"""The set-up pages: opened by the terminal's code, they create the App on the local GitHub, then test it for real."""

import json
import re
import stat
from html import unescape

import pytest
from werkzeug.test import Client as Browser
from werkzeug.wrappers import Response

from app.github.client import NotFoundError
from app.github.manifest import EVENTS, Registered, convert, form_address, manifest
from app.github.rights import PERMISSIONS
from app.settings import read_settings
from app.setup.desired import POLICY
from app.setup.secrets import app_variables, variable_lines, write_once
from app.web.server import Server
from app.web.setup_code import STATE_LIFE_S, Access
from app.web.webhook import Webhook
from app.web.wsgi import SetupService, WebSwitch
from local_github.keys import new_key
from local_github.registration import read_manifest
from tests.setup.conftest import ADMIN, administered, running


@pytest.fixture
def hub():
    with running() as one:
        yield one


@pytest.fixture
def stage(hub, tmp_path, monkeypatch):
    """The pages served for real, with a browser that has entered the code."""
    monkeypatch.setenv("JALON_DATABASE_URL", f"sqlite:///{tmp_path}/jalon.db")
    installer = SetupService(hub.url, tmp_path / "jalon.env")
    front = WebSwitch(installer)
    server = Server(Webhook(front, front.parts), "127.0.0.1", 0)
    server.start()
    address = f"http://127.0.0.1:{server.port}"
    browser = Browser(front, Response)
    yield installer, browser, address
    server.stop()
    if installer.jalon:
        installer.jalon.database.dispose()


def enter(installer, browser):
    answer = browser.get(f"/setup?code={installer.access.code}")
    assert answer.status_code == 302
    assert browser.get("/setup").status_code == 200


def wish(page):
    """Where the manifest goes, and the manifest."""
    where = unescape(re.search(r'action="([^"]+/settings/apps/new[^"]+)"', page)[1])
    return where, unescape(re.search(r'name="manifest" value="([^"]+)"', page)[1])


def agree(hub, browser, address, **form):
    """The administrator's agreement: GitHub keeps the manifest and gives a code."""
    given = {"organisation": "dnum", "mode": "serveur", "address": address} | form
    page = browser.post("/setup/app", data=given).get_data(as_text=True)
    where, text = wish(page)
    code = hub.doorman.registrations.accept(ADMIN, read_manifest(text))
    return code, where.partition("state=")[2]


def test_nothing_opens_without_the_code(stage):
    _, browser, _ = stage
    for path in ("/setup", "/setup/callback?code=a&state=b"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Le code du terminal" in answer.get_data(as_text=True)
    assert browser.post("/setup/app", data={"organisation": "dnum"}).status_code == 403
    wrong = browser.post("/setup/code", data={"code": "faux"})
    assert (wrong.status_code, "pas le bon" in wrong.get_data(as_text=True)) == (403, True)
    assert browser.get("/").status_code == 503
    with browser.get("/setup/static/jalon.css") as sheet:
        assert sheet.status_code == 200


def test_the_code_opens_one_browser_once(stage):
    installer, browser, _ = stage
    answer = browser.post("/setup/code", data={"code": f" {installer.access.code} "})
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/setup"))
    assert browser.get("/setup").status_code == 200
    other = Browser(browser.application, Response)
    assert other.get(f"/setup?code={installer.access.code}").status_code == 403
    other.set_cookie("jalon_setup", "devine", path="/setup")
    assert other.get("/setup").status_code == 403


def test_the_pages_hold_nothing_from_outside(stage):
    installer, browser, _ = stage
    enter(installer, browser)
    answer = browser.get("/setup")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.get_data(as_text=True)


def test_behind_an_https_server_github_comes_back_by_https(stage):
    installer, browser, _ = stage
    host = {"base_url": "http://jalon.exemple.fr", "headers": {"X-Forwarded-Proto": "https"}}
    assert "Secure" in browser.get(f"/setup?code={installer.access.code}", **host).headers["Set-Cookie"]
    browser.set_cookie("jalon_setup", installer.access._session, domain="jalon.exemple.fr", path="/setup")
    given = {"organisation": "dnum", "mode": "serveur", "address": "https://jalon.exemple.fr/"}
    page = browser.post("/setup/app", data=given, **host).get_data(as_text=True)
    assert json.loads(wish(page)[1])["redirect_url"] == "https://jalon.exemple.fr/setup/callback"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"organisation": ""}, "Donnez le nom court"),
        ({"organisation": "dnum/x"}, "Donnez le nom court"),
        ({"address": ""}, "Donnez une adresse complète"),
        ({"address": "http://jalon.exemple.fr"}, "Donnez une adresse complète"),
        ({"address": "jalon.exemple.fr"}, "Donnez une adresse complète"),
    ],
)
def test_a_mistake_in_the_form_is_told_beside_its_field(stage, form, told):
    installer, browser, _ = stage
    enter(installer, browser)
    given = {"organisation": "dnum", "mode": "serveur", "address": "https://jalon.exemple.fr", **form}
    page = browser.post("/setup/app", data=given).get_data(as_text=True)
    assert told in page
    assert 'aria-invalid="true"' in page
    assert "<title>Erreur" in page


@pytest.mark.slow
def test_the_app_is_created_and_the_installation_tested_point_by_point(hub, stage, caplog, capsys):
    installer, browser, address = stage
    enter(installer, browser)
    code, state = agree(hub, browser, address)
    page = browser.get(f"/setup/callback?code={code}&state={state}").get_data(as_text=True)
    assert "L’App « jalon-dnum » est créée" in page
    _check_secrets(hub, installer, page + caplog.text + "".join(capsys.readouterr()))
    assert browser.get("/healthz").status_code == 200
    found = points(browser)
    assert found["Installation"] == "À corriger"
    assert found["Permissions de l’App"] == found["Identité de l’App"] == "Bon"

    administered(hub).run(lambda line: None)
    hub.world.install_app(ADMIN)
    assert points(browser)["Règles"] == "À corriger"
    hub.world.app.permissions["single_file"] = "read"
    hub.world.app.single_files.append(POLICY)
    hub.doorman.expire_all()
    installer.jalon.client._requesters.clear()
    found = points(browser)
    assert found["Règles de dnum/produits"] == "Bon"
    assert found["Tableau de dnum/produits"] == "Bon"
    assert found["Comité de dnum/produits"] == "À corriger"

    hub.world.write_file(ADMIN, POLICY, with_one_member(hub.world.files[POLICY]))
    team = hub.world.create_team(ADMIN, "comite produit", (ADMIN,))
    hub.world.set_member(ADMIN, team, "cheffe-produit", member=True)
    hub.wait_delivered()
    assert set(points(browser).values()) == {"Bon"}
    assert "Tout est bon" in browser.get("/setup").get_data(as_text=True)
    _check_fields(hub, browser)


def _check_fields(hub, browser):
    """A field lost or changed is named, and « jalon setup » puts back what it can."""
    board = next(iter(hub.world.boards.values()))
    hub.world.edit_field(ADMIN, board.field_named("Avancement").node_id, name="Progrès")
    hub.world.create_field(ADMIN, board.number, "Avancement", "TEXT")
    hub.world.delete_field(ADMIN, board.field_named("Direction").node_id)
    gate = board.field_named("Passage")
    kept = [{"id": option.id, "name": option.name, "color": option.color} for option in gate.options[:2]]
    hub.world.edit_field(ADMIN, gate.node_id, options=kept)
    hub.world.delete_label(ADMIN, "phase: idée")
    hub.world.edit_label(ADMIN, "produit", new_name="produits")
    page = unescape(browser.get("/setup").get_data(as_text=True))
    assert points_of(page)["Tableau de dnum/produits"] != "Bon"
    assert "le champ « Avancement » (d’un autre type)" in page
    assert "le champ « Direction » (absent)" in page
    assert "Manquent, ou portent un autre nom : « produit », « phase: idée »." in page
    assert "le champ « Passage » (sans l’option Refusé)" in page
    administered(hub).run(lambda line: None)
    page = unescape(browser.get("/setup").get_data(as_text=True))
    assert "ne remplit pas le champ « Avancement » (d’un autre type)." in page
    hub.wait_delivered()


def _check_secrets(hub, installer, shown):
    kept = installer.secrets.read_text(encoding="utf-8")
    assert stat.S_IMODE(installer.secrets.stat().st_mode) == 0o600
    assert f'JALON_APP_ID="{hub.world.app.id}"' in kept
    assert hub.world.app.webhook_secret in kept
    assert hub.world.app.webhook_secret not in shown
    assert "PRIVATE KEY" not in shown


def with_one_member(text):
    """Rules whose every seat is held by the administrator."""
    return re.sub(r"holder: \S+", f"holder: {ADMIN}", text)


def points(browser):
    return points_of(browser.get("/setup").get_data(as_text=True))


def points_of(page):
    """State of each point by its name."""
    rows = re.findall(r'<h2>([^<]+) <span class="state state-\w+">([^<]+)</span>', page)
    return {unescape(name): unescape(state) for name, state in rows}


def test_a_state_serves_once_and_must_be_ours(hub, stage):
    installer, browser, address = stage
    enter(installer, browser)
    assert browser.get("/setup/callback?code=x&state=invente").status_code == 400
    code, state = agree(hub, browser, address)
    wrong = browser.get(f"/setup/callback?code=faux&state={state}")
    assert (wrong.status_code, "ne reconnaît plus ce code" in wrong.get_data(as_text=True)) == (400, True)
    assert browser.get(f"/setup/callback?code={code}&state={state}").status_code == 400
    assert not installer.secrets.exists()


def test_secrets_can_go_to_the_terminal_instead(hub, stage):
    installer, browser, _ = stage
    said = []
    installer.secrets, installer.say = None, said.append
    enter(installer, browser)
    code, state = agree(hub, browser, "", mode="actions")
    page = browser.get(f"/setup/callback?code={code}&state={state}").get_data(as_text=True)
    assert "affichés dans le terminal" in page
    (text,) = said
    assert 'JALON_PRIVATE_KEY="-----BEGIN' in text
    assert hub.world.app.hook_url is None
    assert hub.world.app.events == []


def test_once_there_is_an_app_no_other_is_made(hub, stage):
    installer, browser, address = stage
    enter(installer, browser)
    code, state = agree(hub, browser, address)
    late = installer.access.new_state()
    browser.get(f"/setup/callback?code={code}&state={state}")
    assert browser.post("/setup/app", data={"organisation": "dnum"}).status_code == 302
    assert browser.get(f"/setup/callback?code=autre&state={late}").status_code == 302


def test_a_state_is_forgotten_after_an_hour():
    now = [0.0]
    access = Access(lambda: now[0])
    early, late = access.new_state(), access.new_state()
    now[0] = STATE_LIFE_S - 1
    assert access.take_state(early)
    now[0] = STATE_LIFE_S
    assert not access.take_state(late)


APP = Registered(7, "dnum", "jalon", "https://x/apps/jalon", new_key(), "")


def test_what_is_written_is_what_jalon_reads(tmp_path):
    values = app_variables(APP, "https://api.github.com")
    read = read_settings(dict(line.split("=", 1) for line in variable_lines(values).replace('"', "").splitlines()))
    assert read.private_key.strip() == APP.private_key.strip()
    assert len(read.webhook_secrets[0]) == 64
    write_once(tmp_path / "a", values)
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "a", values)
    assert "BEGIN" not in repr(APP)


@pytest.mark.parametrize(
    ("api", "start"),
    [
        ("https://api.github.com", "https://github.com/organizations/dnum/settings/apps/new?state=s"),
        ("https://git.exemple.fr/api/v3", "https://git.exemple.fr/organizations/dnum/settings/apps/new?state=s"),
        ("https://api.dnum.ghe.com", "https://dnum.ghe.com/organizations/dnum/settings/apps/new?state=s"),
    ],
)
def test_the_form_goes_to_each_kind_of_github(api, start):
    assert form_address(api, "dnum", "s") == start


def test_the_manifest_asks_for_four_permissions_and_no_more():
    made = manifest(
        "direction-du-numerique-du-ministere", "https://jalon.fr", "https://jalon.fr/setup/callback", webhook=True
    )
    assert made["default_permissions"] == PERMISSIONS
    assert len(PERMISSIONS) == 4
    assert made["default_events"] == EVENTS
    assert len(made["name"]) <= 34
    assert made["hook_attributes"] == {"url": "https://jalon.fr/webhooks/github", "active": True}
    assert read_manifest(json.dumps(made)).permissions == PERMISSIONS


def test_a_code_github_does_not_know(hub):
    with pytest.raises(NotFoundError):
        convert(hub.url, "inconnu/../app")
