"""Every message that leaves GitHub, compared with the text kept beside; JALON_GOLDEN=write rewrites it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.policy.model import LANGUAGES
from app.domain.report.calendar_events import CalendarEvent
from app.domain.report.news import News
from app.messages.letters import digest_letter, news_letter, trial_letter
from app.messages.typography import spaced
from app.reports.calendars import as_calendar
from app.reports.renderings import as_html
from tests.builders import a_small_policy
from tests.sending.hall import WEDNESDAY

GOLDEN = Path(__file__).parent / "golden"
PLACE = "Europe/Paris"
PRODUCT = News("gate_opened", "dnum/produits", "gate 1", 12, "Annuaire des *services* @all", "MVP")
EVENTS = {
    "gate_opened": PRODUCT,
    "decision": replace(PRODUCT, event="decision"),
    "rectified": replace(PRODUCT, event="rectified"),
    "overdue_gate": replace(PRODUCT, event="overdue", cause="gate 1 2026-11-17"),
    "overdue_condition": replace(PRODUCT, event="overdue", cause="condition 2 2026-11-17", phase="Construction"),
    "untitled": replace(PRODUCT, title=""),
    "agenda": News("agenda", "dnum/produits", "session 2026-11-24", 90, day="2026-11-24"),
    "minutes": News("minutes", "dnum/produits", "session 2026-11-24", day="2026-11-24"),
}
OPENING = spaced(
    "# Bilan\n\n## Trois choses à savoir\n\n- **En attente** : [Carte](https://github.example/dnum/produits/issues/2)."
)


def address(news):
    return f"https://github.example/{news.repository}/issues/{news.number or 'q'}"


def letters(language):
    for name, news in EVENTS.items():
        yield name, news_letter([news], "comité", language, address, PLACE)
    many = [replace(PRODUCT, number=number, title=f"Produit {number}") for number in range(1, 23)]
    yield "many", news_letter(many, "comité", language, address, PLACE)
    elsewhere = [PRODUCT, replace(PRODUCT, repository="dnum/autre")]
    yield "two_committees", news_letter(elsewhere, "comité", language, address, PLACE)
    yield "trial", trial_letter("comité", language)
    week = News("digest", "dnum/produits", "2026-W46", day="2026-11-09")
    shapes = OPENING, as_html(lambda _: OPENING, language)
    link = "https://jalon.example/bilan/lien/abc.def", date(2026, 12, 1)
    yield "digest", digest_letter(week, "direction", shapes, link, language, PLACE)
    yield "digest_without_pages", digest_letter(week, "direction", shapes, None, language, PLACE)


ALL = [
    pytest.param(language, name, letter, id=f"{language}-{name}")
    for language in LANGUAGES
    for name, letter in letters(language)
]


def same(path, text):
    if os.environ.get("JALON_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text


@pytest.mark.parametrize(("language", "name", "letter"), ALL)
def test_a_message_reads_as_its_golden_file(language, name, letter):
    told = {"subject": letter.subject, "mail": letter.html, "page": letter.page, "markdown": letter.markdown}
    same(GOLDEN / language / f"{name}.txt", "".join(f"=== {part}\n{text}\n" for part, text in told.items()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_reads_as_its_golden_file(language):
    day = date(2026, 11, 24)
    shown = {"number": 12, "title": "Annuaire; à,\nvirgules", "phase": "MVP"}
    events = [
        CalendarEvent("session", "session-2026-11-24", day, place="Salle 12", link="https://visio.example/comite"),
        CalendarEvent("session", "session-2026-12-01", date(2026, 12, 1), is_cancelled=True),
        CalendarEvent("ballot", "ballot-12-1", day, **shown),
        CalendarEvent("gate", "gate-12-1", day, **shown),
        CalendarEvent("condition", "condition-12-2", day, rank=2, text="Chiffrer\nles sauvegardes", **shown),
        CalendarEvent("expiry", "expiry-12-homologation", day, text="Homologation", **shown),
        CalendarEvent("closed", "closed", day),
    ]
    policy = a_small_policy(language)
    made = as_calendar(events, "dnum/produits", policy, address_of, {}, WEDNESDAY, is_person=True)
    same(GOLDEN / language / "calendar.ics", made.decode())


def address_of(event):
    return f"https://jalon.example/produit/dnum/produits/{event.number}" if event.number else ""


def test_no_golden_file_is_left_unused():
    for language in LANGUAGES:
        wanted = {f"{name}.txt" for name, _ in letters(language)} | {"calendar.ics"}
        assert {path.name for path in (GOLDEN / language).iterdir()} == wanted
