"""What reports make of second thoughts: counted apart, on the agenda, and nothing asked of a paused product."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.policy.calendar import Week
from app.domain.publish.second_thought_comments import as_decided
from app.domain.report.agenda import agenda
from app.domain.report.digest import digest
from app.domain.report.explanation import explain
from app.domain.report.indicators import indicators
from app.domain.report.minutes import minutes
from app.domain.report.portfolio import Tracked, rows
from app.domain.report.present import present
from app.domain.report.present_json import from_text, to_text
from app.domain.report.reminders import reminders
from tests.builders import AUTHOR, T0, at_gate, ready
from tests.domain.decide.test_second_thoughts import ALL, POLICY, RULED, WRONG, after, go, refused_by_votes

SOON = T0 + timedelta(hours=1)


def told(product, policy=POLICY, at=SOON):
    return rows([Tracked("dnum/produits", 1, "SILAV", product.history)], policy, at)


def test_an_override_is_no_decision_of_the_committee_s() -> None:
    found = told(after(at_gate(RULED), "/passer-outre go : urgence", "directrice", RULED), RULED)
    (flow,) = indicators(found, RULED, SOON).gates
    assert (flow.go, flow.decided, flow.overridden) == (0, 0, 1)
    week = digest([], RULED, Week.of(T0.date()), SOON)
    assert week.counts.overridden == 0
    lines = minutes(found, RULED, date(2026, 1, 6)).thoughts
    assert [line.outcome for line in lines] == ["overridden_go"]
    assert explain(after(at_gate(RULED), "/passer-outre go : x", "directrice", RULED), RULED, SOON).thought


def test_what_was_decided_first_stays_in_its_week_and_what_was_put_right_is_told() -> None:
    product = after(go(), f"/rectifier nogo x\n{ALL}\n{WRONG}", days=8)
    of = Tracked("dnum/produits", 1, "SILAV", product.history)
    first, second = (digest([of], POLICY, Week.of(T0.date()).plus(one), T0 + timedelta(days=20)) for one in (0, 1))
    assert (first.counts.go, first.counts.nogo, second.counts.rectified) == (1, 0, 1)
    assert [line.outcome for line in second.decisions] == ["rectified_nogo"]
    assert explain(product, POLICY, SOON).refusal


def test_what_was_put_right_is_kept_beside_the_history_as_it_was() -> None:
    kept = present(after(go(), f"/rectifier nogo x\n{ALL}\n{WRONG}").history)
    assert [one.kind for story in kept.gates for one in story.second_thoughts] == ["rectified"]
    assert from_text(to_text(kept)) == kept


def test_a_condition_contested_and_a_no_go_contested_are_on_the_agenda() -> None:
    found = told(after(go("/décision go sous réserve\n- chiffrer"), "/contester réserve 1 : déjà fait", AUTHOR))
    (line,) = agenda(found, POLICY, date(2026, 1, 6)).contested
    assert (line.number, line.text, line.grounds) == (1, "chiffrer", "déjà fait")
    found = told(after(refused_by_votes(), "/contester pas lu", AUTHOR))
    planned = agenda(found, POLICY, date(2026, 1, 13))
    assert [item.contest for item in (*planned.items, *planned.later)] == ["pas lu"]


def test_nothing_is_asked_of_a_paused_product() -> None:
    product = after(ready(POLICY), "/pause : budget gelé", AUTHOR)
    late = T0 + timedelta(weeks=60)
    (row,) = told(product, at=late)
    assert (row.state, row.actor, row.stalled, row.unseen) == ("paused", "nobody", False, False)
    assert reminders([row], POLICY, (), late) == ()
    week = digest([Tracked("dnum/produits", 1, "SILAV", product.history)], POLICY, Week.of(late.date()), late)
    assert [line.reason for line in week.paused] == ["budget gelé"]
    assert explain(product, POLICY, SOON).paused


def test_an_override_of_an_open_gate_is_in_no_week_as_a_decision_of_the_committee() -> None:
    product = after(at_gate(RULED), "/passer-outre go : urgence", "directrice", RULED)
    week = digest([Tracked("dnum/produits", 1, "SILAV", product.history)], RULED, Week.of(T0.date()), SOON)
    assert (week.counts.go, week.counts.overridden) == (0, 1)
    assert [line.outcome for line in week.decisions] == ["overridden_go"]


def test_what_stands_is_the_last_thing_put_right_whatever_was_contested_since() -> None:
    contested = after(refused_by_votes(), "/contester pas lu", AUTHOR).standing.gates[1]
    assert as_decided(contested) is contested.decision
    righted = after(go(), f"/rectifier nogo x\n{ALL}\n{WRONG}").standing.gates[1]
    assert as_decided(righted) is righted.second_thoughts[0]
    assert as_decided(righted, righted.second_thoughts[0]) is righted.decision


def test_powers_given_by_name_are_listed() -> None:
    assert RULED.sworn_logins == (*RULED.committee.secretariat, "directrice", "techno")
