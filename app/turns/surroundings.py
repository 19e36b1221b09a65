"""What stands around a product in a turn: the catalogue and the other needs, read from the database when looked at."""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import cached_property

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.issue import Issue
from app.domain.reading.text import normalised
from app.domain.reuse.catalogue import PRODUCT, Catalogue
from app.domain.reuse.need import Filing, Need
from app.domain.reuse.suggest import Candidate
from app.domain.session.model import Absence, Session
from app.store.catalogue_store import Catalogues
from app.store.needs import Needs
from app.store.sessions import Absences, Sessions

log = logging.getLogger(__name__)


class Neighbourhood:
    """The doors by which turns read what is known of a repository; GitHub is not asked for any of it."""

    def __init__(self, catalogues: Catalogues, needs: Needs, sessions: Sessions, absences: Absences) -> None:
        self.catalogues, self.needs = catalogues, needs
        self.sessions, self.absences = sessions, absences

    def around(self, issue: Issue, policy: Policy, now: datetime) -> TurnSurroundings:
        return TurnSurroundings(self, issue, policy, day_of(now, policy.timezone))


class TurnSurroundings:
    """Read once at most in a turn, and not at all in a turn that does not look."""

    def __init__(self, place: Neighbourhood, issue: Issue, policy: Policy, today: date) -> None:
        self._place, self._issue, self._policy, self._today = place, issue, policy, today

    @cached_property
    def catalogue(self) -> Catalogue:
        return self._place.catalogues.of(self._issue.repository, self._policy.language)

    @cached_property
    def _needs(self) -> dict[str, Need]:
        return {need.ref: need for need in self._place.needs.known(self._issue.repository, self._policy)}

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        return self._place.sessions.of(self._issue.repository)

    @cached_property
    def absences(self) -> tuple[Absence, ...]:
        return self._place.absences.since(self._issue.repository, self._today)

    def numbered(self, number: int) -> Need | None:
        return next((need for need in self._needs.values() if need.number == number), None)

    def need(self, ref: str) -> Need | None:
        return self._needs.get(ref) if ref.startswith(PRODUCT) else None

    def called(self, name: str) -> tuple[Need, ...]:
        own = f"{PRODUCT}{self._issue.id}"
        return tuple(need for need in self._needs.values() if need.ref != own and normalised(need.title) == name)

    def found(self, filing: Filing, silenced: frozenset[str]) -> tuple[Candidate, ...]:
        """The scores are told to the log alone: people would read them as a verdict."""
        found = self._place.needs.found(filing, self._policy, self.catalogue, self._today, silenced)
        where = f"{self._issue.repository}#{self._issue.number}"
        for one in found.nearest:
            told = one.candidate
            log.info("%s: %s is near by %.3f (%s)", where, told.ref, told.score, one.silence or "shown")
        for told in found.shown:
            log.info("%s: %s is shown, by its %s", where, told.ref, told.door)
        return found.shown

    def set_aside_by(self, product: str) -> frozenset[str]:
        return self._place.needs.silenced(product, self._issue.repository)
