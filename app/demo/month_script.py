"""A month of the committee: November 2026, told day by day."""

from __future__ import annotations

from app.demo.month_clock import at
from app.demo.month_steps import REVIEW, acts, finds, on, same_day, terminal, written
from app.demo.products import SILAV, SISAC
from app.demo.scenario import Step
from app.demo.steps import (
    answered,
    checks_required,
    counted,
    files,
    in_turn,
    labelled,
    waits_for,
)

BEGINS = at("2026-11-02 09:00")
AGENDA, MINUTES = "ordre du jour", "relevé de décisions"
REQUESTED, REFUSED = "passage: demandé", "passage: refusé"
IDEA_LIST, ALL_REQUIRED = "Liste de contrôle – phase Idée", "tous les points obligatoires le sont"
GO = "/go"
FILING = (
    on(
        "2026-11-02 09:30",
        "semaine sans comité. La cheffe de produit dépose SILAV et en traite la liste.",
        SILAV.name,
        in_turn(
            files(SILAV),
            waits_for(SILAV.name, answered(IDEA_LIST)),
            checks_required("cheffe-produit", SILAV.name),
        ),
        labelled("phase: idée"),
        answered(IDEA_LIST, ALL_REQUIRED),
    ),
    on(
        "2026-11-03 10:00",
        "le chef de produit dépose SISAC, et demande le MVP depuis la page du produit.",
        SISAC.name,
        in_turn(
            files(SISAC),
            waits_for(SISAC.name, answered(IDEA_LIST)),
            checks_required("chef-produit", SISAC.name),
            waits_for(SISAC.name, answered(IDEA_LIST, ALL_REQUIRED)),
            acts("chef-produit", SISAC.name, "/demande", REVIEW, {"MVP": ""}),
        ),
        labelled("phase: idée", REQUESTED),
        answered("## Passage 1 : Idée → MVP"),
        counted(0),
    ),
    on(
        "2026-11-06 09:30",
        "SILAV demande à son tour son passage.",
        SILAV.name,
        acts("cheffe-produit", SILAV.name, "/demande", REVIEW),
        labelled("phase: idée", REQUESTED),
        answered("## Passage 1 : Idée → POC"),
    ),
    on(
        "2026-11-10 09:30",
        "jour de séance : l’ordre du jour a été publié.",
        "10/11",
        finds("10/11", AGENDA, "10 novembre"),
        written("SISAC", "SILAV"),
    ),
    same_day(
        "La sécurité donne son avis depuis la page du produit.",
        SILAV.name,
        acts("secu", SILAV.name, "/avis", "Go"),
        counted(1),
    ),
    on(
        "2026-11-30 09:30",
        "le registre est entier, et GitHub dit la même chose.",
        SILAV.name,
        terminal("register", "verify", "--github", words=("Le registre est entier", "GitHub dit la même chose")),
    ),
)
STEPS: tuple[Step, ...] = (*FILING,)
