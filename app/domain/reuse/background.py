"""How often public services in one line say a word, so that ten products already know what is rare."""

from __future__ import annotations

from functools import cache

from app.domain.reuse.texts import stem

SERVICES = 660
"""Public digital services whose title and one line were counted (beta.gouv.fr, August 2026).

Words are kept that three of them say at least.
"""

WORDS_BY_COUNT = {
    3: """
        accessibilite accompagnant achat acheteurs allocation anticiper archeologie arts cas cassation
        chaleur cias cible cinema classe code commercants conduire confiance conformes connaissances
        conseillers construire consulaire contact contentieux corps decarbone decision decouvrir dedie
        defense deplacement deploiement diagnostic dialogue differents direct documentaire eclairer egalite
        elaboration embauche emplois enregistrement etranger etrangers europeen examen experience expertise
        facon familiale familles femmes fiabiliser fichiers fonciere fonds forets fournir frais friches
        gagner gestionnaires guichet habitat immersion inscrire inspection juridique justiciables lien
        locataires marchandises mediation mobiles moment monde montant multimedia obligations obtenir open
        parcs part participation pedagogiques penal places precarite prefigurer promouvoir proprietaires
        psychologique recommandations reduction rendus retrouver reunir rh routier rue ruptures saisir
        sauvages secheresse securisee simul soins sorties souveraine stage stockage taxi tiers tracabilite
        trace transfert travailler travaux tri urgence vacants valeur validation visites vulnerabilite
    """,
    4: """
        adaptation alimenter amenagement apportant archives boite bord calcul cantine centre choix clics co
        college communaute comprehension conception concernant construction consulter contrat decouverte
        democratie detecter diminuer domicile durable efficacite enrichir enseignants entree entrepreneurs
        evoluer face foncier fonction former fraude futur geographiques historique informer installation
        integration interlocuteur interministerielle intervention inventaire legale lycee maison maritime
        maximiser medicale mer messagerie methode naturels operation organismes pass passage periode petites
        pilotage police politique prelevements premier preparation profil proximite rdv recenser region
        reglementaire rencontre renov reservation retour rural sanitaires soutenir soutien sport techniques
        terme urbaine urbanisme voie zones
    """,
    5: """
        accessibles accueil aerienne air armee artificielle atteintes biens changement civil climatique cour
        cout dechets declaration depot encourager estimer facilitant filiere financements judiciaire
        juridictions limiter maniere metiers modeles nombre ouvrir parents partageant partout patrimoine
        permis pertinentes piloter plan redaction reel referentiel regionaux reglementation rendez resoudre
        reutilisation securisation signalement subventions unique visibilite visualiser
    """,
    6: """
        analyse beneficiaires candidats carbone centraliser circulation collaboratif competences connect
        departement economiques enjeux eviter exploiter fiable financiere flux generative greffiers humaines
        identifier innovation jour marche mesurer mobilite non notamment patients potentiel preservation
        prevenir prevention problemes production sante secteur solidaire terrain usages
    """,
    7: """
        activite alimentaire associations batiments dossiers ecologique engagement identification
        instruction intelligence justice magistrats procedures protection securite structures
    """,
    8: """
        carte consommation diffuser documents environnementale garantir outiller pratiques recrutement ville
    """,
    9: """
        automatiser culture delais droit environnement etablissements evaluation fr inclusion mission
        risques scolaires simplification
    """,
    10: """
        culturels proteger recherche transition
    """,
    11: """
        apprentissage assistant charge conseil developpement eau transport
    """,
    12: """
        agricole collecte commun compte echanges enfant espace
    """,
    13: """
        logement ressources situation
    """,
    14: """
        controle emploi vie
    """,
    15: """
        orienter traitement
    """,
    17: """
        ia insertion lutter relation travail
    """,
    18: """
        formation parcours
    """,
    19: """
        demandes
    """,
    22: """
        bon social
    """,
    28: """
        professionnel
    """,
    29: """
        aides
    """,
}
PAIRS_BY_COUNT = {
    3: """
        aide-financiere assistant-ia atteintes-environnement biens-culturels changement-climatique
        contrat-apprentissage cour-cassation formations-apprentissage lutte-fraude magistrats-greffiers
        orientation-bons parcours-formation permis-conduire prevenir-risques relation-candidats
        ressources-humaines traitement-dossiers
    """,
    4: """
        bon-interlocuteur ia-generative
    """,
    5: """
        intelligence-artificielle
    """,
    7: """
        transition-ecologique
    """,
}
AUDIENCE_COUNTS = {
    "agents": 13,
    "agriculteurs": 3,
    "collectivités": 37,
    "demandeurs d’emploi": 6,
    "entreprises": 35,
    "jeunes": 33,
    "particuliers": 24,
    "personnes handicapées": 4,
    "personnes âgées": 3,
    "professionnels de santé": 4,
}


@cache
def counts() -> dict[str, int]:
    """Each stem, or audience, with how many of these services say it."""
    said = {stem(word): count for count, words in WORDS_BY_COUNT.items() for word in words.split()}
    return said | AUDIENCE_COUNTS


@cache
def pair_counts() -> dict[tuple[str, str], int]:
    """Each two stems that follow one another, with how many of these services say them so."""
    said = ((pair.partition("-"), count) for count, pairs in PAIRS_BY_COUNT.items() for pair in pairs.split())
    return {(stem(one), stem(other)): count for (one, _, other), count in said}
