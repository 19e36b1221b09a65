"""Questions to GitHub of which only the answer's status matters: a refusal is a result, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from github.Requester import Requester

from app.github.client import Client, LaterError, NotFoundError
from app.github.errors import RefusalError


@dataclass(frozen=True)
class ProbeAnswer:
    """GitHub's status, 0 when it could not be reached; `data` only after a success."""

    status: int
    data: Any = None

    @property
    def is_yes(self) -> bool:
        return self.status == 200


class ProbeLine:
    """One way to GitHub: as the App itself, or as one of its installations."""

    def __init__(self, client: Client, requester: Requester) -> None:
        self._client, self._requester = client, requester

    def ask(self, path: str) -> ProbeAnswer:
        """One REST question."""
        try:
            return ProbeAnswer(200, self._client.rest(self._requester, "GET", path)[1])
        except NotFoundError:
            return ProbeAnswer(404)
        except LaterError:
            return ProbeAnswer(0)
        except RefusalError as error:
            return ProbeAnswer(error.status)

    def list(self, path: str, key: str = "") -> ProbeAnswer:
        """One REST list, all its pages."""
        items: list[Any] = []
        try:
            items += self._client.listed(self._requester, path, key)
        except NotFoundError:
            return ProbeAnswer(404)
        except LaterError:
            return ProbeAnswer(0)
        except RefusalError as error:
            return ProbeAnswer(error.status)
        return ProbeAnswer(200, items)

    def graphql(self, operation: str, **values: Any) -> ProbeAnswer:
        """One GraphQL question; an error in any part counts as a refusal of the whole."""
        try:
            return ProbeAnswer(200, self._client.graphql(self._requester, operation, **values))
        except NotFoundError:
            return ProbeAnswer(404)
        except LaterError:
            return ProbeAnswer(0)
        except RefusalError as error:
            errors = error.data.get("errors", []) if isinstance(error.data, Mapping) else []
            return ProbeAnswer(403 if any(item.get("type") == "FORBIDDEN" for item in errors) else error.status)


def as_app(client: Client) -> ProbeLine:
    return ProbeLine(client, client.as_app)


def installed_on(client: Client, owner: str) -> ProbeLine | None:
    """The same as the installation of an organisation; None when GitHub gives no token for it now."""
    try:
        return ProbeLine(client, client.requester_of_owner(owner))
    except (NotFoundError, LaterError, RefusalError):
        return None
