"""The state of the policy file, and what to post about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.policy.document import Problem
from app.domain.policy.model import Gate, Policy
from app.domain.publish.file_notices import RulesFile
from app.domain.publish.rules_views import RulesView, RuleView


class RulesState(StrEnum):
    """What the file of the rules is: taken as it is, full of faults, not there, or not given by GitHub."""

    GOOD = "good"
    FLAWED = "flawed"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PolicyStatus:
    """`policy` is in force: the file when it is valid, else the last valid one, else the default, distrusted."""

    state: RulesState
    policy: Policy
    problems: tuple[Problem, ...] = field(default=())
    kept: bool = False
    """Whether the policy in force is this very file, which a former version of Jalon accepted."""


def complaint(reading: PolicyStatus, address: str) -> RulesFile | None:
    """What to post about a file that is not valid; None when there is nothing to say.

    A file that never existed is nobody's mistake: set-up has yet to write it. One that GitHub does not let us read
    concerns the administrator alone.
    """
    if reading.state is RulesState.FLAWED or (reading.state is RulesState.ABSENT and not reading.policy.flawed):
        rules, problems = _shown(reading.policy), reading.problems
        return RulesFile(state=reading.state, problems=problems, rules=rules, address=address, kept=reading.kept)
    return None


def amends(reading: PolicyStatus) -> RulesFile:
    """What to post, in the same place, once the file is valid again."""
    return RulesFile(state="mended", rules=_shown(reading.policy))


def _shown(policy: Policy) -> RulesView | None:
    """None when no file was ever valid: no rules are in force, and no gate opens."""
    if policy.flawed:
        return None
    committee = policy.committee
    return RulesView(
        version=policy.version,
        phases=tuple(phase.name for phase in policy.phases),
        team=committee.team,
        seats=len(committee.seats),
        rules=_rules(policy, policy.gates),
        secretariat=committee.secretariat,
    )


def _rules(policy: Policy, gates: Iterable[Gate]) -> tuple[RuleView, ...]:
    """The vote rules, each with the phases whose gates use it."""
    found: dict[tuple[int, str], list[str]] = {}
    for gate in gates:
        named = found.setdefault((gate.rule.quorum, str(gate.rule.threshold)), [])
        name = policy.phase(gate.to).name
        if name not in named:
            named.append(name)
    return tuple(RuleView(quorum, threshold, tuple(names)) for (quorum, threshold), names in found.items())
