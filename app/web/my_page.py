"""What waits for the person who is signed in: at their seats, among their conditions, on their products."""

from __future__ import annotations

from flask import Blueprint, abort

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.accounts import Account
from app.domain.report.indicators import conditions_of, duties
from app.domain.report.portfolio import ProductRow
from app.domain.report.reminders import team_of
from app.web.context import PAGE, page, visit

routes = Blueprint("mine", __name__)


def _keeps(row: ProductRow, person: Account, policy: Policy) -> bool:
    """Whether a person may close the open gate: by the number seated at its opening, since a login can be taken over.

    Where the rules name a team, who was not read with it keeps nothing.
    """
    gate = row.standing.open_gate
    if gate is None or gate.secretariat is None:
        return policy.is_secretariat(person.login)
    return bool(person.id) and any(person.is_same(one) for one in gate.secretariat)


@routes.get("/moi")
def mine() -> str:
    """Oldest first; everything else is a page away."""
    here = visit(needs_person=True)
    if here.who is None:
        abort(404)
    who = here.who.lower()
    seats = [
        (seat, duties(here.rows, seat.id)) for seat in here.policy.seats_of(who, day_of(here.now, here.policy.timezone))
    ]
    teams = {row.number: {login.lower() for login in team_of(row)} for row in here.rows}
    products = [row for row in here.rows if who in teams[row.number] and row.active]
    owed = conditions_of(
        here.rows, lambda row, one: who == one.owner.lower() or (not one.owner and who in teams[row.number])
    )
    products.sort(key=lambda row: (row.actor != "team", row.last_activity))
    late = [
        row for row in here.rows if row.actor == "secretariat" and _keeps(row, Account(who, here.number), here.policy)
    ]
    return page("mine.html", seats=seats, owed=owed, products=products, late=late, shown=PAGE)
