"""What happened between two moments, counted."""

from app.domain.report.counts import Counts, between
from app.domain.report.present import present
from tests.builders import a_small_policy
from tests.lives import Life, at

POLICY = a_small_policy()


def test_everything_that_happens_is_counted_once():
    life = Life(POLICY).filed("2026-11-02").asked("2026-11-03", "mvp").withdrawn("2026-11-04")
    life.asked("2026-11-05", "mvp").postponed("2026-11-05").postponed("2026-11-05").decided(
        "2026-11-06", "go", [("Relire", "")]
    ).lifted("2026-11-09", 1)
    state = present(life.tracked.history)
    everything = between([state], at("2026-11-01"), at("2026-12-01"))
    assert everything == Counts(
        new=1, moved=1, requested=2, conditional=1, postponed=2, withdrawn=1, conditions_set=1, conditions_lifted=1
    )
    assert everything.decided == 1
    parts = [between([state], at("2026-11-01"), at("2026-11-05")), between([state], at("2026-11-05"), at("2026-12-01"))]
    assert parts[0] + parts[1] == everything
    assert parts[0] == Counts(new=1, requested=1, withdrawn=1)


def test_a_gate_without_a_decision_has_no_outcome():
    (gate,) = present(Life(POLICY).filed("2026-11-02").asked("2026-11-03", "mvp").tracked.history).gates
    assert (gate.outcome, gate.decided, gate.is_open) == ("", None, True)
