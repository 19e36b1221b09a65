"""Two minutes for the whole run: what hangs or comes later is reported as not tried."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.doctor.findings import Finding, tried_finding, unknown_finding

T = TypeVar("T")
MOST_S = 120.0
CLOSING_S = 20.0
"""Extra seconds, so that the scratch issue is closed all the same."""
SLICE_S = 0.05


class LateError(Exception):
    """Time ran out before the answer came."""


class Timed:
    """`seconds` measures time; tests give their own clock."""

    def __init__(self, seconds: Callable[[], float], most_s: float = MOST_S) -> None:
        self._seconds, self._until = seconds, seconds() + most_s

    @property
    def is_over(self) -> bool:
        return self._seconds() >= self._until

    def closing(self) -> Timed:
        return Timed(self._seconds, max(0.0, self._until - self._seconds()) + CLOSING_S)

    def run(self, call: Callable[[], T]) -> T:
        """Run it in a daemon thread, which does not keep the process from ending; raises LateError."""
        if self.is_over:
            raise LateError
        answers: list[T] = []
        errors: list[BaseException] = []

        def act() -> None:
            try:
                answers.append(call())
            except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
                errors.append(error)

        thread = threading.Thread(target=act, name="jalon-doctor", daemon=True)
        thread.start()
        while thread.is_alive() and not self.is_over:
            thread.join(SLICE_S)
        if errors:
            raise errors[0]
        if not answers:
            raise LateError
        return answers[0]

    def tried(self, about: str, look: Callable[[], Finding]) -> Finding:
        try:
            return self.run(lambda: tried_finding(about, look))
        except LateError:
            return unknown_finding(about, "late")
