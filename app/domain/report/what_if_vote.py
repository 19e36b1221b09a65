"""One gate voted again under another rule: the same words in the same order, counted otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.decide.moments import ended_by
from app.domain.policy.calendar import day_of, end_of, last_day, term
from app.domain.policy.model import Committee, most_people
from app.domain.product import gates
from app.domain.product.facts import (
    BallotCast,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    SeatAtGate,
    comment_id_of,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.gates import Tally
from app.domain.product.state import ProductState
from app.domain.reading.commands import CloseGate
from app.domain.report.what_if_gate import DECIDED, GO, NOGO, OPEN, WITHDRAWN, End, Lack, PastGate, Want


def again(
    past: PastGate,
    request: GateRequested,
    committee: Committee,
    now: datetime,
    unheard: frozenset[str] = frozenset(),
) -> End:
    """The same gate, opened as `request` says; `unheard` are its seats that nobody could speak for then."""
    return _Again(past, request, committee, now, unheard).end()


class _Again:
    """The facts of a gate walked once more; nothing is guessed of what was not said."""

    def __init__(
        self,
        past: PastGate,
        request: GateRequested,
        committee: Committee,
        now: datetime,
        unheard: frozenset[str],
    ) -> None:
        self._past, self._request, self._now, self._unheard = past, request, now, unheard
        self._committee = committee
        self._seats = {seat.id for seat in request.seats}
        self._state = ProductState()
        self._state.add(request)
        self._allowed = past.request.deadline
        """Until when a ballot was taken then: each that the register holds had come in time."""
        self._spoken: set[str] = set()
        self._comments: set[int] = set()
        self._perhaps: dict[str, None] = {}
        """Decisions that whoever could not speak then might have brought before the end that is known."""
        self._hung = 0
        self._quiet = request.quiet_until
        """Until when a no-go waits for the session, if it has not passed yet."""

    @property
    def _record(self) -> GateRecord:
        return self._state.gates[self._request.gate]

    def end(self) -> End:
        end = self._walked()
        found = tuple(dict.fromkeys((*(end.possible or (end.outcome,)), *self._perhaps)))
        if len(found) == 1:
            return end
        return replace(end, outcome="", at=None, possible=found, silent=max(end.silent, self._hung))

    def _walked(self) -> End:
        for fact in self._past.facts:
            moment = self._moment(fact)
            if found := self._after_session(moment):
                return found
            is_late = moment > self._record.deadline if isinstance(fact, BallotCast) else self._is_late(moment)
            if is_late and (found := self._at_deadline()):
                return found
            if isinstance(fact, GateDecided | GateWithdrawn):
                self._silenced(fact.at, fact)
                return self._closed(fact) if isinstance(fact, GateDecided) else self._withdrawn(fact)
            self._add(fact, moment)
            if found := self._certain(fact.at):
                return found
        if found := self._after_session(self._now):
            return found
        if self._is_late(self._now):
            return self._at_deadline() or End(OPEN, want=self._wanting())
        self._silenced(self._now)
        return End(OPEN)

    def _after_session(self, moment: datetime) -> End | None:
        """The no-go that waited for its session, once that has passed."""
        quiet = self._quiet
        if quiet is None or moment < quiet:
            return None
        self._quiet = None
        count = self._tally() if quiet < self._record.deadline else None
        outcome = gates.outcome(count, self._record.deadline, quiet, quiet) if count else None
        return self._decided(count, outcome, quiet) if count and outcome else None

    def _moment(self, fact: Fact) -> datetime:
        """When something was said, as the deadline counts it: a comment edited since was said when it was."""
        if not isinstance(fact, BallotCast):
            return fact.at
        is_first = not fact.comment or fact.comment not in self._comments
        said = fact.said_at if fact.said_at and is_first else fact.at
        return min(said, self._allowed)

    def _add(self, fact: Fact, moment: datetime) -> None:
        if isinstance(fact, GatePostponed):
            fact, self._allowed = self._put_off(fact), fact.deadline
        if isinstance(fact, BallotCast):
            self._comments.add(fact.comment)
            seats = self._speaking(fact)
            if not seats or moment > self._record.deadline:
                return
            self._spoken |= set(seats)
            fact = replace(fact, seats=seats)
        self._state.add(fact)

    def _put_off(self, fact: GatePostponed) -> GatePostponed:
        """To the day that was named; where none was, by the term of these rules."""
        former, days = self._past.request.rule.deadline_days, self._request.rule.deadline_days
        if former == days or fact.deadline != self._by_a_term(fact, self._allowed, former):
            return fact
        return replace(fact, deadline=self._by_a_term(fact, self._record.deadline, days))

    def _by_a_term(self, fact: GatePostponed, deadline: datetime, days: int) -> datetime:
        """Where a decision put off without a day goes, from the deadline it had."""
        place = fact.timezone
        first = max(day_of(fact.at, place), last_day(deadline, place))
        return end_of(term(first, days, self._committee), place)

    def _speaking(self, fact: BallotCast) -> tuple[str, ...]:
        """The seats its author spoke for, and those that these rules would have given them."""
        record = self._record
        voter, counting = record.voter(fact.who), record.counting if self._unheard else {}
        kept = tuple(seat for seat in fact.seats if seat in self._seats)
        given = (
            seat.id
            for seat in self._request.seats
            if seat.id in self._unheard and _speaks(voter, seat, counting.get(seat.id), record)
        )
        return (*kept, *given)

    def _tally(self) -> Tally | None:
        """None while too few have spoken for anything to be decided: most moments of a gate cost nothing."""
        return gates.tally(self._record) if len(self._spoken) >= self._request.rule.quorum else None

    def _certain(self, now: datetime) -> End | None:
        count = self._tally()
        outcome = gates.outcome(count, self._record.deadline, now, self._quiet) if count else None
        return self._decided(count, outcome, now) if count and outcome else None

    def _decided(self, count: Tally, outcome: str, at: datetime) -> End:
        share, veto = str(count.rule.threshold), self._names(count.vetoed_by)
        return End(outcome, at, go=len(count.go), nogo=len(count.nogo), threshold=share, veto=veto)

    def _is_late(self, moment: datetime) -> bool:
        return moment >= self._record.deadline

    def _at_deadline(self) -> End | None:
        """What the deadline decides, once it has passed; None when the gate stays open, perhaps."""
        deadline, count = self._record.deadline, gates.tally(self._record)
        is_longer = deadline > self._allowed
        silent = frozenset(count.silent) if is_longer else self._unheard.intersection(count.silent)
        outcomes = self._reachable(count, silent)
        if None in outcomes:
            self._note(outcomes, silent)
            return None
        return self._told(count, outcomes, deadline, silent)

    def _silenced(self, moment: datetime, fact: Fact | None = None) -> None:
        """Where these rules give more time than people had, whoever was silent then might have spoken since: a veto
        or a recusal among them would have kept a session from deciding.
        """
        if min(moment, self._record.deadline) > self._allowed:
            count = gates.tally(self._record)
            silent = frozenset(count.silent)
            kept = (OPEN,) if isinstance(fact, GateDecided) and fact.present else ()
            self._note((*self._reachable(count, silent), *kept), silent)

    def _note(self, outcomes: Iterable[str | None], silent: frozenset[str]) -> None:
        self._perhaps |= dict.fromkeys(one for one in outcomes if one)
        self._hung = max(self._hung, len(silent))

    def _closed(self, fact: GateDecided) -> End:
        if fact.present:
            return self._session(fact)
        spoken = {one.cause for one in self._past.facts if isinstance(one, BallotCast)}
        if fact.cause.startswith("deadline:") or fact.cause in spoken:
            return self._undecided(fact.at)
        return self._by_hand(fact.at)

    def _withdrawn(self, fact: GateWithdrawn) -> End:
        asked = comment_id_of(fact.cause) and ended_by(replace(self._record, withdrawal=fact))
        return self._by_hand(fact.at) if asked is CloseGate else End(WITHDRAWN, fact.at)

    def _by_hand(self, at: datetime) -> End:
        """The secretariat closed the gate then: decided if the ballots were enough, else without a decision."""
        if self._quiet and not self._is_late(at):  # nothing is closed before the session that a no-go waits for
            return self._undecided(at)
        count = gates.tally(self._record)
        silent = self._unheard.intersection(count.silent)
        return self._told(count, self._reachable(count, silent), at, silent, WITHDRAWN)

    def _undecided(self, at: datetime) -> End:
        """It was decided at that moment, and would not have been: what came after depends on who was silent then."""
        count = gates.tally(self._record)
        if self._is_late(at):  # a former deadline had passed without a decision, and nobody may speak since
            return End(OPEN, want=self._wanting())
        silent, ends = frozenset(count.silent), self._record.deadline
        if self._quiet and count.nogo_is_certain:
            ends = min(ends, self._quiet)
        return self._told(count, self._reachable(count, silent), ends, silent)

    def _reachable(self, count: Tally, silent: frozenset[str]) -> tuple[str | None, ...]:
        """Every outcome that these seats could bring by a go, a no-go or silence."""
        logins = {seat.id: frozenset(map(str.lower, seat.logins)) for seat in self._request.seats}
        return tuple(dict.fromkeys(_reachable(count, silent, logins)))

    def _told(
        self,
        count: Tally,
        outcomes: tuple[str | None, ...],
        at: datetime,
        silent: frozenset[str],
        undecided: str = OPEN,
    ) -> End:
        """The one outcome there is, or each of those there could be."""
        found = tuple(one or undecided for one in outcomes)
        if len(found) > 1:
            return End("", None, self._wanting(), possible=found, silent=len(silent))
        if found[0] in DECIDED:
            return self._decided(count, found[0], at)
        return End(found[0], at, self._wanting())

    def _wanting(self) -> Want | None:
        count = gates.tally(self._record)
        if count.spoken < count.rule.quorum:
            return Want(Lack.QUORUM, count.spoken, count.rule.quorum)
        if count.people < count.rule.people:
            return Want(Lack.PEOPLE, count.people, count.rule.people)
        missing = count.missing_mandatory
        return Want(Lack.MANDATORY, seats=self._names(missing)) if missing else None

    def _names(self, seats: Iterable[str]) -> tuple[str, ...]:
        return tuple(gates.seat_name(self._record, seat) for seat in seats)

    def _session(self, fact: GateDecided) -> End:
        """The committee sat: whether it could decide, with those who were there."""
        rule, count = self._request.rule, gates.tally(self._record)
        present = [seat for seat in self._request.seats if seat.id in fact.present]
        absent = [seat for seat in rule.mandatory if seat not in fact.present] if fact.outcome == GO else []
        want, sure = None, True
        fewest, most = _people(present, self._record)
        if len(present) < rule.quorum:
            want = Want(Lack.QUORUM, len(present), rule.quorum)
            sure = len(present) + len(self._unheard) < rule.quorum
        elif fewest < rule.people > self._past.request.rule.people:
            want = Want(Lack.PEOPLE, most, rule.people)
            sure = most < rule.people
        elif absent:
            want, sure = Want(Lack.MANDATORY, seats=self._names(absent)), not self._unheard.issuperset(absent)
        elif count.vetoed_by and fact.outcome == GO:
            want = Want(Lack.VETO, seats=self._names(count.vetoed_by))
        if want is None:
            return End(fact.outcome, fact.at, in_session=True)
        if sure:
            return End(OPEN, fact.at, want, in_session=True)
        return End("", None, want, in_session=True, possible=(fact.outcome, OPEN), silent=len(self._unheard))


def _speaks(voter: str, seat: SeatAtGate, said: BallotCast | None, record: GateRecord) -> bool:
    """A substitute gives way once the holder has voted."""
    names = [login.lower() for login in seat.logins]
    return voter in names and (voter == names[0] or said is None or record.voter(said.who) != names[0])


def _people(present: Iterable[SeatAtGate], record: GateRecord) -> tuple[int, int]:
    """How many different persons sat, at least and at most: the register names the seats that were there."""
    able = [frozenset(map(str.lower, seat.logins)) - record.recused for seat in present]
    apart: set[str] = set()
    fewest = 0
    for people in able:
        if not people & apart:
            fewest += 1
            apart |= people
    return fewest, most_people(able)


def _reachable(count: Tally, silent: frozenset[str], logins: dict[str, frozenset[str]]) -> Iterator[str | None]:
    """What is decided if these seats keep silent, if all say go, if all say no, if all but the mandatory say go."""
    mandatory = frozenset(count.rule.mandatory)
    yield gates.at_closing(count)
    for joining, choice in ((silent, GO), (silent, NOGO), (silent - mandatory, GO)):
        spoken = {*count.go, *count.nogo, *count.abstain, *joining}
        most = most_people([logins[seat] for seat in logins if seat in spoken])
        yield gates.at_closing(
            replace(
                count,
                go=(*count.go, *sorted(joining)) if choice == GO else count.go,
                nogo=(*count.nogo, *sorted(joining)) if choice == NOGO else count.nogo,
                people=max(count.people, min(most, count.people + len(joining))),
            )
        )
