"""Products whose history cannot be trusted: their issue says that Jalon stopped, then that all is well again."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.product.issue import Comment, Issue
from app.domain.publish.effects import EditComment, Effect, Message, PostComment
from app.domain.publish.notices import Suspended

KEY = "suspended"


def reconcile(issue: Issue, flaws: tuple[tuple[str, str], ...]) -> Iterator[Effect]:
    """Post it once, and again only for another reason; change nothing else."""
    yield from _said(issue, Suspended(flaws=flaws))


def lifted(issue: Issue) -> Iterator[Effect]:
    """Say that all is well again; nothing on issues that never said otherwise."""
    if _written(issue):
        yield from _said(issue, Suspended())


def _said(issue: Issue, notice: Suspended) -> Iterator[Effect]:
    written, message = _written(issue), Message(KEY, notice, notice.fingerprint)
    if written is None:
        yield PostComment(message)
    elif written.trace and (written.trace.data != message.stamp or written.edited_by_other or not written.trace.intact):
        yield EditComment(written.id, message, written.edit_undone)


def _written(issue: Issue) -> Comment | None:
    return next((one for one in issue.comments if one.trace and one.trace.key == KEY), None)
