"""GitHub's GraphQL: the trimmed schema, executed by graphql-core, with GitHub's errors and its limits on lists."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from local_github.graph_core import GraphError, Input, Noun, Viewer
from local_github.graph_root import root
from local_github.state import Refused

SCHEMA = Path(__file__).with_name("schema.graphql")
Seen = Callable[[Sequence[str | int], Any], Any]
Around = Callable[[str, str, Input, Callable[[], Noun]], Noun]
"""What stands around a field of a mutation: its key in the answer, its name, its input, and what carries it out."""
KINDS = {403: "FORBIDDEN", 404: "NOT_FOUND", 422: "VALIDATION"}


class Operation(NamedTuple):
    """`fields`: the keys its answer has at the top; `acts`: the mutations behind them, none of a query."""

    name: str
    write: bool
    fields: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        return f"GRAPHQL {self.name}"

    @property
    def about(self) -> str:
        return " ".join([self.called, *self.acts])


@functools.cache
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=256)
def _document(text: str) -> DocumentNode:
    """An App asks the same questions all day: each is read and judged once. Raises GraphQLError."""
    return parse(text)


@functools.lru_cache(maxsize=256)
def _judged(text: str) -> tuple[GraphQLError, ...]:
    return tuple(validate(schema(), _document(text)))


def operation(asked: dict[str, Any]) -> Operation:
    """Name and kind of what is asked; a text that cannot be parsed is reported later, as an error of the answer."""
    node = _operation(asked)
    if node is None:
        return Operation("", write=False)
    chosen = [item for item in node.selection_set.selections if isinstance(item, FieldNode)]
    fields = tuple((item.alias or item.name).value for item in chosen)
    write = node.operation is OperationType.MUTATION
    acts = tuple(item.name.value for item in chosen) if write else ()
    return Operation(node.name.value if node.name else "", write, fields, acts)


def execute(
    viewer: Viewer,
    asked: dict[str, Any],
    seen: Seen = lambda _, value: value,
    around: Around = lambda _, __, ___, act: act(),
) -> dict[str, Any]:
    """GitHub's answer, always to be sent with status 200; `seen` has the last word on each value, by its path."""
    try:
        document = _document(asked["query"])
    except GraphQLError as error:
        return {"errors": [_shown(error)]}
    if problems := _judged(asked["query"]):
        return {"errors": [_shown(error) for error in problems]}
    result = execute_sync(
        schema(),
        document,
        root(viewer),
        variable_values=asked.get("variables") or {},
        operation_name=asked.get("operationName"),
        field_resolver=partial(_field, seen, around),
    )
    return _answer(result)


def _field(seen: Seen, around: Around, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    """Nouns are mappings; what is costly or takes arguments is a function in them. A missing key is our bug."""
    value = source[info.field_name]
    if info.parent_type.name == "Mutation":
        value = around(str(info.path.key), info.field_name, arguments["input"], partial(value, **arguments))
    return seen(info.path.as_list(), value(**arguments) if callable(value) else value)


def _operation(asked: dict[str, Any]) -> OperationDefinitionNode | None:
    try:
        return get_operation_ast(_document(asked["query"]), asked.get("operationName"))
    except GraphQLError:
        return None


def _answer(result: ExecutionResult) -> dict[str, Any]:
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [_shown(error) for error in result.errors]
    return answer


def _shown(error: GraphQLError) -> dict[str, Any]:
    """GitHub puts `type` beside the message, not among the extensions."""
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = error.path
    match error.original_error:
        case GraphError() as own:
            return {**({"type": own.kind} if own.kind else {}), **own.more, **shown}
        case Refused() as refused:
            return {"type": KINDS.get(refused.status, "UNPROCESSABLE"), **shown}
        case None | GraphQLError():  # the query itself is wrong, its variables for instance
            return shown
        case bug:
            raise bug  # ours: a test must see it
