"""Changes of rules in words: what other rules would have changed, and what a new file changes in the one in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from app.domain.policy.model import Policy
from app.domain.reading.text import clipped
from app.domain.report.rule_paradoxes import Paradoxes
from app.domain.report.rule_proof import Law, RuleProof
from app.domain.report.rules_diff import RulesDifference, called
from app.domain.report.rules_told import RulesPart
from app.domain.report.what_if import Change, Figures, GateFound, WhatIfReport
from app.messages import BRIEF, Safe, environment, neutral

FEW, WHOLE = 3, 1_000_000
REPORTS = ("what_if", "rules_diff", "rules_proof")
"""The names of the templates that are not notices."""
COLUMNS = {
    "fr": {
        Change.OTHERWISE: "Autre issue",
        Change.SHUT: "Sans passage possible",
        Change.UNDECIDED: "Plus de décision",
        Change.DECIDED: "Une décision en plus",
        Change.OPENED_LATER: "Demandés plus tard",
        Change.LATER: "Décidés plus tard",
        Change.EARLIER: "Décidés plus tôt",
        Change.UNKNOWN: "On ne peut pas savoir",
    },
    "en": {
        Change.OTHERWISE: "Another outcome",
        Change.SHUT: "No gate possible",
        Change.UNDECIDED: "No decision any more",
        Change.DECIDED: "One decision more",
        Change.OPENED_LATER: "Requested later",
        Change.LATER: "Decided later",
        Change.EARLIER: "Decided earlier",
        Change.UNKNOWN: "Nobody can tell",
    },
}


def simulation_text(
    found: WhatIfReport, policy: Policy, language: str, *, most: int = WHOLE, heading: bool = True, small: bool = False
) -> str:
    """What other rules, `policy`, would have changed, in Markdown; `most` gates are told one by one."""
    several = len({one.repository for one in found.gates}) > 1

    def ref(gate: GateFound) -> str:
        return f"{gate.repository if several else ''}#{gate.number}"

    def cell(figures: Figures, key: Change) -> Safe:
        """A number, and nothing where there is none."""
        number = figures.of(key)
        return Safe(number or "")

    return _rendered(
        "what_if",
        policy,
        language,
        f=found,
        ref=ref,
        cell=cell,
        columns=[key for key in COLUMNS[language] if found.total.of(key)],
        headings={key: Safe(text) for key, text in COLUMNS[language].items()},
        name=lambda phase: policy.phase(phase).name,
        top=most,
        few=FEW,
        heading=heading,
        small=small,
    )


def diff_text(
    changes: Iterable[RulesDifference],
    before: Policy,
    after: Policy,
    language: str,
    *,
    most: int = WHOLE,
    heading: bool = True,
) -> str:
    """What one text of the rules changes in another, in Markdown; each part tells `most` changes at most."""
    found = list(changes)
    parts = [(part, [one for one in found if one.part is part]) for part in RulesPart]
    ways = _names(before, after)
    marks = ("« {} »", "“{}”")[language == "en"]
    return _rendered(
        "rules_diff",
        after,
        language,
        parts=[(part, told) for part, told in parts if told],
        codes=lambda texts: [Safe(f"`{environment(language).filters['code'](text)}`") for text in texts],
        quotes=lambda texts: [Safe(marks.format(neutral(clipped(text, BRIEF)))) for text in texts],
        top=most,
        heading=heading,
        **ways,
        **{f"{kind}s": _each(way) for kind, way in ways.items()},
    )


def rules_proof_text(proof: RuleProof, found: Iterable[Paradoxes], policy: Policy, language: str) -> str:
    """What was tried of a committee's own rules, and what they lead to that may surprise, in Markdown."""
    ways = _names(policy, policy)
    space = "," if language == "en" else "\u202f"
    return _rendered(
        "rules_proof",
        policy,
        language,
        p=proof,
        rules=[one for one in found if not one.is_plain],
        moves=_moves,
        number=lambda value: Safe(f"{value:,}".replace(",", space)),
        ids=lambda seats: Safe(", ".join(seats)),
        **{f"{kind}s": _each(way) for kind, way in ways.items()},
        phase=ways["phase"],
    )


def _moves(law: Law) -> dict[str, list[str]]:
    """The phases that one rule leads from, by the phase that it leads to."""
    found: dict[str, list[str]] = {}
    for origin, target in law.moves:
        found.setdefault(target, []).append(origin)
    return found


def _each(way: Callable[[str], str]) -> Callable[[Iterable[str]], list[str]]:
    return lambda ids: list(map(way, ids))


def _names(before: Policy, after: Policy) -> dict[str, Callable[[str], str]]:
    """What people call phases, seats, aspects and questions: as the new rules do, else as the former ones did."""
    kinds: dict[str, dict[str, str]] = {"phase": {}, "seat": {}, "aspect": {}, "question": {}}
    for policy in (before, after):
        kinds["phase"] |= {one.id: one.name for one in policy.phases}
        kinds["seat"] |= {one.id: one.name for one in policy.committee.seats}
        kinds["aspect"] |= policy.aspects
        kinds["question"] |= {one.id: called(one) for one in policy.questions}
    return {kind: lambda key, known=known: known.get(key, key) for kind, known in kinds.items()}  # type: ignore[misc]


def _rendered(template: str, policy: Policy, language: str, /, **values: Any) -> str:
    text = environment(language, policy.timezone).get_template(f"{template}.md.j2").render(values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
