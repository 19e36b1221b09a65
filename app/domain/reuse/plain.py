"""Words that say nothing of a need, and the many names of one audience: plain administrative French, as data."""

from __future__ import annotations

from app.domain.reading.text import vocabulary

EMPTY = vocabulary("""
    a afin ai ainsi alors apres as au aucun aucune aujourd aupres aussi autant autour autre autres aux avant avec avoir
    beaucoup bien c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment contre d dans
    de deja depuis des donc dont du elle elles en encore enfin entre es est et etaient etait etant ete etre eu eux ex
    faire fait faite faites faits faut grace hors hui il ils j je jusqu jusque l la le les leur leurs lors lorsque lui m
    ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont or ou par parce parfois parmi pas pendant peu
    peut peuvent plus plusieurs plutot pour pourquoi pouvoir pres puis qu quand que quel quelle quelles quelque quelques
    quels qui quoi rien s sa sans se selon sein sera seront ses seul seule seulement si soit son sont souvent sous sur t
    ta tant te tel telle telles tels tes toi ton toujours tous tout toute toutes tres trop tu un une va vers via voire
    vont vos votre vous y
    about an and any are as at be by can for from has have in into is it its more not of on or our so such than that the
    their them they this to us we what when which who will with you your
""")
"""Articles, pronouns, prepositions: French, then English."""

PLAIN = vocabulary("""
    acceder accelerer acces accompagnement accompagner acteur acteurs action actions actuel actuelle actuellement
    adapte adaptee adaptees adaptes administratif administratifs administration administrations administrative
    administratives agent agents aider amelioration ameliorer api appli application applications applis assurer
    augmenter base bases besoin besoins beta cadre connaissance connaitre contribuer creation creer demarche
    demarches dematerialisation dematerialiser developper difficulte difficultes direction directions disposer
    dispositif dispositifs disposition donnee donnees donner efficace efficacement efficaces ensemble equipe equipes
    etat facile facilement faciles faciliter favoriser fluidifier francais francaise francaises france gerer gestion
    gouv grand grande grandes grands impact impacts information informations informatique investigation ligne local
    locale locales locaux logiciel logiciels meilleur meilleure meilleures meilleurs mettre mieux ministere
    ministeres minute minutes mise moyen moyens national nationale nationales nationaux nouveau nouveaux nouvel
    nouvelle nouvelles numerique numeriques objectif objectifs oeuvre offre offrir optimiser organisation outil
    outils partage partager partir permet permettant permettent permettre personne personnes place plateforme
    plateformes portail possible prendre pris prise prises processus produit produits programme projet projets
    proposer public publics publique publiques qualite quotidien rapide rapidement realisation realiser recours
    reduire rendre renforcer repondre reponse reponses reussir securiser service services simple simplement simples
    simplifier site sites solution solutions suivi suivre systematiser systeme systemes temps territoire territoires
    territorial territoriale territoriales territoriaux trouver usager usagers utilisateur utilisateurs utilisation
    utiliser valorisation valoriser web www
    access app application data digital help improve make new online platform project public service services simple
    simplify software system tool tools user users
""")
"""What every filing says of itself; the rules of an organisation may add to them."""

AUDIENCES = {
    "personnes handicapées": (
        "personne en situation de handicap",
        "personnes en situation de handicap",
        "en situation de handicap",
        "personne handicapee",
        "personnes handicapees",
        "personne a mobilite reduite",
        "personnes a mobilite reduite",
        "pmr",
    ),
    "demandeurs d’emploi": (
        "demandeur d emploi",
        "demandeurs d emploi",
        "demandeuse d emploi",
        "demandeuses d emploi",
        "personne en recherche d emploi",
        "personnes en recherche d emploi",
        "personnes en demande d emploi",
        "personnes sans emploi",
        "chomeur",
        "chomeurs",
        "chomeuses",
    ),
    "agriculteurs": (
        "exploitant agricole",
        "exploitants agricoles",
        "agriculteur",
        "agriculteurs",
        "agricultrices",
    ),
    "collectivités": (
        "collectivite territoriale",
        "collectivites territoriales",
        "collectivite locale",
        "collectivites locales",
        "collectivite",
        "collectivites",
        "commune",
        "communes",
        "mairie",
        "mairies",
        "maire",
        "maires",
        "elu local",
        "elus locaux",
        "elu",
        "elus",
    ),
    "entreprises": ("entreprise", "entreprises", "pme", "tpe", "eti", "employeur", "employeurs"),
    "particuliers": (
        "citoyen",
        "citoyens",
        "citoyenne",
        "citoyennes",
        "particulier",
        "particuliers",
        "administre",
        "administres",
    ),
    "agents": (
        "agent public",
        "agents publics",
        "agent de l etat",
        "agents de l etat",
        "fonctionnaire",
        "fonctionnaires",
    ),
    "jeunes": ("eleve", "eleves", "lyceen", "lyceens", "collegien", "collegiens", "etudiant", "etudiants", "jeunes"),
    "personnes âgées": ("personne agee", "personnes agees", "senior", "seniors"),
    "professionnels de santé": (
        "professionnel de sante",
        "professionnels de sante",
        "personnel soignant",
        "soignant",
        "soignants",
    ),
}
"""Each audience with the ways it is written, folded: who a need is for is one thing said, however many words say it."""
