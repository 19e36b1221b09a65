"""What a product is called, who answers for it and the support it asks for: as its issue says, and as we know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.policy.model import Policy
from app.domain.product import issue_form
from app.domain.product.issue import Issue
from app.domain.product.state import ProductState

NEED = "besoin: "
"""How the labels that ask for support begin."""
NEEDS = "besoins"
"""Id of the form's question whose ticked boxes ask for support."""


@dataclass(frozen=True)
class Description:
    title: str = ""
    people: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def known_description(state: ProductState) -> Description:
    """The last description kept, or what the product was filed with."""
    if state.described:
        last = state.described[-1]
        return Description(last.title, last.people, last.needs)
    if state.filed is None:
        return Description()
    return Description(state.filed.title, (state.filed.by,), ticked_needs(dict(state.filed.answers)))


def shown_description(issue: Issue, policy: Policy) -> Description:
    """What the issue says now; without a support label, the form's boxes hold."""
    people = dict.fromkeys((issue.author, *sorted(issue.assignees)))
    needs = labelled_needs(issue.labels) or ticked_needs(issue_form.answers(issue.body, policy.questions))
    return Description(issue.title, tuple(people), needs)


def rewritten_answers(issue: Issue, state: ProductState, policy: Policy) -> tuple[tuple[str, str], ...]:
    """The answers of the form that differ from those known, empty where one was erased.

    An imported product never had the form, and a body that nobody can read erases nothing.
    """
    if state.filed is None or state.imported or issue_form.failure(issue.body):
        return ()
    now, before = issue_form.answers(issue.body, policy.questions), state.form
    each = ((question.id, now.get(question.id, "")) for question in policy.questions)
    return tuple((question, text) for question, text in each if text != before.get(question, ""))


def filed_with(issue: Issue, policy: Policy) -> Description:
    """What will be known of an issue once it is filed."""
    return Description(issue.title, (issue.author,), ticked_needs(issue_form.answers(issue.body, policy.questions)))


def labelled_needs(labels: Iterable[str]) -> tuple[str, ...]:
    """« besoin: design » → design"""
    return tuple(sorted(label.removeprefix(NEED) for label in labels if label.startswith(NEED)))


def ticked_needs(answers: Mapping[str, str]) -> tuple[str, ...]:
    """« - [x] Recherche utilisateur » → recherche utilisateur, as the labels say it."""
    return tuple(sorted(map(_uncapitalised, issue_form.ticked(answers.get(NEEDS, "")))))


def _uncapitalised(text: str) -> str:
    """In lower case, unless the word has capitals of its own: DevSecOps."""
    return text if text[1:] != text[1:].lower() else text.lower()


DIRECTION = "direction"
"""Id of the form's question whose answer names the direction that asks."""


def direction(state: ProductState) -> str:
    """The first line of the form's answer on who asks, as the description says it last."""
    return state.form.get(DIRECTION, "").strip().split("\n")[0]


def last_outcome(state: ProductState) -> str:
    """The last decision taken on a product: go, nogo…, or nothing."""
    return state.last_decided.outcome if state.last_decided else ""
