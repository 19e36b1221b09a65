"""How the text of each command is read: the whole line and what goes with it below, or the words in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain import numerals
from app.domain.command_types import (
    Abstain,
    CloseGate,
    Command,
    Doubtful,
    Help,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    RequestGate,
    Tick,
    Untick,
    Why,
    Withdraw,
)
from app.domain.courtesy import is_idle, is_silent, words
from app.domain.speech import UNSAID, Line
from app.domain.words import clipped, plain, vocabulary

REASON_LIMIT = 3000
"""Characters of a reason kept in the register; the comment itself keeps the rest."""
WORDS_LIMIT = 120
"""Characters of the words in doubt shown in an answer."""


@dataclass(frozen=True)
class Block:
    """A command's word, the rest of its line as shown and as typed, and the lines below it up to the next command."""

    name: str
    start: Line
    text: str
    raw: str
    below: tuple[Line, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether the words follow the command itself, not a colon."""
        return not re.search(r"[/\uff0f]\s?[\w‐‑–-]+[*_]*\s*:", self.start.text)

    @property
    def attached(self) -> tuple[Line, ...]:
        """The lines below that belong to the command's own paragraph, or to a list that directly follows it."""
        return tuple(self._attached())

    def _attached(self) -> Iterator[Line]:
        for line in self.below:
            is_list = line.kind in {"item", "more", "row"} and not self.start.item
            if line.block != self.start.block and not is_list:
                return
            yield line

    def doubt(self, words: str, why: Why = "unread", near: str = "") -> Doubtful:
        """The answer that asks about some words of this command."""
        return Doubtful(why, self.name, _in_words(words), _in_words(self.start.text.strip("*_ ")), near)


def _in_words(text: str) -> str:
    """Words as an answer repeats them: what was shown but not said is an ellipsis."""
    return clipped(re.sub(f"{UNSAID}+", "…", text), WORDS_LIMIT)


Reader = Callable[[Block], Command]

TAKEN_BACK = vocabulary("annule annulee annuler cancel cancelled canceled oublie oubliez")
DENIED = re.compile(
    r"(?:non|no|nope|jamais|never)(?:[\s.,;:!?]+(?:merci|thanks|thank you|non|no|pas|plutot)\b|[.,;:!?]|$)"
)
"""They take back anything but a no-go, which they only repeat."""
WAVERING = re.compile(r"(?:pas encore|pas maintenant|pas tout de suite|not yet|not now|ou|or|plus tard)\b")


NOT_YET = vocabulary(
    "demain bientot apres avant quand lorsque lorsqu des si sauf jusqu jusque aussitot sinon tomorrow later soon after "
    "before when if unless until once"
)
"""Behind a command that cannot be taken back, they say when or whether it is meant."""
FOR_ANOTHER = re.compile(r"(?:de|du|d'|pour|of|for)\s*@?[\w-]+\W*")


def typed(text: str, lines: tuple[Line, ...]) -> str:
    """The words of a reason as typed, nothing when there is no word among them."""
    reason = "\n".join(part for part in (text, *(line.raw.rstrip() for line in lines)) if part.strip())
    reason = reason.lstrip(",; ")
    return "" if is_idle(reason.replace("?", "")) else clipped(reason, REASON_LIMIT)


def is_taken_back(text: str, *, strictly: bool) -> bool:
    """« /clore non », « /retrait annulé », « /déport ? »: what follows takes the command back, or asks about it."""
    said = plain(text).strip(" .,;:!()-")
    if not said or said in TAKEN_BACK or said.strip("? ") == "":
        return bool(said)
    first = re.split(r"[\s.,;:!?]", said, maxsplit=1)[0]
    return strictly and (
        first in TAKEN_BACK or bool(DENIED.match(said)) or bool(WAVERING.match(said)) or said.endswith("?")
    )


def is_deferred(block: Block) -> bool:
    """« /clore demain », « /retrait si refus », « /déport de secu »; a colon makes a reason of any words."""
    said = plain(block.text)
    is_for_another = block.name == "recuse" and bool(FOR_ANOTHER.fullmatch(said))
    return block.is_told and (is_for_another or not NOT_YET.isdisjoint(words(said)[:1]))


def explained(
    kind: type[Withdraw | CloseGate | NoGo | Abstain | Recuse], *, strictly: bool = True, is_lasting: bool = False
) -> Reader:
    """A command followed by a reason in free words."""

    def read(block: Block) -> Command:
        if is_taken_back(block.text, strictly=strictly) or (is_lasting and is_deferred(block)):
            return block.doubt(block.text)
        return kind(typed(block.raw, block.below))

    return read


def bare_help(block: Block) -> Command:
    return Help()


TO_PHASE = re.compile(
    r"^(?:(?:le|un|de|du|a|the)\s+)?(?:passage|passer|move)?\s*"
    r"(?:(?:à|a|au|aux|en|vers|pour|to|de|la|le|l['’]|the|phase)\s+|l['’])*",
    re.IGNORECASE,
)
AROUND_PHASE = " .!,;:«»\"“”'’()…"


def request(block: Block) -> Command:
    """« /demande », « /demande « POC », merci », « /demande le passage en MVP », the phase on the line below."""
    rows = (block.text, *(line.text for line in block.attached))
    parts = [part for row in rows for part in re.split(r"[,;]", row) if not is_idle(part)]
    if len(parts) > 1:
        return block.doubt(parts[1])
    if not parts:
        return RequestGate()
    target = parts[0].strip(AROUND_PHASE)
    if is_taken_back(parts[0], strictly=True):
        return block.doubt(parts[0])
    return RequestGate(TO_PHASE.sub("", target).strip(AROUND_PHASE) or target)


def ticking(kind: type[Tick | Untick]) -> Reader:
    """Numbers and nothing else, on the line or one a line below."""

    def read(block: Block) -> Command:
        items: dict[str, None] = {}
        for text, is_own in _rows(block):
            found = numerals.listed(text)
            if not is_idle(found.rest) and is_own:
                return block.doubt(found.rest, near=" ".join(items or found.items))
            if not is_idle(found.rest):
                break
            items |= dict.fromkeys(found.items)
        return kind(tuple(items))

    return read


def _rows(block: Block) -> Iterator[tuple[str, bool]]:
    """The texts that may hold numbers, and whether each must be understood."""
    yield block.text, True
    own = len(block.attached)
    for rank, line in enumerate(block.below):
        yield line.text or " ".join(line.cells), rank < own


def not_applicable(block: Block) -> Command:
    found = numerals.leading(block.text)
    if found.doubt:
        return block.doubt(f"{found.items[-1]} {found.doubt}", "unsplit", f"{found.items[-1]} {found.doubt}")
    if not found.items and not is_silent(block.text):
        return block.doubt(block.text)
    return NotApplicable(found.items, typed(_as_typed(block, found), block.below))


def lift(block: Block) -> Command:
    found = numerals.leading(block.text)
    if found.doubt:
        return block.doubt(f"{found.items[-1]} {found.doubt}", "unsplit", f"{found.items[-1]} {found.doubt}")
    numbers = [item for item in found.items if item.isdigit()]
    if len(numbers) < len(found.items) or not numbers:
        return Lift("", typed(block.raw, block.below))
    return Lift(numbers[0], typed(_as_typed(block, found), block.below), tuple(numbers[1:]))


def _as_typed(block: Block, found: numerals.Found) -> str:
    """What follows the numbers, as typed."""
    written = numerals.leading(block.raw)
    return written.rest if written.items == found.items else found.rest
