"""An issue as GitHub shows it now: its words, its comments, its labels and its card."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class CommentMarker:
    """What a bot comment says of itself: which notice it shows, from which data, and whether its text is untouched."""

    key: str
    data: str
    intact: bool = True
    boxes: Mapping[str, bool] = field(default_factory=dict)
    """The boxes as Jalon drew them, by item id."""
    drawn: Mapping[str, bool] = field(default_factory=dict)  # the boxes as they are now
    record: str = ""
    """The packed facts it carries, or a piece of them."""
    session: str = ""
    """The session it carries."""
    seal: str = ""
    """The packed proof that it carries."""
    is_anothers: bool = False
    """Written by another App than ours, perhaps ours of before: believed only where the seal proves it."""


@dataclass(frozen=True)
class Through:
    """An App that acts in people's names; its number is 0 when people act by themselves, or by Jalon's own pages."""

    app: int = 0
    slug: str = ""
    name: str = ""
    by_page: bool = False  # posted from a page of ours


@dataclass(frozen=True)
class Comment:
    id: int
    node_id: str
    body: str
    author: str
    at: datetime
    author_id: int = 0
    """The number of its author's account, which outlives a change of login; 0 when GitHub tells none."""
    by_bot: bool = False
    is_by_person: bool = True
    """Whether its author is a `User`: bots, mannequins, enterprises and organisations have no voice."""
    editor: str = ""
    """Login of the last account that edited it; empty when none did."""
    editor_id: int = 0
    editor_is_bot: bool = False
    """Whether its last editor is no `User`: a bot, a mannequin, or an account that is gone."""
    edited_at: datetime | None = None
    trace: CommentMarker | None = None
    """Present on Jalon's own comments only."""
    reactions: frozenset[str] = frozenset()
    """Jalon's own reactions, by GitHub's names: THUMBS_UP, CONFUSED, EYES…"""
    via_email: bool = False  # it came as a mail, with all that a mail program adds to one
    is_hidden: bool = False  # « Hide »: it counts as any other, since whoever moderates could silence a vote
    through: Through | None = Through()
    """The App that wrote it in its author's name; None when that is not known, which is not to say that none did."""

    @property
    def digest(self) -> str:
        """What a ballot keeps of the words it was read from."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def edited_by_other(self) -> bool:
        """Last edited by another account than its author's, person or bot: its words are no longer its author's."""
        if not self.editor:
            return False
        if self.author_id or self.editor_id:
            return self.author_id != self.editor_id
        return self.editor.lower() != self.author.lower()

    @property
    def edit_undone(self) -> str:
        """What the mark names when our words are put back: the same words alone would change nothing on GitHub."""
        # Not the moment of the edit, which GitHub tells to the second: two edits of one second undo each other.
        return hashlib.sha256(self.body.encode()).hexdigest()[:16] if self.edited_by_other else ""

    @property
    def edited_by_person(self) -> bool:
        """A person may tick the boxes of our comments; another bot may not."""
        return self.edited_by_other and not self.editor_is_bot


@dataclass(frozen=True)
class BoardField:
    """A field beside the columns: its kind, by GitHub's name, and the id of each option by its name."""

    id: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """The board's identity, the option of its phase field for each column name, and its other fields by name."""

    id: str
    field_id: str
    options: Mapping[str, str]
    fields: Mapping[str, BoardField] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    id: str
    column: str | None
    archived: bool = False
    updated_at: datetime | None = None
    values: Mapping[str, str | float | None] = field(default_factory=dict)  # by field: an option's name, a number…


@dataclass(frozen=True)
class Issue:
    id: str
    repository: str
    number: int
    title: str
    body: str
    author: str
    url: str = ""
    page: str = ""  # its page at Jalon's, where the installation has a public address
    is_open: bool = True
    by_us: bool = False  # Jalon opened it
    ours: bool = False
    """Whether the body was written by Jalon, and by no other account since."""
    closed_at: datetime | None = None
    assignees: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    label_ids: Mapping[str, str] = field(default_factory=dict)
    """GitHub's id of each label of the repository that this reading tells, by name in lower case."""
    comments: tuple[Comment, ...] = ()
    card: Card | None = None
    board: Board | None = None
    team: frozenset[str] | None = None
    """Lower-case logins of the committee's team; None when GitHub could not tell."""
    secretariat: frozenset[str] | None = None
    """Lower-case logins of the secretariat's own team; None when it has none, or when GitHub could not tell."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The number of the account that bears each login at this reading, in lower case: people only."""
    sworn: Mapping[str, int] = field(default_factory=dict)
    """The number of the account that each login of the secretariat was first seen with, while the rules name it."""
    sworn_anew: frozenset[str] = frozenset()
    """Logins that the rules gave up, then named again: what gates opened before tell of them no longer holds."""
    is_by_person: bool = True
    """Whether its author is a person: a bot, or an account left by a migration, answers for nothing."""
    is_as_filed: bool = True  # nobody but its author ever wrote last in its body
    updated_at: datetime | None = None
    untold: int = 0  # how many comments GitHub counts beside those it gave
    folded: frozenset[int] = frozenset()  # answers of ours that we hid as outdated: they are hidden once
    unsure: frozenset[int] = frozenset()  # those lacking that may only be late: nothing is concluded from that
