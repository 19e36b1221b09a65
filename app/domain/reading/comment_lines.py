"""What a person says in their own name in a comment, line by line, read as GitHub shows it.

The body is read by a CommonMark parser. Code, quotations and hidden comments give no line at all; titles and tables
give lines in which no command is looked for; struck-out words and code inside a line leave a mark that is no word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from app.domain.reading.text import vocabulary

UNSAID = "\ufffc"
"""Stands in a line for what is shown but not said: code, struck-out words, a picture."""
MOST_LINES = 4_000
MOST_MARKS = 8_000
"""Lines of a comment, and formatting characters of its spoken lines, beyond which it is not read at all."""
NESTING = 20

SILENT = vocabulary(
    "pre code samp kbd tt blockquote q del s strike h1 h2 h3 h4 h5 h6 summary table script style textarea title "
    "template svg math iframe noembed noframes xmp plaintext select"
)
"""HTML elements that quote, show code, strike out, head or are no text."""
ATTRIBUTE = r"\s++[a-zA-Z_:][a-zA-Z0-9:._-]*+(?:\s*+=\s*+(?:[^\"'=<>`\x00-\x20]++|'[^']*+'|\"[^\"]*+\"))?+"
TAG = re.compile(rf"<[A-Za-z][A-Za-z0-9-]*+(?:{ATTRIBUTE})*+\s*+/?>|</[A-Za-z][A-Za-z0-9-]*+\s*+>")
"""A tag as CommonMark has it; nothing taken is given back, so that one that never ends is read once."""
ENDS_LINE = re.compile(r"</?(?:br|p|div|li|tr|hr)\b", re.IGNORECASE)
NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
"""What hides text in HTML, and how each ends; tried in this order."""
MARKS = re.compile(r"[*_~`<&\\]")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u061c]")
BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


@dataclass(frozen=True)
class CommentLine:
    """One line as shown; `raw` is the line as typed.

    `kind` is text, item (the first line of a list's item), more (its other lines), title or row (of a table).
    """

    text: str
    raw: str
    kind: str = "text"
    block: int = 0
    """Lines of one paragraph share it."""
    item: int = 0
    """The item of a list it belongs to, 0 outside lists."""
    depth: int = 0
    cells: tuple[str, ...] = ()
    underlined: bool = False
    """A title made by a line of hyphens below it, as people also draw a line above their signature."""
    head: bool = False
    """Whether it heads a table."""


class UnreadableCommentError(Exception):
    """The comment is longer, or has more formatting, than anything a person writes."""


def shown(text: str) -> str:
    """The text with ordinary spaces and without the characters that show nothing (bidi marks, joiners)."""
    return BLANKS.sub(" ", UNSEEN.sub("", text)).strip(" ")


def _hidden_end(source: str, start: int, known: MutableMapping[str, bool]) -> int:
    """Where the hidden text that begins at `start` ends, 0 when none does; a missing end is looked for once."""
    opening = next((mark for mark in ENDS if source.startswith(mark, start)), "")
    if not opening or known.get(opening) or (opening == "<!" and not source[start + 2 : start + 3].isalpha()):
        return 0
    if opening == "<!--" and source.startswith((">", "->"), start + 4):
        return source.index(">", start) + 1
    end = source.find(ENDS[opening], start + len(opening))
    known[opening] = end < 0
    return end + len(ENDS[opening]) if end >= 0 else 0


def _html(state: StateInline, silent: bool) -> bool:
    """HTML inside a line, in linear time: the library's own rule looks again for the same missing end at each start."""
    if state.src[state.pos] != "<":
        return False
    end = _hidden_end(state.src, state.pos, state.env)
    if not end:
        tag = TAG.match(state.src, state.pos)
        end = tag.end() if tag else 0
    if not end:
        return False
    # Nothing looks ahead (`silent`) once links are off.
    state.push("html_inline", "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def _parser() -> MarkdownIt:
    """Paragraphs only; the rules that make links and pictures change nothing of what is said."""
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING, "strikethrough_single_tilde": True}).enable(
        ["table", "strikethrough"]
    )
    parser.disable(["inline", "text_join", "reference", "link", "image"])
    parser.inline.ruler.at("html_inline", _html)
    return parser


PARSER = _parser()


@dataclass
class _Tags:
    """The silent HTML elements open at a point of the document."""

    open: list[str] = field(default_factory=list)

    def see(self, tag: str) -> None:
        match = NAME.match(tag)
        name = match[1].lower() if match else ""
        if name not in SILENT or tag.endswith("/>"):
            return
        if not tag.startswith("</"):
            self.open.append(name)
        elif name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name) :]


def _spoken(content: str, tags: _Tags) -> list[str]:
    """The lines of a paragraph as shown; what is not said is a mark. HTML left open ends with the paragraph."""
    if not MARKS.search(content):
        return [UNSAID] * (content.count("\n") + 1) if tags.open else content.split("\n")
    tokens: list[Token] = []
    PARSER.inline.parse(content, PARSER, {}, tokens)
    outside, struck, parts = len(tags.open), 0, []
    for token in tokens:
        struck += {"s_open": 1, "s_close": -1}.get(token.type, 0)
        if token.type == "html_inline":
            tags.see(token.content)
            parts.append("\n" if token.content.lower().startswith("<br") else "")
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif struck or tags.open or token.type == "code_inline":
            parts.append(UNSAID)
        else:
            parts.append(token.content)
    del tags.open[outside:]
    return "".join(parts).split("\n")


def _formulas(texts: list[str]) -> list[str]:
    """The lines of a paragraph, those inside « $$ » behind this mark: GitHub shows them as mathematics."""
    bounds = [rank for rank, text in enumerate(texts) if text.count("$$") % 2]
    within = {rank for start, end in zip(bounds[::2], bounds[1::2], strict=False) for rank in range(start + 1, end + 1)}
    return [f"$$ {text}" if rank in within else text for rank, text in enumerate(texts)]


def lines(body: str) -> tuple[CommentLine, ...]:
    """The lines of a body in order; raises UnreadableCommentError when there are far too many."""
    return tuple(_Reader(body).read())


class _Reader:
    """Walks through the parser's tokens, knowing at each point in what it stands."""

    def __init__(self, body: str) -> None:
        text = unicodedata.normalize("NFC", body).replace("\r\n", "\n").replace("\r", "\n")
        self.source = text.split("\n")
        if len(self.source) > MOST_LINES:
            raise UnreadableCommentError
        self.tokens = PARSER.parse(text)
        self.tags = _Tags()
        self.quotes = self.block = self.items = self.marks = 0
        self.path: list[int] = []
        self.told: set[int] = set()
        self.inside = ""
        self.row: list[str] = []

    def read(self) -> Iterator[CommentLine]:
        for token in self.tokens:
            self._place(token)
            if token.type == "html_block":
                yield from self._html_block(token)
            elif self.quotes:
                continue
            elif token.type == "inline":
                yield from self._inline(token)
            elif token.type == "tr_close" and self.row:
                yield self._table_row()

    def _place(self, token: Token) -> None:
        match token.type:
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
            case "list_item_open":
                self.items += 1
                self.path.append(self.items)
            case "list_item_close":
                self.path.pop()
            case "heading_open" | "lheading_open":
                self.inside = "underlined" if token.markup == "-" else "title"
            case "thead_open" | "tbody_open":
                self.inside = token.type.removesuffix("_open")
            case "heading_close" | "lheading_close" | "thead_close" | "tbody_close":
                self.inside = ""
            case "tr_open":
                self.row, self.line = [], (token.map or [0])[0]
            case _:
                pass

    def _inline(self, token: Token) -> Iterator[CommentLine]:
        self.marks += len(MARKS.findall(token.content))
        if self.marks > MOST_MARKS:
            raise UnreadableCommentError
        was_silent = bool(self.tags.open)
        texts = _spoken(token.content, self.tags)
        if self.inside in {"thead", "tbody"}:
            self.row.append(shown(" ".join(texts)))
            return
        self.block += 1
        texts = _formulas(texts)
        first = (token.map or [0])[0]
        is_whole = len(texts) == token.content.count("\n") + 1
        for rank, text in enumerate(texts):
            raw = self.source[first + rank] if is_whole else text
            if not was_silent or text.strip(f" {UNSAID}"):
                yield self._line(shown(text), text if was_silent or "<" in raw or "~~" in raw else raw)

    def _line(self, text: str, raw: str) -> CommentLine:
        item = self.path[-1] if self.path else 0
        if self.inside:
            return CommentLine(
                text, raw, "title", self.block, item, len(self.path), underlined=self.inside == "underlined"
            )
        kind = "text" if not item else "more" if item in self.told else "item"
        self.told.add(item)
        return CommentLine(text, raw, kind, self.block, item, len(self.path))

    def _table_row(self) -> CommentLine:
        cells, self.row = tuple(self.row), []
        return CommentLine("", self.source[self.line], "row", self.block, cells=cells, head=self.inside == "thead")

    def _html_block(self, token: Token) -> Iterator[CommentLine]:
        """A block of HTML: its text is said, but for that of silent elements and hidden comments."""
        self.block += 1
        text = shown_text(token.content, self.tags)
        if not self.quotes:
            yield from (self._line(shown(line), line) for line in text.split("\n") if shown(line))


def shown_text(html: str, tags: _Tags | None = None) -> str:
    """The text of a piece of HTML, without its tags, hidden comments and silent elements."""
    tags, parts, place, known = tags or _Tags(), [], 0, dict[str, bool]()
    while (start := html.find("<", place)) >= 0:
        parts.append("" if tags.open else html[place:start])
        tag = TAG.match(html, start)
        hidden = _hidden_end(html, start, known)
        if tag:
            tags.see(tag[0])
            parts.append("\n" if ENDS_LINE.match(tag[0]) else "")
        elif not hidden and html.startswith("<!--", start):
            return "".join(parts)
        place = tag.end() if tag else hidden or start + 1
        parts.append("" if tag or hidden or tags.open else "<")
    return "".join((*parts, "" if tags.open else html[place:]))
