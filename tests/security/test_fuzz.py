"""Whatever people type or files hold, readers answer: no crash, no cost that grows faster than the text."""

from __future__ import annotations

import json
import signal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.policy.document import Problem
from app.domain.policy.model import Policy
from app.domain.product import issue_form
from app.domain.reading.commands import COMMANDS, parse
from app.github import markers
from app.messages import neutral
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_policy
from tests.security.doors import delivery, opened

QUICK = settings(deadline=None, max_examples=60)
GITHUB_LIMIT = 65_536
"""Characters of a comment or of an issue's body at most."""
POLICY = default_policy()

WORDS = tuple(f"/{word}" for row in COMMANDS for word in row.words)
PIECES = st.sampled_from(
    (
        *WORDS,
        "\n",
        "\r\n",
        "```",
        "~~~",
        "`",
        "<!--",
        "-->",
        "> ",
        "- [x] ",
        "présents :",
        "sous réserve",
        " ",
        "é",
        "\0",
    )
)
HEADINGS = tuple(f"### {label}" for question in POLICY.questions for label in question.labels)
SPEECH = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).map("".join)
BODIES = st.lists(st.one_of(PIECES, st.sampled_from(HEADINGS), st.text(max_size=8)), max_size=30).map("\n".join)
MARKS = st.lists(
    st.one_of(
        st.sampled_from(
            ("<!-- jalon:v1 ", "key=gate:1", "data=x", "boxes=a:1,b:0,c", " ", "-->", "=", "- [x] y <!-- a-b -->")
        ),
        st.text(max_size=5),
    ),
    max_size=20,
).map("".join)


@QUICK
@given(SPEECH)
def test_any_comment_is_parsed_and_the_same_twice(body):
    found = parse(body)
    assert found == parse(body)
    assert len({parsed.key for parsed in found}) == len(found)


@QUICK
@given(SPEECH)
def test_quoted_or_fenced_speech_commands_nothing(body):
    quoted = "\n".join(f"> {line}" for line in body.replace("\r", "\n").split("\n"))
    assert parse(quoted) == ()


@QUICK
@given(BODIES)
def test_any_issue_body_is_read_as_a_form(body):
    known = {question.id for question in POLICY.questions}
    assert set(issue_form.answers(body, POLICY.questions)) <= known
    assert issue_form.is_filed_by_form(body, POLICY.questions) in {True, False}


@QUICK
@given(MARKS)
def test_any_mark_is_read_or_refused(body):
    trace = markers.read_marker(body)
    assert trace is None or trace.key or not trace.intact


@QUICK
@given(st.text(max_size=200))
def test_neutral_text_never_hides_mentions_or_links(text):
    shown = neutral(text)
    assert "<!--" not in shown.replace("\\<", "")
    assert "\n" not in shown
    assert not any(shown[at] == "@" and shown[at + 1 : at + 2].isalnum() for at in range(len(shown)))


YAML_PIECES = st.sampled_from(
    (
        "a: ",
        "- ",
        "\n",
        "  ",
        "&a ",
        "*a",
        "[",
        "]",
        "{",
        "}",
        "!!python/object/apply:os.system [x]",
        "? ",
        "<<: *a",
        "|",
        "'",
        '"',
    )
)


@QUICK
@given(st.lists(st.one_of(YAML_PIECES, st.text(max_size=6)), max_size=25).map("".join))
@example("[" * 2_000)
@example("- " * 2_000)
@example("a: &a [*a]")
@example("\ufeffversion: 1")
@example("\x00")
def test_any_policy_file_is_a_policy_or_a_list_of_problems(text):
    found = read_policy(text)
    assert isinstance(found, Policy) or all(isinstance(problem, Problem) for problem in found)


@settings(QUICK, max_examples=20)
@given(st.data())
def test_a_policy_damaged_anywhere_is_still_read_or_refused_with_its_line(data):
    text = asset("policy.yml").read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.integers(0, 30))
    damaged = text[:at] + data.draw(st.text(max_size=5)) + text[at + cut :]
    found = read_policy(damaged)
    lines = damaged.count("\n") + 2
    assert isinstance(found, Policy) or all(1 <= problem.line <= lines for problem in found)


def test_aliases_of_aliases_are_refused_before_they_fill_the_memory():
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    (problem,) = read_policy(f"l0: &l0 [x, x]\n{levels}")
    assert problem.kind == "alias"


# Texts that made a reader's time grow with the square, or the exponential, of their length.
NASTY = {
    "open comments": "<!--",
    "open comments, one a line": "<!--\n",
    "marks": "<!-- jalon:v1 ",
    "fields": "a=a",
    "empty lines": "\n",
    "boxes": "- [ ] <!-- a ",
    "ticks": "` `` ",
    "commands": "/go\n",
    "unknown commands": "/nimportequoi\n",
    "hyphens": "a-",
    "comments opened in a paragraph": "x <!--\n",
    "comments opened below one that ends": "--> <!--",
}


@pytest.mark.parametrize("piece", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize(
    "read",
    [parse, neutral, markers.read_marker, lambda body: issue_form.answers(body, POLICY.questions)],
    ids=["commands", "neutral", "marks", "form"],
)
def test_a_reader_never_hangs(piece, read, watchdog):
    """Eight times what GitHub takes: linear reading needs a second or so, the square of it several minutes."""
    read("<!-- jalon:v1 " + piece * (8 * GITHUB_LIMIT // len(piece)) + "!")


@pytest.fixture
def watchdog():
    def bark(signum, frame):
        raise TimeoutError("the reader hangs")

    before = signal.signal(signal.SIGALRM, bark)
    signal.alarm(40)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


SECRET = "essai"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("action", "issue", "node_id", "number", "repository", "full_name", "sender", "login", "x")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    kept = []

    class Inbox:
        async def gather(self, delivery, event, product, payload):
            kept.append((delivery, event, product, payload))
            return True

    with opened(tmp_path_factory.mktemp("fuzz"), Inbox()) as door:
        yield door, kept


@settings(QUICK, max_examples=150)
@given(
    payload=JSON,
    event=st.sampled_from(("issues", "issue_comment", "projects_v2_item", "push", "ping", "x")),
    action=st.sampled_from(("created", "edited", "opened", "x")),
)
def test_any_signed_json_is_stored_whole_ignored_or_refused(door, payload, event, action):
    door, kept = door
    if isinstance(payload, dict):
        payload = {"action": action, **payload}
    raw, headers = delivery(json.dumps(payload).encode(), event=event)
    status = door.post(raw, headers)
    assert status in {202, 400}
    stored = [row for row in kept if row[3] == raw]
    assert not stored or status == 202
    assert all(isinstance(product, str) for _, _, product, _ in stored)


@settings(QUICK, max_examples=150)
@given(
    body=st.binary(max_size=200), header=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=80)
)
def test_nothing_unsigned_is_ever_stored(door, body, header):
    door, kept = door
    before = len(kept)
    _, headers = delivery(body)
    assert door.post(body, headers | {"X-Hub-Signature-256": header}) in {400, 401}  # 400: no header may hold that
    assert len(kept) == before
