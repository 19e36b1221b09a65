"""Findings as facts without words: shown to whoever installs, and sent to the maintainers as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.github.errors import LaterError, NotFoundError, RefusalError

State = Literal["ok", "ko", "unknown"]
Measured = str | int | float | bool


@dataclass(frozen=True)
class Finding:
    """`about` is a key of `app.doctor.words`, `how` one of its sentences; `facts` hold nobody's words.

    `said` is GitHub's own sentence, for the terminal only: it may name an organisation.
    """

    about: str
    state: State
    how: str
    facts: Mapping[str, Measured] = field(default_factory=dict)
    shown: Mapping[str, Measured] = field(default_factory=dict)
    """Names and addresses the sentence needs, which stay on this machine."""
    said: str = ""


def ok(about: str, how: str = "ok", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured) -> Finding:
    return Finding(about, "ok", how, facts, shown or {})


def ko(about: str, how: str = "ko", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured) -> Finding:
    return Finding(about, "ko", how, facts, shown or {})


def unknown(
    about: str, how: str = "unknown", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured
) -> Finding:
    return Finding(about, "unknown", how, facts, shown or {})


def tried(about: str, look: Callable[[], Finding]) -> Finding:
    """The finding of a look, or how GitHub refused it."""
    try:
        return look()
    except NotFoundError as error:
        return Finding(about, "ko", "not_found", said=str(error))
    except LaterError as error:
        return Finding(about, "ko", "later", {"kind": error.kind}, said=str(error))
    except RefusalError as error:
        return Finding(about, "ko", "refused", {"status": error.status}, said=error.said)
