"""Messages sent outside GitHub: a subject and a few lines, as a page for mail, and as Markdown for conversations.

A title is what somebody typed: in none of these shapes does it become a link, a mention or a mark of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from app.domain.policy.model import TIMEZONE
from app.domain.reading.text import clipped
from app.domain.reading.visible import visible
from app.domain.report.news import News
from app.messages import WORD_JOINER, neutral, plain_macros
from app.messages.typography import one_line, spaced

LINES, TITLE = 20, 120
"""Pieces of news written out in one message, and characters of a title."""
LIVELY = re.compile(r"@(?=\w)|(?<=[a-z])(?=://)|\bwww(?=\.)", re.IGNORECASE)
"""Where what somebody typed would become a mention or a link by itself."""
PREFIX = {"fr": "Jalon\u00a0: ", "en": "Jalon: "}
Address = Callable[[News], str]


@dataclass(frozen=True)
class Letter:
    """`html` is for a mail, which shows its subject; the two others, for conversations, hold all there is to read.

    `files` are named contents that go with a mail.
    """

    subject: str
    html: str
    page: str
    markdown: str
    files: tuple[tuple[str, bytes], ...] = ()


def news_letter(told: Sequence[News], channel: str, language: str, address: Address, place: str = TIMEZONE) -> Letter:
    """One message for all that a channel waits for: a line each, with its link."""
    words = plain_macros("news.txt.j2", language, place)
    lines = [(news_sentence(one, language, place), address(one)) for one in told[:LINES]]
    subject = lines[0][0] if len(told) == 1 else one_line(words.several(len(told)))
    ends = [words.others(len(told) - LINES)] if len(told) > LINES else []
    where = {one.repository for one in told}
    ends.append(words.footer(channel, where.pop() if len(where) == 1 else ""))
    return _letter(subject, lines, ends, language)


def trial_letter(channel: str, language: str) -> Letter:
    """What is sent to see whether a channel works."""
    words = plain_macros("news.txt.j2", language)
    return _letter(one_line(words.trial(channel)), [(one_line(words.trial_text(channel)), "")], [], language)


def digest_letter(
    news: News, channel: str, opening: tuple[str, str], link: tuple[str, date] | None, language: str, place: str
) -> Letter:
    """The opening of a week's digest, in Markdown and in HTML, and the link by which it is read without an account."""
    words = plain_macros("news.txt.j2", language, place)
    markdown, html = opening
    after = [words.account()] if "](" in markdown else []
    lines = [(one_line(words.read_digest(link[1])), link[0])] if link else []
    ends = [*after, words.digest_footer(channel, news.repository, bool(link))]
    rest = _letter(news_sentence(news, language, place), lines, ends, language)
    # The opening has a title of its own.
    page, said = html + rest.page.partition("\n")[2], rest.markdown.partition("\n\n")[2]
    return Letter(rest.subject, _mail(page, language), page, f"{markdown.strip()}\n\n{said}")


def news_sentence(news: News, language: str, place: str = TIMEZONE) -> str:
    """« Avis attendu sur « Annuaire » (MVP) »: plain text, on one line."""
    shown = News(news.event, news.repository, news.cause, news.number, clipped(news.title, TITLE), news.phase, news.day)
    return quiet(one_line(plain_macros("news.txt.j2", language, place).line(shown)))


def quiet(text: str) -> str:
    """The same words, none of which mentions anybody or leads anywhere."""
    return LIVELY.sub(lambda found: f"{found.group()}{WORD_JOINER}", visible(text))


def _letter(subject: str, lines: Sequence[tuple[str, str]], ends: Sequence[str], language: str) -> Letter:
    said = [(one_line(text), address) for text, address in lines]
    small = [one_line(text) for text in ends]
    html = [f"<p>{escape(text)}{_html_link(address)}</p>" for text, address in said]
    html += [f"<p><small>{escape(text)}</small></p>" for text in small]
    markdown = [f"{_inert(text, language)}{_markdown_link(address)}" for text, address in said]
    markdown += [_inert(text, language) for text in small]
    headline = f"{PREFIX[language]}{_lowered(subject)}"
    if not said or said[0][0] != subject:  # in a conversation nothing else would tell what it is about
        page, markdown = [_heading(headline), *html], [f"**{_inert(headline, language)}**", *markdown]
    else:
        page = html
    return Letter(headline, _mail("\n".join(html), language), "\n".join(page), "\n\n".join(markdown))


def _mail(content: str, language: str) -> str:
    """The language is told to whoever has it read aloud."""
    return f'<html lang="{language}">\n<body>\n{content}\n</body>\n</html>\n'


def _heading(text: str) -> str:
    return f"<p><strong>{escape(text)}</strong></p>"


def _inert(text: str, language: str) -> str:
    """No mark of Markdown in it; the spaces that such a reading makes ordinary are held again."""
    return spaced(neutral(text)) if language == "fr" else str(neutral(text))


def _lowered(subject: str) -> str:
    """« Jalon : avis attendu… »: after a colon, no capital."""
    return subject[:1].lower() + subject[1:]


def _html_link(address: str) -> str:
    """The address itself is shown: a text made from the page keeps it."""
    return f'<br>\n<a href="{escape(address)}">{escape(address)}</a>' if address else ""


def _markdown_link(address: str) -> str:
    return f"\n<{address}>" if address else ""
