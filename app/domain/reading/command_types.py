"""What a person can ask, as values: what is asked, apart from who asks and where.

A field that came after the first version is left out of `repr`, from which the keys of commands are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Command:
    """Base of all commands: what is asked, apart from who asks and where."""


@dataclass(frozen=True)
class RequestGate(Command):
    target: str = ""
    below: tuple[str, ...] = field(default=(), repr=False)
    """The few words of the paragraphs below a bare request, one of which may name the phase."""
    changes: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """What has changed on each point refused before, by the number of the point; 0 when no number was given."""
    doubt: str = field(default="", repr=False)
    """The first of these words that stands with the command itself: asked about where no point was refused."""


@dataclass(frozen=True)
class Withdraw(Command):
    reason: str = ""


@dataclass(frozen=True)
class CloseGate(Command):
    reason: str = ""


@dataclass(frozen=True)
class TakenInSession(Command):
    """What the committee decided in session: go, nogo or later (report); `present` as the secretariat wrote it."""

    outcome: str = ""
    present: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reason: str = ""
    excused: tuple[str, ...] = field(default=(), repr=False)
    held: str = field(default="", repr=False)
    """The day of the session as written in ISO, when it was said."""
    until: str = field(default="", repr=False, compare=False)
    """The day a decision is put off to, in ISO, when it was said; the reason keeps the words."""


@dataclass(frozen=True)
class Go(Command):
    """`conditions` is None for a plain go, and the lines written under « sous réserve » otherwise."""

    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class NoGo(Command):
    reason: str = ""


@dataclass(frozen=True)
class Abstain(Command):
    reason: str = ""


@dataclass(frozen=True)
class Recuse(Command):
    reason: str = ""


@dataclass(frozen=True)
class Unrecuse(Command):
    """Takes a recusal back: the person votes again on this product."""

    reason: str = ""


@dataclass(frozen=True)
class Tick(Command):
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untick(Command):
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotApplicable(Command):
    items: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class AnswerItem(Command):
    """`item` is a number or an id, `text` every word that answers it, whatever its length."""

    item: str = ""
    text: str = ""


@dataclass(frozen=True)
class Confirm(Command):
    """What is proposed for these items, or was answered in an earlier phase, holds."""

    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lift(Command):
    number: str = ""
    evidence: str = ""
    further: tuple[str, ...] = field(default=(), repr=False)
    """The numbers lifted together with the first: all of them, or none."""


@dataclass(frozen=True)
class Reuse(Command):
    """What is named answers the need as it is; each is the number of a line, « #12 », an id or a name."""

    what: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Adapt(Command):
    """What is named answers it once changed."""

    what: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class SetAside(Command):
    """What is named does not answer it."""

    what: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Near(Command):
    """What is named may answer it: proposed to the product's people, who say."""

    what: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class SetAttendance(Command):
    """Who sat at a session, each list as the secretariat wrote it; None where it says nothing of one."""

    present: tuple[str, ...] | None = None
    excused: tuple[str, ...] | None = None
    replaced: tuple[tuple[str, str], ...] | None = None
    """A seat, or a person, and who stood in for them."""
    guests: tuple[str, ...] | None = None


@dataclass(frozen=True)
class DescribeSession(Command):
    """Where a session is held, and on which day (ISO); empty where it says nothing of one."""

    place: str = ""
    link: str = ""
    day: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class BeginSession(Command):
    """`hour` is « 09:30 », empty for that at which it is written."""

    hour: str = ""


@dataclass(frozen=True)
class EndSession(Command):
    hour: str = ""


@dataclass(frozen=True)
class OrderItems(Command):
    """The numbers of the issues that a session takes, in order."""

    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class DeclareAbsence(Command):
    """Away from `first`, or from now on when it is empty, to `last` included, both in ISO; `seat` as it was named."""

    first: str = ""
    last: str = ""
    seat: str = ""
    substitute: str = ""


@dataclass(frozen=True)
class AgreeSubstitute(Command):
    """The numbers of the absences whose substitutes are agreed to."""

    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class EndAbsence(Command):
    """Back from `day` on (ISO), or from the day it is written; `seat` as it was named."""

    day: str = ""
    seat: str = ""


@dataclass(frozen=True)
class Rectify(Command):
    """What the committee really decided, read as a decision taken in session; `why` is what was wrongly entered."""

    outcome: str = ""
    present: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reason: str = ""
    excused: tuple[str, ...] = ()
    held: str = ""
    until: str = ""
    why: str = ""


@dataclass(frozen=True)
class RectifyLift(Command):
    """The condition of that number was lifted by mistake."""

    reason: str = ""
    number: str = ""


@dataclass(frozen=True)
class Contest(Command):
    """The last no-go, or the condition of that number, is contested on the grounds given as its reason."""

    reason: str = ""
    number: str = ""


@dataclass(frozen=True)
class Override(Command):
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Pause(Command):
    """`until` is the last day of the pause, in ISO, when one was said."""

    until: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Resume(Command):
    reason: str = ""


@dataclass(frozen=True)
class Help(Command):
    pass


@dataclass(frozen=True)
class Unknown(Command):
    """A line that looks like a command and is none; `suggestion` is what it may mean, in the words of the table."""

    word: str
    suggestion: str = ""


@dataclass(frozen=True)
class MoveCard(Command):
    """Asked by dragging the product's card, not by a comment; `target` is empty when the column is no phase's."""

    target: str
    column: str = ""


@dataclass(frozen=True)
class TickBoxes(Command):
    """Asked by editing the bot's checklist: the items whose box changed, and to what."""

    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()


class Doubt(StrEnum):
    """What makes a command doubtful; each has its sentence in `reply.md.j2`."""

    UNREAD = "unread"
    UNSPLIT = "unsplit"
    MISCOUNTED = "miscounted"
    UNREAD_DAY = "unread_day"
    UNREAD_OWNER = "unread_owner"
    UNREAD_MINUTES = "unread_minutes"
    UNLISTED = "unlisted"
    TWO_VOTES = "two_votes"
    AMID = "amid"
    NO_SLASH = "no_slash"
    TITLE = "title"
    TWO_DAYS = "two_days"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    QUOTED = "quoted"
    UNREADABLE_BODY = "unreadable_body"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Doubtful(Command):
    """Words that cannot be taken for certain: nothing is recorded, and the answer says which they are and why.

    `name` is the row of the table they were meant for, `written` the line, `near` what it takes to write it right.
    """

    why: Doubt
    name: str = ""
    words: str = ""
    written: str = ""
    near: str = ""
