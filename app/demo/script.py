"""The story itself: a readable list of steps, each an act and what GitHub must then show."""

from __future__ import annotations

from app.demo.process_steps import comes_back, costs, explains, falls, proves_register
from app.demo.products import SILAV, SIRIPH2G, SISAC, SPONSOR, TRANSPARENCE, VISION, VRB
from app.demo.scenario import ScenarioStep
from app.demo.sealed import proves_decision
from app.demo.steps import (
    all_say,
    checks_required,
    comment_says,
    completes,
    decided_once,
    files,
    files_by_api,
    in_column,
    in_turn,
    labelled,
    moves_card,
    nodded,
    not_labelled,
    opinions_counted,
    said_once,
    says,
    ticks,
    waits_for,
)

REQUESTED, REFUSED, RESERVED = "passage: demandé", "passage: refusé", "passage: réserve ouverte"
GO = "/go"
IDEA_LIST, ALL_REQUIRED = "Liste de contrôle – phase Idée", "tous les points obligatoires le sont"
SEVEN = ("techno", "archi", "communs", "design", "data", "secu", "transfo")
FILING = (
    ScenarioStep(
        "La cheffe de produit dépose SILAV par le formulaire du dépôt.",
        SILAV.name,
        files(SILAV),
        (
            labelled("produit", "phase: idée"),
            in_column("Idée"),
            comment_says("Bonjour @cheffe-produit", "Le formulaire est complet"),
            comment_says(IDEA_LIST, "**0 sur 14** points traités"),
        ),
    ),
    ScenarioStep(
        "Le chef de produit dépose Transparence-Santé sans dire ni la vision ni le sponsor.",
        TRANSPARENCE.name,
        files(TRANSPARENCE, without=(VISION, SPONSOR)),
        (labelled("phase: idée"), comment_says("Il manque quelques réponses", VISION, SPONSOR)),
    ),
    ScenarioStep(
        "Il complète la description : l’accueil se met à jour.",
        TRANSPARENCE.name,
        completes(TRANSPARENCE),
        (comment_says("Bonjour @chef-produit", "Le formulaire est complet"), said_once()),
    ),
    ScenarioStep(
        "Un visiteur demande de l’aide sur SILAV avec « /aide ».",
        SILAV.name,
        says("visiteur", SILAV.name, "/aide"),
        (comment_says("@visiteur, voici ce que vous pouvez écrire", "/demande", "/go sous réserve", "/déport"),),
    ),
)
CHECKING = (
    ScenarioStep(
        "La cheffe de produit demande trop tôt le passage de SILAV : « /demande ».",
        SILAV.name,
        says("cheffe-produit", SILAV.name, "/demande"),
        (
            comment_says("Le passage Idée → POC ne peut pas encore être ouvert. Il reste :", "point 2 :", "point 13 :"),
            not_labelled(REQUESTED),
        ),
    ),
    ScenarioStep(
        "Le secrétariat, qui peut modifier le commentaire de Jalon, y coche les cases 2 et 3.",
        SILAV.name,
        ticks("secretariat", SILAV.name, 2, 3),
        (comment_says(IDEA_LIST, "**2 sur 14** points traités", "- [x] 2.", "- [x] 3."),),
    ),
    ScenarioStep(
        "La cheffe de produit traite le reste en commentaire, avec « /coche ».",
        SILAV.name,
        checks_required("cheffe-produit", SILAV.name),
        (comment_says(IDEA_LIST, ALL_REQUIRED),),
    ),
    ScenarioStep(
        "Elle redemande le passage : il s’ouvre, et chaque siège voit ce qu’on attend de lui.",
        SILAV.name,
        says("cheffe-produit", SILAV.name, "/demande"),
        (
            labelled(REQUESTED),
            comment_says("## Passage 1 : Idée → POC", "Demandé par cheffe-produit"),
            opinions_counted(0),
        ),
    ),
)
VOTING = (
    ScenarioStep(
        "Un visiteur vote « /go » : on lui répond avec égards, et sa voix ne compte pas.",
        SILAV.name,
        says("visiteur", SILAV.name, GO),
        (comment_says("@visiteur", "il ne compte pas comme un avis"), opinions_counted(0)),
    ),
    ScenarioStep(
        "La technologie vote « /go », et l’on compte ce que ce vote coûte à GitHub.",
        SILAV.name,
        costs("techno", SILAV.name, GO, (opinions_counted(1), nodded("techno"))),
        (opinions_counted(1), nodded("techno")),
    ),
    ScenarioStep(
        "La sécurité donne un go sous réserve.",
        SILAV.name,
        says("secu", SILAV.name, "/go sous réserve", "- Sécurité : faire relire les droits d’accès"),
        (comment_says("### Réserves proposées", "faire relire les droits d’accès"), opinions_counted(2)),
    ),
    ScenarioStep(
        "Cinq autres sièges votent : plus rien ne peut changer l’issue, la décision tombe.",
        SILAV.name,
        all_say(SILAV.name, dict.fromkeys(("archi", "communs", "design", "data", "transfo"), GO)),
        (
            decided_once("## Décision : 🟡 go sous réserve – Idée → POC"),
            labelled("phase: poc", RESERVED),
            not_labelled("phase: idée", REQUESTED),
            in_column("POC"),
            comment_says("Liste de contrôle – phase POC", "**Réserve 1** (Sécurité)"),
        ),
    ),
    ScenarioStep(
        "La cheffe de produit demande déjà la suite : la réserve la bloque.",
        SILAV.name,
        in_turn(checks_required("cheffe-produit", SILAV.name), says("cheffe-produit", SILAV.name, "/demande")),
        (
            comment_says("Le passage POC → MVP ne peut pas encore être ouvert", "[réserve 1]", "/levée 1"),
            labelled("phase: poc", RESERVED),
        ),
    ),
    ScenarioStep(
        "La sécurité lève sa réserve : « /levée 1 ».",
        SILAV.name,
        says("secu", SILAV.name, "/levée 1 droits d’accès relus"),
        (comment_says("Liste de contrôle – phase POC", "_levée par secu_"), not_labelled(RESERVED)),
    ),
    ScenarioStep(
        "Le passage vers le MVP s’ouvre enfin.",
        SILAV.name,
        says("cheffe-produit", SILAV.name, "/demande"),
        (labelled("phase: poc", REQUESTED), comment_says("## Passage 2 : POC → MVP"), opinions_counted(0)),
    ),
    ScenarioStep(
        "Sept sièges sont d’accord : SILAV passe en MVP.",
        SILAV.name,
        all_say(SILAV.name, dict.fromkeys(SEVEN, GO)),
        (decided_once("## Décision : ✅ go – POC → MVP"), labelled("phase: mvp"), in_column("MVP"), said_once()),
    ),
    ScenarioStep(
        "Et plus tard en Construction, sa liste traitée et le comité d’accord.",
        SILAV.name,
        in_turn(
            checks_required("cheffe-produit", SILAV.name),
            says("cheffe-produit", SILAV.name, "/demande"),
            waits_for(SILAV.name, comment_says("## Passage 3 : MVP → Construction")),
            all_say(SILAV.name, dict.fromkeys(SEVEN, GO)),
        ),
        (decided_once("## Décision : ✅ go – MVP → Construction"), labelled("phase: construction"), said_once()),
    ),
    ScenarioStep(
        "Transparence-Santé suit : liste traitée, passage demandé, sept go, POC.",
        TRANSPARENCE.name,
        in_turn(
            checks_required("chef-produit", TRANSPARENCE.name),
            says("chef-produit", TRANSPARENCE.name, "/demande"),
            waits_for(TRANSPARENCE.name, comment_says("## Passage 1 : Idée → POC")),
            all_say(TRANSPARENCE.name, dict.fromkeys(SEVEN, GO)),
        ),
        (decided_once("## Décision : ✅ go – Idée → POC"), labelled("phase: poc"), in_column("POC"), said_once()),
    ),
)
REFUSING = (
    ScenarioStep(
        "SISAC est déposé par l’API de GitHub, comme le ferait un script.",
        SISAC.name,
        files_by_api(SISAC),
        (labelled("phase: idée"), in_column("Idée"), comment_says(IDEA_LIST)),
    ),
    ScenarioStep(
        "Sa liste traitée, son équipe demande le MVP sans passer par un POC : « /demande mvp ».",
        SISAC.name,
        in_turn(checks_required("chef-produit", SISAC.name), says("chef-produit", SISAC.name, "/demande mvp")),
        (labelled(REQUESTED), comment_says("## Passage 1 : Idée → MVP"), opinions_counted(0)),
    ),
    ScenarioStep(
        "L’architecture écrit « /nogo » sans dire pourquoi : Jalon demande la raison.",
        SISAC.name,
        says("archi", SISAC.name, "/nogo"),
        (comment_says("@archi", "Un no-go s’explique"), opinions_counted(0)),
    ),
    ScenarioStep(
        "Quatre sièges disent non et pourquoi, deux disent oui : c’est un no-go.",
        SISAC.name,
        all_say(
            SISAC.name,
            {
                "archi": "/nogo le dossier d’architecture manque",
                "secu": "/nogo l’homologation n’est pas prévue",
                "techno": GO,
                "design": GO,
                "data": "/nogo les durées de conservation ne sont pas fixées",
                "cloud-ops": "/nogo l’hébergement n’est pas choisi",
            },
        ),
        (
            decided_once("## Décision : ⛔ no-go – Idée → MVP"),
            comment_says(
                "### Ce qui est à revoir", "le dossier d’architecture manque", "l’hébergement n’est pas choisi"
            ),
            labelled("phase: idée", REFUSED),
            in_column("Idée"),
        ),
    ),
)
MOVING = (
    ScenarioStep(
        "VRB est déposé, et sa liste traitée.",
        VRB.name,
        in_turn(files(VRB), waits_for(VRB.name, comment_says(IDEA_LIST)), checks_required("chef-produit", VRB.name)),
        (labelled("phase: idée"), in_column("Idée"), comment_says(IDEA_LIST, ALL_REQUIRED)),
    ),
    ScenarioStep(
        "Un visiteur glisse la carte de VRB dans « MVP » : elle est remise à sa place, et on lui dit pourquoi.",
        VRB.name,
        moves_card("visiteur", VRB.name, "MVP"),
        (comment_says("@visiteur", "La carte a été remise dans la colonne de sa phase"), in_column("Idée")),
    ),
    ScenarioStep(
        "Le chef de produit la glisse dans « POC » : c’est une demande de passage.",
        VRB.name,
        moves_card("chef-produit", VRB.name, "POC"),
        (
            labelled("phase: idée", REQUESTED),
            comment_says("## Passage 1 : Idée → POC"),
            in_column("Idée"),
            opinions_counted(0),
        ),
    ),
)
VOTED_BEFORE, VOTED_MEANWHILE, VOTED_AFTER = ("techno", "archi", "secu"), ("communs", "design"), ("data", "transfo")
FALLING = (
    ScenarioStep(
        "SIRIPH2G est déposé, sa liste traitée, et le passage vers le MVP s’ouvre.",
        SIRIPH2G.name,
        in_turn(
            files(SIRIPH2G),
            waits_for(SIRIPH2G.name, comment_says(IDEA_LIST)),
            checks_required("cheffe-produit", SIRIPH2G.name),
            says("cheffe-produit", SIRIPH2G.name, "/demande mvp"),
        ),
        (labelled("phase: idée", REQUESTED), comment_says("## Passage 1 : Idée → MVP"), opinions_counted(0)),
    ),
    ScenarioStep(
        "Trois sièges votent, et l’App est tuée net (kill -9). Deux autres votent pendant qu’elle est arrêtée.",
        SIRIPH2G.name,
        falls(SIRIPH2G.name, VOTED_BEFORE, VOTED_MEANWHILE),
        (labelled("phase: idée", REQUESTED),),
    ),
    ScenarioStep(
        "L’App redémarre et deux derniers sièges votent : aucun avis n’est perdu, rien n’est fait deux fois.",
        SIRIPH2G.name,
        comes_back(SIRIPH2G.name, VOTED_AFTER),
        (
            decided_once("## Décision : ✅ go – Idée → MVP"),
            comment_says("## Décision", "Pour : 7 ; contre : 0"),
            labelled("phase: mvp"),
            not_labelled("phase: idée", REQUESTED),
            in_column("MVP"),
            nodded(*VOTED_BEFORE, *VOTED_MEANWHILE, *VOTED_AFTER),
            comment_says("Liste de contrôle – phase MVP"),
            said_once(),
        ),
    ),
)
ENDING = (
    ScenarioStep(
        "Au terminal, « jalon explain » dit pourquoi VRB en est là et ce qu’il attend.",
        VRB.name,
        explains(VRB.name),
        (labelled("phase: idée", REQUESTED),),
    ),
    ScenarioStep(
        "Le registre des décisions est entier, et la page de Jalon montre les cinq produits.",
        SILAV.name,
        proves_register,
        (said_once(),),
    ),
    ScenarioStep(
        "Quelqu’un d’extérieur prouve la décision de SIRIPH2G avec son seul ticket, sans rien demander à Jalon.",
        SIRIPH2G.name,
        proves_decision(SIRIPH2G.name),
        (comment_says("## Décision", "Scellée n° "),),
    ),
)
STEPS = (*FILING, *CHECKING, *VOTING, *REFUSING, *MOVING, *FALLING, *ENDING)
