"""Tells whether people wrote their comments by themselves: known from webhooks, else asked of GitHub."""

from __future__ import annotations

from dataclasses import replace

from app.domain.decide.pending import unsure_of
from app.domain.policy.model import Policy
from app.domain.product.issue import Issue, Through
from app.domain.product.state import Product
from app.github.client import Client
from app.github.comment_apps import performers
from app.store.comment_apps import CommentApps, through
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.wakeup import ProductWakeUp


class Provenance:
    """`own` is the number of Jalon's App: what people do on its pages is done by themselves."""

    def __init__(self, client: Client, apps: CommentApps, own: int) -> None:
        self._client, self._apps, self._own = client, apps, own

    def told(self, product: Product, policy: Policy, wake: ProductWakeUp | None = None) -> Product:
        """The product with what is known of the comments that ask for something new.

        Raises StaleReadError while GitHub does not list one of them; after the last look it asks for nothing yet.
        """
        return product.seen_as(issue=self.of_issue(product.issue, unsure_of(product, policy), wake))

    def of_issue(self, issue: Issue, unsure: frozenset[int], wake: ProductWakeUp | None = None) -> Issue:
        """The same of the comments that are not sure."""
        if not unsure:
            return issue
        found = {wake.comment: wake.through} if wake and wake.through and wake.comment in unsure else {}
        if lacking := unsure - found.keys():
            found |= self._apps.of(issue.id, lacking)
        if lacking := unsure - found.keys():
            found |= self._asked(issue, lacking)
        if wake and unsure - found.keys() and wake.tried < len(WAITS_S):
            raise StaleReadError("who wrote a comment", WAITS_S[wake.tried])
        comments = [
            replace(one, through=self._seen(found[one.id])) if one.id in found else one for one in issue.comments
        ]
        return replace(issue, comments=tuple(comments))

    def is_sure(self, product: Product, policy: Policy, wake: ProductWakeUp) -> bool:
        """Whether nothing new waits until it is known who wrote it: after the last look alone, something may."""
        return wake.tried < len(WAITS_S) or not unsure_of(product, policy)

    def _asked(self, issue: Issue, comments: frozenset[int]) -> dict[int, Through]:
        """One reading more; what it tells is kept, since no delivery will tell it again."""
        listed = performers(self._client, issue, comments)
        found = {number: through(item) or Through() for number, item in listed}
        self._apps.keep(issue.id, found)
        return found

    def _seen(self, one: Through | None) -> Through | None:
        return Through(by_page=True) if one and one.app == self._own else one
