"""The labels of a repository: listed, made, renamed."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError

log = logging.getLogger(__name__)
TAKEN = 422
"""GitHub's answer when a label of that name was made meanwhile."""


def every_label(client: Client, repository: str) -> list[Any]:
    """As REST tells them."""
    return list(client.listed(client.requester(repository), f"/repos/{repository}/labels"))


def write_label(client: Client, repository: str, label: dict[str, str], instead_of: str = "") -> bool:
    """Make a label of this name, colour and description, or give them to another; False when people were quicker."""
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
