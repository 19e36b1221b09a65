"""A go, with or without conditions: what opens their list, what is an item of it, and what closes the matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.reading import conditions
from app.domain.reading.command_types import Command, Doubt, Doubtful, Go
from app.domain.reading.comment_lines import UNSAID, CommentLine
from app.domain.reading.courtesy import is_greeting, is_idle, words
from app.domain.reading.grammar import Block
from app.domain.reading.text import clipped, normalised, vocabulary

CONDITION_LIMIT = 500
RESERVE = r"(?:r[ée]serves?|conditions?|reservations?|caveats?)"
NUMBERS = {
    "one": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
}
COUNT = rf"(?:(?P<count>\d{{1,2}}|{'|'.join(NUMBERS)})\s+)?"
OPENING = re.compile(
    rf"""[\s,;:.(—–-]*(?:(?:mais|but|et|and|donc|toutefois|however)\b[\s,]*)?
    (?:
      (?:sous|avec|with|under)\s+(?:(?:les?|la|des|une?|some|the|a|toutes?|ma|mes|nos|notre)\s+)?{COUNT}
        (?:(?:seules?|[ée]ventuelles?|quelques|fortes?|petites?|following|suivantes)\s+)*{RESERVE}\b
      | {COUNT.replace("count", "number")}{RESERVE}(?:\s+suivantes?)?\s*(?=:|$)
      | [àa]\s+(?:la\s+|les\s+|une\s+|deux\s+)?(?:seules?\s+)?conditions?\b
      | on\s+(?:the\s+|one\s+)?condition\b
      | (?:if(?:\s+and\s+only\s+if)?|provided(?:\s+that)?|providing|subject\s+to|as\s+long\s+as|once)\b
      | (?:si|pourvu\s+que|moyennant|d[èe]s\s+que|tant\s+que)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
LATER = re.compile(rf"\b(?:sous|avec|with)\s+(?:(?:une?|des|les|the|some)\s+)?{RESERVE}\b", re.IGNORECASE)
"""A reservation further on the line: « /go, merci à tous, mais sous réserve d’un audit »."""
WITHOUT = re.compile(
    rf"[\s,;:.(—–-]*(?:sans|without|aucune?|(?:with\s+)?no|pas\s+de)\s+(?:any\s+|aucune\s+|la\s+moindre\s+)?{RESERVE}[\s.!)]*",
    re.IGNORECASE,
)
KINDS = vocabulary(
    "mineure mineures majeure majeures legere legeres forte fortes importante importantes formelle formelles expresse "
    "expresses technique techniques suspensive suspensives prealable prealables habituelle habituelles usuelle "
    "usuelles suivante suivantes following et minor major small strong usual and"
)
"""« avec réserves mineures » tells what reservations they are, and none of them."""
AGAINST = frozenset("👎❌✖🚫⛔🛑✋🙅⚠🤔❓❔🙁☹😕😠😡🔴😬😢😞🤨🤷⏸⏳⌛¿؟‽⁇⁈⁉⸮")
AGAINST_TYPED = re.compile(
    r":(?:-1|thumbsdown|x|negative_squared_cross_mark|heavy_multiplication_x|no_entry(?:_sign)?|stop_sign|octagonal_sign"
    r"|warning|thinking(?:_face)?|question|grey_question|confused|rage|angry|worried|frowning\w*|raised_hand|no_good\w*"
    r"|hourglass\w*|red_circle|shrug|grimacing|cry|disappointed):|(?<![\w:])[:;]['’]?-?[(/|\[](?!\w)"
)
"""What a person does not put behind a go that they mean, as a sign or as typed."""
NONE = vocabulary("aucune aucun neant none rien nil nothing zero ras non no sans")
LEADING_INS = re.compile(r"^[\s:,;—–-]+")
OF = re.compile(r"(?:de|d['’]|que)\s*+:\s*+(?=\S)", re.IGNORECASE)
"""« sous réserve de : audit »"""
PARTITIVE = re.compile(r"^(?:de\s+|d['’]\s*)(?=\S)", re.IGNORECASE)
INTRODUCING = vocabulary(
    "de d des du la le les l que qu points point elements element suivants suivant suivantes suivante following "
    "the that of ci dessous apres below aspects aspect corrections reserves reserve conditions condition items ce "
    "qui suit en avec a et mes nos voici here are my voir cf see"
)
SIGN = "\u2190-\u21ff\u25a0-\u25ff\u2600-\u27bf\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff\U0001f300-\U0001faff"
"""Arrows, shapes, ticks and other pictures."""
BULLET = re.compile(
    rf"^\s*(?:(?:->|-->|=>)\s|[-*+•·–—―−▪◦‣»›✓✔]|\d{{1,2}}[.)/°º]\)?|\d\ufe0f?\u20e3|\(\d{{1,2}}\)"
    rf"|[a-hA-H]\)|\([a-hA-H]\)|i{{1,3}}\)|iv\)|[{SIGN}]{{1,2}}\ufe0f?"
    rf"|:(?:white_check_mark|heavy_check_mark|arrow_right|ballot_box_with_check):)"
    rf"\s*(?:\[[ xX]\]\s+)?(?=\S)"
)
BOX = re.compile(r"^\[[ xX]?\]\s+")
CAUTION = vocabulary(
    "reserve reserves condition conditions reservation reservations si sauf mais corriger devra devront doit "
    "doivent faudra faut avant provided unless if but however toutefois cependant neanmoins annule annulez retire "
    "non must should finalement pas nogo except attention attendre attends attendons revoir manque manquent manquant "
    "manquants incomplet incomplete required requires require wait waiting missing lacks though abstiens abstention"
)
CAUTIOUS = re.compile(
    r"\ba (?:faire|corriger|completer|prevoir|lever|refaire|traiter)\b|\btake (?:it|this|that) back\b"
    r"|\bnot (?:yet|now)\b|\bneeds? (?:to|an?|more|the)\b"
)
"""Words of a paragraph below a go that may restrict it."""
RESERVES = vocabulary("reserve reserves condition conditions reservation reservations")
SUBJECT = vocabulary("aspect aspects domaine sujet theme area topic")
OBJECT = vocabulary("reserve reserves condition conditions reservation reservations demande point points")


def go(block: Block) -> Command:
    """Plain, or with the conditions it sets; any other word is asked about."""
    text = block.text
    if AGAINST & set(text) or AGAINST_TYPED.search(text):
        return block.doubt(text)
    if WITHOUT.fullmatch(text):
        text = ""
    if not is_idle(text):
        return _with_words(block, text)
    for rank, line in enumerate(block.below):
        if is_idle(line.text) and line.kind != "row":
            continue
        opening = OPENING.match(line.text) if line.kind in {"text", "title"} else None
        if opening and not WITHOUT.fullmatch(line.text):
            return _conditional(block, opening, line.text, block.below[rank + 1 :], PARTITIVE)
        break
    return _plain(block)


def _plain(block: Block) -> Command:
    """A go without a condition: nothing else in its block, and nothing below that could restrict it."""
    attached = len(block.attached)
    talk = False
    for rank, line in enumerate(block.below):
        is_list = line.kind in {"item", "more", "row"}
        text = line.text or " ".join(line.cells)
        if WITHOUT.fullmatch(text) or is_idle(text):
            continue
        talk = talk or not is_list
        said = set(words(text))
        restricts = said & RESERVES if is_list else said & CAUTION or CAUTIOUS.search(normalised(text))
        if rank < attached or (is_list and not talk) or restricts:
            return block.doubt(text)
    return Go()


def _with_words(block: Block, text: str) -> Command:
    opening = OPENING.match(text)
    if opening is None:
        later = LATER.search(text)
        if later and is_idle(re.sub(r"\b(?:mais|but|et|and)\b", " ", text[: later.start()], flags=re.IGNORECASE)):
            opening = later
    if (
        opening is None
        or UNSAID in text
        or re.fullmatch(r"(?:si|if)\s+(?:possible|besoin|needed)\W*", normalised(text))
    ):
        return block.doubt(text)
    return _conditional(block, opening, text, block.below)


def _conditional(
    block: Block,
    opening: re.Match[str],
    text: str,
    below: Sequence[CommentLine],
    strip: re.Pattern[str] | None = None,
) -> Command:
    tail = OF.sub("", LEADING_INS.sub("", text[opening.end() :]).strip())
    tail = _without_kind(strip.sub("", tail) if strip else tail)
    for left, right in ("()", "[]"):
        if left in text[: opening.end()] and tail.endswith(right) and left not in tail:
            tail = tail[:-1].rstrip()
    named = opening.groupdict().get("count") or opening.groupdict().get("number") or ""
    if is_none(tail) and not any(not is_idle(line.text) for line in below):
        return Go()
    found = gathered_conditions(tail, below)
    if found.doubt:
        return block.doubt(found.doubt)
    if found.is_none:
        return Go()
    wanted = NUMBERS.get(named.lower(), int(named) if named.isdigit() else 0)
    if wanted > 1 and found.texts and len(found.texts) != wanted:
        return block.doubt(named, Doubt.MISCOUNTED, str(len(found.texts)))
    return doubtful_parts(block, found.texts) or Go(found.texts)


def _without_kind(tail: str) -> str:
    """« mineures : renommer » → « renommer »"""
    kind, _, rest = tail.partition(":")
    return rest.strip() if words(kind) and set(words(kind)) <= KINDS else tail


def doubtful_parts(block: Block, texts: Sequence[str]) -> Doubtful | None:
    """The first date or person of these conditions that cannot be read."""
    for text in texts:
        if days := conditions.two_days(text):
            return block.doubt(days, Doubt.TWO_DAYS)
        if day := conditions.unread_day(text):
            return block.doubt(day, Doubt.UNREAD_DAY)
        if owner := conditions.unread_owner(text):
            return block.doubt(owner, Doubt.UNREAD_OWNER)
    return None


@dataclass
class ConditionList:
    """The conditions of a list, or the first words that are neither one nor around one."""

    texts: tuple[str, ...] = ()
    doubt: str = ""
    is_none: bool = False
    """« Réserves : » above « néant »."""


def is_none(text: str) -> bool:
    """« aucune », « néant », « aucune réserve »"""
    return bool(WITHOUT.fullmatch(text)) or (bool(words(text)) and set(words(text)) <= NONE)


def _may_be_none(text: str) -> bool:
    """« aucune pour l’instant » is no condition, and « aucune sauf l’audit » is one: nobody can tell for certain."""
    first = words(text)[:1]
    return bool(first) and first[0] in {"aucune", "aucun", "neant", "none", "rien", "nil", "nothing", "zero"}


def introduces(tail: str) -> bool:
    """« suivantes : », « des points suivants », « de : »: opens the list, and is no condition."""
    return tail.rstrip().endswith(":") or not words(tail) if set(words(tail)) <= INTRODUCING else False


def _is_marked(text: str) -> bool:
    return bool(BULLET.match(text)) and not is_idle(text)


def gathered_conditions(tail: str, below: Sequence[CommentLine]) -> ConditionList:
    """The condition on the line itself, and those listed below it."""
    has_list = any(line.kind in {"item", "row"} or _is_marked(line.text) for line in below)
    opens = introduces(tail) or (has_list and set(words(tail)) <= INTRODUCING)
    if has_list and tail.endswith(":") and not opens:
        return ConditionList(doubt=tail)
    if not opens and not below and set(words(tail)) <= INTRODUCING:
        return ConditionList()
    first = () if opens or is_idle(tail) else (tail,)
    found = _List(has_list, bool(first))
    for line in below:
        if not found.take(line):
            return ConditionList(doubt=line.text or line.raw)
    texts = tuple(text.rstrip(" ,;") for one in (*first, *found.conditions()) for text in conditions.apart(one))
    if len(texts) == 1 and below and is_none(texts[0]):
        return ConditionList(is_none=True)
    if doubtful := next(filter(_may_be_none, texts), ""):
        return ConditionList(doubt=doubtful)
    return ConditionList(tuple(clipped(text, CONDITION_LIMIT) for text in texts))


@dataclass
class _Entry:
    lines: list[str]
    depth: int = 0
    parents: tuple[str, ...] = ()


@dataclass
class _List:
    """What the lines below « sous réserve » add up to, one after the other."""

    has_list: bool
    has_first: bool
    entries: list[_Entry] = field(default_factory=list)
    head: tuple[str, ...] = ()
    plain_block: int = 0

    def take(self, line: CommentLine) -> bool:
        """Whether the line is a condition, a part of one, or words around the list."""
        if line.kind == "row":
            return self._row(line)
        text = BULLET.sub("", line.raw).strip() if UNSAID not in line.text else ""
        if line.kind == "item":
            self.entries.append(_Entry([BOX.sub("", text)], line.depth))
            return bool(words(text)) or not line.text
        if line.kind == "more" and self.entries:
            return self._more(line)
        if line.kind == "title" or is_idle(line.text):
            return True
        if BULLET.match(line.text):
            self.entries.append(_Entry([text], 1))
            return True
        return self._around(line)

    def _more(self, line: CommentLine) -> bool:
        """Goes on with the item above; a courtesy typed right below a list is none of it."""
        if not is_idle(line.text):
            self.entries[-1].lines.append(line.raw.strip())
        return True

    def _around(self, line: CommentLine) -> bool:
        """A greeting, « Les points suivants : », or, where nothing is listed, a condition a line."""
        if self.has_list:
            return not self.entries and (is_greeting(line.text) or line.text.endswith(":"))
        if self.has_first or (self.plain_block and line.block != self.plain_block):
            return False
        self.plain_block = line.block
        self.entries.append(_Entry([line.raw.strip()], 1))
        return True

    def _row(self, line: CommentLine) -> bool:
        if line.head:
            self.head = tuple(map(normalised, line.cells))
            return True
        said = [cell for cell in line.cells if words(cell)]
        if said:
            self.entries.append(_Entry([_of_row(self.head, line.cells)], 1))
        return True

    def conditions(self) -> Iterator[str]:
        """Each entry's words; one that ends with a colon heads those nested below it."""
        heads: dict[int, str] = {}
        for rank, entry in enumerate(self.entries):
            text = " ".join(entry.lines).strip()
            heads = {depth: head for depth, head in heads.items() if depth < entry.depth}
            deeper = rank + 1 < len(self.entries) and self.entries[rank + 1].depth > entry.depth
            if deeper and text.endswith(":"):
                heads[entry.depth] = text.rstrip(" :")
            else:
                yield " : ".join((*heads.values(), text))


def _of_row(head: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """« Sécurité : audit, @chef-produit, 31/12/2026 » from the cells of a row, the subject told by the heading."""
    named = dict(zip(head, cells, strict=False))
    subject = next((cell for name, cell in named.items() if name in SUBJECT), "")
    wanted = next((cell for name, cell in named.items() if OBJECT & set(words(name))), "")
    if not wanted:
        return " : ".join(cell for cell in cells if cell.strip())
    others = [cell for cell in named.values() if cell not in {subject, wanted} and cell.strip()]
    return ", ".join((f"{subject} : {wanted}" if subject else wanted, *others))
