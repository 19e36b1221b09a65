"""What a person can ask in a comment: one table of commands, and the parser that reads them out of a comment's body."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.mail import written
from app.domain.ornaments import undressed
from app.domain.speech import spoken_lines
from app.domain.words import clipped, plain

REASON_LIMIT = 3000
"""Characters of a reason kept in the register; the comment itself keeps the rest."""
CONDITION_LIMIT = 500


@dataclass(frozen=True)
class Command:
    """Base of all commands: what is asked, apart from who asks and where."""


@dataclass(frozen=True)
class RequestGate(Command):
    target: str = ""


@dataclass(frozen=True)
class Withdraw(Command):
    reason: str = ""


@dataclass(frozen=True)
class CloseGate(Command):
    reason: str = ""


@dataclass(frozen=True)
class TakenInSession(Command):
    """What the committee decided in session: go, nogo or later (report); `present` as the secretariat wrote it."""

    outcome: str = ""
    present: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Go(Command):
    """`conditions` is None for a plain go, and the lines written under « sous réserve » otherwise."""

    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class NoGo(Command):
    reason: str = ""


@dataclass(frozen=True)
class Abstain(Command):
    reason: str = ""


@dataclass(frozen=True)
class Recuse(Command):
    reason: str = ""


@dataclass(frozen=True)
class Tick(Command):
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untick(Command):
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotApplicable(Command):
    items: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Lift(Command):
    number: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Help(Command):
    pass


@dataclass(frozen=True)
class Unknown(Command):
    """A line that looks like a command and is none; `suggestion` is the nearest known word, if any is near."""

    word: str
    suggestion: str = ""


@dataclass(frozen=True)
class MoveCard(Command):
    """Asked by dragging the product's card, not by a comment; `target` is empty when the column is no phase's."""

    target: str
    column: str = ""


@dataclass(frozen=True)
class TickBoxes(Command):
    """Asked by editing the bot's checklist: the items whose box changed, and to what."""

    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of the table: the words (French first), who may use it, and how its text is read."""

    name: str
    words: tuple[str, ...]
    who: str
    build: Callable[[str, tuple[str, ...]], Command]


def _reason(text: str, lines: tuple[str, ...]) -> str:
    return clipped("\n".join(part for part in (text, *lines) if part.strip()), REASON_LIMIT)


RESERVATION = re.compile(
    r"^[\s,;.—-]*(?:(?:sous|avec)\s+(?:r[ée]serves?|conditions?)|with\s+conditions?|if)\b[\s:,;—-]*", re.IGNORECASE
)
LATER_RESERVATION = re.compile(r"\b(?:sous|avec)\s+(?:r[ée]serves?|conditions?)\b[\s:,;—-]*", re.IGNORECASE)
BULLET = re.compile(r"^\s*(?:[-*+•–]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")


def _go(text: str, lines: tuple[str, ...]) -> Command:
    # « /go mais sous réserve de… » is no unconditional go, wherever the reservation stands.
    match = RESERVATION.match(text) or LATER_RESERVATION.search(text)
    if not match:
        return Go()
    return Go(tuple(clipped(line, CONDITION_LIMIT) for line in (text[match.end() :], *_list(lines)) if line))


def _list(lines: tuple[str, ...]) -> Iterator[str]:
    """The lines of a list, bullets removed, up to the first empty line after it began."""
    begun = False
    for line in lines:
        if line.strip():
            begun = True
            yield BULLET.sub("", line).strip()
        elif begun:
            return


ITEM = re.compile(r"^(?:n[°o]\s*)?#?([0-9]{1,3}|[a-z0-9]+(?:-[a-z0-9]+)+)[,;.:]?$", re.IGNORECASE)


NUMBER = re.compile(r"^(?:n[°o]\s*)?#?([0-9]{1,3})[,;.:]?$", re.IGNORECASE)


def _items(text: str, further: re.Pattern[str] = ITEM) -> tuple[tuple[str, ...], str]:
    """The leading item numbers or ids of a text, `further` telling which may follow the first, and the rest."""
    first, _, rest = text.partition(" ")
    words = [*first.replace(",", " ").split(), *rest.split()]
    items: list[str] = []
    while words and (words[0].casefold() in {"et", "and"} or (further if items else ITEM).match(words[0])):
        word = words.pop(0)
        if found := ITEM.match(word):
            items.append(found[1].lower())
    return tuple(dict.fromkeys(items)), " ".join(words).lstrip(":—- ")


def _tick(text: str, lines: tuple[str, ...]) -> Command:
    return Tick(_items(text)[0])


def _untick(text: str, lines: tuple[str, ...]) -> Command:
    return Untick(_items(text)[0])


def _not_applicable(text: str, lines: tuple[str, ...]) -> Command:
    # A reason may well begin with a hyphenated word: « /na 4 sous-traitance exclue ».
    items, rest = _items(text, NUMBER)
    return NotApplicable(items, _reason(rest, lines))


def _lift(text: str, lines: tuple[str, ...]) -> Command:
    first, _, rest = text.partition(" ")
    items, _ = _items(first)
    return Lift(items[0] if items else "", _reason(rest.lstrip(":—- ") if items else text, lines))


OUTCOMES = {"go": "go", "nogo": "nogo", "no-go": "nogo", "report": "later", "reporte": "later", "later": "later"}
PRESENT = re.compile(r"^\s*(?:[-*+•]\s+)?(?:pr[ée]sent(?:e|s|es|[.·⋅]es?(?:[.·⋅]s)?)?)\s*:\s*(.*)$", re.IGNORECASE)


def _session(text: str, lines: tuple[str, ...]) -> Command:
    first, _, rest = text.partition(" ")
    outcome = OUTCOMES.get(plain(first.strip(",;:.!")), "")
    present: list[str] = []
    other: list[str] = []
    for line in (rest if outcome else text, *lines):
        match = PRESENT.match(line)
        if match:
            present += [name.strip(" @.") for name in re.split(r"[,;]|\bet\b|\band\b", match[1]) if name.strip(" @.")]
        else:
            other.append(line)
    if outcome == "go":
        reservation = RESERVATION.match(other[0])
        if reservation:
            other[0] = other[0][reservation.end() :]
        written = [BULLET.sub("", line).strip() for line in other]
        conditions = tuple(clipped(line, CONDITION_LIMIT) for line in written if line)
        return TakenInSession(outcome, tuple(present), conditions)
    return TakenInSession(outcome, tuple(present), (), _reason("", tuple(other)))


COMMANDS: tuple[Row, ...] = (
    Row("request", ("demande", "demander", "request"), "team", lambda text, lines: RequestGate(text.strip(" .!"))),
    Row("withdraw", ("retrait", "retirer", "withdraw"), "team", lambda text, lines: Withdraw(_reason(text, lines))),
    Row("tick", ("coche", "cocher", "check", "tick"), "team", _tick),
    Row("untick", ("decoche", "decocher", "uncheck", "untick"), "team", _untick),
    Row("na", ("na", "sans-objet", "n/a"), "team", _not_applicable),
    Row("go", ("go",), "committee", _go),
    Row("nogo", ("nogo", "no-go"), "committee", lambda text, lines: NoGo(_reason(text, lines))),
    Row("abstain", ("abstention", "abstain"), "committee", lambda text, lines: Abstain(_reason(text, lines))),
    Row("recuse", ("deport", "recuse", "recusal"), "committee", lambda text, lines: Recuse(_reason(text, lines))),
    Row("lift", ("levee", "lever", "lift"), "committee", _lift),
    Row("close", ("clore", "cloture", "close"), "secretariat", lambda text, lines: CloseGate(_reason(text, lines))),
    Row("session", ("decision", "decide"), "secretariat", _session),
    Row("help", ("aide", "help", "commandes", "commands"), "anyone", lambda text, lines: Help()),
)

VOTES = ("go", "nogo", "abstain", "recuse")
WORDS: dict[str, Row] = {word: row for row in COMMANDS for word in row.words}
LINE = re.compile(r"^ {0,3}/ ?(n/a|[^\W\d_][\w‐‑–-]*)(?=$|[\s:,.!])[ \t]*:?[ \t]*(.*)$")


@dataclass(frozen=True)
class Parsed:
    """A command found in a body, and a key that stays the same as long as its own text does."""

    command: Command
    key: str


def parse(body: str, *, via_email: bool = False) -> tuple[Parsed, ...]:
    """Every command of a comment in order; code, quotes, quoted mail, signatures and hidden comments are not read."""
    found: list[Parsed] = []
    seen: dict[str, int] = {}
    for word, text, lines in _blocks(tuple(spoken_lines(written(body, via_email=via_email).text))):
        row = WORDS.get(plain(word))
        command = row.build(text.strip(), lines) if row else _unknown(word)
        said = f"{plain(word)}\n{command!r}"
        seen[said] = seen.get(said, 0) + 1
        digest = hashlib.sha256(f"{said}\n{seen[said]}".encode()).hexdigest()
        found.append(Parsed(command, digest[:12]))
    return tuple(found)


def _unknown(word: str) -> Command:
    near = get_close_matches(plain(word), WORDS, n=1, cutoff=0.6)
    return Unknown(clipped(word, 40), WORDS[near[0]].words[0] if near else "")


@dataclass(frozen=True)
class _Start:
    """Where a command begins: its line, its word, the rest of the line."""

    index: int
    word: str
    text: str
    is_dressed: bool

    @property
    def vote(self) -> str:
        row = WORDS.get(plain(self.word))
        return row.name if row and row.name in VOTES else ""


def _blocks(lines: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each command word with the rest of its line and the lines below it, up to the next command."""
    starts = _starts(lines)
    ends = [*(start.index for start in starts), len(lines)][1:]
    for start, end in zip(starts, ends, strict=True):
        yield start.word, start.text, lines[start.index + 1 : end]


def _starts(lines: tuple[str, ...]) -> list[_Start]:
    """Plain commands, and the dressed ones that can be nothing else.

    Below a plain command, a list or words in bold are its own text: conditions, reasons. Different votes dressed up in
    one comment are a reminder of what may be typed, and nobody's vote.
    """
    found: list[_Start] = []
    below_plain = False
    for index, line in enumerate(lines):
        start = _start(index, line)
        if start and not (start.is_dressed and below_plain):
            found.append(start)
            below_plain = below_plain or not start.is_dressed
    votes = {start.vote for start in found if start.is_dressed and start.vote}
    return [start for start in found if len(votes) < 2 or not (start.is_dressed and start.vote)]


def _start(index: int, line: str) -> _Start | None:
    """What a plain line says today it says for ever: only a line that says nothing is undressed."""
    match = _command_line(line)
    if match:
        return _Start(index, match[1], match[2], is_dressed=False)
    bare = undressed(line)
    match = _command_line(bare.line)
    # As for « / go », what is typed oddly is forgiven to known words only.
    return _Start(index, match[1], match[2], bare.is_dressed) if match and plain(match[1]) in WORDS else None


def _command_line(line: str) -> re.Match[str] | None:
    match = LINE.match(line)
    # « / go » is what a phone's keyboard makes of « /go »: the space is forgiven to known words only.
    return match if match and (not line.lstrip().startswith("/ ") or plain(match[1]) in WORDS) else None
