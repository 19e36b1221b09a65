"""Marks and records that people, or bots, spoilt: a value for whoever reads them, never a crash, never a burden."""

from __future__ import annotations

import base64
import json
import time
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.product import history_in_comments, imported
from app.domain.product.fact_json import KINDS, from_json
from app.domain.product.facts import comment_id_of
from app.domain.product.issue import Comment, CommentMarker
from app.domain.product.lawful import breach
from app.github import markers

MANY = settings(deadline=None, max_examples=200)
LIMIT = 65_536
MARK, IMPORT = "<!-- jalon:v1 ", "<!-- jalon:import v1 "
WORDS = st.sampled_from(
    (
        *("key=gate:1", "key=gate:1+2", "key=gate:1+²", "key=a+99999999999", "data=x", "body=y", "record=AAAA"),
        *("boxes=a:b:c", "boxes=a", "boxes=a:1", "boxes=,", "boxes=a:1,a:0", "key=", "key=a", "=", "<!--", "-->"),
        *(" ", "\n", "\r\n", "key=/w==", "key=b", "record=b", "- [x] y <!-- a-b -->", "\0", "\ud800", "é"),
    )
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=12).map(" ".join)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(("2026-01-01", "2026-01-01T00:00:00+00:00", "1/0", "1e999999999", "1/3", "comment:x", "go", "mvp")),
)
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner)))
NAMES = sorted({name for kind in KINDS.values() for name in kind.__dataclass_fields__})
FACTS = st.builds(
    lambda kind, fields: {"kind": kind, "at": "2026-01-01T00:00:00+00:00", "by": "x", "cause": "comment:1:go"} | fields,
    st.one_of(st.sampled_from(sorted(KINDS)), st.text(max_size=5)),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)
RECORDS = st.one_of(
    VALUES, st.lists(st.one_of(VALUES, st.tuples(st.one_of(st.integers(0, 5), SCALARS), FACTS)), max_size=5)
)


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode()


def ours(text: str) -> Comment:
    return Comment(
        1, "IC_1", text, "jalon", datetime(2026, 1, 1, tzinfo=UTC), trace=markers.read_marker(text) or markers.BARE
    )


@MANY
@given(TEXTS)
@example(f"{MARK}boxes=a:b:c -->")
@example(f"{MARK}key=a key=b -->")
@example(f"{IMPORT}key=a record=b -->")
@example(f"{IMPORT}key=/w== record=b -->")
@example(f"{MARK}key=a+² record=AAAA -->")
def test_any_text_is_read_or_refused(text: str) -> None:
    for opening in ("", MARK, IMPORT):
        body = f"{opening}{text} -->"
        trace = markers.read_marker(body)
        assert trace is None or isinstance(trace, CommentMarker)
        assert imported.key_in(body) is None or isinstance(imported.key_in(body), str)
        assert imported.carried_history(body) == ()
        assert not history_in_comments.restored_history((ours(body),)).history


@pytest.mark.slow
@MANY
@given(RECORDS)
@example([[1, {"kind": "GateDecided"}]])
@example([[10**18, {"kind": "HelpAsked", "at": "2026-01-01T00:00:00+00:00", "by": "", "cause": "", "comment": 1}]])
def test_any_record_is_read_or_refused_and_judged(value: Any) -> None:
    """Whatever well-packed data holds, reading it gives facts that can be judged, or says that it cannot."""
    comment = ours("")
    comment = replace(comment, trace=replace(markers.BARE, key="welcome", record=packed(value)))
    found = history_in_comments.restored_history((comment,))
    assert found.flaws or breach(found.history) >= 0
    assert history_in_comments.lawful_only(found).flaws or not breach(found.history)


@pytest.mark.parametrize("text", ["@" * 9, "AAAA", "é", "[" * 60_000, packed([[1, 2]])[:-6], "\ud800"])
def test_what_is_no_record_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        history_in_comments.unpacked((text,))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "[" + "1," * 50_000 + "1]", "9" * 100_000])
def test_json_of_any_depth_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        history_in_comments.unpacked((base64.urlsafe_b64encode(zlib.compress(text.encode())).decode(),))


@pytest.mark.slow
def test_a_few_kilobytes_never_become_gigabytes() -> None:
    """What fits in a comment may be a thousand times larger once unpacked, and so may what is in it."""
    bomb = zlib.compress(b"[" + b" " * 500_000_000, 9)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(ValueError, match="too long"):
        history_in_comments.unpacked((base64.urlsafe_b64encode(bomb).decode(),))
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * history_in_comments.LARGEST
    assert took < 30


def test_a_rank_beyond_any_history_costs_nothing() -> None:
    fact = {"kind": "HelpAsked", "at": "2026-01-01T00:00:00+00:00", "by": "", "cause": "", "comment": 1}
    for rank, kind in (
        (history_in_comments.LAST, "missing"),
        (history_in_comments.LAST + 1, "unreadable"),
        (10**18, "unreadable"),
    ):
        text = packed([[rank, fact]])
        comment = replace(ours(""), trace=replace(markers.BARE, key="welcome", record=text))
        found = history_in_comments.restored_history((comment,))
        assert len(found.flaws) <= history_in_comments.TOLD
        assert {name for name, _ in found.flaws} <= {kind}


RUNS = [
    f"{opening}{unit * (LIMIT // len(unit))}{end}"
    for unit in (
        "a",
        " ",
        "=",
        "a=",
        "a=b ",
        "- [ ] ",
        "<!-- ",
        "<!-- a -->",
        "\n",
        "\t",
        MARK,
        IMPORT,
        f"{IMPORT}key=",
    )
    for opening in ("", MARK, f"{MARK}key=", f"{IMPORT}key=", f"{IMPORT}key=a record=", "- [x] ")
    for end in ("", " -->", " --> x")
]


def test_no_mark_takes_longer_than_its_length_asks() -> None:
    """Every run of one thing within every structure of a mark, at GitHub's largest size: a generous floor for each."""
    slow = [text[:60] for text in RUNS if _took(text) > 1]
    assert slow == []


def _took(text: str) -> float:
    best = 60.0
    for _ in range(2):
        began = time.perf_counter()
        markers.read_marker(text)
        imported.key_in(text)
        imported.carried_history(text)
        best = min(best, time.perf_counter() - began)
        if best < 0.5:
            return best
    return best


@pytest.mark.parametrize(
    "cause", ["comment:", "comment:x:go", "comment:²:go", "comment:-1:go", f"comment:{'9' * 5000}:go"]
)
def test_a_cause_that_names_no_comment_names_none(cause: str) -> None:
    assert comment_id_of(cause) == 0


@pytest.mark.parametrize(
    "fields",
    [{"comment": "1"}, {"comment": True}, {"at": "2026-01-01T00:00:00"}, {"at": 5}, {"by": 5}, {"by": None}],
)
def test_a_fact_whose_fields_have_another_kind_is_none_of_ours(fields: dict[str, Any]) -> None:
    fact = {"kind": "HelpAsked", "at": "2026-01-01T00:00:00+00:00", "by": "x", "cause": "x", "comment": 1}
    assert from_json(dict(fact))
    with pytest.raises((TypeError, ValueError)):
        from_json(fact | fields)
