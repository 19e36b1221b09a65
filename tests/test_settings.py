"""Addresses that a token may be sent to: encrypted, or on this very machine."""

import pytest

from app.settings import SettingsError, read_api_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com",
        "https://github.ministere.example/api/v3",
        "http://127.0.0.1:8081",
        "http://localhost:8081/",
    ],
)
def test_an_address_that_is_encrypted_or_on_this_machine(url):
    assert read_api_url({"GITHUB_API_URL": url}) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.com",
        "http://127.0.0.1.elsewhere",
        "http://localhost.elsewhere:8081",
        "http://127.0.0.1:8081@elsewhere",
        "http://127.0.0.1\\.elsewhere",
        "http://127.0.0.10",
        "https://",
        "https://someone:secret@elsewhere",
        "http://[::1",
        "http://127.0.0.1:port",
        "ftp://127.0.0.1",
        "127.0.0.1:8081",
    ],
)
def test_an_address_elsewhere_must_be_encrypted(url):
    with pytest.raises(SettingsError, match="GITHUB_API_URL doit commencer par https://"):
        read_api_url({"GITHUB_API_URL": url})
