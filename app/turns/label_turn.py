"""The turn of a repository's labels: those that Jalon needs are created again, or renamed back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.decide.manual_changes import REPAIRS_AN_HOUR
from app.github.client import Client
from app.github.labels import every_label, write_label
from app.github.policies import Policies
from app.setup.changes import CreateLabel, EditLabel
from app.setup.desired import desired_labels
from app.setup.labels import mends
from app.setup.model import LabelSpec
from app.store.key_values import SWEEPS, KeyValues
from app.store.recent_writes import RecentWrites
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.outcome import TurnOutcome
from app.turns.wakeup import LabelsWakeUp

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)


class LabelTurn:
    """The caller makes sure that a repository never has two such turns at once."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        notes: KeyValues,
        recent: RecentWrites,
        clock: Callable[[], datetime],
    ) -> None:
        self._client, self._policies, self._notes = client, policies, notes
        self._recent, self._clock = recent, clock

    def take(self, wake: LabelsWakeUp) -> TurnOutcome:
        """Raises LaterError when GitHub cannot answer now, NotFoundError when it shows no such repository.

        A label renamed back is right again on every issue; a created one is on none, so the products are swept. If
        another program keeps undoing it, the labels are left alone after a few turns in an hour.
        """
        repository, renamed = wake.repository, wake.renamed
        self._recent.label_gone(renamed[0] if renamed else wake.deleted)
        policy = self._policies.of(repository)
        if policy.flawed:
            return TurnOutcome(ignored="no rules say which labels are ours")
        present = tuple(
            LabelSpec(item["name"], item["color"], item["description"] or "")
            for item in every_label(self._client, repository)
        )
        if wake.tried < len(WAITS_S) and _is_older(present, wake):
            raise StaleReadError("the labels as they are", WAITS_S[wake.tried])
        acts = mends(desired_labels(policy), present, renamed)
        if not acts:
            return TurnOutcome(ignored="every label is there")
        if self._is_resting(repository):
            log.warning("%s: labels are changed again and again: left alone for an hour", repository)
            return TurnOutcome(ignored="labels are left alone for an hour")
        done = [self._write(repository, act) for act in acts if isinstance(act, CreateLabel | EditLabel)]
        if not all(done):
            self._notes.add(SWEEPS, repository)
        return TurnOutcome()

    def _write(self, repository: str, act: CreateLabel | EditLabel) -> bool:
        """Whether the issues that had the label have it again."""
        label, was = act.label, act.name if isinstance(act, EditLabel) else ""
        given = {"name": label.name, "color": label.color, "description": label.description}
        log.info("%s: label %s %s", repository, label.name, f"renamed back from {was}" if was else "made again")
        taken = write_label(self._client, repository, given, was)
        return taken and bool(was) and was.casefold() != label.name.casefold()

    def _is_resting(self, repository: str) -> bool:
        """Whether too many turns were taken within the hour; this one is counted otherwise."""
        name, now = f"labels mended {repository}", self._clock()
        kept = [at for at in json.loads(self._notes.get(name) or "[]") if now - datetime.fromisoformat(at) < HOUR]
        if len(kept) >= REPAIRS_AN_HOUR:
            return True
        self._notes.set(name, json.dumps([*kept, now.isoformat()]))
        return False


def _is_older(present: tuple[LabelSpec, ...], wake: LabelsWakeUp) -> bool:
    """Whether the labels are read as they were before what the webhook tells."""
    shown = {label.name.casefold() for label in present}
    if wake.renamed and wake.renamed[0].casefold() != wake.renamed[1].casefold():
        return wake.renamed[0].casefold() in shown and wake.renamed[1].casefold() not in shown
    return bool(wake.deleted) and wake.deleted.casefold() in shown
