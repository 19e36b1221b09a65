"""One POST to somebody who may vouch for us: bounded in time and size, never led elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

CONNECTS_S, ANSWERS_S, WHOLE_S = 5.0, 10.0, 20.0
LIMIT = 64 * 1024
"""Bytes of the longest answer: a time-stamp with its certificates takes less than ten thousand."""
PIECE = 4096
CLOCKS_S = 300.0
"""How far another clock may be from ours."""


class NotVouchedError(Exception):
    """Nobody vouched this time; why, in a few French words. It is tried again later."""


@dataclass(frozen=True)
class Between:
    """When somebody may say to have seen a checkpoint: since it was signed, until now; clocks apart.

    A date that is wrong is worse than none: readers hold our entries to it.
    """

    signed: float
    now: float

    def holds(self, at: float) -> None:
        """Raises NotVouchedError for a time, in seconds since 1970, at which it cannot have been seen."""
        if at > self.now + CLOCKS_S:
            raise NotVouchedError("date de l’avenir")
        if at < self.signed - CLOCKS_S:
            raise NotVouchedError("date d’avant le sceau")


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    body: bytes


Post = Callable[[str, bytes, str], HttpAnswer]
"""(address, body, its type) → the answer; raises NotVouchedError when none came."""


def post_bytes(url: str, body: bytes, kind: str) -> HttpAnswer:
    # A redirection is an answer like another: nobody but whom the installation named is told anything.
    headers = {"Content-Type": kind, "Accept-Encoding": "identity", "User-Agent": "jalon"}
    try:
        with requests.post(
            url, data=body, headers=headers, timeout=(CONNECTS_S, ANSWERS_S), allow_redirects=False, stream=True
        ) as answer:
            return HttpAnswer(answer.status_code, _read(answer))
    except (requests.RequestException, OSError, ValueError) as error:
        raise NotVouchedError(f"injoignable ({type(error).__name__})") from error


def _read(answer: requests.Response) -> bytes:
    """What comes in one go is taken as it comes: a sender that drips is left once its time is over."""
    end, found = time.monotonic() + WHOLE_S, b""
    while piece := answer.raw.read1(PIECE):
        found += piece
        if len(found) > LIMIT or time.monotonic() > end:
            raise NotVouchedError("réponse sans fin")
    return found
