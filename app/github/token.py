"""The same calls with a token given from outside, as in GitHub Actions, instead of the App's key."""

from __future__ import annotations

from github import Auth, Github
from github.Requester import Requester

from app.github.client import Client, manners
from app.settings import TokenSettings


class TokenClient(Client):
    """Acts on one repository, as the owner of the token."""

    def __init__(self, settings: TokenSettings) -> None:
        # No installation and no shared budget: a job makes a handful of calls and ends.
        self._owner_of, self._ended = {}, lambda: None
        self._requester_of_token: Requester = Github(
            auth=Auth.Token(settings.token),
            base_url=settings.api_url,
            **manners(),
        ).requester

    def requester(self, repository: str) -> Requester:  # noqa: ARG002 - one token for all
        return self._requester_of_token

    def requester_of_owner(self, owner: str) -> Requester:  # noqa: ARG002
        return self._requester_of_token
