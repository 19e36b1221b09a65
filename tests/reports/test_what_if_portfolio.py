"""Whole portfolios under other rules: the 240 real products, taken over then voted on; figures that add up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.cli.importing import DEFAULT
from app.domain.product import imported
from app.domain.report.what_if import Change, RecordedProduct, simulate
from app.importing.mapping import read_mapping
from app.importing.rows import decoded, read_table
from app.messages.rules_reports import simulation_text
from app.shipped_files import default_policy
from tests.domain.report.test_what_if_lived import HORIZON, SEATS, VOTES, lived, with_rule
from tests.lives import REPOSITORY, Life, at
from tests.real_portfolio import FILE

POLICY = default_policy()
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def with_quorums(policy, more, **values):
    gates = (replace(gate, rule=replace(gate.rule, quorum=gate.rule.quorum + more, **values)) for gate in policy.gates)
    return replace(policy, gates=tuple(gates), version=f"{more:+}")


@pytest.fixture(scope="module")
def taken():
    """The real products as the import takes them over, on one day."""
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here")
    mapping = read_mapping(DEFAULT.read_text(encoding="utf-8"), POLICY)
    table = read_table(decoded(FILE.read_bytes()), mapping, POLICY, NOW.date())
    return [
        RecordedProduct(REPOSITORY, number, imported.facts(one, POLICY, NOW, "jalon"))
        for number, one in enumerate(table.products, start=1)
    ]


def test_nothing_of_the_real_history_was_decided_here_and_it_is_said(taken):
    found = simulate(taken, with_quorums(POLICY, 1), NOW)
    assert (found.products, found.total.gates, found.gates, found.moves) == (240, 0, (), ())
    assert found.elsewhere.products == 240
    assert found.elsewhere.phases == sum(max(len(one.history[0].past), 1) for one in taken)
    told = simulation_text(found, POLICY, "fr").replace("\u00a0", " ")
    assert "240 produits, 0 passage demandé." in told
    assert f"{found.elsewhere.phases} phases reprises d’un suivi antérieur (240 produits)" in told


def going_on(one, votes):
    """A product taken over, whose next gate is asked for, then decided on its deadline with so many go's."""
    life = Life(POLICY, number=one.number)
    life.facts = list(one.history)
    target = POLICY.exits(one.history[-1].phase)[0].to
    life.asked("2026-12-01", target)
    rule = life.facts[-1].rule
    known = tuple((item.id, "done") for item in POLICY.checklist(one.history[-1].phase))
    life.facts[-1] = replace(life.facts[-1], answers=known)
    seats = [*rule.mandatory, *(seat.id for seat in POLICY.committee.seats if seat.id not in rule.mandatory)]
    for rank, seat in enumerate(seats[:votes]):
        life.vote(at("2026-12-02") + timedelta(hours=rank), seat)
    if votes >= rule.quorum:
        life.decided(life.facts[-votes - 1].deadline)
        entered = life.facts.pop()
        life.facts[-1] = replace(life.facts[-1], cause="deadline:1")
        life.facts.append(replace(entered, cause="deadline:1"))
    return RecordedProduct(one.repository, one.number, tuple(life.facts))


def test_the_real_products_voted_on_since_lose_the_decisions_that_a_higher_quorum_misses(taken):
    living = [one for one in taken if POLICY.exits(one.history[-1].phase)]
    quorums = [POLICY.exits(one.history[-1].phase)[0].rule.quorum for one in living]
    lives = [going_on(one, quorum) for one, quorum in zip(living, quorums, strict=True)]
    now = at("2027-03-01")
    same = simulate(lives, replace(POLICY, version="autre"), now)
    assert (same.total.gates, same.gates) == (len(living), ())
    found = simulate(lives, with_quorums(POLICY, 1), now)
    assert found.total.of(Change.UNDECIDED) == len(living)
    assert sum(move.figures.of(Change.UNDECIDED) for move in found.moves) == len(living)
    assert {one.end.want.number + 1 for one in found.gates} == {one.end.want.needed for one in found.gates}
    fewer = simulate(
        [going_on(one, quorum - 1) for one, quorum in zip(living, quorums, strict=True)],
        with_quorums(POLICY, -1, people=1),
        now,
    )
    assert fewer.total.of(Change.DECIDED) == len(living)


@pytest.fixture(scope="module")
def portfolio():
    """Sixty products lived under the small rules, each with votes of its own, drawn the same at each run."""
    chance, old = random.Random(18), with_rule()
    lives = []
    for number in range(1, 61):
        script = {
            seat: (chance.randint(1, 20), chance.choice([*VOTES, "go", "go"]))
            for seat in SEATS
            if chance.random() < 0.8
        }
        closing = (chance.randint(8, 20), ("secretariat", "/clore")) if chance.random() < 0.3 else None
        lives.append(RecordedProduct(REPOSITORY, number, lived(old, script, closing).history))
    return lives


@pytest.mark.parametrize(
    "values",
    [{"quorum": 3}, {"quorum": 1, "people": 1}, {"threshold": 1}, {"deadline_days": 7}, {"veto": ("securite",)}],
)
def test_figures_of_a_portfolio_add_up(portfolio, values):
    found = simulate(portfolio, with_rule(**values), HORIZON)
    total = found.total
    assert (found.products, total.gates) == (60, 60)
    assert sum(total.counts.values()) == total.gates
    assert len(found.gates) == total.gates - total.of(Change.SAME)
    assert total.to_go + total.to_nogo == total.of(Change.OTHERWISE)
    for change in Change:
        assert sum(move.figures.of(change) for move in found.moves) == total.of(change)
    assert total.changed > 0


def test_the_same_rules_change_nothing_of_a_portfolio(portfolio):
    found = simulate(portfolio, replace(with_rule(), version="autre"), HORIZON)
    assert (found.gates, found.total.of(Change.SAME)) == ((), 60)


def test_a_lower_quorum_takes_no_decision_away(portfolio):
    found = simulate(portfolio, with_rule(quorum=1, people=1), HORIZON)
    assert found.total.of(Change.UNDECIDED) == 0
