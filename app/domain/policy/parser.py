"""From a document to a Policy, or to every problem it holds, each with its line and column."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.policy.account_names import read_login, read_logins, read_team
from app.domain.policy.board_setting import read_board_number
from app.domain.policy.calendar import known_places
from app.domain.policy.checklist_items import IDENTIFIER, GatheredChecklists, Marks, look_up, read_checklist, unique
from app.domain.policy.directions import read_directions
from app.domain.policy.document import DocumentReader, Mark, Node, Problem, ProblemKind, Scalar, TableNode
from app.domain.policy.label_names import read_label, same_name
from app.domain.policy.model import (
    IGNORED,
    LANGUAGES,
    TIMEZONE,
    WEEKDAYS,
    Committee,
    Gate,
    Phase,
    Policy,
    Question,
    Seat,
)
from app.domain.policy.notice_settings import read_notices
from app.domain.policy.page_settings import read_pages
from app.domain.policy.register_settings import read_register
from app.domain.policy.report_settings import read_follow_up
from app.domain.policy.reuse_settings import read_reuse
from app.domain.policy.rule_settings import known_ids, read_rule
from app.domain.policy.second_thought_settings import read_freezes, read_second_thoughts
from app.domain.reading.commands import COMMANDS
from app.domain.reading.logins import team_slug
from app.domain.reading.text import normalised

ISO_WEEK = r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])"
COMMAND = r"/?[^\W\d_][\w-]*"
MOST_PHASES, MOST_SEATS = 50, 100
"""A column of GitHub's boards has fifty options at most."""
SECTIONS = {
    "board": read_board_number,
    "directions": read_directions,
    "notices": read_notices,
    "pages": read_pages,
    "register": read_register,
    "second_thoughts": read_second_thoughts,
}
"""Those read without looking at any other, each into the field of its name."""


def parse_policy(
    document: Node, version: str = "", language: str = "", *, former: bool = False
) -> Policy | tuple[Problem, ...]:
    """A policy when the document is right in every point, else all its problems; `language` overrides its own.

    `former`: a file that a former version took is not held to the limits that came since.
    """
    reader = DocumentReader(former=former)
    top = reader.table(
        document,
        "",
        ("version", "language", "committee", "aspects", "phases", "gates", "form"),
        ("follow_up", "support", "reuse", "ignored_commands", "timezone", *SECTIONS),
    )
    if reader.problems and not top:
        return tuple(reader.problems)
    reader.language = _language(reader, top.get("language"), language)
    _format_version(reader, top.get("version"))
    aspects = _aspects(reader, top.get("aspects"))
    named = GatheredChecklists()
    phases = _phases(reader, top.get("phases"), aspects, named)
    committee = _committee(reader, top.get("committee"))
    gates = _gates(reader, top.get("gates"), phases, committee)
    questions, support = (_questions(reader, top.get(part), part) for part in ("form", "support"))
    known = {"phases": _ids(phases), "seats": _ids(committee.seats), "form": _ids(questions)}
    look_up(reader, named, known)
    _reachable(reader, top.get("phases"), phases, gates)
    follow_up = read_follow_up(reader, top.get("follow_up"), known["phases"])
    sections: dict[str, Any] = {name: read(reader, top.get(name)) for name, read in SECTIONS.items()}
    reuse = read_reuse(reader, top.get("reuse"), phases, known["seats"])
    ignored = _ignored(reader, top.get("ignored_commands"))
    place = _place(reader, top.get("timezone"))
    if reader.problems:
        return tuple(sorted(set(reader.problems)))
    return Policy(
        reader.language,
        committee,
        aspects,
        phases,
        gates,
        questions,
        version,
        follow_up=follow_up,
        reuse=reuse,
        support=support,
        ignored_commands=ignored,
        timezone=place,
        doubts=tuple(sorted(set(reader.doubts))),
        **sections,
    )


def _ids(found: Sequence[Phase | Seat | Question]) -> list[str]:
    return [one.id for one in found]


def _ignored(reader: DocumentReader, node: Node | None) -> frozenset[str]:
    """Words of other robots; one of ours may be left to them if the command keeps another word."""
    if node is None:
        return IGNORED
    found = []
    for path, item in reader.items(node, "ignored_commands"):
        word = normalised(reader.text(item, path, COMMAND).lstrip("/"))
        if any(row.words[0] == word for row in COMMANDS):
            reader.limit(item.mark, path, ProblemKind.OWN_COMMAND, value=word)
        found.append(word)
    return frozenset(found)


def _place(reader: DocumentReader, node: Node | None) -> str:
    """The name of a time zone as IANA spells it; the nearest ones are told of a name that is none."""
    if node is None:
        return TIMEZONE
    name = reader.text(node, "timezone")
    if name and name not in known_places():
        by_plain = {normalised(known): known for known in known_places()}
        near = difflib.get_close_matches(normalised(name), by_plain, n=3)
        told = ", ".join(by_plain[known] for known in near) or TIMEZONE
        reader.note(node.mark, "timezone", ProblemKind.UNKNOWN_ID, value=name, known=told)
    return name


def _language(reader: DocumentReader, node: Node | None, asked: str) -> str:
    """The one asked for, or else the file's own."""
    language = reader.text(node, "language") or "fr"
    if language not in LANGUAGES and node is not None:
        reader.note(node.mark, "language", ProblemKind.NOT_ONE_OF, value=language, allowed=", ".join(LANGUAGES))
        language = "fr"
    return asked or language


def _format_version(reader: DocumentReader, node: Node | None) -> None:
    if node is not None and not (isinstance(node, Scalar) and node.value == 1 and node.value is not True):
        reader.note(node.mark, "version", ProblemKind.NOT_ONE_OF, value=getattr(node, "value", "?"), allowed="1")


def _alike(reader: DocumentReader, seen: dict[str, tuple[str, Mark]], name: str, node: Node | None, path: str) -> None:
    """For GitHub, names that differ by their capitals alone are one."""
    if node is None or not name:
        return
    known, mark = seen.setdefault(same_name(name), (name, node.mark))
    if known != name:
        reader.limit(node.mark, path, ProblemKind.ALIKE, value=name, other=known, line=mark.place)


def _aspects(reader: DocumentReader, node: Node | None) -> dict[str, str]:
    aspects: dict[str, str] = {}
    seen: Marks = {}
    for path, item in reader.items(node, "aspects"):
        entry = reader.table(item, path, ("id", "name"))
        aspect = reader.text(entry.get("id"), f"{path}.id", IDENTIFIER)
        unique(reader, seen, aspect, item, path)
        aspects[aspect] = reader.text(entry.get("name"), f"{path}.name")
    return aspects


def _phases(
    reader: DocumentReader, node: Node | None, aspects: dict[str, str], named: GatheredChecklists
) -> tuple[Phase, ...]:
    phases: list[Phase] = []
    ids, labels, cards = Marks(), Marks(), Marks()
    like_labels: dict[str, tuple[str, Mark]] = {}
    like_cards: dict[str, tuple[str, Mark]] = {}
    for path, item in reader.items(node, "phases", MOST_PHASES):
        entry = reader.table(item, path, ("id", "name", "label", "card", "goal", "checklist"))
        checklist = read_checklist(reader, entry.get("checklist"), f"{path}.checklist", aspects, len(phases), named)
        phase = Phase(
            id=reader.text(entry.get("id"), f"{path}.id", IDENTIFIER),
            name=reader.text(entry.get("name"), f"{path}.name"),
            label=read_label(reader, entry.get("label"), f"{path}.label"),
            card=reader.text(entry.get("card"), f"{path}.card"),
            goal=reader.text(entry.get("goal"), f"{path}.goal"),
            items=tuple(checklist),
        )
        for seen, value in ((ids, phase.id), (labels, phase.label), (cards, phase.card)):
            unique(reader, seen, value, item, path)
        _alike(reader, like_labels, phase.label, entry.get("label"), f"{path}.label")
        _alike(reader, like_cards, phase.card, entry.get("card"), f"{path}.card")
        phases.append(phase)
    if node is not None and not phases:
        reader.note(node.mark, "phases", ProblemKind.EMPTY)
    return tuple(phases)


OF_COMMITTEE = ("name", "secretariat", "day", "weeks_off", "apps", "agenda_days", "freezes", "nogo_after_session")
EARLIEST_AGENDA = 60
APP = r"[A-Za-z0-9][A-Za-z0-9-]{0,99}"
"""The end of an App's address on GitHub, or its number."""


def _committee(reader: DocumentReader, node: Node | None) -> Committee:
    entry = reader.table(node, "committee", ("team", "seats"), OF_COMMITTEE) if node else {}
    day = reader.text(entry.get("day"), "committee.day") or "tuesday"
    if day not in WEEKDAYS:
        reader.note(entry["day"].mark, "committee.day", ProblemKind.NOT_ONE_OF, value=day, allowed=", ".join(WEEKDAYS))
    seats, seen = [], Marks()
    for path, item in reader.items(entry.get("seats"), "committee.seats", MOST_SEATS):
        seat = _seat(reader, item, path)
        unique(reader, seen, seat.id, item, path)
        seats.append(seat)
    keeper = entry.get("secretariat")
    keepers = team_slug(str(keeper.value)) if isinstance(keeper, Scalar) else ""
    if keeper and not keepers:
        reader.doubt(keeper.mark, "committee.secretariat", "secretariat_by_logins")
    if "seats" in entry and not seats:
        reader.note(entry["seats"].mark, "committee.seats", ProblemKind.EMPTY)
    return Committee(
        name=reader.text(entry.get("name"), "committee.name"),
        team=read_team(reader, entry.get("team"), "committee.team"),
        seats=tuple(seats),
        secretariat=() if keepers else read_logins(reader, keeper, "committee.secretariat"),
        secretariat_team=keepers,
        day=day,
        weeks_off=reader.texts(
            entry.get("weeks_off"), "committee.weeks_off", lambda item, where: _week(reader, item, where)
        ),
        apps=reader.texts(entry.get("apps"), "committee.apps", lambda item, where: _app(reader, item, where)),
        agenda_days=reader.number(entry["agenda_days"], "committee.agenda_days", 0, EARLIEST_AGENDA)
        if "agenda_days" in entry
        else Committee.agenda_days,
        freezes=read_freezes(reader, entry.get("freezes"), _day),
        nogo_after_session=reader.flag(entry.get("nogo_after_session"), "committee.nogo_after_session", default=False),
    )


def _app(reader: DocumentReader, node: Node, path: str) -> str:
    """A number is written as such, or between quotes."""
    if isinstance(node, Scalar) and type(node.value) is int and node.value > 0:
        return str(node.value)
    return reader.text(node, path, APP)


def _week(reader: DocumentReader, node: Node, path: str) -> str:
    text = reader.text(node, path, ISO_WEEK)
    try:
        if text:
            date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
    except ValueError:
        reader.limit(node.mark, path, ProblemKind.NO_SUCH_WEEK, value=text)
    return text


def _seat(reader: DocumentReader, node: Node, path: str) -> Seat:
    entry = reader.table(node, path, ("id", "name"), ("holder", "substitutes", "from", "until"))
    seat_id = reader.text(entry.get("id"), f"{path}.id", IDENTIFIER)
    holder_node = entry.get("holder")
    if holder_node is None or (isinstance(holder_node, Scalar) and not holder_node.value):
        mark = holder_node.mark if holder_node else node.mark
        reader.note(mark, f"{path}.holder", ProblemKind.SEAT_WITHOUT_HOLDER, seat=seat_id)
        holder = ""
    else:
        holder = read_login(reader, holder_node, f"{path}.holder")
    return Seat(
        id=seat_id,
        name=reader.text(entry.get("name"), f"{path}.name"),
        holder=holder,
        substitutes=read_logins(reader, entry.get("substitutes"), f"{path}.substitutes"),
        since=_day(reader, entry.get("from"), f"{path}.from"),
        until=_day(reader, entry.get("until"), f"{path}.until"),
    )


def _day(reader: DocumentReader, node: Node | None, path: str) -> date | None:
    text = reader.text(node, path)
    if not text or node is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.note(node.mark, path, ProblemKind.BAD_DATE, value=text)
        return None


def _gates(
    reader: DocumentReader, node: Node | None, phases: tuple[Phase, ...], committee: Committee
) -> tuple[Gate, ...]:
    ids = [phase.id for phase in phases]
    gates: list[Gate] = []
    seen: Marks = {}
    for path, item in reader.items(node, "gates"):
        entry = reader.table(
            item,
            path,
            ("to", "from", "quorum", "threshold"),
            ("people", "mandatory", "veto", "deadline_days", "checklist"),
        )
        to = reader.text(entry.get("to"), f"{path}.to")
        if to and to not in ids:
            reader.note(entry["to"].mark, f"{path}.to", ProblemKind.UNKNOWN_ID, value=to, known=", ".join(ids))
        origins = known_ids(reader, entry.get("from"), f"{path}.from", ids)
        for origin in origins:
            unique(reader, seen, f"{origin} → {to}", item, path)
            if origin == to:
                reader.note(item.mark, path, ProblemKind.GATE_TO_ITSELF, phase=to)
        rule = read_rule(reader, entry, path, committee)
        gates.append(Gate(to, origins, rule, reader.flag(entry.get("checklist"), f"{path}.checklist", default=True)))
    return tuple(gates)


def _questions(reader: DocumentReader, node: Node | None, where: str) -> tuple[Question, ...]:
    questions: list[Question] = []
    ids, headings = Marks(), Marks()
    for path, item in reader.items(node, where):
        entry = reader.table(item, path, ("id", "labels", "required"), ("only_if_asked",))
        question_id = reader.text(entry.get("id"), f"{path}.id", IDENTIFIER)
        unique(reader, ids, question_id, item, path)
        labels = reader.texts(entry.get("labels"), f"{path}.labels")
        for label in labels:
            unique(reader, headings, label, item, f"{path}.labels")
        required = reader.flag(entry.get("required"), f"{path}.required", default=False)
        some = reader.flag(entry.get("only_if_asked"), f"{path}.only_if_asked", default=False)
        questions.append(Question(question_id, labels, required, some))
    return tuple(questions)


def _reachable(reader: DocumentReader, node: Node | None, phases: tuple[Phase, ...], gates: tuple[Gate, ...]) -> None:
    """Every phase must be reached from the entry by some chain of gates."""
    if not phases or node is None:
        return
    reached, frontier = {phases[0].id}, [phases[0].id]
    while frontier:
        origin = frontier.pop()
        fresh = {gate.to for gate in gates if origin in gate.origins} - reached
        reached |= fresh
        frontier.extend(fresh)
    for (path, item), phase in zip(reader.items(node, "phases"), phases, strict=True):
        if phase.id and phase.id not in reached:
            mark = item.mark if not isinstance(item, TableNode) else item.entries[0][0].mark
            reader.note(mark, path, ProblemKind.UNREACHABLE_PHASE, phase=phase.id)
