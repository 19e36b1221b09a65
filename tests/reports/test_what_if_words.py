"""What other rules would have changed, as people read it: every sentence there is, in both languages."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.report.what_if import Change, Elsewhere, Figures, GateFound, Move, WhatIfReport
from app.domain.report.what_if_gate import End, Lack, Want
from app.domain.report.what_if_opening import Opening, OpeningOutcome
from app.messages.rules_reports import simulation_text
from tests.builders import a_policy

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime(2026, 3, 9, 12, tzinfo=UTC)
SAME = Opening(OpeningOutcome.SAME)
ITEMS = ("Homologation **prononcée**", "Budget", "Sauvegardes", "Passation")


def gate(change, was="go", becomes="", end=None, opening=SAME, days=0, title="Agréments <b>", number=7):
    return GateFound(
        "dnum/produits",
        number,
        title,
        "mvp",
        "construction",
        date(2026, 3, 2),
        change,
        was,
        becomes,
        date(2026, 3, 17),
        days,
        end or End(becomes, DAY),
        opening,
    )


def undecided(want, *, in_session=False, becomes="open"):
    return gate(Change.UNDECIDED, "go", becomes, End(becomes, DAY, want, in_session))


EVERY = (
    gate(Change.OTHERWISE, "go", "nogo", End("nogo", DAY, go=5, nogo=2, threshold="3/4")),
    gate(Change.OTHERWISE, "go", "nogo", End("nogo", DAY, go=5, nogo=1, threshold="3/4", veto=("Sécurité", "Données"))),
    gate(
        Change.OTHERWISE,
        "nogo",
        "go",
        End("go", DAY, go=5, nogo=2, threshold="2/3"),
        Opening(OpeningOutcome.UNKNOWN, 0, ITEMS),
    ),
    gate(Change.SHUT, opening=Opening(OpeningOutcome.NO_MOVE)),
    gate(Change.SHUT, opening=Opening(OpeningOutcome.VACANT, seats=("Sécurité",))),
    gate(Change.SHUT, opening=Opening(OpeningOutcome.FEW, number=1, needed=6)),
    undecided(Want(Lack.QUORUM, 5, 6)),
    undecided(Want(Lack.PEOPLE, 2, 4), becomes="withdrawn"),
    undecided(Want(Lack.MANDATORY, seats=("Sécurité",))),
    undecided(None),
    undecided(Want(Lack.QUORUM, 1, 6), in_session=True),
    undecided(Want(Lack.PEOPLE, 2, 4), in_session=True),
    undecided(Want(Lack.MANDATORY, seats=("Sécurité",)), in_session=True),
    undecided(Want(Lack.VETO, seats=("Sécurité",)), in_session=True),
    gate(Change.DECIDED, "open", "go", End("go", DAY, go=5, nogo=0, threshold="2/3")),
    gate(Change.DECIDED, "withdrawn", "nogo", End("nogo", DAY, go=1, nogo=4, threshold="2/3")),
    gate(Change.OPENED_LATER, "go", "go", opening=Opening(OpeningOutcome.LATER, 1, ITEMS[:1])),
    gate(Change.OPENED_LATER, "go", "go", opening=Opening(OpeningOutcome.UNSETTLED, items=ITEMS), number=8, title=""),
    gate(Change.LATER, "nogo", "nogo", days=7),
    gate(Change.EARLIER, "go", "go", days=-1),
    gate(Change.UNKNOWN, "go", "", End("", possible=("open", "go", "nogo"), silent=4)),
    gate(Change.UNKNOWN, "go", "", End("", possible=("withdrawn", "go"), silent=1)),
    gate(Change.UNKNOWN, "go", "", End("", in_session=True, possible=("go", "open"), silent=1)),
    gate(Change.UNKNOWN, "go", "go", opening=Opening(OpeningOutcome.UNKNOWN, 0, ITEMS[:2])),
    gate(Change.UNKNOWN, "go", "go", opening=Opening(OpeningOutcome.UNKNOWN, 3, ITEMS[:1])),
)


TAKEN_OVER = Elsewhere(412, 240)


def figures(gates, same):
    counts = {change: sum(one.change is change for one in gates) for change in Change}
    return Figures(len(gates) + same, {**counts, Change.SAME: same})


def found(gates=EVERY, same=12, since=date(2026, 1, 1), elsewhere=TAKEN_OVER):
    total = figures(gates, same)
    moves = (Move("mvp", "construction", total),) if total.gates else ()
    return WhatIfReport(300, since, moves, total, gates, elsewhere, 2 if elsewhere.phases else 0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_is_as_it_was_read(language):
    text = simulation_text(found(), a_policy(language), language)
    path = GOLDEN / language / "simulation.md"
    if os.environ.get("JALON_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("change", Change)
def test_every_change_has_its_column_and_its_sentence(change):
    assert change is Change.SAME or any(one.change is change for one in EVERY)


def test_a_long_list_is_cut_and_says_so():
    text = simulation_text(found(), a_policy(), "fr", most=2, heading=False)
    assert not text.startswith("#")
    assert text.count("\n- ") == 3
    assert "et 23 autres passages" in text


def test_two_repositories_are_told_apart():
    gates = (
        EVERY[0],
        EVERY[1],
        GateFound("dnum/autre", *[getattr(EVERY[2], name) for name in GateFound.__slots__[1:]]),
    )
    assert "dnum/autre#7" in simulation_text(found(gates), a_policy(), "fr")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (found((), 3, None, Elsewhere()), "**Rien n’aurait changé.**"),
        (found((), 0, None), "Aucun passage à rejouer"),
        (found((), 0, None), "412 phases reprises d’un suivi antérieur (240 produits)"),
        (found(EVERY[:1], 0, None, Elsewhere()), "1 passage aurait tourné autrement, 0 serait resté le même."),
    ],
)
def test_what_needs_few_words_has_few(one, said):
    assert said in simulation_text(one, a_policy(), "fr")
