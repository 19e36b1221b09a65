"""The local GitHub as one object: its state and every act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from local_github.boards import Card, Option
from local_github.operations.accounts import AccountActs
from local_github.operations.boards import CardActs
from local_github.operations.fields import BoardActs
from local_github.operations.issues import IssueActs
from local_github.operations.moving import MovingActs
from local_github.operations.organisation import OrganisationActs
from local_github.operations.places import PlaceActs
from local_github.operations.repository import RepositoryActs
from local_github.seed import first_state
from local_github.state import Comment, Delivery, Issue, Label, Person, Reaction, Refused, State

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
