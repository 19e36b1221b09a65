"""What the HTTP server bears: silence, half a request, headers without end, crowds, and a stop in mid-answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest

from app.web import server as module
from app.web.server import HEADERS_LIMIT, Server
from app.web.webhook import LARGE, LARGE_AT_ONCE
from tests.security.doors import delivery, opened, request

HOOK = "POST /webhooks/github"
HEALTH = request("GET /healthz", {})
HALF = request(HOOK, {"Content-Length": 100}, b"{")
PLAIN = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


def hears_nothing(line: socket.socket) -> bool:
    """Whether the server ends the connection, without a word."""
    try:
        return line.recv(100) == b""
    except ConnectionResetError:
        return True


@contextlib.contextmanager
def asked(app, **headers):
    """An application behind the server, a client that has sent its request, and how to stop the server."""
    server = Server(app, "127.0.0.1", 0)
    server.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(request("GET /", headers))
        yield line, server.stop
    server.stop()


@pytest.mark.parametrize("said", [b"", HALF[:20], HALF], ids=["nothing", "half the headers", "half the body"])
def test_a_client_that_says_nothing_more_is_cut_off(tmp_path, monkeypatch, said):
    monkeypatch.setattr(module, "PATIENCE_S", 0.5)
    with opened(tmp_path) as door, door.connect() as line:
        line.sendall(said)
        assert hears_nothing(line)
        assert door.say(HEALTH)[0] == 200


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.5)
    left = threading.Event()

    async def long(_scope, _receive, send):
        await send(PLAIN)
        await send({"type": "http.response.body", "body": bytes(50_000_000), "more_body": True})
        await send({"type": "http.response.body"})  # waits for the client to have taken the former
        left.set()

    with asked(long):
        assert left.wait(20)


def test_an_answer_that_takes_its_time_is_waited_for(monkeypatch):
    """It is ours to give: patience is for clients."""
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)

    async def slow(_scope, _receive, send):
        for _ in range(4):  # timers of one loop end in their order: the client is looked at before each of these does
            await asyncio.sleep(module.PATIENCE_S)
        await send(PLAIN)
        await send({"type": "http.response.body", "body": b"enfin"})

    with asked(slow) as (line, _):
        assert line.recv(100).startswith(b"HTTP/1.1 200")


def test_a_stop_waits_for_what_is_being_answered():
    begun, go = threading.Event(), threading.Event()

    async def slow(_scope, _receive, send):
        begun.set()
        await asyncio.to_thread(go.wait, 20)
        await send(PLAIN)
        await send({"type": "http.response.body", "body": b"fini"})

    with asked(slow) as (line, stop):
        assert begun.wait(20)
        stopping = threading.Thread(target=stop)
        stopping.start()
        go.set()
        answer = b""
        while piece := line.recv(1000):
            answer += piece
        stopping.join(20)
        assert b"fini" in answer
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(line.getpeername(), timeout=20)


ENDLESS = {
    "one header": b"GET /healthz HTTP/1.1\r\nX: " + b"y" * 2**20,
    "headers": b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * HEADERS_LIMIT,
    "address": b"GET /" + b"y" * 2**20,
}


@pytest.mark.parametrize("said", ENDLESS.values(), ids=ENDLESS)
def test_headers_without_end_are_not_read_to_the_end(tmp_path, said):
    with opened(tmp_path) as door:
        assert door.say(said)[0] in {431, 0}  # 0: closed before the client had said everything, and would listen
        assert door.say(HEALTH)[0] == 200


def test_more_clients_than_can_be_held_are_turned_away(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CONNECTIONS", 2)
    with opened(tmp_path) as door, door.connect(), door.connect() as second:
        second.sendall(request("GET /healthz", {}).replace(b"Connection: close\r\n", b""))
        assert second.recv(100).startswith(b"HTTP/1.1 200")
        with door.connect() as third:
            assert hears_nothing(third)


def test_long_bodies_that_never_end_keep_out_no_delivery(tmp_path):
    with opened(tmp_path) as door, contextlib.ExitStack() as lines:
        for _ in range(2 * LARGE_AT_ONCE):
            line = lines.enter_context(door.connect())
            line.sendall(request(HOOK, {"Content-Length": 2 * LARGE}, b"{"))
        assert door.post(*delivery()) == 202
        assert door.stored == 1


def test_a_header_with_an_underscore_is_not_taken_for_the_one_a_proxy_guards():
    heard = []

    async def listens(scope, _receive, send):
        heard.extend(name for name, _ in scope["headers"])
        await send(PLAIN)
        await send({"type": "http.response.body"})

    with asked(listens, X_Person="techno", Other="1") as (line, _):
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    assert b"x_person" not in heard
    assert b"other" in heard


@pytest.mark.parametrize("name", ["X-Person", "X_Person"])
def test_what_comes_after_the_body_is_not_taken_for_a_header(name):
    heard = []

    async def listens(scope, receive, send):
        while (await receive())["more_body"]:
            pass
        heard.extend(scope["headers"])
        await send(PLAIN)
        await send({"type": "http.response.body"})

    chunked = {"Transfer-Encoding": "chunked", "X-Person": "secu"}
    with asked(listens, **chunked) as (line, _):
        line.sendall(f"1\r\nx\r\n0\r\n{name}: techno\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    assert [value for key, value in heard if b"person" in key] == [b"secu"]
