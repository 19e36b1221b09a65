"""Accounts and teams as the rules name them."""

from __future__ import annotations

import re
from functools import partial

from app.domain.policy.document import DocumentReader, Node, ProblemKind
from app.domain.reading.logins import LOGIN, SLUG, is_login, team_slug

_LOGIN, _SLUG = re.compile(LOGIN), re.compile(SLUG)


def read_login(reader: DocumentReader, node: Node | None, path: str) -> str:
    """An account named in the rules; empty, and a problem, when GitHub can have no such account."""
    text = reader.text(node, path)
    if node is not None and text and not is_login(text):
        tell = reader.limit if _LOGIN.fullmatch(text) else reader.note
        tell(node.mark, path, ProblemKind.NOT_AN_ACCOUNT, value=text)
    return text


def read_logins(reader: DocumentReader, node: Node | None, path: str) -> tuple[str, ...]:
    return reader.texts(node, path, partial(read_login, reader))


def read_team(reader: DocumentReader, node: Node | None, path: str) -> str:
    """A team named by its address alone or with its organisation before it."""
    text = reader.text(node, path)
    if node is not None and text and not (team_slug(text) or _SLUG.fullmatch(text)):
        reader.limit(node.mark, path, ProblemKind.NOT_A_TEAM, value=text)
    return team_slug(text) or text
