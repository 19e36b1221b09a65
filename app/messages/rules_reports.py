"""Changes of rules in words: what other rules would have changed, and what a new file changes in the one in force."""

from __future__ import annotations

import re
from typing import Any

from app.domain.policy.model import Policy
from app.domain.report.what_if import Change, Figures, Found, GateFound
from app.messages import Safe, environment

FEW, WHOLE = 3, 1_000_000
REPORTS = ("what_if",)
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


def simulation_text(found: Found, policy: Policy, language: str, *, most: int = WHOLE, heading: bool = True) -> str:
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
    )


def _rendered(template: str, policy: Policy, language: str, /, **values: Any) -> str:
    text = environment(language, policy.timezone).get_template(f"{template}.md.j2").render(values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
