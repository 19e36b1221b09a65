"""Which fields of facts hold accounts or people's words; the others tell what was decided, and are never erased."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.fact_json import KINDS
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    Blocker,
    CommandRefused,
    ConditionAdded,
    ConditionLifted,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    ItemAnswered,
    Point,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    RecusalEnded,
    SeatAtGate,
)
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.reading.conditions import ConditionText

NAME, ACCOUNTS = "name", "accounts"
"""Logins; accounts with their numbers."""
WORDS, ANSWERS = "words", "answers"
"""What somebody wrote, alone or as the second of each pair."""
MIXED, DETAILS = "mixed", "details"
"""A login, a seat or words, as the case may be; the same as the second of each pair."""
INNER = "inner"
"""Values that have such fields themselves."""
SPOKEN = frozenset({"words", "written", "lines", "said"})
"""Details of a refusal that repeat what its author wrote."""
_INSIDE: Mapping[type, Mapping[str, str]] = {
    Blocker: {"text": MIXED, "owner": MIXED, "seat": MIXED},
    ConditionText: {"text": WORDS, "owner": MIXED},
    Point: {"seat": MIXED, "text": WORDS},
    SeatAtGate: {"logins": NAME},
    Suggestion: {"owner": MIXED, "words": WORDS, "by": NAME, "why": WORDS},
}
_OF_FACTS: Mapping[type, Mapping[str, str]] = {
    AccountsBound: {"accounts": ACCOUNTS, "secretariat": NAME},
    BallotAltered: {"voter": NAME},
    BallotCast: {"reason": WORDS, "conditions": INNER},
    BallotOrphaned: {"voter": NAME},
    BallotVoided: {"voter": NAME},
    CommandRefused: {"details": DETAILS, "blockers": INNER},
    ConditionAdded: {"author": NAME, "condition": INNER},
    ConditionLifted: {"evidence": WORDS},
    DecisionContested: {"grounds": WORDS},
    DecisionOverridden: {"reason": WORDS},
    DecisionRectified: {"why": WORDS, "reason": WORDS, "excused": MIXED, "conditions": INNER},
    GateDecided: {"reason": WORDS, "excused": MIXED, "conditions": INNER},
    GatePostponed: {"reason": WORDS},
    GateRequested: {
        "seats": INNER,
        "concerned": NAME,
        "accounts": ACCOUNTS,
        "secretariat": NAME,
        "recused": NAME,
        "revisit": INNER,
        "changes": WORDS,
        "contest": WORDS,
    },
    GateWithdrawn: {"reason": WORDS},
    ItemAnswered: {"reason": WORDS, "text": WORDS},
    LiftRectified: {"reason": WORDS},
    PersonalErased: {"request": WORDS},
    ProductDescribed: {"title": WORDS, "people": NAME, "accounts": ACCOUNTS, "answers": ANSWERS},
    ProductFiled: {"title": WORDS, "answers": ANSWERS},
    ProductImported: {"title": WORDS, "answers": ANSWERS, "shown": ANSWERS},
    ProductPaused: {"reason": WORDS},
    ProductResumed: {"reason": WORDS},
    RecusalEnded: {"reason": WORDS},
    ReuseAnswered: {"reason": WORDS},
    ReuseSuggested: {"shown": INNER},
}
PARTS: Mapping[type, Mapping[str, str]] = {
    **_INSIDE,
    **{kind: {"by": NAME, **_OF_FACTS.get(kind, {})} for kind in KINDS.values()},
}
