"""What only writing shows: one scratch issue, examined in every way the App relies on, then closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.doctor.findings import Finding, Verdict, ko, ok, unknown_finding
from app.doctor.timed import LateError, Timed
from app.github.boards import Boards
from app.github.calls import nodes
from app.github.client import Client
from app.github.errors import LaterError, NotFoundError, RefusalError
from app.settings import Settings

TITLE = "Essai de l’installation de Jalon (se ferme tout seul)"
BODY = (
    "Ce ticket sert à `jalon doctor`\u00a0: il vérifie ce que GitHub seul peut dire, puis se ferme. "
    "Il n’est pas un produit.\n\n"
    "*This issue serves `jalon doctor`: it closes by itself, and is no product.*"
)
WORD = "Essai d’écriture : ce commentaire doit être relu par l’App. / *A comment to be read back.*"
NOD = "eyes"
STEP_S = 0.5
LATE_S = 44
"""As long as a turn waits for what woke it: 1, 3, 10 and 30 seconds."""
DELIVERY_S = 30


@dataclass
class _Made:
    """What was written, as REST answered it."""

    issue: Any = None
    comment: Any = None
    card: str = ""
    board: str = ""
    seen: Any = None
    delays: dict[str, float] = field(default_factory=dict)


class Trial:
    """`pause` waits, `seconds` measures time; tests give their own."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        repository: str,
        pause: Callable[[float], None],
        seconds: Callable[[], float],
        timed: Timed,
    ) -> None:
        self._client, self._settings, self._repository = client, settings, repository
        self._pause, self._seconds, self._made = pause, seconds, _Made()
        self._timed = timed

    def run(self) -> Iterator[Finding]:
        """Whatever happens, the issue is closed at the end."""
        opened = self._timed.tried("write", self._open)
        yield opened
        if opened.state is not Verdict.OK and not (opened.how == "late" and self._made.issue):
            return
        try:
            yield self._timed.tried("read_after_write", self._read_back)
            for about, look in self._looks():
                yield self._timed.tried(about, look) if self._made.seen else unknown_finding(about, "unseen")
            yield self._timed.tried("card", self._card)
            yield from self._told()
        finally:
            closed = self._timed.closing().tried("closed", self._close)
        yield closed

    def _rest(self, verb: str, path: str, body: Any = None) -> Any:
        requester = self._client.requester(self._repository)
        return self._client.rest(requester, verb, f"/repos/{self._repository}{path}", body)[1]

    def _open(self) -> Finding:
        made = self._made
        made.issue = self._rest("POST", "/issues", {"title": TITLE, "body": BODY})
        made.comment = self._rest("POST", f"/issues/{made.issue['number']}/comments", {"body": WORD})
        self._rest("POST", f"/issues/comments/{made.comment['id']}/reactions", {"content": NOD})
        return ok("write", number=made.issue["number"])

    def _read_back(self) -> Finding:
        """How long GitHub takes to show what it has just accepted, comment and reaction included."""
        began = self._seconds()
        while True:
            try:
                seen = self._look()
            except (NotFoundError, LaterError):
                seen = None
            took = round(self._seconds() - began, 1)
            if seen is not None and self._is_whole(seen):
                self._made.seen = seen
                return ok("read_after_write", seconds=took)
            if took >= LATE_S:
                self._made.seen = seen if seen and nodes_of(seen) else None
                return ko("read_after_write", seconds=took)
            self._pause(STEP_S)

    def _look(self) -> Any:
        owner, _, name = self._repository.partition("/")
        place = {"owner": owner, "name": name, "number": self._made.issue["number"]}
        requester = self._client.requester(self._repository)
        data = self._client.graphql(requester, "doctor_seen", _is_below_issue, **place)
        return (data["repository"] or {}).get("issue")

    def _is_whole(self, seen: Any) -> bool:
        """A reaction that is never shown as ours is a different finding from one that comes late."""
        said = nodes_of(seen)
        return bool(said) and any(group["content"] == NOD.upper() for group in said[0]["reactionGroups"] or ())

    def _looks(self) -> tuple[tuple[str, Callable[[], Finding]], ...]:
        return (
            ("author", self._author),
            ("reaction", self._reaction),
            ("node_id", self._node_id),
            ("email_field", self._email_field),
        )

    def _author(self) -> Finding:
        """Everything rests on this: the App recognises what it wrote as its own."""
        seen, said = self._made.seen, nodes_of(self._made.seen)[0]
        actor = seen["author"] or {}
        ours = seen["viewerDidAuthor"] and said["viewerDidAuthor"]
        same = actor.get("databaseId") == (self._made.issue.get("user") or {}).get("id")
        kind = str(actor.get("__typename"))
        found = ok if ours and same and kind == "Bot" else ko
        return found("author", kind=kind, did_author=bool(ours), same_number=bool(same))

    def _reaction(self) -> Finding:
        groups = nodes_of(self._made.seen)[0]["reactionGroups"] or ()
        given = [group["viewerHasReacted"] for group in groups if group["content"] == NOD.upper()]
        return ok("reaction") if any(given) else ko("reaction", groups=len(groups))

    def _node_id(self) -> Finding:
        seen, said = self._made.seen, nodes_of(self._made.seen)[0]
        same = {
            "issue": seen["id"] == self._made.issue["node_id"],
            "comment": said["id"] == self._made.comment["node_id"],
            "number": said["fullDatabaseId"] == str(self._made.comment["id"]),
        }
        return ok("node_id") if all(same.values()) else ko("node_id", **same)

    def _email_field(self) -> Finding:
        said = nodes_of(self._made.seen)[0]
        known = isinstance(said.get("createdViaEmail"), bool) and isinstance(said.get("isMinimized"), bool)
        return ok("email_field") if known else ko("email_field")

    def _card(self) -> Finding:
        """On the board, then off it again."""
        number = Boards(self._client, self._settings.board).number(self._repository)
        if not number:
            return unknown_finding("card", "no_board")
        owner = self._repository.partition("/")[0]
        requester = self._client.requester(self._repository)
        found = self._client.graphql(requester, "doctor_board", owner=owner, number=number)
        self._made.board = found["organization"]["projectV2"]["id"]
        content = self._made.issue["node_id"]
        added = self._client.graphql(requester, "add_card", project=self._made.board, content=content)
        self._made.card = added["addProjectV2ItemById"]["item"]["id"]
        return ok("card")

    def _told(self) -> Iterator[Finding]:
        """Which of our own actions came back as webhooks, and how we received them."""
        wanted = {"delivery": "issues", "card_delivery": "projects_v2_item"}
        if not self._made.card:
            del wanted["card_delivery"]
            yield unknown_finding("card_delivery", "no_card")
        found = dict.fromkeys(wanted, None)
        began, is_told = self._seconds(), True
        while None in found.values() and self._seconds() - began < DELIVERY_S and not self._timed.is_over:
            try:
                log = self._timed.run(self._log)
            except (LaterError, RefusalError, NotFoundError, LateError) as error:
                log, is_told = [], not isinstance(error, LateError)
            found = {about: next((x for x in log if self._is_ours(x, event)), None) for about, event in wanted.items()}
            if None in found.values():
                self._pause(STEP_S)
        waited = round(self._seconds() - began)
        for about, item in found.items():
            is_sure = item or (is_told and waited >= DELIVERY_S)
            yield _received(about, item, waited) if is_sure else unknown_finding(about, "late")

    def _log(self) -> Any:
        return self._client.rest(self._client.as_app, "GET", "/app/hook/deliveries?per_page=50")[1]

    def _is_ours(self, item: Any, event: str) -> bool:
        """Since the scratch issue was opened, both times being GitHub's."""
        return bool(item["event"] == event and item["delivered_at"] >= self._made.issue["created_at"])

    def _close(self) -> Finding:
        number = self._made.issue["number"]
        if self._made.card:
            requester = self._client.requester(self._repository)
            self._client.graphql(requester, "doctor_drop_card", project=self._made.board, item=self._made.card)
        self._rest("PATCH", f"/issues/{number}", {"state": "closed", "state_reason": "not_planned"})
        return ok("closed", number=number)


def nodes_of(seen: Any) -> list[Any]:
    return list(nodes(seen["comments"]))


def _received(about: str, item: Any, waited: int) -> Finding:
    if item is None:
        return ko(about, "never", seconds=waited)
    code = int(item["status_code"])
    if code == 401:
        return ko(about, "secret", status=code)
    if 200 <= code < 300:
        return ok(about, status=code)
    return ko(about, "failed", status=code)


def _is_below_issue(error: Any) -> bool:
    """What GitHub withholds of the issue is exactly what is looked for."""
    return isinstance(error, dict) and len(error.get("path") or ()) > len(("repository", "issue"))
