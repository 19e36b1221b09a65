"""What waits for the person who is signed in: at their seats, among their conditions, on their products."""

from __future__ import annotations

from flask import Blueprint, abort

from app.domain.policy.model import Seat
from app.domain.product.accounts import Account
from app.domain.report.awaiting import is_asked_of, session_to_prepare, supports
from app.domain.report.indicators import duties, open_conditions_of
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.reminders import team_of
from app.domain.session.voices import seats_stood_in
from app.store.sessions import Absences
from app.store.support_requests import SupportRequest, SupportRequests
from app.web.committees import elsewhere
from app.web.context import PAGE, PageContext, page, visit
from app.web.reuse_pages import upkeep
from app.web.services import services
from app.web.situation import Situation

routes = Blueprint("mine", __name__)


class Visitor:
    """Whoever looks, before every product of the backlog."""

    def __init__(self, here: PageContext, login: str) -> None:
        self.here, self.login = here, login.lower()
        self.account = Account(self.login, here.number)
        self.rules = here.own_policy or here.policy
        self.held = self.rules.seats_of(self.login, here.today)
        """The seats that the rules give them; `seats` has those in which they stand in for somebody too."""
        self.away = Absences(services().register.engine).on(here.repository, here.today)
        stood_in = seats_stood_in(self.login, self.away, here.today)
        self.seats = (
            *self.held,
            *(seat for seat in self.rules.committee.seats if seat.id in stood_in and seat not in self.held),
        )
        self._seen = {row.number: self._situation(row) for row in here.rows}

    def _situation(self, row: ProductRow) -> Situation:
        return Situation(row, self.account, self.rules, self.here.now)

    def is_away(self, seat: Seat) -> bool:
        """Whether nobody waits for them at a seat today."""
        return any(one.seat == seat.id and one.login.lower() == self.login for one in self.away)

    @property
    def keeps_secretariat(self) -> bool:
        """Today, or at a gate now open: a team's members are known by the gates that were opened with them."""
        return any(one.is_secretariat for one in self._seen.values()) or self.rules.is_secretariat(self.login)

    def keeps(self, row: ProductRow) -> bool:
        """Whether they may close the open gate: by the number seated at its opening, as a login can be taken over."""
        return self._seen[row.number].is_secretariat

    def is_to_lift(self, row: ProductRow, condition: Condition) -> bool:
        """Theirs to lift before anybody else's: set by their seat, or in session when they keep the secretariat."""
        is_theirs = not condition.seat or condition.seat in {seat.name for seat in self.seats}
        return is_theirs and self._seen[row.number].may_lift(condition)

    def missing(self, row: ProductRow) -> str:
        """The numbers of the required items left, as people type them."""
        items = enumerate(self.rules.checklist(row.phase), start=1)
        return ", ".join(str(rank) for rank, one in items if one.required and one.id not in row.standing.settled)

    def is_team(self, row: ProductRow) -> bool:
        return self.login in {login.lower() for login in team_of(row)}

    def owes(self, row: ProductRow, condition: Condition) -> bool:
        return condition.owner.lower() == self.login or (not condition.owner and self.is_team(row))


@routes.get("/moi")
def mine() -> str:
    """Oldest first; everything else is a page away."""
    here = visit(needs_person=True)
    if here.who is None:
        abort(404)
    who = Visitor(here, here.who)
    products = [row for row in here.rows if row.active and who.is_team(row)]
    products.sort(key=lambda row: (row.actor != "team", row.last_activity))
    return page(
        "mine.html",
        seats=[
            (here.policy.seat(seat.id) or seat, () if who.is_away(seat) else duties(here.rows, seat.id))
            for seat in who.seats
        ],
        away={seat.id for seat in who.seats if who.is_away(seat)},
        may_tell_absences=bool(here.repository and (who.held or who.keeps_secretariat))
        and services().settings.signs_in,
        supports=supports(here.rows, who.seats),
        asked=_asked(here.repository, who.seats),
        desk=session_to_prepare(here.rows, here.policy, here.today, here.sessions) if who.keeps_secretariat else None,
        late_gates=[row for row in here.rows if row.actor == "secretariat" and who.keeps(row)],
        to_lift=open_conditions_of(here.rows, who.is_to_lift),
        owed=open_conditions_of(here.rows, who.owes),
        products=products,
        upkeep=upkeep(here),
        missing=who.missing,
        elsewhere=elsewhere(here),
        shown=PAGE,
    )


def _asked(repository: str, seats: tuple[Seat, ...]) -> tuple[SupportRequest, ...]:
    """The requests for support that are theirs to answer, whether or not they are about a product followed here."""
    found = SupportRequests(services().register.engine).of(repository)
    return tuple(one for one in found if any(is_asked_of(need, seats) for need in one.needs))
