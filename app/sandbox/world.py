"""The local GitHub as one object: its state and every act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.sandbox.acts.accounts import AccountActs
from app.sandbox.acts.boards import CardActs
from app.sandbox.acts.fields import BoardActs
from app.sandbox.acts.issues import IssueActs
from app.sandbox.acts.moving import MovingActs
from app.sandbox.acts.organisation import OrganisationActs
from app.sandbox.acts.places import PlaceActs
from app.sandbox.acts.repository import RepositoryActs
from app.sandbox.boards import Card, Option
from app.sandbox.seed import first_state
from app.sandbox.state import Comment, Delivery, Issue, Label, Person, Reaction, Refused, State

__all__ = ["Card", "Comment", "Delivery", "Issue", "Label", "Option", "Person", "Reaction", "Refused", "World"]


@dataclass(eq=False)
class World(IssueActs, RepositoryActs, CardActs, BoardActs, OrganisationActs, MovingActs, PlaceActs, AccountActs):
    """The state and the acts on it; `actor` is always a login."""

    @classmethod
    def from_seed(cls, seed: Mapping[str, Any]) -> World:
        return cls.of(first_state(seed))

    @classmethod
    def of(cls, state: State) -> World:
        return cls(**{item.name: getattr(state, item.name) for item in fields(State)})
