"""The rules changed while a gate is open: it ends as it began, and each decision names the version that ruled it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.product.facts import GateDecided, GateRequested
from app.domain.report.explanation import explain
from app.github.policies import PATH
from app.messages import explain_product
from app.yaml_documents import version_of
from tests.stage import SEATS

EVERYTHING = " ".join(str(number) for number in range(1, 17))


def facts(stage, number, kind):
    product, _ = stage.product_turn.look(stage.world.repository, number)
    return [fact for fact in product.history if isinstance(fact, kind)]


@pytest.mark.slow
def test_a_gate_ends_under_the_rules_of_its_opening(stage, tmp_path, monkeypatch):
    before = stage.world.files[PATH]
    after = before.replace("quorum: 5", "quorum: 9").replace("quorum: 6", "quorum: 9")
    old, new = version_of(before), version_of(after)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.world.write_file("secretariat", PATH, after)
    stage.rests()
    stage.reads_rules()
    assert stage.policies.of(stage.world.repository).version == new

    stage.decided(number, seats=SEATS)
    assert "phase: poc" in stage.labels(number)
    assert [(fact.policy, fact.rule.quorum) for fact in facts(stage, number, GateRequested)] == [(old, 5)]
    assert [fact.policy for fact in facts(stage, number, GateDecided)] == [old]
    assert "Règles appliquées\u00a0: celles du comité à l’ouverture du passage." in decisions(stage, number)[0]

    stage.says("cheffe-produit", number, f"/coche {EVERYTHING}\n/demande")
    stage.decided(number, seats=SEATS)
    assert len(facts(stage, number, GateDecided)) == 1  # seven were enough, nine are needed from now on
    stage.decided(number, seats=("ops-produit", "cloud-fabrique", "cloud-ops"))
    assert [(fact.policy, fact.rule.quorum) for fact in facts(stage, number, GateRequested)] == [(old, 5), (new, 9)]
    assert [fact.policy for fact in facts(stage, number, GateDecided)] == [old, new]
    assert not any(version in text for text in decisions(stage, number) for version in (old, new))

    product, policy = stage.product_turn.look(stage.world.repository, number)
    told = explain(product, policy, stage.now)
    assert told.entry
    assert told.entry.policy == new, "kept for programs"
    assert new not in explain_product(told, "fr")
    exported = [json.loads(line) for line in export(stage, tmp_path, monkeypatch).splitlines()]
    assert [fact["policy"] for fact in exported if fact["kind"] == "GateDecided"] == [old, new]


def decisions(stage, number):
    return [text for text in stage.said(number) if "## Décision" in text]


def export(stage, folder, monkeypatch):
    for name, value in (stage.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{folder}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["register", "export"])
    assert done.exit_code == 0, done.output
    return done.output
