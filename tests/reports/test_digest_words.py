"""The digest as people read it: golden files in both languages, bounded length, nobody's words taken for ours."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from app.domain.policy.calendar import Week
from app.domain.report.digest import digest
from app.messages.charts import Chart, mermaid, svg
from app.messages.reports import FEW, TOP, Links, _lasted, _span, digest_text
from app.reports.renderings import as_html, as_page
from tests.builders import a_policy
from tests.lives import Life, at
from tests.reports.samples import BUSY, LINKS, samples

GOLDEN = Path(__file__).parent / "golden"
ALL = [(language, name) for language in ("fr", "en") for name in samples("fr")]


def text_of(language: str, name: str, links: Links = LINKS) -> str:
    found, policy = samples(language)[name]
    return digest_text(found, policy, links, mermaid)


@pytest.mark.parametrize(("language", "name"), ALL)
@pytest.mark.parametrize("shape", ["md", "html"])
def test_a_digest_reads_as_its_golden_file(language: str, name: str, shape: str) -> None:
    found, policy = samples(language)[name]
    path = GOLDEN / language / f"digest-{name}.{shape}"

    def write(draw):
        return digest_text(found, policy, LINKS, draw)

    text = write(mermaid) if shape == "md" else as_html(write, language)
    if os.environ.get("JALON_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_no_golden_file_is_left_unused() -> None:
    for language in ("fr", "en"):
        wanted = {f"digest-{name}.{shape}" for name in samples(language) for shape in ("md", "html")}
        assert {path.name for path in (GOLDEN / language).glob("digest-*")} == wanted


@pytest.mark.parametrize(("language", "name"), ALL)
def test_tables_and_lists_are_whole(language: str, name: str) -> None:
    text = text_of(language, name)
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, flags=re.MULTILINE)
    kinds = [token.type for token in MarkdownIt("commonmark").enable("table").parse(text)]
    rows = sum(line.startswith("|") for line in text.split("\n"))
    assert kinds.count("tr_open") == rows - kinds.count("table_open")
    assert kinds.count("list_item_open") == sum(line.startswith("- ") for line in text.split("\n"))


def test_peoples_words_stay_words() -> None:
    text = text_of("fr", "busy")
    assert "<b>" not in text
    assert "@secu" not in text
    assert "https://exemple" not in text
    page = as_page(lambda draw: digest_text(*samples("fr")["busy"], LINKS, draw), "fr", "Bilan")
    assert "<b>" not in page
    assert "Téléservice *apprentis* &lt;b&gt;" in page
    assert "style=" not in page


def test_ten_thousand_products_hold_on_one_page() -> None:
    policy = a_policy()
    lives = [
        Life(policy, f"Produit {'long ' * 30}{number}", number).filed("2026-11-24").tracked for number in range(2000)
    ]
    waiting = [
        Life(policy, f"Attend {number}", number).filed("2024-01-01").asked("2026-11-24", "poc").tracked
        for number in range(2000, 2300)
    ]
    owing = [
        Life(policy, f"Doit {number}", number).filed("2024-01-01").asked("2024-02-01", "poc")
        .decided("2026-11-24", "go", [("Relire " * 100, "2026-11-25")]).tracked
        for number in range(3000, 3300)
    ]  # fmt: skip
    found = digest([*lives, *waiting, *owing], policy, BUSY, at("2026-12-01"))
    text = digest_text(found, policy, LINKS, mermaid)
    assert len(text) < 25_000
    assert text.count("\n- ") <= 5 * TOP + 3 * (FEW + 1)
    assert "et 295 autres demandes" in text
    assert "et 1995 autres nouveaux produits" in text
    assert "https://github.com/dnum/produits/issues?q=is%3Aissue+label%3A%22passage%3A+demand%C3%A9%22" in text


def test_full_lists_are_our_pages_when_they_are_served() -> None:
    links = Links("https://github.com", "dnum/produits", "https://jalon.exemple")
    text = text_of("fr", "busy", links)
    assert "(https://jalon.exemple/)" in text
    assert links.whole("gates") == "https://jalon.exemple/?etat=gate"


def test_a_chart_cannot_be_broken_by_a_name() -> None:
    chart = Chart('a"b', ('x"\n```\n<script>', "y"), (("s", (0, 0)),))
    drawn = mermaid(chart)
    assert drawn.count("```") == 2
    assert len(drawn.split("\n")) == 7
    assert "<script>" not in svg(chart)
    assert svg(Chart("vide", (), ())).startswith("<svg")


def test_french_counts_zero_as_one_and_english_as_many() -> None:
    for language, words in (("fr", "0 produit\n"), ("en", "0 products\n")):
        found, policy = samples(language)["no-product"]
        assert words in digest_text(found, policy, LINKS, mermaid)
    assert Week(2026, 39)


@pytest.mark.parametrize(
    ("days", "fr", "en"),
    [
        (0, "moins d’un jour", "less than a day"),
        (1, "1 jour", "1 day"),
        (89, "89 jours", "89 days"),
        (90, "3 mois", "3 months"),
        (700, "23 mois", "23 months"),
        (739, "2 ans", "2 years"),
        (2880, "7 ans", "7 years"),
    ],
)
def test_a_long_time_is_told_as_people_say_it(days: int, fr: str, en: str) -> None:
    assert (_lasted(days, "fr"), _lasted(days, "en")) == (fr, en)


@pytest.mark.parametrize(
    ("week", "fr", "en"),
    [
        ("2026-W48", "23 au 29 novembre 2026", "23 to 29 November 2026"),
        ("2026-W49", "30 novembre au 6 décembre 2026", "30 November to 6 December 2026"),
        ("2026-W53", "28 décembre 2026 au 3 janvier 2027", "28 December 2026 to 3 January 2027"),
        ("2026-W23", "1er au 7 juin 2026", "1 to 7 June 2026"),
    ],
)
def test_the_days_of_a_week_are_said_once(week: str, fr: str, en: str) -> None:
    days = Week.parse(week)
    assert (_span(days.monday, days.sunday, "fr"), _span(days.monday, days.sunday, "en")) == (fr, en)


def test_bars_stand_under_short_names_and_lie_beside_long_ones() -> None:
    lying = svg(Chart("Phases", ("Idée", "Généralisation"), (("Produits", (3, 12)),)))
    standing = svg(Chart("Semaines", ("S47", "S48"), (("Go", (3, 0)), ("No-go", (1, 2)))))
    assert 'text-anchor="end" font-size="11">Généralisation<' in lying
    assert 'viewBox="0 0 360 52"' in lying
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', lying)]
    assert widths[0] == pytest.approx(widths[1] / 4, abs=0.1)
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" fill', standing)]
    assert heights[0] == pytest.approx((heights[1] + 2) * 3, abs=0.5), "the line around a hollow bar counts"
    assert 'fill="none"' in standing, "the second series is told apart without colours"
    assert standing.count(">0<") == 0, "a figure of nothing is left to the sentence"
    assert "No-go : S47 1, S48 2" in standing
