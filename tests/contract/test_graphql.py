"""Our operations and the local GitHub's schema, judged by GitHub's own schema and what its documentation adds."""

import functools
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import build_ast_schema, build_schema, extend_schema, find_breaking_changes, parse, validate
from graphql.execution import get_variable_values

from app.domain.publish.card_fields import KINDS, Fill
from app.github.cards import document
from local_github.graph import SCHEMA
from tests.contract.fetch import target

pytestmark = pytest.mark.contract
OVERLAY = Path(__file__).with_name("overlay.graphql")
OPERATIONS = sorted(Path("app").rglob("*.graphql"), key=str)


@functools.cache
def official():
    """GitHub's schema does not satisfy the specification to the letter: both `assume_valid` are needed."""
    text = target("@octokit/graphql-schema").read_text(encoding="utf-8")
    schema = build_ast_schema(parse(text, no_location=True), assume_valid=True, assume_valid_sdl=True)
    overlay = parse(OVERLAY.read_text(encoding="utf-8"))
    return extend_schema(schema, overlay, assume_valid=True, assume_valid_sdl=True)


def problems(text):
    """Where a schema of ours promises what GitHub does not."""
    return [change.description for change in find_breaking_changes(build_schema(text), official())]


@pytest.mark.parametrize("path", OPERATIONS, ids=str)
def test_an_operation_is_one_github_accepts(path):
    document = parse(path.read_text(encoding="utf-8"))
    assert [error.message for error in validate(official(), document)] == []
    assert [error.message for error in validate(build_schema(SCHEMA.read_text(encoding="utf-8")), document)] == []


def test_a_card_written_in_one_operation_is_one_github_accepts():
    values = {"SINGLE_SELECT": "o", "NUMBER": 3.0, "DATE": "2026-12-31", "TEXT": "Une direction"}
    fills = [Fill(name, "f", kind, values[kind], values[kind]) for name, kind in KINDS.items()]
    emptied = [replace(fill, value=None) for fill in fills]
    for chosen in (fills, emptied):
        text, variables = document(chosen, ("f", "o"))
        assert [error.message for error in validate(official(), parse(text))] == []
        (operation,) = parse(text).definitions
        known = get_variable_values(
            official(), operation.variable_definitions, {"project": "p", "item": "i", **variables}
        )
        assert not isinstance(known, list), known


def test_our_schema_promises_nothing_github_does_not(tell):
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    types = [name for name in schema.type_map if not name.startswith("__")]
    tell(f"GraphQL: {len(OPERATIONS)} operations, {len(types)} types checked")
    assert problems(SCHEMA.read_text(encoding="utf-8")) == []
