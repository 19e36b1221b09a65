"""The door of a witness over HTTP: its one address, its limits, and two witnesses behind a real server."""

from __future__ import annotations

import http.client

import pytest

from app.transparency.witnessing import LIMIT
from app.web.server import Server
from app.witness.door import WitnessDoor


@pytest.fixture
def port(cosigner):
    server = Server(WitnessDoor(cosigner), "127.0.0.1", 0)
    server.start()
    yield server.port
    server.stop()


def ask(port, verb, path, body=b""):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(verb, path, body)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode(), answer.headers
    connection.close()
    return told


def test_it_cosigns_under_any_prefix(port, log):
    assert ask(port, "POST", "/add-checkpoint", log.asks(0, 3))[0] == 200
    status, body, headers = ask(port, "POST", "/dnum/add-checkpoint", log.asks(0, 5))
    assert (status, body, headers["Content-Type"]) == (409, "3\n", "text/x.tlog.size")


def test_it_has_no_other_address(port, log):
    assert ask(port, "POST", "/", log.asks(0))[0] == 404
    status, _, headers = ask(port, "GET", "/add-checkpoint")
    assert (status, headers["Allow"]) == (405, "POST")


def test_what_is_longer_than_any_checkpoint_is_not_read(port, log):
    assert ask(port, "POST", "/add-checkpoint", b"x" * (LIMIT + 1))[0] == 413
    assert ask(port, "POST", "/add-checkpoint", log.asks(0))[0] == 200


def test_a_connection_serves_several_requests(port, log):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for old, size in ((0, 2), (2, 5), (5, 8)):
        connection.request("POST", "/add-checkpoint", log.asks(old, size))
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read()
    connection.close()
