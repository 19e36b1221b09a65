"""What is told of a change of rules: each field of the rules by its name, with what it changes for people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RulesPart(StrEnum):
    """What a change is about, what changes decisions first."""

    DECISIONS = "decisions"
    DOSSIERS = "dossiers"
    AROUND = "around"


_DECISIONS = (
    *("Gate+", "Gate-", "Rule.quorum", "Rule.people", "Rule.threshold", "Rule.mandatory", "Rule.veto"),
    *("Rule.consent",),
    *("Rule.deadline_days", "Gate.checklist", "Gate.first"),
    *("Seat+", "Seat-", "Seat.name", "Seat.holder", "Seat.substitutes", "Seat.since", "Seat.until"),
    *("Committee.team", "Committee.secretariat", "Committee.secretariat_team", "Committee.apps"),
    *("Phase+", "Phase-", "Phase~"),
    *("Committee.nogo_after_session", "Freeze+", "Freeze-", "Freeze~", "SecondThoughts.rectify_days"),
    *("SecondThoughts.contest_days", "SecondThoughts.direction"),
    *("Committee.day", "Committee.weeks_off", "Policy.timezone"),
    *("RegisterSettings.keys", "RegisterSettings.quorum", "Witness+", "Witness-", "Witness.key", "Witness.url"),
    "Witness~",
)
_DOSSIERS = (
    *("Item+", "Item-", "Item.required", "Item.text", "Item.until", "Item.kind", "Item.choices", "Item.private"),
    *("Item.expires", "Item.form", "Item.help", "Item.norms", "Item.aspect", "Item~", "Policy.aspects"),
    *("Policy.aspects~", "Question+", "Question-", "Question.required", "Question.labels", "Question.only_if_asked"),
    *("Question~", "ReuseSettings+", "ReuseSettings-", "ReuseSettings.radar", "ReuseSettings.radar_required"),
    *("ReuseSettings.least", "ReuseSettings.plain_words", "ReuseSettings.seat"),
)
_AROUND = (
    *("Phase.name", "Phase.goal", "Phase.label", "Phase.card", "Seat~"),
    *("Support+", "Support-", "Support.required", "Support.labels", "Support.only_if_asked", "Support~"),
    *("Committee.agenda_days", "Committee.name", "Policy.board"),
    *("FollowUp.cut_off_days", "FollowUp.minutes_per_gate", "FollowUp.stalled_weeks", "FollowUp.unseen_months"),
    *("FollowUp.public_pages", "Reminding.enabled", "Reminding.hour", "Reminding.days_before", "Reminding.never"),
    *("Direction+", "Direction-", "Direction~", "Direction.name", "Direction.aliases"),
    *("PageSettings.institution", "Accessibility.status", "Accessibility.contact", "Accessibility.report"),
    *("Legal.publisher", "Legal.director", "Legal.host", "Legal.contact"),
    *("NoticeChannel+", "NoticeChannel-", "NoticeChannel~", "NoticeChannel.events", "NoticeChannel.titles"),
    *("Policy.language", "Policy.ignored_commands"),
)
TOLD: Mapping[str, RulesPart] = {
    **dict.fromkeys(_DECISIONS, RulesPart.DECISIONS),
    **dict.fromkeys(_DOSSIERS, RulesPart.DOSSIERS),
    **dict.fromkeys(_AROUND, RulesPart.AROUND),
}
"""In the order in which they are told: « Seat+ » is one more seat, « Seat- » one less, « Seat~ » another order."""
UNTOLD: Mapping[str, str] = {
    "Policy.version": "names the text, and changes with it",
    "Policy.digest": "names the text whole, and changes with it",
    "Policy.flawed": "says how the file was read, not what it says",
    "Policy.doubts": "told by the check of the file, with their lines",
    "Policy.gates": "told move by move",
    "Gate.to": "what the move is told by",
    "Gate.origins": "what the move is told by",
    "Gate.entry": "never in a file: it says how a product entered",
    "Seat.id": "what a seat is found again by",
    "Phase.id": "what a phase is found again by",
    "Item.id": "what an item is found again by",
    "Question.id": "what a question is found again by",
    "Support.id": "what a question is found again by",
    "Direction.id": "what a direction is found again by",
    "Freeze.since": "a freeze is told whole: one less, one more",
    "Freeze.until": "a freeze is told whole: one less, one more",
    "Freeze.reason": "a freeze is told whole: one less, one more",
    "NoticeChannel.name": "what a channel is found again by",
    "FollowUp.stalled_default": "never in a file",
}
"""Fields of which nothing is said, and why."""
