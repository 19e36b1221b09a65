"""The formats of a report: Markdown as GitHub shows it, one self-contained HTML page, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.domain.policy.calendar import Week
from app.domain.reading.visible import visible
from app.messages.charts import Chart, Drawer, svg

CSS = Path(__file__).parent.parent / "web" / "static" / "jalon.css"
TABLE_NAMES = {"fr": "Tableau", "en": "Table"}


def as_html(write: Callable[[Drawer], str], language: str) -> str:
    """The body of a page: what `write` gives in Markdown, its charts drawn in SVG."""
    charts: list[Chart] = []

    def draw(chart: Chart) -> str:
        charts.append(chart)
        return f"```chart\n{len(charts) - 1}\n```"

    return str(_markdown(charts, language).render(write(draw)))


def as_page(write: Callable[[Drawer], str], language: str, title: str) -> str:
    """A whole page in one file, style included, to send by mail or put on an intranet."""
    style = CSS.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<main class="report">\n{as_html(write, language)}</main>\n</body>\n</html>\n'
    )


def _markdown(charts: list[Chart], language: str) -> MarkdownIt:
    """People's words are already neutralised; raw HTML is refused all the same."""
    result = MarkdownIt("commonmark", {"html": False}).enable("table")

    def fence(
        renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        if tokens[index].info == "chart":
            return f"<figure>{svg(charts[int(tokens[index].content)])}</figure>\n"
        return RendererHTML.fence(renderer, tokens, index, options, env)

    result.add_render_rule("fence", fence)
    result.add_render_rule("th_open", lambda *call: f'<th scope="col"{_side(*call)}>')
    result.add_render_rule("td_open", lambda *call: f"<td{_side(*call)}>")
    opening = f'<div class="scroll" role="region" aria-label="{TABLE_NAMES[language]} %s" tabindex="0"><table>\n'
    counter = iter(range(1, 1000))
    result.add_render_rule("table_open", lambda *_: opening % next(counter))
    result.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return result


def _side(_renderer: object, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    """A class for columns of figures instead of a style attribute, which our pages forbid."""
    return ' class="figure"' if "right" in str(tokens[index].attrs.get("style", "")) else ""


def as_data(value: Any) -> Any:
    """A value of ours as JSON; days and moments in ISO 8601."""
    if isinstance(value, Week):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_data(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Mapping):
        return {str(key): as_data(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(one) for one in value]
    if isinstance(value, str):
        return visible(value)
    return value
