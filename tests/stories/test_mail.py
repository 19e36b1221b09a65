"""People answer by e-mail: what their mail program quotes of Jalon's own comments is obeyed by nobody."""

from __future__ import annotations

import re

import pytest
import requests
from markdown_it import MarkdownIt

from app.domain.product.facts import BallotCast, CommandRefused
from app.domain.reading.commands import parse

pytestmark = pytest.mark.slow

HTML = MarkdownIt("commonmark").enable("table")
FOOTER = (
    "--\nReply to this email directly or view it on GitHub:\nhttps://github.example/dnum/produits/issues/1\n"
    "You are receiving this because you were mentioned.\n\nMessage ID: <dnum/produits/issues/1/99@github.example>"
)


def plain_part(body: str) -> str:
    """What GitHub sends as text: the comment as it was typed, under its author."""
    return f"jalon[bot] left a comment (dnum/produits#1)\n\n{body}\n\n{FOOTER}"


def shown_part(body: str) -> str:
    """What a mail program makes of the HTML: words alone, so that « `/go` » in a list begins its line."""
    html = re.sub(r"<!--.*?-->", "", HTML.render(body), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "", re.sub(r"<(?:p|li|tr|td|h\d)[ >]", r"\n\g<0>", html))
    return f"jalon[bot] left a comment (dnum/produits#1)\n{text}\n{FOOTER}"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def gmail_fr(text: str) -> str:
    head = "Le jeu. 3 déc. 2026 à 10:12, jalon[bot] <notifications@github.example> a\nécrit :"
    return f"{head}\n\n{marked(text)}\n"


def gmail_en(text: str) -> str:
    head = "On Thu, Dec 3, 2026 at 10:12 AM jalon[bot] <notifications@github.example>\nwrote:"
    return f"{head}\n\n{marked(text)}\n"


def gmail_unmarked(text: str) -> str:
    return f"Le jeu. 3 déc. 2026 à 10:12, jalon[bot] <notifications@github.example> a écrit :\n\n{text}\n"


def apple_fr(text: str) -> str:
    return f"Envoyé de mon iPhone\n\n> Le 3 déc. 2026 à 10:12, jalon[bot] a écrit :\n> \n{marked(text)}\n"


def apple_mac_fr(text: str) -> str:
    head = "Le 3 déc. 2026 à 10:12, jalon[bot] <notifications@github.example> a écrit\u00a0:"
    return f"{head}\n\n{marked(text)}"


def apple_en(text: str) -> str:
    return f"> On 3 Dec 2026, at 10:12, jalon[bot] wrote:\n> \n{marked(text)}\n\nSent from my iPhone"


def outlook_fr(text: str) -> str:
    head = (
        "De\u00a0: jalon[bot] <notifications@github.example>\nEnvoyé\u00a0: jeudi 3 décembre 2026 10:12\n"
        "À\u00a0: dnum/produits <produits@noreply.github.example>\nCc\u00a0: Secu <secu@dnum.example>; Mention\n"
        "Objet\u00a0: Re: [dnum/produits] SILAV (Issue #1)"
    )
    return f"{'_' * 32}\n{head}\n\n{text}\n"


def outlook_bold(text: str) -> str:
    head = (
        "*De :* jalon[bot] <notifications@github.example>\n*Envoyé :* jeudi 3 décembre 2026 10:12\n*À :* dnum/produits"
    )
    return f"{head}\n*Objet :* Re: [dnum/produits] SILAV\n\n{text}\n"


def outlook_en(text: str) -> str:
    head = (
        "From: jalon[bot] <notifications@github.example>\nSent: Thursday, December 3, 2026 10:12 AM\nTo: dnum/produits"
    )
    return f"{head}\nSubject: Re: [dnum/produits] SILAV (Issue #1)\n\n{text}\n"


def outlook_old(text: str) -> str:
    return f"-----Message d’origine-----\nDe : jalon[bot]\nEnvoyé : jeudi 3 décembre 2026\nObjet : SILAV\n\n{text}\n"


def without_announcement(text: str) -> str:
    """A program that says nothing of what it quotes: GitHub's own footer tells."""
    return text


PROGRAMS = (
    gmail_fr,
    gmail_en,
    gmail_unmarked,
    apple_fr,
    apple_mac_fr,
    apple_en,
    outlook_fr,
    outlook_bold,
    outlook_en,
    outlook_old,
    without_announcement,
)


@pytest.fixture
def quotable(stage):
    """Jalon's own comments, as it wrote them: help, open gate, checklist."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("secu", number, "/aide")
    said = stage.said(number)
    assert all(any(word in text for text in said) for word in ("/abstention", "/na", "- [x]"))
    assert len(parse(shown_part(said[-1]))) > 5, "unless it is known for a quotation, it is dangerous"
    return number, said


@pytest.mark.parametrize("part", [plain_part, shown_part])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_nothing_that_a_mail_quotes_is_obeyed(stage, quotable, program, part):
    number, said = quotable
    before = len(stage.register.history(stage.world.issues[number].node_id))
    for text in said:
        stage.world.comment("secu", number, f"Bien reçu.\n\n{program(part(text))}", via_email=True)
        stage.world.comment("secretariat", number, f"Bien reçu, merci.\n\n{program(part(text))}", via_email=True)
    stage.settle()
    history = stage.register.history(stage.world.issues[number].node_id)
    assert [fact for fact in history[before:] if not isinstance(fact, CommandRefused)] == []
    if program is not without_announcement:
        assert history[before:] == (), "a quotation that is certain is answered to nobody"


@pytest.mark.parametrize("program", [one for one in PROGRAMS if one is not without_announcement])
def test_what_is_written_above_a_quotation_counts_alone(stage, quotable, program):
    number, said = quotable
    for text in said:
        stage.world.comment(
            "secu", number, f"/go\n\nBien à vous,\nC. Dupont\n\n{program(shown_part(text))}", via_email=True
        )
    stage.settle()
    history = stage.register.history(stage.world.issues[number].node_id)
    assert {(fact.by, fact.choice) for fact in history if isinstance(fact, BallotCast)} == {("secu", "go")}


def test_a_mail_quoting_the_help_in_english_is_not_obeyed(stage):
    rules = stage.world.files[".github/jalon.yml"].replace("language: fr", "language: en")
    stage.world.write_file("secretariat", ".github/jalon.yml", rules)
    stage.settle()
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/request")
    stage.says("secu", number, "/help")
    before = len(stage.register.history(stage.world.issues[number].node_id))
    for text in stage.said(number):
        for program in (gmail_en, apple_en, outlook_en):
            stage.world.comment("secu", number, f"Thanks!\n\n{program(shown_part(text))}", via_email=True)
    stage.settle()
    assert stage.register.history(stage.world.issues[number].node_id)[before:] == ()


def test_the_local_github_says_what_came_by_mail(stage):
    number = stage.filed()
    address = f"{stage.hub.url}/repos/{stage.world.repository}/issues/{number}/comments"
    headers = {"Authorization": "token sandbox-secu", "X-Sandbox-Via-Email": "true"}
    requests.post(address, json={"body": "/aide"}, headers=headers, timeout=30).raise_for_status()
    assert [comment.via_email for comment in stage.world.issues[number].comments if comment.author == "secu"] == [True]
