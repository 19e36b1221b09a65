"""Ports for the programs that tests start: each is kept from everybody else until the test process ends."""

from __future__ import annotations

import socket

_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody is given meanwhile: it stays bound here, without listening.

    Whoever asks for « any port », or connects somewhere, is given another; a server that names it may take it, since
    both let addresses be used again.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    return int(held.getsockname()[1])


def free_ports(count: int) -> tuple[int, ...]:
    return tuple(free_port() for _ in range(count))
