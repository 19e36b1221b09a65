"""Where a faulty policy file is told: the pull request or the commit that brought it, else an issue kept for that.

The App's own permissions give the issue alone. Those that show commits and pull requests are a choice of the
organisation: what GitHub refuses is not asked for again, the next place is taken.
"""

from __future__ import annotations

from typing import Any

from app.domain.publish.effects import Message
from app.domain.publish.notices import RulesFile
from app.github import markers
from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError
from app.github.policies import PATH
from app.github.published import Published, publish, published
from app.messages import render

KIND, KEY = "regles", "1"
ISSUE = "issue"
REFUSALS = {403, 409, 410, 422}


def place_of(client: Client, repository: str) -> str:
    """« pull/7 », « commit/<sha> », or « issue » when the App may see neither."""
    commits = _asked(client, repository, f"commits?path={PATH}&per_page=1")
    if not commits:
        return ISSUE
    sha = str(commits[0]["sha"])
    pulls = _asked(client, repository, f"commits/{sha}/pulls")
    return f"pull/{int(pulls[0]['number'])}" if pulls else f"commit/{sha}"


def tell(client: Client, repository: str, place: str, message: Message, language: str) -> str:
    """Say it once in a place, or in the issue when GitHub refuses there; gives the place. Raises LaterError."""
    if place != ISSUE:
        try:
            _comment(client, repository, place, message, language)
        except (NotFoundError, RefusalError) as error:
            if isinstance(error, RefusalError) and error.status not in REFUSALS:
                raise
        else:
            return place
    _issue(client, repository, message, language)
    return ISSUE


def _asked(client: Client, repository: str, what: str) -> Any:
    try:
        return client.rest(client.requester(repository), "GET", f"/repos/{repository}/{what}")[1]
    except NotFoundError:
        return None
    except RefusalError as error:
        if error.status not in REFUSALS:
            raise
        return None


def _comment(client: Client, repository: str, place: str, message: Message, language: str) -> None:
    """Looked for first: a former try may have been cut after GitHub had taken it."""
    kind, _, name = place.partition("/")
    path = f"/repos/{repository}/{'issues' if kind == 'pull' else 'commits'}/{name}/comments"
    requester = client.requester(repository)
    if any(_is_it(client, comment, message) for comment in client.listed(requester, path)):
        return
    text = f"## {render(message.notice, language)}"
    client.rest(requester, "POST", path, {"body": markers.mark(message, text)})


def _is_it(client: Client, comment: Any, message: Message) -> bool:
    trace, by = markers.read(comment["body"]), comment["user"] or {}
    is_ours = trace and client.is_own(str(by.get("login", "")), int(by.get("id") or 0))
    return bool(is_ours and trace and (trace.key, trace.data) == (message.key, message.stamp))


def is_told(client: Client, repository: str) -> bool:
    """Whether the issue is open: a database that is new, or gone, does not know."""
    known = _known(client, repository)
    return known is not None and known.is_open


def _issue(client: Client, repository: str, message: Message, language: str) -> None:
    """One issue for the file's whole life: closed when it is mended, opened again when it breaks."""
    known = _known(client, repository)
    number = publish(client, repository, KIND, KEY, render(message.notice, language), known)
    is_open = not (isinstance(message.notice, RulesFile) and message.notice.state == "mended")
    if is_open != (known is None or known.is_open):
        path = f"/repos/{repository}/issues/{number}"
        client.rest(client.requester(repository), "PATCH", path, {"state": "open" if is_open else "closed"})


def _known(client: Client, repository: str) -> Published | None:
    return published(client, repository, KIND, frozenset()).get(KEY)
