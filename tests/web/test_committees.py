"""Several committees on the same pages: apart, across, and nothing of those that the visitor may not read."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from flask import url_for

from app.store.schema import INBOX
from tests.builders import SMALL, parsed
from tests.lives import Life
from tests.web.conftest import Pages
from tests.web.test_pages import POLICY, ago, some_products

OPEN = "follow_up: {public_pages: true}\n"
HERE = replace(
    POLICY,
    committee=replace(POLICY.committee, name="Comité du numérique"),
    follow_up=replace(POLICY.follow_up, public_pages=True),
)
OTHERS = SMALL.replace("Sécurité, en: Security}, holder", "Siège secret, en: Secret seat}, holder").replace(
    "mvp", "pilote"
)
THERE = parsed(OTHERS.replace("committee:\n", "committee:\n  name: Comité secret\n"))
MINE, THEIRS = "dnum/produits", "armees/secret"
WATCHED = {"watch.healthz", "watch.readyz", "watch.metrics", "static"}
"""For whoever runs Jalon, behind its own door."""
SHOWN = {"/", "/comites", "/comites.csv", "/comites.json", "/bilan", "/bilan/2026-W40", "/indicateurs.csv", "/sieges"}
ARGUMENTS = {"owner": "dnum", "name": "produits", "number": 2, "seat_id": "design", "text": "2026-W40", "shape": "csv"}


def two(url: str, *, secret: bool = True, there=THERE) -> Pages:
    found = Pages(url, "")
    found.app.extensions["jalon"].rules = lambda name: HERE if name == MINE else there
    found.app.extensions["jalon"].now = lambda: ago(days=0)
    found.holds(some_products())
    if secret:
        life = Life(there, "Titre secret", 77077).filed(ago(days=30)).tracked
        found.holds([replace(life, repository=THEIRS)])
        parked = {"event": "issues", "payload": b"{}", "received": 1.0, "done": 1.0, "parked": 1}
        with found.database.begin() as connection:
            connection.execute(INBOX.insert(), {"delivery": "d1", "product": f"I_{THEIRS}_77077", **parked})
            connection.execute(INBOX.insert(), {"delivery": "d2", "product": f"rules:{THEIRS}", **parked})
    return found


def addresses(pages: Pages) -> list[str]:
    """Every address that can be asked with what the first committee has, and the one committee that is not shown."""
    found = []
    with pages.app.test_request_context():
        for rule in pages.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in WATCHED and rule.arguments <= ARGUMENTS.keys():
                given = {
                    name: value
                    for name, value in ARGUMENTS.items()
                    if name in rule.arguments - set(rule.defaults or ())
                }
                found.append(url_for(rule.endpoint, **given))
                if "text" in given:  # a week, or the day of a session
                    found.append(url_for(rule.endpoint, **given | {"text": "2026-11-24"}))
                if "shape" in given:
                    found.append(url_for(rule.endpoint, **given | {"shape": "json"}))
    return sorted(set(found))


@pytest.mark.slow
def test_a_committee_one_may_not_read_changes_no_byte_of_what_one_reads(tmp_path):
    alone, with_secret = two(f"sqlite:///{tmp_path}/un.db", secret=False), two(f"sqlite:///{tmp_path}/deux.db")
    asked = addresses(with_secret)
    assert set(asked) >= SHOWN
    for address in asked:
        for language in ("fr", "en"):
            where = f"{address}?lang={language}"
            told, usual = with_secret.get(where), alone.get(where)
            assert (told.status_code, told.data) == (usual.status_code, usual.data), where
            assert not re.search(b"(Titre|Si.*ge|Comit.*) secret|77077|armees", told.data), where
            assert told.status_code == 200 or address not in SHOWN, where
    for pages in (alone, with_secret):
        pages.database.dispose()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/comites",
        "/bilan",
        "/sieges",
        "/indicateurs",
        "/a-venir",
        "/a-venir.csv",
        "/portefeuille.csv",
        "/?q=secret",
    ],
)
def test_a_committee_one_may_not_read_does_not_exist(tmp_path, address):
    pages = two(f"sqlite:///{tmp_path}/jalon.db")
    mark = "&" if "?" in address else "?"
    told = [pages.get(f"{address}{mark}comite={name}") for name in (THEIRS, "nulle/part")]
    assert [one.status_code for one in told] == [404, 404]
    assert told[0].data == told[1].data
    assert pages.get(f"/produit/{THEIRS}/77077").status_code == 404
    pages.database.dispose()


@pytest.fixture
def both(tmp_path):
    pages = two(f"sqlite:///{tmp_path}/jalon.db", there=parsed(OTHERS + OPEN))
    yield pages
    pages.database.dispose()


def test_a_switcher_leads_from_one_committee_to_the_other(both):
    page = both.text("/indicateurs")
    assert f'href="/indicateurs?comite={MINE}" aria-current="true"' not in page
    assert f'<a href="/indicateurs?comite={THEIRS}" aria-current="true">secret</a>' in page, "the first by name"
    assert f'<a href="/indicateurs?comite={MINE}">Comité du numérique</a>' in page
    assert "Titre secret" in both.text(f"/?comite={THEIRS}")
    assert "Titre secret" not in both.text(f"/?comite={MINE}")
    assert 'aria-current="true"' not in both.text("/comites")


def test_there_is_no_switcher_where_one_committee_alone_is_seen(pages):
    pages.holds(some_products())
    assert "Tous les comités" not in pages.text("/")
    assert "comite=" not in pages.text("/")


def test_all_committees_are_shown_together_each_under_its_own_rules(both):
    page = both.text("/comites")
    for told in ("Comité du numérique", "Titre secret", "Base", f"/?comite={THEIRS}&amp;etat="):
        assert told in page
    lines = json.loads(both.text("/comites.json"))
    assert {line["committee"] for line in lines} == {"Comité du numérique", "secret"}
    assert len(lines) == 1 + len(some_products())
    assert both.text("/comites.csv").splitlines()[0].lstrip("\ufeff").startswith("comité;dépôt;")


def test_a_product_s_page_is_found_by_its_own_address(both):
    assert "Titre secret" in both.text(f"/produit/{THEIRS}/77077")
    assert "Titre secret" in both.text(f"/produit/{THEIRS}/77077?comite={THEIRS}")
    assert both.get(f"/produit/{THEIRS}/77077?comite={MINE}").status_code == 404


def test_two_committees_of_one_name_are_told_apart(tmp_path):
    pages = two(f"sqlite:///{tmp_path}/jalon.db", there=HERE)
    page = pages.text("/comites")
    assert f"Comité du numérique ({THEIRS})" in page
    assert f"Comité du numérique ({MINE})" in page
    pages.database.dispose()


def test_deliveries_put_aside_are_counted_by_committee(both):
    assert "2 événements" in both.text(f"/bilan?comite={THEIRS}")
    assert "événement" not in both.text(f"/bilan?comite={MINE}")
