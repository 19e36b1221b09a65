"""The labels Jalon owns on a product's issue: the phase's, and where its gates stand."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.policy import Policy
from app.domain.product import Product, Standing

GATE_REQUESTED = "passage: demandé"
CONDITION_OPEN = "passage: réserve ouverte"
GATE_REFUSED = "passage: refusé"
STATE_LABELS = (GATE_REQUESTED, CONDITION_OPEN, GATE_REFUSED)


def changes(product: Product, state: Standing, policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels to add and those to remove; every label that is not Jalon's is left alone."""
    owned = {phase.label for phase in policy.phases} | set(STATE_LABELS)
    wanted = set(_state_labels(state))
    if state.phase and policy.knows(state.phase):
        wanted.add(policy.phase(state.phase).label)
    else:
        owned = set(STATE_LABELS)
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
    return label.casefold() in {name.casefold() for name in (*STATE_LABELS, *(phase.label for phase in policy.phases))}


def _state_labels(state: Standing) -> Iterator[str]:
    if state.open_gate:
        yield GATE_REQUESTED
    if state.open_conditions:
        yield CONDITION_OPEN
    decided = [gate.decision for gate in state.gates.values() if gate.decision]
    if decided and decided[-1].outcome == "nogo" and not state.open_gate:
        yield GATE_REFUSED
