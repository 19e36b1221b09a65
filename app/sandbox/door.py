"""The way in of the API: every call is recognised, checked against the table of rights, answered and counted."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import flask

from app.sandbox import graph
from app.sandbox.auth import Caller, Doorman
from app.sandbox.rest.call import Call, Reply
from app.sandbox.rest.routes import ROUTES, Route
from app.sandbox.state import Refused
from app.sandbox.world import World

DOCUMENTATION = "https://docs.github.com/rest"
API_VERSIONS = {"2022-11-28", "2026-03-10"}
RATE_LIMIT = 5000
READING = {"GET", "HEAD"}
NOBODY = Caller("", "person")
Calls = list[dict[str, Any]]


def blueprint(world: World, doorman: Doorman, calls: Calls) -> flask.Blueprint:
    """REST, GraphQL and the list of calls the App made."""
    api = flask.Blueprint("api", __name__)
    for number, route in enumerate(ROUTES):
        view = _view(world, doorman, calls, route)
        api.add_url_rule(route.path, f"r{number}", view, methods=[route.method], provide_automatic_options=False)
    api.add_url_rule("/graphql", "graphql", _graphql(world, doorman, calls), methods=["POST"])
    api.add_url_rule("/_sandbox/calls", "calls", lambda: flask.jsonify(calls), methods=["GET"])
    api.add_url_rule("/_sandbox/calls", "forget", lambda: _forget(calls), methods=["DELETE"])
    return api


def _forget(calls: Calls) -> tuple[str, int]:
    calls.clear()
    return "", 204


def problem(refused: Refused) -> flask.Response:
    """GitHub's JSON for a refusal."""
    shown: dict[str, Any] = {"message": refused.message, "documentation_url": DOCUMENTATION}
    if refused.errors:
        shown["errors"] = refused.errors
    return _response(Reply({**shown, "status": str(refused.status)}, refused.status), 0)


def _view(world: World, doorman: Doorman, calls: Calls, route: Route) -> Any:
    def view(**args: Any) -> flask.Response:
        request = flask.request
        try:
            caller = NOBODY if route.needs == "public" else _caller(doorman)
            _note(calls, caller, "", write=route.method not in READING)
            if route.needs != "public":
                _same_place(world, caller, args)
                _allowed(world, caller, route, args)
            call = Call(
                world, doorman, caller, request.path, args, request.args.to_dict(), dict(request.headers), _json()
            )
            with world.lock:
                return _response(route.handler(call), len(calls))
        except Refused as refused:
            return problem(refused)

    return view


def _graphql(world: World, doorman: Doorman, calls: Calls) -> Any:
    def view() -> flask.Response:
        try:
            caller = _caller(doorman)
            asked = _question()
            operation = graph.operation(asked)
            _note(calls, caller, operation.name, write=operation.write)
            with world.lock:
                return _response(Reply(graph.execute(world, caller, asked)), len(calls))
        except Refused as refused:
            return problem(refused)

    return view


def _caller(doorman: Doorman) -> Caller:
    version = flask.request.headers.get("X-GitHub-Api-Version")
    if version is not None and version not in API_VERSIONS:
        raise Refused(400, f"Version {version} is not supported.")
    return doorman.caller(flask.request.headers.get("Authorization", ""))


def _note(calls: Calls, caller: Caller, operation: str, *, write: bool) -> None:
    if caller.kind == "installation":
        request = flask.request
        calls.append({"method": request.method, "path": request.path, "operation": operation, "write": write})


def _same_place(world: World, caller: Caller, args: dict[str, Any]) -> None:
    """One organisation, one repository, and others known by name, which the App does not see. GitHub ignores case."""
    places = [(args.get("org"), world.organisation)]
    if "owner" in args and not (caller.kind == "person" and _known_by_name(world, args)):
        places.append((f"{args['owner']}/{args['repo']}", world.repository))
    if any(asked is not None and asked.lower() != real.lower() for asked, real in places):
        raise Refused(404, "Not Found")


def _known_by_name(world: World, args: dict[str, Any]) -> bool:
    """Of the others, only the page of the repository itself exists here."""
    return set(args) == {"owner", "repo"} and args["owner"] == world.organisation and args["repo"] in world.others


def _allowed(world: World, caller: Caller, route: Route, args: dict[str, Any]) -> None:
    if route.needs == "jwt":
        if caller.kind != "app":
            raise Refused(401, "A JSON web token could not be decoded")
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
    if caller.kind == "installation":
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


def _response(reply: Reply, used: int) -> flask.Response:
    body = b"" if reply.status in {204, 304} else json.dumps(reply.json, ensure_ascii=False).encode()
    response = flask.Response(body, reply.status, content_type="application/json; charset=utf-8")
    remaining = max(1, RATE_LIMIT - used)  # limits are announced, never enforced: a rehearsal must not stop
    response.headers.update(
        {
            "X-GitHub-Request-Id": uuid.uuid4().hex[:16].upper(),
            "X-RateLimit-Limit": str(RATE_LIMIT),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Used": str(RATE_LIMIT - remaining),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": "graphql" if flask.request.path == "/graphql" else "core",
            **reply.headers,
        }
    )
    return response
