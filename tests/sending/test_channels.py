"""Each kind of channel, by a server of this machine: what arrives there, and what a server that fails costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.report.news import News
from app.messages.letters import news_letter
from app.sending.channels import NotSentError, send
from tests.sending.servers import certificate_for_this_machine, mail_server, silent_server, web_server

TRAPS = "Annuaire @all [cliquez](https://piege.example) <b>gras</b> www.piege.example *x*"
LINK = "https://github.example/dnum/produits/issues/12"


def letter(title="Annuaire", language="fr"):
    news = News("gate_opened", "dnum/produits", "gate 1", 12, title, "MVP")
    return news_letter([news], "comité", language, lambda _: LINK)


def flat(text):
    return " ".join(text.split())


def test_a_mail_arrives_in_two_shapes_with_its_file():
    told = letter()
    with mail_server() as (port, kept):
        address = f"mailto://127.0.0.1:{port}/?from=jalon@exemple.gouv.fr&to=secretariat@exemple.gouv.fr,direction@exemple.gouv.fr"
        send(address, replace(told, files=(("bilan.pdf", b"%PDF-1.7"),)))
    assert sorted(kept.people) == [("direction@exemple.gouv.fr",), ("secretariat@exemple.gouv.fr",)]
    mail = kept.mails[0]
    assert flat(mail["Subject"]) == "Jalon : avis attendu sur « Annuaire » (MVP)"
    assert "jalon@exemple.gouv.fr" in mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Avis attendu sur « Annuaire » (MVP)" in flat(plain)
    assert LINK in plain
    assert f'<a href="{LINK}">' in page
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("bilan.pdf", b"%PDF-1.7")


def test_what_somebody_typed_is_neither_a_link_nor_a_mark_in_a_mail():
    with mail_server() as (port, kept):
        send(f"mailto://127.0.0.1:{port}/?from=jalon@exemple.gouv.fr&to=a@exemple.gouv.fr", letter(TRAPS))
    page = kept.mails[0].get_body(("html",)).get_content()
    assert page.count("<a ") == 1
    assert "<b>" not in page
    assert "https://piege" not in page
    assert "www.piege" not in page


def test_tchap_receives_text_and_page():
    with web_server() as (port, web):
        send(f"matrix://:jeton-tchap@127.0.0.1:{port}/!salon:localhost", letter(TRAPS))
    said = [content for verb, path, _, content in web.asked if "m.room.message" in path]
    assert len(said) == 1
    assert "Avis attendu sur" in flat(said[0]["body"])
    assert LINK in said[0]["body"]
    assert "@all" not in said[0]["body"]
    assert said[0]["formatted_body"].count("<a ") == 1
    assert "<b>" not in said[0]["formatted_body"]
    assert all(headers.get("Authorization") == "Bearer jeton-tchap" for _, _, headers, _ in web.asked)


def test_mattermost_receives_markdown_that_says_no_more_than_we_do():
    with web_server() as (port, web):
        send(f"mmost://127.0.0.1:{port}/jeton-mattermost", letter(TRAPS))
    ((_, path, _, content),) = web.asked
    assert path == "/hooks/jeton-mattermost"
    assert "Avis attendu sur" in flat(content["text"])
    assert f"<{LINK}>" in content["text"]
    for live in ("@all", "[cliquez](", "<b>", "https://piege", "www.piege"):
        assert live not in content["text"]


def test_teams_receives_a_card(tmp_path, monkeypatch):
    certificate = certificate_for_this_machine(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with web_server(certificate) as (port, web):
        send(f"workflows://127.0.0.1:{port}/643e69f83c8944438d68119179a10a64/signature-de-teams", letter())
    ((_, path, _, content),) = web.asked
    assert "643e69f83c8944438d68119179a10a64" in path
    told = flat(str(content))
    assert LINK in told
    assert "(MVP)" in told
    assert "githubusercontent" not in told


@pytest.mark.parametrize(
    "address",
    [
        "mmost://127.0.0.1:{port}/jeton-mattermost",
        "matrix://:jeton-tchap@127.0.0.1:{port}/!salon:localhost",
    ],
)
@pytest.mark.parametrize("status", [500, 403, 404])
def test_a_refusal_is_told_without_a_word_of_the_address(address, status):
    with web_server() as (port, web):
        web.status = status
        with pytest.raises(NotSentError) as refusal:
            send(address.format(port=port), letter())
    assert str(refusal.value)
    assert "jeton" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["mailto", "mmost"])
def test_a_server_that_never_answers_is_given_up(scheme):
    with silent_server() as port:
        address = f"{scheme}://127.0.0.1:{port}/jeton-secret?from=jalon@exemple.gouv.fr&to=quelquun@exemple.gouv.fr"
        with pytest.raises(NotSentError) as refusal:
            send(address, letter(), socket_s=0.2)
    assert "quelquun" not in str(refusal.value)


def test_a_server_that_keeps_giving_signs_is_given_up_too():
    with silent_server() as port, pytest.raises(NotSentError, match="délai"):
        send(f"mmost://127.0.0.1:{port}/jeton-secret", letter(), socket_s=1.0, patience_s=0.1)


def test_an_address_that_is_not_whole_is_told():
    with pytest.raises(NotSentError, match="incomplète"):
        send("workflows://127.0.0.1/", letter())
