"""Makes the effects of one turn on GitHub one by one: a refused effect only stops those that need it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.domain.decide.manual_changes import ManualChange
from app.domain.publish.effects import CARD_EFFECTS, Effect, FillCard, PlaceCard, depends_on
from app.github.client import LaterError, NotFoundError
from app.github.errors import CredentialsError, MovedError, RefusalError, UnreachableError, WaitError
from app.github.refusals import refusal_of
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.wakeup import ProductWakeUp

log = logging.getLogger(__name__)
BOARD = "board"
PUT_OFF_S = 60


@dataclass
class Applied:
    """What became of a turn's effects; `left` is GitHub's sentence for what was refused, by kind of refusal."""

    done: list[Effect] = field(default_factory=list)
    failed: list[Effect] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)
    """Why the turn must be taken again: GitHub in difficulty, or a bug."""

    @property
    def error(self) -> Exception | None:
        """A bug first: it counts against the delivery, a difficulty of GitHub's does not."""
        bugs = [error for error in self.errors if not isinstance(error, LaterError)]
        return next(iter([*bugs, *self.errors]), None)


def apply_all(effects: Iterable[Effect], act: Callable[[Effect], None], done: Iterable[Effect] = ()) -> Applied:
    """`done` was made already, by one call.

    Raises only what makes any further call useless: a limit, GitHub out of reach, the database away.
    """
    result = Applied(list(done))
    for effect in effects:
        if any(depends_on(effect, other) for other in result.failed):
            result.failed.append(effect)
            continue
        try:
            act(effect)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:
            if is_everywhere(error):
                raise
            result.failed.append(effect)
            _sort(effect, error, result)
        else:
            result.done.append(effect)
    return result


def is_everywhere(error: Exception) -> bool:
    """Whether any other call would fail in the same way."""
    return isinstance(error, WaitError | UnreachableError | CredentialsError | MovedError)


def _sort(effect: Effect, error: Exception, result: Applied) -> None:
    refusal = refusal_of(error) if isinstance(error, RefusalError) else None
    is_card = isinstance(effect, CARD_EFFECTS)
    if refusal is None and not (is_card and isinstance(error, NotFoundError)):
        log.warning("%s failed: %s", type(effect).__name__, type(error).__name__)
        result.errors.append(error)
        return
    kind, said = (refusal.kind, refusal.said) if refusal else (BOARD, "Not Found")
    # A refusal about a card is about the board: the rest of the repository may well accept changes.
    kind = BOARD if is_card and kind in {"permission", "refusal"} else kind
    log.warning("%s refused: %s", type(effect).__name__, said)
    result.left.setdefault(kind, said)


def left_alone(
    gesture: ManualChange | None, fresh: int, *, leaves_card: bool, is_late: bool
) -> tuple[type[Effect], ...]:
    """Kinds of effects that this turn must not make.

    A card's event may be the echo of another program's write: if we answered it with ours, they would alternate for
    ever. A card read before our last move would be moved again, though a person may have moved it since.
    """
    is_echo = gesture is not None and gesture.kind == "card" and not fresh
    late = CARD_EFFECTS if is_late else ()
    return (*((PlaceCard,) if leaves_card else ()), *((FillCard,) if is_echo else ()), *late)


def again_for(applied: Applied, wake: ProductWakeUp, *, is_late: bool, is_put_off: bool) -> Exception | None:
    """Why the turn is to be taken again although it did all it could."""
    if applied.error:
        return applied.error
    if is_late:
        return StaleReadError("the card", WAITS_S[wake.tried])
    if is_put_off:
        return LaterError("GitHub's clock and ours are over five minutes apart: no gate opens or closes", PUT_OFF_S)
    return None
