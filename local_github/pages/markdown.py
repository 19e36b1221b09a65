"""Markdown as GitHub shows it, harmless whatever was typed, with task lists that can be ticked."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from markupsafe import Markup

from local_github.pages.references import Place, link_references

OPENER, CLOSER = "<!--", "-->"
CLOSED, BRACKET = re.compile(CLOSER), re.compile(r"[\[\]]")
TASK = re.compile(r"\[([ xX])\](?=\s+\S)")
BOX = re.compile(r"\[[ xX]\]")
LINE_END = re.compile(r"(\r\n?|\n)")
DEPTH = 16
"""Brackets one inside another: beyond, they are shown as typed. Each is looked through once for each around it."""


def to_html(text: str, *, top: int = 3, name: str = "", enabled: bool = False, place: Place | None = None) -> Markup:
    """Headings start at level `top`. `name` is the form its boxes belong to; nobody can tick them unless `enabled`."""
    env = {"top": top, "name": name, "enabled": enabled, "place": place}
    return Markup(_PARSER.render(text, env))  # noqa: S704  # raw HTML is off and every rule below escapes


def boxes(text: str) -> int:
    """How many boxes a text shows."""
    return len(_box_lines(text))


def tick(text: str, ticked: set[int]) -> str:
    """The text with exactly the boxes of these ranks ticked; not a character changes elsewhere."""
    parts = LINE_END.split(text)  # lines at even places, what ended them at odd ones
    for rank, line in enumerate(_box_lines(text)):
        mark = "x" if rank in ticked else " "
        found = BOX.search(parts[2 * line])
        if found and found[0][1].lower() != mark:
            parts[2 * line] = f"{parts[2 * line][: found.start()]}[{mark}]{parts[2 * line][found.end() :]}"
    return "".join(parts)


def toggle(text: str, point: str, rank: int, *, ticked: bool) -> str | None:
    """The text with one box changed, known by what stands beside it, then by its rank; None when it is gone.

    The App may have rewritten the rest of the text since the page was shown.
    """
    lines = LINE_END.split(text)[::2]
    shown = [lines[line] for line in _box_lines(text)]
    places = [place for place, line in enumerate(shown) if _point(line) == point]
    if not places or (len(places) > 1 and rank not in places):
        return None
    changed = rank if rank in places else places[0]
    others = {place for place, line in enumerate(shown) if place != changed and _is_ticked(line)}
    return tick(text, others | ({changed} if ticked else set()))


def _point(line: str) -> str:
    return hashlib.sha256(BOX.sub("", line, count=1).strip().encode()).hexdigest()[:12]


def _is_ticked(line: str) -> bool:
    found = BOX.search(line)
    return found is not None and found[0][1] != " "


def _box_lines(text: str) -> list[int]:
    opened = [token for token in _PARSER.parse(text, {}) if token.type == "inline" and "box" in token.meta]
    return [token.map[0] for token in opened if token.map]


def _tasks(state: StateCore) -> None:
    """Gives every list item that starts with a box its rank, in the order of the page."""
    rank, lines = 0, state.src.split("\n")
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        found, children = TASK.match(inline.content), inline.children
        if not found or not children or children[0].type != "text" or not TASK.match(children[0].content + " x"):
            continue
        children[0].content = children[0].content[found.end() :]
        inline.meta["box"] = rank
        box = Token("task_open", "", 0, meta={"rank": rank, "ticked": found[1] != " "})
        box.meta["point"] = _point(lines[inline.map[0]]) if inline.map else ""
        inline.children = [box, *children, Token("task_close", "", 0)]
        item.attrJoin("class", "case")
        rank += 1


def _levels(state: StateCore) -> None:
    """The page has its own h1: the highest heading of a text becomes level `top`."""
    found = [token for token in state.tokens if token.type in {"heading_open", "heading_close"}]
    shift = int(state.env.get("top", 1)) - min((int(token.tag[1]) for token in found), default=1)
    for token in found:
        token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


def _hidden_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment on lines of its own, up to the line that closes it or, as in a browser, to the end."""
    if state.is_code_block(start) or not state.src.startswith(OPENER, state.bMarks[start] + state.tShift[start]):
        return False
    closed = _closed(state.src, state.bMarks[start] + state.tShift[start] + len(OPENER))
    line = bisect_left(state.eMarks, closed, start, end) if closed >= 0 else end
    if line == end:
        closed, line = -1, end - 1
    if closed >= 0 and state.src[closed + len(CLOSER) : state.eMarks[line]].strip():
        return False  # something is to be read after it: a paragraph, whose inline rule hides the comment
    if not silent:
        state.line = line + 1
    return True


def _hidden_inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(OPENER, state.pos):
        return False
    closed = _closed(state.src, state.pos + len(OPENER))
    if closed < 0:
        return False
    state.pos = closed + len(CLOSER)
    return True


@lru_cache(maxsize=64)
def _closers(text: str) -> list[int]:
    return [found.start() for found in CLOSED.finditer(text)]


def _closed(text: str, at: int) -> int:
    """Where the comment that begins before `at` is closed, or -1; a text is looked through once, however many begin."""
    closers = _closers(text)
    rank = bisect_left(closers, at)
    return closers[rank] if rank < len(closers) else -1


@lru_cache(maxsize=64)
def _heights(text: str) -> Mapping[int, int]:
    """Where a bracket opens that is closed: how many are one inside another there, itself counted."""
    heights, opened, inside = dict[int, int](), list[int](), list[int]()
    for found in BRACKET.finditer(text):
        if found[0] == "[":
            opened.append(found.start())
            inside.append(0)
        elif opened:
            height = heights[opened.pop()] = inside.pop() + 1
            if inside:
                inside[-1] = max(inside[-1], height)
    return heights


def _shallow(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The same rule, which looks for the end of a label only where there is one and few others are inside."""

    def apply(state: StateInline, silent: bool) -> bool:
        opened = state.pos + state.src.startswith("!", state.pos)
        return 0 < _heights(state.src).get(opened, 0) <= DEPTH and rule(state, silent)

    return apply


def _render_box(_: Any, tokens: list[Token], at: int, __: Any, env: Mapping[str, Any]) -> str:
    meta, name = tokens[at].meta, escapeHtml(str(env.get("name", "")))
    rights = f'form="{name}"' if env.get("enabled") else "disabled"
    ticked = " checked" if meta["ticked"] else ""
    known = f'name="case" value="{meta["rank"]}" data-point="{meta["point"]}"'
    return f'<label><input type="checkbox" {known} {rights}{ticked}>'


def _render_image(renderer: Any, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """A link: showing the image would fetch it from another site."""
    token = tokens[at]
    words = renderer.renderInlineAsText(token.children or [], options, env) or "sans titre"
    return f'<a href="{escapeHtml(str(token.attrGet("src") or ""))}" rel="noreferrer">Image : {escapeHtml(words)}</a>'


def _render_link(renderer: Any, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("rel", "nofollow noreferrer")
    return str(renderer.renderToken(tokens, at, options, env))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "breaks": True})
    parser.block.ruler.before("html_block", "hidden", _hidden_block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.before("html_inline", "hidden", _hidden_inline)
    parser.inline.ruler.at("link", _shallow(link))
    parser.inline.ruler.at("image", _shallow(image))
    parser.core.ruler.push("tasks", _tasks)
    parser.core.ruler.push("levels", _levels)
    parser.core.ruler.push("references", link_references)
    parser.add_render_rule("task_open", _render_box)
    parser.add_render_rule("task_close", lambda *_: "</label>")
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("link_open", _render_link)
    parser.add_render_rule(
        "table_open", lambda *_: '<div class="large" role="group" aria-label="Tableau" tabindex="0"><table>\n'
    )
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


_PARSER = _parser()
