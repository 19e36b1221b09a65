"""YAML files read into documents whose values remember their lines; the only importer of PyYAML beside the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import yaml

from app.domain.document import Mark, Node, Problem, Scalar, Sequence, Table
from app.domain.policy import Policy
from app.domain.policy_parser import parse_policy

TYPES: dict[str, Callable[[str], str | int | bool | None]] = {
    "int": int,
    "bool": lambda text: text.lower() in {"true", "yes", "on"},
    "null": lambda _: None,
}


def read_document(text: str) -> Node | Problem:
    """The document a YAML text holds, or where its syntax breaks."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Problem(line, column, "", "syntax", (("found", str(error.problem)),))
    except yaml.YAMLError as error:
        return Problem(1, 1, "", "syntax", (("found", str(error)),))
    try:
        return _convert(node) if node is not None else Scalar(None, Mark(1, 1))
    except RecursionError:
        return Problem(1, 1, "", "syntax", (("found", "an alias that holds itself"),))


def _convert(node: yaml.Node) -> Node:
    mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        return Table(tuple((_scalar(key), _convert(value)) for key, value in node.value), mark)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_convert(item) for item in node.value), mark)
    return _scalar(node)


def _scalar(node: yaml.Node) -> Scalar:
    mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
    kind = node.tag.rpartition(":")[2]
    try:
        return Scalar(TYPES.get(kind, str)(node.value), mark)
    except (ValueError, TypeError):
        return Scalar(str(node.value), mark)


def read_policy(text: str) -> Policy | tuple[Problem, ...]:
    """The policy a text holds, its version being a digest of the text; or every problem in it."""
    document = read_document(text)
    if isinstance(document, Problem):
        return (document,)
    return parse_policy(document, version_of(text))


def version_of(text: str) -> str:
    """A short digest that names one exact text of the policy."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]


def read_plain(text: str) -> Any:
    """The plain Python value of a YAML text of ours."""
    return yaml.safe_load(text)
