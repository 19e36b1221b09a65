"""The weeks that should have a digest and have none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.policy.calendar import Week, day_of
from app.domain.report.digest import TREND_WEEKS


def missing_weeks(
    published: Iterable[Week], now: datetime, place: str, grace: timedelta = timedelta(days=1)
) -> tuple[Week, ...]:
    """Weeks, since the first digest ever published, that are over for `grace` and have none; 12 at most."""
    done = set(published)
    if not done:
        return ()
    last = Week.of(day_of(now - grace, place)).plus(-1)
    late = (last.plus(-back) for back in range(TREND_WEEKS))
    return tuple(sorted(week for week in late if week > min(done) and week not in done))
