"""The turn of a policy file: read it again, and post on GitHub when it is in error, or no longer is."""

from __future__ import annotations

import logging
from contextlib import suppress

from app.domain.publish.effects import Effect, Message, PostComment
from app.domain.publish.file_notices import RulesFile
from app.domain.publish.policy_file import PolicyStatus, RulesState, amends, complaint
from app.github.client import Client
from app.github.policies import PATH, CommitNotShownError, Policies, UnreadablePolicyError
from app.github.policy_feedback import ISSUE, is_feedback_open, last_commits, place_of, post_policy_feedback
from app.github.read import bearers
from app.store.policy_store import PolicyReport, PolicyStore
from app.store.sworn_accounts import SwornAccounts
from app.turns.finding import SAME_SECOND, WAITS_S, StaleReadError
from app.turns.outcome import TurnOutcome
from app.turns.wakeup import PolicyWakeUp

log = logging.getLogger(__name__)
KEY = "policy"


class PolicyTurn:
    """The caller makes sure that a repository never has two such turns at once."""

    def __init__(
        self, client: Client, policies: Policies, policy_store: PolicyStore, sworn: SwornAccounts, web: str
    ) -> None:
        """`web` is GitHub's address for people."""
        self._client, self._policies, self._policy_store, self._web = client, policies, policy_store, web
        self._sworn = sworn

    def take(self, wake: PolicyWakeUp) -> TurnOutcome:
        """Raises LaterError when GitHub cannot answer now, NotFoundError when it shows no such repository."""
        repository = wake.repository
        before, head = self._policies.stamp(repository), head_of(self._client, wake)
        self._refresh_others(wake, head)
        try:
            reading = self._reading(wake, head)
        except UnreadablePolicyError:
            self._policy_store.note(repository, "unreadable")
            return TurnOutcome(ignored="the policy file may not be read, and none was known")
        if wake.is_told and not head and before == self._policies.stamp(repository):
            look_again(wake, "the policy file as it is")
        if wake.commons and not wake.is_told and reading.state is RulesState.ABSENT and reading.policy.flawed:
            return TurnOutcome(ignored="common parts alone: no rules of its own")
        self._policy_store.note(repository, reading.state)
        if not reading.policy.flawed:
            logins = reading.policy.committee.secretariat
            self._sworn.seen(repository, logins, bearers(self._client, repository, logins))
        said = self._policy_store.said(repository)
        language, notice = reading.policy.language, complaint(reading, f"{self._web}/{repository}/blob/HEAD/{PATH}")
        effects: tuple[Effect, ...] = ()
        if notice and not any(one.stamp == notice.fingerprint for one in said):
            effects = (self._told(repository, self._where(wake, head, reading), notice, language),)
        elif reading.state is RulesState.GOOD:
            said = said or self._found(repository)
            notice = amends(reading)
            effects = tuple(self._told(repository, one.place, notice, language) for one in said if one.is_open)
        return TurnOutcome(
            effects=effects, ignored="" if effects else f"nothing to tell: the policy file is {reading.state}"
        )

    def _refresh_others(self, wake: PolicyWakeUp, head: str) -> None:
        """Committees whose rules extend a file of this repository: those that have changed get a turn of their own."""
        others = [name for name in self._policies.extending(wake.repository, wake.commons) if name != wake.repository]
        if others:
            self._policies.reads_common(wake.repository, wake.commons, head)
        for name in others:
            with suppress(UnreadablePolicyError):
                self._policies.reading(name, again=True)

    def _where(self, wake: PolicyWakeUp, head: str, reading: PolicyStatus) -> str:
        """A fault of a common part is no fault of the last change of one's own file: it has the issue kept for that."""
        if all(problem.file for problem in reading.problems) and reading.problems:
            return ISSUE
        return told_where(self._client, wake, head)

    def _reading(self, wake: PolicyWakeUp, head: str) -> PolicyStatus:
        try:
            return self._policies.reading(wake.repository, again=True, at=head)
        except CommitNotShownError:
            look_again(wake, "the commit it told of")
            return self._policies.reading(wake.repository, again=True)

    def _found(self, repository: str) -> tuple[PolicyReport, ...]:
        """What an empty database finds posted on GitHub; looked for once."""
        found = PolicyReport(ISSUE, "", is_feedback_open(self._client, repository))
        if not found.is_open:
            self._policy_store.record(repository, found)
        return (found,)

    def _told(self, repository: str, place: str, notice: RulesFile, language: str) -> Effect:
        """Post, then record: if the process dies in between, the next turn finds what was posted."""
        message = Message(f"{KEY}-{notice.state}", notice, notice.fingerprint)
        log.info("%s: policy file %s, told on %s", repository, notice.state, place)
        told_in = post_policy_feedback(self._client, repository, place, message, language)
        if told_in != place:
            log.warning("%s: GitHub does not let the App write on %s, told in an issue", repository, place)
        is_open = notice.state != "mended"
        self._policy_store.record(repository, PolicyReport(told_in, notice.fingerprint, is_open))
        if told_in != place and not is_open:
            self._policy_store.record(repository, PolicyReport(place, notice.fingerprint, is_open))
        return PostComment(message)


def head_of(client: Client, wake: PolicyWakeUp) -> str:
    """The commit to read files at, no older than any that GitHub told of; empty when it told of none, or when the App
    may not see them: files are then read as they are shown.
    """
    shown = last_commits(client, wake.repository) if wake.told else ()
    if shown and not wake.told <= set(shown):
        look_again(wake, "the commit it told of")
    return shown[0] if shown else ""


def told_where(client: Client, wake: PolicyWakeUp, head: str, path: str = PATH) -> str:
    """Where a fault of a file is told. That no pull request brought the file is believed after some looks: it is shown
    later than its commit.
    """
    try:
        return place_of(client, wake.repository, head, doubts=bool(head) and wake.tried < SAME_SECOND, path=path)
    except CommitNotShownError:
        look_again(wake, f"what brought {path}")
        return place_of(client, wake.repository, path=path)


def look_again(wake: PolicyWakeUp, what: str) -> None:
    """Raises StaleReadError, until what is shown is taken for what is."""
    if wake.tried < len(WAITS_S):
        raise StaleReadError(what, WAITS_S[wake.tried])
