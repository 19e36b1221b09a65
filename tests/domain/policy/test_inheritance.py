"""Rules that extend a common part: which file is named, how they are merged, and what is told of their faults."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.policy.document import Mark, Node, Scalar, Sequence, TableNode
from app.domain.policy.inheritance import (
    DEEPEST,
    CommonFile,
    CommonProblem,
    common_of,
    extended_file,
    merged_documents,
    resolved_document,
)
from app.domain.policy.model import Policy
from app.domain.policy.written_policy import policy_text, written_lines
from app.messages import explain_problem
from app.yaml_documents import ReadRules, read_document, read_policy, read_rules
from tests.builders import SMALL

HERE = CommonFile("dnum/produits", ".github/jalon.yml")
COMMON = "dnum/regles/.github/jalon-commun.yml"
REST = SMALL.partition("aspects:")[2]
MINISTRY = f"aspects:{REST}"
"""What a ministry keeps for all its committees; a committee has its own people."""
OWN = SMALL.partition("aspects:")[0]


def read(own: str, **files: str) -> ReadRules:
    """Rules with the files they may extend, each under its path in dnum/regles."""

    def fetch(file: CommonFile) -> bytes | CommonProblem:
        text = files.get(str(file).removeprefix("dnum/regles/").replace(".", "_").replace("-", "_").replace("/", "_"))
        return CommonProblem.ABSENT if text is None else text.encode()

    return read_rules(own.encode(), HERE, fetch)


def of(text: str) -> Node:
    found = read_document(text)
    assert isinstance(found, Scalar | Sequence | TableNode)
    return found


def together(common: str, own: str) -> str:
    return policy_text(merged_documents(of(common), of(own)))


def same(text: str) -> str:
    return policy_text(of(text))


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("dnum/regles/.github/jalon-commun.yml", ("dnum/regles", ".github/jalon-commun.yml")),
        ("dnum/.github/jalon.yaml", ("dnum/.github", "jalon.yaml")),
        (".github/jalon-commun.yml", ("dnum/produits", ".github/jalon-commun.yml")),
        ("jalon.yml", ("dnum/produits", "jalon.yml")),
        ("dnum/jalon.yml", None),
        ("dnum/regles/secrets.yml", None),
        ("dnum/regles/jalon.json", None),
        ("https://exemple.gouv.fr/jalon.yml", None),
        ("dnum/regles/../jalon.yml", None),
        ("/etc/jalon.yml", None),
        ("dnum/regles/jalon.yml?ref=autre", None),
        ("", None),
    ],
)
def test_a_common_part_is_named_by_its_repository_and_names_itself(text: str, file: tuple[str, str] | None) -> None:
    assert common_of(text, "dnum/produits") == (CommonFile(*file) if file else None)


def test_a_committee_keeps_its_people_and_takes_the_rest() -> None:
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=MINISTRY)
    assert isinstance(found.policy, Policy)
    alone = read_policy(SMALL)
    assert isinstance(alone, Policy)
    for name in ("committee", "phases", "gates", "questions", "aspects", "language"):
        assert getattr(found.policy, name) == getattr(alone, name)
    assert found.commons == (CommonFile("dnum/regles", ".github/jalon-commun.yml"),)


def test_the_version_is_that_of_the_whole_and_its_text_stands_alone() -> None:
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=MINISTRY)
    again = read_policy(found.text.decode())
    assert again == found.policy
    other = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=MINISTRY.replace("quorum: 2", "quorum: 3"))
    told = read(f"# Nos règles\nextends: {COMMON}\n{OWN}", _github_jalon_commun_yml=f"# Communes\n{MINISTRY}")
    assert isinstance(found.policy, Policy)
    assert isinstance(other.policy, Policy)
    assert isinstance(told.policy, Policy)
    assert found.policy.version != other.policy.version
    assert found.policy.version == told.policy.version


def test_rules_that_extend_nothing_keep_their_text_and_their_version() -> None:
    for text in (SMALL, f"# on n’utilise pas extends ici\n{SMALL}"):
        found = read(text)
        assert (found.policy, found.text, found.commons) == (read_policy(text), text.encode(), ())


@pytest.mark.parametrize(
    ("common", "own", "whole"),
    [
        ("{a: 1, b: {c: 2, d: 3}}", "{b: {d: 4}, e: 5}", "{a: 1, b: {c: 2, d: 4}, e: 5}"),
        ("{a: [1, 2]}", "{a: [3]}", "{a: [3]}"),
        ("{a: {b: 1}}", "{a: texte}", "{a: texte}"),
        ("texte", "{a: 1}", "{a: 1}"),
        ("{a: [{id: x, n: 1}]}", "{a: []}", "{a: []}"),
        ("{a: [{id: x, n: 1, m: 2}]}", "{a: [{id: x, n: 3}]}", "{a: [{id: x, n: 3, m: 2}]}"),
        ("{a: [{id: x}, {id: y}]}", "{a: [{id: x}, {id: z}]}", "{a: [{id: x}, {id: z}, {id: y}]}"),
        ("{a: [{id: x}, {id: y}]}", "{a: [{id: z}]}", "{a: [{id: x}, {id: y}, {id: z}]}"),
        ("{a: [{id: x}]}", "{a: [{id: x}, {id: x, n: 2}]}", "{a: [{id: x}, {id: x, n: 2}]}"),
        ("{a: [{id: x}]}", "{a: [{n: 2}]}", "{a: [{n: 2}]}"),
        ("{a: [{id: [x]}]}", "{a: [{id: x}]}", "{a: [{id: x}]}"),
        ("{p: [{id: x, l: {v: [{id: i, t: 1}]}}]}", "{p: [{id: x, l: {v: [{id: i, t: 2}]}}]}",
         "{p: [{id: x, l: {v: [{id: i, t: 2}]}}]}"),
    ],
)  # fmt: skip
def test_keys_and_things_with_an_id_are_merged_and_other_lists_replaced(common: str, own: str, whole: str) -> None:
    assert together(common, own) == same(whole)


@pytest.mark.parametrize(
    ("common", "own", "whole"),
    [
        ("[{to: b, from: [a], q: 1, t: 2}]", "[{to: b, from: [a], q: 5}]", "[{to: b, from: [a], q: 5, t: 2}]"),
        ("[{to: z, from: [a, b, c], q: 1, t: 2}]", "[{to: z, from: [b], q: 5}]",
         "[{to: z, from: [b], q: 5, t: 2}, {to: z, from: [a, c], q: 1, t: 2}]"),
        ("[{to: b, from: [a], q: 1}, {to: c, from: [a], q: 1}]", "[{to: b, from: [a], q: 2}]",
         "[{to: b, from: [a], q: 2}, {to: c, from: [a], q: 1}]"),
        ("[{to: b, from: [a], t: 1}, {to: b, from: [c], t: 2}]", "[{to: b, from: [a, c], q: 2}]", "[{to: b, from: [a, c], q: 2}]"),
        ("[{to: b, from: [a], t: 1}]", "[{to: b, from: [a, c], q: 2}]", "[{to: b, from: [a, c], q: 2}]"),
        ("[{to: b, from: [a], t: 1}]", "[{to: c, from: [b], t: 2}]", "[{to: b, from: [a], t: 1}, {to: c, from: [b], t: 2}]"),
        ("[{to: b, from: [a], t: 1}]", "[{to: b, from: a}]", "[{to: b, from: a}]"),
        ("[{to: b, from: [a], t: 1}]", "[{to: b, from: [[a]]}]", "[{to: b, from: [[a]]}]"),
        ("[{to: b, from: [a], t: 1}]", "[b]", "[b]"),
    ],
)  # fmt: skip
def test_a_gate_takes_its_moves_from_the_common_one(common: str, own: str, whole: str) -> None:
    assert together(f"gates: {common}", f"gates: {own}") == same(f"gates: {whole}")


def test_a_key_written_twice_stays_a_problem_in_its_file() -> None:
    twice = read(f"extends: {COMMON}\n{OWN}version: 1\n", _github_jalon_commun_yml=MINISTRY)
    assert isinstance(twice.policy, tuple)
    assert [(one.kind, one.file) for one in twice.policy] == [("repeated_key", "")]
    theirs = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=f"{MINISTRY}form: []\n")
    assert isinstance(theirs.policy, tuple)
    assert ("repeated_key", COMMON) in [(one.kind, one.file) for one in theirs.policy]
    again = read(f"extends: {COMMON}\nextends: {COMMON}\n{OWN}", _github_jalon_commun_yml=MINISTRY)
    assert isinstance(again.policy, tuple)
    assert [one.kind for one in again.policy] == ["unknown_key"]


def test_a_fault_tells_its_file_its_line_and_its_column() -> None:
    broken = MINISTRY.replace("card: MVP", "card: [MVP]")
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=broken)
    assert isinstance(found.policy, tuple)
    (problem,) = found.policy
    line = broken[: broken.index("[MVP]")].count("\n") + 1
    assert (problem.line, problem.column, problem.file, problem.path) == (line, 11, COMMON, "phases[2].card")
    assert explain_problem(problem, "fr").startswith(f"ligne {line}, colonne 11 de {COMMON} (phases[2].card)")
    assert explain_problem(problem, "en").startswith(f"line {line}, column 11 of {COMMON} (phases[2].card)")


def test_what_stands_twice_tells_the_file_of_the_first() -> None:
    found = read(f"extends: {COMMON}\n{OWN}phases:\n  - {{id: poc, card: MVP}}\n", _github_jalon_commun_yml=MINISTRY)
    assert isinstance(found.policy, tuple)
    clash = next(one for one in found.policy if one.kind == "repeated_id")
    assert clash.file == ""
    assert COMMON in dict(clash.detail)["line"]


@pytest.mark.parametrize(
    ("extends", "kind"),
    [
        ("dnum/absent/jalon.yml", CommonProblem.ABSENT),
        ("autre/regles/jalon.yml", CommonProblem.ELSEWHERE),
        (".github/jalon.yml", CommonProblem.CIRCLE),
        ("DNUM/Produits/.github/jalon.yml", CommonProblem.CIRCLE),
        ("http://exemple.fr/jalon.yml", CommonProblem.NAME),
        ("[dnum/regles/jalon.yml]", CommonProblem.NAME),
        ("dnum/regles/jalon-boucle.yml", CommonProblem.CIRCLE),
        ("dnum/regles/jalon-a.yml", CommonProblem.TOO_DEEP),
    ],
)
def test_what_cannot_be_extended_is_told_at_its_line(extends: str, kind: CommonProblem) -> None:
    chain = {f"jalon_{one}_yml": f"extends: jalon-{other}.yml" for one, other in zip("abcd", "bcde", strict=True)}
    found = read(f"{OWN}extends: {extends}\n", jalon_boucle_yml="extends: jalon-boucle.yml", **chain)
    assert isinstance(found.policy, tuple)
    (problem,) = found.policy
    assert (problem.kind, problem.path) == (kind, "extends")
    assert found.text == f"{OWN}extends: {extends}\n".encode()
    for language in ("fr", "en"):
        assert dict(problem.detail)["value"] in explain_problem(problem, language)


def test_each_reason_has_its_sentence() -> None:
    for kind in CommonProblem:
        found = read_rules(f"extends: {COMMON}".encode(), HERE, lambda _, kind=kind: kind).policy
        assert isinstance(found, tuple)
        assert explain_problem(found[0], "fr") != explain_problem(found[0], "en")


def test_three_files_one_behind_the_other_are_the_most() -> None:
    ministry, *parts = MINISTRY.partition("gates:")
    texts = {
        "jalon_a_yml": f"extends: jalon-b.yml\n{''.join(parts)}",
        "jalon_b_yml": f"extends: jalon-c.yml\n{ministry}",
    }
    found = read(f"extends: dnum/regles/jalon-a.yml\n{OWN}", **texts, jalon_c_yml="timezone: Indian/Reunion\n")
    assert isinstance(found.policy, Policy)
    assert found.policy.timezone == "Indian/Reunion"
    assert len(found.commons) == DEEPEST


@pytest.mark.parametrize("text", ["a: [1", "\x00", "x: *a", "#" * 300_000])
def test_a_common_part_that_is_no_document_is_told_in_its_file(text: str) -> None:
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=text)
    assert isinstance(found.policy, tuple)
    assert {one.file for one in found.policy} == {COMMON}


def test_a_document_that_is_no_table_extends_nothing_and_is_merged_with_nothing() -> None:
    assert extended_file(of("[extends]")) is None
    assert resolved_document(of("[a]"), HERE, lambda _: CommonProblem.ABSENT) == of("[a]")
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml="un texte")
    assert isinstance(found.policy, tuple)


def test_the_whole_is_held_to_the_size_of_a_file() -> None:
    long = f'  - {{id: long, labels: ["{"a" * 200_000}"], required: false}}\n'
    found = read(f"extends: {COMMON}\n{OWN}support:\n{long}", _github_jalon_commun_yml=f"{MINISTRY}{long}")
    assert isinstance(found.policy, tuple)
    assert [one.kind for one in found.policy] == ["too_large"]


def test_each_line_knows_its_file() -> None:
    found = read(f"extends: {COMMON}\n{OWN}", _github_jalon_commun_yml=MINISTRY)
    assert found.document is not None
    told = {line.text.strip(): line.mark for line in written_lines(found.document)}
    assert told["team: comite-produit"] == Mark(6, 9)
    assert (told["card: MVP"].file, told["card: MVP"].line) == (
        COMMON,
        MINISTRY[: MINISTRY.index("card: MVP")].count("\n") + 1,
    )


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["yes", "2026-12-31", "1:30", "0.3", "~"]),
)
SCALAR = SCALARS.map(lambda value: Scalar(value, Mark(1, 1)))
KEYS = st.text("abé_-: ", min_size=1, max_size=4).map(lambda name: Scalar(name, Mark(1, 1)))
DOCUMENTS = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: Sequence(tuple(items), Mark(1, 1))),
        st.lists(st.tuples(KEYS, inner), max_size=4).map(lambda entries: TableNode(tuple(entries), Mark(1, 1))),
    ),
    max_leaves=12,
)


def unmarked(node: Node) -> object:
    match node:
        case Scalar():
            return type(node.value).__name__, node.value
        case Sequence():
            return [unmarked(item) for item in node.items]
        case TableNode():
            return [(unmarked(key), unmarked(value)) for key, value in node.entries], "table"


@given(DOCUMENTS)
@example(Scalar('a "b"\n\\', Mark(1, 1)))
@example(Scalar("\ud800 \x7f\u2028", Mark(1, 1)))
@example(Scalar(" espace\u00a0fine\u202f", Mark(1, 1)))
def test_a_document_written_out_is_read_the_same(document: Node) -> None:
    assert unmarked(of(policy_text(document))) == unmarked(document)


NOTHING = TableNode((), Mark(1, 1))


@given(DOCUMENTS.filter(lambda document: isinstance(document, TableNode)))
def test_nothing_adds_nothing(document: Node) -> None:
    assert unmarked(merged_documents(document, NOTHING)) == unmarked(document)
    assert isinstance(document, TableNode)
    once = {key.value for key, _ in document.entries}
    if len(once) == len(document.entries):  # a key written twice is a problem, told wherever it stands
        assert unmarked(merged_documents(NOTHING, document)) == unmarked(document)


@given(st.dictionaries(st.sampled_from("abcd"), SCALAR), st.dictionaries(st.sampled_from("abcd"), SCALAR))
def test_one_s_own_word_stands_and_the_common_one_fills_what_is_left(
    common: dict[str, Node], own: dict[str, Node]
) -> None:
    def table(entries: dict[str, Node]) -> TableNode:
        return TableNode(tuple((Scalar(key, Mark(1, 1)), value) for key, value in entries.items()), Mark(1, 1))

    found = merged_documents(table(common), table(own))
    assert isinstance(found, TableNode)
    assert {key.value: value for key, value in found.entries} == common | own
