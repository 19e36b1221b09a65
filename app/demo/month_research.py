"""The second committee of the month, in a repository of its own: its products, its seats, none of the other's."""

from __future__ import annotations

from app.demo.month_seed import RESEARCH
from app.demo.month_steps import on_day, reads, same_day, says_on
from app.demo.products import VRB
from app.demo.steps import (
    all_say,
    checks_required,
    comment_says,
    decided_once,
    files_by_api,
    in_column,
    in_turn,
    labelled,
    not_labelled,
    opinions_counted,
    waits_for,
)

REQUESTED = "passage: demandé"
IDEA_LIST, ALL_REQUIRED = "Liste de contrôle – phase Idée", "tous les points obligatoires le sont"
SEATS = ("techno", *(f"{seat}-{RESEARCH}" for seat in ("archi", "communs", "design", "data", "ops-produit", "transfo")))
OPENING = (
    on_day(
        "2026-11-04 10:00",
        "un second comité, Recherche, suit ses produits dans son propre dépôt. VRB y demande son passage.",
        VRB.name,
        in_turn(
            files_by_api(VRB),
            waits_for(VRB.name, comment_says(IDEA_LIST)),
            checks_required("chef-produit", VRB.name),
            waits_for(VRB.name, comment_says(IDEA_LIST, ALL_REQUIRED)),
            says_on("chef-produit", VRB.name, "/demande"),
        ),
        labelled("phase: idée", REQUESTED),
        comment_says("## Passage 1 : Idée → POC", f"@design-{RESEARCH}"),
        in_column("Idée"),
        opinions_counted(0),
    ),
    same_day(
        "Le siège Design du premier comité y vote : il est ici en visite, et sa voix ne compte pas.",
        VRB.name,
        says_on("design", VRB.name, "/go"),
        comment_says("@design", "il ne compte pas comme un avis"),
        opinions_counted(0),
    ),
)
DECIDING = (
    same_day(
        "Au comité Recherche, sept sièges sont d’accord, dont celui que la même personne tient dans les deux comités.",
        VRB.name,
        all_say(VRB.name, dict.fromkeys(SEATS, "/go")),
        decided_once("## Décision : ✅ go – Idée → POC"),
        labelled("phase: poc"),
        not_labelled("phase: idée", REQUESTED),
        in_column("POC"),
    ),
    same_day(
        "La page de tous les comités montre chacun avec ses produits.",
        "",
        reads("secretariat", "/comites", "Comité recherche"),
    ),
)
