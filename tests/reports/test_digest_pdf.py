"""The week's report on one page of A4, whatever the portfolio, read back by another library."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import Week
from app.domain.policy.model import LANGUAGES, TIMEZONE
from app.domain.report.digest import digest
from app.domain.report.report_lines import Ref
from app.messages.reports import digest_text
from app.reports.digest_paper import digest_pdf
from tests.builders import a_policy
from tests.lives import Life
from tests.real_portfolio import real_products
from tests.reports.samples import BUSY, LINKS, SEAL, samples

A4 = (595, 842)
POLICY = a_policy()


def read(made: bytes) -> tuple[pypdf.PdfReader, str]:
    """The one page, and its text without spaces: a line may break anywhere."""
    found = pypdf.PdfReader(io.BytesIO(made))
    assert [tuple(map(round, page.mediabox[2:])) for page in found.pages] == [A4]
    return found, bare(found.pages[0].extract_text())


def bare(text: str) -> str:
    """Without what breaks or joins: a word parted at the end of a line is the same word."""
    return re.sub(r"[\s\u2060\u00ad-]", "", text)


def links(found: pypdf.PdfReader) -> set[str]:
    return {note.get_object()["/A"]["/URI"] for note in found.pages[0].get("/Annots", [])}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["empty", "busy", "august", "under-way", "reuse", "no-product"])
def test_each_week_holds_on_one_page_and_opens_on_its_sentences(language: str, name: str) -> None:
    found, policy = samples(language)[name]
    paper, told = read(digest_pdf(found, policy, LINKS))
    text = digest_text(found, policy, LINKS, lambda _: "")
    opening = text.partition("\n## ")[2].partition("\n## ")[0]
    for sentence in re.findall(r"^- .+$", opening, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", sentence.removeprefix("- ").replace("**", ""))
        assert bare(plain.replace("\\", "")) in told, sentence
    assert (paper.trailer["/Root"]["/Lang"], paper.metadata.title) == (language, text.partition("\n")[0][2:])


def test_what_the_page_has_no_room_for_is_counted_and_linked() -> None:
    many = [Life(POLICY, f"Un produit au nom assez long pour tenir sur deux lignes, {n}", n) for n in range(1, 400)]
    for number, life in enumerate(many):
        life.filed("2026-11-24" if number % 3 else "2025-11-24")
        if number % 2:
            life.asked("2026-11-25", "poc")
    found = digest([life.tracked for life in many], POLICY, BUSY, BUSY.end(TIMEZONE))
    paper, told = read(digest_pdf(found, POLICY, LINKS))
    assert re.search(r"et\d+autresdemandes", told)
    assert any("issues?q=" in link for link in links(paper))


def test_the_real_portfolio_holds_on_one_page_every_quarter_of_its_life() -> None:
    products = real_products(POLICY)
    for year in range(2014, 2027, 3):
        week = Week(year, 12)
        found = digest(products, POLICY, week, week.end(TIMEZONE) + timedelta(hours=1))
        _, told = read(digest_pdf(found, POLICY, LINKS))
        assert bare(f"Le portefeuille : {found.total} produit") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seal_of_the_register_is_on_the_page_whole(language: str) -> None:
    """What somebody prints and keeps is enough to check the register by, letter for letter."""
    found, policy = samples(language)["busy"]
    _, told = read(digest_pdf(found, policy, LINKS))
    assert all(bare(line) in told for line in SEAL.split("\n"))


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=300), st.integers(1, 40))
def test_no_title_and_no_number_of_them_makes_a_second_page(title: str, times: int) -> None:
    found, policy = samples("fr")["busy"]
    lines = [replace(line, product=Ref("dnum/produits", 1, title)) for line in found.decisions for _ in range(times)]
    gates = [replace(line, product=Ref("dnum/produits", 1, title)) for line in found.gates for _ in range(times)]
    read(digest_pdf(replace(found, decisions=tuple(lines), gates=tuple(gates)), policy, LINKS))
