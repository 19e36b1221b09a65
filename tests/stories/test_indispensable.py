"""Seats that a go cannot do without, through the local GitHub: silent, against, gone; and ways that lead to one end."""

from __future__ import annotations

import pytest

from app.shipped_files import asset
from app.turns.wakeup import PolicyWakeUp

pytestmark = pytest.mark.slow

RULES = asset("policy.yml").read_text(encoding="utf-8")
OTHERS = ("archi", "communs", "design", "data", "ops-produit")


def ruled(stage, text):
    """The rules changed on the default branch, and read."""
    assert text != RULES
    stage.world.write_file("secretariat", ".github/jalon.yml", text)
    stage.rests()
    stage.turns.take(PolicyWakeUp(stage.world.repository), f"rules:{hash(text)}")


def with_substitute(text=RULES):
    return text.replace("holder: techno\n      substitutes: []", "holder: techno\n      substitutes: [transfo]")


def with_consent(text=RULES):
    return text.replace(
        "mandatory: [technologie]\n    veto: []", "mandatory: {consent: [technologie]}\n    veto: []", 1
    )


def at_gate(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


def gate_of(stage, number):
    return next(text for text in reversed(stage.said(number)) if text.startswith("## Passage"))


def row(stage, number, seat="Technologie"):
    return next(line for line in gate_of(stage, number).splitlines() if line.startswith(f"| {seat}"))


@pytest.mark.parametrize("between", [(), ("/nogo non",), ("/go", "/nogo non")])
def test_the_last_words_decide_and_not_the_way_to_them(stage, between):
    """D1: the substitute's go stands, whatever the holder said before leaving."""
    ruled(stage, with_substitute())
    number = at_gate(stage)
    stage.says("transfo", number, "/go")
    for text in (*between, "/déport"):
        stage.says("techno", number, text)
    assert "✅ go | transfo" in row(stage, number)
    assert stage.nothing_left_to_do(number)


def test_nobody_else_having_spoken_the_seat_waits_for_its_substitute(stage):
    ruled(stage, with_substitute())
    number = at_gate(stage)
    for text in ("/go", "/déport"):
        stage.says("techno", number, text)
    assert "en attente" in row(stage, number)
    assert "ne peut plus donner de go" not in gate_of(stage, number)


def test_a_seat_that_its_only_holder_leaves_is_said_at_once_and_a_substitute_mends_it(stage):
    number = at_gate(stage)
    stage.says("techno", number, "/déport j’ai conseillé cette équipe")
    told = gate_of(stage, number)
    assert "se sont **déportées**\u00a0: Technologie" in told
    for way in ("une suppléance dans les règles", "`/retrait`", "`/demande`", "`/décision`", "`/annule-déport`"):
        assert way in told
    ruled(stage, with_substitute())
    stage.says("cheffe-produit", number, "/retrait")
    stage.says("cheffe-produit", number, "/demande")
    assert "ne peut plus donner de go" not in gate_of(stage, number)
    for login in ("transfo", *OTHERS):
        stage.says(login, number, "/go")
    assert "phase: poc" in stage.labels(number)


@pytest.mark.parametrize(("said", "phase"), [("", "idée"), ("/nogo non", "poc")])
def test_a_silent_indispensable_seat_blocks_better_than_its_no_go(stage, said, phase):
    """The paradox of the shipped rules, played."""
    number = at_gate(stage)
    for login in OTHERS:
        stage.says(login, number, "/go")
    if said:
        stage.says("techno", number, said)
        stage.says("secretariat", number, "/clore")
    assert f"phase: {phase}" in stage.labels(number)


@pytest.mark.parametrize(
    ("said", "phase", "decided"),
    [
        ("", "idée", ""),
        ("/nogo dette", "idée", "## Décision : ⛔ no-go"),
        ("/abstention", "poc", "## Décision : ✅ go"),
    ],
)
def test_with_consent_its_no_go_refuses(stage, said, phase, decided):
    ruled(stage, with_consent())
    number = at_gate(stage)
    assert "(accord indispensable)" in row(stage, number)
    for login in (*OTHERS, "secu", "transfo", "cloud-ops"):
        stage.says(login, number, "/go")
    assert "phase: idée" in stage.labels(number)
    if said:
        stage.says("techno", number, said)
    assert f"phase: {phase}" in stage.labels(number)
    assert any(text.startswith("## Décision") for text in stage.said(number)) == bool(decided)
    assert not decided or any(text.replace("\u00a0", " ").startswith(decided) for text in stage.said(number))
    assert stage.nothing_left_to_do(number)
