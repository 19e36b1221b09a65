"""What has the committee refuse, by aspect and by seat; each figure opens the list of its products."""

from __future__ import annotations

import pytest

from app.domain.product.facts import Point
from app.domain.report.listing import NONE, ListingQuery, listed_rows
from app.domain.report.portfolio import rows
from app.domain.report.refusals import Objections, aspect, refusals
from tests.builders import a_policy, a_small_policy
from tests.lives import Life, at

POLICY = a_small_policy()
NOW = at("2026-11-27")
WHOLE = a_policy()


@pytest.mark.parametrize(
    ("seat", "text", "found"),
    [
        ("Technologie", "Sécurité : revoir les accès", "securite"),
        ("Technologie", "**Données** : rien n’est décrit", "donnees"),
        ("Sécurité", "Revoir les accès", "securite"),
        ("Architecture", "Trop de briques", "architecture"),
        ("Sécurité", "Architecture : trop de briques", "architecture"),
        ("Technologie", "Non", ""),
        ("", "Coût : inconnu", ""),
    ],
)
def test_an_aspect_is_named_by_the_point_else_by_its_seat(seat, text, found):
    assert aspect(Point(seat, text), WHOLE) == found


def made():
    refused = Life(WHOLE, "Un", 1).filed("2026-09-01").asked("2026-09-07", "mvp")
    refused.vote("2026-09-08", "securite", "nogo", "Revoir les accès")
    refused.vote("2026-09-08", "technologie", "nogo", "Données : rien").decided("2026-09-17", "nogo")
    session = Life(WHOLE, "Deux", 2).filed("2026-09-01").asked("2026-09-07", "poc")
    session.decided("2026-09-17", "nogo", present=("data",), reason="Coût inconnu")
    owing = Life(WHOLE, "Trois", 3).filed("2026-09-01").asked("2026-09-07", "poc")
    owing.decided("2026-09-17", "go", [("Sécurité : chiffrer", "2026-10-01")])
    return rows([life.tracked for life in (refused, session, owing)], WHOLE, NOW)


def test_points_are_counted_by_aspect_and_by_seat():
    found = refusals(made(), WHOLE, tuple(phase.id for phase in WHOLE.phases))
    assert [name for name, _ in found.targets] == ["poc", "mvp"]
    assert found.aspects == (
        Objections("securite", "Sécurité", 1, 1, (0, 1)),
        Objections("", "", 1, 0, (1, 0)),
        Objections("donnees", "Données", 1, 0, (0, 1)),
    )
    assert [(one.name, one.refused, one.conditions) for one in found.seats] == [
        ("Technologie", 1, 1),
        ("", 1, 0),
        ("Sécurité", 1, 0),
    ]


def test_nothing_refused_is_nothing_told():
    found = refusals((), WHOLE, ("idee",))
    assert (found.targets, found.aspects, found.seats) == ((), (), ())


def test_a_phase_that_the_rules_have_dropped_is_still_told():
    assert [name for name, _ in refusals(made(), WHOLE, ("poc",)).targets] == ["poc", "mvp"]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        (ListingQuery(aspect="securite"), ["Un"]),
        (ListingQuery(aspect=NONE), ["Deux"]),
        (ListingQuery(aspect="donnees", target="mvp", outcome="nogo"), ["Un"]),
        (ListingQuery(aspect="donnees", target="poc", outcome="nogo"), []),
        (ListingQuery(raised_by="Technologie"), ["Un"]),
        (ListingQuery(raised_by="Technologie", aspect="securite"), []),
        (ListingQuery(raised_by=NONE), ["Deux"]),
        (ListingQuery(lifter="Technologie", overdue="oui"), ["Trois"]),
        (ListingQuery(lifter="Technologie"), ["Trois"]),
        (ListingQuery(overdue="oui"), ["Trois"]),
        (ListingQuery(lifter=NONE), []),
        (ListingQuery(quarter="2026-3", outcome="nogo"), ["Un", "Deux"]),
        (ListingQuery(quarter="2026-3", target="poc"), ["Deux", "Trois"]),
        (ListingQuery(quarter="2026-2", outcome="decided"), []),
        (ListingQuery(quarter="2026-3", reached="poc"), ["Trois"]),
    ],
)
def test_each_figure_opens_its_list(asked, titles):
    assert {row.title for row in listed_rows(made(), asked, WHOLE, None)} == set(titles)
