"""What the local GitHub remembers: people, issues, comments, labels, the board and the log of deliveries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

Role = Literal["read", "triage", "write", "admin"]
ROLES: tuple[Role, ...] = ("read", "triage", "write", "admin")
REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
T = TypeVar("T")


class Refused(Exception):  # noqa: N818  # the name pages and tests rely on
    """GitHub says no: a status among 401, 403, 404, 422 and GitHub's own sentence."""

    def __init__(self, status: int, message: str, errors: list[dict[str, str]] | None = None) -> None:
        self.status, self.message, self.errors = status, message, errors
        super().__init__(message)


@dataclass
class Person:
    login: str
    name: str
    role: Role
    id: int
    node_id: str
    is_bot: bool = False


@dataclass
class Reaction:
    login: str
    content: str
    id: int = 0
    created_at: str = ""


@dataclass
class Comment:
    id: int
    node_id: str
    issue: int
    body: str
    author: str
    created_at: str
    updated_at: str
    editor: str | None = None
    edited_at: str | None = None
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None


@dataclass
class Issue:
    id: int
    node_id: str
    number: int
    title: str
    body: str
    author: str
    state: Literal["open", "closed"]
    created_at: str
    updated_at: str
    editor: str | None = None
    edited_at: str | None = None
    closed_at: str | None = None
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


@dataclass
class Card:
    id: str
    number_id: int
    issue: int
    option: str | None
    archived: bool
    creator: str
    created_at: str
    updated_at: str
    archived_at: str | None = None


@dataclass
class Label:
    id: int
    node_id: str
    name: str
    color: str
    description: str


@dataclass
class Option:
    id: str
    name: str
    color: str
    description: str


@dataclass
class Delivery:
    """One attempt; `status_code` is 0 when nobody answered."""

    id: int
    guid: str
    event: str
    action: str | None
    at: str
    status_code: int
    status: str
    duration: float
    redelivery: bool
    request_headers: dict[str, str]
    request_body: str


@dataclass
class AppRecord:
    """The App as GitHub registered it, with its one installation."""

    id: int
    node_id: str
    slug: str
    installation_id: int
    hook_id: int
    permissions: dict[str, str]
    events: list[str]
    single_files: list[str]
    webhook_secret: str
    created_at: str
    private_key: str = ""


@dataclass
class State:
    """Everything that survives a restart. Lookups raise Refused as GitHub does."""

    organisation: str
    organisation_id: int
    organisation_node_id: str
    repository: str
    repository_id: int
    repository_node_id: str
    private: bool
    created_at: str
    app: AppRecord
    people: dict[str, Person]
    teams: dict[str, list[str]]
    team_names: dict[str, str]
    team_ids: dict[str, int]
    labels: dict[str, Label]
    files: dict[str, str]
    issues: dict[int, Issue]
    cards: dict[str, Card]
    board_number: int
    board_id: int
    board_title: str
    board_node_id: str
    field_id: int
    field_name: str
    field_node_id: str
    options: list[Option]
    deliveries: list[Delivery]
    next_id: int
    url: str = field(default="http://127.0.0.1", kw_only=True)

    @property
    def bot(self) -> str:
        return f"{self.app.slug}[bot]"

    def new_id(self) -> int:
        """Larger than 32 bits hold, as GitHub's own, so that nobody keeps one in a small integer."""
        self.next_id += 1 + secrets.randbelow(50)
        return self.next_id

    def person(self, login: str) -> Person:
        return _found(self.people.get(login))

    def issue(self, number: int) -> Issue:
        return _found(self.issues.get(number))

    def comment_of(self, comment_id: int) -> Comment:
        every = (item for issue in self.issues.values() for item in issue.comments)
        return _found(next((item for item in every if item.id == comment_id), None))

    def card(self, card_id: str) -> Card:
        return _found(self.cards.get(card_id))

    def card_of(self, number: int) -> Card | None:
        return next((card for card in self.cards.values() if card.issue == number), None)

    def option(self, option_id: str | None) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)

    def label(self, name: str) -> Label | None:
        """Labels are told apart without regard to case, as on GitHub."""
        return next((label for label in self.labels.values() if label.name.casefold() == name.casefold()), None)


def _found(item: T | None) -> T:
    if item is None:
        raise Refused(404, "Not Found")
    return item


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(prefix: str) -> str:
    """Random, so that a test that knows an id by heart fails on the next sandbox."""
    return f"{prefix}_{secrets.token_urlsafe(12)}"
