"""What one comment may cost: its commands, its facts, the time to read it and to answer it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.product import issue_form
from app.domain.product.facts import CommandRefused
from app.domain.product.state import standing
from app.domain.publish.comments import wanted_comments
from app.domain.reading import comment_lines
from app.domain.reading.command_types import Doubt, Doubtful, Unknown
from app.domain.reading.commands import COMMANDS, MOST, WORDS, parse
from tests.builders import T0, a_policy, at_gate, played, says

POLICY = a_policy()
LIMIT = 65_536

PIECES = (
    ">", "> ", "- ", "* ", "*", "[", "![[", "` `` ", "`a", "~~a", "<!--", "<!--\n", "x <!--\n", "<?", "<!A ", "<![CDATA[", "<a ", '<a b="',
    "&amp", "\\", "a\n", "/go\n", "|", "a|b\n-|-\n", "[a]: b\n", "_a", "*a_b", "**a *b ", "- a\n", "1. a\n   ", "\n", " ", "\t", "# a\n", "```\n",
    "a\n=\n", "<div>\n", "x\n<div>\n\n", "a** ", "<pre>", "</b>", "/a\n", "Bonjour /go ", "1 à 2 ", "sous réserve ", "le 3 mars ", "@a", "avant ",
    "/go sous réserve\n- a\n", "présents : a ", "-->", "é", "\u200b", "’",
)  # fmt: skip


FLOOR_S = 0.5
"""What a busy machine may add."""


def spent(read: Callable[[str], object], body: str, enough: float = 0.05) -> float:
    """The least of three times, or the first that is small enough."""
    times = []
    for _ in range(3):
        comment_lines.PARSER.parse("")
        start = time.perf_counter()
        read(body)
        times.append(time.perf_counter() - start)
        if times[-1] < enough:
            break
    return min(times)


READERS: dict[str, Callable[[str], object]] = {
    "comment": parse.__wrapped__,
    "go": lambda text: parse.__wrapped__(f"/go {text}"),
    "conditions": lambda text: parse.__wrapped__(f"/go sous réserve\n- {text}"),
    "session": lambda text: parse.__wrapped__(f"/décision go {text}"),
    "numbers": lambda text: parse.__wrapped__(f"/coche {text}"),
    "form": lambda text: issue_form.answers(f"### Quel problème ?\n{text}", POLICY.questions),
    "title": lambda text: issue_form.answers(f"# {text}", POLICY.questions),
    "boxes": lambda text: issue_form.ticked(f"- [x] {text}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("reader", READERS)
def test_reading_takes_a_time_that_grows_as_the_text(reader: str, piece: str) -> None:
    """The square of the length would go far beyond the floor."""
    half, whole = (piece * (size // len(piece)) + "!" for size in (LIMIT // 2, LIMIT))
    read = READERS[reader]
    took = spent(read, whole, enough=FLOOR_S)
    assert took < FLOOR_S or took < 3 * spent(read, half) + 0.2 or spent(read, whole) < 3 * spent(read, half) + 0.5


@pytest.mark.parametrize("line", ["/a", "/demande", "/coche", "/go", "/aide", "/coche 1 à 14", "/levée 1 à 9 x"])
def test_one_comment_adds_fifty_facts_at_most(line: str) -> None:
    before = at_gate(POLICY)
    product = played(says(before, "data", f"{line}\n" * 1_600), POLICY)
    assert len(product.history) - len(before.history) <= MOST


def test_what_is_left_is_refused_once() -> None:
    words = "".join(f"/mot{chr(97 + n % 26)}{chr(97 + n // 26)}\n" for n in range(80))
    found = [parsed.command for parsed in parse(words)]
    assert len(found) == MOST
    assert all(isinstance(command, Unknown) for command in found[:-1])
    assert found[-1] == Doubtful(Doubt.TOO_MANY, words="31", near=str(MOST))


def test_the_same_unknown_word_is_answered_once() -> None:
    assert [parsed.command for parsed in parse("/mota\n/mota\n/mota")] == [Unknown("mota")]


def test_what_was_folded_is_the_same_fact_by_fact() -> None:
    product = at_gate(POLICY)
    known = product.standing
    grown = played(says(says(product, "data", "/go"), "secu", "/nogo x\n/aide\n/coche 1"), POLICY)
    assert grown.standing == standing(grown.history)
    assert known == standing(product.history), "the one before stays as it was"


def test_refusals_of_one_comment_share_one_answer() -> None:
    product = played(says(at_gate(POLICY), "passant", "/clore\n/clore x\n/mota"), POLICY)
    refused = [fact for fact in product.history if isinstance(fact, CommandRefused)]
    replies = [one.notice for one in wanted_comments(product, POLICY, T0) if one.key.startswith("reply:")]
    assert len(refused) == 3
    assert [len(reply.refusals) for reply in replies] == [3]  # type: ignore[attr-defined]


SAID = st.lists(
    st.one_of(
        st.sampled_from([f"/{word}" for word in WORDS]),
        st.sampled_from(
            ["\n", "\n\n", " ", "- ", "| a | b |\n|---|---|\n", "> ", "`", "**", "<del>", "</del>", "<details>\n\n", "sous réserve",
             " :", "présents : a", "1 à 5", "1, 2", "fin mars", "31/12/2026", "@secu", "Bonjour,", "merci", "Cordialement,", "?"]
        ),
        st.text(max_size=6),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(SAID)
def test_reading_never_raises_and_is_bounded(body: str) -> None:
    found = parse(body)
    assert len(found) <= MOST
    assert len({one.key for one in found}) == len(found)


@given(
    st.sampled_from([f"/{row.words[0]} 1 x" for row in COMMANDS] + ["/go", "/nogo trop tôt", "/go sous réserve\n- audit", "merci"]),
    st.sampled_from(
        ["> /nogo cité", "```\n/nogo code\n```", "-- \nJ. Martin\n01 40 00 00 00", "Cordialement,\nJ. Martin", "<!-- /nogo -->",
         "~~~\n/clore\n~~~", "<blockquote>\n\n/nogo x\n\n</blockquote>", "-----Message d’origine-----\n/nogo x", "    /nogo code"]
    ),
)  # fmt: skip
def test_what_is_quoted_below_changes_nothing_or_is_asked_about(body: str, below: str) -> None:
    found = [one for one in parse(f"{body}\n\n{below}") if not isinstance(one.command, Doubtful)]
    assert found in ([], [one for one in parse(body) if not isinstance(one.command, Doubtful)])
