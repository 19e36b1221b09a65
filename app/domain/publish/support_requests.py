"""Requests for support: no vote, no phase; labels that say what is asked for, and one comment that follows the form."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.policy.model import Policy
from app.domain.product import issue_form, labels
from app.domain.product.description import labelled_needs
from app.domain.product.issue import Issue
from app.domain.publish.effects import ChangeLabels, EditComment, Effect, Message, PostComment
from app.domain.publish.notices import Support

LABEL = "accompagnement"
"""Set by the form; put on an issue by hand, it makes the issue a request for support."""
KEY = "support"


def is_support(issue: Issue, policy: Policy) -> bool:
    """An open issue that asks for support: by its label, or by the headings of the form."""
    named = LABEL in {label.casefold() for label in issue.labels}
    return issue.is_open and (named or issue_form.is_filed_by_form(issue.body, policy.support))


def needs_of_issue(issue: Issue, policy: Policy) -> tuple[str, ...]:
    """What it asks for: as its labels say, else as its boxes do."""
    return labelled_needs(issue.labels) or labels.needs_of_answers(issue_form.answers(issue.body, policy.support))


def reconcile(issue: Issue, policy: Policy) -> Iterator[Effect]:
    """What must change on GitHub: pure, and nothing once done. Nothing is recorded: nothing was decided."""
    answers = issue_form.answers(issue.body, policy.support)
    present = {label.casefold() for label in issue.labels}
    add = tuple(label for label in (LABEL, *labels.of_needs(answers)) if label.casefold() not in present)
    if add:
        yield ChangeLabels(add)
    gaps = tuple(question.labels[0] for question in issue_form.gaps(issue.body, policy.support))
    notice = Support(to=issue.author, needs=labels.needs_of_answers(answers), gaps=gaps)
    ours = [one for one in issue.comments if one.trace]
    # The mark may have been rewritten with the words: ours that another account edited is the one that is missing.
    written = next((one for one in ours if one.trace and one.trace.key == KEY), None)
    written = written or next((one for one in ours if one.edited_by_other), None)
    message = Message(KEY, notice, notice.fingerprint)
    if written is None:
        yield PostComment(message)
    elif written.trace and (written.trace.data != message.stamp or written.edited_by_other or not written.trace.intact):
        yield EditComment(written.id, message, written.edit_undone)
