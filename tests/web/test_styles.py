"""Stylesheets: ours kept and packed, the installation's served from its folder alone or let in from its address."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from app.settings import SettingsError, read_settings
from local_github.keys import new_key
from tests.web.conftest import Pages

WHOLE = {"JALON_APP_ID": "1", "JALON_WEBHOOK_SECRET": "secret", "JALON_PRIVATE_KEY": new_key()}


@pytest.fixture
def dressed(tmp_path):
    made = []

    def dress(sheet: str) -> Pages:
        found = Pages(f"sqlite:///{tmp_path}/jalon.db")
        services = found.app.extensions["jalon"]
        services.settings = replace(services.settings, stylesheet=sheet)
        made.append(found)
        return found

    yield dress
    for one in made:
        one.database.dispose()


def test_our_files_are_kept_and_packed(pages):
    plain, packed = pages.get("/static/jalon.css"), pages.get("/static/jalon.css", **{"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == "public, max-age=3600"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    again = pages.get("/static/jalon.css", **{"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_never_kept_nor_packed(pages):
    page = pages.get("/", **{"Accept-Encoding": "gzip"})
    assert page.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in page.headers


def test_without_a_stylesheet_nothing_comes_from_elsewhere(pages):
    page = pages.get("/")
    assert "font-src" not in page.headers["Content-Security-Policy"]
    assert "https://" not in page.headers["Content-Security-Policy"]
    assert pages.get("/charte/etat.css").status_code == 404


def test_a_file_of_the_installation_is_served_with_what_stands_below_it(dressed, tmp_path):
    folder = tmp_path / "charte"
    (folder / "fonts").mkdir(parents=True)
    (folder / "etat.css").write_text("body { color: red }", encoding="utf-8")
    (folder / "fonts" / "etat.woff2").write_bytes(b"police")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "dehors.css").write_text("dehors", encoding="utf-8")
    found = dressed(str(folder / "etat.css"))
    page = found.get("/")
    assert page.get_data(as_text=True).count('href="/charte/etat.css"') == 1
    assert "font-src 'self'; " in page.headers["Content-Security-Policy"]
    assert found.get("/charte/etat.css").data == b"body { color: red }"
    assert found.get("/charte/fonts/etat.woff2").data == b"police"
    for path in ("secret.txt", "../dehors.css", "%2e%2e/dehors.css", "fonts"):
        assert found.get(f"/charte/{path}").status_code == 404


def test_an_address_is_let_in_and_nothing_else(dressed):
    found = dressed("https://charte.exemple.fr/dist/etat.css")
    page = found.get("/accessibilite")
    assert 'href="https://charte.exemple.fr/dist/etat.css"' in page.get_data(as_text=True)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["style-src"] == policy["font-src"] == policy["img-src"] == "'self' https://charte.exemple.fr"
    assert policy["default-src"] == "'none'"
    assert found.get("/charte/etat.css").status_code == 404


@pytest.mark.parametrize(
    "given",
    ["rien.css", "/etc/passwd", "http://exemple.fr/a.css", "https://a.fr; script-src *", "https://u@a.fr/a.css"],
)
def test_a_stylesheet_that_cannot_be_is_told_at_the_start(given):
    with pytest.raises(SettingsError, match="JALON_STYLESHEET"):
        read_settings({**WHOLE, "JALON_STYLESHEET": given})


def test_a_stylesheet_that_can_be_is_taken(tmp_path):
    sheet = tmp_path / "etat.css"
    sheet.write_text("", encoding="utf-8")
    for given in (str(sheet), "https://charte.exemple.fr/etat.css", ""):
        assert read_settings({**WHOLE, "JALON_STYLESHEET": given}).stylesheet == given
