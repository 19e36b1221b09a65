"""What a report is made from: rules, products and links, from the register or from GitHub alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.policy.model import Policy
from app.domain.report.digest import NO_CATALOGUE
from app.domain.report.portfolio import ReportedProduct
from app.domain.reuse.catalogue import Catalogue
from app.domain.session.model import Session
from app.github.backlog import read_whole
from app.github.client import Client
from app.github.policies import Policies
from app.github.token import TokenClient
from app.messages.reports import Links
from app.settings import TokenSettings, web_url


class WhichRepositoryError(Exception):
    """The register holds several backlogs, or none, and no repository was named."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(sorted(known))
        super().__init__(", ".join(self.known))


@dataclass(frozen=True)
class ReportSource:
    """`parked` counts parked deliveries; 0 from GitHub alone, which cannot tell."""

    client: Client
    repository: str
    policy: Policy
    links: Links
    products: tuple[ReportedProduct, ...]
    bots: frozenset[str]
    parked: int = 0
    catalogue: Catalogue = NO_CATALOGUE
    sessions: tuple[Session, ...] = ()
    """Those whose issues were read."""
    seal: Callable[[], str] = lambda: ""
    """The newest checkpoint of the register, signed when it is asked for by whoever has the key."""


def from_token(settings: TokenSettings) -> ReportSource:
    """A source for a GitHub Actions job: labels, comments and the facts in them, without a register."""
    client = TokenClient(settings)
    policy = Policies(client).of(settings.repository)
    bots = frozenset(settings.bots)
    found = read_whole(client, settings.repository, policy, bots)
    links = Links(web_url(settings.api_url), settings.repository, settings.public_url)
    return ReportSource(
        *(client, settings.repository, policy, links, found.products, bots),
        sessions=found.sessions,
        seal=lambda: found.seal,
    )
