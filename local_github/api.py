"""The way in of the API: every call is recognised, checked against the table of rights, answered and counted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from email.utils import format_datetime
from functools import partial
from typing import Any

import flask

from local_github import graph, graph_nouns, limits, versions
from local_github.auth import Caller, Doorman
from local_github.fault_injection import Trouble, written
from local_github.faults import Faults
from local_github.field_faults import FieldFaults, Written
from local_github.graph_core import Viewer
from local_github.limits import Limits
from local_github.pace import Pace
from local_github.refusals import Ask
from local_github.replicas import Replicas
from local_github.rest.call import Call, Reply
from local_github.rest.routes import REPO, ROUTES, Route
from local_github.spoiling import Spoiler
from local_github.state import Refused
from local_github.world import World

DOCUMENTATION = "https://docs.github.com/rest"
READING = {"GET", "HEAD"}
NOBODY = Caller("", "person")
ANYONES = {"/meta"}
"""What even the App's own token may ask."""
UNCOUNTED = "/rate_limit"
Calls = list[dict[str, Any]]
Done = tuple[Reply, Iterable[Written]]
"""What a call answers, and what it made that somebody else may touch."""


class Door:
    """Every call of the API passes here. `calls` lists those of the App."""

    def __init__(self, world: World, doorman: Doorman, calls: Calls, faults: Faults) -> None:
        self._world, self._doorman, self._calls, self._faults = world, doorman, calls, faults
        self._limits = Limits()
        self.trouble = Trouble(world, doorman, faults)
        self._replicas, self._pace = Replicas(world, faults), Pace(world, faults)

    def blueprint(self) -> flask.Blueprint:
        """REST, GraphQL and the list of calls the App made."""
        api = flask.Blueprint("api", __name__)
        for number, route in enumerate(ROUTES):
            for rank, path in enumerate(_paths(route)):
                name, view = f"r{number}-{rank}", partial(self._view, route)
                api.add_url_rule(path, name, view, methods=[route.method], provide_automatic_options=False)
        api.add_url_rule("/graphql", "graphql", self._graphql, methods=["POST"])
        api.add_url_rule("/_sandbox/calls", "calls", lambda: flask.jsonify(self._calls), methods=["GET"])
        api.add_url_rule("/_sandbox/calls", "forget", self._forget, methods=["DELETE"])
        api.add_url_rule("/_sandbox/faults", "faults", self._control, methods=["GET", "POST", "DELETE"])
        return api

    def _control(self) -> flask.Response:
        """Rules of misbehaviour, in and out; any of them may also be given a seed."""
        try:
            if flask.request.method == "DELETE":
                self._faults.clear()
            elif flask.request.method == "POST":
                for rule in _rules(_json(), self._faults):
                    self._faults.add(rule)
            return answer(Reply(self._faults.shown()))
        except Refused as refused:
            return answer(refusal(refused))

    def _forget(self) -> tuple[str, int]:
        self._calls.clear()
        return "", 204

    def _view(self, route: Route, **args: Any) -> flask.Response:
        request, caller = flask.request, NOBODY
        try:
            caller = NOBODY if route.needs == "public" else self._caller()
            self._note(caller, "", (), write=route.method not in READING)
            if route.needs != "public":
                args = _named(self._world, args)
                if moved := _moved(self._world, route, args):
                    return self._response(caller, moved)
                _same_place(self._world, caller, args)
                _allowed(self._world, caller, route, args)
            said = (request.path, args, request.args.to_dict(), dict(request.headers), _json())

            def work(world: World) -> Done:
                reply = route.handler(Call(world, self._doorman, self._limits, caller, *said))
                return reply, written(ask.about, reply)

            ask, reads = Ask(f"{route.method} {request.path}", "core"), route.method in READING
            return self._response(caller, self._carried(caller, ask, work, reads=reads))
        except Refused as refused:
            return self._response(caller, refusal(refused))

    def _graphql(self) -> flask.Response:
        caller = NOBODY
        try:
            caller, asked = self._caller(), _question()
            operation = graph.operation(asked)
            self._note(caller, operation.name, operation.acts, write=operation.write)
            viewer = partial(Viewer, caller=caller, window=self._limits.window(caller, "graphql"), nouns=graph_nouns)

            def work(world: World) -> Done:
                if caller.kind == "person":
                    return Reply(graph.execute(viewer(world), asked)), ()
                spoiler, fields = Spoiler.of(self._faults, ask.about), FieldFaults.of(self._faults, world, ask)
                reply = Reply(graph.execute(viewer(world), asked, spoiler.seen, fields.around))
                return self.trouble.cut(fields, reply), fields.written

            ask = Ask(operation.about, "graphql", operation.fields, operation.acts, operation.called)
            return self._response(caller, self._carried(caller, ask, work, reads=not operation.write))
        except Refused as refused:
            return self._response(caller, refusal(refused))

    def _carried(self, caller: Caller, ask: Ask, work: Callable[[World], Done], *, reads: bool) -> Reply:
        """The call, with whatever must go wrong before it or after it; nobody waits while holding the state."""
        fault = self.trouble.of(caller, ask.about)
        with nullcontext() if caller.kind == "person" else self._pace.kept(ask, writes=not reads) as too_fast:
            instead = self.trouble.before(fault, ask) or too_fast
            if instead is not None:
                return instead
            with self._world.lock, self._world.acting_through(caller.through):
                late = reads and caller.kind != "person"
                reply, made = work(self._replicas.of(ask.about) if late else self._world)
                self.trouble.people(caller, made)
            return self.trouble.after(fault, reply)

    def _caller(self) -> Caller:
        version = flask.request.headers.get("X-GitHub-Api-Version")
        if version is not None and version not in versions.ALL:
            raise Refused(400, f"Version {version} is not supported.")
        return self._doorman.caller(flask.request.headers.get("Authorization", ""))

    def _note(self, caller: Caller, operation: str, acts: Sequence[str], *, write: bool) -> None:
        """`acts`: the mutations of one call, in their order."""
        if caller.kind == "installation":
            request = flask.request
            said = {"method": request.method, "path": request.path, "operation": operation, "acts": list(acts)}
            self._calls.append({**said, "write": write})

    def _response(self, caller: Caller, reply: Reply) -> flask.Response:
        """The answer with the caller's limits; nothing new (304) costs nothing."""
        resource = "graphql" if flask.request.path == "/graphql" else "core"
        free = reply.status == 304 or flask.request.path == UNCOUNTED
        window = (self._limits.window if free else self._limits.count)(caller, resource)
        date = format_datetime(self._world.clock(), usegmt=True)
        return answer(reply, {"Date": date, **limits.headers(window, resource)})


def _rules(given: Any, faults: Faults) -> list[dict[str, Any]]:
    """One rule, or `{"seed": 7, "faults": [rules]}`."""
    if not isinstance(given, dict):
        raise Refused(422, "an object is expected")
    if set(given) <= {"seed", "faults"}:
        if not isinstance(given.get("seed", 0), int) or not isinstance(given.get("faults", []), list):
            raise Refused(422, "seed is a whole number, faults a list")
        if "seed" in given:
            faults.reseed(given["seed"])
        return list(given.get("faults", []))
    return [given]


def refusal(refused: Refused) -> Reply:
    """GitHub's JSON for a refusal."""
    shown: dict[str, Any] = {"message": refused.message, "documentation_url": DOCUMENTATION}
    if refused.errors:
        shown["errors"] = refused.errors
    return Reply({**shown, "status": str(refused.status)}, refused.status)


def answer(reply: Reply, headers: dict[str, str] | None = None) -> flask.Response:
    """As the version asked for has it."""
    version = flask.request.headers.get("X-GitHub-Api-Version", versions.DEFAULT)
    shown = versions.shown(reply.json, version)
    body = b"" if reply.status in {204, 304} else json.dumps(shown, ensure_ascii=False).encode()
    response = flask.Response(body, reply.status, content_type="application/json; charset=utf-8")
    named = {"X-GitHub-Request-Id": uuid.uuid4().hex[:16].upper(), "X-GitHub-Api-Version-Selected": version}
    response.headers.update({**named, **(headers or {}), **reply.headers})
    return response


def _paths(route: Route) -> list[str]:
    """A repository is also reached by its number, whatever its name."""
    if not route.path.startswith(REPO):
        return [route.path]
    return [route.path, f"/repositories/<int:repository_id>{route.path.removeprefix(REPO)}"]


def _named(world: World, args: dict[str, Any]) -> dict[str, Any]:
    if "repository_id" not in args:
        return args
    if args["repository_id"] != world.repository_id:
        raise Refused(404, "Not Found")
    owner, _, name = world.repository.partition("/")
    return {**{key: value for key, value in args.items() if key != "repository_id"}, "owner": owner, "repo": name}


def _moved(world: World, route: Route, args: dict[str, Any]) -> Reply | None:
    """Where a former name leads, by the repository’s number; what is no reading must be sent again as it is."""
    former = {name.lower() for name in world.former}
    asked = f"{args.get('owner')}/{args.get('repo')}".lower()
    if asked not in former or asked == world.repository.lower() or args.get("repo") in world.others:
        return None
    rest = flask.request.full_path.rstrip("?").split("/", 4)[4:]
    url = "/".join([f"{world.url}/repositories/{world.repository_id}", *rest])
    shown = {"message": "Moved Permanently", "url": url, "documentation_url": f"{DOCUMENTATION}/guides"}
    return Reply(shown, 301 if route.method in READING else 307, {"Location": url})


def _same_place(world: World, caller: Caller, args: dict[str, Any]) -> None:
    """One organisation, one repository, and others known by name, which the App does not see. GitHub ignores case."""
    places = [(args.get("org"), world.organisation)]
    if "owner" in args and not (caller.kind == "person" and _known_by_name(world, args)):
        places.append((f"{args['owner']}/{args['repo']}", world.repository))
    if any(asked is not None and asked.lower() != real.lower() for asked, real in places):
        raise Refused(404, "Not Found")
    person = world.people.get(caller.login)
    if "owner" in args and world.private and person is not None and person.role == "none":
        raise Refused(404, "Not Found")


def _known_by_name(world: World, args: dict[str, Any]) -> bool:
    """Of the others, only the page of the repository itself exists here."""
    return set(args) == {"owner", "repo"} and args["owner"] == world.organisation and args["repo"] in world.others


def _allowed(world: World, caller: Caller, route: Route, args: dict[str, Any]) -> None:
    if route.needs == "jwt":
        if caller.kind != "app":
            raise Refused(401, "A JSON web token could not be decoded")
        return
    if route.path in ANYONES:
        return
    if caller.kind == "app":
        raise Refused(403, "Resource not accessible by integration")
    if not route.needs:
        return
    permission, level = route.needs.split(":")
    single = permission == "contents" and args.get("path") in world.app.single_files
    if not (caller.allowed(permission, level) or (single and caller.allowed("single_file", level))):
        raise _without(caller, args)


def _without(caller: Caller, args: dict[str, Any]) -> Refused:
    """An App learns that it lacks a right; a token without the scope does not even see a private repository."""
    if caller.kind in {"installation", "user"}:
        return Refused(403, "Resource not accessible by integration")
    return (
        Refused(404, "Not Found")
        if "repo" in args
        else Refused(403, "Resource not accessible by personal access token")
    )


def _json() -> Any:
    raw = flask.request.get_data()
    try:
        return json.loads(raw) if raw else None
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error


def _question() -> dict[str, Any]:
    asked = _json()
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise Refused(400, "A query attribute must be specified and must be a string.")
    return asked
