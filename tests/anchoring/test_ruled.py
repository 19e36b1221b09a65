"""The witnesses that rules name: those of all the committees, each once, and none that rules should not lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.anchoring.ruled import RuledWitnesses
from app.domain.policy.register_settings import RegisterSettings, Witness
from app.transparency.notes import new_signer
from tests.builders import a_small_policy

NAMES = ("un.exemple.fr", "deux.exemple.fr", "trois.exemple.fr")
KEYS = [new_signer(name).witness_key.vkey for name in NAMES]


class Rules:
    def __init__(self, **found):
        self.found, self.now, self.reads = found, datetime(2026, 11, 28, tzinfo=UTC), 0

    def remembered(self, repository):
        self.reads += 1
        found = self.found[repository]
        return found and replace(a_small_policy(), register=found)

    def witnesses(self, **how):
        return RuledWitnesses(lambda: self.found, self.remembered, lambda: self.now, **how)


def named(*ranks, quorum=1, url="https://{}"):
    return RegisterSettings((), tuple(Witness(KEYS[rank], url.format(NAMES[rank])) for rank in ranks), quorum)


def test_those_of_all_the_committees_each_once_and_the_largest_quorum():
    rules = Rules(a=named(0, 1, quorum=2), b=named(1, 2), c=None, d=RegisterSettings())
    known = rules.witnesses()
    assert [one.name for one in known()] == [*NAMES]
    assert known.quorum == 2


def test_rules_that_change_are_heard_within_a_minute_and_not_read_at_each_round():
    rules = Rules(a=named(0))
    known = rules.witnesses()
    assert [one.name for one in known()] == [NAMES[0]]
    rules.found["a"] = named(1, quorum=0)
    rules.now += timedelta(seconds=59)
    assert [one.name for one in known()] == [NAMES[0]]
    assert rules.reads == 1
    rules.now += timedelta(seconds=1)
    assert [one.name for one in known()] == [NAMES[1]]
    assert known.quorum == 0


@pytest.mark.parametrize("here", [True, False])
def test_rules_lead_to_no_service_of_this_machine_but_in_a_rehearsal(here):
    rules = Rules(a=named(0, url="http://127.0.0.1:8080/{}"))
    assert len(rules.witnesses(here=here)()) == here


def test_what_is_no_key_is_left_out():
    rules = Rules(a=RegisterSettings((), (Witness("abîmée", "https://a"), *named(0).witnesses), 1))
    assert [one.name for one in rules.witnesses()()] == [NAMES[0]]
