"""A command composed as a comment is read back as what was meant, whatever people type, or refused with the words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.reading import conditions
from app.domain.reading.commands import (
    Abstain,
    Adapt,
    AnswerItem,
    Confirm,
    Contest,
    Go,
    Lift,
    Near,
    NoGo,
    NotApplicable,
    Override,
    Pause,
    Recuse,
    RequestGate,
    Resume,
    Reuse,
    SetAside,
    TakenInSession,
    Tick,
    Untick,
    Withdraw,
    parse,
)
from app.domain.reading.compose import UnwritableError, compose, condition, tidied
from app.domain.reading.compose_session import put_off

ASPECTS = {"securite": "Sécurité", "donnees": "Données"}
PLAIN = (
    (Go(), "/go", "/go"),
    (NoGo("trop tôt"), "/nogo : trop tôt", "/nogo: trop tôt"),
    (NoGo("trop tôt :\n\n  - pas d’audit\n- ni plan"), "/nogo : trop tôt :\n- pas d’audit\n- ni plan", ""),
    (NoGo(""), "/nogo", "/nogo"),
    (Abstain(), "/abstention", "/abstain"),
    (Abstain("sans avis"), "/abstention : sans avis", "/abstain: sans avis"),
    (Recuse(), "/déport", "/recusal"),
    (Recuse("demain je rejoins l’équipe"), "/déport : demain je rejoins l’équipe", ""),
    (Tick(("3",)), "/coche 3", "/check 3"),
    (Untick(("3", "4")), "/décoche 3 4", "/uncheck 3 4"),
    (NotApplicable(("4",), "5 personnes, sans données"), "/sans-objet 4 : 5 personnes, sans données", ""),
    (AnswerItem("3", "Un besoin.\r\n\r\n\r\n- un\n- deux"), "/réponse 3 : Un besoin.\n\n- un\n- deux", ""),
    (AnswerItem("3", "5 équipes"), "/réponse 3 : 5 équipes", "/answer 3: 5 équipes"),
    (Confirm(("3", "5")), "/confirme 3 5", "/confirm 3 5"),
    (RequestGate("mvp"), "/demande mvp", "/request mvp"),
    (RequestGate(), "/demande", "/request"),
    (
        RequestGate("mvp", changes=((1, "dette\n remboursée"), (2, "audit fait"))),
        "/demande mvp\n1 : dette\nremboursée\n2 : audit fait",
        "/request mvp\n1: dette\nremboursée\n2: audit fait",
    ),
    (Withdraw(), "/retrait", "/withdraw"),
    (Withdraw("à revoir"), "/retrait : à revoir", "/withdraw: à revoir"),
    (Lift("2", "https://exemple.fr/audit"), "/levée 2 : https://exemple.fr/audit", "/lift 2: https://exemple.fr/audit"),
    (Lift("2"), "/levée 2", "/lift 2"),
    (Contest("audit non lu"), "/contester : audit non lu", "/appeal: audit non lu"),
    (Contest("déjà fait", "2"), "/contester réserve 2 : déjà fait", "/appeal condition 2: déjà fait"),
    (Override("go", "urgence"), "/passer-outre go : urgence", "/override go: urgence"),
    (Override("nogo", "budget"), "/passer-outre nogo : budget", "/override nogo: budget"),
    (Pause("2027-03-15", "gel"), "/pause jusqu’au 15/03/2027 : gel", "/pause until 2027-03-15: gel"),
    (Pause("", "gel"), "/pause : gel", "/pause: gel"),
    (Resume(), "/reprise", "/resume"),
    (Reuse(("1",)), "/réutilise 1", "/reuse 1"),
    (Adapt(("#12", "1"), "parce que : oui"), "/adapte #12, 1 : parce que : oui", "/adapt #12, 1: parce que : oui"),
    (SetAside(("1", "2"), "non"), "/écarte 1, 2 : non", "/set-aside 1, 2: non"),
    (Near(("proconnect",), "même public"), "/proche proconnect : même public", "/near proconnect: même public"),
    (
        TakenInSession("go", ("Technologie", "data"), ("relire", "publier"), "bon dossier", ("Design",), "2026-11-24"),
        (
            "/décision go\nséance : 24/11/2026\nprésents : Technologie, data\nexcusés : Design\nraison : bon dossier\n"
            "réserves :\n- relire\n- publier"
        ),
        (
            "/decision go\nsession: 2026-11-24\npresent: Technologie, data\nexcused: Design\nreason: bon dossier\n"
            "conditions:\n- relire\n- publier"
        ),
    ),
    (
        TakenInSession("nogo", reason="trop tôt\net trop cher", held="2026-11-24"),
        "/décision nogo\nséance : 24/11/2026\nraison : trop tôt\net trop cher",
        "",
    ),
    (TakenInSession("later"), "/décision report", "/decision postponed"),
    (
        TakenInSession("later", reason=put_off("2026-12-08", "budget", "fr"), until="2026-12-08"),
        "/décision report au 08/12/2026\nraison : budget",
        "",
    ),
    (
        TakenInSession("later", reason=put_off("2026-12-08", "", "en"), until="2026-12-08"),
        "",
        "/decision postponed to 2026-12-08",
    ),
    (Go(("Sécurité : audit",)), "/go sous réserve\n- Sécurité : audit", "/go with conditions\n- Sécurité : audit"),
)


@pytest.mark.parametrize(("command", "french", "english"), PLAIN)
def test_each_command_is_said_in_the_committees_language(command, french, english):
    assert french in {"", compose(command, "fr")}
    assert english in {"", compose(command, "en")}


@pytest.mark.parametrize(
    ("command", "why", "words"),
    [
        (NoGo("trop tôt\n/go"), "two_votes", "/nogo, /go"),
        (NoGo("trop tôt\n/coche 3"), "several", ""),
        (NoGo("finalement /go"), "unread", "finalement /go"),
        (NoGo("```\n/go\n```\nvoilà"), "two_votes", "/nogo, /go"),
        (NoGo("```\nvoilà\n```"), "lost", "``` voilà ```"),
        (NoGo("trop tôt\n\nCordialement,\nJean Martin"), "lost", "Cordialement, Jean Martin"),
        (NoGo("> cité\n> aussi"), "lost", "> aussi"),
        (NoGo("<!-- caché --> trop tôt"), "lost", "<!-- caché --> trop tôt"),
        (NoGo("x" * 3001), "lost", "x" * 199 + "…"),
        (Withdraw("plus tard"), "unread", "plus tard"),
        (Go(("audit ; et /nogo",)), None, None),
        (
            Go(("audit avant le 3 mars 2031, avant le 01/04/2031",)),
            "two_days",
            "audit avant le 3 mars 2031, avant le 01/04/2031",
        ),
        (Go(("audit avant lundi",)), "unread_day", "avant lundi"),
        (Go(("audit avant le 3 mars 2031 ; plan avant le 4 avril 2031",)), "lost", "; plan avant le 4 avril 2031"),
        (Go(("un\n/nogo : deux",)), "two_votes", "/go, /nogo"),
        (Go(("```",)), "lost", "```"),
        (RequestGate("mvp\n/go"), "several", ""),
    ],
)
def test_what_would_be_read_otherwise_is_refused_with_its_words(command, why, words):
    if why is None:
        assert compose(command, "fr")
        return
    with pytest.raises(UnwritableError) as refused:
        compose(command, "fr")
    assert (refused.value.why, refused.value.words) == (why, words)


def test_commands_left_to_other_robots_are_not_composed():
    with pytest.raises(UnwritableError):
        compose(Go(), "fr", frozenset({"go"}))


TRICKS = st.sampled_from(
    [
        "/go",
        "/nogo",
        "\n",
        "\n\n",
        "```",
        "`",
        ">",
        "- ",
        "1. ",
        "# ",
        "<!--",
        "-->",
        "</b>",
        "<br>",
        "\r\n",
        "\r",
        "*",
        "_",
        "| a | b |\n|---|---|\n",
        "\\",
        "／go",
        "&#47;go",
        "\u200b",
        "\u202e",
        "\x00",
        "@secu",
        " : ",
        ";",
        "Cordialement\n",
        "    ",
        "\t",
        "On 3 March 2026, X wrote:\n> a",
        "-- \n",
        "~~~\n",
        "$$",
        "[x](y)",
        "/décision go",
        "avant le 3 mars",
        "---\n",
        "===",
    ]
)
TEXTS = st.lists(st.one_of(TRICKS, st.text(max_size=12)), max_size=8).map("".join)
REASONED = st.sampled_from([NoGo, Abstain, Recuse, Withdraw])
COMMANDS = st.one_of(
    st.builds(lambda kind, text: kind(text), REASONED, TEXTS),
    st.builds(lambda text: NotApplicable(("4",), text), TEXTS),
    st.builds(lambda text: Lift("2", text), TEXTS),
    st.builds(lambda text: AnswerItem("3", text), TEXTS),
    st.builds(RequestGate, TEXTS),
    st.builds(
        RequestGate, st.just("mvp"), changes=st.lists(TEXTS, max_size=3).map(lambda said: tuple(enumerate(said, 1)))
    ),
    st.builds(lambda lines: Go(tuple(lines)), st.lists(TEXTS, min_size=1, max_size=3)),
)


def plain(command):
    """What a command says, however its words are spread over lines."""
    texts = (text for name, text in vars(tidied(command)).items() if name != "doubt")
    return type(command), [" ".join(text.split()) if isinstance(text, str) else text for text in texts]


@given(COMMANDS, st.sampled_from(["fr", "en"]))
@example(NoGo("x\n/go"), "fr")
@example(NoGo("/go"), "fr")
@example(Go(("a\n- b",)), "fr")
def test_whatever_is_typed_says_one_command_and_the_one_that_was_meant(command, language):
    try:
        text = compose(command, language)
    except UnwritableError:
        return
    (read,) = parse(text)
    assert plain(read.command) == plain(command)


@given(
    TEXTS,
    st.sampled_from(["", *ASPECTS]),
    st.sampled_from(["", "secu", "@dnum/comite"]),
    st.one_of(st.none(), st.dates()),
)
def test_a_condition_keeps_each_part_that_was_given_apart(text, aspect, owner, due):
    try:
        line = condition(aspect, text, owner, due, "fr", ASPECTS)
    except UnwritableError:
        return
    read = conditions.read_condition(line, ASPECTS)
    assert "\n" not in line
    assert aspect in {"", read.aspect}
    assert owner.removeprefix("@") in {"", read.owner}
    assert due is None or read.due == due.isoformat()


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("securite", "corriger\nles failles", "@secu", date(2031, 12, 31)), "Sécurité : corriger les failles, @secu, avant le 31/12/2031"),
        (("", "Sécurité : audit ;", "", None), "Sécurité : audit"),
        (("", "audit par @secu avant le 3 mars 2031", "", None), "audit par @secu avant le 3 mars 2031"),
    ],
)  # fmt: skip
def test_a_condition_is_one_line(given, line):
    assert condition(*given, "fr", ASPECTS) == line


@pytest.mark.parametrize(
    ("given", "why", "words"),
    [
        (("", "vu avec @secu", "ops", None), "owner", "secu"),
        (("", "audit", "pas un compte", None), "owner", "pas"),
        (("", "audit avant le 03/03/2031", "", date(2031, 4, 1)), "due", "2031-03-03"),
        (("donnees", "x", "", None), None, None),
    ],
)
def test_a_part_that_the_text_contradicts_is_refused(given, why, words):
    if why is None:
        assert condition(*given, "en", ASPECTS) == "Données: x"
        return
    with pytest.raises(UnwritableError) as refused:
        condition(*given, "fr", ASPECTS)
    assert (refused.value.why, refused.value.words) == (why, words)
