"""The turn of a renamed repository or owner: what is stored under the old name follows the present one."""

from __future__ import annotations

from app.github.boards import name_now
from app.github.client import Client
from app.store.places import Places
from app.turns.outcome import TurnOutcome
from app.turns.wakeup import PlaceWakeUp


class PlaceTurn:
    """The webhook may be old: GitHub is asked for the repository's present name."""

    def __init__(self, client: Client, places: Places) -> None:
        self._client, self._places = client, places

    def take(self, wake: PlaceWakeUp) -> TurnOutcome:
        if wake.repository_id:
            now = name_now(self._client, wake.now) or wake.now
            is_followed = self._places.renamed(wake.before, now, wake.repository_id)
        else:
            is_followed = self._places.owner_renamed(wake.before, wake.now)
        return TurnOutcome(ignored="" if is_followed else "nothing is kept under that name")
