"""The witnesses that the committees' rules name, each once: what the installation knows without asking GitHub."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from app.anchoring.cosignatures import WitnessService
from app.domain.policy.model import Policy
from app.transparency.notes import NoteError, parse_vkey

log = logging.getLogger(__name__)


FRESH = timedelta(minutes=1)
"""As long as that, rules that have changed may wait: looking at each committee's costs more than asking nobody."""


class RuledWitnesses:
    """One register serves every committee of an installation: it is vouched for by the witnesses of all of them."""

    def __init__(
        self,
        repositories: Callable[[], Collection[str]],
        remembered: Callable[[str], Policy | None],
        clock: Callable[[], datetime],
        *,
        here: bool = False,
    ) -> None:
        """`here`: witnesses on this machine are asked too, as in a rehearsal.

        Elsewhere whoever writes the rules of one repository would choose what this server sends to its own services.
        """
        self._here = here
        self._repositories, self._remembered, self._clock = repositories, remembered, clock
        self._looked: datetime | None = None
        self._known: tuple[WitnessService, ...] = ()
        self._quorum = 0

    @property
    def quorum(self) -> int:
        """The largest that any committee asks for, as when a seal is checked."""
        return self._quorum

    def __call__(self) -> tuple[WitnessService, ...]:
        now = self._clock()
        if self._looked is None or abs(now - self._looked) >= FRESH:
            self._known, self._looked = self._read(), now
        return self._known

    def _read(self) -> tuple[WitnessService, ...]:
        found: dict[str, WitnessService] = {}
        self._quorum = 0
        for repository in sorted(self._repositories()):
            policy = self._remembered(repository)
            self._quorum = max(self._quorum, policy.register.quorum if policy else 0)
            for one in policy.register.witnesses if policy else ():
                if not (self._here or one.url.startswith("https://")):
                    log.warning("%s: the rules name a witness on this machine, which is not asked", repository)
                    continue
                try:
                    found.setdefault(one.key, WitnessService(parse_vkey(one.key), one.url))
                except NoteError:
                    log.warning("%s: the rules name a witness by what is no key", repository)
        return tuple(found.values())
