"""What a person wrote themselves in a comment: neither a mail that it quotes, nor its headers, nor a signature.

A reply by e-mail becomes a comment as it is, with the whole mail it answers: Jalon's own list of commands, often. The
library tells where a quoted mail begins; what it does not know (the French headers of Outlook, spaces that do not
break) is put in words it knows first. It reads all that follows each line that could be a header, so it is asked about
a few lines at a time, and a limited number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import quotequail
from markdown_it import MarkdownIt

from app.domain.reading import signature

CUT_FROM = 60
"""Characters of a quoted line from which a mail program may have cut it in two."""
WINDOW = 8
"""Lines in which the headers of one mail are looked for."""
ASKED = 60
WRAPPED = 4
"""Lines over which a mail program spreads « Le 3 décembre 2026 à 10:12, … a écrit : »."""
LONGEST = 400
"""A longer line begins no quotation."""

NAMES = {
    "expéditeur": "From",
    "exp": "From",
    "de la part de": "From",
    "da": "From",
    "envoyé": "Sent",
    "envoyé le": "Sent",
    "date d'envoi": "Sent",
    "destinataire": "To",
    "destinataires": "To",
    "a": "To",
    "copie": "Cc",
    "copie à": "Cc",
    "cci": "Bcc",
}
"""Headers that the library does not know, in its words."""
HEADER = re.compile(
    r"(de la part de|de|from|von|da|exp|expéditeur|envoyé|envoyé le|sent|date|date d'envoi|gesendet|datum|à|a|to|an"
    r"|pour|destinataires?|cc|cci|copie|copie à|bcc|objet|sujet|subject|betreff|répondre à|reply-to) ?:(?= |$)",
    re.IGNORECASE,
)
SENDER = re.compile(r"(?:de la part de|de|from|von|da|exp|expéditeur) ?:(?= |$)", re.IGNORECASE)
WROTE = re.compile(
    r"(?:écrit|wrote|escribió|escreveu|geschreven|scritto|(?:a écrit|wrote)\b.{1,60}) ?:$", re.IGNORECASE
)
WROTE_EARLIER = re.compile(r"schrieb|skrev|schreef", re.IGNORECASE)
"""In these languages the name comes after the verb."""
BEGINS = re.compile(r"(?:le|on|am|el|em|op|il|den)\b", re.IGNORECASE)
STAMP = re.compile(r"\d{1,2}[:h]\d{2}|\d{4}|<[^<>\s]+@|\d{1,2}/\d{1,2}/\d{2}")
SEPARATOR = re.compile(
    r"[-_]{2,} ?(?:(?:message|courriel|mail|e-mail) (?:d'origine|original|initial|transféré|réexpédié)"
    r"|(?:original|forwarded) message) ?[-_]{2,}$"
    r"|(?:début du (?:message|courriel) (?:transféré|réexpédié)|begin forwarded message) ?:$",
    re.IGNORECASE,
)
RULE = re.compile(r"_{10,}$")
LOOSE = re.compile(
    r"[-=_~]{10,}$|[^<>]*+<[^<>\s][^<>\s@]*+@[^<>\s]++> ?:?$|.*\b(?:a écrit|wrote|schrieb)(?: ?:?$|\b.{1,60}:$)",
    re.IGNORECASE,
)
"""What may announce a quotation in a mail, and may not."""
FOOTER = re.compile(
    r"reply to this email directly|you are receiving this because|@reply\.github\.com|^message id: ?<"
    r"|you were mentioned|notifications@github\.com",
    re.IGNORECASE,
)
COMMAND = re.compile(r"[^\w/\\∕／]{0,12}[/\\∕／] ?\**[^\W\d_]")


class OwnWords(NamedTuple):
    """`text` is the person's for certain; `doubtful` holds commands that may not be: asked about, never obeyed."""

    text: str
    doubtful: str = ""


@dataclass(frozen=True)
class _Mark:
    """Where a quoted mail begins, the first line below its announcement, and whether it certainly is one."""

    start: int
    below: int
    is_certain: bool = True
    is_intro: bool = False
    """« … a écrit : », below which each line quoted may bear a « > »."""


def written_by_author(body: str, *, via_email: bool = False) -> OwnWords:
    """What of a comment's body its author wrote, and what may be theirs; in a time linear in its length."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    lines = (ENDS_LINE.sub(r"\1\n", body) if via_email else body).split("\n")
    seen = [_folded(line) for line in lines]
    shown = _Code(lines)
    own, doubts = _of_mail(lines, seen) if via_email else _of_web(lines, seen, shown)
    own, ended = signature.cut(own, resumes=not via_email, is_code=shown.holds)
    doubts = [line for line in (*ended, *doubts) if not line.lstrip().startswith(">")]
    return OwnWords("\n".join(own), "\n".join(doubts) if any(map(COMMAND.match, doubts)) else "")


MARKUP = re.compile(
    r"</?(?:html|body|head|div|p|b|strong|i|em|u|span|font|br|hr|a|o:p|table|tbody|tr|td|li)\b[^<>]*>", re.IGNORECASE
)
"""What an HTML mail leaves around the words of a line."""
ENDS_LINE = re.compile(r"(<br ?/?>|</(?:p|div|tr|li)>)(?=[^\n])", re.IGNORECASE)


def _folded(line: str) -> str:
    """A line as a mail program meant it: without its bold or its tags, with plain spaces and apostrophes."""
    if len(line) > LONGEST:
        return ""
    if "<" in line or "&" in line:
        line = html.unescape(MARKUP.sub(" ", line))
    return " ".join(line.replace("\\*", " ").replace("*", " ").replace("’", "'").split())


def _of_mail(lines: list[str], seen: list[str]) -> tuple[list[str], list[str]]:
    """What stands above the quotation; the rest is asked about wherever it could be the person's."""
    mark = next(_marks(seen, with_doubts=True), None)
    above = lines[: mark.start] if mark else lines
    if any(FOOTER.search(line) and not line.startswith(">") for line in seen[: len(above)]):
        return [], lines  # GitHub's own mail, quoted without a word to tell where it begins
    own, doubts = _unwrapped(above)
    if mark and not mark.is_certain:
        doubts += _unwrapped(lines[mark.below :])[0]
    elif mark and _is_marked(seen, mark.below):
        doubts += _amid(lines[mark.below :])
    return own, doubts


def _amid(lines: Sequence[str]) -> list[str]:
    """The lines between those marked, which may answer them; not the end of a long one, cut in two on its way."""
    found, before = [], ""
    for line in lines:
        is_marked = line.lstrip().startswith(">")
        if not is_marked and len(before) < CUT_FROM:
            found.append(line)
        before = line if is_marked or not line.strip() else before
    return found


def _unwrapped(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Lines without those just below a « > », which may be the end of a quoted line cut in two; and these."""
    own: list[str] = []
    ends: list[str] = []
    below_marked = False
    for line in lines:
        is_marked = line.lstrip().startswith(">")
        below_marked = bool(line.strip()) and (below_marked or is_marked)
        (own if is_marked or not below_marked else ends).append(line)
    return own, ends


def _of_web(lines: list[str], seen: list[str], shown: _Code) -> tuple[list[str], list[str]]:
    """What is pasted from a mail is not said; an introduction above marked lines leaves the rest to its author."""
    own = list(lines)
    for mark in _marks(seen, with_doubts=False):
        if shown.holds(mark.start):
            continue
        if not (mark.is_intro and _is_marked(seen, mark.below)):
            return own[: mark.start], [] if mark.is_certain and not mark.is_intro else lines[mark.below :]
        own[mark.start : mark.below] = [""] * (mark.below - mark.start)
    return own, []


def _is_marked(seen: Sequence[str], below: int) -> bool:
    return next((line for line in seen[below : below + 3] if line), "").startswith(">")


def _marks(seen: Sequence[str], *, with_doubts: bool) -> Iterator[_Mark]:
    """Each line at which a quoted mail begins; with what may be one, since a mail is nearly always followed by one."""
    asked = 0
    for index, line in enumerate(seen):
        if not line or line.startswith(">"):
            continue
        if _is_candidate(line):
            mark = _mark(seen, index) if asked <= ASKED else _Mark(index, index + 1, is_certain=False)
            asked += mark is not None
            if mark and (mark.is_certain or with_doubts or asked > ASKED):
                yield mark
        elif with_doubts and LOOSE.match(line):
            yield _Mark(index, index + 1, is_certain=False)


def _is_candidate(line: str) -> bool:
    return any(sign.match(line) for sign in (HEADER, SEPARATOR, RULE, BEGINS)) or _says_who_wrote(line)


def _says_who_wrote(line: str) -> bool:
    """« … a écrit : », « … schrieb Anna: »"""
    return line.endswith(":") and bool(WROTE.search(line) or WROTE_EARLIER.search(line))


def _mark(seen: Sequence[str], index: int) -> _Mark | None:
    """What a line that could announce a quoted mail does announce."""
    line = seen[index]
    if SEPARATOR.match(line):
        return _Mark(index, index + 1)
    if RULE.match(line):
        return _Mark(index, index + 1, is_certain=_is_head(seen[index + 1 : index + 1 + WINDOW]))
    if HEADER.match(line) and _is_head(seen[index : index + WINDOW]):
        return _Mark(index, index + 1)
    is_doubtful = SENDER.match(line) or _says_who_wrote(line) or LOOSE.match(line)
    return _introduction(seen, index) or (_Mark(index, index + 1, is_certain=False) if is_doubtful else None)


def _is_head(seen: Sequence[str]) -> bool:
    """Whether lines begin with the headers of a mail, its sender among them."""
    window = [line for line in seen if line]
    if not window or not HEADER.match(window[0]) or not any(map(SENDER.match, window)):
        return False
    found = quotequail.unwrap("\n".join(map(_in_its_words, window)))
    return found is not None and "from" in found and not found.get("text_top")


def _in_its_words(line: str) -> str:
    """A header named as the library names it."""
    match = HEADER.match(line)
    return f"{NAMES.get(match[1].casefold(), match[1])}: {line[match.end() :]}" if match else line


def _introduction(seen: Sequence[str], first: int) -> _Mark | None:
    """« Le 3 décembre 2026 à 10:12, … a écrit : », on several lines or not; without a date, anybody's words."""
    if not BEGINS.match(seen[first]):
        return None
    for last in range(first, min(first + WRAPPED, len(seen))):
        if not seen[last] or seen[last].startswith(">"):
            return None
        if _says_who_wrote(seen[last]):
            whole = " ".join(seen[first : last + 1])
            is_one = len(quotequail.quote(_spaced(whole))) > 1
            return _Mark(first, last + 1, is_certain=bool(STAMP.search(whole)), is_intro=True) if is_one else None
    return None


def _spaced(line: str) -> str:
    """The library wants « a écrit : » with its space, and other languages without."""
    before = line[:-1].rstrip()
    return f"{before} :" if before.endswith("écrit") else f"{before}:"


class _Code:
    """The lines that GitHub shows as code, found when first asked for: a mail shown there is no mail."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def holds(self, index: int) -> bool:
        return index in self._found

    @cached_property
    def _found(self) -> frozenset[int]:
        tokens = _blocks().parse("\n".join(self._lines))
        spans = (token.map for token in tokens if token.type in {"fence", "code_block"} and token.map)
        return frozenset(index for start, end in spans for index in range(start, end))


@cache
def _blocks() -> MarkdownIt:
    return MarkdownIt("zero").enable(["fence", "code", "list"]).disable("inline")
