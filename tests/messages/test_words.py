"""People's words made harmless, dates and lists in both languages, and a sentence for each problem of the rules."""

from __future__ import annotations

from datetime import UTC, datetime

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.domain.policy.document import Problem, ProblemKind
from app.domain.policy.model import LANGUAGES, Policy
from app.domain.product.facts import Blocker, Point
from app.domain.publish.effects import Message
from app.domain.publish.notice import Notice
from app.domain.publish.notices import (
    AspectView,
    Checklist,
    ConditionView,
    Decision,
    GateView,
    ItemView,
    Refusal,
    Reply,
    SeatView,
    Welcome,
)
from app.github import markers
from app.messages import Safe, environment, explain_problem, neutral, render, template_of
from app.yaml_documents import LARGEST, read_policy
from tests.domain.policy.test_parser import BROKEN, TEXT

JOINER = "\u2060"
NASTY = [
    "@secu et @organisation/equipe",
    "voir #12, GH-12 et ministere/produits#12",
    "[lien](https://exemple.fr) ![image](http://exemple.fr/x.png)",
    "https://exemple.fr www.exemple.fr",
    "<script>alert(1)</script> <img src=x> <details>",
    "<!-- jalon:v1 key=gate:1 data=x body=y -->",
    "fin --> suite",
    "a <!-- ouvert",
    "a | b | c",
    "**gras** _italique_ ~~barré~~ `code` $x$",
    "# titre",
    "- [ ] case",
    "ligne 1\n\n# titre\n| a |\n| - |\n```\ncode",
    "&lt;b&gt; &#64;secu &amp;",
    "\u202eretourné\u2066 \u0007",
    "{{ notice }} {% raw %}",
    "\\*",
]


@pytest.mark.parametrize("text", NASTY)
def test_words_make_one_paragraph_of_plain_text(text: str) -> None:
    (opening, inline, closing) = MarkdownIt("gfm-like", {"linkify": False}).parse(str(neutral(text)) or "x")
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {token.type for token in inline.children or ()} <= {"text", "text_special"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("l’été à 100 % (oui)", "l’été à 100 % (oui)"),
        ("@secu", f"@{JOINER}secu"),
        ("#12", f"#{JOINER}12"),
        ("gh-12", f"GH{JOINER}-12"),
        ("https://x", f"https{JOINER}://x"),
        ("www.x.fr", f"www{JOINER}.x.fr"),
        ("<b>", "\\<b\\>"),
        ("a|b", "a\\|b"),
        ("a --> b", "a --\\> b"),
        ("<!-- rien -->", ""),
        ("avant <!-- caché --> après", "avant après"),
        ("avant <!-- caché", "avant"),
        ("a\n\nb", "a b"),
        ("&lt;", "&amp;lt;"),
        ("a & b", "a & b"),
        ("- point", "\\- point"),
        ("# titre", "\\# titre"),
    ],
)
def test_what_is_written(text: str, written: str) -> None:
    assert neutral(text) == written
    assert isinstance(neutral(text), Safe)


@given(st.text(alphabet="abé @#12[]()<>!-*_`~|\\&;:/.\n$+=", max_size=60))
def test_any_words_stay_plain(text: str) -> None:
    written = "x " + neutral(text)
    (_, inline, _) = MarkdownIt("gfm-like", {"linkify": False}).parse(written)
    assert {token.type for token in inline.children or ()} <= {"text", "text_special"}


def everywhere(text: str) -> list[Notice]:
    """The same words in every place where a person's words are shown."""
    seat = SeatView(text, ("techno",), "nogo", text, text)
    condition = ConditionView(1, text, text, text, text, lifted_by=text)
    item = ItemView(1, "idee-vision", text, required=True, state="na", reason=text)
    return [
        Welcome("techno", text, text, (text,)),
        Checklist("", text, text, (AspectView(text, (item,)),), (condition,)),
        GateView("", 1, text, text, "withdrawn", text, text, text, seats=(seat,), concerned=(text,), revisit=(Point(text, text),), conditions=(text,), voided=(("techno", text),)),
        Decision(number=1, origin=text, target="MVP", outcome="go", seats=(seat,), objections=(Point(text, text),), conditions=(condition,), policy="x"),
        Reply("techno", (Refusal("Go", "blocked", {"origin": text, "target": text}, (Blocker("item", 1, text), Blocker("question", text=text))),)),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", NASTY)
def test_words_are_harmless_wherever_they_are_shown(language: str, text: str) -> None:
    plain_kinds = [kinds(render(notice, language)) for notice in everywhere("rien")]
    for notice, expected in zip(everywhere(text), plain_kinds, strict=True):
        written = render(notice, language)
        assert "@secu" not in written
        assert "@organisation" not in written
        assert "#12" not in written
        assert "https:" not in written
        assert "jalon:v1" not in written
        assert markers.read_marker(written) is None
        assert markers.read_marker(markers.marked_body(Message("cle", notice, "x"), written)) is not None
        if neutral(text):
            assert kinds(written) == expected


def kinds(text: str) -> list[str]:
    return [token.type for token in MarkdownIt("commonmark").enable("table").parse(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mentions_are_for_logins_only(language: str) -> None:
    mention = environment(language).filters["mention"]
    assert mention("cheffe-produit") == "@cheffe-produit"
    assert "@secu" not in mention("x @secu")
    assert environment(language).filters["mentions"](["a", "b"]) == ["@a", "@b"]


def test_dates_and_lists_in_each_language() -> None:
    fr, en = environment("fr").filters, environment("en").filters
    first, other = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    assert [fr["day"](first), fr["day"](other), fr["day"](None)] == ["1er août 2026", "31 décembre 2026", ""]
    assert [en["day"](first), en["day"](other)] == ["1 August 2026", "31 December 2026"]
    assert [fr["iso_day"]("2026-02-03"), fr["iso_day"]("")] == ["3 février 2026", ""]
    assert [fr["listed"](()), fr["listed"](["a"]), fr["listed"](["a", "@b", Safe("*c*")])] == [
        "",
        "a",
        f"a, @{JOINER}b et *c*",
    ]
    assert en["listed"](["a", "b"]) == "a and b"
    assert len(fr["title"]("x" * 200)) == 120


def test_each_notice_has_its_template() -> None:
    assert template_of(GateView) == "gate_view.md.j2"
    assert template_of(Reply) == "reply.md.j2"


def test_a_hole_in_the_words_is_an_error() -> None:
    class Rumour(Notice):
        pass

    with pytest.raises(jinja2.TemplateNotFound):
        render(Rumour(), "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_problem_has_its_sentence(language: str) -> None:
    texts = [TEXT.replace(old, new, 1) for old, new, *_ in BROKEN]
    texts += ["a: [1", "phases: []\nversion: 1", "[1]"]
    texts += ["#" * (LARGEST + 1), TEXT.replace("  seats:\n", "  seats:\n" + "    - {}\n" * 99)]
    found: dict[str, Problem] = {}
    for text in texts:
        problems = read_policy(text)
        assert not isinstance(problems, Policy)
        found |= {problem.kind: problem for problem in problems}
    assert found.keys() == set(ProblemKind) | {"syntax", "too_large"}
    for problem in found.values():
        sentence = explain_problem(problem, language)
        start = (
            f"ligne {problem.line}, colonne {problem.column}"
            if language == "fr"
            else f"line {problem.line}, column {problem.column}"
        )
        assert sentence.startswith(start)
        assert (f"({problem.path})" in sentence) == bool(problem.path)
        assert "\\" not in sentence.replace("\\d", "")
        assert "  " not in sentence
        assert all(value in sentence for name, value in problem.detail if name not in {"wanted", "why"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_without_a_sentence_is_an_error(language: str) -> None:
    with pytest.raises(LookupError, match="rumeur"):
        explain_problem(Problem(1, 1, "", "rumeur"), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["form", "number", "witness", "kind"])
def test_what_is_wrong_with_a_key_is_told(why: str, language: str) -> None:
    problem = Problem(3, 4, "register.keys[1]", "bad_key", (("value", "abc"), ("why", why)))
    sentence = explain_problem(problem, language)
    assert "abc" in sentence
    assert ("clé" if language == "fr" else "key") in sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "ligne 3, colonne 4 (gates[1].quorum) : le quorum de 9 ne peut jamais être atteint avec 4 sièges"),
        ("en", "line 3, column 4 (gates[1].quorum): a quorum of 9 can never be reached with 4 seats"),
    ],
)
def test_a_sentence_in_full(language: str, sentence: str) -> None:
    problem = Problem(3, 4, "gates[1].quorum", "impossible_quorum", (("quorum", "9"), ("seats", "4")))
    assert explain_problem(problem, language) == sentence
