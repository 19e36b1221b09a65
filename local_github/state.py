"""What the local GitHub remembers: people, issues, comments, labels, boards, files and the log of deliveries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from local_github.boards import Board, Card, Option

Role = Literal["none", "read", "triage", "write", "admin"]
ROLES: tuple[Role, ...] = ("none", "read", "triage", "write", "admin")
"""`none`: an account without any access to the repository, which does not even see a private one."""
REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
T = TypeVar("T")


class Refused(Exception):  # noqa: N818  # the name pages and tests rely on
    """GitHub says no: a status among 400, 401, 403, 404, 409, 422 and GitHub's own sentence."""

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
    kind: str = "User"
    """Of accounts that are nobody's: Mannequin, EnterpriseUserAccount, Organization."""

    @property
    def typename(self) -> str:
        return "Bot" if self.is_bot else self.kind


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
    pinned_by: str | None = None
    pinned_at: str | None = None
    via_email: bool = False
    via: int = 0
    """Number of the App that wrote it in the author’s name; 0: none did."""


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
    closed_by: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    locked: bool = False
    pinned: bool = False
    elsewhere: str = ""
    """Name of the repository it was transferred to."""
    via: int = 0


@dataclass
class Pull(Issue):
    """A pull request, merged as soon as it is made: it shares the numbers, the comments and the page of issues."""

    sha: str = ""
    """The commit it brought."""


@dataclass
class Label:
    id: int
    node_id: str
    name: str
    color: str
    description: str


@dataclass
class Event:
    """Who did what on an issue, named as in GitHub's timeline; `edited`, of texts, is ours."""

    id: int
    node_id: str
    event: str
    actor: str
    at: str
    details: dict[str, Any] = field(default_factory=dict)
    via: int = 0


@dataclass
class Commit:
    """One change of files on the default branch: path to `added`, `modified` or `removed`."""

    sha: str
    node_id: str
    message: str
    author: str
    at: str
    files: dict[str, str]
    parent: str | None
    texts: dict[str, str] = field(default_factory=dict)
    """What it wrote, by path; none in a state kept by a former version."""


@dataclass
class CommitComment:
    id: int
    node_id: str
    sha: str
    body: str
    author: str
    at: str
    path: str | None = None
    line: int | None = None


@dataclass
class OtherRepository:
    """A repository on which the App is not installed: known by its name and little more."""

    id: int
    node_id: str
    name: str
    private: bool


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
    other_keys: list[str] = field(default_factory=list)
    """While one replaces another, GitHub takes both."""
    name: str = ""
    url: str = ""
    hook_url: str | None = None
    setup_url: str | None = None
    client_secret: str = ""
    installed: bool = True
    callback_urls: list[str] = field(default_factory=list)
    suspended_at: str | None = None
    suspended_by: str | None = None
    hook_active: bool = True
    """False: the box « Active » of the webhook is not ticked, and nothing is sent, nor noted."""

    @property
    def client_id(self) -> str:
        return f"Iv23{self.id}"

    @property
    def bot(self) -> str:
        return f"{self.slug}[bot]"


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
    boards: dict[int, Board]
    cards: dict[str, Card]
    commits: list[Commit]
    commit_comments: list[CommitComment]
    others: dict[str, OtherRepository]
    deliveries: list[Delivery]
    next_id: int
    last_board: int = 0
    pulls: dict[int, Pull] = field(default_factory=dict, kw_only=True)
    away: dict[str, Issue] = field(default_factory=dict, kw_only=True)
    """Issues transferred to another repository, by their node id there."""
    last_issue: int = field(default=0, kw_only=True)
    url: str = field(default="http://127.0.0.1", kw_only=True)
    former: list[str] = field(default_factory=list, kw_only=True)
    """Full names the repository had, which still lead to it."""
    archived: bool = field(default=False, kw_only=True)
    team_parents: dict[str, str] = field(default_factory=dict, kw_only=True)
    """The team that each nested one stands in."""
    other_apps: dict[str, AppRecord] = field(default_factory=dict, kw_only=True)
    """Apps of other people that are installed here too, by their slugs."""

    def now(self) -> str:
        """The hour of this GitHub, as it dates things."""
        return now()

    @property
    def bot(self) -> str:
        return self.app.bot

    def app_behind(self, author: str, via: int) -> AppRecord | None:
        """The App that wrote something, in its own name or in a person's; None when nobody but a person did."""
        apps = (self.app, *self.other_apps.values())
        return next((app for app in apps if (app.id == via if via else author == app.bot)), None)

    def new_id(self) -> int:
        """Larger than 32 bits hold, as GitHub's own, so that nobody keeps one in a small integer."""
        self.next_id += 1 + secrets.randbelow(50)
        return self.next_id

    def person(self, login: str) -> Person:
        return _found(self.people.get(login))

    def issue(self, number: int) -> Issue:
        """An issue, or a pull request, which GitHub holds for one."""
        return _found(self.issues.get(number) or self.pulls.get(number))

    @property
    def next_number(self) -> int:
        """Of the next issue or pull request."""
        return max((self.last_issue, *self.issues, *self.pulls)) + 1

    def comment_of(self, comment_id: int) -> Comment:
        every = (item for issue in (*self.issues.values(), *self.pulls.values()) for item in issue.comments)
        return _found(next((item for item in every if item.id == comment_id), None))

    def children_of(self, team: str) -> list[str]:
        """Teams nested in one, however deep."""
        found = [slug for slug, parent in self.team_parents.items() if parent == team]
        return [deeper for slug in found for deeper in (slug, *self.children_of(slug))]

    def members_of(self, team: str, membership: str = "ALL") -> list[str]:
        """Those of a team: IMMEDIATE, of its child teams (CHILD_TEAM), or ALL, as GitHub gives them unless asked."""
        own = self.teams[team] if membership != "CHILD_TEAM" else []
        nested = self.children_of(team) if membership != "IMMEDIATE" else []
        return list(dict.fromkeys([*own, *(login for slug in nested for login in self.teams[slug])]))

    def card(self, card_id: str) -> Card:
        return _found(self.cards.get(card_id))

    def cards_of(self, number: int) -> list[Card]:
        """Those of one issue, on every board."""
        return [card for card in self.cards.values() if card.issue == number]

    def card_of(self, number: int, board: int | None = None) -> Card | None:
        """The card of an issue on one board, the first board unless said otherwise."""
        wanted = board or self.board_number
        return next((card for card in self.cards_of(number) if card.board == wanted), None)

    def board(self, number: int | None = None) -> Board:
        """A board by its number; the first one when none is asked for."""
        return _found(self.boards.get(number or self.board_number))

    @property
    def board_number(self) -> int:
        """Of the oldest board; 1 where there is none yet, since that is what the first will get."""
        return min(self.boards, default=1)

    @property
    def board_title(self) -> str:
        return self.board().title

    @property
    def board_node_id(self) -> str:
        return self.board().node_id

    @property
    def options(self) -> list[Option]:
        """The columns of the first board."""
        return self.board().columns

    @property
    def field_node_id(self) -> str:
        """Of the field the columns of the first board follow."""
        return self.board().column_field

    def option(self, option_id: str | None) -> Option | None:
        """An option of any single-select field of any board."""
        fields = (item for board in self.boards.values() for item in board.fields.values())
        return next((found for item in fields if (found := item.option(option_id))), None)

    def label(self, name: str) -> Label | None:
        """Labels are told apart without regard to case, as on GitHub."""
        return next((label for label in self.labels.values() if label.name.casefold() == name.casefold()), None)


def _found(item: T | None) -> T:
    if item is None:
        raise Refused(404, "Not Found")
    return item


def now() -> str:
    return stamp(datetime.now(UTC))


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(prefix: str) -> str:
    """Random, so that a test that knows an id by heart fails on the next sandbox."""
    return f"{prefix}_{secrets.token_urlsafe(12)}"
