"""The one comment of a pull request that tells what it changes in the rules, found again by its mark and edited."""

from __future__ import annotations

from typing import Any

from app.github.client import Client

MARK = "<!-- jalon:changement-de-regles -->"
LIMIT = 60_000
"""Characters of a body; GitHub's limit is 65,536."""


def post_rules_comment(client: Client, repository: str, pull: int, text: str, *, is_news: bool = True) -> str:
    """Post it, or put it in place of what was said of a former commit; gives its address.

    What is no news is said only where something else was said before: the address is empty where nothing was.
    Raises NotFoundError when there is no such pull request, RefusalError when GitHub lets nothing be written there.
    """
    requester, path = client.requester(repository), f"/repos/{repository}/issues"
    body = f"{_fitted(text.strip())}\n\n{MARK}"
    known = _known(client, repository, pull)
    if known is None and not is_news:
        return ""
    if known is None:
        _, said = client.rest(requester, "POST", f"{path}/{pull}/comments", {"body": body})
    elif str(known["body"]).replace("\r\n", "\n") != body:
        _, said = client.rest(requester, "PATCH", f"{path}/comments/{known['id']}", {"body": body})
    else:
        said = known
    return str(said["html_url"])


def _known(client: Client, repository: str, pull: int) -> Any:
    """The comment of ours that bears the mark; somebody who copied it wrote another."""
    requester = client.requester(repository)
    mine = _bare(client.graphql(requester, "whoami")["viewer"]["login"])
    for comment in client.listed(requester, f"/repos/{repository}/issues/{pull}/comments"):
        if str(comment["body"]).rstrip().endswith(MARK) and _bare((comment["user"] or {}).get("login", "")) == mine:
            return comment
    return None


def _bare(login: str) -> str:
    """The name of an account, which GraphQL and REST write differently for an App."""
    return login.removesuffix("[bot]").lower()


def _fitted(text: str) -> str:
    return text if len(text) <= LIMIT else text[: text.rindex("\n", 0, LIMIT)].rstrip() + "\n\n…"
