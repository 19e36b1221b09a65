"""Whatever somebody typed as a title, a message holds our links alone, and a calendar is read back as it was meant."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import vobject
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.domain.report.calendar_events import CalendarEvent
from app.domain.report.news import News
from app.messages.letters import news_letter
from app.reports.calendars import as_calendar
from tests.builders import a_small_policy
from tests.sending.hall import WEDNESDAY

LINK = "https://github.example/dnum/produits/issues/12"
POLICY = a_small_policy()
PIECES = ["@all", "[x](https://piege.example)", "<a href=x>", "![i](y)", "www.piege.example", "`", "*", "\n", ";", ",", "\\", ":", "« »", "<script>", "#12", "http://", "\u202e", "é", "BEGIN:VEVENT"]  # fmt: skip
TITLES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs).get("href")))


@given(TITLES)
@example("[x](https://piege.example)")
@example("@all <b>")
def test_a_message_holds_no_link_but_ours_and_mentions_nobody(title):
    news = News("gate_opened", "dnum/produits", "fact 2", 12, title, "MVP")
    letter = news_letter([news], "comité", "fr", lambda _: LINK)
    for page in (letter.html, letter.page):
        tags = Tags()
        tags.feed(page)
        assert {tag for tag, _ in tags.found} <= {"html", "body", "p", "br", "a", "small", "strong"}
        assert [href for tag, href in tags.found if tag == "a"] == [LINK]
    shown = MarkdownIt("commonmark", {"html": True}).render(letter.markdown)
    assert re.findall(r'href="([^"]*)"', shown) == [LINK]
    assert "<img" not in shown
    assert not re.search(r"<(?!/?(?:p|a|strong|em|br|code)\b)", shown)
    assert not re.search(r"@\w", letter.subject + letter.html + letter.markdown)
    assert "\n" not in letter.subject


@given(TITLES, TITLES)
def test_a_calendar_is_read_back_by_another_library(title, text):
    event = CalendarEvent("ballot", "ballot-12-1", date(2026, 11, 24), 12, title, "MVP", text=text, place=text)
    made = as_calendar([event], "dnum/produits", POLICY, lambda _: LINK, {}, WEDNESDAY, is_person=True)
    (read,) = vobject.readOne(made.decode()).vevent_list
    assert read.summary.value.startswith("Jalon\u00a0: avis attendu sur ")
    assert read.summary.value.endswith("(MVP)")
    assert "\n" not in read.summary.value
    assert read.dtstart.value == date(2026, 11, 24)
    assert read.url.value == LINK
