"""One turn: load a product, decide what is new, record it, then change GitHub until it shows the history."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.decide import departures, origins
from app.domain.decide.decide import answer_all, is_put_off
from app.domain.decide.manual_changes import ManualChange, awaits_its_hand, is_overtaken
from app.domain.decide.pending import pending_requests
from app.domain.policy.model import TIMEZONE, Policy
from app.domain.product import former_readings, history_in_comments, imported
from app.domain.product.facts import BallotCast, History
from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.domain.publish import suspended
from app.domain.publish.effects import Effect
from app.domain.publish.issue_summary import expected, next_moment
from app.domain.publish.reconcile import reconcile
from app.github.apply import apply
from app.github.boards import name_now
from app.github.client import Client, NotFoundError
from app.github.policies import Policies
from app.github.read import load, locate
from app.store.former_readings import FormerReadings
from app.store.issue_snapshots import IssueSnapshot, IssueSnapshots
from app.store.places import Places
from app.store.recent_writes import APART, SECOND, RecentWrites
from app.store.register import BrokenChainError, Register
from app.store.undone_effects import UndoneEffects
from app.turns.applying import Applied, again_for, apply_all, left_alone
from app.turns.finding import SAME_SECOND, WAITS_S, StaleReadError, missing, perhaps_missing
from app.turns.outcome import LostHistoryError, Outcome
from app.turns.wakeup import WakeUp

log = logging.getLogger(__name__)
Applier = Callable[[Client, Issue, Effect, str, str], Any]


class ProductTurn:
    """Takes turns; the caller sees to it that one product never has two at a time."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        register: Register,
        clock: Callable[[], datetime],
        board: Callable[[str], int],
        applier: Applier = apply,
        snapshots: IssueSnapshots | None = None,
        rules: Callable[..., Outcome] | None = None,
        labels: Callable[..., Outcome] | None = None,
        undone: UndoneEffects | None = None,
        told_apart: Callable[[timedelta | None], None] = lambda _: None,
        recent: RecentWrites | None = None,
        readings: FormerReadings | None = None,
        places: Places | None = None,
    ) -> None:
        """`told_apart` hears how far GitHub's clock is from ours when it is too far, and None when it is not."""
        self._client, self._policies, self._register = client, policies, register
        self._clock, self._board, self._apply, self._snapshots = clock, board, applier, snapshots
        self._rules, self._labels, self._undone, self._recent = rules, labels, undone, recent
        self._told_apart, self._readings, self._places = told_apart, readings, places

    def take(self, wake: WakeUp, delivery: str) -> Outcome:
        """Raises LaterError when GitHub cannot answer now, ConflictError when another turn was quicker."""
        if self._client.is_own(wake.sender, wake.sender_id):
            return Outcome(ignored="our own act")
        if wake.about_place:
            return self._take_place(wake, *wake.about_place)
        if wake.about_installation:
            return Outcome(ignored="looked at with all that the App is installed on")
        if wake.about_rules or wake.about_labels:
            return self._take_other(wake)
        if wake.gone:
            return self._take_word(wake, delivery)
        try:
            repository, number = (wake.repository, wake.number) if wake.repository else self._locate(wake)
            if self._recent and wake.sign.comment and wake.sign.is_gone:
                self._recent.gone(wake.node_id, wake.sign.comment, self._clock())
            product, policy = self.look(repository, number, wake.sign.label)
            product = self._with_reading(product, wake)
        except LostHistoryError as error:
            self._stop(error, wake)
            raise
        except NotFoundError as error:
            return self._take_absent(wake, delivery, error)
        self._await(wake, product.issue)
        self._restore(product, delivery)
        gesture = replace(wake.gesture, cause=delivery) if wake.gesture else None
        product, fresh = self._decided(product, policy, gesture, delivery)
        is_put_off = self._is_put_off(product, policy, gesture)
        effects = reconcile(product, policy, self._shown_at(product))
        # The card stays while its webhook may still come; a sweep, which has no sender, repairs, as a first turn does.
        is_known = fresh < len(product.history)
        elsewhere = bool(wake.sender) and is_known and awaits_its_hand(product, policy, gesture)
        leaves_card = elsewhere or is_overtaken(product, gesture) or (is_put_off and gesture is not None)
        is_late = self._is_card_late(wake, product.issue)
        left = left_alone(gesture, fresh, leaves_card=leaves_card, is_late=is_late)
        effects, planned = tuple(effect for effect in effects if type(effect) not in left), effects
        applied = self._change(product, policy, effects, delivery)
        if not leaves_card and not is_put_off and effects == planned:
            self._keep_sight(product, policy, tuple(applied.done))
        if again := again_for(applied, wake, is_late=is_late, is_put_off=is_put_off):
            raise again
        return Outcome(fresh, tuple(applied.done))

    def _is_card_late(self, wake: WakeUp, issue: Issue) -> bool:
        """Nobody waits for that card: all else is done, and it is looked for again."""
        if not self._recent or not issue.board or wake.tried >= len(WAITS_S):
            return False
        is_taken_off = wake.gesture is not None and wake.gesture.kind == "removed"
        return not is_taken_off and self._recent.has_placed(issue, self._clock())

    def _change(self, product: Product, policy: Policy, effects: tuple[Effect, ...], delivery: str) -> Applied:
        """GitHub changed as far as it lets us; what it refuses is kept, said, and tried again by a turn of its own."""
        issue = product.issue

        def act(effect: Effect) -> None:
            log.info("%s#%s: %s", issue.repository, issue.number, type(effect).__name__, extra={"delivery": delivery})
            answer = self._apply(self._client, issue, effect, policy.language, policy.timezone)
            if self._recent:
                self._recent.wrote(issue.id, effect, answer, self._clock(), self._client.hour())

        applied = apply_all(effects, act)
        if self._undone:
            self._undone.keep(issue.id, (issue.repository, issue.number), applied.left, self._clock())
        return applied

    def _shown_at(self, product: Product) -> datetime:
        """The hour by which people are told what is late: GitHub's, when ours may be wrong."""
        now = self._clock()
        return product.told_at if product.told_at and product.is_doubted(now) else now

    def _is_put_off(self, product: Product, policy: Policy, gesture: ManualChange | None) -> bool:
        now = self._clock()
        self._told_apart(product.told_at - now if product.told_at and product.is_doubted(now) else None)
        return is_put_off(product, pending_requests(product, policy, gesture), policy, now)

    def _stop(self, error: LostHistoryError, wake: WakeUp) -> None:
        """Say on the issue that nothing more is done there, once; whatever is amiss is left as it is."""
        if error.may_be_late and wake.tried < len(WAITS_S):
            raise StaleReadError("where its history began", WAITS_S[wake.tried]) from error
        for effect in suspended.reconcile(error.issue, error.flaws):
            log.error("%s; the product is stopped, and its issue says so", error)
            self._apply(self._client, error.issue, effect, error.language, TIMEZONE)

    def _await(self, wake: WakeUp, issue: Issue) -> None:
        """Raises StaleReadError while the reading does not show what woke us; it is taken as it is in the end."""
        if self._recent is None:
            return
        self._recent.found(issue.id)
        what, now, looks = missing(wake, issue), self._clock(), len(WAITS_S)
        if what == "the label" and self._recent.wrote_label(issue.id, wake.sign.label, wake.sign.at):
            # Changed by a hand, and put back since: it is our own writing that shows, unless both are of one second.
            is_sure = self._recent.wrote_label(issue.id, wake.sign.label, wake.sign.at, SECOND)
            what, looks = "" if is_sure else what, SAME_SECOND
        elif not what and wake.gesture and wake.sign.card and self._recent.is_before_ours(issue) is not False:
            what, looks = "the card", len(WAITS_S) if self._recent.is_before_ours(issue) else SAME_SECOND
        elif not what:
            what, looks = perhaps_missing(wake, issue), SAME_SECOND
        if not what and issue.untold and not self._recent.is_used_to(issue.id, issue.untold):
            what, looks = f"{issue.untold} comments that it counts", len(WAITS_S)
        if what and wake.tried < looks:
            raise StaleReadError(what, WAITS_S[wake.tried])
        if what:
            log.warning("%s#%s: %s was never shown: taken as it is", issue.repository, issue.number, what)
        if issue.untold:
            self._recent.got_used_to(issue.id, issue.untold, now)

    def _take_absent(self, wake: WakeUp, delivery: str, error: NotFoundError) -> Outcome:
        """The turn of an issue that GitHub does not show: not yet, not any more, or not to us."""
        if wake.sender and self._recent and wake.tried < len(WAITS_S):
            raise StaleReadError("the issue", WAITS_S[wake.tried])
        departure = None if wake.sender else self._departure(wake)
        if departure is None:
            return Outcome(ignored=f"not visible to the App: {error}")
        if departure.gone == departures.DELETED and self._recent:
            since = self._recent.absent_for(wake.node_id, self._clock())
            if since < APART:
                raise StaleReadError("the issue", (APART - since).total_seconds())
        return self._take_leave(departure, delivery)

    def _departure(self, wake: WakeUp) -> WakeUp | None:
        """How an issue left, when GitHub's word of it was lost; None when it is we who no longer see its repository."""
        if wake.repository not in self._client.repositories():
            return None
        try:
            place = self._locate(wake)
        except NotFoundError:
            return replace(wake, gone=departures.DELETED)
        is_elsewhere = place != (wake.repository, wake.number)
        return replace(wake, gone=departures.TRANSFERRED, to="{}#{}".format(*place)) if is_elsewhere else None

    def _take_word(self, wake: WakeUp, delivery: str) -> Outcome:
        """A delivery says that an issue left; GitHub itself is asked: whoever had the secret could write the first.

        A late copy still shows an issue that has gone: it is asked again, then believed. Were it wrong, the sweep
        would find the issue gone, by itself.
        """
        if not self._register.history(wake.node_id):
            return self._take_leave(wake, delivery)
        if not self._is_still_there(wake):
            is_seen = wake.repository in self._client.repositories()
            return self._take_leave(wake, delivery) if is_seen else Outcome(ignored="not visible to the App")
        if wake.tried < len(WAITS_S):
            raise StaleReadError(f"that the issue was {wake.gone}", WAITS_S[wake.tried])
        log.warning("%s#%s is said to be %s, and still there: nothing is changed", *self._locate(wake), wake.gone)
        return Outcome(ignored=f"said to be {wake.gone}, and still there")

    def _is_still_there(self, wake: WakeUp) -> bool:
        """Under the number we know it by: nothing in the delivery is trusted but the issue it names."""
        try:
            _, number = self._locate(wake)
        except NotFoundError:
            return False
        return wake.node_id in {product for product, _ in self._register.numbered(number)}

    def _take_leave(self, wake: WakeUp, delivery: str) -> Outcome:
        """The last turn of an issue that GitHub no longer shows."""
        history = self._register.history(wake.node_id)
        fresh = departures.left(history, wake.gone, wake.sender, delivery, self._clock(), wake.to)
        if fresh:
            self._register.append(wake.node_id, (wake.repository, wake.number), len(history), fresh, delivery)
        return Outcome(len(fresh), ignored="" if fresh else "no product of ours")

    def _take_place(self, wake: WakeUp, before: str, now: str) -> Outcome:
        """A repository, or the owner of some, has another name: the one it has today, if it was renamed since."""
        if not self._places:
            return Outcome(ignored="followed when a product is looked at")
        if wake.place_id:
            is_followed = self._places.renamed(before, name_now(self._client, now) or now, wake.place_id)
        else:
            is_followed = self._places.owner_renamed(before, now)
        return Outcome(ignored="" if is_followed else "nothing is kept under that name")

    def _take_other(self, wake: WakeUp) -> Outcome:
        """A turn of the policy file, or of the labels, not of a product."""
        try:
            if wake.about_rules and self._rules:
                return self._rules(wake.repository, changed=bool(wake.sign.path), tried=wake.tried)
            if wake.about_labels and self._labels:
                if self._recent:
                    self._recent.label_gone(wake.renamed[0] if wake.renamed else wake.sign.label)
                return self._labels(wake.repository, wake.renamed, wake.sign.label, wake.tried)
            return Outcome(ignored="looked at when a product needs it")
        except NotFoundError as error:
            return Outcome(ignored=f"not visible to the App: {error}")

    def _keep_sight(self, product: Product, policy: Policy, effects: tuple[Effect, ...]) -> None:
        """So that the next sweep need not read this product again unless something changes."""
        if self._snapshots:
            issue, fingerprint = product.issue, expected(product.issue, effects).fingerprint(policy.version)
            due = next_moment(product, self._clock())
            again = self._recent.next_look(issue, self._clock()) if self._recent else None
            due = min((moment for moment in (due, again) if moment), default=None)
            self._snapshots.keep(IssueSnapshot(issue.id, issue.repository, issue.number, fingerprint, due))

    def _locate(self, wake: WakeUp) -> tuple[str, int]:
        return locate(self._client, wake.node_id)

    def look(self, repository: str, number: int, named: str = "") -> tuple[Product, Policy]:
        """The product as it is now on GitHub and in the register, and the rules that hold for it.

        What we wrote lately and GitHub does not show yet is there; `named` is a label that a hand has just changed.

        A register that has lost the product, or what came after a back-up, takes it back from Jalon's own comments;
        raises LostHistoryError when these no longer hold the whole of it: better no turn than a product begun again.
        """
        policy = self._policies.of(repository)
        issue = load(self._client, repository, number, policy.committee, self._board(repository))
        if issue.repository.casefold() != repository.casefold():
            # The name led on to another: nobody has it now, and the organisation may not be found by it either.
            if self._places:
                self._places.renamed(repository, issue.repository)
            return self.look(issue.repository, number, named)
        if self._places:
            self._places.shown(issue.id, issue.repository)
        known = self._known(issue)
        if self._recent:
            ballots = {fact.comment for fact in known if isinstance(fact, BallotCast)}
            issue = self._recent.merged(issue, ballots, self._clock(), named)
        found = history_in_comments.completed(known, issue.comments, policy)
        if found.flaws:
            raise LostHistoryError(issue, found.flaws, policy.language)
        history = found.history or imported.history_in(issue)
        if not history and imported.is_imported(issue):
            raise LostHistoryError(issue, (("import", ""),), policy.language)
        history = history if known else departures.taken_over(issue, history, self._clock())
        product = Product(issue, history, self._client.hour())
        if flaws := self._foreign(product, known):
            raise LostHistoryError(issue, flaws, policy.language)
        return product, policy

    def _foreign(self, product: Product, known: History) -> tuple[tuple[str, str], ...]:
        """Why what the comments hold beyond the register cannot be this issue's own history, if it cannot."""
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
        """Whether an issue is still to be seen in a place of its own: a transfer leaves nothing where it was."""
        try:
            return locate(self._client, node_id) != (issue.repository, issue.number)
        except NotFoundError:
            return False

    def _known(self, issue: Issue) -> History:
        """What the register holds of a product, its chain checked; raises LostHistoryError when it does not hold."""
        try:
            return self._register.history(issue.id)
        except BrokenChainError as error:
            raise LostHistoryError(issue, (("chain", str(error.seq)),)) from error

    def _with_reading(self, product: Product, wake: WakeUp | None = None) -> Product:
        """The product, knowing which of its comments a former version had read."""
        issue, kept = product.issue, self._readings.of(product.issue.id) if self._readings else None
        unread = self._readings.unread(issue.id) if self._readings else frozenset()
        if wake:
            unread |= {wake.comment} - {0}
            since = wake.since
            unread |= {one.id for one in issue.comments if since and (one.edited_at or one.at) >= since}
        found = former_readings.reading(product.history, issue.comments, unread, kept)
        if wake and found and self._readings and not kept:
            self._readings.keep(issue.id, found)
        return replace(product, reading=found)

    def _restore(self, product: Product, delivery: str) -> int:
        """Keep a history read back from GitHub; the number of facts the register lacked."""
        issue = product.issue
        known = len(self._register.history(issue.id))
        lacking = product.history[known:]
        if lacking:
            place = (issue.repository, issue.number)
            self._register.append(issue.id, place, known, lacking, delivery)
            level = logging.INFO if imported.is_imported(issue) else logging.WARNING  # an import is begun that way
            log.log(level, "%s#%s: history restored from GitHub", *place)
        return len(lacking)

    def rebuild(self, repository: str, number: int, seen: Callable[[Issue], None] | None = None) -> int:
        """Take back from GitHub what the register lacks of a product's history; the number of facts restored."""
        product, _ = self.look(repository, number)
        if seen:
            seen(product.issue)
        return self._restore(product, "rebuilt")

    def plan(self, repository: str, number: int) -> tuple[Product, tuple[Effect, ...]]:
        """What a turn would do, without doing it."""
        product, policy = self.look(repository, number)
        product = self._with_reading(product)
        product = answer_all(product, pending_requests(product, policy), policy, self._clock())
        return product, reconcile(product, policy, self._shown_at(product))

    def _decided(
        self, product: Product, policy: Policy, gesture: ManualChange | None, delivery: str
    ) -> tuple[Product, int]:
        """The product with its new facts, recorded before anything is changed on GitHub."""
        known = len(product.history)
        requests = pending_requests(product, policy, gesture)
        for asked in requests:
            if asked.error:
                where = f"{product.issue.url}#issuecomment-{asked.comment}" if asked.comment else product.issue.url
                log.error("%s cannot be read", where, exc_info=asked.error, extra={"delivery": delivery})
        product = answer_all(product, requests, policy, self._clock())
        fresh = product.history[known:]
        if fresh:
            issue = product.issue
            self._register.append(issue.id, (issue.repository, issue.number), known, fresh, delivery)
        return product, len(fresh)
