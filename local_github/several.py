"""Several repositories and organisations behind one address: each a local GitHub, with one App, the same people."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import flask
from waitress import create_server, wasyncore

from local_github.factories import small_id
from local_github.server import HOST, THREADS, Sandbox
from local_github.state import Issue, OtherRepository
from local_github.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LISTS = {"/app/installations": "", "/installation/repositories": "repositories"}
"""What is asked of all those that the caller's token opens, with the key under which each answers."""
OF_CONNECTION = frozenset({"content-length", "connection", "transfer-encoding", "server"})


class Several:
    """As `Sandbox`, for several at once; `worlds` are found by the full names their repositories began with."""

    def __init__(self, seeds: Sequence[Mapping[str, Any]], *, port: int = 0, app_url: str | None = None) -> None:
        self.hubs = {
            f"{seed['organisation']}/{seed['repository']['name']}": Sandbox(seed, app_url=app_url) for seed in seeds
        }
        front = flask.Flask("several", static_folder=None)
        front.add_url_rule("/", "root", self._forward, defaults={"path": ""}, methods=METHODS)
        front.add_url_rule("/<path:path>", "any", self._forward, methods=METHODS)
        self._server = create_server(front, host=HOST, port=port, threads=THREADS, ident="several")
        self.url = f"http://{HOST}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._serve, name="several-http", daemon=True)
        self._stopping = threading.Event()
        self._share()

    def _share(self) -> None:
        """One App, the same accounts, and one installation in each organisation."""
        first = next(iter(self.worlds.values()))
        doormen: dict[str, Sandbox] = {}
        for hub in self.hubs.values():
            world, known = hub.world, doormen.setdefault(hub.world.organisation, hub)
            hub.doorman.signins = self._first.doorman.signins
            world.url = self.url
            setattr(world, "new_id", first.new_id)  # noqa: B010  # one GitHub numbers everything in one order
            if world is not first and known is hub:
                world.app = replace(first.app, installation_id=small_id())
            if known is not hub:
                world.app = known.world.app
                hub.doorman.share(known.doorman)
                world.organisation_id = known.world.organisation_id
                world.organisation_node_id = known.world.organisation_node_id
            for login, person in world.people.items():
                if login in first.people:
                    person.id, person.node_id = first.people[login].id, first.people[login].node_id

    @property
    def worlds(self) -> dict[str, World]:
        return {name: hub.world for name, hub in self.hubs.items()}

    @property
    def _first(self) -> Sandbox:
        return next(iter(self.hubs.values()))

    @property
    def world(self) -> World:
        """The first one."""
        return self._first.world

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [call for hub in self.hubs.values() for call in hub.calls]

    @property
    def hold(self) -> bool:
        return any(hub.hold for hub in self.hubs.values())

    @hold.setter
    def hold(self, value: bool) -> None:
        for hub in self.hubs.values():
            hub.hold = value

    def take_held(self) -> list[tuple[dict[str, str], bytes]]:
        return [held for hub in self.hubs.values() for held in hub.take_held()]

    def wait_delivered(self, timeout: float = 10) -> None:
        """Returns once every webhook of each was attempted; raises TimeoutError."""
        for hub in self.hubs.values():
            hub.wait_delivered(timeout)

    def environment(self) -> dict[str, str]:
        return next(iter(self.hubs.values())).environment() | {"GITHUB_API_URL": self.url}

    def start(self) -> None:
        for hub in self.hubs.values():
            hub.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._server.trigger.pull_trigger()
            self._thread.join(10)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._server._map)  # noqa: SLF001  # waitress offers no other way
        for hub in self.hubs.values():
            hub.stop()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, map=self._server._map, count=1)  # noqa: SLF001  # its own loop never ends

    def transfer(self, login: str, begun: str, number: int, there: str) -> Issue:
        """An issue goes to another repository of its organisation, with its whole discussion."""
        source, target = self.worlds[begun], self.worlds[there]
        former = _as_other(source)
        source.others[_short(target)] = _as_other(target)
        target.others[_short(source)] = former
        try:
            issue = source.transfer_issue(login, number, _short(target), target.next_number)
            return target.receive_issue(login, source.away.pop(issue.node_id), former, number)
        finally:
            del source.others[_short(target)], target.others[_short(source)]

    def _forward(self, path: str) -> flask.Response:  # noqa: ARG002  # the path is asked for as it was written
        asked = flask.request
        found = list(self._meant(asked))
        if asked.path in LISTS:
            return _joined([_ask(hub, asked) for hub in found], LISTS[asked.path])
        answers = (_ask(hub, asked) for hub in found)
        first = next(answers)
        if _boards_in(first) is None:
            return first
        return _with_boards(first, answers)

    def _meant(self, asked: flask.Request) -> Iterator[Sandbox]:
        """Those that a call is about; only boards and lists are asked of more than one."""
        every, parts = list(self.hubs.values()), asked.path.strip("/").split("/")
        opened = [hub for hub in every if hub.doorman.opens(asked.headers.get("Authorization", ""))] or every
        if asked.path == "/app/installations":
            yield from {hub.world.app.installation_id: hub for hub in every if hub.world.app.installed}.values()
        elif asked.path == "/installation/repositories":
            yield from opened
        elif parts[0] == "repos" and len(parts) > 2:
            yield self._named(f"{parts[1]}/{parts[2]}", opened)
        elif parts[0] == "repositories":
            yield next((hub for hub in every if str(hub.world.repository_id) == parts[1]), opened[0])
        elif parts[0] == "orgs":
            yield _of_organisation(parts[1], every, opened)[0]
        elif parts[:2] == ["app", "installations"]:
            yield next((hub for hub in every if str(hub.world.app.installation_id) == parts[2]), every[0])
        elif parts == ["graphql"]:
            yield from self._of_variables((asked.get_json(silent=True) or {}).get("variables") or {}, opened)
        else:
            yield opened[0]

    def _named(self, full_name: str, opened: Sequence[Sandbox]) -> Sandbox:
        """A repository that the token does not open is asked of one that does: it knows no such name."""
        found = next((hub for hub in self.hubs.values() if _is_called(hub.world, full_name)), opened[0])
        return found if found in opened else opened[0]

    def _of_variables(self, given: Mapping[str, Any], opened: Sequence[Sandbox]) -> Iterable[Sandbox]:
        if "owner" in given and "name" in given:
            return [self._named(f"{given['owner']}/{given['name']}", opened)]
        said = set(_words(given))
        if knowing := [hub for hub in opened if said & _nodes(hub.world)]:
            return knowing[:1]
        if "org" in given:
            return _of_organisation(str(given["org"]), opened, opened)
        if "team" in given:
            return [hub for hub in opened if given["team"] in hub.world.teams][:1] or opened[:1]
        return opened[:1]


def _of_organisation(name: str, every: Sequence[Sandbox], otherwise: Sequence[Sandbox]) -> Sequence[Sandbox]:
    return [hub for hub in every if hub.world.organisation.lower() == name.lower()] or otherwise[:1]


def _is_called(world: World, full_name: str) -> bool:
    return full_name.lower() in {world.repository.lower(), *(name.lower() for name in world.former)}


def _short(world: World) -> str:
    return world.repository.partition("/")[2]


def _as_other(world: World) -> OtherRepository:
    return OtherRepository(world.repository_id, world.repository_node_id, _short(world), world.private)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _words(held)
    elif isinstance(value, list):
        for held in value:
            yield from _words(held)


def _nodes(world: World) -> set[str]:
    """Global ids that one repository alone has."""
    found = {world.repository_node_id, *world.cards, *(label.node_id for label in world.labels.values())}
    for issue in (*world.issues.values(), *world.pulls.values()):
        found |= {issue.node_id, *(comment.node_id for comment in issue.comments)}
    return found | {board.node_id for board in world.boards.values()}


def _ask(hub: Sandbox, asked: flask.Request) -> flask.Response:
    headers = [(name, value) for name, value in asked.headers if name.lower() not in {"content-length", "host"}]
    answer = hub.web.test_client(use_cookies=False).open(  # those of the browser, and none of its own
        quote(asked.path),
        method=asked.method,
        query_string=asked.query_string.decode(),
        headers=headers,
        data=asked.get_data(),
    )
    kept = [(name, value) for name, value in answer.headers if name.lower() not in OF_CONNECTION]
    return flask.Response(answer.get_data(), answer.status_code, kept)


def _joined(answers: Sequence[flask.Response], key: str) -> flask.Response:
    """One list of those of several, or the first refusal."""
    if failed := next((one for one in answers if one.status_code != 200), None):
        return failed
    items = [item for one in answers for item in (one.get_json()[key] if key else one.get_json())]
    first = answers[0]
    first.set_data(flask.json.dumps({"total_count": len(items), key: items} if key else items))
    return first


def _boards_in(answer: flask.Response) -> list[Any] | None:
    data = (answer.get_json(silent=True) or {}) if answer.is_json else {}
    found = ((data.get("data") or {}) if isinstance(data, dict) else {}).get("organization") or {}
    return (found.get("projectsV2") or {}).get("nodes") if isinstance(found, dict) else None


def _with_boards(first: flask.Response, others: Iterable[flask.Response]) -> flask.Response:
    """The boards of one organisation, whichever of its repositories they were made for."""
    data = first.get_json()
    for other in others:
        data["data"]["organization"]["projectsV2"]["nodes"] += _boards_in(other) or []
    first.set_data(flask.json.dumps(data))
    return first
