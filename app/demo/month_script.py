"""A month of the committee, November 2026: the week without a session, the first session, and what follows from it."""

from __future__ import annotations

from app.demo.month_clock import at
from app.demo.month_end import AGENDA, ENDING, FILED, LAST_SESSION, MINUTES, OVERRIDE
from app.demo.month_proofs import subscribed
from app.demo.month_research import DECIDING, OPENING
from app.demo.month_steps import (
    REVIEW,
    acts,
    body_says,
    finds,
    nothing,
    on_day,
    product_page,
    reads,
    same_day,
    says_on,
    settled,
    silent,
)
from app.demo.products import SILAV, SISAC
from app.demo.scenario import ScenarioStep
from app.demo.script import ALL_REQUIRED, GO, IDEA_LIST, REFUSED, REQUESTED
from app.demo.steps import (
    all_say,
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

BEGINS = at("2026-11-02 09:00")
TENTH, SEVENTEENTH = "La séance du 10", "La séance du 17"
WEEK_OFF = (
    on_day(
        "2026-11-02 09:30",
        "semaine sans comité. La cheffe de produit dépose SILAV et en traite la liste.",
        SILAV.name,
        in_turn(
            files(SILAV),
            waits_for(SILAV.name, comment_says(IDEA_LIST)),
            checks_required("cheffe-produit", SILAV.name),
        ),
        labelled("phase: idée"),
        comment_says(IDEA_LIST, ALL_REQUIRED),
    ),
    on_day(
        "2026-11-03 10:00",
        "le chef de produit dépose SISAC, et demande le MVP depuis sa page : le délai saute la semaine sans comité.",
        SISAC.name,
        in_turn(
            files(SISAC),
            waits_for(SISAC.name, comment_says(IDEA_LIST)),
            checks_required("chef-produit", SISAC.name),
            waits_for(SISAC.name, comment_says(IDEA_LIST, ALL_REQUIRED)),
            acts("chef-produit", SISAC.name, "/demande", REVIEW, {"MVP": ""}),
        ),
        labelled("phase: idée", REQUESTED),
        comment_says("## Passage 1 : Idée → MVP", "d’ici au 23 novembre 2026"),
        opinions_counted(0),
    ),
)
AGENDA_OUT = (
    on_day(
        "2026-11-05 09:30",
        "cinq jours avant la séance, l’ordre du jour est paru de lui-même, avec SISAC.",
        TENTH,
        finds(TENTH, AGENDA, "10 novembre 2026"),
        body_says("SISAC", absent=("SILAV",)),
    ),
)
ABSENCE = (
    same_day(
        "La sécurité annonce son absence sur l’issue de la séance, et qui la remplace.",
        TENTH,
        says_on("secu", TENTH, "/absence du 9 au 13 novembre, remplacé·e par @adjointe-secu"),
        comment_says("#### Absences", "Sécurité : secu", "à accepter par le secrétariat"),
    ),
    same_day(
        "Ce remplacement n’est pas prévu par les règles : le secrétariat l’accepte.",
        TENTH,
        says_on("secretariat", TENTH, "/accord 1"),
        comment_says("#### Absences", "adjointe-secu parle pour ce siège"),
    ),
)
BALLOTS = (
    on_day(
        "2026-11-06 09:30",
        "SILAV demande à son tour son passage, depuis sa page.",
        SILAV.name,
        acts("cheffe-produit", SILAV.name, "/demande", REVIEW),
        labelled("phase: idée", REQUESTED),
        comment_says("## Passage 1 : Idée → POC"),
        opinions_counted(0),
    ),
    same_day(
        "Sur SISAC, quatre sièges disent non et pourquoi. L’issue est certaine, et reste tue jusqu’à la séance.",
        SISAC.name,
        in_turn(
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
            settled,
        ),
        opinions_counted(6),
        labelled("phase: idée", REQUESTED),
        silent("## Décision"),
    ),
    on_day(
        "2026-11-09 10:00",
        "l’ordre du jour a été tenu à jour à l’aube : SILAV s’y est ajouté.",
        TENTH,
        nothing,
        body_says("SISAC", "SILAV"),
    ),
)
SUBSTITUTE = (
    same_day(
        "La page « Ce qui m’attend » de l’adjointe lui dit l’avis à donner.",
        "",
        reads("adjointe-secu", "/moi", "Sécurité", "SILAV"),
    ),
    same_day(
        "L’adjointe donne depuis une page l’avis du siège qu’elle remplace.",
        SILAV.name,
        acts("adjointe-secu", SILAV.name, "/avis", "Go"),
        opinions_counted(1),
        comment_says("| Sécurité | ✅ go | adjointe-secu |"),
    ),
)
FIRST_SESSION = (
    on_day(
        "2026-11-10 09:30",
        "première séance. Le secrétariat saisit les présents, une fois pour toute la séance.",
        TENTH,
        says_on(
            "secretariat",
            TENTH,
            "/émargement",
            "présents : techno, archi, communs, design, ops-produit, data, transfo",
            "excusés : cloud-ops",
            "remplacés : secu par adjointe-secu",
            "",
            "/début 9h30",
        ),
        comment_says("Présents (8)", "Sécurité (remplacé par adjointe-secu)", "début à 09:30"),
    ),
    same_day(
        "Il consigne la décision sur SILAV : les présents sont ceux de la séance.",
        SILAV.name,
        says_on("secretariat", SILAV.name, "/décision go"),
        decided_once("## Décision : ✅ go – Idée → POC"),
        labelled("phase: poc"),
        not_labelled("phase: idée", REQUESTED),
        in_column("POC"),
    ),
    on_day(
        "2026-11-10 11:00",
        "la séance est levée. Rien encore n’est dit de SISAC.",
        SISAC.name,
        in_turn(says_on("secretariat", TENTH, "/fin 11h"), settled),
        silent("## Décision"),
        labelled("phase: idée", REQUESTED),
    ),
    on_day(
        "2026-11-11 09:30",
        "la séance passée, le no-go de SISAC est publié de lui-même.",
        SISAC.name,
        nothing,
        decided_once("## Décision : ⛔ no-go – Idée → MVP"),
        comment_says("### Ce qui est à revoir", "le dossier d’architecture manque", "l’hébergement n’est pas choisi"),
        labelled("phase: idée", REFUSED),
    ),
    on_day(
        "2026-11-12 09:30",
        "le relevé de la séance est paru, avec qui était là et qui remplaçait qui.",
        "Le relevé du 10",
        finds("Le relevé du 10", MINUTES, "10 novembre 2026"),
        body_says(
            "SILAV", "Sièges présents (8)", "Sécurité : titulaire remplacé·e par adjointe-secu", "Excusés : Cloud"
        ),
    ),
)
CANCELLED = (
    same_day(
        "L’équipe de SISAC conteste le no-go, avec ses motifs : le passage se rouvre pour la séance suivante.",
        SISAC.name,
        says_on("chef-produit", SISAC.name, "/contester : l’hébergement est choisi depuis lundi"),
        comment_says("## Contestation du no-go : Idée → MVP", "l’hébergement est choisi", "17 novembre 2026"),
        comment_says("## Passage 2 : Idée → MVP"),
        opinions_counted(0),
        labelled("phase: idée", REQUESTED),
    ),
    same_day(
        "La salle manque : le secrétariat annule la séance du 17.",
        SEVENTEENTH,
        in_turn(
            finds(SEVENTEENTH, AGENDA, "17 novembre 2026"),
            says_on("secretariat", SEVENTEENTH, "/séance annulée"),
        ),
        comment_says("### Séance du 17 novembre 2026 : annulée", "Ses dossiers passent à la suivante"),
    ),
)
CALENDAR = (
    same_day(
        "Transfo s’abonne au calendrier du comité : la séance annulée y est dite annulée, la suivante y est.",
        "",
        subscribed(
            "transfo",
            "Tout le comité",
            {
                "20261117": ("séance du comité produit", "CANCELLED"),
                "20261124": ("séance du comité produit", "CONFIRMED"),
            },
        ),
    ),
)
PAUSE = (
    on_day(
        "2026-11-13 10:00",
        "l’équipe de SILAV, appelée en renfort, met son produit en pause depuis sa page.",
        SILAV.name,
        acts(
            "cheffe-produit",
            SILAV.name,
            "/pause",
            REVIEW,
            {"Dernier jour de la pause": "2026-11-20", "Vos raisons": "toute l’équipe est en renfort ailleurs"},
        ),
        comment_says("## Produit en pause jusqu’au 20 novembre 2026", "en renfort ailleurs"),
    ),
    same_day(
        "Demander un passage pendant la pause est refusé, et on dit quoi faire.",
        SILAV.name,
        says_on("cheffe-produit", SILAV.name, "/demande mvp"),
        comment_says("/reprise"),
        not_labelled(REQUESTED),
    ),
    same_day(
        "La page de SILAV dit la pause.",
        SILAV.name,
        reads("visiteur", product_page(SILAV.name), "en pause"),
    ),
)
WAKING = (
    on_day(
        "2026-11-21 10:00",
        "le jour dit est passé : la pause a pris fin d’elle-même.",
        SILAV.name,
        nothing,
        comment_says("## Fin de la pause", "Le jour prévu est arrivé"),
        said_once(),
    ),
)
STEPS: tuple[ScenarioStep, ...] = (
    *WEEK_OFF,
    *OPENING,
    *AGENDA_OUT,
    *ABSENCE,
    *BALLOTS,
    *SUBSTITUTE,
    *FIRST_SESSION,
    *CANCELLED,
    *CALENDAR,
    *DECIDING,
    *PAUSE,
    *FILED,
    *WAKING,
    *LAST_SESSION,
    *OVERRIDE,
    *ENDING,
)
