"""YAML read into documents that remember their places, and the files that travel with Jalon."""

from __future__ import annotations

import pytest

from app import shipped_files
from app.domain.policy.document import Mark, Problem, Scalar, Sequence, TableNode
from app.domain.policy.model import Policy
from app.yaml_documents import extends, read_document, read_plain, read_policy, read_policy_bytes, version_of
from tests.builders import SMALL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("1_000", 1000),
        ("0x1F", "0x1F"),
        ("true", True),
        ("No", False),
        ("~", None),
        ("", None),
        ("'3'", "3"),
        ("2/3", "2/3"),
        ("1.5", "1.5"),
        ("2026-01-05", "2026-01-05"),
        ("oui", "oui"),
        ("!inconnu x", "x"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    assert read_document(text) == Scalar(value, Mark(1, 1))  # type: ignore[arg-type]


def test_places_are_those_an_editor_shows() -> None:
    document = read_document("a: 1\nb:\n  - é: x\n")
    assert document == TableNode(
        (
            (Scalar("a", Mark(1, 1)), Scalar(1, Mark(1, 4))),
            (
                Scalar("b", Mark(2, 1)),
                Sequence((TableNode(((Scalar("é", Mark(3, 5)), Scalar("x", Mark(3, 8))),), Mark(3, 5)),), Mark(3, 3)),
            ),
        ),
        Mark(1, 1),
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1", (1, 6)),
        ("a: 1\n  b: 2", (2, 4)),
        ("a: 1\n\tb: 2", (2, 1)),
        ("a: 'x", (1, 6)),
        ("a: 1\n---\nb: 2", (2, 1)),
        ("a: \x00", (1, 1)),
    ],
)
def test_broken_syntax_is_a_problem_with_its_place(text: str, place: tuple[int, int]) -> None:
    problem = read_document(text)
    assert isinstance(problem, Problem)
    assert problem.kind == "syntax"
    assert (problem.line, problem.column) == place
    assert read_policy(text) == (problem,)


def test_a_key_that_is_no_word_is_still_a_key() -> None:
    document = read_document("? [a]\n: 1\n")
    assert isinstance(document, TableNode)
    assert isinstance(document.entries[0][0].value, str)


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x\n", "a: *nulle\nb: *x", "a: &x [\n  *x]\n"])
def test_a_reference_is_refused_where_it_stands(text: str) -> None:
    problem = read_document(text)
    assert isinstance(problem, Problem)
    assert (problem.kind, text.split("\n")[problem.line - 1][problem.column - 1]) == ("alias", "*")


def test_nesting_has_an_end() -> None:
    assert read_document("[" * 5000) == Problem(1, 1, "", "nested")


def test_the_version_names_the_text_whatever_its_line_ends() -> None:
    assert version_of("a\r\nb") == version_of("a\nb") != version_of("a\nc")
    policy = read_policy(SMALL)
    assert isinstance(policy, Policy)
    assert policy.version == version_of(SMALL)
    windows = read_policy(SMALL.replace("\n", "\r\n"))
    assert windows == policy


def test_a_file_in_another_encoding_is_told_where() -> None:
    data = SMALL.replace("Idée", "Idee").encode() + "# été\n".encode("cp1252")
    (problem,) = read_policy_bytes(data)  # type: ignore[misc]
    assert (problem.kind, problem.line, problem.column) == ("encoding", data.count(b"\n"), 3)
    assert isinstance(read_policy_bytes(SMALL.encode()), Policy)


def test_plain_values() -> None:
    assert read_plain("a: [1, oui]") == {"a": [1, "oui"]}


def test_a_default_policy_in_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(shipped_files.default_policy(), Policy)
    monkeypatch.setattr(shipped_files, "read_policy", lambda *_: (Problem(1, 1, "", "syntax"),))
    with pytest.raises(TypeError, match="syntax"):
        shipped_files.default_policy.__wrapped__()


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("# Exemple : extends: organisation/depot/regles.yml\nphases: []\n", False),
        ("  # extends\r\nphases: []\r\n", False),
        ("extends: organisation/depot/regles.yml\n", True),
        ("# note\rextends: organisation/depot/regles.yml\r", True),
        ("# note\u0085extends: organisation/depot/regles.yml\n", True),
        ("# note\u2028extends: organisation/depot/regles.yml\n", True),
        ("{language: fr, extends: organisation/depot/regles.yml}\n", True),
        (shipped_files.asset("policy.yml").read_text(encoding="utf-8"), False),
    ],
)
def test_a_comment_extends_nothing_and_no_key_is_missed_wherever_a_line_ends(text, may):
    assert extends(text.encode()) is may
    found = read_document(text)
    keys = {key.value for key, _ in found.entries}
    assert may or "extends" not in keys
    assert not may or "extends" in keys
