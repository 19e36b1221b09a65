"""News told by channels: each once, in few messages; a channel that fails costs nothing else and loses nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.notice_settings import NoticeChannel
from app.store.outbox import TAKEN_S
from tests.lives import REPOSITORY
from tests.sending.hall import Death, Hall


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request):
    return "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()


@pytest.fixture
def hall(url):
    one = Hall(url)
    yield one
    one.close()


def subjects(hall):
    return [letter.subject.replace("\u00a0", " ") for letter in hall.sent]


def test_a_gate_that_opens_then_its_decision_are_each_told_once(hall):
    life = hall.lives().asked("2026-11-18", "mvp")
    hall.keep(life)
    hall.passes(seconds=5)
    hall.passes(seconds=5)
    assert subjects(hall) == ["Jalon : avis attendu sur « Annuaire » (MVP)"]
    assert f"https://github.example/{REPOSITORY}/issues/1" in hall.sent[0].html
    hall.keep(life.decided("2026-11-18"))
    hall.passes(minutes=2)
    assert subjects(hall)[1:] == ["Jalon : décision publiée sur « Annuaire » (MVP)"]
    assert "go" not in hall.sent[1].markdown.lower().replace("jalon", "").split()


def test_all_that_comes_within_a_minute_makes_one_message(hall):
    for number in range(1, 31):
        hall.keep(hall.lives(f"Produit {number}", number).asked("2026-11-18", "mvp"))
    hall.passes(seconds=5)
    hall.keep(hall.lives("Tard venu", 40).asked("2026-11-18", "mvp"))
    hall.passes(seconds=5)
    assert subjects(hall) == ["Jalon : 30 nouvelles du comité"]
    assert hall.sent[0].html.count("issues/") == 2 * 20
    assert "10 autres nouvelles" in hall.sent[0].html
    hall.passes(minutes=1)
    assert subjects(hall)[1:] == ["Jalon : avis attendu sur « Tard venu » (MVP)"]


def test_what_is_imported_or_read_back_from_github_is_no_news(hall):
    for number in range(1, 6):
        hall.keep(hall.lives(f"Produit {number}", number))
    hall.keep(hall.lives("Retrouvé", 9).asked("2026-11-18", "mvp"), is_news=False)
    hall.passes(seconds=5)
    assert hall.sent == []
    assert hall.outbox.fresh() == ()


def test_a_channel_is_told_what_it_takes_and_titles_only_where_the_rules_let_them_out():
    hall = Hall(
        channels=(NoticeChannel("comité", ("decision",)), NoticeChannel("discret", ("gate_opened",), titles=False)),
        known=("comité", "discret"),
    )
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    hall.passes(seconds=5)
    assert subjects(hall) == ["Jalon : avis attendu sur le produit nº 1 (MVP)"]
    assert "Annuaire" not in hall.sent[0].html + hall.sent[0].markdown
    hall.close()


def test_a_failure_is_tried_again_later_and_told_until_it_is_over(hall):
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    hall.outcomes = ["500", "500"]
    hall.passes(seconds=5)
    assert [(one.kind, one.subject, one.detail) for one in hall.troubles.told()] == [("channel", "comité", "500")]
    hall.passes(seconds=30)
    assert len(hall.outcomes) == 1
    hall.passes(seconds=31)
    assert hall.outcomes == []
    hall.keep(hall.lives("Autre", 2).asked("2026-11-18", "mvp"))
    hall.passes(minutes=1)
    assert hall.sent == []
    hall.passes(minutes=5)
    assert subjects(hall) == ["Jalon : 2 nouvelles du comité"]
    assert hall.troubles.told() == ()


def test_after_three_days_it_is_given_up_and_told(hall):
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    hall.outcomes = ["500"] * 100
    for _ in range(24 * 4):
        hall.passes(hours=1)
    tried = 100 - len(hall.outcomes)
    assert 12 <= tried <= 20
    assert [one.failed is not None for one in hall.outbox.all() if one.news.event == "gate_opened"] == [True]
    assert [one.kind for one in hall.troubles.told()] == ["channel"]


@pytest.mark.parametrize("is_something_to_tell", [True, False])
def test_a_channel_without_an_address_is_told_as_a_trouble(is_something_to_tell):
    hall = Hall(known=())
    hall.keep(hall.lives().asked("2026-11-18", "mvp") if is_something_to_tell else hall.lives())
    hall.passes(seconds=5)
    assert [(one.kind, one.subject) for one in hall.troubles.told()] == [("channel", "comité")]
    assert hall.outbox.all() == ()
    hall.close()


def test_a_death_between_sending_and_noting_lets_one_more_message_go(hall):
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    hall.outcomes = [Death]
    with suppress(Death):
        hall.passes(seconds=5)
    hall.passes(seconds=TAKEN_S - 10)
    assert len(hall.sent) == 1
    hall.passes(seconds=20)
    hall.passes(hours=1)
    assert len(hall.sent) == 2


def test_what_has_just_become_late_is_told_in_the_morning_and_what_is_late_for_long_is_not(hall):
    hall.keep(hall.lives("Vieux", 1).asked("2026-06-01", "mvp"))
    hall.keep(hall.lives("Récent", 2).asked("2026-11-03", "mvp"))
    owing = (
        hall.lives("Redevable", 3).asked("2026-10-01", "mvp").decided("2026-10-02", "go", [("Chiffrer", "2026-11-17")])
    )
    hall.keep(owing)
    hall.outbox.seen(hall.outbox.fresh())
    hall.passes(days=0)
    lines = [line for letter in hall.sent for line in letter.html.splitlines() if "«" in line and "canal" not in line]
    told = "\n".join(lines).replace("\u00a0", " ")
    assert "Vieux" not in told
    assert "Échéance passée sans décision sur « Récent »" in told
    assert "Échéance de réserve passée pour « Redevable »" in told
    hall.passes(days=1)
    assert len(hall.sent) == 1


def test_two_workers_put_and_send_each_thing_once(hall):
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    hall.newsroom.look()
    hall.another_newsroom().look()
    first = hall.outbox.take("comité", hall.now.timestamp())
    assert len(first) == 1
    assert hall.outbox.take("comité", hall.now.timestamp()) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["open", "fails", "dies", "minute", "hour", "day"]), max_size=25))
def test_whatever_happens_nothing_is_lost_and_nothing_is_said_twice_without_a_death(steps):
    hall = Hall(channels=(NoticeChannel("comité", ("gate_opened",)),))
    opened, deaths = 0, 0
    for step in steps:
        if step == "open":
            opened += 1
            hall.keep(hall.lives(f"Produit n{opened}.", opened).asked("2026-11-18", "mvp"))
        elif step in {"fails", "dies"}:
            hall.outcomes = [Death if step == "dies" else "500"]
            deaths += step == "dies"
        with suppress(Death):
            hall.passes(
                **{"minute": {"minutes": 1}, "hour": {"hours": 1}, "day": {"hours": 20}}.get(step, {"seconds": 5})
            )
    hall.outcomes = []
    for _ in range(8):
        hall.passes(hours=6)
    text = "".join(letter.subject + letter.html for letter in hall.sent)
    for number in range(1, opened + 1):
        times = sum(f"Produit n{number}." in letter.html for letter in hall.sent)
        assert 1 <= times <= 1 + deaths, text
    hall.close()
