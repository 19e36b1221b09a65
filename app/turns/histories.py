"""Where a turn has the history of its product from: the register, and what our comments hold beyond it."""

from __future__ import annotations

import logging

from app.domain.decide import origins
from app.domain.product import imported
from app.domain.product.facts import History
from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.github.client import Client, NotFoundError
from app.github.read import locate
from app.store.register import BrokenChainError, Register
from app.turns.outcome import LostHistoryError

log = logging.getLogger(__name__)


class Histories:
    """Reads and completes the register, one product at a time."""

    def __init__(self, client: Client, register: Register) -> None:
        self._client, self._register = client, register

    def restored(self, product: Product, known: int, delivery: str) -> Product:
        """Record the facts read back from GitHub, after the `known` ones of the register."""
        if len(product.history) == known:
            return product
        issue, product = product.issue, self.recorded(product, known, delivery, is_news=False)
        level = logging.INFO if imported.is_imported(issue) else logging.WARNING  # an import is begun that way
        log.log(level, "%s#%s: history restored from GitHub", issue.repository, issue.number)
        return product

    def recorded(self, product: Product, known: int, delivery: str, *, is_news: bool = True) -> Product:
        """The product with its facts after the `known` first ones recorded, each with its place in the sealed log.

        Raises LostHistoryError where others had been sealed in their place.
        """
        issue, fresh = product.issue, product.history[known:]
        place = (issue.repository, issue.number)
        try:
            kept = self._register.append(issue.id, place, known, fresh, delivery, is_news=is_news)
        except BrokenChainError as error:
            raise _lost(issue, error) from error
        return product.seen_as(history=(*product.history[:known], *kept))

    def foreign(self, product: Product, known: History) -> tuple[tuple[str, str], ...]:
        """Why what the comments hold beyond the register cannot be this issue's own history; empty when it can."""
        issue, history = product.issue, product.history
        if len(history) == len(known):
            return ()
        filed = "" if known else origins.filed_on(history)
        is_elsewhere = not known and origins.is_imported_elsewhere(history, issue)
        if is_elsewhere or (filed not in {"", issue.id} and self._is_living(filed, issue)):
            return (("elsewhere", ""),)
        rank = origins.contradicted(product, len(known))
        return (("unsaid", str(rank)),) if rank else ()

    def _is_living(self, node_id: str, issue: Issue) -> bool:
        """Whether an issue still exists elsewhere than here: a transfer leaves nothing at the former place."""
        try:
            return locate(self._client, node_id) != (issue.repository, issue.number)
        except NotFoundError:
            return False

    def known(self, issue: Issue) -> History:
        """The facts the register holds of a product, its chain checked; raises LostHistoryError when it is broken."""
        try:
            return self._register.history(issue.id)
        except BrokenChainError as error:
            raise _lost(issue, error) from error


def _lost(issue: Issue, error: BrokenChainError) -> LostHistoryError:
    return LostHistoryError(issue, (("chain", str(error.seq)),))
