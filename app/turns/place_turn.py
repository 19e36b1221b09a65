"""One turn of a name: what is kept under the one that a repository, or its owner, had goes by the one it has."""

from __future__ import annotations

from app.github.boards import name_now
from app.github.client import Client
from app.store.places import Places
from app.turns.outcome import Outcome
from app.turns.wakeup import PlaceWakeUp


class PlaceTurn:
    """What a delivery tells may be old: a repository's name is the one it has today."""

    def __init__(self, client: Client, places: Places) -> None:
        self._client, self._places = client, places

    def take(self, wake: PlaceWakeUp) -> Outcome:
        if wake.repository_id:
            now = name_now(self._client, wake.now) or wake.now
            is_followed = self._places.renamed(wake.before, now, wake.repository_id)
        else:
            is_followed = self._places.owner_renamed(wake.before, wake.now)
        return Outcome(ignored="" if is_followed else "nothing is kept under that name")
