"""Seen from afar: what a turn leaves behind is foretold exactly, and everything people do shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide.manual_changes import HOUR, REPAIRS_AN_HOUR, ManualChange
from app.domain.product.issue import Card
from app.domain.publish.effects import PlaceCard, Reopen, RestoreCard
from app.domain.publish.issue_summary import WINDOW, expected, next_moment, word
from app.domain.publish.reconcile import reconcile
from tests.builders import (
    AUTHOR,
    BOT,
    T0,
    a_policy,
    applied,
    at_gate,
    deleted,
    edited,
    filed,
    played,
    ready,
    says,
    shown,
    turn,
    voting,
)

POLICY = a_policy()


def settled():
    return turn(at_gate(POLICY), POLICY)


def print_of(product):
    return expected(product.issue, ()).fingerprint(POLICY.version)


@pytest.mark.parametrize(
    "product",
    [
        filed(POLICY),
        ready(POLICY),
        at_gate(POLICY),
        played(says(settled(), "visiteur", "/go"), POLICY),
        edited(settled(), shown(settled(), "welcome").id, AUTHOR, "réécrit"),
        replace(
            settled(), issue=replace(settled().issue, card=Card("PVTI_1", "MVP"), labels=frozenset({"phase: mvp"}))
        ),
    ],
    ids=["filed", "ready", "at gate", "refused", "rewritten", "moved"],
)
def test_what_effects_leave_is_foretold(product):
    effects = reconcile(product, POLICY, T0)
    assert effects
    after = applied(product, effects, POLICY)
    assert expected(product.issue, effects) == expected(after.issue, ())


def test_the_acts_of_people_show():
    product = settled()
    issue, welcome = product.issue, shown(product, "welcome").id
    said = says(product, AUTHOR, "bonjour")
    number = said.issue.comments[-1].id
    changed = [
        said,
        edited(said, number, AUTHOR, "bonsoir"),
        edited(said, number, AUTHOR, "bonsoir", T0 + timedelta(seconds=1)),
        edited(product, welcome, AUTHOR, "autre chose"),
        deleted(product, welcome),
        replace(product, issue=replace(issue, labels=issue.labels - {"phase: idée"})),
        replace(product, issue=replace(issue, card=Card("PVTI_1", "MVP"))),
        replace(product, issue=replace(issue, card=None)),
        replace(product, issue=replace(issue, card=replace(issue.card, archived=True))),
        replace(product, issue=replace(issue, title="Autre titre")),
        replace(product, issue=replace(issue, body="Autre texte")),
        replace(product, issue=replace(issue, is_open=False)),
    ]
    prints = [print_of(product), *map(print_of, changed)]
    assert len(set(prints)) == len(prints)


def test_other_rules_show():
    issue = settled().issue
    assert expected(issue, ()).fingerprint("v1") != expected(issue, ()).fingerprint("v2")


def test_what_bots_say_is_left_out():
    assert word(1, by_bot=True, edited_at=T0, edited_by_other=False) is None
    product = edited(settled(), shown(settled(), "welcome").id, BOT, "dit autrement")
    assert print_of(product) == print_of(settled())


def test_only_the_last_comments_are_looked_at():
    product = settled()
    for _ in range(WINDOW):
        product = says(product, AUTHOR, "bonjour")
    assert len(expected(product.issue, ()).words) == WINDOW
    posted = [effect for effect in reconcile(filed(POLICY), POLICY, T0) if type(effect).__name__ == "PostComment"]
    assert len(expected(product.issue, posted).words) == WINDOW - len(posted)
    assert expected(product.issue, posted * WINDOW).words == ()


def test_time_alone_changes_an_open_gate_at_its_deadline():
    product = at_gate(POLICY)
    deadline = product.standing.open_gate.request.deadline
    assert next_moment(product, T0) == deadline
    assert next_moment(product, deadline) is None
    assert next_moment(filed(POLICY), T0) is None
    votes = dict.fromkeys(("techno", "archi", "communs", "design", "data", "secu", "transfo"), "/go")
    assert next_moment(voting(product, POLICY, votes), T0) is None


def test_a_postponed_gate_is_looked_at_at_its_new_deadline():
    product = at_gate(POLICY)
    first = product.standing.open_gate.deadline
    product = played(says(product, "secretariat", "/décision report"), POLICY, first + timedelta(days=1))
    second = product.standing.open_gate.deadline
    assert second > first
    assert next_moment(product, first) == second
    assert next_moment(product, first + timedelta(days=1)) == second
    assert next_moment(product, second) is None


def dragged(product, times):
    """The card dragged so many times within the hour by somebody who may not, a minute apart."""
    for count in range(times):
        moved = replace(product, issue=replace(product.issue, card=Card("PVTI_1", "MVP")))
        gesture = ManualChange("passant", str(count), board="PVT_1", column="MVP")
        product = played(moved, POLICY, T0 + timedelta(minutes=count), gesture)
    return product


def test_a_rest_ends_by_itself():
    product = dragged(filed(POLICY), REPAIRS_AN_HOUR - 1)
    assert next_moment(product, T0 + timedelta(minutes=5)) is None
    product = dragged(filed(POLICY), REPAIRS_AN_HOUR + 2)
    now = T0 + timedelta(minutes=8)
    end = next_moment(product, now)
    assert end == T0 + HOUR
    assert not any(isinstance(effect, PlaceCard) for effect in reconcile(product, POLICY, now))
    assert any(isinstance(effect, PlaceCard) for effect in reconcile(product, POLICY, end))
    assert next_moment(product, end) is None


def test_of_two_moments_the_first_is_looked_at():
    product = dragged(at_gate(POLICY), REPAIRS_AN_HOUR)
    assert next_moment(product, T0 + timedelta(minutes=6)) == T0 + HOUR


def test_a_closed_issue_and_an_archived_card_will_be_back():
    product = settled()
    issue = product.issue
    effects = (RestoreCard(issue.board, issue.card), Reopen())
    away = replace(issue, is_open=False, card=replace(issue.card, archived=True))
    assert expected(away, effects) == expected(issue, ())
