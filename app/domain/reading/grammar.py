"""How the text of each command is read: the whole line and what goes with it below, or the words in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from app.domain.reading import numerals
from app.domain.reading.command_types import (
    Abstain,
    CloseGate,
    Command,
    Confirm,
    Contest,
    Doubt,
    Doubtful,
    Help,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    Resume,
    Tick,
    Unrecuse,
    Untick,
    Withdraw,
)
from app.domain.reading.comment_lines import UNSAID, CommentLine
from app.domain.reading.courtesy import is_idle, is_silent, words
from app.domain.reading.text import clipped, normalised, vocabulary

REASON_LIMIT = 3000
"""Characters of a reason kept in the register; the comment itself keeps the rest."""
WORDS_LIMIT = 120
"""Characters of the words in doubt shown in an answer."""
BEFORE_COLON = re.compile(r"[/\uff0f]\s?[\w‐‑–-]++[*_]*+\s*+:")
HUSHED = re.compile(f"{UNSAID}+")


@dataclass(frozen=True)
class Block:
    """A command's word, the rest of its line as shown and as typed, and the lines below it up to the next command."""

    name: str
    start: CommentLine
    text: str
    raw: str
    below: tuple[CommentLine, ...] = ()
    is_apart: bool = False
    """Whether its text comes from another paragraph than the command's."""

    @property
    def is_told(self) -> bool:
        """Whether the words follow the command itself, not a colon."""
        return not BEFORE_COLON.search(self.start.text)

    @property
    def first_words(self) -> str:
        """What follows the command: the rest of its line, or the first line below that says something."""
        texts = (self.text, *(line.text for line in self.below))
        return next((text for text in texts if not is_idle(text)), "")

    @property
    def attached(self) -> tuple[CommentLine, ...]:
        """The lines below that belong to the command's own paragraph, or to a list that directly follows it."""
        return tuple(self._attached())

    def _attached(self) -> Iterator[CommentLine]:
        for line in self.below:
            is_list = line.kind in {"item", "more", "row"} and not self.start.item
            if line.block != self.start.block and not is_list:
                return
            yield line

    @property
    def moved(self) -> Block:
        """The same, read from the first line below when nothing follows the command itself: « /levée », then « 1 »."""
        if not is_silent(self.text):
            return self
        for rank, line in enumerate(self.below):
            if not is_idle(line.text):
                apart = line not in self.attached
                return replace(self, text=line.text, raw=line.raw, below=self.below[rank + 1 :], is_apart=apart)
        return self

    def doubt(self, words: str, why: Doubt = Doubt.UNREAD, near: str = "") -> Doubtful:
        """The answer that asks about some words of this command."""
        return Doubtful(why, self.name, _in_words(words), _in_words(self.start.text.strip("*_ ")), near)


def _in_words(text: str) -> str:
    """Words as an answer repeats them: what was shown but not said is an ellipsis."""
    return clipped(HUSHED.sub("…", text), WORDS_LIMIT)


Reader = Callable[[Block], Command]

TAKEN_BACK = vocabulary("annule annulee annuler cancel cancelled canceled oublie oubliez")
DENIED = re.compile(
    r"(?:(?:finalement|en fait|actually|after all,?) (?:non|no|pas)\b"
    r"|(?:non|no|nope|jamais|never)(?:[\s.,;:!?]+(?:merci|thanks|thank you|non|no|pas|plutot)\b|[.,;:!?]|$))"
)
"""They take back anything but a no-go, which they only repeat."""
WAVERING = re.compile(r"(?:pas encore|pas maintenant|pas tout de suite|not yet|not now|ou|or|plus tard)\b")


NOT_YET = vocabulary(
    "demain bientot apres avant quand lorsque lorsqu des si sauf jusqu jusque aussitot sinon lundi mardi "
    "mercredi jeudi "
    "vendredi samedi dimanche tomorrow later soon tonight after before when if unless until once next monday tuesday "
    "wednesday thursday friday saturday sunday don dont never peut eventuel eventuelle eventuellement possible "
    "possiblement envisage envisagee prevu prevue inutile aucun aucune neant none perhaps maybe"
)
UNSURE = re.compile(
    r"(?:ce (?:soir|matin|midi)|cet apres|cette (?:semaine|apres)|la semaine prochaine|le mois prochain|le \d|a \d+ ?h"
    r"|(?:dans|in|sous) (?:\d|une?|a|deux|trois|two|three|quelques|a few)\b|on (?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day"
    r"|this (?:evening|afternoon|week)|a (?:voir|prevoir|discuter|confirmer|envisager)|en cas|in case|d'ici"
    r"|sans objet|n/a"
    r"|no (?:conflict|need|reason)|(?:surtout )?(?:ne )?pas(?: (?:de|d'|besoin|necessaire|concerne\w*"
    r"|maintenant|tout|avant"
    r"|encore|lieu|la peine)\b|\W*$)|d'|ne pas|do not|non (?:necessaire|justifie|requis|concerne|applicable))"
    r"|.*\b(?:as soon as|des que)\b"
)
"""Behind a command that cannot be taken back, they say when or whether it is meant."""
NOTHING = re.compile(r"(?:aucune?|neant|none|rien|nothing|sans objet|n/a|nil|no|non)(?: conflit| conflict)?\W*")
FOR_ANOTHER = re.compile(
    r"(?:(?:de|du|d'|pour|of|for)\s*+@?[\w-]++|(?:de|du|of|for)\s++(?!ma part)(?:la |l'|le |the )?[\w-]++(?: [\w-]++)?"
    r"|(?:(?:de|du|d'|pour|of|for)\s*+)?@.*+)\W*+"
)
ANOTHERS = re.compile(
    r"(?:(?:de|of|du)\s+)?(?:(?:mon|ma|mes|my|la|le|les|the|cette|ce|this|our|notre)\s+)?(?:avis|vote|go|no-?go|reserves?"
    r"|conditions?|reservations?|abstention|deport|recusal|commentaire|comment|point|\d++)\b(?:\W*+\d++)?\W*+"
)
"""« /retrait de mon avis »: what only withdraws a request."""
NOT_LIFTED = re.compile(
    r"(?:refuse|rejete|impossible|partiel|en attente|pending|to ?do\b"
    r"|a (?:faire|completer|revoir|venir|traiter|lever|suivre)\b"
    r"|en cours|in progress|incomplete?|insuffisant|pas (?:leve|faite?"
    r"|prete?|fini|encore)"
    r"|not (?:done|ready|lifted|yet)|rejected|refused|partly|partial)"
)


def typed(text: str, lines: tuple[CommentLine, ...]) -> str:
    """The words of a reason as typed, nothing when there is no word among them."""
    reason = "\n".join(part for part in (text, *(line.raw.rstrip() for line in lines)) if part.strip())
    reason = HUSHED.sub("…", reason).lstrip(",; ")
    return "" if is_idle(reason.replace("?", "")) else clipped(reason, REASON_LIMIT)


def is_taken_back(text: str, *, strictly: bool) -> bool:
    """« /clore non », « /retrait annulé », « /déport ? »: what follows takes the command back, or asks about it."""
    said = normalised(text).strip(" .,;:!()-")
    if not said or said.strip("? ") == "":
        return bool(said)
    first = re.split(r"[\s.,;:!?]", said, maxsplit=1)[0]
    return first in TAKEN_BACK or (
        strictly and (bool(DENIED.match(said)) or bool(WAVERING.match(said)) or said.endswith("?"))
    )


def is_deferred(name: str, text: str, *, is_told: bool) -> bool:
    """« /clore demain », « /retrait si refus », « /déport de secu »; a colon makes a reason of any words."""
    said = normalised(text).strip()
    if NOTHING.fullmatch(said):
        return True
    is_elsewhere = (name == "recuse" and FOR_ANOTHER.fullmatch(said)) or (
        name == "withdraw" and ANOTHERS.fullmatch(said)
    )
    if name == "lift" and said.startswith(("pas de ", "pas d'")):  # « pas de faille trouvée » is evidence
        return False
    is_unsure = not NOT_YET.isdisjoint(words(said)[:1]) or UNSURE.match(said)
    return is_told and bool(is_elsewhere or is_unsure)


OTHER_VOTE = re.compile(
    r"(?:finalement|plutot|ou plutot|en fait|je passe a|or rather|actually|ou|or)[\s,:]+(?:un |a )?"
    r"(?:/?go|/?abstention|/?abstain|favorable)\b|(?:.*[\s«\"(>])?/(?:go|abstention|abstain)\W*$"
)
"""« /nogo finalement go »"""


ANY_VOTE = re.compile(r"(?<![\w/])/(?:go|no-?go|abstention|abstain|deport|recusal)\b")
"""« /abstention, non finalement /go »"""


def with_reason(
    kind: type[Withdraw | CloseGate | NoGo | Abstain | Recuse | Unrecuse],
    *,
    strictly: bool = True,
    is_lasting: bool = False,
) -> Reader:
    """A command followed by a reason in free words."""

    def read(block: Block) -> Command:
        first = block.first_words
        if (
            is_taken_back(first, strictly=strictly)
            or (is_lasting and is_deferred(block.name, first, is_told=block.is_told))
            or (kind is NoGo and OTHER_VOTE.match(normalised(first)))
            or (kind in {Abstain, Recuse, Unrecuse} and ANY_VOTE.search(normalised(first)))
        ):
            return block.doubt(first)
        return kind(typed(block.raw, block.below))

    return read


def explained_as(block: Block, kind: type[Contest | Resume], *, is_lasting: bool) -> Command:
    """The same of a block already moved, with the reason first among the fields."""
    first = block.first_words
    if is_taken_back(first, strictly=True) or (is_lasting and is_deferred(block.name, first, is_told=block.is_told)):
        return block.doubt(first)
    return kind(typed(block.raw, block.below))


def lasting(kind: type[Withdraw | CloseGate | Recuse]) -> Reader:
    """One that cannot be taken back: words that put it off are asked about."""
    return with_reason(kind, is_lasting=True)


def bare_help(block: Block) -> Command:
    return Help()


def ticking(kind: type[Tick | Untick | Confirm]) -> Reader:
    """Numbers and nothing else, on the line or one a line below."""

    def read(block: Block) -> Command:
        items: dict[str, None] = {}
        for text, is_own in _rows(block):
            found = numerals.listed_numbers(text)
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
    block = block.moved
    found = numerals.leading(block.text)
    doubt = _unsure(block, found)
    if doubt:
        return doubt
    if not found.items and not is_silent(block.text):
        return block.doubt(block.text)
    return NotApplicable(found.items, typed(_as_typed(block, found), block.below))


def lift(block: Block) -> Command:
    block = block.moved
    found = numerals.leading(block.text)
    doubt = _unsure(block, found)
    if doubt:
        return doubt
    numbers = [item for item in found.items if item.isdigit()]
    if len(numbers) < len(found.items) or not numbers:
        return Lift("", typed(block.raw, block.below))
    return Lift(numbers[0], typed(_as_typed(block, found), block.below), tuple(numbers[1:]))


def _unsure(block: Block, found: numerals.LeadingNumbers) -> Doubtful | None:
    """Numbers that may be the sentence's own, or words after them that take the command back or put it off."""
    if found.doubt:
        both = f"{found.items[-1]} {found.doubt}"
        return block.doubt(both, Doubt.UNSPLIT, both)
    said = replace(block, text=found.rest).first_words
    if not found.items or not said:
        return None
    is_told = ":" not in block.text[: len(block.text) - len(found.rest)]
    if block.is_apart and is_told and not is_idle(found.rest):  # « /na », a blank line, « 3 personnes ont relu »
        return block.doubt(block.text)
    is_put_off = block.name == "lift" and (
        is_deferred(block.name, said, is_told=is_told) or (is_told and NOT_LIFTED.match(normalised(said)))
    )
    is_doubtful = numerals.EXCEPT.match(normalised(said)) or is_taken_back(said, strictly=True) or is_put_off
    return block.doubt(said) if is_doubtful else None


def _as_typed(block: Block, found: numerals.LeadingNumbers) -> str:
    """What follows the numbers, as typed."""
    written = numerals.leading(block.raw)
    return written.rest if written.items == found.items else found.rest
