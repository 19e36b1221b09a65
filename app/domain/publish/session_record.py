"""What Jalon shows on a session's issue: one comment that follows what was said there, and a nod to each command."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.policy.model import Policy
from app.domain.product.issue import Comment, Issue
from app.domain.publish.effects import EditComment, Effect, Message, PostComment, React, RemoveComment, TakeBack
from app.domain.publish.session_carried import carried_session
from app.domain.publish.session_notice import AbsenceView, QuestionView, ReturnView, SatView, SessionRecord
from app.domain.session.model import Absence
from app.domain.session.said import CommandAnswer, Told

KEY = "session"
TAKEN, ASKED = "THUMBS_UP", "CONFUSED"


def record(told: Told, policy: Policy, team: frozenset[str] | None) -> SessionRecord:
    """The comment's data."""
    session, names = told.session, {seat.id: seat.name for seat in policy.committee.seats}
    views = tuple(_absence(one, names, team) for one in told.absences)
    return SessionRecord(
        planned=session.planned,
        day=session.day,
        place=session.place,
        link=session.link,
        begun=session.begun,
        ended=session.ended,
        cancelled=session.cancelled,
        sat=tuple(SatView(names.get(one.seat, one.seat), one.login, one.stands_in) for one in session.present),
        excused=(*(names.get(seat, seat) for seat in session.excused), *session.apologies),
        guests=session.guests,
        items=session.items,
        absences=views,
        returns=tuple(ReturnView(one.login, names.get(one.seat, one.seat), one.day) for one in told.returns),
        vacant=_vacant(told, policy),
        questions=tuple(map(_question, (one for one in told.answers if one.why))),
        helps=told.asked_help,
        team=policy.committee.team if any(view.state == "stranger" for view in views) else "",
    )


def _question(answer: CommandAnswer) -> QuestionView:
    return QuestionView(answer.by, answer.row, answer.why, answer.words, answer.near)


def _absence(one: Absence, names: dict[str, str], team: frozenset[str] | None) -> AbsenceView:
    state = "agreed" if one.is_agreed else "waiting"
    if one.substitute and team is not None and one.substitute.lower() not in team:
        state = "stranger"
    view = one.number, names.get(one.seat, one.seat), one.login, one.since, one.until, one.substitute
    return AbsenceView(*view, state if one.substitute else "")


def _vacant(told: Told, policy: Policy) -> tuple[str, ...]:
    """Seats without anybody on the session's day, those whose only person is away and replaced by nobody included."""
    day, found = told.session.day, []
    for seat in policy.committee.seats:
        away = [one for one in told.absences if one.seat == seat.id and one.covers(day)]
        gone = {one.login.lower() for one in away}
        if not [login for login in seat.members(day) if login.lower() not in gone] and not any(
            one.stand_in for one in away
        ):
            found.append(seat.name)
    return tuple(found)


def reconcile(issue: Issue, told: Told, policy: Policy) -> Iterator[Effect]:
    """What must change on GitHub: pure, and nothing once done."""
    ours = [one for one in issue.comments if one.trace and one.trace.key == KEY]
    if told.answers or told.asked_help or ours:
        notice = record(told, policy, issue.team)
        yield from _comment(ours, Message(KEY, notice, notice.fingerprint, session=carried_session(told.session)))
    yield from _nods(issue, told)


def _comment(ours: list[Comment], message: Message) -> Iterator[Effect]:
    if not ours:
        yield PostComment(message)
        return
    written, *twice = ours
    yield from (RemoveComment(one.id) for one in twice)
    trace = written.trace
    if trace is None or trace.data != message.stamp or written.edited_by_other or not trace.intact:
        yield EditComment(written.id, message, written.edit_undone)


def _nods(issue: Issue, told: Told) -> Iterator[Effect]:
    """A thumb for what was taken whole, a frown for what was not; nothing where nothing is asked any more."""
    wanted: dict[int, str] = {}
    for answer in told.answers:
        wanted[answer.comment] = ASKED if answer.why or wanted.get(answer.comment) == ASKED else TAKEN
    for comment in issue.comments:
        nod = wanted.get(comment.id, "")
        yield from (
            TakeBack(comment.id, other) for other in (TAKEN, ASKED) if other != nod and other in comment.reactions
        )
        if nod and nod not in comment.reactions:
            yield React(comment.id, nod)
