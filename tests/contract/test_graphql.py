"""Our operations and the local GitHub's schema, judged by GitHub's own schema and what its documentation adds."""

import functools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import (
    build_ast_schema,
    build_schema,
    extend_schema,
    find_breaking_changes,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)
from graphql.execution import get_variable_values

from app.domain.product.issue import Board, Card, Comment, Issue
from app.domain.publish.card_fields import KINDS, Fill
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    Message,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)
from app.domain.publish.notices import Suspended
from app.github.changes import mutations
from app.github.mutations import mutation_document
from local_github.graph import SCHEMA
from local_github.graph_acts import MUTATIONS
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


VALUES = {"SINGLE_SELECT": "o", "NUMBER": 3.0, "DATE": "2026-12-31", "TEXT": "Une direction"}
BOARD, CARD = Board("P", "f", {}), Card("I", None)
FILLS = tuple(Fill(name, "f", kind, VALUES[kind], VALUES[kind]) for name, kind in KINDS.items())
MESSAGE = Message("welcome", Suspended(()), "stamp")
ISSUE = Issue(
    *("I_1", "dnum/produits", 1, "SILAV", "", "cheffe-produit"),
    label_ids={"a": "L_1", "b": "L_2"},
    comments=(Comment(1, "C_1", "/go", "secu", datetime(2026, 3, 2, tzinfo=UTC)),),
)
EFFECTS = (
    ChangeLabels(("a",), ("b",)),
    PlaceCard(BOARD, None, "POC", "o"),
    PlaceCard(BOARD, CARD, "POC", "o", FILLS),
    FillCard(BOARD, CARD, tuple(replace(fill, value=None) for fill in FILLS)),
    RestoreCard(BOARD, CARD),
    Close(),
    Reopen(),
    PostComment(MESSAGE),
    EditComment(1, MESSAGE),
    RemoveComment(1),
    React(1, "THUMBS_UP"),
    TakeBack(1, "CONFUSED"),
    HideComment(1),
    ShowComment(1),
)


def test_every_effect_is_written_here():
    assert {type(effect) for effect in EFFECTS} == set(Effect.__subclasses__())


@pytest.mark.parametrize(
    "effects", [*((effect,) for effect in EFFECTS), EFFECTS], ids=lambda them: type(them[0]).__name__
)
def test_changes_made_in_one_call_are_a_document_github_accepts(effects):
    every = [one for effect in effects for one in mutations(ISSUE, effect, "fr")]
    text, variables = mutation_document("Changes", every)
    for schema in (official(), build_schema(SCHEMA.read_text(encoding="utf-8"))):
        assert [error.message for error in validate(schema, parse(text))] == []
        (operation,) = parse(text).definitions
        known = get_variable_values(schema, operation.variable_definitions, variables)
        assert not isinstance(known, list), known


def everything(kind, depth=3):
    """All that can be read of a type of ours, a few levels deep."""
    kind = get_named_type(kind)
    if not hasattr(kind, "fields"):
        return "" if is_leaf_type(kind) else "{ __typename }"
    read = ["__typename"]
    for name, field in kind.fields.items():
        inner = everything(field.type, depth - 1) if depth else ""
        needed = [key for key, argument in field.args.items() if is_required_argument(argument)]
        if not needed and (inner or is_leaf_type(get_named_type(field.type))):
            read.append(f"{name}{'(first: 1)' if 'first' in field.args else ''} {inner}")
    return f"{{ {' '.join(read)} }}"


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_takes_and_gives_what_githubs_does(name):
    ours = build_schema(SCHEMA.read_text(encoding="utf-8"))
    field = ours.mutation_type.fields[name]
    text = f"mutation($input: {field.args['input'].type}) {{ {name}(input: $input) {everything(field.type)} }}"
    assert [error.message for error in validate(ours, parse(text))] == []
    assert [error.message for error in validate(official(), parse(text))] == []
    known, asked = (
        schema.mutation_type.fields[name].args["input"].type.of_type.fields for schema in (official(), ours)
    )
    assert {key: str(item.type) for key, item in asked.items()}.items() <= {
        key: str(item.type) for key, item in known.items()
    }.items()
    assert {key for key, item in known.items() if is_required_input_field(item)} <= set(asked)


def test_our_schema_promises_nothing_github_does_not(tell):
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    types = [name for name in schema.type_map if not name.startswith("__")]
    tell(f"GraphQL: {len(OPERATIONS)} operations, {len(types)} types checked")
    assert problems(SCHEMA.read_text(encoding="utf-8")) == []
