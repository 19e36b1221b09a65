"""One turn of a policy file: read it again, and tell on GitHub when it cannot hold, or can again."""

from __future__ import annotations

import logging

from app.domain.publish.effects import Effect, Message, PostComment
from app.domain.publish.notices import RulesFile
from app.domain.publish.policy_file import amends, complaint
from app.github.client import Client
from app.github.policies import PATH, Policies, UnreadablePolicyError
from app.github.policy_feedback import ISSUE, is_told, place_of, tell
from app.github.read import bearers
from app.store.policy_store import PolicyReport, PolicyStore
from app.store.sworn_accounts import SwornAccounts
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.outcome import Outcome
from app.turns.wakeup import PolicyWakeUp

log = logging.getLogger(__name__)
KEY = "policy"


class PolicyTurn:
    """The caller sees to it that one repository never has two at a time."""

    def __init__(
        self, client: Client, policies: Policies, policy_store: PolicyStore, sworn: SwornAccounts, web: str
    ) -> None:
        """`web` is GitHub's address for people."""
        self._client, self._policies, self._policy_store, self._web = client, policies, policy_store, web
        self._sworn = sworn

    def take(self, wake: PolicyWakeUp) -> Outcome:
        """Raises LaterError when GitHub cannot answer now, NotFoundError when it shows no such repository."""
        repository = wake.repository
        before = self._policies.stamp(repository)
        try:
            reading = self._policies.reading(repository, again=True)
        except UnreadablePolicyError:
            self._policy_store.note(repository, "unreadable")
            return Outcome(ignored="the policy file may not be read, and none was known")
        if wake.is_told and wake.tried < len(WAITS_S) and before == self._policies.stamp(repository):
            raise StaleReadError("the policy file as it is", WAITS_S[wake.tried])
        self._policy_store.note(repository, reading.state)
        if not reading.policy.flawed:
            logins = reading.policy.committee.secretariat
            self._sworn.seen(repository, logins, bearers(self._client, repository, logins))
        said = self._policy_store.said(repository)
        language, notice = reading.policy.language, complaint(reading, f"{self._web}/{repository}/blob/HEAD/{PATH}")
        effects: tuple[Effect, ...] = ()
        if notice and not any(one.stamp == notice.fingerprint for one in said):
            effects = (self._told(repository, place_of(self._client, repository), notice, language),)
        elif reading.state == "good":
            said = said or self._found(repository)
            notice = amends(reading)
            effects = tuple(self._told(repository, one.place, notice, language) for one in said if one.is_open)
        return Outcome(
            effects=effects, ignored="" if effects else f"nothing to tell: the policy file is {reading.state}"
        )

    def _found(self, repository: str) -> tuple[PolicyReport, ...]:
        """What a database that knows of nothing finds on GitHub; looked for once."""
        found = PolicyReport(ISSUE, "", is_told(self._client, repository))
        if not found.is_open:
            self._policy_store.record(repository, found)
        return (found,)

    def _told(self, repository: str, place: str, notice: RulesFile, language: str) -> Effect:
        """Told, then recorded: cut between the two, the next turn finds what was told."""
        message = Message(f"{KEY}-{notice.state}", notice, notice.fingerprint)
        log.info("%s: policy file %s, told on %s", repository, notice.state, place)
        told_in = tell(self._client, repository, place, message, language)
        if told_in != place:
            log.warning("%s: GitHub does not let the App write on %s, told in an issue", repository, place)
        is_open = notice.state != "mended"
        self._policy_store.record(repository, PolicyReport(told_in, notice.fingerprint, is_open))
        if told_in != place and not is_open:
            self._policy_store.record(repository, PolicyReport(place, notice.fingerprint, is_open))
        return PostComment(message)
