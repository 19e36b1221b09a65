"""What reuse asks before a product leaves its first phase: RADAR told way by way, and each line shown answered."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.policy.model import Gate, Policy
from app.domain.product import checklist, dossier, radar
from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.checklist import ChecklistLine
from app.domain.product.facts import Blocker
from app.domain.product.reuse_facts import Suggestion
from app.domain.product.state import Product

ENTRY_QUESTION = "phase-entree"
"""The question of the form that only a product that exists already is asked: it is built anew, or much changed."""


def is_anew(product: Product, policy: Policy) -> bool:
    """Whether the need is a new one: neither a product taken over, nor one that exists already."""
    state = product.standing
    return state.imported is None and ENTRY_QUESTION not in state.form


def awaited_suggestions(product: Product, policy: Policy) -> tuple[Suggestion, ...]:
    """The lines shown that its people must answer before it leaves its first phase."""
    is_asked = policy.reuse is not None and _is_first(product, policy) and is_anew(product, policy)
    return tuple(one.shown for one in product.standing.reuse.awaited if is_asked and one.shown)


def ways_left(product: Product, policy: Policy) -> tuple[str, ...]:
    """The ways of RADAR of which nothing is said yet, where a catalogue is kept; what is reused says it all."""
    line = _radar(product, policy)
    if line is None or line.answer.state == "na" or product.standing.reuse.reused:
        return ()
    written = dossier.proposal(line.item, line.answer, product.standing, policy) or line.answer.written
    return radar.missing_ways(written.text if written else "")


def unsettled(product: Product, policy: Policy) -> tuple[ChecklistLine, ...]:
    """The required items of the phase left to settle; where something is reused, RADAR is settled by that."""
    state = product.standing
    left = checklist.unsettled_required(
        checklist.checklist_lines(policy, state.phase or policy.entry.id, state.answers)
    )
    line = _radar(product, policy)
    is_told = line is not None and bool(state.reuse.reused)
    return tuple(one for one in left if not (is_told and line and one.item == line.item))


def blockers(product: Product, gate: Gate, policy: Policy) -> Iterator[Blocker]:
    """The items left where the gate asks for them, RADAR in its own words, then each line without an answer."""
    if product.standing.phase is None:
        return
    line, ways = _radar(product, policy), ways_left(product, policy)
    if gate.checklist:
        for one in unsettled(product, policy):
            if not (ways and line and one.item == line.item):
                yield Blocker(BlockerKind.ITEM, number=one.number, text=one.item.text)
    if line and ways and (gate.checklist or gate.entry):
        yield Blocker(BlockerKind.RADAR, number=line.number, text=" ".join(ways))
    if gate.checklist:
        for shown in awaited_suggestions(product, policy):
            yield Blocker(BlockerKind.REUSE, number=shown.number, text=shown.name)


def _is_first(product: Product, policy: Policy) -> bool:
    return product.standing.phase in {None, policy.entry.id}


def _radar(product: Product, policy: Policy) -> ChecklistLine | None:
    """The item where RADAR is answered way by way: none where no catalogue is kept, where a tick does as before."""
    state, settings = product.standing, policy.reuse
    if settings is None or not (settings.radar and settings.radar_required) or state.imported:
        return None
    if not product.around.catalogue.is_kept or not _is_first(product, policy):
        return None
    shown = checklist.checklist_lines(policy, policy.entry.id, state.answers)
    return next((line for line in shown if line.item.id == settings.radar), None)
