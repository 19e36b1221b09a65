"""The same words said again under other rules, for true: what the simulation is sure of happens, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import day_of
from app.domain.report.what_if import Change, RecordedProduct, simulate
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, played, says

OLD = a_small_policy()
SEATS = ("techno", "secu", "design", "data")
VOTES = {"go": "/go", "nogo": "/nogo trop tôt", "abstain": "/abstention", "recuse": "/déport"}
HORIZON = T0 + timedelta(days=60)


def with_rule(waits=False, **values):
    gates = tuple(replace(gate, rule=replace(gate.rule, **values)) if gate.to == "mvp" else gate for gate in OLD.gates)
    committee = replace(OLD.committee, nogo_after_session=waits)
    return replace(OLD, gates=gates, committee=committee, version=repr((waits, sorted(values.items()))))


rules = st.fixed_dictionaries(
    {},
    optional={
        "waits": st.booleans(),
        "quorum": st.integers(1, 4),
        "people": st.integers(1, 4),
        "threshold": st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(1)]),
        "mandatory": st.sampled_from([(), ("securite",), ("technologie", "data")]),
        "veto": st.sampled_from([(), ("technologie",), ("securite", "data")]),
        "deadline_days": st.sampled_from([2, 7, 14, 21]),
    },
)
scripts = st.dictionaries(
    st.sampled_from(SEATS), st.tuples(st.integers(1, 24), st.sampled_from([*VOTES, "go", "go"])), max_size=4
)
closings = st.none() | st.tuples(
    st.integers(1, 24),
    st.sampled_from(
        [
            ("secretariat", "/clore"),
            (AUTHOR, "/retrait"),
            ("secretariat", "/décision go\nprésents : secu, data"),
            ("secretariat", "/décision go\nprésents : secu, data, design, techno"),
            ("secretariat", "/décision nogo pas prêt\nprésents : secu, data, techno"),
            ("secretariat", "/décision report"),
        ]
    ),
)


def lived(policy, script, closing):
    """What becomes of a product when these people say that, each on their day."""
    product = at_gate(policy, "mvp")
    said = [(day, login, VOTES[choice]) for login, (day, choice) in script.items()]
    said += [(closing[0], *closing[1])] if closing else []
    moments = sorted(
        (T0 + timedelta(days=day, hours=rank), login, text) for rank, (day, login, text) in enumerate(said)
    )
    for moment, login, text in moments:
        product = waited(product, policy, moment)
        product = says(product, login, text)
        *before, last = product.issue.comments
        product = product.seen_as(issue=replace(product.issue, comments=(*before, replace(last, at=moment))))
        product = played(product, policy, moment)
    return waited(product, policy, HORIZON)


def waited(product, policy, moment):
    """The session and the deadline are met on their very moments, as the engine wakes the product."""
    gate = product.standing.open_gate
    for due in (gate.request.quiet_until, gate.deadline) if gate else ():
        if due and due <= moment:
            product = played(product, policy, due)
    return product


def end_of(product):
    gate = product.standing.gates[1]
    if gate.decision:
        return gate.decision.outcome, gate.decision.at
    return ("withdrawn", gate.withdrawal.at) if gate.withdrawal else ("open", None)


def heard(product, closing):
    """Whether what the secretariat or the team did about the gate was done: nobody knows what it would have done else."""
    if closing is None:
        return True
    text = closing[1][1]
    gate = product.standing.gates[1]
    if "report" in text:
        return bool(gate.postponements)
    if text == "/retrait":
        return bool(gate.withdrawal)
    if text == "/clore":
        return bool(gate.withdrawal) or bool(
            gate.decision and not gate.decision.present and gate.decision.by == "secretariat"
        )
    return bool(gate.decision and gate.decision.present)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules, rules, scripts, closings)
@example({}, {"quorum": 3}, {"secu": (1, "go"), "design": (2, "go"), "techno": (3, "go"), "data": (4, "nogo")}, None)
@example({"deadline_days": 21}, {"deadline_days": 2}, {"secu": (1, "go"), "data": (5, "nogo")}, None)
def test_what_is_sure_happens_and_what_is_not_is_among_what_was_told(former, other, script, closing):
    old, new = with_rule(**former), with_rule(**other)
    product = lived(old, script, closing)
    found = simulate([RecordedProduct("dnum/produits", 1, product.history)], new, HORIZON)
    if not heard(product, closing):
        closing = None
    outcome, at = end_of(lived(new, script, closing))
    if not found.gates:
        event("same")
        assert (outcome, at and day_of(at, old.timezone)) == told(end_of(product), old)
        return
    (gate,) = found.gates
    event(gate.change)
    if gate.end.possible:
        assert outcome in gate.end.possible
    elif gate.end.in_session and gate.becomes == "open":
        assert at is None or at > gate.end.at  # that session decides nothing; who was silent may speak after it
    else:
        assert outcome == gate.becomes
        if outcome in {"go", "nogo"}:
            assert day_of(at, old.timezone) == day_of(gate.end.at, old.timezone)


def told(end, policy):
    return end[0], end[1] and day_of(end[1], policy.timezone)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules, scripts, closings)
def test_the_rules_of_then_under_another_name_change_nothing(former, script, closing):
    old = with_rule(**former)
    product = lived(old, script, closing)
    found = simulate([RecordedProduct("dnum/produits", 1, product.history)], replace(old, version="autre"), HORIZON)
    assert found.gates == ()
    assert found.total.of(Change.SAME) == 1
