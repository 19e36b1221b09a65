"""A thousand deliveries lost, doubled, late, with GitHub's answers lost too and Jalon killed: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.engine.stage import until
from tests.faults.stage import Committee

PRODUCTS = 50
TORN = (
    {"kind": "field-lost", "chance": 0.05},
    {"kind": "cut-between", "chance": 0.05},
    {"kind": "field-refused", "why": "unavailable", "chance": 0.05, "next": 5},
)
"""What befalls a part of one call that writes much; refusals are few, since each is waited out for a minute."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def base(request, tmp_path):
    if request.param == "sqlite":
        return request.param, f"sqlite:///{tmp_path}/jalon.db", 1
    return request.param, request.getfixturevalue("postgres").new_database(), 2


@pytest.mark.faults
def test_a_thousand_deliveries_in_a_storm(base, row, tmp_path):
    name, url, workers = base
    committee = Committee(url, workers=workers, log=tmp_path / "log")
    try:
        committee.keeper.start()
        committee.post.lost, committee.post.doubled, committee.post.shuffled = 0.1, 0.1, 0.2
        committee.hub.answers.share = 0.05
        committee.hub.faults.reseed(3)
        for fault in TORN:
            committee.hub.faults.add(fault)
        numbers = committee.file(PRODUCTS)
        for count, victim in enumerate(("web", list(committee.keeper.makers)[-1], "web"), 1):
            committee.wait_decided(numbers, 5)
            committee.keeper.kill(victim)
            until(lambda: committee.keeper.restarts >= count, 60)  # noqa: B023
        committee.settle(240)
        committee.wait_decided(numbers, 60)
        committee.sweep()
        committee.post.calm()
        committee.hub.answers.share = 0
        torn = Counter(item["kind"] for item in committee.hub.faults.happened)
        committee.hub.faults.clear()
        committee.sweep()
        committee.wait_decided(numbers, 120)
        committee.settle()
        committee.sweep()
        flaws = committee.flaws(numbers)
        counts, answers = committee.post.counts, committee.hub.answers.made
        told = f"{counts['lost']} perdues, {counts['doubled']} doublées, {counts['late']} en retard ; {answers} réponses 502 après coup ; {torn['field-lost']} mutations sans réponse, {torn['field-refused']} refusées, {torn['cut-between']} appels coupés ; {committee.keeper.restarts} morts"
        row("Tempête", name, counts["sent"], flaws, told)
        assert flaws == {"lost": 0, "doubled": 0}
        assert torn.keys() == {fault["kind"] for fault in TORN}
        assert counts["sent"] >= 1000
    finally:
        committee.stop()
