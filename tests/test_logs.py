"""Each line of the log says what it is about, and holds no secret."""

from __future__ import annotations

import json
import logging

import pytest

from app.logs import JsonLines, TextLines, about, configure, safe

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"


def raise_it(told):
    raise ValueError(told)


def record(message, *values, exc_info=None):
    return logging.LogRecord("app", logging.WARNING, __file__, 1, message, values, exc_info)


def test_a_line_is_about_a_delivery_and_a_product():
    with about("d1", "I_1"):
        line = json.loads(JsonLines(()).format(record("étiquettes %s", "posées")))
        text = TextLines(()).format(record("étiquettes posées"))
    assert (line["delivery"], line["product"], line["message"]) == ("d1", "I_1", "étiquettes posées")
    assert line["level"] == "warning"
    assert text.endswith("étiquettes posées [d1 I_1]")
    assert json.loads(JsonLines(()).format(record("après")))["delivery"] == ""


@pytest.mark.parametrize(
    "secret",
    [
        "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
        "github_pat_11ABCDEFG0aBcDeFgHiJkL",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2lnbmF0dXJl",
        "jalon:motdepasse",
        KEY,
        "le-secret-du-webhook",
    ],
)
def test_secrets_are_hidden(secret):
    told = f"postgresql://{secret}@base/jalon" if ":mot" in secret else f"appel avec {secret}"
    try:
        raise_it(told)
    except ValueError as error:
        for lines in (JsonLines, TextLines):
            line = lines(("le-secret-du-webhook",)).format(
                record(told, exc_info=(type(error), error, error.__traceback__))
            )
            assert secret not in line
            assert secret.splitlines()[0] not in line
            assert "***" in line


def test_ordinary_words_are_kept():
    text = "dnum/produits#12: PostComment decision:1 at https://api.github.com/repos/dnum/produits"
    assert safe(text) == text


def test_the_whole_process_speaks_one_way(capsys):
    before = logging.getLogger().handlers[:]
    configure("json", ["le-secret-du-webhook"])
    logging.getLogger("anything").error("le-secret-du-webhook est faux")
    logging.getLogger().handlers[:] = before
    line = json.loads(capsys.readouterr().err)
    assert line["message"] == "*** est faux"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("postgresql://jalon:pa/ss@base/jalon", "postgresql://***@base/jalon"),
        ("a://b://jalon:secret@base", "a://b://***@base"),
        ("voir https://exemple.fr/x?y=ghs_16C7e42F292c6912E77 puis", "voir https://exemple.fr/x?y=*** puis"),
        ("https://exemple.fr/a:b@c", "https://exemple.fr/a:b@c"),
        ("https://exemple.fr/#eyJ", "https://exemple.fr/#eyJ"),
    ],
)
def test_the_password_of_an_address_is_hidden_and_the_rest_of_it_is_not(told, kept):
    assert safe(told) == kept


@pytest.mark.parametrize("path", ["/calendrier/{}.ics", "/bilan/lien/{}"])
def test_an_address_that_opens_a_calendar_or_a_digest_is_hidden(path):
    secret = "WyJkbnVtL3Byb2R1aXRzIl0" + "-_" * 10
    line = TextLines(()).format(record("Exception on %s [GET]", path.format(secret)))
    assert secret not in line
    assert path.partition("{")[0] in line
