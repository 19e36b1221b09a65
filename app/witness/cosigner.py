"""Answers the `add-checkpoint` of C2SP `tlog-witness`: never two roots for one size, never a step back."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.logs import safe
from app.transparency.notes import Key, Signer, parse
from app.transparency.witnessing import SIZE_TYPE, CosigningRefusedError, LastCosigned, authentic, follow, read_request
from app.witness.ledger import CosignedCheckpoint, CosigningLedger

log = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class HttpReply:
    status: int
    body: str
    kind: str = PLAIN


class Cosigner:
    """`logs`: the keys that may sign for each origin."""

    def __init__(
        self, signer: Signer, logs: Mapping[str, Sequence[Key]], ledger: CosigningLedger, clock: Callable[[], datetime]
    ) -> None:
        self._signer, self._logs, self._ledger, self._clock = signer, logs, ledger, clock

    def add_checkpoint(self, body: bytes) -> HttpReply:
        """The checkpoint is kept before its cosignature exists: a death between the two shows nothing untrue."""
        try:
            asked = read_request(body)
            checkpoint = authentic(asked, self._logs)
        except CosigningRefusedError as refused:
            log.warning("a checkpoint is refused: %d %s", refused.status, refused.said.strip())
            return _reply(refused)
        now = self._clock()
        new = CosignedCheckpoint(checkpoint.origin, checkpoint.size, checkpoint.root, asked.note, now)

        def judge(seen: LastCosigned) -> None:
            follow(asked, checkpoint, seen)

        try:
            self._ledger.advance(new, judge)
        except CosigningRefusedError as refused:
            if refused.is_lie:
                log.critical(
                    "%s signed another history, of size %d: %s", safe(new.origin), new.size, refused.said.strip()
                )
                self._ledger.refuse(new, body.decode("utf-8"))
            return _reply(refused)
        except sqlite3.OperationalError as error:
            log.warning("a checkpoint could not be kept: %s", error)
            return HttpReply(503, "this witness cannot remember it now; ask again later\n")
        log.info("cosigned %s at size %d", safe(new.origin), new.size)
        return HttpReply(200, self._signer.cosign(parse(asked.note).text, int(now.timestamp())) + "\n")


def _reply(refused: CosigningRefusedError) -> HttpReply:
    kind = SIZE_TYPE if refused.status == 409 else PLAIN
    return HttpReply(refused.status, refused.said if refused.said.endswith("\n") else refused.said + "\n", kind)
