"""People erased from a product: the name they bear in its history, and where GitHub still shows who they are.

Nothing of ours keeps who an erased person was. As long as GitHub shows their own comments, or their name on the issue,
a turn knows it from there: what they were, they still are, and nothing it records names them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.product.accounts import Account, account
from app.domain.product.facts import Fact, History, ProductFiled, ProductMoved, comment_id_of
from app.domain.product.issue import Comment, Issue

PSEUDONYM = "personne effacée "
"""No login begins so: what stands in a login's place is told from one, and mentions nobody."""
_PSEUDONYM = re.compile(rf"{PSEUDONYM}([1-9][0-9]{{0,8}})")


def pseudonym(rank: int) -> str:
    return f"{PSEUDONYM}{rank}"


def rank_of(name: str) -> int:
    """The rank of an erased person among those of the product; 0 for any other name."""
    found = _PSEUDONYM.fullmatch(name)
    return int(found[1]) if found else 0


def is_pseudonym(name: str) -> bool:
    return bool(rank_of(name))


def veiled(issue: Issue, history: History) -> Issue:
    """The issue, with whoever was erased from the history under the name they bear there.

    `numbers` then tells the account that each of these names stands for, as GitHub shows it at this reading.
    """
    if not any(is_pseudonym(fact.by) for fact in history):
        return issue
    named = {comment_id_of(fact.cause): fact.by for fact in history if is_pseudonym(fact.by)}
    former = _former_comments(history)
    comments = tuple(_under(one, named.get(former.get(one.id, one.id), "")) for one in issue.comments)
    pairs = zip(comments, issue.comments, strict=True)
    numbers = {one.author: one.author_id for one, shown in pairs if one is not shown and one.author_id}
    first, author = history[0], issue.author
    if isinstance(first, ProductFiled) and is_pseudonym(first.by) and issue.is_by_person:
        author = first.by
        numbers |= {author: number} if (number := issue.numbers.get(issue.author.lower(), 0)) else {}
    known = {**issue.numbers, **{name.lower(): number for name, number in numbers.items()}}
    return replace(issue, author=author, comments=comments, numbers=known)


def _former_comments(history: History) -> Mapping[int, int]:
    moved = next((fact for fact in reversed(history) if isinstance(fact, ProductMoved)), None)
    return dict(moved.comments) if moved else {}


def _under(comment: Comment, name: str) -> Comment:
    """A comment under another name; its editor too, where that is its author."""
    if not name or comment.trace:
        return comment
    editor = comment.editor if comment.edited_by_other or not comment.editor else name
    return replace(comment, author=name, editor=editor)


def unveiled(who: Account, numbers: Mapping[str, int]) -> Account:
    """An erased person with the number that GitHub still shows; anybody else as they are."""
    return account(who.login, numbers) if is_pseudonym(who.login) and not who.id else who


def unnumbered(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts about to be recorded: a number beside the name of somebody erased would say who they are."""
    for fact in facts:
        accounts: tuple[Account, ...] = getattr(fact, "accounts", ())
        changes: dict[str, Any] = {}
        if fact.by_id and is_pseudonym(fact.by):
            changes["by_id"] = 0
        if any(one.id and is_pseudonym(one.login) for one in accounts):
            changes["accounts"] = tuple(Account(one.login) if is_pseudonym(one.login) else one for one in accounts)
        yield replace(fact, **changes) if changes else fact
