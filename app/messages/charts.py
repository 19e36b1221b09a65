"""Charts as values, drawn in Mermaid for GitHub and in SVG for pages, always with the same figures told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from app.domain.reading.text import clipped
from app.messages.typography import one_line

WIDTH, TALL = 360, 160
"""Near the width of a phone, so that texts are drawn there at their own size."""
BAR, GAP, FIGURE = 16, 10, 36
SHORT, LONGEST, LETTER = 4, 22, 6.2
"""Letters of a name that stands under its bars, of the longest one shown, and how wide a letter is."""
COLOURS = ("#0a5c8f", "#a8321f")


@dataclass(frozen=True)
class Chart:
    """Bars side by side: one label per group, one list of whole numbers per series."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    key: str = ""
    """Which shape is which series, where the drawing has no legend of its own."""

    @property
    def highest(self) -> int:
        return max((value for _, values in self.series for value in values), default=0)

    @property
    def words(self) -> str:
        """The figures as a sentence, for whoever cannot see the drawing."""
        told = []
        for name, values in self.series:
            pairs = ", ".join(f"{label} {value}" for label, value in zip(self.labels, values, strict=True))
            told.append(f"{name} : {pairs}" if len(self.series) > 1 else pairs)
        return f"{self.title}. {' ; '.join(told)}."


Drawer = Callable[[Chart], str]


def mermaid(chart: Chart) -> str:
    """A fence that GitHub draws: bars for the first series, a line for the second, as Mermaid lays bars over bars."""
    labels = ", ".join(f'"{_plain(label)}"' for label in chart.labels)
    lines = ["```mermaid", "xychart-beta", f'  title "{_plain(chart.title + chart.key)}"', f"  x-axis [{labels}]"]
    lines.append(f"  y-axis 0 --> {max(1, chart.highest)}")
    kinds = ("bar", "line")
    for kind, (_, values) in zip(kinds, chart.series, strict=False):
        lines.append(f"  {kind} [{', '.join(map(str, values))}]")
    return "\n".join([*lines, "```"])


def _plain(text: str) -> str:
    """Text that cannot end the label, the line or the fence it stands in."""
    plain = text.replace('"', "'").replace("`", "'").replace("<", "(").replace(">", ")")
    return one_line(plain)


def svg(chart: Chart) -> str:
    """An inline drawing without style or script, named and described for assistive technologies."""
    lies = any(len(label) > SHORT for label in chart.labels)
    height, parts = _lying(chart) if lies else _standing(chart)
    return (
        f'<svg role="img" class="chart" viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.words)}</desc>"
        f"{''.join([*parts, *_legend(chart, height)])}</svg>"
    )


def _lying(chart: Chart) -> tuple[int, list[str]]:
    """Long names on the left, a bar for each figure on their right: read at the width of a phone."""
    longest = max((len(label) for label in chart.labels), default=0)
    left, row = min(longest, LONGEST) * LETTER + 12, BAR * len(chart.series) + GAP
    room, parts = WIDTH - left - FIGURE, []
    for index, label in enumerate(chart.labels):
        top = index * row + GAP // 2
        middle = top + BAR * len(chart.series) / 2 + 4
        parts.append(_text(left - 8, middle, clipped(label, LONGEST), "end"))
        for order, (_, values) in enumerate(chart.series):
            width, y = room * values[index] / max(1, chart.highest), top + order * BAR
            parts.append(_rect(left, y, width, BAR - 2, order))
            parts.append(_text(left + width + 4, y + BAR - 5, str(values[index]), "start"))
    return len(chart.labels) * row + _legend_height(chart), parts


def _standing(chart: Chart) -> tuple[int, list[str]]:
    """Short names below, bars above; a figure of nothing is left to the sentence and the table."""
    group = WIDTH / max(1, len(chart.labels))
    bar, base = group * 0.8 / max(1, len(chart.series)), TALL - 18
    parts = []
    for index, label in enumerate(chart.labels):
        for order, (_, values) in enumerate(chart.series):
            x, height = index * group + group * 0.1 + order * bar, (base - 18) * values[index] / max(1, chart.highest)
            parts.append(_rect(x, base - height, bar, height, order))
            parts += [_text(x + bar / 2, base - height - 4, str(values[index]))] if values[index] else []
        parts.append(_text(index * group + group / 2, TALL - 4, label))
    return TALL + _legend_height(chart), parts


def _rect(left: float, top: float, width: float, height: float, order: int) -> str:
    """The first series is full, the second hollow: told apart without colours."""
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    if order == 0 or not width or not height:
        return f'<rect {place} fill="{COLOURS[order]}"/>'
    inner = (
        f'x="{left + 1:.1f}" y="{top + 1:.1f}" width="{max(width - 2, 0.5):.1f}" height="{max(height - 2, 0.5):.1f}"'
    )
    return f'<rect {inner} fill="none" stroke="{COLOURS[order]}" stroke-width="2"/>'


def _text(x: float, baseline: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{baseline:.1f}" text-anchor="{anchor}" font-size="11">{escape(text)}</text>'


def _legend_height(chart: Chart) -> int:
    return 24 if len(chart.series) > 1 else 0


def _legend(chart: Chart, height: int) -> list[str]:
    if not _legend_height(chart):
        return []
    parts = []
    for order, (name, _) in enumerate(chart.series):
        left = 8 + order * WIDTH / 2
        parts += [_rect(left, height - 14, 10, 10, order), _text(left + 16, height - 5, name, "start")]
    return parts
