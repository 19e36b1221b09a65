"""The fields of a product's card on the board, beside its column: what they must hold, and what they still lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.policy.model import Policy
from app.domain.product import checklist, imported, issue_form
from app.domain.product.description import DIRECTION, direction, last_outcome
from app.domain.product.issue import Board, Card
from app.domain.product.state import Product, ProductState
from app.domain.reading.text import clipped

GATE, PROGRESS, DUE, OFFICE = "Passage", "Avancement", "Prochaine échéance", "Direction"
REQUESTED, CONDITIONS, REFUSED = "Demandé", "Réserve ouverte", "Refusé"
KINDS = {GATE: "SINGLE_SELECT", PROGRESS: "NUMBER", DUE: "DATE", OFFICE: "TEXT"}
"""GitHub's kind of each; a field of another kind is not ours to fill."""
LONGEST = 100
"""Characters of a direction shown on a card."""
Shown = str | float | None
"""An option's name, a number, a day or a text; None for an empty field."""


@dataclass(frozen=True)
class Fill:
    """One field to write: `shown` is what people will read, `value` what GitHub takes; None empties it."""

    name: str
    field: str
    kind: str
    shown: Shown
    value: Shown


def lacking(product: Product, policy: Policy, board: Board, card: Card | None) -> tuple[Fill, ...]:
    """The fields that do not show what they should; those the board lacks, or has otherwise, are left alone."""
    return tuple(_lacking(wanted_fields(product, policy), board, card.values if card else {}))


def _lacking(hoped: Mapping[str, Shown], board: Board, present: Mapping[str, Shown]) -> Iterator[Fill]:
    for name, shown in hoped.items():
        field = board.fields.get(name)
        if field is None or field.kind != KINDS[name] or present.get(name) == shown:
            continue
        value = field.options.get(str(shown)) if shown is not None and field.kind == "SINGLE_SELECT" else shown
        if shown is None or value is not None:
            yield Fill(name, field.id, field.kind, shown, value)


def wanted_fields(product: Product, policy: Policy) -> dict[str, Shown]:
    """What each field must show. Without a direction known, that field is left to people."""
    state = product.standing
    found: dict[str, Shown] = {GATE: _gate(state), PROGRESS: _progress(state, policy), DUE: _due(state)}
    given = issue_form.answers(product.issue.body, policy.questions).get(DIRECTION, "").strip() or direction(state)
    office = policy.direction(" ".join(given.partition("\n")[0].split()))
    return found | ({OFFICE: clipped(office, LONGEST)} if office else {})


def _gate(state: ProductState) -> str | None:
    if state.open_gate:
        return REQUESTED
    if state.open_conditions:
        return CONDITIONS
    return REFUSED if last_outcome(state) == "nogo" else None


def _progress(state: ProductState, policy: Policy) -> float | None:
    """Share of the phase's required items that are settled, in whole percent; none where nothing is asked."""
    if imported.had_ended_before(state, policy):
        return None
    lines = [line for line in checklist.checklist_lines(policy, state.phase or "", state.answers) if line.item.required]
    return float(100 * sum(line.settled for line in lines) // len(lines)) if lines else None


def _due(state: ProductState) -> str | None:
    """The deadline of the open gate, else the earliest day a condition is due."""
    if state.open_gate:
        return state.open_gate.last_day.isoformat()
    return min((due for one in state.open_conditions if (due := one.fact.condition.due)), default=None)
