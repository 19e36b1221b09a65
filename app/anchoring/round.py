"""The round of those who vouch: each checkpoint is dated by the authority and cosigned by the witnesses, once.

It runs beside the messages of the channels, apart from the turns: late or away, they change nothing for anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from app.anchoring.cosignatures import Cosigning, OtherHistoryError, PassedError, WitnessService
from app.anchoring.posting import Between, NotVouchedError
from app.store.anchors import Anchors, DueCheckpoint
from app.store.log import Log
from app.store.troubles import Troubles
from app.transparency.notes import Signer

if TYPE_CHECKING:
    from app.anchoring.time_stamps import Authority

log = logging.getLogger(__name__)
AUTHORITY = "rfc3161"
"""What the row of the time-stamping authority is named, which no witness can be."""
ABSENT, OTHER = "anchor", "witness"
"""The troubles told: nobody vouches for the moment; somebody has seen another register."""
AT_ONCE = 20
FRESH = timedelta(days=1)
"""A checkpoint that nobody vouched for in a day is left to the newest: what holds that one holds it too."""
DAILY = timedelta(days=1)
"""However little is decided, whoever vouches is given what came since, once a day."""
Guard = Callable[[str, int], None]


class Named(Protocol):
    """Those whom the rules name, who may change, and how many of them must vouch for a seal to be believed."""

    @property
    def quorum(self) -> int: ...

    def __call__(self) -> Sequence[WitnessService]: ...


class AnchorRound:
    """`named` are asked for at each round; `guard` is told by whom, and what size, once as many witnesses as the rules
    believe a seal by have seen more than we have: one that lies holds nobody back.
    """

    def __init__(
        self,
        register_log: Log,
        anchors: Anchors,
        troubles: Troubles,
        clock: Callable[[], datetime],
        authority: Authority | None = None,
        named: Named | None = None,
        guard: Guard = lambda _name, _size: None,
        signer: Signer | None = None,
        cosigning: Cosigning | None = None,
    ) -> None:
        self._log, self._anchors, self._troubles, self._clock = register_log, anchors, troubles, clock
        self._authority, self._named, self._guard = authority, named, guard
        self._signer = signer
        self._larger: dict[str, int] = {}
        """What each witness says to have seen, that is more than we have."""
        self._cosigning = cosigning or Cosigning(register_log.consistency, lambda: register_log.size)

    def tick(self) -> None:
        """Ask each of them for what it has not vouched for yet, if it is time."""
        if not self._log.origin:
            return
        witnesses = self._named() if self._named else ()
        if self._authority or witnesses:
            self._seal()
        if self._authority:
            self._serve(AUTHORITY, "horodatage", self._stamp)
        for one in witnesses:
            self._serve(one.key.vkey, one.name, lambda kept, seen, one=one: self._cosign(one, kept, seen))  # type: ignore[misc]

    def _seal(self) -> None:
        """A day after the last seal, sign what came since: a decision is sealed as it is taken, the rest waits so."""
        now, last = self._clock(), self._log.latest()
        if self._signer and last and now.timestamp() - last.at >= DAILY.total_seconds() and self._log.size > last.size:
            self._log.checkpoint(self._signer, now)

    def _serve(self, target: str, name: str, ask: Callable[[DueCheckpoint, int], int]) -> None:
        """`ask` gives the size that was reached."""
        state, now = self._anchors.of(target), self._clock()
        if state.not_before > now.timestamp() or not (due := self._due(state.done, now)):
            return
        if not self._anchors.take(target, now.timestamp()):
            return
        reached = state.done
        for kept in due:
            if kept.size <= reached:
                continue
            try:
                reached = ask(kept, reached)
            except NotVouchedError as error:
                self._anchors.missed(target, self._clock().timestamp())
                self._troubles.note(ABSENT, name, str(error))
                return
            except OtherHistoryError as error:
                self._anchors.missed(target, self._clock().timestamp())
                told = f"a vu {error.size} entrées" if error.size else "a vu d’autres entrées que les nôtres"
                self._troubles.note(OTHER, name, told)
                self._larger[target] = error.size
                self._warn(name)
                return
            self._anchors.reached(target, reached)
        self._troubles.clear(ABSENT, name)
        self._troubles.clear(OTHER, name)
        self._larger.pop(target, None)

    def _warn(self, name: str) -> None:
        """The size that so many witnesses have seen, at least."""
        quorum = max(1, self._named.quorum if self._named else 1)
        sizes = sorted(self._larger.values(), reverse=True)[:quorum]
        if len(sizes) == quorum and sizes[-1]:
            self._guard(name, sizes[-1])

    def _due(self, done: int, now: datetime) -> list[DueCheckpoint]:
        """Oldest first: a witness takes no step back. While a log is taken back, what it does not hold yet waits."""
        size = self._log.size
        waiting = [due for due in self._anchors.after(done, AT_ONCE) if due.size <= size]
        fresh = [due for due in waiting[:-1] if now.timestamp() - due.at <= FRESH.total_seconds()]
        return [*fresh, *waiting[-1:]]

    def _stamp(self, kept: DueCheckpoint, _seen: int) -> int:
        assert self._authority
        if not kept.is_stamped:
            self._log.add_stamp(kept.size, self._authority.stamp(_text(kept.note), self._when(kept)))
        return kept.size

    def _cosign(self, witness: WitnessService, kept: DueCheckpoint, seen: int) -> int:
        try:
            lines = self._cosigning.ask(witness, kept.size, kept.note, seen, self._when(kept))
        except PassedError as passed:
            return passed.size
        for line in lines:
            self._log.add_cosignature(kept.size, line)
        return kept.size

    def _when(self, kept: DueCheckpoint) -> Between:
        return Between(kept.at, self._clock().timestamp())


def _text(note: str) -> str:
    """What was signed, without the signatures: whoever dates it dates what everybody else signs too."""
    return note.rpartition("\n\n")[0] + "\n"
