"""Words: every notice rendered from its template, in French or English, user text made harmless by default."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.policy.calendar import day_of
from app.domain.policy.document import Problem
from app.domain.policy.model import TIMEZONE
from app.domain.product.proof import ShownProof
from app.domain.product.versions import Suspension
from app.domain.publish.notice import Notice
from app.domain.reading.commands import COMMANDS
from app.domain.reading.condition_wording import said_apart
from app.domain.reading.logins import is_login
from app.domain.reading.text import clipped
from app.domain.reading.visible import visible
from app.domain.report.explanation import Explanation
from app.messages.counting import counted
from app.messages.typography import Spaced, one_line

FOLDER = Path(__file__).parent
MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
BRIEF = 160
"""Characters of a person's words shown in a report."""
QUOTED = 300
"""Characters of a value of the policy file shown in a comment."""
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9./?=&%+:,~_-]*")
WORD_JOINER = "\u2060"


class Safe(str):
    """Text that is ours, or was made harmless already."""

    __slots__ = ()


def neutral(text: str) -> Safe:
    """A person's words as plain inline text: no Markdown, HTML, hidden comment, mention, link or issue reference."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)
    text = " ".join(visible(text).split())
    text = re.sub(r"([\\`*_\[\]<>|~$])", r"\\\1", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = re.sub(r"(?<=[@#])(?=\w)", WORD_JOINER, text)
    text = re.sub(r"(?i)\b(https?|ftp|www)(?=[:.])", rf"\1{WORD_JOINER}", text)
    text = re.sub(r"(?i)\bGH-(?=\d)", f"GH{WORD_JOINER}-", text)
    text = re.sub(r"^(\d+)([.)])(?=\s)", r"\1\\\2", text)
    return Safe(re.sub(r"^([-+=#])(?=\s)", r"\\\1", text))


def _finalize(value: Any) -> Any:
    """Every string put in a template is taken for a person's words, unless it says otherwise."""
    return neutral(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def _mention(login: str) -> Safe:
    """A real mention of an account; anything else is shown as text."""
    return Safe(f"@{login}") if is_login(login) else neutral(login)


def _code(text: str) -> Safe:
    """Words of the rules inside `…`: nothing they hold ends it, so that nothing of them is a mention or a link."""
    return Safe(" ".join(visible(text).replace("`", "").split()))


def _link(text: str) -> Safe:
    """A web address as a link, anything else as plain text."""
    address = html.unescape(text).strip()
    return Safe(f"<{address}>") if WEB_ADDRESS.fullmatch(address) else neutral(text)


def _linked(text: str, address: str) -> Safe:
    """Words as a link, when its address is one."""
    return Safe(f"[{neutral(text)}]({address})") if WEB_ADDRESS.fullmatch(address) else neutral(text)


def _marked(text: str, words: Iterable[str]) -> Safe:
    """A sentence as plain text, the words named in bold wherever they stand whole."""
    text = " ".join(visible(text).split())
    bold = [False] * len(text)
    for word in filter(None, words):
        place = text.find(word)
        while place >= 0:
            end = place + len(word)
            if not any(map(str.isalnum, text[max(place - 1, 0) : place] + text[end : end + 1])):
                bold[place:end] = [True] * len(word)
            place = text.find(word, end)
    for place in range(1, len(text) - 1):
        bold[place] = bold[place] or (text[place] == " " and bold[place - 1] and bold[place + 1])
    parts = ("".join(text[place] for place, _ in run) for _, run in groupby(enumerate(bold), key=lambda one: one[1]))
    shown = list(parts)
    first = bool(bold and bold[0])
    return Safe("".join(_bold(part) if (rank % 2 == 0) == first else _kept(part) for rank, part in enumerate(shown)))


def _bold(text: str) -> str:
    return f"**{neutral(text)}**"


def _kept(text: str) -> str:
    """Plain words with the spaces around them."""
    inner = text.strip()
    return text.replace(inner, neutral(inner)) if inner else text


def _listed(items: Iterable[str], word: str) -> Safe:
    """« a, b et c »"""
    parts = [item if isinstance(item, Safe) else neutral(item) for item in items]
    if len(parts) < 2:
        return Safe("".join(parts))
    return Safe(f"{', '.join(parts[:-1])} {word} {parts[-1]}")


def _located(problem: Problem, language: str, address: str) -> Safe:
    """A sentence about the policy file that begins with a link to the line it tells of."""
    text = explain_problem(problem, language, lambda words: neutral(clipped(words, QUOTED)))
    line, comma, rest = text.partition(",")
    return Safe(f"[{line[:1].upper()}{line[1:]}]({_address_of(problem, address)}#L{problem.line}){comma}{rest}")


def _address_of(problem: Problem, address: str) -> str:
    """Where the file of a problem is read, `address` being that of the file which extends it."""
    if not problem.file:
        return address
    owner, name, path = problem.file.split("/", 2)
    web = address.partition("/blob/")[0].rsplit("/", 2)[0]
    return f"{web}/{owner}/{name}/blob/HEAD/{path}"


@cache
def environment(language: str, place: str = TIMEZONE) -> Environment:
    """The templates of one language, with the days of one place; an unknown variable is an error, no silent hole."""

    def day(moment: date | None) -> Safe:
        if moment is None:
            return Safe("")
        if isinstance(moment, datetime) and moment.tzinfo:
            moment = day_of(moment, place)
        number = "1er" if language == "fr" and moment.day == 1 else str(moment.day)
        return Safe(f"{number} {MONTHS[language][moment.month - 1]} {moment.year}")

    def iso_day(text: str) -> Safe:
        return day(datetime.fromisoformat(text)) if text else Safe("")

    result = Environment(
        loader=FileSystemLoader(FOLDER / language),
        undefined=StrictUndefined,
        finalize=_finalize,
        auto_reload=False,
        autoescape=False,  # noqa: S701 - Markdown, not HTML: `finalize` neutralises instead
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        extensions=[Spaced] if language == "fr" else [],
    )
    result.filters |= {
        "mention": _mention,
        "link": _link,
        "mentions": lambda logins: [_mention(login) for login in logins],
        "listed": lambda items: _listed(items, "et" if language == "fr" else "and"),
        "listed_or": lambda items: _listed(items, "ou" if language == "fr" else "or"),
        "shown": neutral,
        "day": day,
        "iso_day": iso_day,
        "on": day,
        "said_apart": said_apart,
        "brief": lambda text: neutral(clipped(text, BRIEF)),
        "linked": _linked,
        "marked": _marked,
        "name_of": lambda key, names: Safe(names[key]),
        "title": lambda text: neutral(clipped(text, 120)),
        "raw": Safe,
        "code": _code,
        "counted": lambda number, one, many: Safe(counted(int(number), one, many, language)),
        "explain": lambda problem, address: _located(problem, language, address),
    }
    result.globals |= {"commands": COMMANDS, "fail": _fail}
    return result


def _fail(word: str) -> str:
    """Called by a template that has no sentence for what it is given."""
    raise LookupError(f"no sentence for {word!r}")


def template_of(notice: type[Notice]) -> str:
    """GateView → gate_view.md.j2"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", notice.__name__).lower() + ".md.j2"


def render(notice: Notice, language: str, place: str = TIMEZONE) -> str:
    """The comment's text, in Markdown; raises jinja2.UndefinedError when a template asks for what is not there."""
    text = environment(language, place).get_template(template_of(type(notice))).render(notice=notice)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def seal_line(proof: ShownProof, language: str) -> str:
    """The last line of a decision's comment: its number in the sealed register, and how the seal's root begins."""
    words: Any = environment(language).get_template("_seal.j2").module
    return str(words.line(proof)).strip()


def explain_problem(problem: Problem, language: str, shown: Callable[[str], Safe] = Safe) -> str:
    """One sentence about something wrong in the policy file, with its line and column; `shown` treats its words."""
    details = {name: shown(value) for name, value in problem.detail}
    template = environment(language).get_template("problem.txt.j2")
    path, file = shown(problem.path), shown(problem.file)
    told = template.render(problem=problem, path=path, file=file, kind=problem.kind, d=details)
    return one_line(told)


def _unmarked(value: Any) -> Any:
    """For a terminal: a person's words on one line, without anything that could drive the screen."""
    return one_line(visible(value)) if isinstance(value, str) else value


@cache
def _for_terminals(language: str, place: str) -> Environment:
    """Kept, since its templates are compiled apart from those of the comments."""
    return environment(language, place).overlay(finalize=_unmarked)


def plain_macros(name: str, language: str, place: str = TIMEZONE) -> Any:
    """The sentences of a template, each a function that gives plain text: what people typed is in them as it stands."""
    return _for_terminals(language, place).get_template(name).module


def explain_product(told: Explanation | Suspension, language: str, place: str = TIMEZONE) -> str:
    """Why a product is where it is, as plain text for a terminal."""
    name = "suspension.txt.j2" if isinstance(told, Suspension) else "explain.txt.j2"
    template = _for_terminals(language, place).get_template(name)
    return re.sub(r"\n{3,}", "\n\n", template.render(told=told)).strip()
