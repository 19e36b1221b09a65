"""Findings as facts without words: shown to whoever installs, and sent to the maintainers as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.github.errors import LaterError, NotFoundError, RefusalError


class Verdict(StrEnum):
    """What a trial found of one thing: as Jalon needs it, otherwise, or GitHub did not tell."""

    OK = "ok"
    KO = "ko"
    UNKNOWN = "unknown"


Measured = str | int | float | bool


@dataclass(frozen=True)
class Finding:
    """`about` is a key of `app.doctor.words`, `how` one of its sentences; `facts` hold nobody's words.

    `said` is GitHub's own sentence, for the terminal only: it may name an organisation.
    """

    about: str
    state: Verdict
    how: str
    facts: Mapping[str, Measured] = field(default_factory=dict)
    shown: Mapping[str, Measured] = field(default_factory=dict)
    """Names and addresses the sentence needs, which stay on this machine."""
    said: str = ""


def ok(about: str, how: str = "ok", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured) -> Finding:
    return Finding(about, Verdict.OK, how, facts, shown or {})


def ko(about: str, how: str = "ko", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured) -> Finding:
    return Finding(about, Verdict.KO, how, facts, shown or {})


def unknown_finding(
    about: str, how: str = "unknown", /, *, shown: Mapping[str, Measured] | None = None, **facts: Measured
) -> Finding:
    return Finding(about, Verdict.UNKNOWN, how, facts, shown or {})


def tried_finding(about: str, look: Callable[[], Finding]) -> Finding:
    """The finding of a look, or how GitHub refused it."""
    try:
        return look()
    except NotFoundError as error:
        return Finding(about, Verdict.KO, "not_found", said=str(error))
    except LaterError as error:
        return Finding(about, Verdict.KO, "later", {"kind": error.kind}, said=str(error))
    except RefusalError as error:
        return Finding(about, Verdict.KO, "refused", {"status": error.status}, said=error.said)
