"""What became of the policy file, and what has to be told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from app.domain.policy.document import Problem
from app.domain.policy.model import Gate, Policy
from app.domain.publish.notices import RulesFile, RulesView, RuleView

State = Literal["good", "flawed", "absent", "unreadable"]


@dataclass(frozen=True)
class PolicyStatus:
    """`policy` is what holds: the file itself when it is good, else the last good one, else the default, distrusted."""

    state: State
    policy: Policy
    problems: tuple[Problem, ...] = field(default=())
    kept: bool = False
    """Whether what holds is this very file, which a former version of Jalon took."""


def complaint(reading: PolicyStatus, address: str) -> RulesFile | None:
    """What is told of a file that cannot hold; None when there is nothing to say.

    A file that never was is no mistake of anybody's: set-up has yet to write it. One that GitHub does not let us read
    is for the administrator alone.
    """
    if reading.state == "flawed" or (reading.state == "absent" and not reading.policy.flawed):
        rules, problems = _shown(reading.policy), reading.problems
        return RulesFile(state=reading.state, problems=problems, rules=rules, address=address, kept=reading.kept)
    return None


def amends(reading: PolicyStatus) -> RulesFile:
    """What is told, in the same place, once the file is good again."""
    return RulesFile(state="mended", rules=_shown(reading.policy))


def _shown(policy: Policy) -> RulesView | None:
    """None when no file was ever good: no rule holds, and no gate opens."""
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
    """The vote rules, each with the phases whose gates it holds for."""
    found: dict[tuple[int, str], list[str]] = {}
    for gate in gates:
        named = found.setdefault((gate.rule.quorum, str(gate.rule.threshold)), [])
        name = policy.phase(gate.to).name
        if name not in named:
            named.append(name)
    return tuple(RuleView(quorum, threshold, tuple(names)) for (quorum, threshold), names in found.items())
