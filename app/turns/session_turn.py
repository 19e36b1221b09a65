"""The turn of a session's issue: its comments are read, what they say is kept, and one comment of ours shows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from app.domain.policy.model import Policy
from app.domain.product.accounts import Account
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import Product
from app.domain.publish import session_record
from app.domain.publish.effects import Effect
from app.domain.publish.issue_summary import expected
from app.domain.session import fold
from app.domain.session.said import People, SessionPlace, Told
from app.github.apply import Answer, apply
from app.github.backlog import ACTIONS
from app.github.changes import Together, at_once
from app.github.client import Client, NotFoundError
from app.github.policies import Policies
from app.github.published import agenda_day
from app.github.read import load
from app.store.issue_snapshots import IssueSnapshot
from app.store.sessions import Sessions, StoredSession
from app.turns.applying import apply_all
from app.turns.finding import SAME_SECOND, WAITS_S, StaleReadError, not_shown_yet, perhaps_missing
from app.turns.memory import Memory
from app.turns.outcome import TurnOutcome
from app.turns.provenance import Provenance
from app.turns.wakeup import SessionWakeUp

log = logging.getLogger(__name__)
Applier = Callable[[Client, Issue, Effect, str, str], Answer]


class SessionTurn:
    """The caller makes sure that an issue never has two such turns at once."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        memory: Memory,
        sessions: Sessions,
        clock: Callable[[], datetime],
        board: Callable[[str], int],
        applier: Applier = apply,
        together: Together | None = at_once,
    ) -> None:
        self._client, self._policies, self._memory, self._sessions = client, policies, memory, sessions
        self._clock, self._board, self._apply, self._together = clock, board, applier, together
        self._provenance = Provenance(client, memory.apps, client.app_id)

    def take(
        self, wake: SessionWakeUp, delivery: str, progressed: Callable[[], None] = lambda: None
    ) -> TurnOutcome | None:
        """None when the issue is no session's after all; raises LaterError when GitHub cannot answer now."""
        policy = self._policies.of(wake.repository)
        try:
            issue = self._loaded(wake, policy)
        except NotFoundError as error:
            if wake.sender and wake.tried < len(WAITS_S):
                raise StaleReadError("the issue", WAITS_S[wake.tried]) from error
            self.forget(wake.node_id)
            return TurnOutcome(ignored=f"no such issue: {error}")
        day = self._day(issue)
        if day is None or policy.flawed:
            return None if day is None else TurnOutcome(ignored="no rules say who sits")
        self._await(wake, issue)
        issue = self._with_authors(issue, policy, wake)
        told = self._told(issue, policy, day)
        self._sessions.keep(StoredSession(told.session, told.absences, told.returns, told.memory))
        effects = tuple(session_record.reconcile(issue, told, policy))
        done = self._change(issue, policy, effects, delivery, progressed)
        fingerprint = expected(issue, done).fingerprint(policy.version)
        self._memory.snapshots.keep(IssueSnapshot(issue.id, issue.repository, issue.number, fingerprint, None))
        return TurnOutcome(0, done)

    def forget(self, node_id: str) -> None:
        """Its issue is gone, with all that was said there."""
        self._sessions.forget(node_id)

    def _loaded(self, wake: SessionWakeUp, policy: Policy) -> Issue:
        issue = load(self._client, wake.repository, wake.number, policy.committee, self._board(wake.repository))
        if issue.id != wake.node_id:
            raise NotFoundError(f"{wake.node_id}: another issue is {wake.repository}#{wake.number}")
        sworn = self._memory.sworn.seen(issue.repository, policy.committee.secretariat, issue.numbers)
        issue = replace(issue, sworn=sworn.numbers, sworn_anew=sworn.anew)
        if wake.sign.comment and wake.sign.is_gone:
            self._memory.recent.gone(issue.id, wake.sign.comment, self._clock())
        return self._memory.recent.merged(issue, (), self._clock())

    def _day(self, issue: Issue) -> date | None:
        """The day it was published for: the first that was read of it, whoever has rewritten its description since."""
        is_by_actions = not issue.is_by_person and issue.author.removesuffix("[bot]") == ACTIONS
        if not (issue.by_us or is_by_actions):
            return None
        return self._sessions.planned(issue.id) or agenda_day(issue.body)

    def _await(self, wake: SessionWakeUp, issue: Issue) -> None:
        """Raises StaleReadError while the reading does not show what woke us; after the last try it is believed."""
        what, looks = not_shown_yet(wake, issue), len(WAITS_S)
        if not what:
            what, looks = perhaps_missing(wake, issue), SAME_SECOND
        if what and wake.tried < looks:
            raise StaleReadError(what, WAITS_S[wake.tried])

    def _with_authors(self, issue: Issue, policy: Policy, wake: SessionWakeUp) -> Issue:
        """With what is known of who wrote the comments that ask for something, by themselves or through an App."""
        ignored = policy.ignored_commands
        unsure = frozenset(one.id for one in issue.comments if _is_heard(one) and fold.asks(one, ignored))
        if wake.through and wake.comment in unsure:
            self._memory.apps.keep(issue.id, {wake.comment: wake.through})  # no later delivery will tell it again
        return self._provenance.of_issue(issue, unsure, wake)

    def _told(self, issue: Issue, policy: Policy, day: date) -> Told:
        product = Product(issue)
        place = SessionPlace(issue.repository, issue.id, issue.number, day)
        people = People(
            policy,
            lambda login, number: product.is_secretariat(Account(login, number), policy),
            issue.team,
            issue.numbers,
        )
        heard = (one for one in issue.comments if _is_heard(one) and _is_by_themselves(one, policy))
        return fold.session_told(place, heard, people, self._sessions.memory(issue.id))

    def _change(
        self,
        issue: Issue,
        policy: Policy,
        effects: tuple[Effect, ...],
        delivery: str,
        progressed: Callable[[], None],
    ) -> tuple[Effect, ...]:
        how, together = (policy.language, policy.timezone), list[Effect]()

        def made(effect: Effect, answer: Answer) -> None:
            log.info("%s#%s: %s", issue.repository, issue.number, type(effect).__name__, extra={"delivery": delivery})
            self._memory.recent.wrote(issue.id, effect, answer, self._clock(), self._client.hour())
            progressed()

        def made_together(effect: Effect, answer: Answer) -> None:
            made(effect, answer)
            together.append(effect)

        def act(effect: Effect) -> None:
            made(effect, self._apply(self._client, issue, effect, *how))

        left = self._together(self._client, issue, effects, *how, made=made_together) if self._together else effects
        applied = apply_all(left, act, together)
        if applied.error:
            raise applied.error
        return tuple(applied.done)


def _is_heard(comment: Comment) -> bool:
    return comment.is_by_person and not comment.by_bot and comment.trace is None


def _is_by_themselves(comment: Comment, policy: Policy) -> bool:
    """What another App wrote in somebody's name says nothing, nor what nobody knows the author of."""
    through = comment.through
    return through is not None and policy.trusts_app(through.slug, through.app)
