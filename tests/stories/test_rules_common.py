"""Rules that extend a common part of the same repository: read, changed, broken, withheld, mended."""

from __future__ import annotations

import pytest

from app.domain.policy.inheritance import CommonProblem
from app.github.policies import PATH
from tests.stage import Stage

COMMON = ".github/jalon-commun.yml"


@pytest.fixture
def shared(stage):
    """The rules in two parts: the committee's people, and what a ministry keeps for all."""
    own, mark, rest = stage.world.files[PATH].partition("\naspects:")
    stage.world.app.permissions = stage.world.app.permissions | {"contents": "read"}
    stage.world.app.events = [*stage.world.app.events, "push"]
    stage.world.write_file("secretariat", COMMON, f"{mark}{rest}")
    stage.world.write_file("secretariat", PATH, f"extends: {COMMON}\n{own}\n")
    stage.settle()
    return mark + rest


def write(stage, text):
    stage.world.write_file("secretariat", COMMON, text)
    return stage.settle()


def reading(stage):
    return stage.policies.reading(stage.world.repository, again=True)


def test_a_gate_opens_under_the_rules_of_both_parts(stage, shared):
    found = reading(stage)
    assert (found.state, found.policy.committee.team) == ("good", "comite-produit")
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    stage.decided(number)
    assert "phase: mvp" in stage.labels(number)
    versions = {
        fact.policy for fact in stage.register.history(stage.world.issues[number].node_id) if hasattr(fact, "policy")
    }
    assert versions == {found.policy.version}


def test_a_push_to_the_common_part_is_in_force_at_once(stage, shared):
    assert reading(stage).policy.gate("idee", "poc").rule.deadline_days == 14
    write(stage, shared.replace("deadline_days: 14", "deadline_days: 21"))
    assert stage.policies.of(stage.world.repository).gate("idee", "poc").rule.deadline_days == 21
    assert reading(stage).state == "good"


def test_the_last_good_whole_holds_while_the_common_part_is_broken_absent_or_withheld(stage, shared, tmp_path):
    good = reading(stage).policy
    for text, kind in (("phases: [1", "syntax"), (None, CommonProblem.ABSENT)):
        if text is None:
            stage.world.delete_file("secretariat", COMMON)
        else:
            write(stage, text)
        stage.rests()
        found = reading(stage)
        assert (found.state, found.policy, [one.kind for one in found.problems]) == ("flawed", good, [kind])
    stage.rests()
    born_anew = Stage(stage.hub, f"sqlite:///{tmp_path}/jalon.db")
    assert born_anew.policies.of(stage.world.repository) == good
    write(stage, shared)
    assert reading(stage).state == "good"


def test_its_fault_is_told_with_a_link_to_its_own_line(stage, shared):
    write(stage, shared.replace('card: "MVP"', 'card: ["MVP"]'))
    stage.reads_rules()
    (told,) = [
        one
        for one in stage.world.issues.values()
        if "règles à corriger" in one.labels or "Règles du comité" in one.title
    ]
    assert f"/dnum/produits/blob/HEAD/{COMMON}#L" in told.body
    assert stage.world.commit_comments == []
    write(stage, shared)
    stage.reads_rules()
    assert told.state == "closed"


def test_an_unchanged_whole_costs_one_read_more_and_one_alone_none(stage, shared):
    reading(stage)
    stage.hub.calls.clear()
    reading(stage)
    assert [call["path"].rpartition("/")[2] for call in stage.hub.calls] == ["jalon.yml", "jalon-commun.yml"]
