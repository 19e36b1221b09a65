"""When a gate may open, how its votes add up, and when its outcome can no longer change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Gate, Policy, Question, Rule, most_people
from app.domain.product import issue_form, refused_points, reuse_gate
from app.domain.product.accounts import Account, account
from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.facts import BallotCast, Blocker, GateWithdrawn, Point, SeatAtGate
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import DecisionOverridden
from app.domain.product.state import Product, answering, secretaries
from app.domain.product.veils import unveiled
from app.domain.session import voices


@dataclass(frozen=True)
class Tally:
    """The votes of a gate by seat; a recused seat leaves the count, a silent one may still speak."""

    rule: Rule
    go: tuple[str, ...]
    nogo: tuple[str, ...]
    abstain: tuple[str, ...]
    recused: tuple[str, ...]
    silent: tuple[str, ...]
    people: int = 0
    """How many different persons have spoken."""

    @property
    def spoken(self) -> int:
        """Seats counted in the quorum: go, no-go and abstention."""
        return len(self.go) + len(self.nogo) + len(self.abstain)

    @property
    def has_quorum(self) -> bool:
        return self.spoken >= self.rule.quorum and self.people >= self.rule.people

    @property
    def missing_mandatory(self) -> tuple[str, ...]:
        """Seats that must have spoken before a go, and have not."""
        spoken = {*self.go, *self.nogo, *self.abstain}
        return tuple(seat for seat in self.rule.mandatory if seat not in spoken)

    @property
    def vetoed_by(self) -> tuple[str, ...]:
        return tuple(seat for seat in self.rule.veto if seat in self.nogo)

    def reaches_threshold(self, extra_go: int = 0, extra_nogo: int = 0) -> bool:
        """Whether go would carry if so many silent seats joined each side; nobody for is never a majority."""
        go, nogo = len(self.go) + extra_go, len(self.nogo) + extra_nogo
        return go > 0 and Fraction(go, go + nogo) >= self.rule.threshold

    @property
    def go_is_certain(self) -> bool:
        """Go carries whatever the silent seats may say."""
        return (
            self.has_quorum
            and not self.missing_mandatory
            and not self.vetoed_by
            and not any(seat in self.silent for seat in self.rule.veto)
            and self.reaches_threshold(extra_nogo=len(self.silent))
        )

    @property
    def nogo_is_certain(self) -> bool:
        """Go cannot carry any more, and enough seats have spoken for a decision."""
        lost = bool(self.vetoed_by) or not self.reaches_threshold(extra_go=len(self.silent))
        return self.has_quorum and lost


def tally(record: GateRecord) -> Tally:
    """Count the last valid ballot of each seat under the rule frozen when the gate opened."""
    ballots = record.counting
    seats: dict[str, list[str]] = {"go": [], "nogo": [], "abstain": [], "recuse": [], "": []}
    for seat in record.request.seats:
        ballot = ballots.get(seat.id)
        seats[ballot.choice if ballot else ""].append(seat.id)
    return Tally(
        record.request.rule,
        tuple(seats["go"]),
        tuple(seats["nogo"]),
        tuple(seats["abstain"]),
        tuple(seats["recuse"]),
        tuple(seats[""]),
        len({record.voter(ballot.who) for ballot in ballots.values() if ballot.choice != "recuse"}),
    )


def outcome(count: Tally, deadline: datetime, now: datetime, quiet_until: datetime | None = None) -> str | None:
    """Go or nogo once nothing can change it, or at the deadline with a quorum; None while the gate stays open.

    Until `quiet_until` a no-go is not certain, whatever was said: each seat may still change its mind.
    """
    if count.go_is_certain:
        return "go"
    if now >= deadline:
        return at_closing(count)
    is_quiet = quiet_until is not None and now < quiet_until
    return "nogo" if count.nogo_is_certain and not is_quiet else None


def at_closing(count: Tally) -> str | None:
    """What the ballots cast decide, silent seats left aside; None when they decide nothing: silence is never a go."""
    if not count.has_quorum:
        return None
    if count.vetoed_by or not count.reaches_threshold():
        return "nogo"
    return None if count.missing_mandatory else "go"


@dataclass(frozen=True)
class Electorate:
    """Who may vote at a gate about to open, and the seats nobody can speak for."""

    seats: tuple[SeatAtGate, ...]
    vacant: tuple[str, ...]
    concerned: tuple[str, ...]
    accounts: tuple[Account, ...] = ()
    """The number of every account it names, where GitHub told them."""
    recused: tuple[str, ...] = ()
    """Those of them whose recusal at a former gate of the product holds."""

    @property
    def able(self) -> tuple[SeatAtGate, ...]:
        """The seats with the people who may vote from the opening on."""
        aside = set(map(str.lower, self.recused))
        kept = (replace(seat, logins=tuple(_others(seat.logins, aside))) for seat in self.seats)
        return tuple(seat for seat in kept if seat.logins)


def _others(logins: Iterable[str], aside: Collection[str]) -> Iterator[str]:
    return (login for login in logins if login.lower() not in aside)


def electorate(
    product: Product, policy: Policy, requester: Account, now: datetime, term_days: int = 0
) -> Electorate | None:
    """The seats with somebody in the team and not concerned by the product; None when the team is unknown.

    Whoever stands in for an absence on one of the days of the gate's term speaks for that seat as well.
    """
    team = product.issue.team
    if team is None:
        return None
    numbers, day = product.issue.numbers, day_of(now, policy.timezone)
    asking = (unveiled(one, numbers) for one in _requesting_since(product))
    apart = (*answering(product), *asking, requester)
    last, absences = day + timedelta(days=term_days), product.around.absences
    speaking = {seat.id: voices.speaking(seat, absences, day, last) for seat in policy.committee.seats}
    concerned = {
        login.lower()
        for logins in speaking.values()
        for login in logins
        if any(account(login, numbers).is_same(one) for one in apart)
    }
    seats, vacant = [], []
    for seat in policy.committee.seats:
        able = tuple(one for one in speaking[seat.id] if one.lower() in team and one.lower() not in concerned)
        if able:
            seats.append(SeatAtGate(seat.id, seat.name, able))
        else:
            vacant.append(seat.id)
    named = {login.lower(): login for seat in seats for login in seat.logins} | {login: login for login in concerned}
    named |= {one.login.lower(): one.login for one in secretaries(product, policy)}
    known = tuple(Account(login, numbers[name]) for name, login in sorted(named.items()) if name in numbers)
    seated = dict.fromkeys(login for seat in seats for login in seat.logins)
    recused = tuple(login for login in seated if _is_recused(account(login, numbers), product))
    return Electorate(tuple(seats), tuple(vacant), tuple(sorted(concerned)), known, recused)


def _is_recused(who: Account, product: Product) -> bool:
    return any(who.is_same(unveiled(one, product.issue.numbers)) for one in product.standing.recused)


def _requesting_since(product: Product) -> Iterator[Account]:
    """Who asked for the gates closed without a decision since the last one."""
    for gate in reversed(product.standing.gates.values()):
        if gate.is_decided:
            return
        yield gate.request.who


def blockers(
    product: Product, gate: Gate, policy: Policy, who: Electorate | None, changes: refused_points.Said = ()
) -> tuple[Blocker, ...]:
    """Everything that stands in the way of a gate, all at once; empty when it may open.

    `changes` is what its request says of the points for which the committee refused it.
    """
    found = list(_committee_blockers(gate, policy, who))
    found += refused_points.blockers(to_revisit(product, gate, policy), changes)
    if gate.checklist:
        found += _condition_blockers(product)
    if (gate.checklist or gate.entry) and not product.standing.imported:  # an imported product never had the form
        found += _form_blockers(issue_form.gaps(product.issue.body, policy.questions))
    found += reuse_gate.blockers(product, gate, policy)
    return tuple(found)


def _committee_blockers(gate: Gate, policy: Policy, who: Electorate | None) -> Iterable[Blocker]:
    if policy.flawed:
        yield Blocker(BlockerKind.POLICY_FLAWED)
    if who is None:
        yield Blocker(BlockerKind.ELECTORATE_UNKNOWN)
        return
    names = {seat.id: seat.name for seat in policy.committee.seats}
    for seat in gate.rule.mandatory:
        if seat in who.vacant:
            yield Blocker(BlockerKind.MANDATORY_VACANT, text=names[seat])
        elif seat not in {one.id for one in who.able}:
            yield Blocker(BlockerKind.MANDATORY_RECUSED, text=names[seat])
    if len(who.able) < gate.rule.quorum:
        yield Blocker(BlockerKind.QUORUM_IMPOSSIBLE, number=len(who.able), text=str(gate.rule.quorum))
    elif (able := most_people([frozenset(map(str.lower, seat.logins)) for seat in who.able])) < gate.rule.people:
        yield Blocker(BlockerKind.PEOPLE_IMPOSSIBLE, number=able, text=str(gate.rule.people))


def _condition_blockers(product: Product) -> Iterable[Blocker]:
    for fact in (condition.fact for condition in product.standing.open_conditions):
        record, said = product.standing.gates.get(fact.gate), fact.condition
        seat = seat_name(record, fact.seat) if record else None
        yield Blocker(BlockerKind.CONDITION, number=fact.number, text=said.text, owner=said.owner, seat=seat)


def _form_blockers(questions: Iterable[Question]) -> Iterable[Blocker]:
    for question in questions:
        yield Blocker(BlockerKind.QUESTION, text=question.labels[0])


def to_revisit(product: Product, gate: Gate, policy: Policy) -> tuple[Point, ...]:
    """The points for which this very move was refused last."""
    refused = product.standing.last_refusal_of(product.standing.phase or policy.entry.id, gate.to)
    return objections(refused) if refused else ()


def objections(record: GateRecord) -> tuple[Point, ...]:
    """The points of the seats that said no, and of the session, the only ones to be looked at again.

    Whoever overrode the committee is named by their login.
    """
    by_seat = tuple(
        Point(seat_name(record, seat), ballot.reason)
        for seat, ballot in record.counting.items()
        if ballot.choice == "nogo"
    )
    ending = record.ending
    said = ending.reason if ending and not isinstance(ending, GateWithdrawn) else ""
    by = ending.by if ending and isinstance(ending, DecisionOverridden) else ""
    return (*by_seat, Point(by, said)) if said else by_seat


def conditions(record: GateRecord) -> tuple[tuple[str, BallotCast], ...]:
    """The ballots that count and carry conditions, one per person, with the id of the seat."""
    ballots: dict[str, tuple[str, BallotCast]] = {}
    counting: Mapping[str, BallotCast] = record.counting
    for seat, ballot in counting.items():
        if ballot.choice == "go" and ballot.conditions:
            ballots.setdefault(ballot.cause, (seat, ballot))
    return tuple(ballots.values())


def advice(record: GateRecord) -> tuple[Point, ...]:
    """What seats in favour asked for, when the committee said no."""
    found = conditions(record)
    return tuple(Point(seat_name(record, seat), one.text) for seat, ballot in found for one in ballot.conditions)


def seat_name(record: GateRecord, seat_id: str) -> str:
    """The seat's name as it stood at opening."""
    return next((seat.name for seat in record.request.seats if seat.id == seat_id), seat_id)
