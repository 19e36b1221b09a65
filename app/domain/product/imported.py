"""Products taken over from a former follow-up: the phase they had reached, and how their issue carries it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product import former_readings, history_in_comments
from app.domain.product.facts import History, PastPhase, PhaseEntered, ProductImported
from app.domain.product.issue import Issue
from app.domain.product.lawful import breach
from app.domain.product.state import ProductState

MARK = re.compile(r"<!-- jalon:import v1 key=(\S+) record=(\S+) -->")
IMPORT = "import:"
"""How the cause of every imported fact begins."""
KEY = "import"
"""Key of the comment that tells what was taken over."""


@dataclass(frozen=True)
class ImportedProduct:
    """A product of the former follow-up; `key` names it for ever, `past` is in the order of the file."""

    key: str
    title: str
    past: tuple[PastPhase, ...]
    source: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """Answers that the file already gives to questions of the form, by question."""
    shown: tuple[tuple[str, str], ...] = ()
    """Other columns to show on the issue: a title and a text."""


def reached(past: Iterable[PastPhase], policy: Policy, today: date) -> PastPhase | None:
    """The phase entered last; of two entered on one day, the furthest in the life of a product.

    A phase without a date began when the one before it in the file did. One that begins after today is a plan.
    """
    found: list[tuple[str, int, PastPhase]] = []
    since = ""
    for phase in past:
        since = phase.began or since
        if since <= today.isoformat():
            found.append((since, policy.rank(phase.phase), phase))
    return max(found, key=lambda item: item[:2])[2] if found else None


def lived(past: Iterable[PastPhase], today: date) -> tuple[PastPhase, ...]:
    """The phases of ours lived one after the other up to a day, each with its beginning; those without a date left out.

    Two names of the former follow-up that mean one phase of ours are one stay, begun with the first.
    """
    dated = sorted((one for one in past if one.began and one.began <= today.isoformat()), key=lambda one: one.began)
    return tuple(next(stays) for _, stays in groupby(dated, key=lambda one: one.phase))


def _began(taken: ImportedProduct, phase: PastPhase, today: date) -> str:
    """When the phase reached began, if the follow-up told when it was last entered under any of its names."""
    stays = lived(taken.past, today)
    return stays[-1].began if phase.began and stays[-1].phase == phase.phase else phase.began


def facts(taken: ImportedProduct, policy: Policy, now: datetime, by: str = "") -> History:
    """The history of a product taken over, told by Jalon's login; raises ValueError when it has reached no phase."""
    phase = reached(taken.past, policy, day_of(now, policy.timezone))
    if phase is None:
        raise ValueError(f"{taken.key} has reached no phase")
    note = {"at": now, "by": by, "cause": f"{IMPORT}{taken.key}:{former_readings.READER}"}
    day = _began(taken, phase, day_of(now, policy.timezone))
    began = datetime.combine(date.fromisoformat(day), time(), UTC) if day else None
    return (
        ProductImported(
            **note,  # type: ignore[arg-type]
            key=taken.key,
            title=taken.title,
            source=taken.source,
            past=taken.past,
            answers=taken.answers,
            shown=taken.shown,
        ),
        PhaseEntered(**note, phase=phase.phase, imported=True, began=began),  # type: ignore[arg-type]
    )


def import_mark(history: History) -> str:
    """The hidden mark at the end of an imported issue: its stable key and its history, whole or absent."""
    (imported,) = [fact for fact in history if isinstance(fact, ProductImported)]
    (packed,) = history_in_comments.packed_pieces(tuple(enumerate(history, start=1)))
    key = base64.urlsafe_b64encode(imported.key.encode()).decode()
    return f"<!-- jalon:import v1 key={key} record={packed} -->"


def key_in(body: str) -> str | None:
    """The stable key an issue's body bears, whoever wrote it; None when it bears none that can be read."""
    found = MARK.search(body)
    try:
        return base64.urlsafe_b64decode(found[1]).decode() if found else None
    except ValueError:
        return None


def is_imported(issue: Issue) -> bool:
    """Whether the import made this issue: the same mark on somebody else's issue means nothing."""
    return (issue.by_us or issue.ours) and key_in(issue.body) is not None


def history_in(issue: Issue) -> History:
    """The history an issue of ours carries in its body; none when somebody else wrote in it, or it is no import."""
    history = carried_history(issue.body) if issue.ours else ()
    return history if not breach(history) else ()


def carried_history(body: str) -> History:
    """The history an issue's body carries, whoever wrote it; none when it cannot be read."""
    found = MARK.search(body)
    try:
        return tuple(fact for _, fact in history_in_comments.unpacked((found[2],))) if found else ()
    except ValueError:
        return ()


def had_ended_before(state: ProductState, policy: Policy) -> bool:
    """Whether a product was taken over when it had ended already: nothing is left to do for it."""
    return state.imported is not None and len(state.stays) == 1 and policy.is_final(state.phase or "")
