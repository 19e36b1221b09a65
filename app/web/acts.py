"""Voting, ticking, asking and lifting from a page: the comment is shown, then written on GitHub in the person's name.

A page holds no power: what it posts is a comment like any other, and takes the ordinary way from GitHub's webhook on.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.product.accounts import Account
from app.domain.product.facts import SeatAtGate
from app.domain.report.portfolio import ProductRow
from app.github.client import LaterError
from app.github.in_their_name import Posted, RefusedCommentError, post_comment
from app.github.signin import SignedInReader
from app.web import act_kinds, decision_act, drafts, forms, second_thought_acts, session
from app.web.act_kinds import Act, FieldError, act_text, condition_rows
from app.web.context import PageContext, page, plain_page, product_row, visit
from app.web.receipt import receipt_address
from app.web.services import scripted, services
from app.web.situation import Situation

log = logging.getLogger(__name__)
routes = Blueprint("acts", __name__)
ACTS = act_kinds.ACTS | {decision_act.NAME: decision_act.ACT} | second_thought_acts.ACTS
PRODUCT = "/produit/<owner>/<name>/<int:number>"
PLACES = {
    "vote": ("avis", "avis"),
    "item": ("point", "point/<int:rank>"),
    "ask": ("demande", "demande"),
    "withdraw": ("retrait", "retrait"),
    "lift": ("reserve", "reserve/<int:rank>"),
    "lead": ("piste", "piste/<int:rank>"),
    "decide": (decision_act.NAME, "decision"),
    **second_thought_acts.PLACES,
}
"""By endpoint: the act, and its address below the product's."""
REFUSALS = {401: "act_signed_out", 403: "act_forbidden", 404: "act_unseen", 410: "act_gone", 422: "act_unprocessable"}
Answer = AnyResponse | str | tuple[str | AnyResponse, int]
LONGEST_FIELD = 8_000
OWN = {forms.FIELD, "etape", "etat", "empreinte"}
"""Fields of ours, that nobody types."""


@routes.before_request
def check_offered() -> None:
    """Elsewhere these pages do not exist: who somebody else says one is gives no right to write in their name."""
    if not services().settings.signs_in:
        abort(404)


@dataclass
class _Desk:
    """One act on one product by one person: where it is asked, what is typed, and what is wrong with it."""

    act: Act
    here: Situation
    rank: int
    typed: dict[str, str] = field(default_factory=dict)
    problem: FieldError | None = None
    told: str = ""
    said: str = ""
    """What GitHub answered, in its own words."""

    @property
    def purpose(self) -> str:
        row = self.here.row
        return f"{self.act.name} {row.repository}#{row.number} {self.rank}"

    @property
    def stamp(self) -> str:
        return self.act.stamp(self.here)

    @property
    def session(self) -> str:
        """The day of the session during which it is done; empty elsewhere."""
        return self.typed.get("seance", "")

    @property
    def seats(self) -> tuple[SeatAtGate, ...]:
        """Those that may be said to have sat."""
        return self.here.gate.request.seats if self.here.gate else ()


@dataclass(frozen=True)
class ActTarget:
    """What the form of an act needs on another page than its own: where it is sent, a seal, what it is about."""

    where: str
    seal: Callable[[], str]
    stamp: str
    refused: str


def act_target(endpoint: str, here: Situation) -> ActTarget:
    """The way into an act on a product."""
    row, act = here.row, ACTS[PLACES[endpoint][0]]
    owner, _, name = row.repository.partition("/")
    desk = _Desk(act, here, 0)
    where = visit().to(f"acts.{endpoint}", owner=owner, name=name, number=row.number)
    return ActTarget(where, lambda: forms.seal(desk.purpose), desk.stamp, act.refused(here, 0))


def signed_in() -> SignedInReader | None:
    """Who is signed in, looked for once a request."""
    if "person" not in g:
        g.person = session.reader(services().portfolio_cache.repositories())
    return cast("SignedInReader | None", g.person)


def situation(owner: str, name: str, number: int) -> tuple[PageContext, Situation]:
    """Ends the request when nobody is signed in, or when GitHub does not show them this product."""
    here, repository = visit(needs_person=True), f"{owner}/{name}"
    person = signed_in() if here.who else None
    if person is None or here.repository != repository or repository not in person.repositories:
        abort(404)
    row = product_row(owner, name, number)
    who = Account(person.login, person.id)
    return here, Situation(
        row,
        who,
        here.own_policy or here.policy,
        here.now,
        lambda: services().portfolio_cache.history(repository, number),
    )


def _act(owner: str, name: str, number: int, act: str, rank: int = 0) -> Answer:
    if request.method == "POST" and signed_in() is None:
        return _ended(f"{act} {owner}/{name}#{number} {rank}")
    desk = _Desk(ACTS[act], situation(owner, name, number)[1], rank)
    if request.method == "GET":
        desk.typed = drafts.kept_draft()
        desk.told = "act_draft" if desk.typed else ""
        return _form(desk)
    nonce = forms.unsealed(desk.purpose, request.form.get(forms.FIELD, ""))
    if not nonce:
        abort(403)
    return _handled(desk, nonce)


for _endpoint, (_name, _below) in PLACES.items():
    routes.add_url_rule(
        f"{PRODUCT}/{_below}", _endpoint, _act, defaults={"act": _name}, methods=["GET", "POST"], strict_slashes=True
    )


def _ended(purpose: str) -> tuple[str, int]:
    """The session ended while they were writing: what they typed is kept, for them alone."""
    if not forms.unsealed(purpose, request.form.get(forms.FIELD, "")):
        abort(403)
    return _come_back(drafts.keep_draft(typed_now()))


def _come_back(where: str) -> tuple[str, int]:
    return plain_page("act_ended", 401, again=url_for("signin.start", suite=where))


def typed_now() -> dict[str, str]:
    return {name: text[:LONGEST_FIELD] for name, text in request.form.items() if name not in OWN}


def _handled(desk: _Desk, nonce: str) -> Answer:
    desk.typed, step = typed_now(), request.form.get("etape", "")
    done = _done(desk, nonce)
    if done is not None:
        return done
    if desk.act.refused(desk.here, desk.rank):
        return _form(desk), 409
    if request.form.get("etat") != desk.stamp:
        desk.told = "act_changed"
        return _form(desk), 409
    if step in {"ajouter", "modifier"}:
        desk.typed["lignes"] = str(condition_rows(desk.typed) + (step == "ajouter"))
        return _form(desk)
    try:
        text = act_text(desk.here, desk.act, desk.rank, desk.typed)
    except FieldError as error:
        desk.problem = error
        return _form(desk), 422
    if step != "publier" or request.form.get("empreinte") != _print(text):
        return _preview(desk, text)
    return _publish(desk, nonce, text)


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _form(desk: _Desk) -> str | AnyResponse:
    shown = page(
        "act.html",
        desk=desk,
        here=desk.here,
        refused=desk.act.refused(desk.here, desk.rank),
        seal=lambda: forms.seal(desk.purpose),
        lines=condition_rows(desk.typed),
    )
    return scripted(shown) if desk.session else shown


def _preview(desk: _Desk, text: str) -> str | AnyResponse:
    hidden = {**desk.typed, "etat": desk.stamp, "empreinte": _print(text)}
    shown = page("act_preview.html", desk=desk, here=desk.here, text=text, hidden=hidden, seal=forms.seal(desk.purpose))
    return scripted(shown) if desk.session else shown


def _done(desk: _Desk, nonce: str) -> AnyResponse | None:
    """Where a form that was sent already leads: to what it did."""
    sent = session.sealed_values().read("act", nonce, session.seconds_now())
    return redirect(receipt_address(desk.here, int(sent), desk.session)) if sent else None


def _publish(desk: _Desk, nonce: str, text: str) -> Answer:
    """Once per form: whoever sends it twice gets the receipt of the first time."""
    sealed, until = session.sealed_values(), session.seconds_now() + session.LIFE_S
    if not sealed.claim("act", nonce, "", until):
        desk.told = "act_sent"
        return _form(desk), 409
    row, person = desk.here.row, desk.here.person
    try:
        posted = post_comment(
            services().settings, session.token(), (row.repository, row.number), text, person.id, desk.here.now
        )
    except RefusedCommentError as error:
        return _refused(desk, error)
    except LaterError as error:
        log.warning("a comment could not be written in somebody's name: %s", error)
        desk.told = "act_later"
        return _form(desk), 503
    return _receipt(desk, nonce, posted, until)


def _receipt(desk: _Desk, nonce: str, posted: Posted, until: float) -> AnyResponse:
    session.sealed_values().keep("act", nonce, str(posted.id), until)
    return redirect(receipt_address(desk.here, posted.id, desk.session), 303)


def _refused(desk: _Desk, error: RefusedCommentError) -> Answer:
    """What GitHub refuses is told in plain words, with its own beside; what was typed stays in the form."""
    log.warning("GitHub refused a comment in somebody's name: %s", error)
    if error.status == 401:  # the person took the App's access back on GitHub
        back = drafts.keep_draft(desk.typed)
        session.end_session()
        return _come_back(back)
    desk.told, desk.said = REFUSALS.get(error.status, "act_refused"), error.said
    return _form(desk), 502


@dataclass(frozen=True)
class Offer:
    """A link to the page of an act: its word, and the number it is about if it is about one."""

    key: str
    where: str
    rank: int = 0


def offered_acts(here: PageContext, row: ProductRow) -> Iterator[Offer]:
    """The acts that this visitor may do on a product.

    Who has not signed in yet is offered the vote: only then is it known whether they have one.
    """
    owner, _, name = row.repository.partition("/")

    def offer(endpoint: str, key: str, **more: int) -> Offer:
        where = here.to(f"acts.{endpoint}", owner=owner, name=name, number=row.number, **more)
        return Offer(key, where, more.get("rank", 0))

    if not services().settings.signs_in:
        return
    if not here.who:
        if row.gate is not None:
            yield offer("vote", "act_avis")
        return
    person = signed_in()
    if person is None or row.repository not in person.repositories:
        return  # pages that all may read, of a repository where they may not write
    seen = Situation(
        row,
        Account(here.who, here.number),
        here.own_policy or here.policy,
        here.now,
        lambda: services().portfolio_cache.history(row.repository, row.number),
    )
    if not ACTS["avis"].refused(seen, 0):
        yield offer("vote", "act_avis")
    if seen.is_team and not ACTS["demande"].refused(seen, 0):
        yield offer("ask", "act_demande")
    for rank in _leads(seen):
        yield offer("lead", "act_lead", rank=rank)
    for condition in filter(seen.may_lift, row.conditions):
        yield offer("lift", "act_lift", rank=condition.number)
    if seen.is_team and seen.items:
        yield offer("items", "act_points")
    if seen.is_team and not ACTS["retrait"].refused(seen, 0):
        yield offer("withdraw", "act_retrait")
    yield from (offer(endpoint, key) for endpoint, key in second_thought_acts.offered_second_thoughts(seen))


def _leads(seen: Situation) -> tuple[int, ...]:
    """Those left to answer; the history is read only where one is."""
    is_asked = seen.may_answer_leads and any(one.awaits for one in seen.row.standing.reuse)
    return seen.leads_awaited if is_asked else ()


@routes.get(f"{PRODUCT}/points")
def items(owner: str, name: str, number: int) -> str:
    """The checklist, a link beside each of its points."""
    _, here = situation(owner, name, number)
    return page("act_items.html", here=here)
