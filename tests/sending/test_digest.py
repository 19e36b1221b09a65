"""The week's digest sent to people without an account: its opening, its paper, and a link that opens it alone."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from app.domain.policy.notice_settings import NoticeChannel
from app.sending.links import LIFE, DigestLinks
from app.sending.writer import opening_of
from app.store.key_values import KeyValues
from tests.lives import REPOSITORY
from tests.reports.samples import SEAL
from tests.sending.hall import PAGES, Hall

DIRECTION = (NoticeChannel("direction", ("digest",)),)


def a_week(hall):
    hall.keep(hall.lives("Annuaire", 1).asked("2026-11-10", "mvp").vote("2026-11-11", "design").decided("2026-11-12"))
    hall.keep(hall.lives("Carte", 2).asked("2026-11-12", "mvp"))


@pytest.fixture
def hall():
    one = Hall(channels=DIRECTION, known=("direction",))
    a_week(one)
    yield one
    one.close()


def test_it_leaves_once_a_week_in_the_first_days(hall):
    hall.passes(days=0)
    assert len(hall.sent) == 1
    for _ in range(4):
        hall.passes(days=1)
    assert len(hall.sent) == 1
    hall.passes(days=1)
    assert len(hall.sent) == 2


def test_it_does_not_leave_in_the_middle_of_a_week(hall):
    hall.now += timedelta(days=1)
    hall.passes(days=0)
    assert hall.sent == []


def test_it_holds_the_opening_the_one_thing_to_decide_the_link_and_the_paper(hall):
    hall.passes(days=0)
    (letter,) = hall.sent
    text = letter.html.replace("\u00a0", " ")
    assert letter.subject.replace("\u00a0", " ") == "Jalon : bilan de la semaine du 9 novembre 2026"
    for words in ("Cette semaine", "En attente", "À surveiller", "À décider", "Carte"):
        assert words in text, words
    assert "| Phase |" not in letter.markdown
    assert "Design" not in text, "no seat"
    assert f"{PAGES}/bilan/lien/" in text
    assert "demandent un compte" in text
    ((name, content),) = letter.files
    assert name == "bilan-2026-W46.pdf"
    assert "Annuaire" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("pages", ["", PAGES])
def test_it_ends_on_the_seal_of_the_register_to_be_kept_with_it(pages):
    """In the mail, in the conversation and on the paper: whoever keeps any of them can show a later change."""
    hall = Hall(channels=DIRECTION, known=("direction",), pages=pages, seal=SEAL)
    a_week(hall)
    hall.passes(days=0)
    (letter,) = hall.sent
    assert f"```\n{SEAL.strip()}\n```" in letter.markdown
    assert SEAL.strip() in html.unescape(letter.html)
    assert "Gardez-le" in letter.markdown
    ((_, content),) = letter.files
    shown = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert all(line.split(" ")[-1] in shown for line in SEAL.split("\n"))
    hall.close()


def test_without_pages_there_is_no_link():
    hall = Hall(channels=DIRECTION, known=("direction",), pages="")
    a_week(hall)
    hall.passes(days=0)
    assert "/bilan/lien/" not in hall.sent[0].html
    hall.close()


def test_the_link_opens_that_week_of_that_committee_until_it_ends(hall):
    hall.passes(days=0)
    token = re.search(r"/bilan/lien/([^<\"]+)", hall.sent[0].html)[1]
    link = hall.links.open(token, hall.now)
    assert (link.repository, link.week, link.channel) == (REPOSITORY, "2026-W46", "direction")
    assert hall.links.open(token, hall.now + LIFE - timedelta(seconds=1))
    assert hall.links.open(token, hall.now + LIFE) is None
    other = DigestLinks("ANOTHER KEY", KeyValues(hall.database))
    assert other.open(token, hall.now) is None
    hall.links.revoke("comité")
    assert hall.links.open(token, hall.now)
    hall.links.revoke("direction")
    assert hall.links.open(token, hall.now) is None
    again, _ = hall.links.sign(REPOSITORY, "2026-W46", "direction", hall.now)
    assert hall.links.open(again, hall.now)


def test_a_link_that_was_changed_opens_nothing(hall):
    token, _ = hall.links.sign(REPOSITORY, "2026-W46", "direction", hall.now)
    said, _, mac = token.partition(".")
    later, _ = hall.links.sign(REPOSITORY, "2026-W45", "direction", hall.now)
    forged = [
        f"{later.partition('.')[0]}.{mac}",
        f"{said}.{mac[:-4]}AAAA",
        f"{said}.",
        f".{mac}",
        said,
        "",
        ".",
        "é.é",
        f"{token}x",
        "A" * 100_000,
    ]
    for one in forged:
        assert hall.links.open(one, hall.now) is None, one[:80]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("# T\n\n## Un\n\na\n\n## Deux\n\nb", "# T\n\n## Un\n\na"),
        ("# T\n\n## Un\n\na", "# T\n\n## Un\n\na"),
        ("# T\n\na\n", "# T\n\na"),
    ],
)
def test_the_opening_is_what_comes_before_the_second_part(text, opening):
    assert opening_of(text) == opening
