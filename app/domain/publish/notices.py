"""Everything Jalon can say on an issue: one frozen value per kind of comment, without a word of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.policy.later_fields import later
from app.domain.product.facts import Blocker, Point
from app.domain.publish.checklist_items import AspectView, ItemView
from app.domain.publish.condition_view import ConditionView as ConditionView  # noqa: PLC0414 - read from here
from app.domain.publish.file_notices import CatalogueFile, RulesFile
from app.domain.publish.notice import Notice
from app.domain.publish.reuse_lines import ReuseLine
from app.domain.publish.second_thought_notices import SECOND_NOTICES
from app.domain.publish.session_notice import SessionRecord
from app.domain.publish.status import StatusView


@dataclass(frozen=True)
class Welcome(Notice):
    """The first comment, which stays the place where one reads how the product stands."""

    title: str = ""
    phase: str = ""
    gaps: tuple[str, ...] = ()
    status: StatusView = field(default_factory=StatusView)
    entry: str = ""
    """The phase that the form asks to enter directly, if the committee agrees."""
    page: str = later("")
    """The product's page at Jalon's, where the installation has a public address."""
    reuse: tuple[ReuseLine, ...] = later(())
    """What may already answer the need, and what was answered."""


@dataclass(frozen=True)
class Support(Notice):
    """A request for support: what is asked for, and the questions left without an answer."""

    needs: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suspended(Notice):
    """Nothing more is done for a product: why, as kinds and details; none once all is well again."""

    flaws: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PastView:
    """A phase as the former follow-up named it, ours, and its dates, empty when unknown."""

    name: str
    phase: str
    began: str = ""
    ended: str = ""


@dataclass(frozen=True)
class Imported(Notice):
    """A product taken over from a former follow-up; `over` when it had ended already."""

    phase: str = ""
    source: str = ""
    past: tuple[PastView, ...] = ()
    over: bool = False


@dataclass(frozen=True)
class ImportedIssue(Notice):
    """The description of an imported product's issue: titles and texts taken from the file."""

    source: str = ""
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ExitView:
    """A phase that may be asked for from here; `word` is what to type after /demande."""

    name: str
    word: str
    is_default: bool


@dataclass(frozen=True)
class Checklist(Notice):
    """The checklist of one stay in a phase; `closed` once the product has left it."""

    phase: str = ""
    goal: str = ""
    aspects: tuple[AspectView, ...] = ()
    conditions: tuple[ConditionView, ...] = ()
    exits: tuple[ExitView, ...] = ()
    closed: bool = False

    @property
    def boxes(self) -> Mapping[str, bool]:
        items = [item for aspect in self.aspects for item in aspect.items]
        return {item.id: item.state == "done" for item in items if item.state != "na"}

    @property
    def questions(self) -> tuple[ItemView, ...]:
        return tuple(item for aspect in self.aspects for item in aspect.items if item.kind != "tick")

    @property
    def to_confirm(self) -> tuple[int, ...]:
        """The numbers of the questions whose answer is proposed, or was given before."""
        return tuple(item.number for item in self.questions if item.told in {"form", "changed", "back", "carried"})

    @property
    def required_left(self) -> int:
        return sum(item.required and item.state == "open" for aspect in self.aspects for item in aspect.items)

    @property
    def settled(self) -> int:
        return sum(item.state != "open" for aspect in self.aspects for item in aspect.items)

    @property
    def total(self) -> int:
        return sum(len(aspect.items) for aspect in self.aspects)


@dataclass(frozen=True)
class SeatView:
    """A seat's place in a vote; `choice` is go, conditions, nogo, abstain, recuse or empty while it is silent."""

    name: str
    logins: tuple[str, ...]
    choice: str = ""
    by: str = ""
    reason: str = ""
    deleted: bool = False
    mandatory: bool = False
    hidden: bool = later(False)
    """Its comment was hidden by hand on GitHub: the ballot counts all the same."""
    away: str = later("")
    """Who is away from it while it is awaited; `asked` are then those to ask in their place, nobody if none may."""
    asked: tuple[str, ...] = later(())
    consent: bool = later(False)
    """Whether a go needs its consent, and not its opinion alone."""


@dataclass(frozen=True)
class AlteredView:
    """A ballot whose comment says something else since it was counted: edited or emptied, by whom."""

    voter: str
    how: str
    by: str


@dataclass(frozen=True)
class GateView(Notice):
    """A gate from its request on; `state` is open, go, nogo or withdrawn."""

    number: int = 0
    origin: str = ""
    target: str = ""
    state: str = "open"
    requested_by: str = ""
    closed_by: str = ""
    reason: str = ""
    deadline: datetime | None = None
    overdue: bool = False
    quorum: int = 0
    spoken: int = 0
    threshold: str = ""
    seats: tuple[SeatView, ...] = ()
    concerned: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    """Voters to whom the product was assigned since the gate opened."""
    postponed: str | None = None
    """Why the committee put its decision off, if it did; the deadline is then the new one."""
    revisit: tuple[Point, ...] = ()
    conditions: tuple[str, ...] = ()
    entry: str = ""
    """Why the product should enter that phase directly; empty for an ordinary gate."""
    voided: tuple[tuple[str, str], ...] = ()
    altered: tuple[AlteredView, ...] = later(())
    stuck: tuple[str, ...] = later(())
    """Seats that must have spoken before a go, and for which everybody has recused."""
    people: int = later(0)
    """How many different persons must have spoken."""
    voices: int = later(0)
    """How many have."""
    came_from: str = later("")
    """The repository of the committee that the product has left, when that closed the gate."""
    """Voter and editor of each ballot that no longer counts."""
    changes: tuple[str, ...] = later(())
    """What has changed on each point of `revisit`."""
    uncalled: tuple[str, ...] = later(())
    """Lower-case logins of those awaited who want no mention."""
    ends_on: date | None = later(None)  # noqa: RUF009 - a field, not a value
    """The last day on which a ballot counts, when it is not the one `deadline` bears."""
    radar: tuple[tuple[str, str], ...] = later(())
    """What the product's people say of each way of RADAR, where it is asked way by way."""
    contest: str = later("")
    """The grounds on which the no-go before was contested: this gate looks at it again."""
    quiet_until: date | None = later(None)  # noqa: RUF009 - a field, not a value
    """The session at whose end, and no sooner, a no-go by ballots counts."""
    revised: str = later("")
    """What has taken the place of its decision: rectified or overridden."""
    revised_on: datetime | None = later(None)  # noqa: RUF009 - a field, not a value
    was: str = later("")
    """What had been decided before."""
    contested: str = later("")
    """Who contested its no-go, since."""

    @property
    def last_day(self) -> date | None:
        return self.ends_on or (self.deadline.date() if self.deadline else None)


@dataclass(frozen=True)
class RestoredView:
    """A decision put back: after what (edited or deleted), by whom, and when."""

    how: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Decision(Notice):
    """The committee's decision at a gate, with everything needed to prove it later."""

    number: int = 0
    origin: str = ""
    target: str = ""
    outcome: str = ""
    go: int = 0
    nogo: int = 0
    abstain: int = 0
    recused: int = 0
    silent: int = 0
    quorum: int = 0
    threshold: str = ""
    seats: tuple[SeatView, ...] = ()
    objections: tuple[Point, ...] = ()
    conditions: tuple[ConditionView, ...] = ()
    policy: str = ""
    present: tuple[str, ...] = ()
    """Seats present, when the decision was taken in session."""
    people: int = later(0)
    against: tuple[str, ...] = later(())
    """Seats whose written no-go the session went against."""
    altered: tuple[AlteredView, ...] = later(())
    restored: tuple[RestoredView, ...] = later(())
    first: datetime | None = later(None)  # noqa: RUF009 - a field, not a value
    """When it was published first, once its comment had to be put back."""
    excused: tuple[str, ...] = later(())
    held: str = later("")
    """Day of the session (ISO), when it was told."""
    revisit: tuple[Point, ...] = later(())
    """The points of the no-go before, told where something is said to have changed on each."""
    changes: tuple[str, ...] = later(())
    advice: tuple[Point, ...] = later(())
    """The conditions proposed by seats in favour, when the decision is a no-go."""


@dataclass(frozen=True)
class Postponed(Notice):
    """The committee put its decision off: who noted it, until when ballots count, and why if it was said."""

    number: int = 0
    origin: str = ""
    target: str = ""
    by: str = ""
    last_day: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Refusal:
    """One command that could not be granted: the words of its sentence are in `details`."""

    command: str
    reason: str
    details: Mapping[str, str]
    blockers: tuple[Blocker, ...] = ()


@dataclass(frozen=True)
class Reply(Notice):
    """What is answered to one comment, or one gesture, that asked for something impossible."""

    refusals: tuple[Refusal, ...] = ()
    kept: bool = later(False)
    """Whether the comment had obtained something before it was edited into what is refused: that stays."""


@dataclass(frozen=True)
class Help(Notice):
    phase: str = ""
    exits: tuple[ExitView, ...] = ()
    open_gate: str = ""


@dataclass(frozen=True)
class DutyView:
    """One duty: `kind` is ballot, closing, condition, expiry or team; `due` is when it fell or falls due."""

    kind: str
    title: str
    address: str
    due: date
    late: bool = False
    target: str = ""
    seats: tuple[str, ...] = ()
    condition: int = 0
    text: str = ""
    weeks: int = 0
    item: int = later(0)


@dataclass(frozen=True)
class Reminder(Notice):
    """What waits for one person: on the product where it is said, and on the others; `more` are not listed."""

    here: tuple[DutyView, ...] = ()
    elsewhere: tuple[DutyView, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Continued(Notice):
    """Carries the facts that another comment has no room for; nothing to read in it."""

    part: int = 2
    parts: int = 2


NOTICES: tuple[type[Notice], ...] = (
    *(Welcome, Checklist, GateView, Decision, Postponed, Reply, Help, Continued),
    *(Imported, ImportedIssue, Support, Suspended, Reminder, RulesFile, CatalogueFile, SessionRecord),
    *SECOND_NOTICES,
)
