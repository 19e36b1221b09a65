"""The labels Jalon owns on a product's issue: the phase's, and where its gates stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.policy.label_names import (
    CONDITION_OPEN,
    GATE_REFUSED,
    GATE_REQUESTED,
    NEEDS,
    PRODUCT_LABEL,
    STATE_LABELS,
)
from app.domain.policy.model import Policy
from app.domain.product import issue_form
from app.domain.product.state import Product, ProductState
from app.domain.reading.text import normalised

NEEDS_QUESTION = "besoins"
"""Id of the form's question whose ticked boxes ask for support."""
Changes = tuple[tuple[str, ...], tuple[str, ...]]
"""The labels to add and those to remove."""


def changes(product: Product, state: ProductState, policy: Policy) -> Changes:
    """What the labels lack, and have too much; every label that is not Jalon's is left alone."""
    filed_with = of_needs(dict(state.filed.answers)) if state.filed else ()
    asked_now = of_needs(issue_form.answers(product.issue.body, policy.questions))
    wanted, owned = _of_standing(state, policy)
    # A box unticked since takes back the label it set; a label set by hand stays.
    return _compared(product, wanted | set(asked_now), owned | set(filed_with))


def standing_changes(product: Product, state: ProductState, policy: Policy) -> Changes:
    """The same, for the labels that tell where the product stands."""
    return _compared(product, *_of_standing(state, policy))


def needs_of_answers(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The support asked for by the boxes of a form; words that no label says are left out."""
    known = {normalised(need): need for need in NEEDS}
    return tuple(
        known[normalised(box)] for box in issue_form.ticked(answers.get(NEEDS_QUESTION, "")) if normalised(box) in known
    )


def of_needs(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The labels that ask for this support: « besoin: design »."""
    return tuple(f"besoin: {need}" for need in needs_of_answers(answers))


def _of_standing(state: ProductState, policy: Policy) -> tuple[set[str], set[str]]:
    """The labels that must be there, and those that may only be there if they must."""
    wanted = {PRODUCT_LABEL, *_state_labels(state)}
    if state.phase and policy.knows(state.phase):
        wanted.add(policy.phase(state.phase).label)
        return wanted, {phase.label for phase in policy.phases} | set(STATE_LABELS)
    return wanted, set(STATE_LABELS)


def _compared(product: Product, wanted: set[str], owned: set[str]) -> Changes:
    # GitHub takes two labels that differ by case for the same one.
    present = {label.casefold(): label for label in product.issue.labels}
    add = sorted(label for label in wanted if label.casefold() not in present)
    keep = {label.casefold() for label in wanted}
    remove = sorted(
        present[label.casefold()] for label in owned if label.casefold() in present and label.casefold() not in keep
    )
    return tuple(add), tuple(remove)


def is_owned(label: str, policy: Policy) -> bool:
    """Whether a label says something that only the history may say."""
    owned = (PRODUCT_LABEL, *STATE_LABELS, *(phase.label for phase in policy.phases))
    return label.casefold() in {name.casefold() for name in owned}


def _state_labels(state: ProductState) -> Iterator[str]:
    if state.open_gate:
        yield GATE_REQUESTED
    if state.open_conditions:
        yield CONDITION_OPEN
    decided = state.last_decided
    if decided and decided.outcome == "nogo" and not state.open_gate:
        yield GATE_REFUSED
