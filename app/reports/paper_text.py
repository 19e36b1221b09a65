"""A report in Markdown as a PDF: its tokens become values that the layout draws, word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from app.messages.charts import Chart, Drawer, svg
from app.reports.pdf import as_paper

Blocks = list[dict[str, Any]]
SPANS = {"strong": "strong", "em": "emphasis", "s": "struck"}


def as_pdf(write: Callable[[Drawer], str], language: str, foot: str = "") -> bytes:
    """The A4 pages of what `write` gives in Markdown; its first heading names the document."""
    title, found = as_blocks(write)
    return as_paper("text", {"title": title, "language": language, "foot": foot or title, "blocks": found})


def as_blocks(write: Callable[[Drawer], str]) -> tuple[str, Blocks]:
    """The title of what `write` gives in Markdown, and its blocks as values."""
    charts: list[Chart] = []

    def draw(chart: Chart) -> str:
        charts.append(chart)
        return f"```chart\n{len(charts) - 1}\n```"

    text = write(draw)
    title = text.partition("\n")[0].removeprefix("# ")
    tree = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).enable("table").parse(text))
    found = _blocks(tree.children, charts)
    heading = found[0]["inside"] if found and found[0]["kind"] == "heading" else []
    return _plain(heading) or title, found


def _blocks(nodes: list[SyntaxTreeNode], charts: list[Chart]) -> Blocks:
    return [one for node in nodes for one in [_block(node, charts)] if one]


def _block(node: SyntaxTreeNode, charts: list[Chart]) -> dict[str, Any]:
    match node.type:
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1:]), "inside": _inside(node)}
        case "paragraph":
            return {"kind": "tight" if node.hidden else "paragraph", "inside": _inside(node)}
        case "bullet_list" | "ordered_list":
            items = [_blocks(item.children, charts) for item in node.children]
            tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
            start = int(node.attrs.get("start", 1))
            ordered = node.type == "ordered_list"
            return {"kind": "list", "ordered": ordered, "start": start, "tight": tight, "items": items}
        case "fence" if node.info == "chart":
            chart = charts[int(node.content)]
            return {"kind": "drawing", "svg": svg(chart), "words": chart.words}
        case "fence" | "code_block":
            return {"kind": "code", "text": node.content.rstrip("\n")}
        case "blockquote":
            return {"kind": "quote", "inside": _blocks(node.children, charts)}
        case "table":
            return _table(node)
        case "hr":
            return {"kind": "rule"}
        case other:
            raise ValueError(f"no layout for {other}")


def _table(node: SyntaxTreeNode) -> dict[str, Any]:
    head, *bodies = node.children
    cells = list(head.children[0].children)
    return {
        "kind": "table",
        "head": [_inside(cell) for cell in cells],
        "sides": [_side(cell) for cell in cells],
        "rows": [[_inside(cell) for cell in row.children] for body in bodies for row in body.children],
    }


def _side(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:") or "left"


def _inside(node: SyntaxTreeNode) -> Blocks:
    """The words of a block: its only child is `inline`."""
    return [part for child in node.children for one in child.children for part in _inline(one)]


def _inline(node: SyntaxTreeNode) -> Blocks:
    if node.type == "text":
        return [{"kind": "text", "text": node.content}] if node.content else []
    if node.type == "softbreak":
        return [{"kind": "text", "text": " "}]
    if node.type == "hardbreak":
        return [{"kind": "break"}]
    if node.type == "code_inline":
        return [{"kind": "code", "text": node.content}]
    inside = [part for one in node.children for part in _inline(one)]
    if node.type == "link":
        return [{"kind": "link", "to": str(node.attrs["href"]), "inside": inside}]
    if node.type == "image":
        return inside
    return [{"kind": SPANS[node.type], "inside": inside}]


def _plain(parts: Blocks) -> str:
    return "".join(part.get("text", "") or _plain(part.get("inside", [])) for part in parts)
