"""What people are shown of the sealed register: proofs in the comments of decisions, checkpoints in reports."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.product.facts import GateDecided
from app.domain.product.proof import ShownProof, proof
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.product.state import Product
from app.store.log import Log
from app.transparency.notes import NoteError, Signer
from app.transparency.proofs import parse_proof

log = logging.getLogger(__name__)
DECISIONS = GateDecided, DecisionRectified, DecisionOverridden
"""The facts whose comments carry a proof."""
MOST_KEPT = 4_096


@dataclass
class ShownSeals:
    """Without a key nothing is signed: what was signed before is still shown."""

    log: Log
    signer: Signer | None
    clock: Callable[[], datetime]
    _kept: dict[int, ShownProof] = field(default_factory=dict, repr=False)
    """Proofs do not change: the first checkpoint under which an entry is stays the first."""

    def told(self, product: Product) -> Product:
        """The product with the proof of each decision; the log signs what it holds when one has none yet."""
        numbers = tuple(_numbers(product))
        found = self._proofs(numbers)
        if len(found) < len(numbers) and self.signer and self.log.checkpoint(self.signer, self.clock()):
            found = self._proofs(numbers)
        return product.seen_as(proofs=found) if found else product

    def known(self, product: Product) -> Product:
        """The same, nothing being signed."""
        return product.seen_as(proofs=self._proofs(tuple(_numbers(product))))

    def today(self) -> str:
        """The newest checkpoint with what witnesses said of it, signed now if facts came since the last one."""
        if self.signer:
            self.log.checkpoint(self.signer, self.clock())
        return self.newest()

    def newest(self) -> str:
        """The same, nothing being signed; empty where there is none."""
        found = self.log.latest()
        return found.whole if found else ""

    def _proofs(self, numbers: tuple[int, ...]) -> dict[int, ShownProof]:
        return {n: one for n in numbers if (one := self._proof(n))}

    def _proof(self, n: int) -> ShownProof | None:
        if n in self._kept:
            return self._kept[n]
        try:
            text = self.log.proof(n)
            root = base64.b64encode(parse_proof(text).checkpoint.root).decode() if text else ""
        except (NoteError, LookupError) as error:
            # What the log holds was changed by hand: others tell it, and a decision is told all the same.
            log.error("no proof of entry %d can be made: %s", n, type(error).__name__)  # noqa: TRY400 - no bug of ours
            return None
        if not text:
            return None
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[n] = proof(n, root, text, self.log.events())
        return self._kept[n]


def _numbers(product: Product) -> Iterator[int]:
    for fact in product.history:
        if isinstance(fact, DECISIONS) and fact.sealed:
            yield fact.sealed.n
