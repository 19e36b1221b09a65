"""Makes one effect on GitHub; made twice, it leaves GitHub as if made once."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from app.domain.policy.model import TIMEZONE
from app.domain.product.issue import Issue
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    Message,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)
from app.github import cards, markers
from app.github.client import Client, NotFoundError
from app.messages import render, seal_line

Answer = Mapping[str, Any]
"""GitHub's answer to an effect. Never None, so that a wrapper that forgets to return it fails type checking."""
REACTIONS = {"THUMBS_UP": "+1", "CONFUSED": "confused"}


def apply(client: Client, issue: Issue, effect: Effect, language: str, place: str = TIMEZONE) -> Answer:
    """GitHub's answer for a comment written, an empty one for the rest. Raises LaterError when it cannot now."""
    requester = client.requester(issue.repository)
    here = f"/repos/{issue.repository}/issues/{issue.number}"
    match effect:
        case ChangeLabels():
            _labels(client, issue, effect, here)
        case PlaceCard() | FillCard():
            cards.write(client, issue, effect)
        case RestoreCard():
            client.graphql(requester, "restore_card", project=effect.board.id, item=effect.card.id)
        case Close():
            client.rest(requester, "PATCH", here, {"state": "closed"})
        case Reopen():
            client.rest(requester, "PATCH", here, {"state": "open"})
        case PostComment():
            text = body(effect.message, language, place=place)
            return cast("Answer", client.rest(requester, "POST", f"{here}/comments", {"body": text})[1])
        case EditComment():
            path = f"/repos/{issue.repository}/issues/comments/{effect.comment}"
            text = body(effect.message, language, effect.over, place)
            return cast("Answer", client.rest(requester, "PATCH", path, {"body": text})[1])
        case RemoveComment():
            _remove(client, issue, effect)
        case React():
            path = f"/repos/{issue.repository}/issues/comments/{effect.comment}/reactions"
            client.rest(requester, "POST", path, {"content": REACTIONS[effect.content]})
        case TakeBack():
            _take_back(client, issue, effect)
        case HideComment() | ShowComment():
            _fold(client, issue, effect)
        case _:
            raise TypeError(f"unknown effect: {effect!r}")
    return {}


def _fold(client: Client, issue: Issue, effect: HideComment | ShowComment) -> None:
    """REST has no way to do this."""
    node = next((one.node_id for one in issue.comments if one.id == effect.comment), "")
    with contextlib.suppress(NotFoundError):  # it is gone: there is nothing to fold
        name = "hide_comment" if isinstance(effect, HideComment) else "show_comment"
        client.graphql(client.requester(issue.repository), name, comment=node)


def _remove(client: Client, issue: Issue, effect: RemoveComment) -> None:
    with contextlib.suppress(NotFoundError):  # it is gone already: that is what was wanted
        requester = client.requester(issue.repository)
        client.rest(requester, "DELETE", f"/repos/{issue.repository}/issues/comments/{effect.comment}")


def _take_back(client: Client, issue: Issue, effect: TakeBack) -> None:
    """The id of our reaction, found among all those of its kind: GitHub deletes a reaction by id."""
    requester = client.requester(issue.repository)
    path = f"/repos/{issue.repository}/issues/comments/{effect.comment}/reactions"
    kind = quote(REACTIONS[effect.content])
    for given in client.listed(requester, f"{path}?content={kind}"):
        author = given.get("user") or {}
        if client.is_own(author.get("login", ""), author.get("id", 0)):
            with contextlib.suppress(NotFoundError):
                client.rest(requester, "DELETE", f"{path}/{given['id']}")


def body(message: Message, language: str, over: str = "", place: str = TIMEZONE) -> str:
    """The comment's text as GitHub stores it, marker included."""
    foot = seal_line(message.seal, language) if message.seal else ""
    return markers.marked_body(message, render(message.notice, language, place), over, foot)


def _labels(client: Client, issue: Issue, effect: ChangeLabels, here: str) -> None:
    requester = client.requester(issue.repository)
    if effect.add:
        client.rest(requester, "POST", f"{here}/labels", {"labels": list(effect.add)})
    for label in effect.remove:
        try:
            client.rest(requester, "DELETE", f"{here}/labels/{quote(label, safe='')}")
        except NotFoundError:
            continue  # somebody removed it meanwhile: that is what was wanted
