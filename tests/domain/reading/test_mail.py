"""What of a comment its author wrote: quoted mail, its headers, signatures and polite endings are cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading.commands import Abstain, Doubtful, Go, NoGo, Parsed, parse
from app.domain.reading.mail import written_by_author

HEAD_FR = "De : jalon[bot] <n@g.example>\nEnvoyé : jeudi 3 décembre 2026 10:12\nÀ : dnum/produits\nObjet : Re: SILAV"
HEAD_EN = "From: jalon[bot] <n@g.example>\nSent: Thursday, December 3, 2026\nTo: dnum/produits\nSubject: Re: SILAV"

CUT_EVERYWHERE = {
    "Outlook in French": f"{HEAD_FR}\n\n/nogo x",
    "Outlook in English": f"{HEAD_EN}\n\n/nogo x",
    "spaces that do not break": HEAD_FR.replace(" :", "\u00a0:") + "\n\n/nogo x",
    "narrow spaces that do not break": HEAD_FR.replace(" :", "\u202f:") + "\n/nogo x",
    "headers in bold": "**De :** jalon[bot]\n**Envoyé :** jeudi\n**À :** x\n**Objet :** y\n/nogo x",
    "two headers": "De : x\nEnvoyé : y\n\n/nogo x",
    "headers apart": "De : x\n\nEnvoyé : y\n\n/nogo x",
    "headers in another order": "Sujet : y\nDate : 3 décembre\nDe : x\nPour : z\n/nogo x",
    "addresses on two lines": "De : x\nÀ : a@b.fr;\n c@d.fr\nObjet : y\n/nogo x",
    "typographic apostrophe": "-----Message d’origine-----\nDe : x\n/nogo x",
    "straight apostrophe": "-----Message d'origine-----\n/nogo x",
    "English separator": "-----Original Message-----\n/nogo x",
    "forwarded": "---------- Forwarded message ---------\nFrom: x\n/nogo x",
    "transferred": "-------- Message transféré --------\nSujet : y\n/nogo x",
    "Apple, forwarded": "Début du message transféré :\n\n/nogo x",
    "underscores and headers": f"{'_' * 32}\n{HEAD_FR}\n/nogo x",
    "carriage returns": f"{HEAD_FR}\n\n/nogo x".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize("quotation", CUT_EVERYWHERE.values(), ids=CUT_EVERYWHERE)
def test_a_quoted_mail_and_its_headers_are_cut_for_certain(quotation, via_email):
    assert written_by_author(f"/go\n\n{quotation}", via_email=via_email) == ("/go\n", "")


INTRODUCTIONS = (
    "Le 3 déc. 2026 à 10:12, jalon[bot] <n@g.example> a écrit :",
    "Le 3 déc. 2026 à 10:12, jalon[bot] <n@g.example> a écrit\u00a0:",
    "Le jeu. 3 déc. 2026 à 10:12, jalon[bot]\n<notifications@g.example> a écrit :",
    "Le jeu. 3 déc. 2026 à 10:12, jalon[bot]\n<notifications@g.example>\na écrit :",
    "On Thu, Dec 3, 2026 at 10:12 AM jalon[bot] <n@g.example> wrote:",
    "On Thu, Dec 3, 2026 at 10:12 AM jalon[bot] <n@g.example>\nwrote:",
    "Am 3.12.2026 um 10:12 schrieb jalon[bot] <n@g.example>:",
)


@pytest.mark.parametrize("head", INTRODUCTIONS)
def test_what_an_introduction_quotes_is_cut(head):
    assert written_by_author(f"/go\n\n{head}\n\n/nogo x", via_email=True) == ("/go\n", "")
    assert written_by_author(f"/go\n\n{head}\n> /nogo x\n> y", via_email=True) == ("/go\n", "")
    assert written_by_author(f"/go\n\n{head}\n> /nogo x\n\n/coche 3", via_email=True) == ("/go\n", "\n\n/coche 3"[1:])


@pytest.mark.parametrize("head", INTRODUCTIONS[:-1])
def test_on_the_web_lines_marked_leave_the_rest_to_its_author(head):
    blanks = "\n" * head.count("\n")
    assert written_by_author(f"{head}\n> /nogo x\n\n/go") == (f"{blanks}\n> /nogo x\n\n/go", "")
    assert written_by_author(f"bien\n{head}\n\n/go") == ("bien", "\n/go"), "nobody can tell whose /go it is: a question"


DOUBTFUL = {
    "an author without a date": "Paul a écrit :\n/nogo x",
    "an author cut off from what they wrote": "Le chef,\n\na écrit :\n/nogo x",
    "a language unknown": "Tor 3. joulukuuta 2026 klo 10.12 jalon[bot] <n@g.example>:\n/nogo x",
    "a rule": "====================\n/nogo x",
    "underscores alone": f"{'_' * 32}\n/nogo x",
    "one header": "De : jalon[bot]\n/nogo x",
    "below marked lines": "> Le passage\n/nogo x",
    "below a signature": "-- \nPaul\n/nogo x",
    "below a polite ending": "Cordialement,\nPaul\n/nogo x",
    "below what a telephone adds": "Envoyé de mon iPhone\n\n/nogo x",
}


@pytest.mark.parametrize("rest", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_cannot_be_told_apart_in_a_mail_is_asked_about(rest):
    text, doubtful = written_by_author(f"/go\n\n{rest}", via_email=True)
    assert [parsed.command for parsed in parse(text)] == [parsed.command for parsed in parse("/go")]
    assert "/nogo x" in doubtful


def test_a_mail_that_quotes_github_without_telling_where_is_wholly_in_doubt():
    body = "/go\n\njalon[bot] left a comment\n\n/nogo x\n\n--\nReply to this email directly or view it on GitHub"
    assert written_by_author(body, via_email=True) == ("", body)


NOT_MAIL = {
    "a session's minutes": "/décision go\nDate : 8 décembre\nPour : techno, secu\nprésents : a, b",
    "a reason that names people": "/nogo Paul a écrit :\n« non »",
    "a mail shown as code": "/nogo\n```\nDe : x\nEnvoyé : y\n-- \nPaul\n```\ntrop tôt",
    "a rule": "/nogo trop tôt\n\n____________\n\net trop cher",
    "a list": "/go sous réserve\n- de : la sécurité\n- à : revoir",
    "thanks in the middle": "Merci\n\n/go sous réserve\n- audit",
    "a day": "/nogo revoir le\n08/12/2026",
    "numbers": "/coche\n1 2 3 4 5",
    "words that look like a farewell": "/nogo bonne journée d’étude, mauvais dossier",
}


@pytest.mark.parametrize("body", NOT_MAIL.values(), ids=NOT_MAIL)
def test_what_is_typed_on_the_web_is_not_taken_for_a_mail(body):
    assert written_by_author(body) == (body, "")


ENDINGS = (
    "-- \nJ. Martin\nBureau de la sécurité\n01 40 00 00 00",
    "--\nJ. Martin",
    "---\nJ. Martin\nRSSI",
    "___\n\n**J. Martin**\nDirection du numérique",
    "— \nJeanne Martin, cheffe de projet",
    "*****\nJean Martin - Secrétariat\n01 40 00 00 00",
    "Cordialement,\nJ. Martin",
    "*Cordialement*\n\nJ. Martin\nDINUM\n01 40 00 00 00",
    "Bien cordialement, Jeanne Martin",
    "Bien à vous,\nJ. Martin",
    "Bonne journée !",
    "Merci d’avance et bonne journée",
    "Merci,\nJeanne Martin",
    "Cdlt",
    "Je vous prie d’agréer, Madame, l’expression de mes salutations distinguées.",
    "Restant à votre disposition,\nJ. Martin",
    "Best regards,\nJ. Martin",
    "Kind regards\nJ. Martin, CISO",
    "Thanks,\nJane Martin",
    "Sincerely yours,",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon téléphone Orange",
    "Envoyé à partir de Outlook pour Android",
    "Télécharger Outlook pour iOS",
    "Sent from my iPhone",
    "Get Outlook for iOS",
    "J. Martin\nDINUM\nTél. : 01 40 00 00 00",
    "J. Martin\n+33 1 40 00 00 00",
    "Jeanne Martin\njeanne.martin@dnum.example",
)


@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize("ending", ENDINGS)
def test_signatures_and_polite_endings_never_enter_a_reason(ending, via_email):
    (nogo,) = parse(f"/nogo trop tôt\n\n{ending}", via_email=via_email)
    assert nogo.command == NoGo("trop tôt")
    (abstain,) = parse(f"/abstention\n\n{ending}", via_email=via_email)
    assert abstain.command == Abstain("")


FOOTERS = (
    "Ce message et ses pièces jointes sont confidentiels.",
    "Ce courriel est confidentiel. Si vous n’êtes pas destinataire, merci de le supprimer.",
    "This e-mail and any attachments are confidential. If you are not the intended recipient, please delete it.",
    "Avant d’imprimer ce message, pensez à l’environnement.",
    "P Pensez à l'environnement avant d'imprimer ce mail",
    "Jeanne Martin\nCheffe du bureau\n01 71 21 01 70\n\nCe message est confidentiel. / This message is confidential.",
    "Jeanne Martin | RSSI | 01 49 27 49 27",
    "Jeanne Martin – RSSI – jeanne.martin@dnum.example",
    "Cordialement / Kind regards,\nJeanne",
    "Dans l’attente de votre retour,\nJM",
    "Avec mes meilleures salutations,\nJM",
    "Belle fin de semaine à tous\nJM",
    "<div>Cordialement,</div>\n<div>Jeanne Martin</div>",
    "Garanti sans virus. www.antivirus.example",
)


@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize("footer", FOOTERS)
def test_footers_and_cards_of_an_organisation_say_nothing(footer, via_email):
    assert [one.command for one in parse(f"/nogo trop tôt\n\n{footer}", via_email=via_email)] == [NoGo("trop tôt")]
    assert [one.command for one in parse(f"/go\n\n{footer}", via_email=via_email)] == [Go()]


@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize(
    "added", ["PS : sous réserve d’un audit", "Attention, il manque l’audit", "NB : pas avant l’audit"]
)
def test_what_is_added_below_a_signature_may_restrict_a_go(added, via_email):
    (asked,) = parse(f"/go\n\nCordialement,\nJ. Martin\n\n{added}", via_email=via_email)
    assert isinstance(asked.command, Doubtful)


def test_a_reservation_below_a_signature_is_one():
    (go,) = parse("/go\n\nCordialement\n\nSous réserve d’un audit", via_email=True)
    assert go.command == Go(("un audit",))


OTHER_QUOTATIONS = (
    "jalon[bot] <n@g.example> a écrit le 03/12/2026 10:12 :",
    "jalon[bot] wrote on 03/12/2026 10:12:",
    "<b>De :</b> jalon[bot]<br>\n<b>Envoyé :</b> jeudi 3 décembre<br>",
    "<p><b>From:</b> jalon[bot]<br><b>Sent:</b> Thursday</p>",
    "\\*De :\\* jalon[bot]\n\\*Envoyé :\\* jeudi",
)


@pytest.mark.parametrize("head", OTHER_QUOTATIONS)
def test_what_other_programs_quote_is_never_obeyed(head):
    for parsed in parse(f"Bien reçu.\n\n{head}\n\n/retrait nous revoyons", via_email=True):
        assert isinstance(parsed.command, Doubtful)


def test_the_paragraphs_of_an_html_mail_are_lines():
    body = "<p>/nogo trop tôt</p><p>Cordialement,<br>Jeanne Martin<br>01 40 00 00 00</p>"
    assert [one.command for one in parse(body, via_email=True)] == [NoGo("trop tôt")]
    assert [one.command for one in parse("<div>/nogo trop<br>tôt</div>")] == [NoGo("trop\ntôt")]


def test_a_telephone_below_a_name_is_cut_without_an_empty_line():
    assert written_by_author("/nogo trop tôt\nJeanne Martin\n01 40 00 00 00").text == "/nogo trop tôt"


def test_the_web_may_go_on_below_a_polite_ending():
    assert written_by_author("/coche 3\nBonne journée\nPaul\n/coche 4").text == "/coche 3\n/coche 4"
    assert (
        written_by_author("/nogo trop tôt\n\nBonne journée\n\nPS : et trop cher").text
        == "/nogo trop tôt\n\nPS : et trop cher"
    )


PIECES = st.sampled_from(
    [
        "/go",
        "> x",
        "De : x",
        "Envoyé : y",
        "Le 3/12/2026 à 10:12, x a écrit :",
        "wrote:",
        "-- ",
        "Cordialement,",
        "_" * 32,
        "```",
        "",
        "01 40 00 00 00",
        "Jean Martin",
        "-----Message d’origine-----",
        "Sent from my iPhone",
        "\u00a0",
        "=" * 20,
    ]
)


def commands(mail: str) -> list[Parsed]:
    """What a mail says, apart from what is asked about it."""
    said = parse(mail, via_email=True)
    return [one for one in said if not isinstance(one.command, Doubtful) or one.command.why != "quoted"]


@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=30).map("\n".join), st.booleans())
def test_reading_never_fails_nor_adds_a_line(body, via_email):
    given_lines = set(body.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    text, doubtful = written_by_author(body, via_email=via_email)
    assert {*text.split("\n"), *doubtful.split("\n")} <= given_lines | {""}
    quoted = f"{body}\n\n-----Message d’origine-----\n/nogo x"
    assert commands(quoted) == commands(body), "or a question"


RUNS = (
    "\n",
    " ",
    "> ",
    "On a b ",
    "De : x\n",
    "From: x\n",
    "a écrit :\n",
    "-- \n",
    "```\n",
    "- ",
    "Merci\n",
    "_",
    "\u00a0",
)


@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize("run", RUNS)
def test_reading_takes_a_time_that_grows_with_the_text_alone(run, via_email):
    """Of this process alone: what its neighbours on the machine do is not counted."""

    def spent(size: int, times: int) -> float:
        body = (run * size)[:size]
        found = []
        for _ in range(times):
            start = time.process_time()
            written_by_author(body, via_email=via_email)
            found.append(time.process_time() - start)
        return min(found)

    assert any(spent(65_536, times) < 3 * spent(32_768, times) + 0.1 for times in (1, 3, 7))


@pytest.mark.parametrize(
    "below",
    [
        "---\nLe dossier ne dit rien des coûts.",
        "---\nDeux raisons :\n- le coût\n- le délai",
        "---\nJ. Martin\nPour mémoire, le budget manque.",
        "---",
        "***\nle budget manque",
    ],
)
def test_a_line_drawn_above_a_sentence_is_no_signature(below):
    body = f"/nogo trop tôt\n\n{below}"
    assert written_by_author(body) == (body, "")


def test_hyphens_right_below_a_command_make_a_title_of_it_whatever_follows():
    (parsed,) = parse("/go\n---\nJ. Martin")
    assert isinstance(parsed.command, Doubtful)
    assert parsed.command.why == "title"


INLINE = {
    "below a short line": "> Vous pouvez voter.\n/nogo trop tôt\n> Merci",
    "apart": "> Vous pouvez voter.\n\n/nogo trop tôt\n\n> Merci",
    "two of them": "> Qu’en pensez-vous ?\nRien.\n> Et le vote ?\n/nogo trop tôt",
}


@pytest.mark.parametrize("quoted", INLINE.values(), ids=INLINE)
@pytest.mark.parametrize("head", [*INTRODUCTIONS[:2], "-----Message d’origine-----"])
def test_a_command_between_quoted_lines_is_asked_about(quoted, head):
    (parsed,) = parse(f"Bonjour,\n\n{head}\n{quoted}", via_email=True)
    assert isinstance(parsed.command, Doubtful)
    assert (parsed.command.why, parsed.command.written) == ("quoted", "/nogo trop tôt")


def test_the_end_of_a_long_quoted_line_cut_on_its_way_is_none():
    long = "> Pour donner votre avis avec des réserves, écrivez la commande suivante au début d’une ligne :"
    assert written_by_author(f"/go\n\n{INTRODUCTIONS[0]}\n{long}\n/go sous réserve\n> merci", via_email=True) == (
        "/go\n",
        "",
    )
