"""The points for which the committee refused a move, and what the team says has changed on each since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.facts import Blocker, Point
from app.domain.reading.text import clipped

SHOWN = 300
"""Characters of a point repeated in an answer; the decision holds the rest."""
Said = Sequence[tuple[int, str]]
"""What has changed, by the number of the point; 0 where no number was given."""


def answered(points: Sequence[Point], said: Said) -> tuple[str, ...]:
    """What has changed on each point, in order; a point alone needs no number."""
    found: dict[int, list[str]] = {}
    for number, text in said:
        found.setdefault(1 if len(points) == 1 and not number else number, []).append(text)
    return tuple("\n".join(filter(None, found.get(number, []))) for number, _ in enumerate(points, start=1))


def blockers(points: Sequence[Point], said: Said) -> Iterator[Blocker]:
    """The points of which nothing is said, and the numbers that are no point's."""
    if not points:
        return
    for number, (point, text) in enumerate(zip(points, answered(points, said), strict=True), start=1):
        if not text:
            yield Blocker(BlockerKind.POINT, number=number, text=clipped(point.text, SHOWN), owner=point.seat)
    for number in sorted({number for number, _ in said if number > len(points)}):
        yield Blocker(BlockerKind.POINT_UNKNOWN, number=number, text=str(len(points)))
