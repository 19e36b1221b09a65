"""Who sits at a session, entered once from its page: the comment is shown, then written on the session's own issue."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.domain.reading import compose
from app.domain.reading.command_types import BeginSession, Command, DescribeSession, EndSession, SetAttendance
from app.domain.reading.commands import parse
from app.domain.session.model import Session
from app.github.client import LaterError
from app.github.in_their_name import RefusedCommentError, post_comment
from app.web import acts, drafts, forms, session
from app.web.context import PageContext, page, visit
from app.web.decision_act import LISTS
from app.web.papers import papers, session_day
from app.web.services import scripted, services

log = logging.getLogger(__name__)
routes = Blueprint("attendance", __name__)
STATES = ("present", "excuse", "remplace")
"""What a seat may be said to be; one of which nothing is said was absent."""
Answer = AnyResponse | str | tuple[str | AnyResponse, int]


@dataclass(frozen=True)
class Sitting:
    """The attendance of one session as it is typed; `told` says what became of it, `said` is GitHub's own words."""

    day: date
    session: Session
    typed: Mapping[str, str]
    told: str = ""
    words: str = ""
    said: str = ""

    @property
    def purpose(self) -> str:
        return f"emargement {self.session.repository}#{self.session.number}"


@routes.route("/seances/<text>/emargement", methods=["GET", "POST"])
def attendance(text: str) -> Answer:
    """The form, the comment it makes, and its publication, as any act on a product."""
    here, day = _secretariat(), session_day(text)
    found = papers().on(day)
    if found is None or not found.number:
        return page("session_attendance.html", day_of_session=day, sitting=None), 409
    if request.method == "GET":
        kept = drafts.kept_draft()
        return _form(Sitting(day, found, kept or _as_known(found), "act_draft" if kept else ""))
    sitting = Sitting(day, found, acts.typed_now())
    nonce = forms.unsealed(sitting.purpose, request.form.get(forms.FIELD, ""))
    if not nonce:
        abort(403)
    return _handled(here, sitting, nonce)


def _secretariat() -> PageContext:
    """Ends the request when these pages let nobody write, or when the visitor does not keep the secretariat."""
    if not services().settings.signs_in:
        abort(404)
    here = visit(needs_person=True)
    person = acts.signed_in()
    if here.who is None or person is None or here.repository not in person.repositories:
        abort(404)
    return here if keeps_secretariat(here) else abort(403)


def keeps_secretariat(here: PageContext) -> bool:
    """Whether the visitor may write for the session; where the rules name a team, its members are not told here."""
    rules = here.own_policy or here.policy
    signed_in = here.who is not None and services().settings.signs_in and bool(here.repository)
    return signed_in and (bool(rules.committee.secretariat_team) or rules.is_secretariat(here.who or ""))


def _as_known(found: Session) -> dict[str, str]:
    """What is known already, as the form would hold it."""
    typed = {f"siege_{one.seat}": "remplace" if one.stands_in else "present" for one in found.present}
    typed |= {f"par_{one.seat}": one.login for one in found.replaced}
    typed |= {f"siege_{seat}": "excuse" for seat in found.excused}
    return typed | {
        "invites": ", ".join(found.guests),
        "autres_excuses": ", ".join(found.apologies),
        "lieu": found.place,
        "debut": found.begun,
        "fin": found.ended,
    }


def _handled(here: PageContext, sitting: Sitting, nonce: str) -> Answer:
    sent = session.sealed_values().read("act", nonce, session.seconds_now())
    if sent:
        return _done(sitting, sent)
    try:
        text = _text(here, sitting)
    except compose.UnwritableError as error:
        told = "act_unwritable_lost" if error.why == "lost" else "act_unwritable"
        return _form(Sitting(sitting.day, sitting.session, sitting.typed, told, error.words)), 422
    step, seen = request.form.get("etape", ""), hashlib.sha256(text.encode()).hexdigest()
    if step == "modifier":
        return _form(sitting)
    if step != "publier" or request.form.get("empreinte") != seen:
        hidden = {**sitting.typed, "empreinte": seen}
        shown = page(
            "session_preview.html", sitting=sitting, text=text, hidden=hidden, seal=forms.seal(sitting.purpose)
        )
        return scripted(shown)
    return _publish(here, sitting, nonce, text)


def _text(here: PageContext, sitting: Sitting) -> str:
    """One comment with all that changes; raises UnwritableError when it would be read otherwise."""
    rules = here.own_policy or here.policy
    wanted = list(_commands(sitting, {seat.id: seat.name for seat in rules.committee.seats}))
    text = "\n\n".join(compose.compose(one, rules.language, rules.ignored_commands) for one in wanted)
    read = [one.command for one in parse(text, ignored=rules.ignored_commands, at_session=True)]
    if read != wanted:
        raise compose.UnwritableError("several", "")
    return text


def _commands(sitting: Sitting, names: Mapping[str, str]) -> Iterator[Command]:
    typed, known = sitting.typed, sitting.session

    def named(state: str) -> tuple[str, ...]:
        seats = (seat for seat in names if typed.get(f"siege_{seat}") == state)
        return tuple(seat if LISTS.search(names[seat]) else names[seat] for seat in seats)

    stand_ins = tuple(
        (seat if LISTS.search(name) else name, typed.get(f"par_{seat}", "").strip().removeprefix("@"))
        for seat, name in names.items()
        if typed.get(f"siege_{seat}") == "remplace"
    )
    yield SetAttendance(
        named("present"),
        (*named("excuse"), *_split(typed.get("autres_excuses", ""))),
        stand_ins,
        _split(typed.get("invites", "")),
    )
    if (place := " ".join(typed.get("lieu", "").split())) and place != known.place:
        yield DescribeSession(place=place)
    for kind, name, former in ((BeginSession, "debut", known.begun), (EndSession, "fin", known.ended)):
        if (hour := typed.get(name, "").strip()) and hour != former:
            yield kind(hour)


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (" ".join(name.split()) for name in text.split(","))))


def _publish(here: PageContext, sitting: Sitting, nonce: str, text: str) -> Answer:
    """Once per form, as any act."""
    sealed, until = session.sealed_values(), session.seconds_now() + session.LIFE_S
    if not sealed.claim("act", nonce, "", until):
        return _told(sitting, "act_sent"), 409
    where = (sitting.session.repository, sitting.session.number)
    try:
        posted = post_comment(services().settings, session.token(), where, text, here.number, here.now)
    except RefusedCommentError as error:
        log.warning("GitHub refused a comment in somebody's name: %s", error)
        return _told(sitting, acts.REFUSALS.get(error.status, "act_refused"), error.said), 502
    except LaterError as error:
        log.warning("a comment could not be written in somebody's name: %s", error)
        return _told(sitting, "act_later"), 503
    sealed.keep("act", nonce, str(posted.id), until)
    return _done(sitting, str(posted.id))


def _done(sitting: Sitting, comment: str) -> AnyResponse:
    return redirect(visit().to("sessions.session", text=sitting.day.isoformat(), publie=comment), 303)


def _told(sitting: Sitting, told: str, said: str = "") -> str | AnyResponse:
    return _form(Sitting(sitting.day, sitting.session, sitting.typed, told, said=said))


def _form(sitting: Sitting) -> str | AnyResponse:
    rules = visit().own_policy or visit().policy
    return scripted(
        page(
            "session_attendance.html",
            sitting=sitting,
            day_of_session=sitting.day,
            seats=rules.committee.seats,
            states=STATES,
            seal=forms.seal(sitting.purpose),
        )
    )
