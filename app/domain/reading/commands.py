"""What a person can ask in a comment: one table of commands, and the parser that reads them out of a comment's body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.reading import (
    answering,
    comment_lines,
    grammar,
    mail,
    numerals,
    reservations,
    session_minutes,
    suggestions,
)
from app.domain.reading.command_keys import Parsed, command_key, keyed
from app.domain.reading.command_table import COMMANDS, VOTES, WORDS, CommandRow
from app.domain.reading.command_types import (
    Abstain,
    Adapt,
    AnswerItem,
    CloseGate,
    Command,
    Confirm,
    Contest,
    Doubt,
    Doubtful,
    Go,
    Help,
    Lift,
    MoveCard,
    Near,
    NoGo,
    NotApplicable,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Recuse,
    RequestGate,
    Resume,
    Reuse,
    SetAside,
    TakenInSession,
    Tick,
    TickBoxes,
    Unknown,
    Unrecuse,
    Untick,
    Withdraw,
)
from app.domain.reading.comment_lines import CommentLine, UnreadableCommentError
from app.domain.reading.courtesy import is_idle, is_silent, words
from app.domain.reading.grammar import Block
from app.domain.reading.session_table import OF_PRODUCT, OF_SESSION, CommandTable
from app.domain.reading.text import clipped, normalised

__all__ = [
    "COMMANDS",
    "WORDS",
    "Abstain",
    "Adapt",
    "AnswerItem",
    "CloseGate",
    "Command",
    "CommandRow",
    "Confirm",
    "Contest",
    "Doubtful",
    "Go",
    "Help",
    "Lift",
    "MoveCard",
    "Near",
    "NoGo",
    "NotApplicable",
    "Override",
    "Parsed",
    "Pause",
    "Rectify",
    "RectifyLift",
    "Recuse",
    "RequestGate",
    "Resume",
    "Reuse",
    "SetAside",
    "TakenInSession",
    "Tick",
    "TickBoxes",
    "Unknown",
    "Unrecuse",
    "Untick",
    "Withdraw",
    "command_key",
    "parse",
]

MOST = 50
"""Facts that one comment may add; the commands that would add more are refused together, once."""

SLASHES = re.compile("[/\uff0f\u2215\u2044\\\\]|&#|&sol;")
START = re.compile(
    r"^(?P<bullet>(?:[•·–—*+-]|\d{1,2}[.)]) {1,4})?(?P<slash>[/\uff0f\u2215\u2044\\])(?P<space> ?)"
    r"(?P<word>n/a(?![\w/])|[^\W\d_]\w*+(?:[‐‑‒–—-]\w++)*+)(?P<rest>.*)$"
)
UNKNOWN_REST = re.compile(r"$|\s|[,:;!?…](?:\s|$)|[.]+(?:\s|$)")
EITHER = re.compile(r"[\s,]*(?:ou|or)\s+/?(?:no[- ]?go|go)\s*\?+$", re.IGNORECASE)
"""« /go ou nogo ? » asks people, not Jalon."""
COLON = re.compile(r"^\s*+(?::(?![+-]?\w++:|[-'’]?[()/|\\]\s*+$)\s*+)?")
"""« /nogo : trop tôt »; « :+1: » is an emoji, and « :( » another."""
BARE = re.compile(
    r"^\s*+[*_]{0,3}(?:(?:mon\s++|my\s++|notre\s++)?(?:avis|vote|opinion)(?:\s*+:)?+\s++|(?:je|i)\s++vote\s++|ok,?\s++"
    r"|(?:pour\s++moi,?\s++)?+c['’]est\s++(?:un\s++)?+|(?:slash|barre\s++oblique)\s++)?"
    r"(?P<word>no\s++go\b|[^\W\d_]\w*+(?:[‐‑–-]\w++)*+)(?P<rest>[^\n]*)",
    re.IGNORECASE,
)
BARE_WORDS = {
    **dict.fromkeys(("go", "favorable"), "go"),
    **dict.fromkeys(("nogo", "no-go", "no go", "defavorable"), "nogo"),
    **{
        word: WORDS[word].name
        for word in ("abstention", "demande", "coche", "decoche", "aide", "deport", "levee", "decision")
    },
}
"""Words that are a command but for the slash, when the comment holds nothing else."""


@dataclass(frozen=True)
class _Start:
    """Where a command begins: its line, its word, the rest of the line as shown and as typed."""

    index: int
    line: CommentLine
    word: str
    text: str
    raw: str
    is_dressed: bool
    row: CommandRow | None


@lru_cache(maxsize=512)
def parse(
    body: str, *, via_email: bool = False, ignored: frozenset[str] = frozenset(), at_session: bool = False
) -> tuple[Parsed, ...]:
    """Every command of a comment in order, or the question it calls for.

    Code, quotes, quoted mail, signatures and hidden comments are not read; `ignored` are words for other robots.
    `at_session`: the comment is on a session's issue, not on a product's.
    """
    table = OF_SESSION if at_session else OF_PRODUCT
    if not SLASHES.search(body) and not (table.takes_bare and _may_be_bare(body)):
        return ()
    text, doubtful = mail.written_by_author(body, via_email=via_email)
    try:
        lines = comment_lines.lines(text)
        found = [(word, command) for word, command in _read(lines, table) if normalised(word) not in ignored]
    except UnreadableCommentError:
        found = [("", Doubtful(Doubt.TOO_LONG))] if SLASHES.search(text) else []
    if doubtful:
        found.append(("", Doubtful(Doubt.QUOTED, written=_first_command(doubtful))))
    return keyed(_capped(_one_vote(_once(found))))


def _first_command(doubtful: str) -> str:
    """The first doubtful line in which a command was found."""
    lines = (
        clipped(answering.hushed(line), grammar.WORDS_LIMIT)
        for line in doubtful.split("\n")
        if mail.COMMAND.match(line)
    )
    return next(lines, "")


def _may_be_bare(body: str) -> bool:
    first = BARE.match(body)
    return bool(first) and first is not None and normalised(first["word"]) in BARE_WORDS


def _read(lines: tuple[CommentLine, ...], table: CommandTable) -> Iterator[tuple[str, Command]]:
    starts = list(_starts(lines, table))
    talk = lines[: starts[0].index] if starts else lines
    yield from _amid_or_bare(talk, table) if table.takes_bare and not starts else _amid(talk, table)
    ends = [*(start.index for start in starts), len(lines)][1:]
    for start, end in zip(starts, ends, strict=True):
        yield start.word, _command(start, lines[start.index + 1 : end], table)


def _command(start: _Start, below: tuple[CommentLine, ...], table: CommandTable) -> Command:
    row = start.row
    if row is None:
        return _unknown(start.word, start.text, table)
    block = Block(row.name, start.line, start.text, start.raw, below)
    if start.line.underlined:
        told = answering.hushed(start.line.text)
        is_whole = told == start.line.text
        return block.doubt(told, Doubt.TITLE) if is_whole else Doubtful(Doubt.TITLE, row.name, told, told)
    return row.read(block)


def _unknown(word: str, text: str, table: CommandTable) -> Command:
    if normalised(word) == "no" and re.match(r"\s?go\b", normalised(text)):
        return Unknown("no go", "nogo")
    if normalised(word) in {"annule", "annuler"} and re.match(r"\s?(?:mon |le )?deport\b", normalised(text)):
        return Unknown(f"{word} déport", "annule-deport")
    return Unknown(clipped(word, 40), suggestions.meant(word, table.safe, table.first))


def _starts(lines: tuple[CommentLine, ...], table: CommandTable) -> Iterator[_Start]:
    """Plain commands, and those in lists or bold; below a plain command, a list or bold words are its own text."""
    below_plain = False
    for index, line in enumerate(lines):
        start = _start(index, line, table)
        if start and not (start.is_dressed and below_plain):
            below_plain = below_plain or not start.is_dressed
            yield start


def _start(index: int, line: CommentLine, table: CommandTable) -> _Start | None:
    if line.depth > 1 or line.kind == "row" or (line.kind == "title" and not line.underlined):
        return None
    match = START.match(line.text) or _after_sign(line.text, table)
    if not match:
        return None
    row = table.words.get(normalised(match["word"]))
    is_dressed = bool(match["bullet"]) or line.kind == "item" or bool(re.match(r"\s*[*_<]", line.raw))
    is_plain = match["slash"] == "/" and not match["space"] and not is_dressed
    if row is None and not (is_plain and UNKNOWN_REST.match(match["rest"])):
        return None
    if row and (match["rest"].startswith("/") or (row.name in VOTES and EITHER.fullmatch(match["rest"]))):
        return None
    text = COLON.sub("", match["rest"].strip())
    typed = COLON.sub("", _typed_rest(line, match["word"], text))
    return _Start(index, line, match["word"], text, typed, is_dressed, row)


def _after_sign(text: str, table: CommandTable) -> re.Match[str] | None:
    """« ✅ /go »: a known command that can be undone, after a decorative sign."""
    place = text.find("/")
    match = START.match(text[place:]) if place > 0 and suggestions.is_sign(text[:place]) else None
    row = table.words.get(normalised(match["word"])) if match else None
    return match if row and not row.is_lasting else None


def _typed_rest(line: CommentLine, word: str, text: str) -> str:
    """The rest of a command's line as typed, without the marks of bold or italics that hold the command itself."""
    before, found, rest = line.raw.partition(word)
    if not found or rest.strip(" .") == text:
        return text
    mark = _mark(before)
    if mark and mark in rest:
        opened, _, closed = rest.partition(mark)
        rest = opened + closed
    return comment_lines.BLANKS.sub(" ", rest).strip()


def _mark(before: str) -> str:
    """The first mark of bold or italics that signs alone separate from the end: « ** » of « **/ »."""
    end = next((rank for rank in range(len(before), 0, -1) if before[rank - 1].isalnum() or before[rank - 1] == "_"), 0)
    underscores = end - len(before[:end].rstrip("_"))
    _, star, after = before[end:].partition("*")
    return "_" * min(underscores, 3) or star + "*" * (len(after[:2]) - len(after[:2].lstrip("*")))


def _amid(lines: tuple[CommentLine, ...], table: CommandTable) -> Iterator[tuple[str, Command]]:
    """A line with one known command amid other words, where no line is one: asked about once."""
    for line in lines:
        found = list(suggestions.AMID.finditer(line.text)) if line.kind in {"text", "item", "more"} else []
        row = table.own.get(normalised(found[0]["word"])) if len(found) == 1 else None
        if row is None:
            continue
        slash = found[0].start("word") - 1
        before, after = line.text[:slash], line.text[found[0].end() :]
        if (
            not before.strip()
            or suggestions.NO_SPEECH.match(before)
            or after.startswith("](")
            or not (suggestions.is_address(before) or is_idle(after.replace("?", "")))
        ):
            continue
        yield row.words[0], _asked(row, found[0]["word"], line, Doubt.AMID)
        return


def _amid_or_bare(lines: tuple[CommentLine, ...], table: CommandTable) -> Iterator[tuple[str, Command]]:
    found = tuple(_amid(lines, table))
    yield from found
    first = BARE.match(lines[0].text) if lines and not found and lines[0].kind == "text" else None
    name = BARE_WORDS.get(normalised(first["word"])) if first else None
    row = next((row for row in COMMANDS if row.name == name), None)
    if first and row and _is_bare(row, first["rest"], lines[1:]):
        yield (
            row.words[0],
            _asked(row, first["word"] if normalised(first["word"]) in WORDS else row.name, lines[0], Doubt.NO_SLASH),
        )


def _is_bare(row: CommandRow, rest: str, below: tuple[CommentLine, ...]) -> bool:
    """« go », « Go sous réserve d’un audit », « No-go : trop tôt »: a command that lacks its slash alone."""
    if is_silent(rest):
        return all(is_idle(line.text) for line in below)
    if row.name == "session":
        return session_minutes.is_outcome_alone(rest)
    if row.name in {"tick", "untick", "confirm", "lift"}:
        found = numerals.listed_numbers(rest)
        return bool(found.items) and is_idle(found.rest)
    if row.name == "go":
        return bool(reservations.OPENING.match(rest)) and not re.match(r"\s*(?:if|once|si|sous)\b(?!\s+r)", rest)
    return row.name == "nogo" and bool(re.match(r"\s*[:,;—–-]", rest)) and bool(words(rest))


def _asked(row: CommandRow, word: str, line: CommentLine, why: Doubt) -> Doubtful:
    return Doubtful(why, row.name, f"/{word.lower()}", clipped(answering.hushed(line.text), grammar.WORDS_LIMIT))


def _once(found: list[tuple[str, Command]]) -> list[tuple[str, Command]]:
    """The same question twice in one comment is asked once."""
    asked: set[Command] = set()
    kept = []
    for word, command in found:
        if not isinstance(command, Unknown | Doubtful) or command not in asked:
            kept.append((word, command))
        asked.add(command)
    return kept


def _vote(word: str, command: Command) -> str:
    row = WORDS.get(normalised(word))
    is_asked_only = isinstance(command, Doubtful) and command.why in {"amid", "no_slash", "title"}
    if isinstance(command, Unknown):  # « /go » above « /contre »
        row = WORDS.get(normalised(command.suggestion))
    return row.name if row and row.name in VOTES and not is_asked_only else ""


def _one_vote(found: list[tuple[str, Command]]) -> list[tuple[str, Command]]:
    """Different votes in one comment: none counts, and this is said once, at the first of them."""
    votes = [(word, command) for word, command in found if _vote(word, command)]
    if len(set(map(_told, votes))) < 2 or all(isinstance(command, Unknown) for _, command in votes):
        return found
    names = ", ".join(dict.fromkeys(f"/{word.lower()}" for word, _ in votes))
    kept = [pair for pair in found if not _vote(*pair)]
    kept.insert(found.index(votes[0]), (votes[0][0], Doubtful(Doubt.TWO_VOTES, "go", names)))
    return kept


def _told(vote: tuple[str, Command]) -> Command:
    return vote[1]


def _capped(found: list[tuple[str, Command]]) -> list[tuple[str, Command]]:
    """As many as make `MOST` facts; the rest is refused in one answer."""
    total = 0
    kept: list[tuple[str, Command]] = []
    for word, command in found:
        numbers = getattr(command, "items", ()) or getattr(command, "further", ()) or getattr(command, "what", ())
        total += max(1, len(numbers))
        if total > MOST - 1:
            return [*kept, ("", Doubtful(Doubt.TOO_MANY, words=str(len(found) - len(kept)), near=str(MOST)))]
        kept.append((word, command))
    return kept
