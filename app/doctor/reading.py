"""What can be checked without changing anything: the App, its webhook, rights, clock, board and team."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from app.doctor.findings import Finding, Verdict, ko, ok, unknown_finding
from app.doctor.timed import Timed
from app.domain.policy.model import Policy
from app.github.boards import Boards
from app.github.calls import nodes, whole
from app.github.client import Client
from app.github.errors import NotFoundError, RefusalError
from app.github.manifest import EVENTS
from app.github.policies import PATH
from app.github.rights import LEVELS, PERMISSIONS
from app.settings import Settings
from app.transparency.notes import NoteError, read_signer

HOOK = "/webhooks/github"
SKEW_S = 30
"""GitHub refuses a signature dated a minute ahead of its own clock; half of that is reported."""
ABSENT = ".github/jalon-absent.yml"


class DoctorReading:
    """Everything here may be done at any time, on an installation in use."""

    def __init__(self, client: Client, settings: Settings, clock: Callable[[], datetime], timed: Timed) -> None:
        self._client, self._settings, self._clock, self._timed = client, settings, clock, timed
        self.app: Any = {}

    def of_app(self) -> Iterator[Finding]:
        """Stops after the first when GitHub does not know the App."""
        first = self._timed.tried("identity", self._identity)
        yield first
        if first.state is Verdict.OK:
            yield self._timed.tried("clock", self._skew)
            yield self._slug()
            yield self._timed.tried("permissions", lambda: self._lacking(self.app["permissions"]))
            yield self._events()
            yield self._timed.tried("hook", self._hook)
            yield self._timed.tried("addresses", self._addresses)
            yield self._timed.tried("deliveries", self._deliveries)

    def _identity(self) -> Finding:
        _, self.app = self._client.rest(self._client.as_app, "GET", "/app")
        return ok("identity", app=self.app["id"], shown={"slug": self.app["slug"]})

    def _skew(self) -> Finding:
        """Compare the date of an answer with our clock when it came."""
        headers, _ = self._client.rest(self._client.as_app, "GET", "/app")
        told = {name.lower(): value for name, value in headers.items()}.get("date")
        if not told:
            return unknown_finding("clock")
        skew = round((parsedate_to_datetime(told) - self._clock()).total_seconds())
        return (ok if abs(skew) <= SKEW_S else ko)("clock", shown={"away": abs(skew)}, seconds=skew)

    def _slug(self) -> Finding:
        """What the workflows must be told: they see neither the App's key nor its name."""
        return ok("slug", app=self.app["id"], shown={"slug": self.app["slug"]})

    def _lacking(self, granted: Any) -> Finding:
        lacking = [
            f"{name}:{level}"
            for name, level in PERMISSIONS.items()
            if granted.get(name) not in LEVELS or LEVELS.index(granted[name]) < LEVELS.index(level)
        ]
        return ko("permissions", lacking=", ".join(lacking)) if lacking else ok("permissions")

    def _events(self) -> Finding:
        missing = [name for name in EVENTS if name not in self.app["events"]]
        return ko("events", missing=", ".join(missing)) if missing else ok("events")

    def _hook(self) -> Finding:
        _, hook = self._client.rest(self._client.as_app, "GET", "/app/hook/config")
        url, public = str(hook.get("url") or ""), self._settings.public_url
        if not url:
            return ko("hook", "none")
        if not url.endswith(HOOK) or (public and not url.startswith(public)):
            return ko("hook", "elsewhere", shown={"url": url, "wanted": f"{public}{HOOK}"})
        if hook.get("content_type") != "json":
            return ko("hook", "form")
        if str(hook.get("insecure_ssl")) == "1":
            return ko("hook", "unsafe")
        return ok("hook", shown={"url": url}, secure=urlsplit(url).scheme == "https")

    def _addresses(self) -> Finding:
        """W7: a firewall with last year's list of addresses silently drops webhooks."""
        try:
            _, meta = self._client.rest(self._client.as_app, "GET", "/meta")
        except (NotFoundError, RefusalError):
            return unknown_finding("addresses")
        hooks = [str(item) for item in meta.get("hooks") or ()]
        if not hooks:
            return unknown_finding("addresses")
        return ok("addresses", ranges=len(hooks), shown={"list": ", ".join(hooks)})

    def _deliveries(self) -> Finding:
        """L6: the catch-up reads GitHub's log by id, so ids must be in order of time."""
        _, found = self._client.rest(self._client.as_app, "GET", "/app/hook/deliveries?per_page=100")
        hours = [item["delivered_at"] for item in sorted(found, key=lambda item: item["id"])]
        failed = sum(not 200 <= item["status_code"] < 400 for item in found)
        if hours != sorted(hours):
            return ko("deliveries", "disordered", count=len(found))
        if failed:
            return ko("deliveries", "failed", count=len(found), failed=failed)
        return ok("deliveries", "ok" if found else "empty", count=len(found))

    def nowhere(self) -> Finding:
        """Why there is no repository to look at."""

        def look() -> Finding:
            _, found = self._client.rest(self._client.as_app, "GET", "/app/installations")
            return ko("installation", "suspended" if any(item.get("suspended_at") for item in found) else "nowhere")

        return self._timed.tried("installation", look)

    def of_installation(self, repository: str, policy: Policy) -> Iterator[Finding]:
        yield self._seal(policy)
        yield self._timed.tried("installation", lambda: self._installation(repository))
        yield self._timed.tried("absent_file", lambda: self._absent_file(repository))
        yield self._timed.tried("team", lambda: self._team(repository, policy.committee.team))
        yield self._timed.tried("board", lambda: self._board(repository))
        yield self._timed.tried("foreign_boards", lambda: self._foreign(repository))

    def _seal(self, policy: Policy) -> Finding:
        """Outsiders check the register by the keys that the rules publish: the one that signs must be among them."""
        if not self._settings.seal_key:
            return ko("seal", "no_key") if policy.register.keys else ok("seal", "none")
        try:
            key = read_signer(self._settings.seal_key).key
        except NoteError:
            return ko("seal", "unreadable")
        if key.vkey not in policy.register.keys:
            return ko("seal", "unpublished", shown={"key": key.vkey})
        return ok("seal", shown={"name": key.name}, witnesses=len(policy.register.witnesses))

    def _installation(self, repository: str) -> Finding:
        _, found = self._client.rest(self._client.as_app, "GET", f"/repos/{repository}/installation")
        if found.get("suspended_at"):
            return ko("installation", "suspended")
        asked = self._lacking(found["permissions"])
        if asked.state is Verdict.KO:
            return ko("installation", "rights", lacking=asked.facts["lacking"])
        headers, place = self._client.rest(self._client.requester(repository), "GET", f"/repos/{repository}")
        if place.get("archived"):
            return ko("installation", "archived")
        if place["full_name"].lower() != repository.lower():
            return ko("installation", "renamed", shown={"name": place["full_name"]})
        server = {name.lower(): value for name, value in headers.items()}.get("x-github-enterprise-version", "")
        return ok("installation", chosen=found.get("repository_selection") == "selected", server=server)

    def _absent_file(self, repository: str) -> Finding:
        """GitHub's answer about a missing file, when the App may read a single file only."""
        requester = self._client.requester(repository)
        try:
            self._client.rest(requester, "GET", f"/repos/{repository}/contents/{ABSENT}")
            return unknown_finding("absent_file")
        except NotFoundError:
            return ok("absent_file", status=404)
        except RefusalError as error:
            if error.status != 403:
                raise
        self._client.rest(requester, "GET", f"/repos/{repository}/contents/{PATH}")
        return ok("absent_file", status=403)

    def _team(self, repository: str, team: str) -> Finding:
        owner = repository.partition("/")[0]
        requester = self._client.requester(repository)
        data = self._client.graphql(requester, "doctor_team", owner=owner, team=team)
        found = data["organization"]["team"]
        if found is None:
            return ko("team", "hidden", shown={"team": team})
        _, shown = self._client.rest(requester, "GET", f"/orgs/{owner}/teams/{team}")
        return ok("team", members=found["members"]["totalCount"], privacy=str(shown.get("privacy", "")))

    def _board(self, repository: str) -> Finding:
        number = Boards(self._client, self._settings.board).number(repository)
        if not number:
            return ko("board", "none")
        owner, requester = repository.partition("/")[0], self._client.requester(repository)

        def ask(**after: Any) -> Any:
            data = self._client.graphql(requester, "doctor_board", owner=owner, number=number, **after)
            return data["organization"]["projectV2"]

        found = whole(ask, ("fields",))
        if not found["viewerCanUpdate"]:
            return ko("board", "read_only", number=number)
        kinds = {node["name"]: node["dataType"] for node in nodes(found["fields"]) if "name" in node}
        if kinds.get("Phase") != "SINGLE_SELECT":
            return ko("board", "phase", number=number, kind=str(kinds.get("Phase", "")))
        return ok("board", number=number, items=found["items"]["totalCount"])

    def _foreign(self, repository: str) -> Finding:
        owner, _, name = repository.partition("/")
        requester = self._client.requester(repository)
        data = self._client.graphql(requester, "doctor_foreign", _is_below_cards, owner=owner, name=name)
        cards = [card for issue in nodes(data["repository"]["issues"]) for card in issue["projectItems"]["nodes"] or ()]
        hidden = sum(card is None for card in cards)
        return ok("foreign_boards", "ok" if hidden else "none", cards=len(cards), hidden=hidden)


def _is_below_cards(error: Any) -> bool:
    return isinstance(error, dict) and "projectItems" in (error.get("path") or ())
