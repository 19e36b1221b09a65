"""A committee's own rules, tried on every vote against the specification that the verifier carries."""

from __future__ import annotations

import runpy

from app.cli.here_and_now import now
from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.report.rule_paradoxes import paradoxes
from app.domain.report.rule_proof import Judge, prove
from app.messages.rules_reports import rules_proof_text
from app.shipped_files import asset

SPECIFICATION = "verifier/rules_spec.py"


def specification() -> Judge:
    """What the ballots decide, by rules that share nothing with ours: run from its file, as an outsider would."""
    judge: Judge = runpy.run_path(str(asset(SPECIFICATION)))["closing"]
    return judge


def rules_proved(policy: Policy) -> tuple[str, bool]:
    """What is to be told, in the committee's language; whether nothing is wrong."""
    judge = specification()
    proof, today = prove(policy, judge), day_of(now(), policy.timezone)
    found = [paradoxes(law, policy, judge, today) for law in proof.laws]
    return rules_proof_text(proof, found, policy, policy.language), not proof.faults
