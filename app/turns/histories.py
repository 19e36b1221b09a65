"""Where a turn has the history of its product from: the register, and what our comments hold beyond it."""

from __future__ import annotations

import logging
from dataclasses import replace

from app.domain.decide import origins
from app.domain.product import history_in_comments, imported
from app.domain.product.fact import LogPlace
from app.domain.product.facts import History
from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.github.client import Client, NotFoundError
from app.github.read import locate
from app.store.erasing import Erasing
from app.store.places import Places
from app.store.register import BrokenChainError, Register
from app.store.sealing import LogError
from app.turns.fork_guard import ForkGuard
from app.turns.outcome import LostHistoryError
from app.turns.recovery import Recovery

log = logging.getLogger(__name__)


class Histories:
    """Reads and completes the register, one product at a time."""

    def __init__(self, client: Client, register: Register, guard: ForkGuard | None = None) -> None:
        self._client, self._register, self._guard = client, register, guard

    def placed(
        self, issue: Issue, history: History, known: int, language: str = "fr", recovery: Recovery | None = None
    ) -> History:
        """The history, each fact beyond the `known` ones in its place of the sealed register.

        Raises LostHistoryError when one has none: whoever writes our comments without the seal adds nothing. Those
        that come after the newest seal are taken back by an administrator alone, with a `recovery`, and sealed anew.
        """
        if self._guard is None or len(history) == known:
            return history
        if not known and any(fact.sealed is None for fact in history):
            history = self._sealed_here(issue, history)
        rank = without = self._guard.unplaced(history, known)
        if recovery:
            ours = not any(comment.trace and comment.trace.is_anothers for comment in issue.comments)
            place = f"{issue.repository}#{issue.number}"
            rank = recovery.refused(place, history, known, without, ours=ours)
        if rank:
            raise LostHistoryError(issue, (("unsealed", str(rank)),), language)
        kept, anew = (history[: without - 1], history[without - 1 :]) if without else (history, ())
        return (*kept, *(replace(fact, sealed=None) for fact in anew))

    def _sealed_here(self, issue: Issue, history: History) -> History:
        """With the places that the same facts have in our own register, where the product was before a transfer:
        comments written before the register was sealed carry none.
        """
        former = Places(self._register.engine).former(issue.id, history[0])
        try:
            mine = self._register.history(former) if former else ()
        except BrokenChainError:
            return history
        same = min(len(mine), len(history))  # ours goes on until it left
        return (*mine[:same], *history[same:]) if mine[:same] == history[:same] else history

    def restored(self, product: Product, known: int, delivery: str) -> Product:
        """Record the facts read back from GitHub, after the `known` ones of the register."""
        if len(product.history) == known:
            return product
        Erasing(self._register).again(product.issue.id, product.history[:known])
        issue, product = product.issue, self.recorded(product, known, delivery, is_news=False)
        level = logging.INFO if imported.is_imported(issue) else logging.WARNING  # an import is begun that way
        log.log(level, "%s#%s: history restored from GitHub", issue.repository, issue.number)
        if self._guard:
            self._guard.settle()
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
        except LogError as error:  # another product has taken that place meanwhile
            raise LostHistoryError(issue, (("unsealed", str(known + 1)),)) from error
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
        """The facts the register holds of a product, its chain checked; raises LostHistoryError when it is broken.

        The seals that the comments show are compared with the log first. A log that is behind takes back from them the
        places of the facts that the register held before it was sealed.
        """
        if self._guard:
            self._guard.look(issue.comments)
        history = self._history(issue)
        if self._guard is None or all(fact.sealed for fact in history) or not self._guard.is_behind:
            return history
        brought = self._brought(issue, history)
        if not brought:
            return history
        self._register.seal_again(issue.id, brought)
        self._guard.settle()
        return self._history(issue)

    def _history(self, issue: Issue) -> History:
        try:
            return self._register.history(issue.id)
        except BrokenChainError as error:
            raise _lost(issue, error) from error

    def _brought(self, issue: Issue, known: History) -> dict[int, LogPlace]:
        """The places that the comments give to facts that wait here without any, by rank."""
        carried = history_in_comments.restored_history(issue.comments)
        both = zip(known, () if carried.flaws else carried.history, strict=False)
        found = tuple(replace(mine, sealed=mine.sealed or theirs.sealed) for mine, theirs in both if mine == theirs)
        first = next((rank for rank, fact in enumerate(known) if fact.sealed is None), 0)
        if found[:first] != known[:first] or self._guard is None or self._guard.unplaced(found, first):
            return {}
        return {rank: fact.sealed for rank, fact in enumerate(found, start=1) if rank > first and fact.sealed}


def _lost(issue: Issue, error: BrokenChainError) -> LostHistoryError:
    return LostHistoryError(issue, (("chain", str(error.seq)),))
