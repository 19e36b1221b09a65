"""The labels of a repository: listed, created, renamed."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError

log = logging.getLogger(__name__)
TAKEN = 422
"""GitHub's error code when a label of that name was created meanwhile."""


def every_label(client: Client, repository: str) -> list[Any]:
    """The labels as REST gives them."""
    return list(client.listed(client.requester(repository), f"/repos/{repository}/labels"))


def write_label(client: Client, repository: str, label: dict[str, str], instead_of: str = "") -> bool:
    """Create a label, or give its name, colour and description to an existing one; False when somebody was quicker."""
    requester, path = client.requester(repository), f"/repos/{repository}/labels"
    try:
        if instead_of:
            body = {"new_name": label["name"], "color": label["color"], "description": label["description"]}
            client.rest(requester, "PATCH", f"{path}/{quote(instead_of, safe='')}", body)
        else:
            client.rest(requester, "POST", path, label)
    except (NotFoundError, RefusalError) as error:
        if isinstance(error, RefusalError) and error.status != TAKEN:
            raise
        log.info("%s: label %s was changed meanwhile", repository, label["name"])
        return False
    return True
