"""The source of a report, from the settings of this machine or the token of a job."""

from __future__ import annotations

from collections.abc import Iterable

from app.bootstrap import Jalon
from app.cli.here_and_now import clock, environment
from app.domain.report.portfolio import ReportedProduct
from app.engine.stuck_deliveries import parked_in
from app.github.backlog import ACTIONS, read_backlog
from app.messages.reports import Links
from app.reports.report_source import ReportSource, WhichRepositoryError, from_token
from app.reports.sources import from_register
from app.settings import SettingsError, read_settings, read_token_settings, web_url
from app.store.sessions import Sessions


def from_app(jalon: Jalon, repository: str = "", *, github_alone: bool = False) -> ReportSource:
    """A source with the register; raises WhichRepositoryError, LaterError or NotFoundError."""
    bots = frozenset({ACTIONS})  # the App's own comments are known without its name
    repository = repository or _only(jalon.register.repositories() or jalon.client.repositories())
    policy = jalon.policies.of(repository)
    products: tuple[ReportedProduct, ...]
    if github_alone:
        products = read_backlog(jalon.client, repository, policy, bots, by_us=True)
    else:
        products = from_register(jalon.register, repository)
    links = Links(web_url(jalon.settings.api_url), repository, jalon.settings.public_url)
    parked = parked_in(jalon.database, repository, jalon.register.repositories())
    catalogue = jalon.catalogues.of(repository, policy.language)
    sessions = Sessions(jalon.register.engine).of(repository)
    said = jalon.client, repository, policy, links, products, bots, parked, catalogue, sessions
    return ReportSource(*said, seal=jalon.shown_seals.today)


def source_from_environment(repository: str = "", *, github_alone: bool = False) -> ReportSource:
    """The App's settings if they are there, else a job's token; raises SettingsError when neither is."""
    try:
        settings = read_settings(environment())
    except SettingsError as error:
        try:
            return from_token(read_token_settings())
        except SettingsError as other:
            raise SettingsError([*error.problems, *(f"ou bien {problem}" for problem in other.problems)]) from other
    return from_app(Jalon(settings, clock()), repository, github_alone=github_alone)


def _only(repositories: Iterable[str]) -> str:
    found = tuple(repositories)
    if len(found) != 1:
        raise WhichRepositoryError(found)
    return found[0]
