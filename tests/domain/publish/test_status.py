"""Where a product stands: what is missing by aspect, who has spoken, which session comes, who acts next."""

from datetime import date, timedelta

import pytest

from app.domain.policy.model import Policy
from app.domain.product.state import Product, standing
from app.domain.publish.status import StatusView, session_for, status
from tests.builders import (
    AUTHOR,
    SMALL,
    T0,
    a_product,
    a_small_policy,
    at_gate,
    filed,
    parsed,
    played,
    says,
    turn,
    voting,
)
from tests.lives import Life, at

POLICY = a_small_policy()


def seen(product, now=T0):
    return status(product, POLICY, now)


def lived(life):
    return Product(a_product(POLICY).issue, life.tracked.history)


def test_what_is_missing_is_told_by_aspect():
    product = filed(POLICY)
    assert seen(product) == StatusView(
        "Idée", "MVP", "team", (("Valeur métier", 1), ("Sécurité", 1)), numbers=((1,), (3,))
    )
    product = played(says(product, AUTHOR, "/coche idee-vision"), POLICY)
    assert seen(product).lacking == (("Sécurité", (3,)),)


def test_at_a_gate_seats_that_have_spoken_and_those_awaited_are_named():
    product = voting(at_gate(POLICY, "mvp"), POLICY, {"design": "/go", "data": "/déport"})
    found = seen(product)
    assert (found.target, found.spoken, found.awaited) == ("MVP", ("Design",), ("Technologie", "Sécurité"))
    assert (found.actor, found.deadline) == ("committee", date(2026, 1, 19))
    assert seen(product, T0 + timedelta(days=15)).actor == "secretariat"


def test_the_last_phase_expects_nobody():
    life = Life(POLICY).filed("2026-01-05", "arret")
    found = status(lived(life), POLICY, at("2026-02-01"))
    assert (found.actor, found.next_phase, found.missing) == ("nobody", "", ())


def test_conditions_to_lift_are_counted():
    life = Life(POLICY).filed("2026-01-05").asked("2026-01-06", "mvp").decided("2026-01-07", "go", [("Relire", "")])
    assert status(lived(life), POLICY, at("2026-02-01")).lifters == ((1, "Technologie"),)


def test_nothing_required_is_missing_when_the_next_gate_asks_for_no_checklist():
    policy: Policy = parsed(SMALL.replace("{to: mvp, from: [idee],", "{to: mvp, from: [idee], checklist: false,"))
    life = Life(policy).filed("2026-01-05")
    assert status(lived(life), policy, at("2026-02-01")).missing == ()


@pytest.mark.parametrize(
    ("asked", "put_off", "now", "session"),
    [
        ("2026-11-23", None, "2026-11-23", date(2026, 11, 24)),  # a Monday, the day before the session
        ("2026-11-24", None, "2026-11-24", date(2026, 12, 1)),  # too late for today's
        ("2026-11-16", None, "2026-11-23", date(2026, 11, 24)),  # its own session is past
        ("2026-11-16", "2026-11-17", "2026-11-17", date(2026, 11, 24)),
    ],
)
def test_the_session_that_will_look_at_a_gate(asked, put_off, now, session):
    life = Life(POLICY).filed("2026-11-02").asked(asked, "mvp")
    if put_off:
        life.postponed(put_off)
    gate = standing(life.tracked.history).open_gate
    assert session_for(gate, POLICY, at(now)) == session


def test_the_first_comment_follows_the_product_and_nothing_more_is_written():
    product = turn(filed(POLICY), POLICY)
    assert len(product.issue.comments) == 2
    product = turn(says(product, AUTHOR, "/coche idee-vision idee-dict"), POLICY)
    assert "rien dans la liste de contrôle" in product.issue.comments[0].body
    product = turn(says(product, AUTHOR, "/demande"), POLICY)
    first = product.issue.comments[0].body
    assert "Passage demandé" in first
    assert "personne pour l’instant" in first
    product = turn(says(product, "design", "/go"), POLICY)
    assert "**Se sont exprimés**\u00a0: Design" in product.issue.comments[0].body
    assert turn(product, POLICY) == product
