"""What is read out of a comment, written as a table of bodies and commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading.commands import (
    WORDS,
    Abstain,
    CloseGate,
    Command,
    Go,
    Help,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    RequestGate,
    TakenInSession,
    Tick,
    Unknown,
    Untick,
    Withdraw,
    parse,
)
from app.domain.reading.grammar import REASON_LIMIT
from app.domain.reading.reservations import CONDITION_LIMIT
from app.domain.reading.text import clipped, normalised


def commands(body: str) -> list[Command]:
    return [parsed.command for parsed in parse(body)]


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/go", Go()),
        ("/GO", Go()),
        ("/Go.", Go()),
        ("/go !", Go()),
        ("   /go", Go()),
        ("/ go", Go()),
        ("/go\r\n", Go()),
        ("/go\rmerci", Go()),
        ("/go avec plaisir", Go()),
        ("/nogo", NoGo()),
        ("/no-go : trop tôt", NoGo("trop tôt")),
        ("/no‑go trop tôt", NoGo("trop tôt")),
        ("/nogo trop tôt\r\n\r\net trop cher", NoGo("trop tôt\net trop cher")),
        ("/nogo\nla raison est dessous", NoGo("la raison est dessous")),
        ("/nogo raison\n> une citation\n\nsuite", NoGo("raison\nsuite")),
        ("/nogo raison\n> une citation\nsuite de la citation", NoGo("raison")),
        ("/nogo " + "x" * 4000, NoGo("x" * (REASON_LIMIT - 1) + "…")),
        ("/abstention", Abstain()),
        ("/abstain pas d’avis", Abstain("pas d’avis")),
        ("/déport", Recuse()),
        ("/de\u0301port conflit", Recuse("conflit")),
        ("/DÉPORT", Recuse()),
        ("/recuse", Recuse()),
        ("/clore faute de temps", CloseGate("faute de temps")),
        ("/clôture", CloseGate()),
        ("/demande", RequestGate()),
        ("/demande MVP !", RequestGate("MVP")),
        ("/demande: généralisation", RequestGate("généralisation")),
        ("/retrait pas prêts", Withdraw("pas prêts")),
        ("/coche 3 5", Tick(("3", "5"))),
        ("/coche 3,5", Tick(("3", "5"))),
        ("/coche 3, 5 et 7.", Tick(("3", "5", "7"))),
        ("/coche #3 n°4 no5", Tick(("3", "4", "5"))),
        ("/coche 3 3", Tick(("3",))),
        ("/coche idee-vision IDEE-DICT", Tick(("idee-vision", "idee-dict"))),
        ("/cocher", Tick()),
        ("/décoche 3", Untick(("3",))),
        ("/na 4 pas de données", NotApplicable(("4",), "pas de données")),
        ("/na 4 : pas de données, aucune", NotApplicable(("4",), "pas de données, aucune")),
        ("/n/a 4 sans données", NotApplicable(("4",), "sans données")),
        ("/na 4,5 pas de données, ni d’images", NotApplicable(("4", "5"), "pas de données, ni d’images")),
        ("/levée 2 rapport-final 2026-12-31", Lift("2", "rapport-final 2026-12-31")),
        ("/levée " + "9" * 5000, Lift("", "9" * (REASON_LIMIT - 1) + "…")),
        ("/sans-objet 4, 5 rien", NotApplicable(("4", "5"), "rien")),
        ("/na 4\nparce que", NotApplicable(("4",), "parce que")),
        ("/levée 2 rapport joint", Lift("2", "rapport joint")),
        ("/levee #2", Lift("2")),
        ("/lever", Lift()),
        ("/décision go\nprésents : techno, @secu et Design", TakenInSession("go", ("techno", "secu", "Design"))),
        ("/decision no-go : trop tôt\nPrésents : techno", TakenInSession("nogo", ("techno",), (), "trop tôt")),
        ("/décision report au 15/12/2026", TakenInSession("later", (), (), "au 15/12/2026")),
        (
            "/décision go sous réserve\n- un\n- deux\nprésentes : secu; data",
            TakenInSession("go", ("secu", "data"), ("un", "deux")),
        ),
        ("/décision go\nPrésent·es : secu", TakenInSession("go", ("secu",))),
        ("/décision", TakenInSession()),
        ("/décision plus tard", TakenInSession("", (), (), "plus tard")),
        ("/aide", Help()),
        ("/commandes", Help()),
        ("/got", Unknown("got", "go")),
        ("/demnade mvp", Unknown("demnade", "demande")),
        ("/annule mon déport", Unknown("annule déport", "annule-deport")),
        ("/xyzzyx", Unknown("xyzzyx")),
        ("/" + "a" * 60, Unknown("a" * 39 + "…")),
    ],
)
def test_one_command(body: str, command: Command) -> None:
    assert commands(body) == [command]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("**/go**", [Go()]),
        ("*/go*", [Go()]),
        ("***/go***", [Go()]),
        ("__/go__", [Go()]),
        ("_/go_.", [Go()]),
        ("**/go** !", [Go()]),
        ("**/nogo** : trop tôt", [NoGo("trop tôt")]),
        ("**/nogo trop tôt**", [NoGo("trop tôt")]),
        ("Merci à l’équipe.\n\n**/go**", [Go()]),
        ("- /go", [Go()]),
        ("* /go", [Go()]),
        ("+ /go", [Go()]),
        ("• /go", [Go()]),
        ("– /go", [Go()]),
        ("1. /go", [Go()]),
        ("2) /go", [Go()]),
        ("- **/go**", [Go()]),
        ("-  / go", [Go()]),
        ("- /coche 3\n- /coche 5\n- /demande", [Tick(("3",)), Tick(("5",)), RequestGate()]),
        ("- /levée 1 fait\n- /levée 2 fait", [Lift("1", "fait"), Lift("2", "fait")]),
        ("- /go sous réserve\n- un\n- deux", [Go(("un", "deux"))]),
        ("**/go sous réserve**\n- un\n- deux", [Go(("un", "deux"))]),
        ("\uff0fgo", [Go()]),
        ("\uff0fnogo trop tôt", [NoGo("trop tôt")]),
        ("\u00a0/go", [Go()]),
        ("\u202f/go\u00a0!", [Go()]),
        ("\ufeff/go", [Go()]),
        ("\u200b/go", [Go()]),
        ("/\u00a0go", [Go()]),
        ("- \u00a0\uff0fnogo\u00a0: trop tôt", [NoGo("trop tôt")]),
        ("/go\n\uff0faide", [Go(), Help()]),
        # A plain command keeps what is below it.
        ("/go sous réserve\n- /levée 2 avant tout\n- deux", [Go(("/levée 2 avant tout", "deux"))]),
        ("/nogo\n**/go** était possible", [NoGo("**/go** était possible")]),
        ("- /go\n- /go", [Go(), Go()]),
    ],
)
def test_a_command_dressed_up_is_heard(body: str, found: list[Command]) -> None:
    assert commands(body) == found


@pytest.mark.parametrize(
    "body",
    [
        "~~/go~~",
        "# /go",
        "- [ ] /go",
        "- - /go",
        "- `/go`",
        "**`/go`**",
        "`**/go**`",
        "> **/go**",
        "> - /go",
        "- > /go",
        "-     /go",
        "    - /go",
        "\t- /go",
        "```\n- /go\n**/go**\n\uff0fgo\n```",
        "<!--\n- /go\n-->",
        "**/got**",
        "- /etc/hosts",
        "- /home",
        "\uff0f\uff0fgo",
        "https:/go",
    ],
)
def test_dressed_up_otherwise_it_is_not(body: str) -> None:
    assert commands(body) == []


@given(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from(["", "- ", "* ", "1. ", "\u00a0"]),
    st.sampled_from(["", "*", "**", "_"]),
)
def test_however_it_is_dressed_a_command_says_the_same(word: str, before: str, mark: str) -> None:
    assert [one.key for one in parse(f"{before}{mark}/{word}{mark}")] == [parse(f"/{word}")[0].key]


@given(st.text(alphabet="/go- *_`>\n\u00a0\uff0f1.", max_size=40))
def test_what_is_quoted_or_in_code_is_never_heard(text: str) -> None:
    assert commands("".join(f"> {line}\n" for line in text.split("\n"))) == []
    assert commands("`````\n" + text.replace("`````", "") + "\n`````") == []


@pytest.mark.parametrize(
    ("body", "conditions"),
    [
        ("/go sous réserve", ()),
        ("/go sous réserves :\n", ()),
        ("/go sous réserve de tests", ("de tests",)),
        ("/go sous re\u0301serve\n- un\n- deux", ("un", "deux")),
        ("/GO SOUS RÉSERVE\n1. un\n2) deux\n* [ ] trois", ("un", "deux", "trois")),
        ("/go sous condition : un\n\nMerci à tous", ("un",)),
        ("/go, sous réserve de tests", ("de tests",)),
        ("/go avec réserves\n- un", ("un",)),
        ("/go with conditions\n• one", ("one",)),
        ("/go if tests pass", ("tests pass",)),
        ("/go sous réserve\n" + "x" * 600, ("x" * (CONDITION_LIMIT - 1) + "…",)),
    ],
)
def test_go_with_conditions(body: str, conditions: tuple[str, ...]) -> None:
    assert commands(body) == [Go(conditions)]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "On écrit /go pour voter",
        "`/go`",
        "> /go",
        "  > /go",
        ">/go",
        "    /go",
        "\t/go",
        "```\n/go\n```",
        "~~~text\n/go\n~~~",
        "````\n```\n/go\n````",
        "```\n/go",
        "- ```\n  /go\n  ```",
        "1. ~~~ text\n   /go\n   ~~~",
        "  - ```\n    x\n\n    ```\n- ```\n  /go",
        "- ```\n  ```` text\n  /go",
        "<!-- /go -->",
        "<!--\n/go\n-->",
        "<!-- /go",
        "<!-- x\n```\n-->\n```\n/go",
        "voir <!-- ceci\n/go\n--> fin",
        "voir <!-- ceci <!-- encore\n/go\n--> fin",
        "<!-- un\n\n/go",
        "`x` puis <!-- ceci\n/go -->",
        "//go",
        "/ etc",
        "/3",
        "/usr/bin/env",
        "/go/nogo",
        "http://exemple/go",
    ],
)
def test_no_command(body: str) -> None:
    assert commands(body) == []


def test_several_commands_keep_their_order_and_their_own_lines() -> None:
    body = "Bonjour,\n/coche 1\nvoilà\n/nogo car\nsuite\n```\n/go\n```\n/aide"
    assert commands(body) == [Tick(("1",)), NoGo("car\nsuite"), Help()]


@pytest.mark.parametrize(
    "body",
    [
        "```\n<!--\n```\n/go",
        "un `<!--` en code\n/go",
        "un ``<!-- ` `` en code\n/go",
        "jamais fermé <!-- ici\n\n/go",
        "jamais fermé <!-- ici\n/go",
        "jamais <!-- fermé <!-- ici\n\n/go",
        "<!-- fermé --> suite\n/go",
        "<!--\ncaché\n-->\n/go",
        "> <!--\n/go",
    ],
)
def test_what_is_not_hidden_on_github_is_heard(body: str) -> None:
    assert commands(body) == [Go()]


@pytest.mark.parametrize(
    "body",
    [
        "- ```\n  code\n  ```\n/go",
        "- ```\n  code\n/go",
        "1. ```\n   code\n     ````\n\n/go",
        "```code sur une ligne```\n/go",
        "~~~ `x`\n~~~\n/go",
    ],
)
def test_code_ends_with_its_fence_or_its_list(body: str) -> None:
    assert commands(body) == [Go()]


def test_a_fence_closes_only_with_a_mark_as_long() -> None:
    assert commands("````\n```\n````\n/go") == [Go()]
    assert commands("```\n``` text\n```\n/go") == [Go()]


def test_the_key_follows_the_commands_text_and_nothing_else() -> None:
    first, other = parse("/nogo trop tôt")[0], parse("/nogo trop tard")[0]
    assert first.key != other.key
    assert parse("Bonjour\r\n/NOGO  trop tôt  ")[0].key == first.key


def test_the_same_command_twice_is_asked_twice() -> None:
    one, two = parse("/aide\n/aide")
    assert one.key != two.key
    assert one.key == parse("/aide")[0].key


def test_words_are_compared_without_their_ornaments() -> None:
    assert normalised(" No‑Go\u00a0 L’ÉTÉ ") == "no-go l'ete"
    assert clipped("  abc  ", 3) == "abc"
    assert clipped("ab cd", 4) == "ab…"
    assert clipped("abcde", 4) == "abc…"


def test_a_reason_may_begin_with_a_hyphenated_word_or_a_year() -> None:
    assert parse("/na 4 sous-traitance exclue")[0].command == NotApplicable(("4",), "sous-traitance exclue")
    assert parse("/na 4 2026 passé")[0].command == NotApplicable(("4",), "2026 passé")


def test_a_reservation_later_on_the_line_is_still_one() -> None:
    assert parse("/go mais sous réserve de livrer")[0].command == Go(("de livrer",))
