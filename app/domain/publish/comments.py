"""The comments Jalon keeps on a product's issue, in the order of the history that made them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from app.domain.decide import late_entry
from app.domain.decide.reasons import Reason
from app.domain.policy.calendar import last_day
from app.domain.policy.model import Policy
from app.domain.product import dossier, former_readings, gates, history_in_comments, imported, issue_form
from app.domain.product.accounts import account
from app.domain.product.facts import (
    BallotVoided,
    CommandRefused,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    HelpAsked,
    History,
    PhaseEntered,
    ProductFiled,
    ProductImported,
    comment_id_of,
)
from app.domain.product.gate_record import Ballot, GateRecord
from app.domain.product.history_in_comments import checklist_key, reply_key
from app.domain.product.proof import ShownProof
from app.domain.product.second_thought_keys import SecondThoughtKeys
from app.domain.product.state import OpenCondition, Product, ProductState, Stay
from app.domain.publish import checklist_items, reuse_lines, seat_views
from app.domain.publish.checklist_items import AspectView
from app.domain.publish.effects import Message
from app.domain.publish.notice import Notice
from app.domain.publish.notices import (
    AlteredView,
    Checklist,
    ConditionView,
    Continued,
    Decision,
    ExitView,
    GateView,
    Help,
    Imported,
    PastView,
    Postponed,
    Refusal,
    Reply,
    RestoredView,
    Welcome,
)
from app.domain.publish.second_thought_comments import of_gate, second_thought_notice
from app.domain.publish.status import status
from app.domain.reading.condition_wording import after_day
from app.domain.reading.conditions import ConditionText
from app.domain.reading.text import clipped, normalised


@dataclass(frozen=True)
class WantedComment:
    """A comment that must exist; `live` ones follow their data, the others stay as first written."""

    key: str
    notice: Notice
    live: bool
    stamp: str = ""
    record: str = ""
    seal: ShownProof | None = None

    @property
    def message(self) -> Message:
        return Message(self.key, self.notice, self.stamp, self.record, seal=self.seal)


def wanted_comments(product: Product, policy: Policy, now: datetime) -> tuple[WantedComment, ...]:
    """Every comment the history calls for; pure, so that a lost one is found missing and written again."""
    state = product.standing
    comments: dict[str, WantedComment] = {}
    stays, replies, second_thoughts = iter(state.stays), _replies(state, product.history), SecondThoughtKeys()
    for fact in product.history:
        second, told = second_thoughts.of(fact), second_thought_notice(fact, product, policy)
        if told:
            comments.setdefault(second, WantedComment(second, told, live=False, seal=_seal(fact, product)))
        if isinstance(fact, CommandRefused):
            comments.setdefault(reply_key(fact), replies[reply_key(fact)])
        for wanted in _of_fact(fact, stays, product, state, policy, now):
            comments.setdefault(wanted.key, wanted)
    carried = history_in_comments.shared_out(product.history)
    return tuple(full for wanted in comments.values() for full in _carrying(wanted, carried.get(wanted.key, ())))


def _carrying(wanted: WantedComment, entries: history_in_comments.Entries) -> Iterator[WantedComment]:
    """The comment with the facts it carries, and those that follow it when they do not fit."""
    stamp = f"{wanted.notice.fingerprint}{history_in_comments.facts_digest(entries)}"
    first, *rest = history_in_comments.packed_pieces(entries) or ("",)
    yield replace(wanted, stamp=stamp, record=first)
    for rank, piece in enumerate(rest, start=2):
        key, notice = f"{wanted.key}{history_in_comments.CONTINUED}{rank}", Continued(part=rank, parts=len(rest) + 1)
        yield WantedComment(
            key, notice, wanted.live, f"{notice.fingerprint}{history_in_comments.facts_digest(entries)}", piece
        )


def carries_other_facts(stamp: str, wanted: str) -> bool:
    """Whether two stamps differ by the facts carried, whatever the data shown."""
    return stamp[-history_in_comments.DIGEST :] != wanted[-history_in_comments.DIGEST :]


def _of_fact(
    fact: Fact, stays: Iterator[Stay], product: Product, state: ProductState, policy: Policy, now: datetime
) -> Iterator[WantedComment]:
    match fact:
        case ProductFiled():
            yield WantedComment("welcome", _welcome(product, state, policy, now), live=True)
        case ProductImported():
            yield WantedComment(imported.KEY, _imported(fact, state, policy), live=False)
        case PhaseEntered():
            stay = next(stays)
            if imported.had_ended_before(state, policy) and not (state.answers or state.described):
                return
            recent = stay.number >= len(state.stays) - 1
            yield WantedComment(checklist_key(stay.number), _checklist(stay, product, policy), live=recent)
        case GateRequested():
            gate = state.gates[fact.gate]
            yield WantedComment(
                f"gate:{fact.gate}", _gate(gate, product, policy, now), live=fact.gate == len(state.gates)
            )
        case GateDecided():
            gate = state.gates[fact.gate]
            key, told = history_in_comments.decision_key(fact.gate), _decision(gate, state, policy)
            yield WantedComment(key, told, live=False, seal=_seal(fact, product))
        case GatePostponed(told=True):
            gate = state.gates[fact.gate]
            key = history_in_comments.postponed_key(fact.gate, gate.postponements.index(fact) + 1)
            yield WantedComment(key, _postponed(fact, gate, policy), live=False)
        case HelpAsked():
            yield WantedComment(f"help:{fact.comment}", _help(fact, state, policy), live=False)
        case _:
            pass


def _seal(fact: Fact, product: Product) -> ShownProof | None:
    """The proof of a decision, with the page where it is checked; None while there is none."""
    found = product.proofs.get(fact.sealed.n) if fact.sealed else None
    page, gate = product.issue.page, getattr(fact, "gate", 0)
    return replace(found, page=f"{page}/preuve/{gate}") if found and page else found


def _imported(fact: ProductImported, state: ProductState, policy: Policy) -> Imported:
    first = state.stays[0].phase if state.stays else policy.entry.id
    past = tuple(PastView(one.name, policy.phase(one.phase).name, one.began, one.ended) for one in fact.past)
    return Imported(
        phase=policy.phase(first).name, source=fact.source, past=past, over=imported.had_ended_before(state, policy)
    )


def _welcome(product: Product, state: ProductState, policy: Policy, now: datetime) -> Welcome:
    gaps = tuple(question.labels[0] for question in issue_form.gaps(product.issue.body, policy.questions))
    asked_for = late_entry.claimed(product, policy)
    return Welcome(
        to=product.issue.author,
        title=product.issue.title,
        phase=policy.phase(state.stays[0].phase).name if state.stays else policy.entry.name,
        gaps=gaps if len(state.stays) == 1 else (),
        status=status(product, policy, now),
        page=product.issue.page,
        reuse=reuse_lines.suggestion_lines(state),
        entry=asked_for.name if asked_for and len(state.stays) == 1 else "",
    )


def _checklist(stay: Stay, product: Product, policy: Policy) -> Checklist:
    state, norms = product.standing, product.around.catalogue.norms_by_id
    aspects = tuple(
        AspectView(aspect.name, tuple(checklist_items.view(one, policy, stay, norms) for one in aspect.items))
        for aspect in dossier.dossier(state, policy, stay)
    )
    phase = policy.phase(stay.phase)
    is_current = stay.answers is None
    return Checklist(
        phase=phase.name,
        goal=phase.goal,
        aspects=aspects,
        conditions=tuple(_condition(item, state) for item in state.conditions.values() if not item.dropped)
        if is_current
        else (),
        exits=_exits(stay.phase, policy),
        closed=not is_current,
    )


def _exits(phase: str, policy: Policy) -> tuple[ExitView, ...]:
    names = [policy.phase(gate.to) for gate in policy.exits(phase)]
    return tuple(
        ExitView(exit_.name, normalised(exit_.name), is_default=not order) for order, exit_ in enumerate(names)
    )


def _condition(condition: OpenCondition, state: ProductState) -> ConditionView:
    fact = condition.fact
    seat = gates.seat_name(state.gates[fact.gate], fact.seat)
    lifted_by = condition.lifted.by if condition.lifted else ""
    return _condition_view(fact.number, fact.condition, seat, fact.author, lifted_by)


def _condition_view(number: int, text: ConditionText, seat: str, author: str, lifted_by: str = "") -> ConditionView:
    return ConditionView(number, text.text, seat, author, text.owner, text.due, lifted_by)


def _hidden(product: Product) -> frozenset[int]:
    """The comments that somebody hid on GitHub, under the numbers that the history knows."""
    former = product.standing.former_comments
    return frozenset(former.get(one.id, one.id) for one in product.issue.comments if one.is_hidden)


def _share(threshold: Fraction) -> str:
    return f"{threshold.numerator}/{threshold.denominator}"


def _joined(product: Product, gate: GateRecord) -> tuple[str, ...]:
    """Voters to whom the product was assigned since the opening: they still vote, and everybody is told."""
    numbers = product.issue.numbers
    voting = (login for login in product.issue.assignees if gate.is_open and gate.voter(account(login, numbers)))
    return tuple(sorted(voting))


def _gate(gate: GateRecord, product: Product, policy: Policy, now: datetime) -> GateView:
    request, count = gate.request, gates.tally(gate)
    closing = gate.ending
    state = "open" if closing is None else gate.outcome or "withdrawn"
    return GateView(
        number=request.gate,
        origin=policy.phase(request.origin).name,
        target=policy.phase(request.target).name,
        state=state,
        requested_by=request.by,
        closed_by=closing.by if closing else "",
        reason=clipped(gate.withdrawal.reason, seat_views.SHOWN_REASON) if gate.withdrawal else "",
        came_from=gate.withdrawal.came_from if gate.withdrawal else "",
        deadline=gate.deadline,
        ends_on=None if gate.last_day == gate.deadline.date() else gate.last_day,
        overdue=gate.is_open and now >= gate.deadline,
        postponed=clipped(gate.postponed.reason, seat_views.SHOWN_REASON) if gate.postponed else None,
        joined=_joined(product, gate),
        quorum=request.rule.quorum,
        spoken=count.spoken,
        threshold=_share(request.rule.threshold),
        seats=seat_views.with_absences(seat_views.views(gate, _hidden(product)), gate, product, policy, now),
        concerned=request.concerned,
        revisit=request.revisit,
        changes=request.changes,
        entry=clipped(late_entry.reason(product, policy), seat_views.SHOWN_REASON) if request.entry else "",
        conditions=tuple(text.text for _, ballot in gates.conditions(gate) for text in ballot.conditions),
        altered=_altered(gate),
        voided=tuple(dict.fromkeys((one.fact.by, one.voided_by) for one in gate.ballots if _is_lost(one, gate))),
        people=request.rule.people,
        voices=count.people if request.rule.people else 0,
        uncalled=_uncalled(gate, policy) if gate.is_open else (),
        radar=dossier.radar_at(request, product.standing, policy),
        **of_gate(gate, now),
        stuck=tuple(gates.seat_name(gate, seat) for seat in request.rule.mandatory if seat in count.recused)
        if gate.is_open
        else (),
    )


def _uncalled(gate: GateRecord, policy: Policy) -> tuple[str, ...]:
    """Holders who want no reminder: the call to vote names them without a mention."""
    never = {login.lower() for login in policy.follow_up.reminders.never}
    return tuple(sorted({login.lower() for seat in gate.request.seats for login in seat.logins[:1]} & never))


def _against(gate: GateRecord, decided: GateDecided) -> tuple[str, ...]:
    contrary = gates.tally(gate).nogo if decided.present and decided.outcome == "go" else ()
    return tuple(gates.seat_name(gate, seat) for seat in contrary)


def _is_lost(ballot: Ballot, gate: GateRecord) -> bool:
    """A recusal holds whatever became of its comment; who unsaid a vote hears nothing once the seat has spoken."""
    cast = ballot.fact
    if not ballot.voided_by or cast.choice == "recuse":
        return False
    by_themselves = ballot.voided_by.lower() == cast.by.lower()
    return not by_themselves or not gate.counting.keys() >= set(cast.seats)


def _altered(gate: GateRecord) -> tuple[AlteredView, ...]:
    return tuple(AlteredView(fact.voter, fact.how, fact.by) for fact in gate.alterations)


def _decision(gate: GateRecord, state: ProductState, policy: Policy) -> Decision:
    decided, request = gate.decision, gate.request
    if decided is None:
        raise ValueError(f"gate {request.gate} has no decision yet")
    gate = replace(gate, second_thoughts=())  # as it was decided, whatever was thought of it since
    return Decision(
        number=request.gate,
        origin=policy.phase(request.origin).name,
        target=policy.phase(request.target).name,
        outcome=decided.outcome,
        go=decided.go,
        nogo=decided.nogo,
        abstain=decided.abstain,
        recused=decided.recused,
        silent=decided.silent,
        quorum=request.rule.quorum,
        threshold=_share(request.rule.threshold),
        seats=seat_views.views(gate),
        objections=gates.objections(gate) if decided.outcome == "nogo" else (),
        conditions=tuple(
            _condition_view(fact.number, fact.condition, gates.seat_name(gate, fact.seat), fact.author)
            for fact in (condition.fact for condition in state.conditions.values())
            if fact.gate == request.gate and fact.cause == decided.cause
        ),
        policy=decided.policy,
        altered=_altered(gate),
        restored=tuple(RestoredView(fact.how, fact.by, fact.at) for fact in gate.restorations),
        first=decided.at if gate.restorations else None,
        present=tuple(gates.seat_name(gate, seat) for seat in decided.present),
        people=request.rule.people,
        against=_against(gate, decided),
        excused=decided.excused,
        held=decided.held,
        revisit=request.revisit if request.changes else (),
        changes=request.changes,
        advice=gates.advice(gate) if decided.outcome == "nogo" else (),
    )


def _postponed(fact: GatePostponed, gate: GateRecord, policy: Policy) -> Postponed:
    day = last_day(fact.deadline, fact.timezone)
    return Postponed(
        number=fact.gate,
        origin=policy.phase(gate.request.origin).name,
        target=policy.phase(gate.request.target).name,
        by=fact.by,
        last_day=day,
        reason=clipped(after_day(fact.reason, day.isoformat()), seat_views.SHOWN_REASON),
    )


def _replies(state: ProductState, history: History) -> dict[str, WantedComment]:
    """All the refusals that go to one comment, in one answer; each refusal is looked at once."""
    found: dict[str, dict[object, CommandRefused]] = {}
    for place, fact in enumerate(state.refusals):
        # The same gesture made again is undone again, without a word more.
        told = place if fact.comment else (fact.command, fact.reason, fact.details, fact.blockers)
        found.setdefault(reply_key(fact), {}).setdefault(told, fact)
    kept = _kept(history)
    return {
        key: WantedComment(key, _reply(tuple(together.values()), kept), live=True) for key, together in found.items()
    }


def _reply(together: tuple[CommandRefused, ...], kept: Collection[int]) -> Reply:
    refusals = (Refusal(fact.command, fact.reason, dict(fact.details), fact.blockers) for fact in together)
    return Reply(to=together[0].by, refusals=tuple(refusals), kept=together[0].comment in kept)


def _kept(history: History) -> frozenset[int]:
    """The comments that obtained something, and whose later edit was refused: their authors may think it undone."""
    obtained: set[int] = set()
    kept: set[int] = set()
    for fact in history:
        number = comment_id_of(fact.cause)
        if isinstance(fact, BallotVoided):
            kept.discard(fact.comment)
            obtained.discard(fact.comment)
        elif isinstance(fact, CommandRefused):
            if number in obtained and fact.reason != Reason.DECIDED and former_readings.is_of_edit(fact.cause):
                kept.add(number)
        elif number and not isinstance(fact, HelpAsked):
            obtained.add(number)
    return frozenset(kept)


def _help(fact: HelpAsked, state: ProductState, policy: Policy) -> Help:
    current, gate = state.phase or policy.entry.id, state.open_gate
    return Help(
        to=fact.by,
        phase=policy.phase(current).name,
        exits=_exits(current, policy),
        open_gate=policy.phase(gate.request.target).name if gate else "",
    )
