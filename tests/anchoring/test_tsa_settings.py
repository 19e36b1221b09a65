"""The authority that dates seals is named by the environment: an address that is safe, certificates that can be read."""

from __future__ import annotations

import pytest

from app.settings import SettingsError, read_settings
from local_github.keys import another_key

GIVEN = {"JALON_APP_ID": "1", "JALON_WEBHOOK_SECRET": "secret"}


@pytest.fixture(scope="module")
def given():
    return GIVEN | {"JALON_PRIVATE_KEY": another_key()}


def test_nothing_is_asked_of_anybody_by_default(given):
    assert read_settings(given).tsa == ("", "")


def test_an_address_and_its_certificates(given, authority):
    roots = authority.folder / "ca.pem"
    found = read_settings(given | {"JALON_TSA_URL": authority.url, "JALON_TSA_ROOTS": str(roots)})
    assert found.tsa == (authority.url, authority.roots)
    assert read_settings(given | {"JALON_TSA_URL": "https://horodatage.exemple.fr/tsr"}).tsa[1] == ""


@pytest.mark.parametrize("url", ["http://horodatage.exemple.fr", "ftp://x", "https://compte:mot@horodatage.exemple.fr"])
def test_an_address_that_is_not_safe_is_refused(given, url):
    with pytest.raises(SettingsError, match="JALON_TSA_URL"):
        read_settings(given | {"JALON_TSA_URL": url})


@pytest.mark.parametrize("text", [None, "", "pas un certificat"])
def test_certificates_that_cannot_be_read_are_told(given, tmp_path, text):
    path = tmp_path / "racines.pem"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="JALON_TSA_ROOTS"):
        read_settings(given | {"JALON_TSA_ROOTS": str(path)})
