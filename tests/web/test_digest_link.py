"""The week's digest by its signed link: read without an account, alone, and gone once the link is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy.calendar import Week
from app.domain.policy.notice_settings import NoticeChannel
from app.sending.links import LIFE, DigestLinks
from app.store.key_values import KeyValues
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life
from tests.web.conftest import NOW, Pages

POLICY = replace(a_policy(), notices=(NoticeChannel("direction", ("digest",)), NoticeChannel("comité", ("decision",))))
WEEK = str(Week.of(NOW.date()))


@pytest.fixture
def pages(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db", pages="", policy=POLICY)
    found.holds([Life(POLICY, "Annuaire", 1).filed(NOW - timedelta(days=1)).tracked])
    yield found
    found.database.dispose()


def token(pages, repository=REPOSITORY, channel="direction", now=NOW, key="PRIVATE KEY"):
    return DigestLinks(key, KeyValues(pages.database)).sign(repository, WEEK, channel, now)[0]


def test_it_is_read_where_nothing_else_is(pages):
    assert pages.get("/").status_code == 403
    answer = pages.get(f"/bilan/lien/{token(pages)}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Bilan de la semaine" in text
    assert "Annuaire" in text
    assert "qui demandent un compte" in text
    assert "<form" not in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "given",
    [
        {"repository": "dnum/ailleurs"},
        {"channel": "comité"},
        {"channel": "disparu"},
        {"now": NOW - LIFE},
        {"key": "ANOTHER KEY"},
    ],
    ids=["another repository", "a channel of decisions", "a channel gone", "expired", "another key"],
)
def test_any_other_link_opens_nothing_and_says_no_more(pages, given):
    answer = pages.get(f"/bilan/lien/{token(pages, **given)}")
    none = pages.get("/bilan/lien/x.y")
    assert answer.status_code == none.status_code == 404
    assert answer.get_data() == none.get_data()
    assert "Annuaire" not in answer.get_data(as_text=True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_revoked_link_is_over(pages):
    given = token(pages)
    assert pages.get(f"/bilan/lien/{given}").status_code == 200
    DigestLinks("PRIVATE KEY", KeyValues(pages.database)).revoke("direction")
    assert pages.get(f"/bilan/lien/{given}").status_code == 404
