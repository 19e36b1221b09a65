"""What pages offer to one person on one product: hints drawn from the register, that spare a refusal and grant nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.product.accounts import Account
from app.domain.report.portfolio import row
from app.web.act_kinds import ACTS
from app.web.situation import Situation
from tests.builders import a_policy
from tests.lives import Life, at

POLICY = a_policy()
NOW = at("2026-06-02")
OPEN = Life(POLICY).filed("2026-05-04").asked("2026-06-01", "mvp")


def seen(life, login, policy=POLICY, now=NOW):
    return Situation(row(life.tracked, policy, now), Account(login), policy, now)


def test_the_seats_of_a_person_are_those_of_the_opening():
    assert seen(OPEN, "secu").seat_names == ("Sécurité",)
    assert ACTS["avis"].refused(seen(OPEN, "secu"), 0) == ""
    assert ACTS["avis"].refused(seen(OPEN, "cheffe-produit"), 0) == "act_not_seated"
    late = seen(OPEN, "secu", now=at("2026-06-01") + timedelta(days=60))
    assert ACTS["avis"].refused(late, 0) == "act_too_late"
    assert ACTS["avis"].refused(seen(Life(POLICY).filed("2026-05-04"), "secu"), 0) == "act_no_gate"


def test_one_persons_ballot_speaks_for_both_their_seats():
    first, second, *others = POLICY.committee.seats
    double = replace(POLICY.committee, seats=(first, replace(second, holder=first.holder), *others))
    policy = replace(POLICY, committee=double)
    life = Life(policy).filed("2026-05-04").asked("2026-06-01", "mvp")
    assert seen(life, first.holder, policy).seat_names == (first.name, second.name)


@pytest.mark.parametrize(("team", "refused"), [("", "act_not_team"), ("secretariat", "")])
def test_where_the_rules_name_a_team_a_page_refuses_nobody_it_cannot_know(team, refused):
    policy = replace(POLICY, committee=replace(POLICY.committee, secretariat=(), secretariat_team=team))
    life = Life(policy).filed("2026-05-04")
    assert ACTS["demande"].refused(seen(life, "visiteur", policy), 0) == refused
    assert not seen(life, "visiteur", policy).is_team


def test_nobody_lifts_a_condition_of_their_own_product():
    life = Life(POLICY).filed("2026-01-05").asked("2026-01-06", "mvp").decided("2026-01-07", "go", [("Chiffrer", "")])
    lift = ACTS["reserve"].refused
    assert lift(seen(life, POLICY.committee.seats[0].holder), 1) == ""
    assert lift(seen(life, "secretariat"), 1) == ""
    assert lift(seen(life, "cheffe-produit"), 1) == lift(seen(life, "visiteur"), 1) == "act_not_lifter"
    assert lift(seen(life, "secretariat"), 2) == "act_no_condition"
