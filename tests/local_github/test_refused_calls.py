"""A refused call changes nothing and sends nothing: every route that writes, in each of the ways it can be refused."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import fields

import pytest
import requests

from local_github.api import READING
from local_github.rest.routes import ROUTES
from local_github.state import OtherRepository, State
from local_github.versions import ALL
from tests.contract import scenario

UNTOLD = {"next_id"}
"""A number that was drawn for nothing."""
KEPT = [item.name for item in fields(State) if item.name not in UNTOLD]
LONG = "x" * 70_000
NOBODY = "compte-inconnu"


def seen(world):
    return {name: deepcopy(getattr(world, name)) for name in KEPT}


def put_back(world, kept):
    for name, value in deepcopy(kept).items():
        setattr(world, name, value)


def others(value):
    """What GitHub may not take in place of a value that it takes."""
    if isinstance(value, bool) or value is None:
        return [[3]]
    if isinstance(value, str):
        return ["", LONG, {"x": 1}]
    if isinstance(value, int):
        return [-1, 999_999_999, "x"]
    if isinstance(value, list):
        return [{"x": 1}, [*value, 3], [*value, NOBODY], [*value, *value, {"name": ""}]]
    return [3]


def bodies(body):
    yield body
    yield {**(body or {}), "surprise": 1}
    yield ["no object"]
    for key, value in (body or {}).items():
        yield {name: kept for name, kept in body.items() if name != key}
        yield from ({**body, key: other} for other in others(value))


class Trial:
    """Before each call of the scenario that writes, the same call as GitHub would refuse it."""

    def __init__(self, hub):
        self.hub, self.world = hub, hub.world
        self.wrong, self.refused, self.tried, self.sent, self.kept = [], set(), 0, 0, {}
        send = self.world.send

        def sending(*told):
            self.sent += 1
            send(*told)

        self.world.send = sending

    def before(self, call, who, method, path, body):
        self.hub.wait_delivered()  # a delivery sent again is noted once it was tried
        self.kept = seen(self.world)
        for other in bodies(body):
            self._one(call, who, method, path, other)
        for somebody in (scenario.READER, "inconnu", "bot"):
            self._one(call, somebody, method, path, body)
        self._one(call, who, method, re.sub(r"/\d+", "/99999", path), body)
        self._one(call, who, method, path.replace("dnum/produits", "dnum/ancien"), body, former=["dnum/ancien"])
        self._one(call, who, method, path, body, archived=True)
        self._one(call, "bot", method, path, body, permissions={"metadata": "read"})
        self._one(call, "bot", method, path, body, suspended_at=self.world.now())

    def _one(self, call, who, method, path, body, **changes):
        if who == "bot" and self.world.app.suspended_at:
            return  # it has no token then
        token, former = call._token(who), []
        for name, value in changes.items():
            of = self.world if hasattr(self.world, name) else self.world.app
            former.append((of, name, getattr(of, name)))
            setattr(of, name, value)
        sent = self.sent
        status = call.status(token, method, path, body)
        for of, name, value in former:
            setattr(of, name, value)
        self.tried += 1
        if status >= 300:
            changed = [name for name in KEPT if self.kept[name] != getattr(self.world, name)]
            if changed or self.sent != sent:
                self.wrong.append((who, method, path, json.dumps(body)[:120], status, changed, self.sent - sent))
            self.refused |= {(method, rule) for rule in rules(method, path)}
            if not changed:
                return
        self.hub.wait_delivered()  # taken, it may have sent one
        put_back(self.world, self.kept)


def rules(method, path):
    for route in sorted(ROUTES, key=lambda route: route.path.count("<")):
        shape = re.sub(r"<path:\w+>", ".+", re.sub(r"<int:\w+>", r"\\d+", route.path))
        if route.method == method and re.fullmatch(re.sub(r"<\w+>", "[^/]+", shape), path):
            return [route.path]
    return []


@pytest.fixture
def trial(sandbox, monkeypatch):
    sandbox.world.others["autre"] = OtherRepository(7, "R_7", "autre", private=True)
    made = Trial(sandbox)

    class Tempted(scenario.Client):
        def __call__(self, who, method, path, body=None, /, **params):
            if method not in READING and "conversions" not in path:
                made.before(self, who, method, path, body)
            return super().__call__(who, method, path, body, **params)

        def status(self, token, method, path, body):
            headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": self._version}
            try:
                sent = self._session.request(
                    method, sandbox.url + path, headers=headers, json=body, timeout=60, allow_redirects=False
                )
            except requests.ConnectionError:
                return 599
            return sent.status_code

    monkeypatch.setattr(scenario, "Client", Tempted)
    return made


@pytest.mark.slow
def test_what_is_refused_changes_nothing_and_is_told_to_nobody(sandbox, trial):
    scenario.play(sandbox, max(ALL))
    assert not trial.wrong, "\n".join(map(str, trial.wrong))
    every = {(route.method, route.path) for route in ROUTES if route.method not in READING}
    untried = every - trial.refused
    assert untried == {
        ("POST", "/app-manifests/<code>/conversions"),  # a code is used once, good or not
        ("POST", "/applications/<client>/token"),  # asked with the App's own secret, in test_user_tokens.py
        ("DELETE", "/applications/<client>/token"),
    }
    assert trial.tried > 10 * len(every)
