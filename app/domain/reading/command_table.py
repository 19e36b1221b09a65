"""The one table of commands: the words of each, who may use it, and how its text is read."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.reading import (
    answering,
    gate_request,
    grammar,
    naming,
    reservations,
    second_thought_words,
    session_minutes,
)
from app.domain.reading.command_types import (
    Abstain,
    Adapt,
    CloseGate,
    Near,
    NoGo,
    Recuse,
    Reuse,
    SetAside,
    Tick,
    Unrecuse,
    Untick,
    Withdraw,
)
from app.domain.reading.grammar import Reader


@dataclass(frozen=True)
class CommandRow:
    """One line of the table: the words (French first), who may use it, and how its text is read."""

    name: str
    words: tuple[str, ...]
    who: str
    read: Reader
    is_lasting: bool = False
    """Whether it cannot be undone: it is then never suggested, nor accepted behind other signs."""


COMMANDS: tuple[CommandRow, ...] = (
    CommandRow("request", ("demande", "demander", "request"), "team", gate_request.read_gate_request),
    CommandRow("withdraw", ("retrait", "retirer", "withdraw"), "team", grammar.lasting(Withdraw), is_lasting=True),
    CommandRow("tick", ("coche", "cocher", "check", "tick"), "team", grammar.ticking(Tick)),
    CommandRow("untick", ("decoche", "decocher", "uncheck", "untick"), "team", grammar.ticking(Untick)),
    CommandRow("na", ("na", "sans-objet", "n/a"), "team", grammar.not_applicable),
    CommandRow("answer", ("reponse", "repondre", "answer"), "team", answering.answer),
    CommandRow("confirm", ("confirme", "confirmer", "confirm"), "team", answering.confirm),
    CommandRow("reuse", ("reutilise", "reutiliser", "reuse"), "team", naming.naming_candidates(Reuse)),
    CommandRow("adapt", ("adapte", "adapter", "adapt"), "team", naming.naming_candidates(Adapt)),
    CommandRow("aside", ("ecarte", "ecarter", "set-aside"), "team", naming.naming_candidates(SetAside)),
    CommandRow(
        "contest",
        ("contester", "conteste", "contestation", "appeal"),
        "team",
        second_thought_words.contest,
        is_lasting=True,
    ),
    CommandRow("pause", ("pause",), "team", second_thought_words.pause),
    CommandRow("resume", ("reprise", "reprendre", "resume"), "team", second_thought_words.resume),
    CommandRow("go", ("go",), "committee", reservations.go),
    CommandRow("nogo", ("nogo", "no-go"), "committee", grammar.with_reason(NoGo, strictly=False)),
    CommandRow("abstain", ("abstention", "abstain"), "committee", grammar.with_reason(Abstain)),
    CommandRow("recuse", ("deport", "recuse", "recusal"), "committee", grammar.lasting(Recuse), is_lasting=True),
    CommandRow("unrecuse", ("annule-deport", "annuler-deport", "unrecuse"), "committee", grammar.with_reason(Unrecuse)),
    CommandRow("lift", ("levee", "lever", "lift"), "committee", grammar.lift, is_lasting=True),
    CommandRow("close", ("clore", "cloture", "close"), "secretariat", grammar.lasting(CloseGate), is_lasting=True),
    CommandRow("session", ("decision", "decide"), "secretariat", session_minutes.session, is_lasting=True),
    CommandRow(
        "rectify",
        ("rectifier", "rectifie", "rectification", "rectify"),
        "secretariat",
        second_thought_words.rectify,
        is_lasting=True,
    ),
    CommandRow(
        "override",
        ("passer-outre", "passe-outre", "override"),
        "direction",
        second_thought_words.override,
        is_lasting=True,
    ),
    CommandRow("near", ("proche", "proches", "near"), "anyone", naming.naming_candidates(Near)),
    CommandRow("help", ("aide", "help", "commandes", "commands"), "anyone", grammar.bare_help),
)

VOTES = ("go", "nogo", "abstain", "recuse")
WORDS: dict[str, CommandRow] = {word: row for row in COMMANDS for word in row.words}
SAFE = frozenset(word for word, row in WORDS.items() if not row.is_lasting)
FIRST = tuple(row.words[0] for row in COMMANDS if not row.is_lasting)
