"""Every comment Jalon can write, compared with the text kept beside; JALON_GOLDEN=write rewrites it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import jinja2
import pytest
from markdown_it import MarkdownIt

from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.facts import Blocker
from app.domain.publish.notice import Notice
from app.domain.publish.notices import NOTICES, Decision, GateView, Imported, Refusal, Reply
from app.messages import render
from tests.builders import refusal_reasons
from tests.messages.samples import WORDS, blockers, refusals, samples

GOLDEN = Path(__file__).parent / "golden"
ALL = [(language, name, notice) for language in WORDS for name, notice in samples(language).items()]
each = pytest.mark.parametrize(("language", "name", "notice"), ALL, ids=[f"{row[0]}-{row[1]}" for row in ALL])


@each
def test_a_comment_reads_as_its_golden_file(language: str, name: str, notice: Notice) -> None:
    path, text = GOLDEN / language / f"{name}.md", render(notice, language)
    if os.environ.get("JALON_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", WORDS)
def test_no_golden_file_is_left_unused(language: str) -> None:
    assert {path.stem for path in (GOLDEN / language).iterdir()} == set(samples(language))


def test_both_languages_hold_the_same_samples() -> None:
    assert samples("fr").keys() == samples("en").keys()
    assert {type(notice) for notice in samples("fr").values()} == set(NOTICES)


def test_every_reason_and_every_blocker_has_its_sample() -> None:
    assert refusals(WORDS["fr"]).keys() == refusal_reasons()
    assert blockers(WORDS["fr"]).keys() == set(BlockerKind)


@each
def test_a_comment_is_well_formed_markdown(language: str, name: str, notice: Notice) -> None:
    text = render(notice, language)
    assert text == text.strip() + "\n"
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, flags=re.MULTILINE)
    assert not re.search(r"(?<=\S)  ", text)
    lines = text.split("\n")
    for before, line, following in zip(lines, lines[1:], lines[2:], strict=False):
        # A blank line inside a list or a table breaks it; a missing one swallows what follows.
        if not line:
            assert not (before.startswith("|") and following.startswith("|"))
            assert not (before.startswith("- ") and following.startswith("- "))
        if line.startswith(("#", "|")) and before:
            assert before.startswith("|")
        if line.startswith("#"):
            assert following == ""
        if line == "---":
            assert before == "", "a rule right under a text makes a heading of it"


@each
def test_lists_and_tables_are_seen_as_such(language: str, name: str, notice: Notice) -> None:
    text = render(notice, language)
    kinds = [token.type for token in MarkdownIt("commonmark").enable("table").parse(text)]
    lines = text.split("\n")
    assert kinds.count("table_open") == (1 if isinstance(notice, GateView | Decision | Imported) else 0)
    assert kinds.count("tr_open") == sum(line.startswith("|") for line in lines) - kinds.count("table_open")
    assert kinds.count("list_item_open") == sum(bool(re.match(r" *(?:- |\d\. )", line)) for line in lines)
    assert kinds.count("heading_open") == sum(line.startswith("#") for line in lines)
    assert kinds.count("blockquote_open") == sum(line.startswith("> ") for line in lines)


def test_a_reason_without_a_sentence_is_an_error() -> None:
    for language in WORDS:
        with pytest.raises(LookupError, match="rumeur"):
            render(Reply("techno", (Refusal("Go", "rumeur", {}),)), language)
        with pytest.raises(jinja2.UndefinedError):
            render(Reply("techno", (Refusal("Go", "gate_open", {}),)), language)


def test_a_blocker_without_a_sentence_is_an_error() -> None:
    details = {"origin": "a", "target": "b"}
    for language in WORDS:
        with pytest.raises(LookupError, match="rumeur"):
            render(Reply("techno", (Refusal("RequestGate", "blocked", details, (Blocker("rumeur"),)),)), language)
