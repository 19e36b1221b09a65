"""An absence told from « Ce qui m’attend », and agreed to there: a comment on the session's issue, in one's name."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.policy.model import Seat
from app.domain.reading import compose
from app.domain.reading.command_types import AgreeSubstitute, Command, DeclareAbsence, EndAbsence
from app.domain.reading.logins import is_login
from app.domain.session.held import by_day
from app.domain.session.model import Absence
from app.github.client import LaterError
from app.github.in_their_name import RefusedCommentError, post_comment
from app.store.sessions import Absences, Sessions
from app.web import drafts, forms, session
from app.web.context import PageContext, page, plain_page, visit
from app.web.my_page import Visitor
from app.web.services import services

log = logging.getLogger(__name__)
routes = Blueprint("absences", __name__)
PURPOSE = "absence"
OWN = {forms.FIELD, "etape", "empreinte"}
KINDS = ("absence", "retour", "accord")
LONGEST_FIELD = 200


class WrongFieldError(Exception):
    """What is wrong with what was typed: in which field, and the sentence that says so."""

    def __init__(self, field_name: str, key: str) -> None:
        self.field, self.key = field_name, key
        super().__init__(key)


@dataclass
class AbsencePage:
    """Whoever looks: their seats, the absences they may tell of, and the issue on which all this is written."""

    here: PageContext
    who: Visitor
    typed: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    said: str = ""
    wrong: str = ""
    """The field at fault."""

    @property
    def is_secretariat(self) -> bool:
        return self.who.keeps_secretariat

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Those whose absences they may tell of: theirs, or any for the secretariat."""
        return self.who.rules.committee.seats if self.is_secretariat else self.who.held

    @property
    def issue(self) -> int:
        """The number of the next session's issue, else of the last one's; 0 when none is known."""
        known = Sessions(services().register.engine).of(self.here.repository)
        coming = [one for one in by_day(known) if one.day >= self.here.today and not one.cancelled]
        return coming[0].number if coming else known[-1].number if known else 0

    @property
    def absences(self) -> tuple[Absence, ...]:
        """Those that are not over, of the seats they may tell of."""
        mine = {seat.id for seat in self.seats}
        found = Absences(services().register.engine).since(self.here.repository, self.here.today)
        return tuple(one for one in found if one.seat in mine)

    @property
    def to_agree(self) -> tuple[Absence, ...]:
        """What waits for the secretariat; never one's own."""
        login = self.who.login
        waiting = (one for one in self.absences if self.is_secretariat and not one.is_agreed)
        return tuple(one for one in waiting if one.login.lower() != login)

    def seat_name(self, seat: str) -> str:
        found = self.here.policy.seat(seat)
        return found.name if found else seat


def _desk() -> AbsencePage:
    if not services().settings.signs_in:
        abort(404)
    here = visit(needs_person=True)
    if here.who is None or not here.repository:
        abort(404)
    return AbsencePage(here, Visitor(here, here.who))


@routes.get("/moi/absence")
def form() -> str:
    """What is told already, and how to tell more."""
    desk = _desk()
    desk.typed = drafts.kept_draft()
    desk.told = "absence_posted" if request.args.get("publie", "").isdecimal() else ""
    return _page(desk)


@routes.post("/moi/absence")
def change() -> AnyResponse | str | tuple[str, int]:
    """Shown word for word first; then posted, once a form."""
    typed = {name: text[:LONGEST_FIELD] for name, text in request.form.items() if name not in OWN}
    reader = session.reader(services().portfolio_cache.repositories())
    nonce = forms.unsealed(PURPOSE, request.form.get(forms.FIELD, ""))
    if not nonce:
        abort(403)
    if reader is None:
        return plain_page("act_ended", 401, again=url_for("signin.start", suite=drafts.keep_draft(typed)))
    desk = _desk()
    desk.typed = typed
    try:
        number, text = _comment(desk)
    except WrongFieldError as error:
        desk.told, desk.wrong = error.key, error.field
        return _page(desk), 422
    print_of = hashlib.sha256(f"{number} {text}".encode()).hexdigest()
    if request.form.get("etape") != "publier" or request.form.get("empreinte") != print_of:
        hidden = {**typed, "empreinte": print_of}
        return page("absence_preview.html", desk=desk, number=number, text=text, hidden=hidden, purpose=PURPOSE)
    return _publish(desk, nonce, number, text, reader.id)


def _comment(desk: AbsencePage) -> tuple[int, str]:
    """Where it is written and its words; raises WrongFieldError."""
    kind = desk.typed.get("genre", "")
    if kind not in KINDS:
        abort(403)
    number, command = _agreement(desk) if kind == "accord" else (desk.issue, _command(desk, kind))
    if not number:
        raise WrongFieldError("fin", "absence_no_issue")
    rules = desk.who.rules
    try:
        return number, compose.compose(command, rules.language, rules.ignored_commands)
    except compose.UnwritableError:
        raise WrongFieldError("remplacant", "absence_wrong_login") from None


def _agreement(desk: AbsencePage) -> tuple[int, Command]:
    asked = (desk.typed.get("ticket", ""), desk.typed.get("numero", ""))
    found = next((one for one in desk.to_agree if (str(one.issue), str(one.number)) == asked), None)
    if found is None:
        raise WrongFieldError("numero", "absence_nothing_to_agree")
    return found.issue, AgreeSubstitute((found.number,))


def _command(desk: AbsencePage, kind: str) -> Command:
    known = {seat.id for seat in desk.seats}
    seat = desk.typed.get("siege", "")
    if not known or (seat and seat not in known):
        raise WrongFieldError("siege", "absence_not_seated")
    if not seat and not desk.who.held:
        raise WrongFieldError("siege", "absence_which_seat")
    if kind == "retour":
        return EndAbsence("", seat)
    first, last = _day(desk, "debut"), _day(desk, "fin")
    if last < first or last < desk.here.today:
        raise WrongFieldError("fin", "absence_wrong_order")
    substitute = desk.typed.get("remplacant", "").strip().removeprefix("@")
    if substitute and not is_login(substitute):
        raise WrongFieldError("remplacant", "absence_wrong_login")
    return DeclareAbsence(first.isoformat(), last.isoformat(), seat, substitute.lower())


def _day(desk: AbsencePage, name: str) -> date:
    try:
        return date.fromisoformat(desk.typed.get(name, ""))
    except ValueError:
        raise WrongFieldError(name, "absence_wrong_day") from None


def _publish(desk: AbsencePage, nonce: str, number: int, text: str, person: int) -> AnyResponse | str | tuple[str, int]:
    """Whoever sends a form twice is told that it left already."""
    sealed, here = session.sealed_values(), desk.here
    if not sealed.claim("act", nonce, "", session.seconds_now() + session.LIFE_S):
        desk.told = "act_sent"
        return _page(desk), 409
    try:
        posted = post_comment(services().settings, session.token(), (here.repository, number), text, person, here.now)
    except RefusedCommentError as error:
        log.warning("GitHub refused a comment in somebody's name: %s", error)
        desk.told, desk.said = "act_refused", error.said
        return _page(desk), 502
    except LaterError as error:
        log.warning("a comment could not be written in somebody's name: %s", error)
        desk.told = "act_later"
        return _page(desk), 503
    return redirect(here.to("absences.form", publie=posted.id), 303)


def _page(desk: AbsencePage) -> str:
    return page("absence.html", desk=desk, purpose=PURPOSE)
