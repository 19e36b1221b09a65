"""What a report is made from: the rules, the products and the links, out of the register or out of GitHub alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app import rehearsal
from app.domain.policy import Policy
from app.domain.portfolio import Tracked
from app.github.backlog import ACTIONS, read_backlog
from app.github.client import Client
from app.github.policies import Policies
from app.github.token import TokenClient
from app.jalon import Jalon
from app.messages.reports import Links
from app.reports.sources import from_register
from app.settings import SettingsError, TokenSettings, read_settings, read_token_settings, web_url


class WhichRepositoryError(Exception):
    """The register holds several backlogs, or none, and none was named."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(sorted(known))
        super().__init__(", ".join(self.known))


@dataclass(frozen=True)
class Desk:
    """`parked` counts the deliveries set aside; GitHub alone cannot tell, and it is then 0."""

    client: Client
    repository: str
    policy: Policy
    links: Links
    products: tuple[Tracked, ...]
    bots: frozenset[str]
    parked: int = 0


def from_app(jalon: Jalon, repository: str = "", *, github_alone: bool = False) -> Desk:
    """A desk beside the register; raises WhichRepositoryError, LaterError or NotFoundError."""
    bots = frozenset({ACTIONS})  # the App's own are known without their name
    repository = repository or _only(jalon.register.repositories() or jalon.client.repositories())
    policy = jalon.policies.of(repository)
    if github_alone:
        products = read_backlog(jalon.client, repository, policy, bots, by_us=True)
    else:
        products = tuple(from_register(jalon.register, repository))
    links = Links(web_url(jalon.settings.api_url), repository, jalon.settings.public_url)
    return Desk(jalon.client, repository, policy, links, products, bots, jalon.inbox.counts()["parked"])


def from_token(settings: TokenSettings) -> Desk:
    """A desk in a GitHub Actions job: labels, comments and the facts they carry, without any register."""
    client = TokenClient(settings)
    policy = Policies(client).of(settings.repository)
    bots = frozenset(settings.bots)
    products = read_backlog(client, settings.repository, policy, bots)
    links = Links(web_url(settings.api_url), settings.repository, settings.public_url)
    return Desk(client, settings.repository, policy, links, products, bots)


def from_environment(repository: str = "", *, github_alone: bool = False) -> Desk:
    """The App's settings if they are there, else a job's token; raises SettingsError when neither is."""
    try:
        settings = read_settings(rehearsal.environment())
    except SettingsError as error:
        try:
            return from_token(read_token_settings())
        except SettingsError as other:
            raise SettingsError([*error.problems, *(f"ou bien {problem}" for problem in other.problems)]) from other
    return from_app(Jalon(settings), repository, github_alone=github_alone)


def _only(repositories: Iterable[str]) -> str:
    found = tuple(repositories)
    if len(found) != 1:
        raise WhichRepositoryError(found)
    return found[0]
