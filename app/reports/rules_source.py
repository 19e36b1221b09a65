"""The rules in force and the histories lived under them: by the settings of this machine, or by a job's token."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.publish.policy_file import PolicyStatus
from app.domain.report.what_if import RecordedProduct
from app.github.backlog import read_backlog
from app.github.client import Client
from app.github.policies import Policies
from app.github.token import TokenClient
from app.reports.recorded import of_tracked
from app.settings import TokenSettings


@dataclass(frozen=True)
class RulesSource:
    """What is read when asked for: GitHub is not asked for rules that nobody compares."""

    client: Client
    repository: str
    """Empty where nothing is followed yet."""
    reading: Callable[[], PolicyStatus]
    histories: Callable[[], Iterable[RecordedProduct]]


def rules_from_token(settings: TokenSettings) -> RulesSource:
    """What a job of GitHub Actions may read, without a register. Raises LaterError or NotFoundError."""
    client, repository = TokenClient(settings), settings.repository
    policies, bots = Policies(client), frozenset(settings.bots)

    def histories() -> Iterable[RecordedProduct]:
        return of_tracked(read_backlog(client, repository, policies.of(repository), bots))

    return RulesSource(client, repository, lambda: policies.reading(repository), histories)
