"""What lies ahead, on one page: each number leads to what it counts, and the file says the same."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from app.domain.session.model import Session
from app.store.sessions import Sessions, StoredSession
from tests.lives import REPOSITORY, Life
from tests.web.conftest import POLICY
from tests.web.test_pages import ago


def products():
    waiting = Life(POLICY, "Base", 1).filed(ago(days=60)).asked(ago(days=30), "mvp")
    owing = Life(POLICY, "Annuaire", 2).filed(ago(days=300)).asked(ago(days=200), "mvp")
    owing.decided(ago(days=190), "go", [("Chiffrer", "2026-01-01"), ("Relire", "2026-02-01")])
    session = Life(POLICY, "Carte", 3).filed(ago(days=300)).asked(ago(days=200), "mvp")
    session.decided(ago(days=190), "go", [("Nommer", "2026-01-05")], present=("data",), reason="")
    return [life.tracked for life in (waiting, owing, session)]


def titles(text):
    return {found.strip() for found in re.findall(rf'<a href="/produit/{REPOSITORY}/\d+[^"]*">([^<]+)</a>', text)}


def test_what_is_overdue_is_told_by_whoever_lifts_it_and_opens_its_list(pages):
    pages.holds(products())
    text = pages.text("/a-venir")
    links = re.findall(r'href="(/\?[^"]*leve=[^"]*)">(\d+)', text)
    found = {(address.replace("&amp;", "&"), int(count)) for address, count in links}
    assert {count for _, count in found} == {1, 2}
    lists = [titles(pages.text(address)) for address, _ in found]
    assert sorted(map(sorted, lists)) == [["Annuaire"], ["Annuaire"], ["Carte"], ["Carte"]]
    assert "le secrétariat" in text
    said = pages.text(next(address for address, _ in sorted(found) if "leve=-" in address))
    assert "réserves que lève le secrétariat" in said


def test_a_gate_is_under_the_session_that_takes_it_and_no_other(pages):
    pages.holds(products())
    text = pages.text("/a-venir")
    (section,) = re.findall(r'<section id="seance-[\d-]+">(.*?)</section>', text, re.DOTALL)
    assert titles(section) == {"Base"}
    day = re.search(r'<section id="seance-([\d-]+)"', text)[1]
    assert f'href="#seance-{day}"' in text
    gone = Session(REPOSITORY, "I_90", 90, date.fromisoformat(day), date.fromisoformat(day), cancelled=True)
    Sessions(pages.database).keep(StoredSession(gone))
    later = pages.text("/a-venir")
    assert f"seance-{day}" not in later
    assert titles(re.search(r"<section.*?</section>", later, re.DOTALL)[0]) == {"Base"}


@pytest.mark.parametrize("separator", ["", "?sep=,"])
def test_the_file_says_the_same(pages, separator):
    pages.holds(products())
    text = pages.text(f"/a-venir.csv{separator}").lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text), delimiter="," if separator else ";"))
    kinds = [line["kind" if separator else "sujet"] for line in lines]
    assert kinds.count("gate" if separator else "passage") == 1
    assert kinds.count("overdue_conditions" if separator else "réserves en retard") == 2


def test_an_empty_register_has_its_sessions_and_says_nothing_is_overdue(pages):
    text = pages.text("/a-venir")
    assert "Aucune réserve n’est en retard." in text
    assert "expire" not in text


def test_a_quarter_opens_the_gates_decided_in_it(pages):
    pages.holds(products())
    text = pages.text("/indicateurs")
    links = {address.replace("&amp;", "&") for address in re.findall(r'href="(/\?[^"]*trimestre=[^"]*)"', text)}
    assert len(links) > 4
    for address in links:
        listing = pages.text(address)
        assert titles(re.sub(r'<span class="quiet">.*?</span>', "", listing)), address
        assert "trimestre T" in listing
    conditional = next(address for address in links if "issue=conditional" in address)
    assert "passages décidés, sous réserve" in pages.text(conditional).replace("\u00a0", " ")


def test_charts_tell_two_series_apart_without_colours(pages):
    refused = Life(POLICY, "Non", 9).filed(ago(days=90)).asked(ago(days=80), "poc")
    refused.vote(ago(days=79), "securite", "nogo", "Revoir les accès").decided(ago(days=70), "nogo")
    pages.holds([*products(), refused.tracked])
    text = pages.text("/indicateurs")
    assert 'fill="none" stroke=' in text
    aspects = re.search(r'id="refus".*?</table>', text, re.DOTALL)[0]
    assert "Sécurité" in aspects
    address = re.search(r'href="(/\?[^"]*aspect=securite[^"]*)"', aspects)[1].replace("&amp;", "&")
    assert titles(pages.text(address)) == {"Non"}
    assert "refusés sur l’aspect Sécurité" in pages.text(address)
