"""YAML files read into documents whose values remember their lines; the only importer of PyYAML beside the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from app.domain.policy.document import Mark, Node, Problem, Scalar, Sequence, TableNode
from app.domain.policy.inheritance import KEY, CommonFile, CommonProblem, Given, extended_file, resolved_document
from app.domain.policy.model import Policy
from app.domain.policy.parser import parse_policy
from app.domain.policy.written_policy import policy_text
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.catalogue_file import read_catalogue

TYPES: dict[str, Callable[[str], str | int | bool | None]] = {
    "int": int,
    "bool": lambda text: text.lower() in {"true", "yes", "on"},
    "null": lambda _: None,
}

LARGEST = 256 * 1024
"""Bytes: ten times the rules of a large committee."""


class AliasError(yaml.MarkedYAMLError):
    """An alias, which lets a few lines stand for millions."""


class _Loader(yaml.SafeLoader):
    """Composes nodes, and refuses aliases: what a rule says must be read where it stands."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise AliasError(problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def read_document(text: str, file: str = "") -> Node | Problem:
    """The document a YAML text holds, or where its syntax breaks; `file` names it when another document extends it."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        return _convert(node, file) if node is not None else Scalar(None, Mark(1, 1, file))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(error, AliasError):
            return Problem(line, column, "", "alias", file=file)
        return Problem(line, column, "", "syntax", (("found", str(error.problem)),), file)
    except yaml.YAMLError as error:
        return Problem(1, 1, "", "syntax", (("found", str(error)),), file)
    except RecursionError:
        return Problem(1, 1, "", "nested", file=file)


def _convert(node: yaml.Node, file: str) -> Node:
    mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1, file)
    if isinstance(node, yaml.MappingNode):
        return TableNode(tuple((_scalar(key, file), _convert(value, file)) for key, value in node.value), mark)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_convert(item, file) for item in node.value), mark)
    return _scalar(node, file)


def _scalar(node: yaml.Node, file: str) -> Scalar:
    mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1, file)
    kind = node.tag.rpartition(":")[2]
    try:
        return Scalar(TYPES.get(kind, str)(node.value), mark)
    except (ValueError, TypeError):
        return Scalar(str(node.value), mark)


@lru_cache(maxsize=16)
def read_policy(text: str, language: str = "", *, former: bool = False) -> Policy | tuple[Problem, ...]:
    """The policy a text holds, its version being a digest of the text; or every problem in it.

    `former`: a former version took this text, and the limits that came since do not undo it.
    """
    size = len(text.encode())
    if size > LARGEST and not former:
        return (too_large(size),)
    document = read_document(text)
    if isinstance(document, Problem):
        return (document,)
    return _digested(parse_policy(document, version_of(text), language, former=former), text)


def _digested(policy: Policy | tuple[Problem, ...], text: str) -> Policy | tuple[Problem, ...]:
    return replace(policy, digest=digest_of(text)) if isinstance(policy, Policy) else policy


def read_policy_bytes(data: bytes, *, former: bool = False) -> Policy | tuple[Problem, ...]:
    """The policy of a file as GitHub keeps it; one saved in another encoding than UTF-8 is a problem like any other."""
    try:
        return read_policy(data.decode(), former=former)
    except UnicodeDecodeError as error:
        return (_undecoded(data, error.start),)


def _undecoded(data: bytes, start: int, file: str = "") -> Problem:
    before = data[:start]
    column = len(before) - before.rfind(b"\n")
    return Problem(before.count(b"\n") + 1, column, "", "encoding", file=file)


Fetch = Callable[[CommonFile], bytes | CommonProblem]
"""The bytes of a common file, or why they cannot be had."""


@dataclass(frozen=True)
class ReadRules:
    """What became of a policy file and of those it extends."""

    policy: Policy | tuple[Problem, ...]
    text: bytes
    """The whole rules as one file: its own text when it extends nothing, or when they are not right."""
    commons: tuple[CommonFile, ...] = ()
    """Those asked for, whether or not they are there."""
    document: Node | None = field(default=None, repr=False)
    """The rules as one document whose values remember their file; None where it cannot be made."""


def read_rules(data: bytes, here: CommonFile, fetch: Fetch, *, former: bool = False) -> ReadRules:
    """The policy of a file with the common parts it extends; its version is a digest of the whole."""
    found = read_document_bytes(data) if extends(data) else ()
    if isinstance(found, Problem | tuple) or extended_file(found) is None:
        return ReadRules(read_policy_bytes(data, former=former), data)
    asked: list[CommonFile] = []

    def give(file: CommonFile) -> Given:
        asked.append(file)
        given = fetch(file)
        read = given if isinstance(given, CommonProblem) else read_document_bytes(given, str(file))
        return (read,) if isinstance(read, Problem) else read

    try:
        whole = resolved_document(found, here, give)
        text = policy_text(whole) if isinstance(whole, Scalar | Sequence | TableNode) else ""
    except RecursionError:
        whole = (Problem(1, 1, "", "nested"),)
    commons = tuple(asked)
    if isinstance(whole, tuple | CommonProblem):
        return ReadRules(whole if isinstance(whole, tuple) else (), data, commons)
    if (size := len(text.encode())) > LARGEST and not former:
        return ReadRules((too_large(size),), data, commons)
    policy = _digested(parse_policy(whole, version_of(text), former=former), text)
    return ReadRules(policy, text.encode() if isinstance(policy, Policy) else data, commons, whole)


def extends(data: bytes) -> bool:
    """Whether the file may extend another: most do not, and are read once. A line of comment holds no key.

    Lines end here wherever YAML ends them, and elsewhere too: one more is looked at, none is missed.
    """
    lines = data.decode(errors="replace").splitlines()
    return any(KEY in line for line in lines if not line.lstrip().startswith("#"))


@lru_cache(maxsize=32)
def read_catalogue_bytes(path: str, data: bytes, language: str = "fr") -> Catalogue | tuple[Problem, ...]:
    """What one of the files of a catalogue holds, or every problem in it."""
    document = read_document_bytes(data)
    return (document,) if isinstance(document, Problem) else read_catalogue(path, document, language)


def read_document_bytes(data: bytes, file: str = "") -> Node | Problem:
    """The document of a file as GitHub keeps it, or where it cannot be read."""
    if len(data) > LARGEST:
        return too_large(len(data), file)
    try:
        return read_document(data.decode(), file)
    except UnicodeDecodeError as error:
        return _undecoded(data, error.start, file)


def too_large(size: int, file: str = "") -> Problem:
    """Said at once: a file of a megabyte takes many seconds to read, and other repositories wait meanwhile."""
    return Problem(1, 1, "", "too_large", (("size", str(size // 1024)), ("most", str(LARGEST // 1024))), file)


def version_of(text: str) -> str:
    """A short digest that names one exact text of the policy."""
    return digest_of(text)[:12]


def digest_of(text: str) -> str:
    """The whole digest, of the text with the line ends that the register keeps it with."""
    return hashlib.sha256(as_kept(text)).hexdigest()


def as_kept(text: str) -> bytes:
    """The bytes whose SHA-256 names the text: the same whether a computer ended its lines with one sign or two."""
    return text.replace("\r\n", "\n").encode()


class NotYamlError(ValueError):
    """The text breaks YAML's syntax."""


def read_plain(text: str) -> Any:
    """The plain Python value of a YAML text; raises NotYamlError."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotYamlError(str(error)) from error
