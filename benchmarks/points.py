"""What GitHub counts for a call: points of the hour and of the minute, by its published rules."""

from __future__ import annotations

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

from app.github.client import OPERATIONS

Fragments = dict[str, SelectionSetNode]


def of_the_hour(call: dict) -> int:
    """A REST call is one point; a query is one point per hundred connections it has to open, one at least."""
    if call["path"] != "/graphql" or call["write"]:
        return 1
    text = next(text for text in OPERATIONS.values() if f"query {call['operation']}(" in text)
    return query(text)


def of_the_minute(call: dict) -> int:
    """Secondary limit: one point to read, five to write."""
    return 5 if call["write"] else 1


def comments(call: dict) -> int:
    """Comments created, which GitHub counts one by one however many a call writes."""
    by_rest = call["method"] == "POST" and call["path"].endswith("/comments")
    return by_rest + call["acts"].count("addComment")


def query(text: str, first: int = 50) -> int:
    """`first` stands for the sizes given as variables."""
    definitions = parse(text).definitions
    (operation,) = (one for one in definitions if isinstance(one, OperationDefinitionNode))
    fragments = {one.name.value: one.selection_set for one in definitions if isinstance(one, FragmentDefinitionNode)}
    return max(1, round(_connections(operation.selection_set, 1, first, fragments) / 100))


def _connections(selection: SelectionSetNode | None, parents: int, first: int, fragments: Fragments) -> int:
    total = 0
    for field in selection.selections if selection else ():
        if isinstance(field, FragmentSpreadNode):
            total += _connections(fragments[field.name.value], parents, first, fragments)
            continue
        size = next(
            (
                argument.value
                for argument in (getattr(field, "arguments", None) or ())
                if argument.name.value in {"first", "last"}
            ),
            None,
        )
        inner = parents
        if isinstance(field, FieldNode) and size is not None:
            total += parents
            inner = parents * (int(size.value) if isinstance(size, IntValueNode) else first)
            assert isinstance(size, IntValueNode | VariableNode)
        total += _connections(field.selection_set, inner, first, fragments)
    return total
