"""Deciding on a vote: who may cast it, what it adds to the history, and whether it closes the gate."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from app.domain.decide.reasons import Reason
from app.domain.decide.request import NoteDeletion, Request, Review, VoidBallot
from app.domain.policy.calendar import day_of, last_day
from app.domain.policy.model import Policy, Seat
from app.domain.product import gates
from app.domain.product.accounts import Account
from app.domain.product.facts import (
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    ConditionAdded,
    ConditionLifted,
    Fact,
    GateDecided,
    GateWithdrawn,
    PhaseEntered,
    RecusalEnded,
    SeatAtGate,
)
from app.domain.product.gate_record import COUNTING, GateRecord
from app.domain.product.state import Product, secretaries
from app.domain.reading import conditions
from app.domain.reading.commands import Abstain, CloseGate, Command, Doubtful, Go, Lift, NoGo, Recuse, Unknown, Unrecuse
from app.domain.reading.conditions import ConditionText
from app.domain.session import voices

Vote = Go | NoGo | Abstain | Recuse
CHOICES: dict[type[Vote], str] = {Go: "go", NoGo: "nogo", Abstain: "abstain", Recuse: "recuse"}


def review(gate: GateRecord) -> Request:
    """Asks for what time alone may decide at a gate."""
    return Request(Review(), "", f"deadline:{gate.request.gate}")


def decide_vote(asked: Request, vote: Vote, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """A ballot for each seat that the author may speak for, and the decision if nothing can change it any more."""
    gate = product.standing.open_gate
    if gate is None:
        return [asked.refused(now, Reason.NO_OPEN_GATE)]
    refusal = _unfit(asked, vote, product, policy, gate, now)
    if refusal:
        return [*_taken_back(asked, gate, product, now), refusal]
    ballot = BallotCast(
        **asked.note(now),
        gate=gate.request.gate,
        seats=_seats(gate.voter(asked.who), gate),
        choice=CHOICES[type(vote)],
        reason="" if isinstance(vote, Go) else vote.reason,
        conditions=_conditions(vote, policy, now),
        comment=asked.comment,
        digest=asked.digest,
        said_at=asked.said_at,
    )
    return [ballot, *_closing(asked, product.with_facts((ballot,)), now)]


def _conditions(vote: Vote, policy: Policy, now: datetime) -> tuple[ConditionText, ...]:
    lines = (vote.conditions or ()) if isinstance(vote, Go) else ()
    return tuple(conditions.read_condition(line, policy.aspects, day_of(now, policy.timezone)) for line in lines)


def _unfit(
    asked: Request, vote: Vote, product: Product, policy: Policy, gate: GateRecord, now: datetime
) -> Fact | None:
    """Why this person's vote cannot count at this gate; None when it can."""
    voter = gate.voter(asked.who)
    if not voter:
        return _not_seated(asked, product, policy, gate, now)
    if asked.is_older_than(gate.request):
        return asked.refused(now, Reason.OLDER_COMMENT)
    if asked.is_later_than(gate.deadline):
        return asked.refused(now, Reason.TOO_LATE, deadline=gate.last_day.isoformat())
    if voter in gate.recused:
        return asked.refused(now, Reason.RECUSED, others=_others(voter, gate, gate.recused))
    if not _seats(voter, gate):
        return asked.refused(now, Reason.HOLDER_SPOKE)
    return _unsaid(asked, vote, now)


def _not_seated(asked: Request, product: Product, policy: Policy, gate: GateRecord, now: datetime) -> Fact:
    """The electorate is that of the opening: a voter to whom the product is assigned later may still vote."""
    apart = (Account(login, gate.number_of(login)) for login in gate.request.concerned)
    if product.is_team(asked.who) or any(asked.who.is_same(one) for one in apart):
        return asked.refused(now, Reason.CONCERNED, others=_others(asked.by.lower(), gate, gate.recused, policy))
    today = day_of(now, policy.timezone)
    stood_in = voices.seats_stood_in(asked.by, product.around.absences, today)
    seated = (*policy.seats_of(asked.by, today), *(seat for seat in policy.committee.seats if seat.id in stood_in))
    named = {login.lower() for seat in gate.request.seats for login in seat.logins}
    if asked.by.lower() in named:
        return asked.refused(now, Reason.LOGIN_TAKEN, login=asked.by)
    return asked.refused(
        now, Reason.NOT_AT_OPENING if seated else Reason.NOT_SEATED, seat=seated[0].name if seated else ""
    )


def _others(voter: str, gate: GateRecord, aside: Collection[str], policy: Policy | None = None) -> str:
    """Who else may speak for a person's seats at this gate; a concerned person's seat is known by the rules alone."""
    held = [seat.id for seat in policy.committee.seats if _names(voter, seat)] if policy else []
    seats = (seat for seat in gate.request.seats if seat.id in held or voter in map(str.lower, seat.logins))
    names = (login for seat in seats for login in seat.logins if login.lower() not in {voter, *aside})
    return ", ".join(dict.fromkeys(names))


def _names(login: str, seat: Seat) -> bool:
    return login in map(str.lower, (seat.holder, *seat.substitutes))


def _unsaid(asked: Request, vote: Vote, now: datetime) -> Fact | None:
    lacking = _lacking(vote)
    return asked.refused(now, lacking) if lacking else None


def _lacking(vote: Vote) -> Reason | None:
    """What a vote must say and does not."""
    if isinstance(vote, NoGo) and not vote.reason:
        return Reason.REASON_MISSING
    if isinstance(vote, Go) and vote.conditions == ():
        return Reason.CONDITIONS_MISSING
    return None


def _taken_back(asked: Request, gate: GateRecord, product: Product, now: datetime) -> list[Fact]:
    """Void what an edited comment said before when its new text is refused: the old vote must not count again."""
    if asked.edited_at is None or asked.is_later_than(gate.deadline) or gate.voter(asked.who) in gate.recused:
        return []
    spoken = [ballot for ballot in gate.ballots if ballot.fact.comment == asked.comment]
    if not spoken or spoken[-1].voided_by:
        return []
    return _about_ballot(BallotVoided, asked, asked.comment, product, now)


def takes_back(said: Collection[Command]) -> bool:
    """Whether an edited comment takes back its vote: it no longer holds a complete one, and its words are doubtful or
    unknown.

    Words not meant for Jalon take nothing back, any more than a deleted comment does.
    """
    votes = [command for command in said if isinstance(command, Vote)]
    in_doubt = any(isinstance(command, Doubtful | Unknown) for command in said)
    return (in_doubt or bool(votes)) and all(_lacking(vote) for vote in votes)


def _seats(voter: str, gate: GateRecord) -> tuple[str, ...]:
    """The seats a person may still speak for: a substitute gives way once the holder has voted."""
    ballots = gate.counting
    return tuple(seat.id for seat in gate.request.seats if _speaks(voter, seat, ballots.get(seat.id), gate))


def _speaks(voter: str, seat: SeatAtGate, ballot: BallotCast | None, gate: GateRecord) -> bool:
    names = [login.lower() for login in seat.logins]
    return voter in names and (voter == names[0] or ballot is None or gate.voter(ballot.who) != names[0])


def _closing(asked: Request, product: Product, now: datetime) -> list[Fact]:
    """The decision and its consequences, once the outcome is settled."""
    gate = product.standing.open_gate
    if gate is None or product.is_doubted(now):
        return []
    outcome = gates.outcome(gates.tally(gate), gate.deadline, now, gate.request.quiet_until)
    return [] if outcome is None else list(decision(asked, product, gate, outcome, now))


def decision(
    asked: Request, product: Product, gate: GateRecord, outcome: str, now: datetime, **session: Any
) -> Iterator[Fact]:
    """The decision and its consequences; `session` adds what was said in session."""
    note, number, count = asked.note(now), gate.request.gate, gates.tally(gate)
    yield GateDecided(
        **note,
        gate=number,
        outcome=outcome,
        go=len(count.go),
        nogo=len(count.nogo),
        abstain=len(count.abstain),
        recused=len(count.recused),
        silent=len(count.silent),
        policy=gate.request.policy,
        counting=COUNTING,
        **session,
    )
    if outcome != "go":
        return
    first = len(product.standing.conditions) + 1
    for order, (seat, author, text) in enumerate(set_by(gate, asked.by, session.get("conditions", ())), start=first):
        yield ConditionAdded(**note, number=order, gate=number, seat=seat, author=author, condition=text)
    yield PhaseEntered(**note, phase=gate.request.target, gate=number)


def set_by(
    gate: GateRecord, secretary: str, in_session: tuple[ConditionText, ...]
) -> list[tuple[str, str, ConditionText]]:
    """The conditions of a go, each with the seat and the author that set it: those of ballots, then of the session."""
    written = [(seat, ballot.by, text) for seat, ballot in gates.conditions(gate) for text in ballot.conditions]
    return written + [("", secretary, text) for text in in_session]


def decide_unrecuse(asked: Request, command: Unrecuse, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """A recusal taken back by whoever gave it: awaited again at the open gate, and free to vote at the next ones."""
    if not any(asked.who.is_same(one) for one in product.standing.recused):
        return [asked.refused(now, Reason.NOT_RECUSED)]
    gate = product.standing.open_gate
    number = gate.request.gate if gate and gate.voter(asked.who) in gate.recused else None
    return [RecusalEnded(**asked.note(now), gate=number, reason=command.reason)]


def decide_close(asked: Request, command: CloseGate, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """The secretariat closes the gate: decided by the ballots cast if they are enough, otherwise closed undecided."""
    gate = product.standing.open_gate
    if not product.is_secretariat(asked.who, policy):
        return [not_secretariat(asked, product, policy, now)]
    if product.is_concerned(asked.who):
        return [asked.refused(now, Reason.CONCERNED)]
    if gate is None:
        return [asked.refused(now, Reason.NO_OPEN_GATE)]
    quiet = gate.request.quiet_until
    if quiet and now < min(quiet, gate.deadline):
        session = last_day(quiet, gate.request.timezone)
        return [asked.refused(now, Reason.WAITS_FOR_SESSION, session=session.isoformat())]
    outcome = gates.at_closing(gates.tally(gate))
    if outcome is None:
        return [GateWithdrawn(**asked.note(now), gate=gate.request.gate, reason=command.reason)]
    return list(decision(asked, product, gate, outcome, now))


def not_secretariat(asked: Request, product: Product, policy: Policy, now: datetime) -> Fact:
    """Tell whoever joined the secretariat after the opening why they must wait."""
    gate = product.standing.open_gate
    if gate and any(one.login.lower() == asked.by.lower() for one in gate.secretariat or ()):
        return asked.refused(now, Reason.LOGIN_TAKEN, login=asked.by)
    if any(asked.who.is_same(one) for one in secretaries(product, policy)):
        return asked.refused(now, Reason.SECRETARY_SINCE)
    if policy.is_secretariat(asked.by):  # the login alone proves nothing: another account may have had it
        return asked.refused(now, Reason.SECRETARY_TAKEN, login=asked.by)
    return asked.refused(now, Reason.NOT_SECRETARIAT)


def decide_review(asked: Request, command: Review, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Time passed: the gate closes if its deadline has come and enough seats have spoken."""
    return _closing(asked, product, now)


def decide_void(asked: Request, command: VoidBallot, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """A ballot that its comment no longer holds does not count; if the author's own edit did it, they are told."""
    voided = _about_ballot(BallotVoided, asked, command.comment, product, now)
    if voided and asked.comment:
        return [*voided, asked.refused(now, Reason.VOTE_UNSAID)]
    return voided


def decide_deletion(
    asked: Request, command: NoteDeletion, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """A ballot whose comment was deleted still counts, at a gate open or closed; the deletion is noted."""
    for number, gate in product.standing.gates.items():
        for cast in (ballot.fact for ballot in gate.ballots):
            if cast.comment == command.comment:
                return [BallotOrphaned(**asked.note(now), gate=number, comment=cast.comment, voter=cast.by)]
    return []


def _about_ballot(
    kind: type[BallotVoided | BallotOrphaned], asked: Request, comment: int, product: Product, now: datetime
) -> list[Fact]:
    gate = product.standing.open_gate
    voter = next((ballot.fact.by for ballot in gate.ballots if ballot.fact.comment == comment), "") if gate else ""
    if not gate or not voter:
        return []
    return [kind(**asked.note(now), gate=gate.request.gate, comment=comment, voter=voter)]


def decide_lift(asked: Request, command: Lift, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Conditions are lifted by the seat that set them, or by the secretariat: all those named, or none.

    Never by the product's own people.
    """
    numbers = tuple(dict.fromkeys((command.number, *command.further)))
    whole: dict[str, Any] = {"whole": "yes"} if len(numbers) > 1 else {}
    for number in numbers:
        if refusal := _unlifted(asked, number, product, policy, now, whole):
            return [refusal]
    if not command.evidence:
        return [asked.refused(now, Reason.EVIDENCE_MISSING, number=" ".join(numbers))]
    return [ConditionLifted(**asked.note(now), number=int(number), evidence=command.evidence) for number in numbers]


def _unlifted(
    asked: Request, number: str, product: Product, policy: Policy, now: datetime, whole: dict[str, Any]
) -> Fact | None:
    """The reason why this person cannot lift this condition, if there is one."""
    conditions_set = product.standing.conditions
    open_numbers = ", ".join(str(condition.fact.number) for condition in product.standing.open_conditions)
    if not number.isdigit() or int(number) not in conditions_set or conditions_set[int(number)].dropped:
        return asked.refused(now, Reason.CONDITION_UNKNOWN, number=number, open=open_numbers, **whole)
    condition = conditions_set[int(number)]
    if condition.lifted:
        return asked.refused(now, Reason.CONDITION_LIFTED, number=number, by=condition.lifted.by, **whole)
    if product.is_concerned(asked.who):
        return asked.refused(now, Reason.CONCERNED)
    if not product.is_secretariat(asked.who, policy) and not _holds(asked, condition.fact, product, policy, now):
        seat = gates.seat_name(product.standing.gates[condition.fact.gate], condition.fact.seat)
        return asked.refused(now, Reason.NOT_LIFTER, seat=seat, author=condition.fact.author, **whole)
    return None


def _holds(asked: Request, condition: ConditionAdded, product: Product, policy: Policy, now: datetime) -> bool:
    """Whether a person is in the team and speaks for the seat that set a condition, now or under a former login."""
    if product.issue.team is None or asked.by.lower() not in product.issue.team:
        return False
    gate = product.standing.gates[condition.gate]
    former = next((seat.logins for seat in gate.request.seats if seat.id == condition.seat), ())
    held = {seat.id for seat in policy.seats_of(asked.by, day_of(now, policy.timezone))}
    was = gate.voter(asked.who)
    return condition.seat in held or (bool(gate.accounts) and was in {login.lower() for login in former})
