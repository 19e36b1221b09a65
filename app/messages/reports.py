"""Reports in words: the week's digest and the committee's papers, bounded to a page, from one template per language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, quote_plus

from app.domain.policy.calendar import Week, last_day
from app.domain.policy.model import Policy
from app.domain.reading.text import clipped
from app.domain.report.agenda import Agenda
from app.domain.report.digest import Digest
from app.domain.report.minutes import Minutes
from app.domain.report.present import SeatAwaited
from app.domain.report.report_lines import Ref, ReviewLine
from app.messages import MONTHS, Safe, environment, neutral
from app.messages.charts import Chart, Drawer
from app.messages.counting import counted
from app.messages.figures import compared_with_before, table
from app.messages.rules_reports import REPORTS as RULES_REPORTS

WHOLE = 60
"""Files or decisions written out in one paper of a session: more would not hold in an issue."""
TOP, FEW, SEATS = 5, 3, 4
"""Lines of a digest’s list, of a short one, seats named: « et N autres » takes over."""
OUTCOMES = {
    "fr": {
        "go": "✅ Go",
        "conditional": "🟡 Go sous réserve",
        "nogo": "⛔ No-go",
        "postponed": "⏸️ Report",
        "rectified_go": "✏️ Décision rectifiée en go",
        "rectified_nogo": "✏️ Décision rectifiée en no-go",
        "rectified_later": "✏️ Décision rectifiée en report",
        "contested": "⚖️ Contestation",
        "overridden_go": "⚠️ Passer outre, go de la direction",
        "overridden_nogo": "⚠️ Passer outre, no-go de la direction",
    },
    "en": {
        "go": "✅ Go",
        "conditional": "🟡 Conditional go",
        "nogo": "⛔ No-go",
        "postponed": "⏸️ Put off",
        "rectified_go": "✏️ Decision put right into a go",
        "rectified_nogo": "✏️ Decision put right into a no-go",
        "rectified_later": "✏️ Decision put right into a report",
        "contested": "⚖️ Contested",
        "overridden_go": "⚠️ Overridden, go by the direction",
        "overridden_nogo": "⚠️ Overridden, no-go by the direction",
    },
}
AND_OTHERS = {"fr": "et", "en": "and"}
CHARTS = {
    "fr": {
        "phases": "Produits par phase",
        "trend": "Décisions par semaine",
        "key": " : go (barres), no-go (ligne)",
        "go": "Go",
        "nogo": "No-go",
    },
    "en": {
        "phases": "Products by phase",
        "trend": "Decisions per week",
        "key": ": go (bars), no-go (line)",
        "go": "Go",
        "nogo": "No-go",
    },
}
REPORTS = ("digest", "agenda", "minutes", *RULES_REPORTS)
"""The names of the templates that are not notices."""


@dataclass(frozen=True)
class Links:
    """Where readers go from a report: GitHub's pages (`web`), one backlog, and our own pages if they are served."""

    web: str
    repository: str
    pages: str = ""

    def product(self, repository: str, number: int) -> str:
        return f"{self.web}/{repository}/issues/{number}"

    def page(self, repository: str, number: int) -> str:
        """Our page of a product; nothing says it is served but `pages`."""
        return f"{self.pages}/produit/{repository}/{number}"

    def whole(self, what: str) -> str:
        """The full list: our page when there is one, else GitHub's search by label."""
        if self.pages:
            return f"{self.pages}/?{PAGES[what]}" if PAGES[what] else f"{self.pages}/"
        return f"{self.web}/{self.repository}/issues?q={quote_plus(SEARCHES[what])}"


SEARCHES = {
    "products": "is:issue label:produit",
    "gates": 'is:issue label:"passage: demandé"',
    "conditions": 'is:issue label:"passage: réserve ouverte"',
}
PAGES = {"products": "", "gates": "etat=gate", "conditions": "etat=conditions"}


def digest_text(digest: Digest, policy: Policy, links: Links, draw: Drawer, top: int = TOP) -> str:
    """The week's digest in Markdown, in the policy's language; its lists cut after `top` lines."""
    charts = digest_charts(digest, policy.language)
    return _render(
        "digest",
        policy,
        links,
        top,
        d=digest,
        months=policy.follow_up.unseen_months,
        missing=[_monday(week, policy.language) for week in digest.missing],
        keeper=_keeper(policy),
        elsewhere=_elsewhere,
        chart=lambda name: Safe(draw(charts[name])),
        compared=lambda now, before, one, many: compared_with_before(now, before, one, many, policy.language),
        phases=lambda head: _phases(digest, head, policy.language),
        weeks=lambda head: _weeks(digest, head, policy.language, 12 if top == TOP else top),
    )


def seal_text(digest: Digest, language: str) -> str:
    """What the digest says of the seal of the register, in Markdown, for those who are sent its opening alone."""
    words: Any = environment(language).get_template("_seal.j2").module
    return str(words.checkpoint(digest.seal)).strip() if digest.seal else ""


def _phases(digest: Digest, head: Sequence[str], language: str) -> Safe:
    """The phases in which there is something to count."""
    rows = []
    for line in digest.phases:
        usual = None if line.usual_days is None else _lasted(line.usual_days, language)
        rows.append((neutral(line.name), line.products, line.arrived, line.left, usual))
    return table(head, rows)


def _weeks(digest: Digest, head: Sequence[str], language: str, shown: int) -> Safe:
    """The latest weeks in which something happened."""
    rows = []
    for one in digest.lively[-shown:]:
        counts = one.counts
        figures = one.total, counts.new, counts.moved, counts.go + counts.conditional, counts.nogo
        rows.append((_monday(one.week, language), *figures))
    return table(head, rows)


def _keeper(policy: Policy) -> str:
    """The name of the seat that keeps the catalogue."""
    seat = policy.seat(policy.reuse.seat) if policy.reuse else None
    return seat.name if seat else ""


def _elsewhere(entry: ReviewLine) -> Safe:
    """A link to what somebody else keeps; its name alone when there is none."""
    name = neutral(clipped(entry.name, 80))
    return Safe(f"[{name}]({quote(entry.link, safe=':/?=&%#')})" if entry.link else name)


def agenda_text(agenda: Agenda, policy: Policy, links: Links) -> str:
    """The papers of the next session, in Markdown."""
    closing = last_day(agenda.cut_off, policy.timezone)
    return _render("agenda", policy, links, a=agenda, closing=closing, top=WHOLE)


def minutes_text(minutes: Minutes, policy: Policy, links: Links) -> str:
    """The decisions of a session, in Markdown, whole: it is kept as a record."""
    return _render("minutes", policy, links, m=minutes, limit=WHOLE, top=WHOLE)


def digest_charts(digest: Digest, language: str) -> dict[str, Chart]:
    words = CHARTS[language]
    held = tuple(line for line in digest.phases if line.products)
    phases = tuple(line.name for line in held)
    weeks = tuple(_week(one.week, language) for one in digest.trend)
    go = tuple(one.counts.go + one.counts.conditional for one in digest.trend)
    nogo = tuple(one.counts.nogo for one in digest.trend)
    return {
        "phases": Chart(words["phases"], phases, ((words["phases"], tuple(line.products for line in held)),)),
        "trend": Chart(words["trend"], weeks, ((words["go"], go), (words["nogo"], nogo)), words["key"]),
    }


def _render(name: str, policy: Policy, links: Links, top: int = TOP, **values: Any) -> str:
    language = policy.language
    shared = {
        "top": top,
        "few": min(FEW, top),
        "links": links,
        "names": {phase.id: phase.name for phase in policy.phases},
        "outcomes": {key: Safe(text) for key, text in OUTCOMES[language].items()},
        "link": lambda ref: _link(links, ref),
        "address": lambda ref: Safe(_address(links, ref)),
        "duration": lambda minutes: _duration(minutes, language),
        "count": lambda number, one, many: _count(number, one, many, language),
        "page": lambda ref: Safe(quote(links.page(ref.repository, ref.number), safe=":/")),
        "seats": lambda awaited: _seats(awaited, language),
        "every": lambda awaited: _seats(awaited, language, len(awaited)),
        "more": lambda lines, what, one, many: _more(lines, what, one, many, links, language, top),
        "lasted": lambda days: _lasted(days, language),
        "span": lambda first, last: _span(first, last, language),
        "monday": lambda week: _monday(week, language),
        "and_more": lambda lines, one, many: _and_more(lines, one, many, language, min(FEW, top)),
        "rest": lambda lines, one, many, shown=FEW: _rest(lines, one, many, shown, language),
    }
    text = environment(language, policy.timezone).get_template(f"{name}.md.j2").render(shared | values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _address(links: Links, ref: Ref) -> str:
    return quote(links.product(ref.repository, ref.number), safe=":/")


def _link(links: Links, ref: Ref) -> Safe:
    return Safe(f"[{neutral(clipped(ref.title, 80)) or ref.number}]({_address(links, ref)})")


def _duration(minutes: int, language: str) -> Safe:
    """« 1 h 30 », « 45 minutes »"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _count(rest, "minute", "minutes", language)
    return Safe(f"{hours} h {rest:02}" if rest or language == "en" else f"{hours} h")


def _count(number: int, one: str, many: str, language: str) -> Safe:
    """« 2 décisions », « 1 décision », « aucune » left to the template: French counts 0 as one."""
    return Safe(counted(number, one, many, language))


SPANS = {
    "fr": (("jour", "jours"), ("mois", "mois"), ("an", "ans")),
    "en": (("day", "days"), ("month", "months"), ("year", "years")),
}
MANY_DAYS, MANY_MONTHS, MONTH_DAYS, YEAR_DAYS = 90, 24, 30.4375, 365.25


def _lasted(days: int, language: str) -> Safe:
    """« 43 jours », « 17 mois », « 7 ans »: as precise as people say it."""
    in_days, in_months, in_years = SPANS[language]
    if not days:
        return Safe("moins d’un jour" if language == "fr" else "less than a day")
    if days < MANY_DAYS:
        return _count(days, *in_days, language)
    months = round(days / MONTH_DAYS)
    if months < MANY_MONTHS:
        return _count(months, *in_months, language)
    return _count(int(days / YEAR_DAYS), *in_years, language)


def _span(first: date, last: date, language: str) -> Safe:
    """« 23 au 29 novembre 2026 », « 30 novembre au 6 décembre 2026 »"""
    day = environment(language).filters["day"]
    start = str(day(first))
    for shared in (f" {first.year}" if first.year == last.year else "", f" {MONTHS[language][first.month - 1]}"):
        if shared and str(day(last)).endswith(f"{shared}{'' if shared[1:].isdigit() else f' {last.year}'}"):
            start = start.removesuffix(shared)
    return Safe(f"{start} {'au' if language == 'fr' else 'to'} {day(last)}")


def _monday(week: Week, language: str) -> Safe:
    """« 16 novembre », « 28 décembre 2026 » when it is not the year of most of its days."""
    told = str(environment(language).filters["day"](week.monday))
    return Safe(told.removesuffix(f" {week.year}"))


def _week(week: Week, language: str) -> Safe:
    """« S48 »"""
    return Safe(f"{'S' if language == 'fr' else 'W'}{week.number:02}")


def _and_more(lines: Sequence[object], one: str, many: str, language: str, few: int) -> Safe:
    """A last line, « et 12 autres », for a short list that is not whole."""
    return Safe(f"-{_rest(lines, one, many, few, language)}") if len(lines) > few else Safe("")


def _seats(awaited: Sequence[SeatAwaited], language: str, most: int = SEATS) -> Safe:
    ordered = sorted(awaited, key=lambda seat: not seat.mandatory)
    names = [f"**{neutral(seat.name)}**" if seat.mandatory else str(neutral(seat.name)) for seat in ordered]
    if len(names) > most + 1:
        names = [*names[:most], f"{AND_OTHERS[language]} {len(names) - most} {_others(language)}"]
        return Safe(", ".join(names[:-1]) + " " + names[-1])
    return Safe(", ".join(names) or "–")


def _others(language: str) -> str:
    return "autres" if language == "fr" else "others"


def _more(lines: Sequence[object], what: str, one: str, many: str, links: Links, language: str, top: int) -> Safe:
    """« et 12 autres décisions », with where to find them; nothing when the list is whole."""
    left = len(lines) - top
    if left <= 0:
        return Safe("")
    return Safe(f"[{AND_OTHERS[language]} {_count(left, one, many, language)}]({links.whole(what)})")


def _rest(lines: Sequence[object], one: str, many: str, shown: int, language: str) -> Safe:
    left = len(lines) - shown
    return Safe(f" {AND_OTHERS[language]} {_count(left, one, many, language)}") if left > 0 else Safe("")
