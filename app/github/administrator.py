"""Calls to GitHub with the token of the administrator who installs Jalon; no call is ever repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from github import Auth, Github, GithubException
from requests.structures import CaseInsensitiveDict

from app.github.calls import first_page, graphql, next_page, unsorted
from app.github.client import OPERATIONS, manners, sorted_failures
from app.github.errors import RefusalError, errors_in
from app.settings import Administration

SCOPES = ("repo", "project", "read:org", "workflow")
"""Scopes a classic token needs, as GitHub names them on its page."""
_IMPLIED = {"read:org": {"write:org", "admin:org"}}
_REFUSED = {"FORBIDDEN", "INSUFFICIENT_SCOPES"}


class Administrator:
    """One administrator's token on one GitHub."""

    def __init__(self, access: Administration) -> None:
        self._github = Github(
            auth=Auth.Token(access.token),
            base_url=access.api_url,
            **manners(),
        )

    def missing_scopes(self) -> tuple[str, ...]:
        """Scopes a classic token lacks; none for other kinds of token, which do not tell. Raises RefusalError."""
        headers, _ = self.rest("GET", "/user")
        given = CaseInsensitiveDict(headers).get("x-oauth-scopes")
        if given is None:
            return ()
        granted = {scope.strip() for scope in given.split(",")}
        return tuple(scope for scope in SCOPES if not granted & {scope, *_IMPLIED.get(scope, ())})

    def rest(self, verb: str, path: str, body: Any = None) -> tuple[Mapping[str, Any], Any]:
        """Headers and JSON of one call. Raises LaterError, NotFoundError, RefusalError."""
        with sorted_failures():
            try:
                return unsorted(self._github.requester, verb, path, body)
            except GithubException as error:
                raise _sorted(error) from error

    def listed(self, path: str, key: str = "") -> Iterator[Any]:
        """Every item of a list, page after page; `key` names the list where GitHub wraps it in an object."""
        where = first_page(path)
        while where:
            headers, items = self.rest("GET", where)
            yield from items[key] if key else items
            where = next_page(headers)

    def graphql(self, operation: str, **values: Any) -> Any:
        """Data of one of our operations. Raises LaterError, NotFoundError, RefusalError."""
        with sorted_failures():
            try:
                return graphql(self._github.requester, OPERATIONS[operation], values)
            except GithubException as error:
                raise _sorted(error) from error


def _sorted(error: GithubException) -> Exception:
    """Turn refusals into RefusalError, 401 included since the token is a person's; others are sorted elsewhere."""
    typed = errors_in(error.data)
    if any(item.get("type") in _REFUSED for item in typed):
        return RefusalError(403, error.data)
    if any(item.get("type") == "RATE_LIMITED" for item in typed) or "rate limit" in str(error.data).lower():
        return error
    return RefusalError(error.status, error.data) if error.status in {400, 401, 403, 409, 422} else error
