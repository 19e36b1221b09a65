"""One visit to the pages: which backlog, in which language, under which rules, and the products to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, g, make_response, render_template, request, url_for

from app.domain.policy.calendar import day_of
from app.domain.policy.model import LANGUAGES, Item, Policy
from app.domain.report.portfolio import ProductRow
from app.domain.reuse.catalogue import Catalogue, Norm
from app.domain.session.model import Session
from app.github.client import LaterError, NotFoundError
from app.messages import MONTHS
from app.messages.reports import Links
from app.messages.typography import spaced
from app.reports.sheet_words import sheet_in_french
from app.reports.sheets import Sheet, as_csv, as_json
from app.settings import web_url
from app.shipped_files import default_policy
from app.store.sessions import Sessions
from app.web import session
from app.web.access import is_here, may_read
from app.web.services import services
from app.yaml_documents import read_plain

PAGE = 50
"""Lines of a list on one page."""
WORDS = Path(__file__).parent / "words"
WORD_FILES = (
    "{}.yml",
    "proofs.{}.yml",
    "acts.{}.yml",
    "absences.{}.yml",
    "notices.{}.yml",
    "sessions.{}.yml",
    "figures.{}.yml",
)
"""By language: the words of the pages, and those of what is done from them."""


@cache
def words(language: str) -> dict[str, str]:
    files = (read_plain((WORDS / name.format(language)).read_text(encoding="utf-8")) for name in WORD_FILES)
    found = {key: text for file in files for key, text in file.items()}
    return {key: spaced(text) for key, text in found.items()} if language == "fr" else found


def told(language: str, key: str, n: int | None = None, **values: object) -> str:
    """A sentence of the pages; with `n`, its singular or its plural, after the one for nought where there is one."""
    text = words(language)[key]
    if n is not None and "|" in text:
        *nought, one, many = text.split("|")
        text = nought[0] if nought and n == 0 else one if (n < 2 if language == "fr" else n == 1) else many
    return text.format(n=n, **values)


@dataclass(frozen=True)
class PageContext:
    """`own_language` is the policy's; the visitor may have asked for the other one."""

    repository: str
    repositories: tuple[str, ...]
    policy: Policy
    language: str
    own_language: str
    rows: tuple[ProductRow, ...]
    now: datetime
    who: str | None = None
    """Login of the person signed in, where people sign in."""
    number: int = 0
    """The number of their account."""
    may_sign_in: bool = False
    """Whether the visitor reads without being signed in, and could be."""
    own_policy: Policy | None = None
    """The rules in the committee's own language, in which people speak on GitHub."""

    @property
    def links(self) -> Links:
        settings = services().settings
        return Links(web_url(settings.api_url), self.repository, settings.public_url)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the backlog keeps of commons and norms, in the visitor's language."""
        return services().catalogue(self.repository, self.language)

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Those of the backlog whose issue was read: where and when, moved or cancelled."""
        return Sessions(services().register.engine).of(self.repository) if self.repository else ()

    def norms_of(self, item: Item) -> tuple[Norm, ...]:
        """Those it has people follow, as the catalogue tells them."""
        known = self.catalogue.norms_by_id if item.norms else {}
        return tuple(known[norm] for norm in item.norms if norm in known)

    @property
    def committee(self) -> str:
        """What its committee is called."""
        return self.policy.committee.called(self.repository)

    @cached_property
    def committees(self) -> tuple[tuple[str, str], ...]:
        """Those the visitor may see, each a repository and what its committee is called; two of one name are told
        apart.
        """
        names = {name: _rules(name).committee.called(name) for name in self.repositories}
        often = Counter(names.values())
        return tuple((name, told if often[told] == 1 else f"{told} ({name})") for name, told in names.items())

    @property
    def today(self) -> date:
        """The day it is in the committee's place."""
        return day_of(self.now, self.policy.timezone)

    def t(self, key: str, n: int | None = None, **values: object) -> str:
        return told(self.language, key, n, **values)

    def day(self, moment: datetime | date | str) -> str:
        """« 24 novembre 2026 », in the committee's place."""
        if isinstance(moment, str):
            moment = date.fromisoformat(moment)
        day = day_of(moment, self.policy.timezone) if isinstance(moment, datetime) else moment
        number = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{number} {MONTHS[self.language][day.month - 1]} {day.year}"

    def decimal(self, value: float) -> str:
        """« 0,34 », as the visitor's language writes it."""
        text = f"{value:.2f}"
        return text.replace(".", ",") if self.language == "fr" else text

    def to(self, endpoint: str, **values: Any) -> str:
        """The address of a page, in the same backlog and language."""
        if self.language != self.own_language:
            values.setdefault("lang", self.language)
        if len(self.repositories) > 1:
            values.setdefault("comite", self.repository)
        return url_for(endpoint, **values)


def visit(*, needs_person: bool = False) -> PageContext:
    """The current one; ends the request when the visitor may not read: by the way to GitHub where people sign in
    (401 for a file), by 403 elsewhere; by 404 when the backlog is unknown, or is not shown to them.
    """
    if "visit" not in g:
        settings, known = services().settings, services().portfolio_cache.repositories()
        if settings.signs_in:
            g.visit = _signed_in(known, needs_person=needs_person)
        else:
            # A backlog that the visitor may not read is neither named nor told from one that does not exist.
            open_to_them = tuple(name for name in known or ("",) if may_read(_rules(name), settings.pages))
            g.visit = _visit(tuple(filter(None, open_to_them))) if open_to_them else abort(403)
    return g.visit  # type: ignore[no-any-return]


def _signed_in(known: tuple[str, ...], *, needs_person: bool) -> PageContext:
    """Somebody signed in sees the backlogs GitHub shows them; anybody, those that the rules make public.

    Where the pages are open to this machine, its visitors read all, and sign in only to be told what awaits them.
    """
    person, pages = session.reader(known), services().settings.pages
    public = tuple(name for name in known if is_here(pages) or _rules(name).follow_up.public_pages)
    asked = _asked(known)
    if person is None and (needs_person or not (asked in public or is_here(pages))):
        abort(session.sign_in_first(as_data="shape" in (request.view_args or {})))
    mine = person.repositories if person else ()
    seen = _visit(tuple(name for name in known if name in {*public, *mine}), person.login if person else None)
    return replace(seen, may_sign_in=person is None, number=person.id if person else 0)


def _visit(known: tuple[str, ...], who: str | None = None) -> PageContext:
    repository = _asked(known)
    if repository and repository not in known:
        abort(404)
    return committee_context(repository, known, who)


def _asked(known: tuple[str, ...]) -> str:
    """The repository of the committee asked for, `depot` in the addresses of former versions; on the page of a product,
    its own; else the first one.
    """
    place = request.view_args or {}
    named = f"{place['owner']}/{place['name']}" if {"owner", "name"} <= place.keys() else ""
    return request.args.get("comite") or request.args.get("depot") or named or (known[0] if known else "")


def committee_context(repository: str, known: tuple[str, ...], who: str | None = None) -> PageContext:
    """One backlog among those that the visitor may read."""
    own, now = _rules(repository), services().now()
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else own.language
    rows = services().portfolio_cache.rows(repository, own, now) if repository else ()
    return PageContext(
        repository, known, in_language(own, language), language, own.language, rows, now, who, own_policy=own
    )


def _rules(repository: str) -> Policy:
    """Those of the repository; the ones that travel with Jalon when GitHub cannot tell and nothing is known."""
    try:
        return services().rules(repository) if repository else default_policy()
    except (LaterError, NotFoundError):
        return default_policy().distrusted()


def in_language(policy: Policy, language: str) -> Policy:
    """The rules with the names of phases and seats in another language, where they are those we know."""
    if language == policy.language:
        return policy
    ours, theirs = default_policy(policy.language), default_policy(language)
    phases = tuple(
        replace(phase, name=theirs.phase(phase.id).name) if phase.name == ours.phase(phase.id).name else phase
        for phase in policy.phases
    )
    known = {seat.name: other.name for seat, other in zip(ours.committee.seats, theirs.committee.seats, strict=True)}
    seats = tuple(replace(seat, name=known.get(seat.name, seat.name)) for seat in policy.committee.seats)
    return replace(policy, language=language, phases=phases, committee=replace(policy.committee, seats=seats))


def here_in(language: str) -> str:
    """The query of the current page, in another language."""
    return urlencode([*((name, text) for name, text in request.args.items() if name != "lang"), ("lang", language)])


def product_row(owner: str, name: str, number: int) -> ProductRow:
    """Ends the request with 404 when there is no such product in the backlog shown."""
    found = (row for row in visit().rows if (row.repository, row.number) == (f"{owner}/{name}", number))
    return next(found, None) or abort(404)


def page(template: str, **values: Any) -> str:
    """A page for the current visit."""
    here = visit()
    shared = {"v": here, "t": here.t, "to": here.to, "day": here.day, "here_in": here_in, "decimal": here.decimal}
    return render_template(template, **shared, **values)


def plain_page(
    name: str, status: int, *, again: str = "", back: bool = False, values: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """A page that needs nothing known of the visitor: its title and its text, and ways out: `again` to sign in."""
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else "fr"

    def t(key: str) -> str:
        return told(language, key, None, **(values or {}))

    shown = {"title": t(name), "text": t(f"{name}_text"), "again": again, "back": back}
    return render_template("plain.html", t=t, language=language, **shown), status


@dataclass(frozen=True)
class ListPage:
    """One page of a long list, the nearest to the one the visitor asks for."""

    number: int
    pages: int

    @classmethod
    def asked(cls, length: int) -> ListPage:
        pages = max(1, -(-length // PAGE))
        return cls(min(max(1, request.args.get("page", 1, type=int)), pages), pages)

    @property
    def start(self) -> int:
        return (self.number - 1) * PAGE


def taken_away(sheet: Sheet, shape: str, name: str) -> Response:
    """A sheet as a file to keep. « sep=, » asks for the one of programs: commas, and columns named in English."""
    text, kind = (_csv(sheet), "text/csv") if shape == "csv" else (as_json(sheet), "application/json")
    answer = make_response(text)
    answer.headers["Content-Type"] = f"{kind}; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{shape}"'
    return answer


def as_paper_to_keep(made: bytes, name: str) -> Response:
    """A PDF, shown by the browser and saved under a name of its own."""
    answer = make_response(made)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _csv(sheet: Sheet) -> str:
    """A French spreadsheet parts columns at semicolons alone."""
    if visit().language == "fr" and request.args.get("sep") != ",":
        return as_csv(sheet_in_french(sheet), ";")
    return as_csv(sheet)
