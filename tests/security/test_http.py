"""The door itself: lengths that lie, headers that never end, slow clients, paths that climb."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import select

import pytest

from app.web import webhook
from app.web.webhook import BODY_LIMIT
from tests.security.doors import COMMENT, delivery, opened, request, signed

HOOK = "POST /webhooks/github"


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


RAW, SIGNED = delivery(guid="never-stored")
LIES = {
    "length below the truth": (request(HOOK, SIGNED | {"Content-Length": len(RAW) - 1}, RAW), {401}),
    "negative length": (request(HOOK, SIGNED | {"Content-Length": -1}, RAW), {400}),
    "no number": (request(HOOK, SIGNED | {"Content-Length": "abc"}, RAW), {400}),
    "two lengths": (request(HOOK, SIGNED | {"Content-Length": "2\r\nContent-Length: 3"}, RAW), {400}),
    "space before the colon": (request(HOOK, {"Content-Length ": len(RAW)}, RAW), {400}),
    "26 MB announced": (request(HOOK, SIGNED | {"Content-Length": BODY_LIMIT + 2}), {413}),
    "99 GB announced": (request(HOOK, SIGNED | {"Content-Length": 99_000_000_000}), {413}),
    "no chunk size": (request(HOOK, SIGNED | {"Transfer-Encoding": "chunked"}, b"zz\r\n{}\r\n0\r\n\r\n"), {400}),
    "26 chunks of 1 MB": (
        request(HOOK, SIGNED | {"Transfer-Encoding": "chunked"}, chunked(*([b"a" * 2**20] * 26))),
        {413, 0},
    ),
    "unknown coding": (request(HOOK, SIGNED | {"Transfer-Encoding": "gzip, chunked"}, chunked(RAW)), {400, 501}),
    "one huge header": (request(HOOK, {"X": "a" * 40_000}), {431}),
    "thousands of headers": (request(HOOK, {f"X-{n}": n for n in range(5_000)}), {431}),
    "a bare carriage return": (request("GET /healthz", {"X": "a\rb"}), {400}),
    "not HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
}


@pytest.mark.parametrize(("raw", "statuses"), LIES.values(), ids=LIES)
def test_a_lie_is_refused_and_the_next_request_served(door, raw, statuses):
    assert door.say(raw)[0] in statuses
    assert door.say(request("GET /healthz", {}))[0] == 200
    assert door.stored == 0


def test_gzip_is_not_unpacked_before_the_signature_nor_after(door):
    """GitHub signs the bytes it sends and never packs them: what is packed is not JSON, and no bomb goes off."""
    bomb = gzip.compress(b" " * 50_000_000)
    headers = {
        "Content-Encoding": "gzip",
        "Content-Length": len(bomb),
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": "g",
    }
    assert door.say(request(HOOK, headers, bomb))[0] == 401
    assert door.say(request(HOOK, headers | {"X-Hub-Signature-256": signed(bomb)}, bomb))[0] == 400
    assert door.stored == 0


def test_slow_clients_keep_nobody_waiting(door):
    """More of them than the server has threads: some stop in the headers, some in the body."""
    lines = [door.connect() for _ in range(60)]
    try:
        for rank, line in enumerate(lines):
            whole = request(HOOK, SIGNED | {"Content-Length": len(RAW)}, RAW)
            line.sendall(whole[: 40 if rank % 2 else -10])
        assert door.say(request("GET /healthz", {}))[0] == 200
        assert door.stored == 0
    finally:
        for line in lines:
            line.close()


def test_bodies_that_never_end_hold_neither_pages_nor_deliveries(tmp_path):
    """More of them than the pages have threads and than long deliveries are checked at once, on every route."""
    unsigned = request(HOOK, SIGNED | {"Content-Length": 20_000_000}, b"a" * 1_000_000)
    pages = ("/", "/deconnexion", "/setup/code", "/setup/app", "/readyz", "/nulle-part")
    forms = [request(f"POST {path}", {"Content-Length": 1000}, b"code=") for path in pages for _ in range(3)]
    with opened(tmp_path) as door, contextlib.ExitStack() as lines:
        held = [lines.enter_context(door.connect()) for _ in [*forms, *[unsigned] * 8]]
        for line, whole in zip(held, [*forms, *[unsigned] * 8], strict=True):
            line.sendall(whole)
        raw, headers = delivery(
            json.dumps(
                COMMENT
                | {
                    "comment": {
                        "id": 1,
                        "created_at": "2026-01-05T09:00:00Z",
                        "updated_at": "2026-01-05T09:00:00Z",
                        "body": "a" * 1_200_000,
                    }
                }
            ).encode()
        )
        assert door.post(raw, headers) == 202
        assert door.say(request("GET /healthz", {}))[0] == 200
        assert len(select.select(held, [], [], 0)[0]) < len(held)  # they were answered while others still held theirs


def test_a_form_too_long_is_refused_before_a_page_takes_it(door):
    assert door.say(request("POST /deconnexion", {"Content-Length": 70_000}, b"a" * 70_000))[0] == 413


def test_what_comes_slowly_makes_room_for_what_comes():
    """The body that has been coming for longest is let go once too much is held, and its client told to come again."""

    def sending(*pieces):
        left = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

        async def receive():
            await asyncio.sleep(0)
            return left.pop(0) if left else {"type": "http.request", "body": b"", "more_body": False}

        return receive

    async def play():
        bodies, told = webhook._Bodies(most=1000), []

        async def take(name, *pieces):
            try:
                async with bodies.whole(sending(*pieces), BODY_LIMIT) as body:
                    told.append((name, len(body)))
            except webhook._RefusedError as refused:
                told.append((name, refused.status))

        await asyncio.gather(take("slow", b"a" * 600, *[b"a"] * 50), take("quick", b"b" * 600))
        return told, bodies._held

    told, held = asyncio.run(play())
    assert dict(told) == {"quick": 600, "slow": 503}
    assert held == 0


def test_a_connection_cut_before_the_end_stores_nothing(door):
    with door.connect() as line:
        line.sendall(request(HOOK, SIGNED | {"Content-Length": len(RAW) + 10}, RAW))
    assert door.say(request("GET /healthz", {}))[0] == 200
    assert door.stored == 0


def test_chunks_are_read_whole_and_signed_as_a_whole(tmp_path):
    with opened(tmp_path) as door:
        raw, headers = delivery()
        pieces = request(HOOK, headers | {"Transfer-Encoding": "chunked"}, chunked(raw[:7], raw[7:]))
        assert door.say(pieces)[0] == 202
        assert door.stored == 1


PATHS = (
    "/static/../../settings.py",
    "/static/%2e%2e/parts.py",
    "/static/..%2fparts.py",
    "/static//etc/passwd",
    "/..%5csettings.py",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_climbs_out_of_the_folder_of_the_pages(door, path):
    status, answer = door.say(request(f"GET {path}", {}))
    assert status in {308, 400, 404}  # 308: two slashes become one
    assert b"import" not in answer
    assert b"root:" not in answer


ELSEWHERE = (
    "//mechant.example/",
    "//mechant.example/%2e%2e",
    "/\\mechant.example",
    "/?next=https://mechant.example",
    "/%0d%0aLocation:https://mechant.example",
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_answer_sends_elsewhere(door, path):
    status, answer = door.say(request(f"GET {path}", {"X-Forwarded-Host": "mechant.example"}))
    assert status in {200, 308, 400, 403, 404}
    head = answer.split(b"\r\n\r\n")[0].lower()
    places = [line for line in head.split(b"\r\n") if line.startswith(b"location:")]
    assert not any(b"mechant" in place.split(b"?")[0] for place in places)


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/nulle-part", "/webhooks/github"])
def test_every_answer_forbids_scripts_frames_and_guesses(door, path):
    _, answer = door.say(request(f"GET {path}", {}))
    head = answer.split(b"\r\n\r\n")[0].decode().lower()
    assert "default-src 'none'" in head
    assert "frame-ancestors 'none'" in head
    assert "unsafe-inline" not in head
    assert "x-content-type-options: nosniff" in head
    assert "set-cookie" not in head


def test_an_error_shows_neither_code_nor_paths(door, monkeypatch):
    def broken():
        raise RuntimeError("/chemin/du/serveur")

    monkeypatch.setattr(door.inbox, "counts", broken)
    for path in ("/metrics", "/readyz"):
        status, answer = door.say(request(f"GET {path}", {}))
        assert status in {500, 503}
        assert b"Traceback" not in answer
        assert b"/chemin" not in answer


FORGED = {
    "none": "",
    "empty": "sha256=",
    "another secret": signed(RAW, "autre"),
    "empty secret": signed(RAW, ""),
    "of another body": signed(RAW + b" "),
    "without its name": signed(RAW).removeprefix("sha256="),
    "sha1": "sha1=" + signed(RAW)[7:47],
    "cut": signed(RAW)[:-1],
    "longer": signed(RAW) + "0",
    "upper case": signed(RAW).upper(),
    "twice": f"{signed(RAW)},{signed(RAW)}",
    "with spaces": f"sha256= {signed(RAW)[7:]}",
    "not ASCII": "sha256=" + "é" * 64,
    "zeros": "sha256=" + "0" * 64,
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_signature_opens_nothing(door, forged):
    headers = SIGNED | {"X-Hub-Signature-256": forged, "Content-Length": len(RAW)}
    assert door.say(request(HOOK, headers, RAW))[0] in {400, 401}
    # The older header is worth nothing, even right.
    assert door.say(request(HOOK, headers | {"X-Hub-Signature": signed(RAW)}, RAW))[0] in {400, 401}
    assert door.stored == 0


def test_two_signature_headers_are_worth_none(door):
    doubled = f"{signed(RAW)}\r\nX-Hub-Signature-256: sha256={'0' * 64}"
    headers = SIGNED | {"X-Hub-Signature-256": doubled, "Content-Length": len(RAW)}
    assert door.say(request(HOOK, headers, RAW))[0] == 401
    assert door.stored == 0


def test_a_body_changed_by_one_space_is_another_body(door):
    spaced = json.dumps(COMMENT, indent=1).encode()
    assert door.say(request(HOOK, SIGNED | {"Content-Length": len(spaced)}, spaced))[0] == 401
    assert door.stored == 0
