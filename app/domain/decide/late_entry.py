"""Entering later than the first phase: asked by the form of a refonte or a major change, confirmed by the committee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.decide.request import Request, RequestEntry
from app.domain.policy.model import Gate, Phase, Policy
from app.domain.product import issue_form
from app.domain.product.reuse_gate import ENTRY_QUESTION
from app.domain.product.state import Product

PHASE_QUESTION = ENTRY_QUESTION
"""Id of the form's question whose answer names the phase asked for."""
REASON_QUESTION = "justification"
"""Id of the form's question that says why."""


def claimed(product: Product, policy: Policy) -> Phase | None:
    """The phase that the form asks to enter directly, if it is neither the first one nor a final one."""
    asked_for = issue_form.answers(product.issue.body, policy.questions).get(PHASE_QUESTION, "")
    phase = policy.phase_called(asked_for)
    return None if phase is None or phase == policy.entry or policy.is_final(phase.id) else phase


def reason(product: Product, policy: Policy) -> str:
    """Why the product should enter there, in the words of the form."""
    return issue_form.answers(product.issue.body, policy.questions).get(REASON_QUESTION, "")


def gate(product: Product, policy: Policy, target: Phase) -> Gate | None:
    """The gate to the phase that the form asks for, while the product waits in the first one; same vote rule.

    The first phase's checklist is not required.
    """
    state = product.standing
    waits = state.imported is None and len(state.stays) <= 1 and state.phase in {None, policy.entry.id}
    if not waits or claimed(product, policy) != target:
        return None
    return entry_gate(policy, target.id)


def entry_gate(policy: Policy, target: str) -> Gate | None:
    """The vote rule by which a phase is entered straight from the first one."""
    leading = sorted((one for one in policy.gates if one.to == target), key=lambda one: not one.checklist)
    return replace(leading[0], origins=(policy.entry.id,), checklist=False, entry=True) if leading else None


def late_entry_requests(product: Product, policy: Policy) -> Iterator[Request]:
    """The request that a complete form makes by itself, once."""
    target = claimed(product, policy)
    if not product.issue.is_as_filed:
        return  # somebody else edited the form: nothing is asked in its author's name
    if target is None or product.standing.gates or issue_form.gaps(product.issue.body, policy.questions):
        return
    if gate(product, policy, target):
        yield Request(RequestEntry(target.id), product.issue.author, f"entry:{target.id}", by_id=product.author_id)
