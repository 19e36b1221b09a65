"""How a call goes wrong: errors, silence, cut connections, limits, and people who act right behind the App."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator

import flask

from local_github.auth import Caller, Doorman
from local_github.faults import CALLS, Fault, Faults
from local_github.field_faults import FieldFaults, Written
from local_github.refusals import Ask, refused
from local_github.rest.call import Reply
from local_github.state import ROLES, Comment, Refused
from local_github.world import World

HANG_S = 20
SLOW_S = 2
RESET_S = 60
COMMENTED, LABELLED = re.compile(r"^POST .*/issues/\d+/comments$"), re.compile(r"^POST .*/issues/\d+/labels$")


class Trouble:
    """Applies the rules to the calls of the App; people's calls always go well."""

    def __init__(self, world: World, doorman: Doorman, faults: Faults) -> None:
        self._world, self._doorman, self._faults = world, doorman, faults
        self.ended = threading.Event()

    def end(self) -> None:
        """Whoever hangs is let go."""
        self.ended.set()

    def of(self, caller: Caller, about: str) -> Fault | None:
        return None if caller.kind == "person" else self._faults.take(CALLS, about)

    def before(self, fault: Fault | None, ask: Ask) -> Reply | None:
        """The answer that takes the place of the call; None when the call goes on. Raises Refused(401)."""
        match fault.kind if fault else "", fault:
            case "error-before", Fault() as rule:
                return _error(rule)
            case "refused", Fault() as rule:
                named = {"organisation": self._world.organisation, "bot": self._world.bot}
                return refused(ask, rule.why or "integration", rule.status, **named)
            case "hang-before", Fault() as rule:
                self.ended.wait(HANG_S if rule.seconds is None else rule.seconds)
                return _cut()
            case "cut-before", _:
                return _cut()
            case "slow", Fault() as rule:
                self.ended.wait(_slowness(rule, ask))
            case "token-expired", _:
                self._doorman.expire_all()
                raise Refused(401, "Bad credentials")
            case "primary-limit", Fault() as rule:
                return _primary(rule, self._world.app.installation_id, ask)
            case "secondary-limit", Fault() as rule:
                return _secondary(rule)
        return None

    def after(self, fault: Fault | None, reply: Reply) -> Reply:
        """What the App hears of a call that was carried out."""
        match fault.kind if fault else "", fault:
            case "error-after", Fault() as rule:
                return _error(rule)
            case "hang-after", Fault() as rule:
                self.ended.wait(HANG_S if rule.seconds is None else rule.seconds)
                return _cut()
            case "cut-after", _:
                return _cut()
        return reply

    def cut(self, fields: FieldFaults, reply: Reply) -> Reply:
        """The answer of a mutation, unless the call ended in its middle."""
        rule = fields.ended()
        return _error(rule) if rule else reply

    def people(self, caller: Caller, written: Iterable[Written]) -> None:
        """Somebody acts on what the App has just written, unless it is gone already."""
        if caller.kind != "installation":
            return
        for item in written:
            comment, label = self._comment(item.comment), self._world.label(item.label)
            if comment and (rule := self._faults.take(("comment-edited", "comment-deleted"), item.about)):
                self._touch(rule, comment)
            if label and (rule := self._faults.take(("label-renamed",), item.about)):
                self._world.edit_label(self._somebody(rule), label.name, new_name=f"{label.name} (renommée)"[:50])

    def _comment(self, number: int | None) -> Comment | None:
        with contextlib.suppress(Refused):
            return self._world.comment_of(number) if number else None
        return None

    def _touch(self, rule: Fault, comment: Comment) -> None:
        if rule.kind == "comment-deleted":
            self._world.delete_comment(self._somebody(rule), comment.id)
        else:
            self._world.edit_comment(self._somebody(rule), comment.id, f"{comment.body}\n\nRetouché à la main.")

    def _somebody(self, rule: Fault) -> str:
        able = (
            person.login
            for person in self._world.people.values()
            if not person.is_bot and ROLES.index(person.role) >= ROLES.index("write")
        )
        return rule.by or next(able)


def written(about: str, reply: Reply) -> Iterator[Written]:
    """What a call of REST has made."""
    if reply.status >= 300:
        return
    if COMMENTED.search(about):
        yield Written(about, comment=reply.json["id"])
    if LABELLED.search(about) and reply.json:
        yield Written(about, label=reply.json[-1]["name"])


def _slowness(rule: Fault, ask: Ask) -> float:
    if rule.each is None:
        return SLOW_S if rule.seconds is None else rule.seconds
    return (rule.seconds or 0) + rule.each * len(ask.acts)


def _error(rule: Fault) -> Reply:
    return Reply({"message": "Server Error"}, rule.status or 502)


def _cut() -> Reply:
    """Ends the connection under the server: nothing of the answer leaves."""
    client = flask.request.environ.get("waitress.client_disconnected")
    if client is not None:
        with contextlib.suppress(OSError):
            client.__self__.socket.shutdown(socket.SHUT_RDWR)
    return Reply(None, 504)


def _primary(rule: Fault, installation: int, ask: Ask) -> Reply:
    """GraphQL tells it with status 200."""
    message = f"API rate limit exceeded for installation ID {installation}."
    reset = int(time.time() + (RESET_S if rule.seconds is None else rule.seconds))
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset), **_retry_after(rule)}
    if ask.is_graphql and rule.status is None:
        return Reply({"errors": [{"type": "RATE_LIMITED", "message": message}]}, 200, headers)
    return Reply({"message": message, "documentation_url": DOCUMENTATION}, rule.status or 403, headers)


def _secondary(rule: Fault) -> Reply:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Reply({"message": message, "documentation_url": DOCUMENTATION}, rule.status or 403, _retry_after(rule))


def _retry_after(rule: Fault) -> dict[str, str]:
    return {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}


DOCUMENTATION = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
