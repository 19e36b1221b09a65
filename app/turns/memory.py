"""What turns keep in the database beside the register: losing it costs a reading, never a fact."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.store.comment_apps import CommentApps
from app.store.former_readings import FormerReadings
from app.store.issue_snapshots import IssueSnapshots
from app.store.places import Places
from app.store.recent_writes import RecentWrites
from app.store.support_requests import SupportRequests
from app.store.sworn_accounts import SwornAccounts
from app.store.troubles import Troubles
from app.store.undone_effects import UndoneEffects


@dataclass(frozen=True)
class Memory:
    """Each is kept by product or by repository."""

    snapshots: IssueSnapshots
    """Fingerprints of issues, so that the sweep need not read them again."""
    undone: UndoneEffects
    """Changes that GitHub refused."""
    recent: RecentWrites
    """What we wrote lately, since GitHub's copies may be late."""
    readings: FormerReadings
    """How far a former version had read each product."""
    places: Places
    """Former names of repositories."""
    sworn: SwornAccounts
    """The accounts behind the logins of the secretariat."""
    apps: CommentApps
    """The Apps that wrote comments in people's names."""
    supports: SupportRequests
    """Requests for support now open."""

    @classmethod
    def of(cls, database: sa.Engine, troubles: Troubles) -> Memory:
        return cls(
            IssueSnapshots(database),
            UndoneEffects(database, troubles),
            RecentWrites(database),
            FormerReadings(database),
            Places(database),
            SwornAccounts(database, troubles),
            CommentApps(database),
            SupportRequests(database),
        )
