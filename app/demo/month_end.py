"""The end of the month: the last session, a slip corrected, what the direction decides alone, what remains."""

from __future__ import annotations

from app.demo.month_proofs import digests, rebuilt, simulated
from app.demo.month_steps import (
    REVIEW,
    acts,
    body_says,
    fills_in,
    finds,
    on_day,
    product_page,
    reads,
    same_day,
    says_on,
    session_page,
    terminal,
    unpublished,
)
from app.demo.products import SILAV, SIRIPH2G, SISAC, TRANSPARENCE
from app.demo.script import ALL_REQUIRED, IDEA_LIST, REFUSED, REQUESTED
from app.demo.sealed import proves_decision
from app.demo.steps import (
    checks_required,
    comment_says,
    decided_once,
    files,
    in_column,
    in_turn,
    labelled,
    not_labelled,
    opinions_counted,
    said_once,
    waits_for,
)

LAST = "La séance du 24"
AGENDA, MINUTES = "ordre du jour", "relevé de décisions"
FILED = (
    on_day(
        "2026-11-19 10:00",
        "Transparence-Santé est déposé, sa liste traitée et son passage demandé.",
        TRANSPARENCE.name,
        in_turn(
            files(TRANSPARENCE),
            waits_for(TRANSPARENCE.name, comment_says(IDEA_LIST)),
            checks_required("chef-produit", TRANSPARENCE.name),
            waits_for(TRANSPARENCE.name, comment_says(IDEA_LIST, ALL_REQUIRED)),
            acts("chef-produit", TRANSPARENCE.name, "/demande", REVIEW),
        ),
        labelled("phase: idée", REQUESTED),
        opinions_counted(0),
    ),
)
LAST_SESSION = (
    on_day(
        "2026-11-23 09:30",
        "l’ordre du jour de la séance du 24 est à jour : la contestation de SISAC y est, avec Transparence-Santé.",
        LAST,
        finds(LAST, AGENDA, "24 novembre 2026"),
        body_says("SISAC", "Transparence-Santé"),
    ),
    on_day(
        "2026-11-24 09:30",
        "séance. Les présents saisis, le comité entend SISAC ; son accord est donné sur la page projetée.",
        SISAC.name,
        in_turn(
            says_on(
                "secretariat",
                LAST,
                "/émargement",
                "présents : techno, archi, communs, design, ops-produit, data, secu, transfo, cloud-ops",
            ),
            waits_for(LAST, comment_says("Présents (9)")),
            fills_in("secretariat", session_page("2026-11-24", SISAC.name), "Go"),
        ),
        decided_once("## Décision : ✅ go – Idée → MVP"),
        labelled("phase: mvp"),
        not_labelled("phase: idée", REQUESTED, REFUSED),
        in_column("MVP"),
    ),
    same_day(
        "Pour Transparence-Santé, le secrétariat consigne par erreur un no-go.",
        TRANSPARENCE.name,
        says_on("secretariat", TRANSPARENCE.name, "/décision nogo", "raison : le sponsor manque"),
        decided_once("## Décision : ⛔ no-go – Idée → POC"),
        labelled("phase: idée", REFUSED),
    ),
    on_day(
        "2026-11-25 10:00",
        "le secrétariat s’en aperçoit, et rectifie : la première décision reste visible, et ne vaut plus.",
        TRANSPARENCE.name,
        says_on(
            "secretariat",
            TRANSPARENCE.name,
            "/rectifier go",
            "rectification : la décision d’un autre dossier avait été recopiée",
        ),
        comment_says("## Décision rectifiée : ✅ go – Idée → POC", "d’un autre dossier"),
        decided_once("## Décision : ⛔ no-go – Idée → POC"),
        labelled("phase: poc"),
        not_labelled("phase: idée", REFUSED),
        in_column("POC"),
    ),
    on_day(
        "2026-11-26 09:30",
        "le relevé de la séance du 24 dit la décision, et qu’elle a été rectifiée.",
        "Le relevé du 24",
        finds("Le relevé du 24", MINUTES, "24 novembre 2026"),
        body_says("SISAC", "Transparence-Santé", "rectifi"),
    ),
    same_day(
        "La séance annulée n’a pas de relevé ; le no-go de SISAC, par avis écrits, est dans celui du 24.",
        "Le relevé du 24",
        unpublished(MINUTES, "17 novembre 2026"),
        body_says("par avis écrits", "No-go**, le 11 novembre 2026"),
    ),
)
OVERRIDE = (
    same_day(
        "SIRIPH2G est déposé, et demande le MVP.",
        SIRIPH2G.name,
        in_turn(
            files(SIRIPH2G),
            waits_for(SIRIPH2G.name, comment_says(IDEA_LIST)),
            checks_required("cheffe-produit", SIRIPH2G.name),
            says_on("cheffe-produit", SIRIPH2G.name, "/demande mvp"),
        ),
        labelled("phase: idée", REQUESTED),
        opinions_counted(0),
    ),
    on_day(
        "2026-11-27 11:00",
        "la directrice, que nomment les règles, passe outre : ce n’est pas une décision du comité.",
        SIRIPH2G.name,
        says_on("directrice", SIRIPH2G.name, "/passer-outre go : l’échéance européenne est au 1er décembre"),
        comment_says("## Passer outre : ✅ go – Idée → MVP", "au titre de la direction", "l’échéance européenne"),
        labelled("phase: mvp"),
        not_labelled("phase: idée", REQUESTED),
    ),
    same_day(
        "La page du produit le dit aussi.",
        SIRIPH2G.name,
        reads("visiteur", product_page(SIRIPH2G.name), "Passer outre : go décidé le 27 novembre 2026 par directrice"),
    ),
)
ENDING = (
    on_day(
        "2026-11-30 09:30",
        "chaque semaine a eu son bilan, une seule fois.",
        "",
        digests(
            {
                "2026-W45": ("SILAV", "SISAC"),
                "2026-W46": (
                    "Go : SILAV",
                    "No-go : SISAC",
                    "Contestation : SISAC",
                    "Prochaine séance du comité : 24 novembre 2026",
                ),
                "2026-W47": ("Transparence-Santé",),
                "2026-W48": (
                    "Go : SISAC",
                    "Décision rectifiée en go : Transparence-Santé",
                    "Passer outre, go de la direction : SIRIPH2G",
                ),
            }
        ),
    ),
    same_day(
        "Le registre est entier, et GitHub dit la même chose.",
        "",
        terminal("register", "verify", "--github", words=("Le registre est entier", "GitHub dit la même chose")),
    ),
    same_day(
        "Perdu, le registre se reconstruit de GitHub seul, identique fait pour fait.",
        "",
        rebuilt,
    ),
    same_day(
        "La décision de SILAV se prouve avec son seul ticket et la clé du sceau, sans rien demander à Jalon.",
        SILAV.name,
        proves_decision(SILAV.name),
        comment_says("## Décision", "Scellée n° "),
    ),
    same_day(
        "Avec d’autres règles, qu’aurait été ce mois ? « jalon policy simulate » le rejoue.",
        "",
        simulated("quorum: 6", "quorum: 9", ("SISAC",)),
    ),
    same_day(
        "Au terminal, « jalon explain » dit pourquoi SILAV en est là.",
        SILAV.name,
        terminal("explain", "{SILAV}", words=("POC",)),
        labelled("phase: poc"),
        said_once(),
    ),
)
