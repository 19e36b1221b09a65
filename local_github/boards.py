"""An organisation's board as GitHub keeps it: fields and options, views, cards and the values they carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "TITLE",
    "ASSIGNEES",
    "LABELS",
    "LINKED_PULL_REQUESTS",
    "MILESTONE",
    "REPOSITORY",
    "REVIEWERS",
    "PARENT_ISSUE",
    "SUB_ISSUES_PROGRESS",
    "SINGLE_SELECT",
    "TEXT",
    "NUMBER",
    "DATE",
    "ITERATION",
]
CUSTOM: tuple[Kind, ...] = ("SINGLE_SELECT", "TEXT", "NUMBER", "DATE", "ITERATION")
BUILT_IN: tuple[tuple[str, Kind], ...] = (
    ("Title", "TITLE"),
    ("Assignees", "ASSIGNEES"),
    ("Status", "SINGLE_SELECT"),
    ("Labels", "LABELS"),
    ("Linked pull requests", "LINKED_PULL_REQUESTS"),
    ("Milestone", "MILESTONE"),
    ("Repository", "REPOSITORY"),
    ("Reviewers", "REVIEWERS"),
    ("Parent issue", "PARENT_ISSUE"),
    ("Sub-issues progress", "SUB_ISSUES_PROGRESS"),
)
"""The fields of every new board, in GitHub's order."""
STATUSES = (
    ("Todo", "GREEN", "This item hasn't been started"),
    ("In Progress", "YELLOW", "This is actively being worked on"),
    ("Done", "PURPLE", "This has been completed"),
)
WORKFLOWS = (
    ("Item closed", True),
    ("Pull request merged", True),
    ("Auto-close issue", True),
    ("Auto-add sub-issues to project", True),
    ("Item added to project", False),
    ("Item reopened", False),
    ("Auto-archive items", False),
)
COLOURS = ("BLUE", "GRAY", "GREEN", "ORANGE", "PINK", "PURPLE", "RED", "YELLOW")
LAYOUTS = ("table", "board", "roadmap")
PREFIXES: dict[str, str] = {"SINGLE_SELECT": "PVTSSF", "ITERATION": "PVTIF"}
"""Of a field's node id in GraphQL; every other kind has PVTF."""


@dataclass
class Option:
    id: str
    name: str
    color: str
    description: str


@dataclass
class Iteration:
    id: str
    title: str
    start_date: str
    duration: int


@dataclass
class Field:
    """`built_in`: GitHub made it with the board, and nobody can delete it."""

    id: int
    node_id: str
    name: str
    kind: Kind
    created_at: str
    updated_at: str
    built_in: bool = False
    options: list[Option] = field(default_factory=list)
    iterations: list[Iteration] = field(default_factory=list)
    duration: int = 14

    def option(self, option_id: str | None) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)

    def iteration(self, iteration_id: str | None) -> Iteration | None:
        return next((item for item in self.iterations if item.id == iteration_id), None)


@dataclass
class Value:
    """One field of one card: an option's or an iteration's id, a text, a number, a date."""

    id: int
    value: str | float
    creator: str
    created_at: str
    updated_at: str


@dataclass
class View:
    """Fields are named by their number, as in REST."""

    id: int
    node_id: str
    number: int
    name: str
    layout: str
    filter: str | None
    visible_fields: list[int]
    sort_by: list[tuple[int, str]]
    group_by: list[int]
    vertical_group_by: list[int]
    creator: str
    created_at: str
    updated_at: str


@dataclass
class Workflow:
    """One of GitHub's own automations; the API can only delete it."""

    id: int
    node_id: str
    number: int
    name: str
    enabled: bool
    created_at: str


@dataclass
class StatusUpdate:
    id: int
    node_id: str
    body: str | None
    status: str | None
    start_date: str | None
    target_date: str | None
    creator: str
    created_at: str
    updated_at: str


@dataclass
class Draft:
    id: int
    node_id: str
    title: str
    body: str
    author: str
    created_at: str
    updated_at: str


@dataclass
class Card:
    """An item of a board: an issue, or a draft that is not one yet. `column_field` is the field its column follows."""

    id: str
    number_id: int
    board: int
    issue: int | None
    draft: Draft | None
    archived: bool
    creator: str
    created_at: str
    updated_at: str
    column_field: str
    archived_at: str | None = None
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def option(self) -> str | None:
        """Id of the column it stands in."""
        found = self.values.get(self.column_field)
        return str(found.value) if found else None


@dataclass
class Board:
    """`column_field`: node id of the single-select field whose options are the columns."""

    id: int
    node_id: str
    number: int
    title: str
    creator: str
    created_at: str
    updated_at: str
    repositories: list[str]
    fields: dict[str, Field]
    views: list[View]
    workflows: list[Workflow]
    column_field: str
    public: bool = False
    closed_at: str | None = None
    short_description: str | None = None
    readme: str | None = None
    updates: list[StatusUpdate] = field(default_factory=list)
    hidden: bool = False
    """People see it, the App does not: it belongs to somebody else."""
    limit: int = 50_000
    """Most items that are not archived; 1,200 on older servers."""

    @property
    def closed(self) -> bool:
        return self.closed_at is not None

    @property
    def columns(self) -> list[Option]:
        return self.fields[self.column_field].options

    def field_named(self, name: str) -> Field | None:
        """Fields are told apart without regard to case, as on GitHub."""
        return next((item for item in self.fields.values() if item.name.casefold() == name.casefold()), None)

    def field_numbered(self, number: int) -> Field | None:
        return next((item for item in self.fields.values() if item.id == number), None)
