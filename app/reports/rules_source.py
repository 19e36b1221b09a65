"""The rules in force and the histories lived under them: by the settings of this machine, or by a job's token."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.publish.policy_file import PolicyStatus
from app.domain.report.what_if import Recorded
from app.github.backlog import read_backlog
from app.github.client import Client
from app.github.policies import Policies
from app.github.token import TokenClient
from app.reports.recorded import of_tracked
from app.settings import TokenSettings


@dataclass(frozen=True)
class RulesSource:
    """`histories` are read when asked for: from GitHub alone, that takes a while."""

    client: Client
    repository: str
    status: PolicyStatus
    histories: Callable[[], Iterable[Recorded]]


def from_token(settings: TokenSettings) -> RulesSource:
    """What a job of GitHub Actions may read, without a register. Raises LaterError or NotFoundError."""
    client, repository = TokenClient(settings), settings.repository
    status = Policies(client).reading(repository)
    bots = frozenset(settings.bots)

    def histories() -> Iterable[Recorded]:
        return of_tracked(read_backlog(client, repository, status.policy, bots))

    return RulesSource(client, repository, status, histories)
