"""Products whose history cannot be trusted: their issue says that nothing more is done, then that all is well again."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.product.issue import Comment, Issue
from app.domain.publish.effects import EditComment, Effect, Message, PostComment
from app.domain.publish.notices import Suspended

KEY = "suspended"


def reconcile(issue: Issue, flaws: tuple[tuple[str, str], ...]) -> Iterator[Effect]:
    """Say it once, and again only if the reason is another; nothing else is touched."""
    yield from _said(issue, Suspended(flaws=flaws))


def lifted(issue: Issue) -> Iterator[Effect]:
    """Take the word back once the history holds; issues that never bore it say nothing."""
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
