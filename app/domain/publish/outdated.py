"""Which answers of Jalon's are no longer true: what was asked was obtained since, or what it was about is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    ConditionLifted,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    HelpAsked,
    ItemAnswered,
    PhaseEntered,
)
from app.domain.product.history_in_comments import postponed_key, reply_key
from app.domain.product.issue import Comment
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import Product

ENDS = (GateDecided, GateWithdrawn)
VOTES = ("Go", "NoGo", "Abstain", "Recuse")
OF_GATES = frozenset({*VOTES, "CloseGate", "TakenInSession", "Withdraw"})
"""Commands about an open gate: once it is over, why one was refused matters to nobody."""
ASKED = frozenset({"RequestGate", "RequestEntry", "MoveCard"})
ITEMS = frozenset({"Tick", "Untick", "NotApplicable", "TickBoxes", "AnswerItem", "Confirm"})
OBTAINED: Mapping[str, tuple[type[Fact], ...]] = {
    **dict.fromkeys(VOTES, (BallotCast,)),
    **dict.fromkeys(ITEMS, (ItemAnswered,)),
    "TakenInSession": (GateDecided, GatePostponed),
    "Lift": (ConditionLifted,),
    "Rectify": (DecisionRectified,),
    "RectifyLift": (LiftRectified,),
    "Contest": (DecisionContested,),
    "Override": (DecisionOverridden,),
    "Pause": (ProductPaused,),
    "Resume": (ProductResumed,),
}
"""What its author obtains when a command refused to them is given again as it should be."""
DOUBTFUL = frozenset({"Unknown", "Doubtful", "SpeakThrough"})
"""What was not understood, or not heard: whatever its author obtains later, they found the way."""
ANYTHING = (BallotCast, ItemAnswered, GateRequested, GateWithdrawn, GateDecided, GatePostponed, ConditionLifted)
LASTING = frozenset({"unreadable_body"})
"""What stays true as long as the issue is as it is."""
REMINDER = "reminder:"


@dataclass
class _Since:
    """When each thing last happened, on the product or by one account; a moment of our own clock."""

    latest: dict[object, datetime] = field(default_factory=dict)

    def note(self, fact: Fact) -> None:
        if isinstance(fact, CommandRefused):
            self.latest[_same(fact)] = fact.at
            return
        self.latest[type(fact)] = fact.at
        if fact.by:
            self.latest[type(fact), fact.by] = fact.at

    def has(self, at: datetime, *what: object) -> bool:
        """Whether one of them happened later: what one turn answers together is of one moment, and stays as it is."""
        return any(self.latest.get(one, at) > at for one in what)


def keys(product: Product) -> frozenset[str]:
    """The comments of ours, by their key, that are to be folded.

    Counted from when each was published: an answer that came late, all the same, is to be read once.
    """
    since, published = _Since(), dict[str, datetime]()
    for fact in product.history:
        since.note(fact)
    for comment in product.issue.comments:
        if comment.trace:
            published.setdefault(comment.trace.key, comment.at)
    past: dict[str, bool] = {}
    for fact in product.history:
        if isinstance(fact, CommandRefused):
            key = reply_key(fact)
            # A gesture made anew is told by the same comment: its last refusal decides.
            is_past = _is_past(fact, max(fact.at, published.get(key, fact.at)), since)
            past[key] = is_past and (fact.comment == 0 or past.get(key, True))
        elif isinstance(fact, HelpAsked):
            key = f"help:{fact.comment}"
            past[key] = _is_help_past(fact, max(fact.at, published.get(key, fact.at)), since)
    over = (key for key, is_past in past.items() if is_past)
    return frozenset({*over, *_reminders(product, since), *_postponements(product)})


def _postponements(product: Product) -> Iterator[str]:
    """A day is no longer awaited once it was put off again, or the gate is over."""
    times = Counter(fact.gate for fact in product.history if isinstance(fact, GatePostponed))
    over = {fact.gate for fact in product.history if isinstance(fact, ENDS)}
    for gate, last in times.items():
        yield from (postponed_key(gate, one) for one in range(1, last + (gate in over)))


def _is_past(refused: CommandRefused, at: datetime, since: _Since) -> bool:
    command, by = refused.command, refused.by
    if refused.reason in LASTING:
        return False
    if command != "Lift" and since.has(at, PhaseEntered):
        return True
    if command in OF_GATES and since.has(at, *ENDS):
        return True
    if refused.reason == "no_open_gate" or command in ASKED:
        return since.has(at, GateRequested, *(ENDS if refused.reason == "gate_open" else ()))
    obtained = ANYTHING if command in DOUBTFUL else OBTAINED.get(command, ())
    return since.has(at, *((kind, by) for kind in obtained), *([_same(refused)] if refused.comment else []))


def _same(refused: CommandRefused) -> object:
    """What makes a refusal the same as another: who, what, and why."""
    return refused.by, refused.command, refused.reason, refused.details, refused.blockers


def _is_help_past(fact: HelpAsked, at: datetime, since: _Since) -> bool:
    """It tells the phase, what may be asked, and the gate that is open; the last one told to a person is enough."""
    return since.has(at, (HelpAsked, fact.by), PhaseEntered, GateRequested, *ENDS)


def _reminders(product: Product, since: _Since) -> set[str]:
    """Each is overtaken by the next to the same person, and by the end of what it reminds of."""
    over = (*ENDS, GatePostponed, PhaseEntered, ConditionLifted)
    told = [one for one in product.issue.comments if one.trace and one.trace.key.startswith(REMINDER)]
    last = {_person(one): one for one in told}
    return {one.trace.key for one in told if one.trace and (one is not last[_person(one)] or since.has(one.at, *over))}


def _person(comment: Comment) -> str:
    return comment.trace.key.rpartition(":")[2] if comment.trace else ""
