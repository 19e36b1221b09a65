"""One turn: load a product, decide what is new, record it, then change GitHub until it shows the history."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.decide.decide import answer_all, is_put_off
from app.domain.decide.manual_changes import ManualChange, awaits_its_hand, is_overtaken
from app.domain.decide.pending import pending_requests
from app.domain.policy.model import TIMEZONE, Policy
from app.domain.product import former_readings, history_in_comments, imported, veils
from app.domain.product.facts import BallotCast, History
from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.domain.product.surroundings import ALONE
from app.domain.publish import support_requests, suspended
from app.domain.publish.effects import ChangeLabels, EditComment, Effect, PostComment
from app.domain.publish.issue_summary import expected, next_moment
from app.domain.publish.notices import Decision
from app.domain.publish.reconcile import reconcile
from app.domain.publish.second_thought_notices import Overridden, Rectified
from app.github.apply import Answer, apply
from app.github.changes import Made, Together, at_once
from app.github.client import Client, NotFoundError
from app.github.errors import MovedError, OverloadedError, UnreachableError
from app.github.policies import Policies
from app.github.read import load, locate
from app.store.issue_snapshots import IssueSnapshot
from app.store.recent_writes import SECOND
from app.store.register import Register
from app.store.shown_seals import ShownSeals
from app.store.support_requests import SupportRequest
from app.turns.applying import Applied, again_for, apply_all, left_alone
from app.turns.departure_turn import DepartureTurn
from app.turns.finding import (
    ALREADY_SHOWN,
    SAME_SECOND,
    WAITS_S,
    StaleReadError,
    is_shown_already,
    not_shown_yet,
    perhaps_missing,
)
from app.turns.fork_guard import ForkGuard
from app.turns.histories import Histories
from app.turns.memory import Memory
from app.turns.outcome import LostHistoryError, Planned, TurnOutcome
from app.turns.provenance import Provenance
from app.turns.recovery import Recovery
from app.turns.surroundings import Neighbourhood
from app.turns.wakeup import ProductWakeUp

log = logging.getLogger(__name__)
ENDING = Decision, Rectified, Overridden
"""What may tell a refusal, whose points the first comment repeats."""
Applier = Callable[[Client, Issue, Effect, str, str], Answer]


class ProductTurn:
    """Takes the turns of products; the caller makes sure that a product never has two at once."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        register: Register,
        clock: Callable[[], datetime],
        board: Callable[[str], int],
        departures: DepartureTurn,
        memory: Memory,
        applier: Applier = apply,
        told_apart: Callable[[timedelta | None], None] = lambda _: None,
        together: Together | None = at_once,
        pages: str = "",
        neighbourhood: Neighbourhood | None = None,
        shown_seals: ShownSeals | None = None,
        guard: ForkGuard | None = None,
    ) -> None:
        """`told_apart` hears how far GitHub's clock is from ours when it is too far, and None when it is not.

        `together` makes in one call what it can, before `applier` makes the rest one by one; None: all one by one.
        `pages` is the public address of our own pages, if they have one.
        """
        self._pages, self._neighbourhood, self._shown_seals = pages, neighbourhood, shown_seals
        self._client, self._policies, self._register = client, policies, register
        self._clock, self._board, self._departures = clock, board, departures
        self._memory, self._apply, self._told_apart = memory, applier, told_apart
        self._together, self._alone = together, set[str]()
        self._histories = Histories(client, register, guard)
        self._provenance = Provenance(client, memory.apps, client.app_id)

    def take(self, wake: ProductWakeUp, delivery: str, progressed: Callable[[], None] = lambda: None) -> TurnOutcome:
        """Raises LaterError when GitHub cannot answer now, ConflictError when another turn was quicker.

        `progressed` is told each time something was changed on GitHub.
        """
        beginning = self._memory.recent.beginning(wake.node_id, self._clock())
        if beginning and is_shown_already(wake, beginning):
            return TurnOutcome(ignored=ALREADY_SHOWN)
        if beginning:
            self._memory.recent.went_on(wake.node_id)
        try:
            if wake.sign.comment and wake.sign.is_gone:
                self._memory.recent.gone(wake.node_id, wake.sign.comment, self._clock())
            product, policy, known = self._found(wake)
            product = self._provenance.told(self._with_reading(product, wake), policy, wake)
            self._await(wake, product.issue)
            product = self._histories.restored(product, known, delivery)
            gesture = replace(wake.gesture, cause=delivery) if wake.gesture else None
            product, fresh = self._decided(product, policy, gesture, delivery)
        except LostHistoryError as error:
            self._stop(error, wake)
            raise
        except NotFoundError as error:
            return self._departures.take_absent(wake, delivery, error)
        product = self._shown_seals.told(product) if self._shown_seals else product
        is_put_off = self._is_put_off(product, policy, gesture)
        effects = reconcile(product, policy, self._shown_at(product))
        # The card stays while its webhook may still come; a sweep, which has no sender, repairs, as a first turn does.
        is_known = fresh < len(product.history)
        elsewhere = bool(wake.sender) and is_known and awaits_its_hand(product, policy, gesture)
        leaves_card = elsewhere or is_overtaken(product, gesture) or (is_put_off and gesture is not None)
        is_late = self._is_card_late(wake, product.issue)
        left = left_alone(gesture, fresh, leaves_card=leaves_card, is_late=is_late)
        effects, planned = tuple(effect for effect in effects if type(effect) not in left), effects
        applied = self._change(product, policy, effects, delivery, progressed)
        applied.done += self._linked(product, policy, applied, delivery, progressed)
        if (
            not leaves_card
            and not is_put_off
            and effects == planned
            and self._provenance.is_sure(product, policy, wake)
        ):
            self._keep_sight(product, policy, tuple(applied.done))
            self._keep_beginning(product.issue, known, fresh, applied)
        if again := again_for(applied, wake, is_late=is_late, is_put_off=is_put_off):
            raise again
        return TurnOutcome(fresh, tuple(applied.done))

    def _found(self, wake: ProductWakeUp) -> tuple[Product, Policy, int]:
        """As `_look` gives it. A card's event names no place: where the product was last is tried before GitHub is
        asked where it is, and the issue read there must be the very one.
        """
        if wake.repository:
            return self._look(wake.repository, wake.number, wake.sign.label)
        if place := self._memory.places.of(wake.node_id):
            try:
                return self._look(*place, wake.sign.label, wake.node_id)
            except (NotFoundError, MovedError):
                log.info("%s is not in %s#%s any more: GitHub is asked where it is", wake.node_id, *place)
        return self._look(*locate(self._client, wake.node_id), wake.sign.label)

    def _keep_beginning(self, issue: Issue, known: int, fresh: int, applied: Applied) -> None:
        """GitHub tells of one filing several times over: what this turn has read, and answered whole, is known."""
        if fresh and not known and not applied.failed:
            taken = {label for one in applied.done if isinstance(one, ChangeLabels) for label in one.remove}
            self._memory.recent.began(replace(issue, labels=issue.labels - taken), self._clock())

    def _is_card_late(self, wake: ProductWakeUp, issue: Issue) -> bool:
        """Nobody waits for that card: everything else is done now, and the card is looked for again later."""
        if not issue.board or wake.tried >= len(WAITS_S):
            return False
        is_taken_off = wake.gesture is not None and wake.gesture.kind == "removed"
        return not is_taken_off and self._memory.recent.has_placed(issue, self._clock())

    def _change(
        self,
        product: Product,
        policy: Policy,
        effects: tuple[Effect, ...],
        delivery: str,
        progressed: Callable[[], None],
    ) -> Applied:
        """Make the effects as far as GitHub allows; what it refuses is stored, reported and retried later."""
        issue, how = product.issue, (policy.language, policy.timezone)

        def made(effect: Effect, answer: Answer) -> None:
            log.info("%s#%s: %s", issue.repository, issue.number, type(effect).__name__, extra={"delivery": delivery})
            self._memory.recent.wrote(issue.id, effect, answer, self._clock(), self._client.hour())
            progressed()

        def act(effect: Effect) -> None:
            made(effect, self._apply(self._client, issue, effect, *how))

        together = list[Effect]()

        def made_together(effect: Effect, answer: Answer) -> None:
            made(effect, answer)
            together.append(effect)

        self._memory.recent.begins(issue.id, effects, self._clock())
        left = self._at_once(issue, effects, how, made_together)
        applied = apply_all(left, act, together)
        self._memory.supports.keep(issue.id, _support(issue, policy))
        self._memory.undone.keep(issue.id, (issue.repository, issue.number), applied.left, self._clock())
        return applied

    def _linked(
        self, product: Product, policy: Policy, applied: Applied, delivery: str, progressed: Callable[[], None]
    ) -> list[Effect]:
        """A no-go just published has its address since: the first comment, which tells its points, links it."""
        posted = [effect.message.notice for effect in applied.done if isinstance(effect, PostComment)]
        is_refusal = any(isinstance(notice, ENDING) and notice.outcome == "nogo" for notice in posted)
        if not is_refusal or applied.left or applied.failed:
            return []
        again = product.seen_as(issue=self._memory.recent.merged(product.issue, (), self._clock()))
        edits = (
            effect for effect in reconcile(again, policy, self._shown_at(again)) if isinstance(effect, EditComment)
        )
        first = tuple(effect for effect in edits if effect.message.key == "welcome")
        return self._change(again, policy, first, delivery, progressed).done

    def _at_once(self, issue: Issue, effects: tuple[Effect, ...], how: tuple[str, str], made: Made) -> Sequence[Effect]:
        """What one call could not make. After a call that failed midway, each is made by a call of its own once."""
        if self._together is None or issue.id in self._alone:
            self._alone.discard(issue.id)
            return effects
        try:
            return self._together(self._client, issue, effects, *how, made=made)
        except (OverloadedError, UnreachableError):
            self._alone.add(issue.id)
            raise

    def _shown_at(self, product: Product) -> datetime:
        """The time by which people are told what is late: GitHub's, when ours may be wrong."""
        now = self._clock()
        return product.told_at if product.told_at and product.is_doubted(now) else now

    def _is_put_off(self, product: Product, policy: Policy, gesture: ManualChange | None) -> bool:
        now = self._clock()
        self._told_apart(product.told_at - now if product.told_at and product.is_doubted(now) else None)
        return is_put_off(product, pending_requests(product, policy, gesture), policy, now)

    def _stop(self, error: LostHistoryError, wake: ProductWakeUp) -> None:
        """Post once, on the issue, that Jalon does nothing more there; whatever is wrong is left as it is."""
        if error.may_be_late and wake.tried < len(WAITS_S):
            raise StaleReadError("where its history began", WAITS_S[wake.tried]) from error
        issue = self._memory.recent.merged(error.issue, (), self._clock())
        for effect in suspended.reconcile(issue, error.flaws):
            log.error("%s; the product is stopped, and its issue says so", error)
            answer = self._apply(self._client, issue, effect, error.language, TIMEZONE)
            self._memory.recent.wrote(issue.id, effect, answer, self._clock(), self._client.hour())

    def _await(self, wake: ProductWakeUp, issue: Issue) -> None:
        """Raises StaleReadError while the reading does not show what woke us; after the last try it is believed."""
        recent, now = self._memory.recent, self._clock()
        recent.found(issue.id)
        what, looks = not_shown_yet(wake, issue), len(WAITS_S)
        if what == "the label" and recent.wrote_label(issue.id, wake.sign.label, wake.sign.at):
            # Changed by a hand, and put back since: it is our own writing that shows, unless both are of one second.
            is_sure = recent.wrote_label(issue.id, wake.sign.label, wake.sign.at, SECOND)
            what, looks = "" if is_sure else what, SAME_SECOND
        elif not what and wake.gesture and wake.sign.card and recent.is_before_ours(issue) is not False:
            what, looks = "the card", len(WAITS_S) if recent.is_before_ours(issue) else SAME_SECOND
        elif not what:
            what, looks = perhaps_missing(wake, issue), SAME_SECOND
        if not what and issue.untold and not recent.is_used_to(issue.id, issue.untold):
            what, looks = f"{issue.untold} comments that it counts", len(WAITS_S)
        if what and wake.tried < looks:
            raise StaleReadError(what, WAITS_S[wake.tried])
        if what:
            log.warning("%s#%s: %s was never shown: taken as it is", issue.repository, issue.number, what)
        if issue.untold:
            recent.got_used_to(issue.id, issue.untold, now)

    def _keep_sight(self, product: Product, policy: Policy, effects: tuple[Effect, ...]) -> None:
        """Store the issue's fingerprint, so that the next sweep reads the product again only if it changed."""
        issue, now = product.issue, self._clock()
        fingerprint = expected(issue, effects).fingerprint(policy.version)
        moments = next_moment(product, now), self._memory.recent.next_look(issue, now)
        due = min((moment for moment in moments if moment), default=None)
        self._memory.snapshots.keep(IssueSnapshot(issue.id, issue.repository, issue.number, fingerprint, due))

    def look(self, repository: str, number: int) -> tuple[Product, Policy]:
        """The product as it is now on GitHub and in the register, and the policy in force."""
        product, policy, _ = self._look(repository, number)
        return product, policy

    def read(self, repository: str, number: int) -> Issue:
        """The issue alone, with the marks of other Apps in its comments too: only for what the seal proves."""
        policy = self._policies.of(repository)
        return load(self._client, repository, number, policy.committee, self._board(repository), everybodys=True)

    def _look(
        self, repository: str, number: int, named: str = "", node_id: str = "", recovery: Recovery | None = None
    ) -> tuple[Product, Policy, int]:
        """The same, with the number of facts that the register holds.

        What we wrote lately and GitHub does not show yet is there; `named` is a label that a hand has just changed.
        `node_id`: raises NotFoundError, with nothing kept of what was read, when the issue there is another.

        A register that has lost the product, or what came after a back-up, takes it back from Jalon's own comments;
        raises LostHistoryError when these no longer hold the whole of it: better no turn than a product begun again.
        """
        policy = self._policies.of(repository)
        board, proved = self._board(repository), bool(recovery and recovery.reads_all(f"{repository}#{number}"))
        issue = load(self._client, repository, number, policy.committee, board, everybodys=proved)
        if node_id not in {"", issue.id}:
            raise NotFoundError(f"{node_id}: another issue is {repository}#{number}")
        sworn = self._memory.sworn.seen(repository, policy.sworn_logins, issue.numbers)
        issue = replace(issue, sworn=sworn.numbers, sworn_anew=sworn.anew, page=self._page(issue))
        if issue.repository.casefold() != repository.casefold():
            # The name led to another repository: GitHub has renamed it, and perhaps its organisation.
            self._memory.places.renamed(repository, issue.repository)
            return self._look(issue.repository, number, named, node_id, recovery)
        self._memory.places.shown(issue.id, issue.repository)
        known = self._histories.known(issue)
        ballots = {fact.comment for fact in known if isinstance(fact, BallotCast)}
        issue = self._memory.recent.merged(issue, ballots, self._clock(), named)
        found = history_in_comments.completed(known, issue.comments, policy)
        if found.flaws:
            raise LostHistoryError(issue, found.flaws, policy.language)
        history = self._histories.placed(issue, found.history, len(known), policy.language, recovery)
        history = history or imported.history_in(issue)
        if not history and imported.is_imported(issue):
            raise LostHistoryError(issue, (("import", ""),), policy.language)
        history = history if known else self._departures.taken_over(issue, history)
        around = self._neighbourhood.around(issue, policy, self._clock()) if self._neighbourhood else ALONE
        product = Product(veils.veiled(issue, history), history, self._client.hour(), around=around)
        if flaws := self._histories.foreign(product, known):
            raise LostHistoryError(issue, flaws, policy.language)
        return product, policy, len(known)

    def _page(self, issue: Issue) -> str:
        return f"{self._pages}/produit/{issue.repository}/{issue.number}" if self._pages else ""

    def _with_reading(self, product: Product, wake: ProductWakeUp | None = None) -> Product:
        """The product with what is known of the comments that a former version had read."""
        issue, readings = product.issue, self._memory.readings
        kept, unread = readings.of(issue.id), readings.unread(issue.id)
        if wake:
            unread |= {wake.comment} - {0}
            since = wake.since
            unread |= {one.id for one in issue.comments if since and (one.edited_at or one.at) >= since}
        found = former_readings.reading(product.history, issue.comments, unread, kept)
        if wake and found and not kept:
            readings.keep(issue.id, found)
        return product.seen_as(reading=found)

    def rebuild(
        self,
        repository: str,
        number: int,
        seen: Callable[[Issue], None] | None = None,
        recovery: Recovery | None = None,
    ) -> int:
        """Record what the register lacks of a product and its comments hold; the number of facts restored.

        With what all the comments prove together, in a `recovery`, even those that another App wrote count.
        """
        product, _, known = self._look(repository, number, recovery=recovery)
        if seen:
            seen(product.issue)
        return len(self._histories.restored(product, known, "rebuilt").history) - known

    def foreseen(self, product: Product, policy: Policy) -> History:
        """What a turn would record of a product seen as this one is."""
        product = self._provenance.told(self._with_reading(product), policy)
        answered = answer_all(product, pending_requests(product, policy), policy, self._clock())
        return answered.history[len(product.history) :]

    def plan(self, repository: str, number: int) -> Planned:
        """What a turn would do, without doing it."""
        product, policy, known = self._look(repository, number)
        product = self._provenance.told(self._with_reading(product), policy)
        product = self._shown_seals.known(product) if self._shown_seals else product
        product = answer_all(product, pending_requests(product, policy), policy, self._clock())
        return Planned(product, reconcile(product, policy, self._shown_at(product)), len(product.history) - known)

    def _decided(
        self, product: Product, policy: Policy, gesture: ManualChange | None, delivery: str
    ) -> tuple[Product, int]:
        """The product with its new facts, which are recorded before anything is changed on GitHub."""
        known = len(product.history)
        requests = pending_requests(product, policy, gesture)
        for asked in requests:
            if asked.error:
                where = f"{product.issue.url}#issuecomment-{asked.comment}" if asked.comment else product.issue.url
                log.error("%s cannot be read", where, exc_info=asked.error, extra={"delivery": delivery})
        product = answer_all(product, requests, policy, self._clock())
        fresh = len(product.history) - known
        if fresh:
            product = self._histories.recorded(product, known, delivery)
        return product, fresh


def _support(issue: Issue, policy: Policy) -> SupportRequest | None:
    """What an issue asks for when it asks for support."""
    if not support_requests.is_support(issue, policy):
        return None
    return SupportRequest(issue.repository, issue.number, issue.title, support_requests.needs_of_issue(issue, policy))
