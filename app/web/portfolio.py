"""Pages of the portfolio, read from the register alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.assets import default_policy
from app.domain.policy import Policy
from app.domain.product import Standing, standing
from app.web.parts import parts

routes = Blueprint("portfolio", __name__)


@routes.get("/")
def portfolio() -> str:
    """Every product with its phase and what it waits for, as the register has it."""
    histories: dict[tuple[str, int], list[Any]] = {}
    for entry in parts().register.entries():
        histories.setdefault((entry.repository, entry.number), []).append(entry.fact)
    policy = default_policy()
    rows = [_row(place, standing(tuple(facts)), policy) for place, facts in histories.items()]
    order = {phase.name: rank for rank, phase in enumerate(policy.phases)}
    rows.sort(key=lambda row: (order.get(row["phase"], len(order)), row["title"].casefold()))
    return render_template("portfolio.html", rows=rows)


def _row(place: tuple[str, int], state: Standing, policy: Policy) -> dict[str, Any]:
    gate = state.open_gate
    return {
        "repository": place[0],
        "number": place[1],
        "title": state.filed.title if state.filed else f"{place[0]}#{place[1]}",
        "phase": policy.phase(state.phase).name if state.phase else "",
        "since": state.stay.since if state.stay else None,
        "gate": policy.phase(gate.request.target).name if gate else "",
        "conditions": len(state.open_conditions),
    }
