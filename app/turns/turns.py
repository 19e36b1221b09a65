"""Dispatches each kind of wake-up to its turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from app.github.client import Client, NotFoundError
from app.turns.catalogue_turn import CatalogueTurn
from app.turns.departure_turn import NOT_SEEN, DepartureTurn
from app.turns.label_turn import LabelTurn
from app.turns.outcome import TurnOutcome
from app.turns.place_turn import PlaceTurn
from app.turns.policy_turn import PolicyTurn
from app.turns.product_turn import ProductTurn
from app.turns.session_turn import SessionTurn
from app.turns.wakeup import (
    DepartureWakeUp,
    InstallationWakeUp,
    LabelsWakeUp,
    PlaceWakeUp,
    PolicyWakeUp,
    ProductWakeUp,
    SessionWakeUp,
    WakeUp,
)


class TurnsOfClient:
    """Every kind of turn, with the calls of one client."""

    def __init__(
        self,
        client: Client,
        products: ProductTurn,
        departures: DepartureTurn,
        policies: PolicyTurn,
        catalogues: CatalogueTurn,
        labels: LabelTurn,
        places: PlaceTurn,
        sessions: SessionTurn,
    ) -> None:
        self._client, self.products, self._departures = client, products, departures
        self._policies, self._labels, self._places = policies, labels, places
        self._catalogues, self._sessions = catalogues, sessions

    def take(self, wake: WakeUp, delivery: str, progressed: Callable[[], None]) -> TurnOutcome:
        is_agenda = isinstance(wake, SessionWakeUp) and bool(wake.sign.title)  # published by us, and begins a session
        if not is_agenda and self._client.is_own(wake.sender, wake.sender_id):
            return TurnOutcome(ignored="our own act")
        try:
            match wake:
                case ProductWakeUp():
                    found = self._sessions.take(wake, delivery, progressed) if isinstance(wake, SessionWakeUp) else None
                    return found or self.products.take(wake, delivery, progressed)
                case DepartureWakeUp():
                    self._sessions.forget(wake.node_id)
                    return self._departures.take(wake, delivery)
                case PolicyWakeUp():
                    return self._policies.take(wake).then(self._catalogues.take(wake))
                case LabelsWakeUp():
                    return self._labels.take(wake)
                case PlaceWakeUp():
                    return self._places.take(wake)
                case InstallationWakeUp():
                    return TurnOutcome(ignored="looked at with all that the App is installed on")
                case _:
                    assert_never(wake)
        except NotFoundError as error:
            if not isinstance(wake, PolicyWakeUp | LabelsWakeUp):
                raise
            return TurnOutcome(ignored=f"{NOT_SEEN}: {error}")


class Turns:
    """The caller makes sure that two wake-ups of one key are never handled at once."""

    def __init__(self, urgent: TurnsOfClient, patient: TurnsOfClient) -> None:
        """`patient` handles those that nobody waits for: its client leaves people their share of GitHub's limits."""
        self._urgent, self._patient = urgent, patient

    def take(self, wake: WakeUp, delivery: str, progressed: Callable[[], None] = lambda: None) -> TurnOutcome:
        """Raises LaterError when GitHub cannot answer now, ConflictError when another turn was quicker.

        `progressed` is told each time something was changed on GitHub.
        """
        turns = self._patient if wake.in_background else self._urgent
        return turns.take(wake, delivery, progressed)
