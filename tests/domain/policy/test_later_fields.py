"""What former versions wrote of each value: a field that came later must say nothing while it is empty."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.policy.later_fields import as_written, later
from app.domain.policy.model import Rule
from app.domain.product.fact_json import KINDS
from app.domain.product.facts import Blocker, PastPhase, Point, SeatAtGate
from app.domain.product.reuse_facts import Suggestion
from app.domain.publish import notices, rules_views, status
from app.domain.publish.notice import Notice
from app.domain.reading.conditions import ConditionText

FORMER = {
    "ProductFiled": "at by cause title answers",
    "ProductDescribed": "at by cause title people needs",
    "ProductImported": "at by cause key title source past answers",
    "ProductLeft": "at by cause how to",
    "ProductReturned": "at by cause",
    "ProductMoved": "at by cause comments",
    "PhaseEntered": "at by cause phase gate imported began",
    "ItemAnswered": "at by cause item answer reason",
    "GateRequested": "at by cause gate origin target policy rule seats concerned deadline answers entry revisit",
    "BallotCast": "at by cause gate seats choice reason conditions comment digest",
    "BallotVoided": "at by cause gate comment voter",
    "BallotOrphaned": "at by cause gate comment voter",
    "GateDecided": "at by cause gate outcome go nogo abstain recused silent policy present reason conditions",
    "GatePostponed": "at by cause gate deadline reason",
    "GateWithdrawn": "at by cause gate reason",
    "ConditionAdded": "at by cause number gate seat author condition",
    "ConditionLifted": "at by cause number evidence",
    "CommandRefused": "at by cause command reason comment details blockers group",
    "HelpAsked": "at by cause comment",
    "SeatAtGate": "id name logins",
    "Point": "seat text",
    "ConditionText": "text aspect owner due",
    "Blocker": "kind number text owner",
    "PastPhase": "name phase began ended",
    "Rule": "quorum threshold mandatory veto deadline_days",
}
"""The fields of each kind of fact, and of what they hold, as they were first kept."""

SHOWN = {
    "AspectView": "name items",
    "Checklist": "to phase goal aspects conditions exits closed",
    "ConditionView": "number text seat author owner due lifted_by",
    "Continued": "to part parts",
    "Decision": "to number origin target outcome go nogo abstain recused silent quorum threshold seats objections conditions policy present",
    "DutyView": "kind title address due late target seats condition text weeks",
    "ExitView": "name word is_default",
    "GateView": "to number origin target state requested_by closed_by reason deadline overdue quorum spoken threshold seats concerned joined postponed revisit conditions entry voided",
    "Help": "to phase exits open_gate",
    "Imported": "to phase source past over",
    "ImportedIssue": "to source shown",
    "ItemView": "number id text required state reason",
    "Notice": "to",
    "PastView": "name phase began ended",
    "Refusal": "command reason details blockers",
    "Reminder": "to here elsewhere more",
    "Reply": "to refusals",
    "RuleView": "quorum threshold phases",
    "RulesFile": "to state problems rules address",
    "RulesView": "version phases team seats rules secretariat",
    "SeatView": "name logins choice by reason deleted mandatory",
    "Support": "to needs gaps",
    "Welcome": "to title phase gaps status entry",
}
"""The same of what comments show."""

VALUES = SeatAtGate, Point, ConditionText, Blocker, PastPhase, Rule, Suggestion
HELD = {kind.__name__: kind for kind in (*KINDS.values(), *VALUES)}
VIEWS = {name: getattr(notices, name, None) or getattr(rules_views, name) for name in SHOWN}


def _bare(kind: type) -> dict[str, object]:
    """A value of this kind whose fields of the first days are filled with anything, and the others left as they are."""
    former = (FORMER | SHOWN).get(kind.__name__, "").split()
    return as_written(kind(**dict.fromkeys(former, "x")))


@pytest.mark.parametrize("name", FORMER)
def test_facts_of_former_versions_are_written_as_they_were(name: str) -> None:
    assert list(_bare(HELD[name])) == FORMER[name].split()


@pytest.mark.parametrize("name", SHOWN)
def test_comments_of_former_versions_show_what_they_showed(name: str) -> None:
    assert list(_bare(VIEWS[name])) == SHOWN[name].split()


def test_a_notice_is_named_by_the_digest_it_always_had() -> None:
    assert {kind.__name__: kind().fingerprint for kind in (notices.Welcome, notices.GateView, notices.Decision)} == {
        "Welcome": "9aa12dd78cedd0e6",
        "GateView": "c68eb2da27726715",
        "Decision": "d41536c58997728f",
    }
    assert status.StatusView() == notices.Welcome().status


def test_a_later_field_is_written_once_it_says_something() -> None:
    @dataclass(frozen=True)
    class Seen(Notice):
        old: str = ""
        new: int = later(0)

    assert as_written(Seen("a", "b")) == {"to": "a", "old": "b"}
    assert as_written({"seen": (Seen("a", "b", 3),)}) == {"seen": [{"to": "a", "old": "b", "new": 3}]}
