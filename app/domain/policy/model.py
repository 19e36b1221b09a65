"""The committee's rules as values: phases, gates, seats, vote rules, checklists and the questions of the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from app.domain.policy.directions import Direction, named_direction
from app.domain.policy.document import Problem
from app.domain.policy.later_fields import later
from app.domain.policy.notice_settings import NoticeChannel
from app.domain.policy.page_settings import PageSettings
from app.domain.policy.register_settings import RegisterSettings
from app.domain.policy.second_thought_settings import Freeze, SecondThoughts
from app.domain.reading.text import normalised, vocabulary

LANGUAGES = ("fr", "en")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


TIMEZONE = "Europe/Paris"
"""Where the committee is when its rules do not tell."""
IGNORED = vocabulary(
    "assign unassign cc uncc lgtm label remove-label unlabel hold unhold test retest ok-to-test kind area priority "
    "milestone retitle reopen lock unlock merge rebase backport cherry-pick rerun deploy preview todo due estimate "
    "spend subscribe unsubscribe shrug tableflip meow woof azp dependabot"
)
"""Commands of the robots most often met beside Jalon."""


@dataclass(frozen=True)
class Seat:
    """One voice of the committee, held by a person and by substitutes, between two dates if given."""

    id: str
    name: str
    holder: str
    substitutes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def people(self) -> frozenset[str]:
        """Lower-case logins of everybody who may ever speak for the seat."""
        return frozenset(login.lower() for login in (self.holder, *self.substitutes) if login)

    def members(self, on: date) -> tuple[str, ...]:
        """Logins that may speak for the seat on that day; the holder comes first."""
        started = self.since is None or self.since <= on
        ended = self.until is not None and on > self.until
        holder = (self.holder,) if started and not ended else ()
        return holder + self.substitutes


def most_people(seats: Sequence[Collection[str]]) -> int:
    """How many different persons can speak at most, one for each seat: a seat's vote is one person's."""
    holder: dict[str, int] = {}

    def finds(seat: int, tried: set[str]) -> bool:
        for person in sorted(seats[seat]):
            if person not in tried:
                tried.add(person)
                if person not in holder or finds(holder[person], tried):
                    holder[person] = seat
                    return True
        return False

    return sum(finds(seat, set()) for seat in range(len(seats)))


KINDS = ("tick", "answer", "choice", "link", "date")
"""What settles an item: a tick alone, or a text of some kind."""


@dataclass(frozen=True)
class Item:
    """One line of a checklist; `until` keeps it, with its answer, in the checklists of later phases.

    Any kind but a tick makes it a question. `form` names the questions of the form whose answers are proposed;
    `private` the seat to which the answer is given, of which a link alone is kept.
    """

    id: str
    aspect: str
    text: str
    required: bool = False
    until: str | None = None
    kind: str = "tick"
    help: str = ""
    choices: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    private: str = ""
    expires: bool = False
    """Whether the day it gives is that after which it holds no longer."""
    norms: tuple[str, ...] = ()
    """The norms it has people follow, by their ids in the catalogue."""

    @property
    def is_question(self) -> bool:
        return self.kind != "tick"


@dataclass(frozen=True)
class Phase:
    id: str
    name: str
    label: str
    card: str
    goal: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Rule:
    """When a vote is decided: quorum in seats having spoken, threshold as the share of go among go and no-go.

    `people` is how many different persons must have spoken: one substitute on ten seats decides nothing alone. The
    gates of former versions ask for none.
    """

    quorum: int
    threshold: Fraction
    mandatory: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()
    deadline_days: int = 14
    people: int = later(0)
    consent: tuple[str, ...] = later(())
    """Mandatory seats whose no-go blocks as well, each among those with a veto: it names them, and counts nothing."""

    @property
    def opinions(self) -> tuple[str, ...]:
        """Mandatory seats that need only have spoken."""
        return tuple(seat for seat in self.mandatory if seat not in self.consent)

    @property
    def vetoes(self) -> tuple[str, ...]:
        """Seats whose no-go blocks, without a go being unable to do without them for that reason."""
        return tuple(seat for seat in self.veto if seat not in self.consent)

    @property
    def demands(self) -> tuple[int, Fraction, int, int]:
        """What it asks, to compare with what others do."""
        return self.quorum, self.threshold, len(self.mandatory) + len(self.veto), self.people


@dataclass(frozen=True)
class Gate:
    """A legal move to a phase, from any of the phases named, under one vote rule."""

    to: str
    origins: tuple[str, ...]
    rule: Rule
    checklist: bool = True
    entry: bool = False
    """Whether it confirms the phase in which a new product asks to enter."""


@dataclass(frozen=True)
class Question:
    """A question of the issue form; an answer is found under any of its headings, today's or former ones."""

    id: str
    labels: tuple[str, ...]
    required: bool = False
    only_if_asked: bool = False
    """Whether some forms do not ask it: it is then required of those that do."""


@dataclass(frozen=True)
class Committee:
    team: str
    seats: tuple[Seat, ...]
    secretariat: tuple[str, ...] = ()
    secretariat_team: str = ""
    """Slug of the team that keeps the secretariat, when the rules name a team rather than logins."""
    day: str = "tuesday"
    weeks_off: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    """Apps, by slug or number, whose comments written in people's names count as theirs; Jalon's own always do."""
    agenda_days: int = 5
    """Days before a session from which its agenda is published, and kept true each working morning."""
    freezes: tuple[Freeze, ...] = ()
    """Days on which no clock runs, as in the weeks off."""
    nogo_after_session: bool = False
    """Whether a no-go by ballots waits for the end of the next session's day to count and be published."""
    name: str = ""
    """What people call it; its repository's name when the rules do not tell."""

    def called(self, repository: str) -> str:
        return self.name or repository.rpartition("/")[2]


@dataclass(frozen=True)
class Reminding:
    """Whether, from which hour of the committee's place, and how many days before a deadline
    people are reminded of their duties.
    """

    enabled: bool = True
    hour: int = 9
    days_before: int = 3
    never: tuple[str, ...] = ()
    """Logins of those who want no reminder."""


@dataclass(frozen=True)
class FollowUp:
    """What deserves a word in the reports: silence that lasts, by phase, and what the committee's sessions need."""

    stalled_weeks: Mapping[str, int] = field(default_factory=dict)
    """Weeks without activity after which a product is stalled, by phase; phases not named have `stalled_default`.

    None of 0: that phase is where products are in service, and no silence there says that they sleep.
    """
    stalled_default: int = 12
    unseen_months: int = 12
    """Months after which a product the committee has not looked at is named."""
    cut_off_days: int = 1
    """Days before a session after which a request waits for the next one."""
    minutes_per_gate: int = 15
    public_pages: bool = False
    """Whether the portfolio pages may be read by anybody."""
    reminders: Reminding = field(default_factory=Reminding)

    def weeks(self, phase: str) -> int:
        return self.stalled_weeks.get(phase, self.stalled_default)


@dataclass(frozen=True)
class ReuseSettings:
    """`radar` is the item of the first phase whose answer goes through the five options, one by one."""

    radar: str = ""
    radar_required: bool = True
    """Whether nothing leaves the first phase before each option has its word, where a catalogue is kept."""
    least: float = 0.30
    """How near a need must be, from 0 to 1, to be shown."""
    plain_words: tuple[str, ...] = ()
    """Words of every need of this administration, which make no two of them near."""
    seat: str = ""
    """The seat that keeps the catalogue."""


@dataclass(frozen=True)
class Policy:
    """Everything the rules need to know, in one language, with the version of the text it was read from."""

    language: str
    committee: Committee
    aspects: Mapping[str, str]
    phases: tuple[Phase, ...]
    gates: tuple[Gate, ...]
    questions: tuple[Question, ...]
    version: str = ""
    flawed: bool = field(default=False)
    digest: str = field(default="", compare=False)
    """The whole SHA-256 of the text, which `version` begins: a gate names by it the rules it opened under."""
    doubts: tuple[Problem, ...] = field(default=(), compare=False)
    """What is right in the file, and weaker than it could be."""
    support: tuple[Question, ...] = ()
    """The questions of the form by which support is asked for."""
    follow_up: FollowUp = field(default_factory=FollowUp)
    pages: PageSettings = field(default_factory=PageSettings)
    ignored_commands: frozenset[str] = IGNORED
    """Words after a slash that other robots of the repository answer to: Jalon says nothing of them."""
    reuse: ReuseSettings | None = None
    """How what already answers a need is looked for; None: it is not."""
    board: int = 0
    """The number of its board in the organisation; 0: that of the setting, or the one that set-up marked."""
    second_thoughts: SecondThoughts = field(default_factory=SecondThoughts)
    timezone: str = TIMEZONE
    """The committee's place, by the IANA name of its time zone: days are its days."""
    directions: tuple[Direction, ...] = ()
    """The names of those that ask, by what people and the former follow-up write."""
    notices: tuple[NoticeChannel, ...] = ()
    """The channels by which its news leave GitHub."""
    register: RegisterSettings = field(default_factory=RegisterSettings)
    """What its sealed register is checked by."""

    @property
    def entry(self) -> Phase:
        """The phase in which a new product starts: the first one listed."""
        return self.phases[0]

    def phase(self, phase_id: str) -> Phase:
        """The phase, or a bare one of that name when the policy has dropped it since products entered it."""
        known = (phase for phase in self.phases if phase.id == phase_id)
        return next(known, Phase(phase_id, phase_id, label="", card="", goal=""))

    def knows(self, phase_id: str | None) -> bool:
        return any(phase.id == phase_id for phase in self.phases)

    def phase_called(self, words: str) -> Phase | None:
        """The phase a person means, by id, name or column, accents and case aside."""
        wanted = normalised(words)
        for phase in self.phases:
            if wanted in {normalised(phase.id), normalised(phase.name), normalised(phase.card)}:
                return phase
        return None

    def phase_of_card(self, column: str) -> Phase | None:
        return next((phase for phase in self.phases if phase.card == column), None)

    def exits(self, phase_id: str) -> tuple[Gate, ...]:
        """The gates open from a phase; the first is the default next one.

        From a phase that the rules lack, as that of a product which comes from another committee, each phase is
        entered by the gate that asks the most of those leading there.
        """
        if self.knows(phase_id):
            return tuple(gate for gate in self.gates if phase_id in gate.origins)
        return tuple(
            replace(self._hardest(phase.id), origins=(phase_id,)) for phase in self.phases if self._led(phase.id)
        )

    def _led(self, to: str) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if gate.to == to)

    def _hardest(self, to: str) -> Gate:
        return max(self._led(to), key=lambda gate: gate.rule.demands)

    def is_final(self, phase_id: str) -> bool:
        """Whether nothing leaves that phase: a product in it has come to its end."""
        return self.knows(phase_id) and not self.exits(phase_id)

    def gate(self, origin: str, to: str) -> Gate | None:
        return next((gate for gate in self.exits(origin) if gate.to == to), None)

    def rank(self, phase_id: str) -> int:
        return [phase.id for phase in self.phases].index(phase_id)

    def checklist(self, phase_id: str) -> tuple[Item, ...]:
        """The items asked in a phase, aspect by aspect: its own, and those of earlier phases kept until then."""
        if not self.knows(phase_id):
            return ()
        rank = self.rank(phase_id)
        asked = [
            item
            for phase in self.phases[: rank + 1]
            for item in phase.items
            if phase.id == phase_id or (item.until is not None and self.rank(item.until) >= rank)
        ]
        order = list(self.aspects)
        return tuple(sorted(asked, key=lambda item: order.index(item.aspect)))

    def direction(self, written: str) -> str:
        """The name of the direction that somebody wrote; as it was written when no table names it."""
        return named_direction(self.directions, written)

    def seat(self, seat_id: str) -> Seat | None:
        return next((seat for seat in self.committee.seats if seat.id == seat_id), None)

    def seats_of(self, login: str, on: date) -> tuple[Seat, ...]:
        """The seats a person may speak for on that day; logins ignore case, as on GitHub."""
        wanted = login.lower()
        return tuple(seat for seat in self.committee.seats if wanted in {member.lower() for member in seat.members(on)})

    def trusts_app(self, slug: str, number: int) -> bool:
        """Whether what an App writes in people's names counts as written by them."""
        named = {one.lower() for one in self.committee.apps}
        return not number or str(number) in named or bool(slug and slug.lower() in named)

    @property
    def sworn_logins(self) -> tuple[str, ...]:
        """The logins to which the rules give a power by name: each is that of the account that bore it first."""
        return (*self.committee.secretariat, *self.second_thoughts.direction)

    def is_secretariat(self, login: str) -> bool:
        return login.lower() in {member.lower() for member in self.committee.secretariat}

    def distrusted(self) -> Policy:
        """The same rules, marked as standing in for a policy that could not be read: no gate may be opened."""
        return replace(self, flawed=True)
