"""Charts as values, drawn in Mermaid for GitHub and in SVG for pages, always with the same figures told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, TOP, BOTTOM = 640, 220, 24, 44
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
            told.append(f"{name} : {pairs}" if len(self.series) > 1 else pairs)
        return f"{self.title}. {' ; '.join(told)}."


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
    return " ".join(text.replace('"', "'").replace("`", "'").replace("<", "(").replace(">", ")").split())


def svg(chart: Chart) -> str:
    """An inline drawing without style or script, named and described for assistive technologies."""
    group = WIDTH / max(1, len(chart.labels))
    bar = group * 0.7 / max(1, len(chart.series))
    parts = [
        f'<svg role="img" class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.words)}</desc>",
    ]
    for index, label in enumerate(chart.labels):
        for order, (_, values) in enumerate(chart.series):
            parts.append(_bar(chart, index * group + group * 0.15 + order * bar, bar, order, values[index]))
        parts.append(_text(index * group + group / 2, HEIGHT - 26, label))
    return "".join([*parts, *_legend(chart), "</svg>"])


def _bar(chart: Chart, left: float, width: float, order: int, value: int) -> str:
    height = (HEIGHT - TOP - BOTTOM) * value / max(1, chart.highest)
    top = HEIGHT - BOTTOM - height
    shape = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{COLOURS[order]}"/>'
    return shape + _text(left + width / 2, top - 5, str(value))


def _text(centre: float, baseline: float, text: str) -> str:
    return f'<text x="{centre:.1f}" y="{baseline:.1f}" text-anchor="middle" font-size="12">{escape(text)}</text>'


def _legend(chart: Chart) -> list[str]:
    if len(chart.series) < 2:
        return []
    parts = []
    for order, (name, _) in enumerate(chart.series):
        left = 8 + order * 160
        parts.append(f'<rect x="{left}" y="{HEIGHT - 12}" width="10" height="10" fill="{COLOURS[order]}"/>')
        parts.append(f'<text x="{left + 16}" y="{HEIGHT - 3}" font-size="12">{escape(name)}</text>')
    return parts
