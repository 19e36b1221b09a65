"""Everyone's words: a product called by one of them alone is not recognised by it, « Avril » or « Messages »."""

from __future__ import annotations

from app.domain.reading.text import vocabulary
from app.domain.reuse.plain import EMPTY, PLAIN

ORDINARY = (
    EMPTY
    | PLAIN
    | vocabulary("""
    academie academies accelere accessibilite accessible accessibles accompagnant accompagnants accueil achat
    acheteurs actes actif activite activites adaptation adaptee adaptes adresse adressees adresses aerienne
    aeriens affaires affectation agees agenda agir agora agricole agricoles agriculteurs agriculture aide aides
    air aires algorithmes alimentaire alimentaires alimenter aller allie allocation alternance alternative
    amenagement amendements amont analyse annee annees annonces annuaire annuels ans anticipant anticiper aout
    appareils applicatif apporte apprehender apprentis apprentissage appuyant arborescences arbres archivage
    archives archivistes armee artificielle arts assainissement assistant assistants association associations
    associees atelier atlas atteintes atteints attribuees attribution authentification auto automatisation
    automatiser automne autonomie autorisations avance aveugle avis avril bancaires base basee bases basses
    batiments beneficiaires beneficier benevolat bibliotheque biens billetterie bio biodiversite biomasse blanc
    bleu board boards boite boites bon bonne bonnes bons bord bourse boursier boussole bpco budget cadastre
    calcul calendar calendars campagnes candidats candidatures cantine cantines cap capture caracteristiques
    carbone carnet carte cartes cartographier cartographique cas cassation catalogue central centralise
    centraliser centre centres certaines certifications chaleur champ chances changement charge chat chiffrement
    chiffres chimique chimiques choix chrono ciel circulation circuler citoyen citoyenne citoyens civil civile
    classe classeur cle clef cles clics clients climat climatique cloud cluster cms code codes coffre colibri
    collaboratif collaborative collaboratives collecte collectifs collective collectivite collectivites college
    colleges com commande commandes commercants commerciale commun communales communaute commune communes
    communication communications communs comparer competences completes composants comprehension comprendre
    compris compromis comptages compte comptes concentrer conception concernant concertation concours concus
    conduire conference confiance configuration configurations conforme conformite conges connaissance
    connaissances connaitre connues conseil conseiller conseillers conservation consommateurs consommation
    constitue construction constructions construire consultation consultations consulter contact contacts
    contenant conteneurs contentieux contenu contenus continue contrat contrats controle controlees controles
    conventions conversationnels convocation convocations copilote copropriete corps correction correspond cote
    cotisations couches courriel courriels courrier cours cout covoiturage credit crm csv culture culturelles
    culturels cyber cybersecurite cycle dangereux dates dating debat decembre decentralise dechets decision
    decisions declarant declaration declarer deconcentres decoupage decouverte decouvrir decrire decrit
    decrivant dedie defense delai delais demande demandes demandeur demandeurs dematerialisation departement
    departements dependances depenses deploiement deployer depot depots design destination destinee detail
    detailler detournements deux developpe developpement developpeur developpeurs devis diagnostics diagramme
    differents difficulte difficultes diffuser diffusion dimanche diplome directement directeur directive
    directrice disponibilite disponibles disposition distance distribution docs document documentaire
    documentation documents domaine domicile donnant donne dossier dossiers download drh drive droit droits dsi
    durabilite durable dynamique eau echange echanges echeant echelle eclairage ecole ecoles ecologie ecologique
    ecologiques economique economiques ecran ecrans ecrites edition education educatives effectifs efficacite
    efficience egalite elaboration electriques electronique electroniques eleves eliminer eloignees elus
    embauche emissions emplacements emploi emplois employes employeur employeurs encourager endroit energetique
    energie enfant enfants engagement engages enjeux enquete enregistrement enregistres enrichir enseignants
    enseignement ensembles entite entites entree entrepreneur entrepreneurs entreprise entreprises environnement
    environnemental environnementale environnementaux envoi eolienne eoliennes equipements erp erreurs espace
    espaces essentielles estime estimer etablissement etablissements etalab etape etapes etc eti etoile etranger
    etrangers etudiant etudiants europe europeen evaluation evenements eviter evoluer examen examens executable
    execution exercice existant experiences expertise exploitable exploitation exploiter exposition exprimees
    extension exterieur extraction face facilitant facon facteurs facture factures faibles familial familiale
    famille familles faune femmes fevrier fiabiliser fiable fiables fiches fichier fichiers fil files filiere
    financements finances financiere financieres fiscal fiscale fiscaux flexible flore flux foncier fonciere
    foncieres fonction fonctionnalites fonds foret forets forge form format formation formations forme forms
    formulaire formulaires fort forum forums frais framework fraude friches gagner gaspillage gaz ged
    gendarmerie general generation generative geographique geographiques geomorphologiques geres gestionnaires
    globale gnu gouvernement gps grammalecte grammaticale graphique graphisme gratuit greffiers groupe guichet
    guide habilitation habitants habitat handicap harcelement haute hebergement histoire historique hiver
    homogeneiser homologation hopital hopitaux horaires horizon html http https humaines hydrogene ia idee idees
    identifiant identification identifie identifier identite illegales images immatriculation immediatement
    immersions impact impacts impliques importe impot impots impression incidents incluant inclusion indicateurs
    indice indices industriels infrastructure initier injection innovation inscription inscriptions inscrire
    inscrit insertion inspection installation instantanee instructeurs instruction integralite integration
    integre intelligence interet interface interlocuteur intermediaires interministerielle internet interroger
    intervention interventions inventaire isolement issu issues issus itineraires jalon jalons janvier java
    javascript jeudi jeunes jeux job jour journal jours judiciaire judiciaires juillet juin juridictionnelles
    juridictions juridique justice justiciables justificatifs justificatives kiosque langage lave lecture legale
    legales lettre level librairie libre licence liees lien liens lies lieux limites linge linux liste livraison
    livret locales localiser locataires locaux logement logements logicielle login logistique logs loi loisirs
    lundi lune lutte lutter lycee lyceens lycees lyon machine magistrats mai mail mails mal maladies management
    maniere manifestations marchandises marche marches mardi maritime maritimes mars marseille materielles matin
    maximiser mediation medicale medicaments meet meeting membres memo mentor mentorat menu mer mercredi message
    messagerie messageries messages mesures metadonnees metier metiers militaires minier ministre minutes miroir
    mises mission missions mobile mobiles mobilite mobilites modalites mode modele modeles mois moment monde
    montage montagne montant moteur mots moyen moyens multi multimedia multiplateforme mur musee musees nappes
    nas nature naturels navigateur navigation necessaires net niveau noir nombre non notamment note notes
    notices notification notifications novembre nuit objectif objets obligations observatoire occupation octobre
    octroi oeil oeuvres officiel offres open operateurs operation optique orange orchestration ordre org
    organisations organisme organismes orientation oriente orientee orienter orientes outiller ouverts ouverture
    ouvrages ouvrir package page pages paie paiement paiements pairs papier paquets parapheur parc parcours
    parents paris parlementaire partageant partagees partenaires participation particulier particulieres
    particuliers partie partir partout passage passe passerelle patients patrimoine paye paysage paysager
    paysagere paysageres paysagers paysages pdf pedagogique pedagogiques perception perenne performance periode
    permis personnalisation personnalisee personne personnes perspectives pertinentes pertinents petites phare
    photo photographie php physico physiques pieces pilotage pilote piloter pipeline pixel places planification
    planning plans plats plein plugin pme pmi point points police politique politiques pollen pont porteurs post
    poste postes potable potentiel pratique pratiques pre precarite preciser precises precision prefecture
    prefectures prefet prelevements premiere preparation prescription presentation preservation preserver presse
    prevenir prevention principalement printemps prise prises prive privees prives prix problemes procedure
    procedures processus proches production productivite produire produite professionnel professionnelle
    professionnelles professionnels profil profils programmation projects proposes proprietaires protection
    protege protegees proteger proximite proxy psychologique publication publications publies pulse
    questionnaires quotidien quotient radar rappel rapport realisation realise recensement reception recevant
    recevoir recharge recherche reconversion recours recrutement rectorat recueil recuperant recuperer redaction
    reduction reduite reel reemploi reference referentiels refonte regard region regionaux regions registre
    reglementaire reglementaires reglementation regles reinsertion relais relatif relation relationnelle
    relationnelles relatives remontee rencontre rencontrees rencontres rendez rendus renovation repere reperes
    repertoire repondant repondre reponse reponses report reports reprise reseau reseaux reservation
    reservations resolution ressource ressources restauration resultats retour retours retrouver reussir
    reutilisation reutiliser reverse rgaa rgpd rh risque risques rouge routier routiers rsa rse ruche rue
    ruptures salle salles samedi sanitaires sante sauvegarde schema schemas science scientifique scolaire
    scolaires scribe search secheresse secteur securisation securise securisee securiser securises securite
    selection semaine septembre series serveur serveurs sig signalement signalements sillage simplicite
    simplification simplifie simplifiez situation situations sms sobriete social sociale sociales sociaux
    societes socio socle soins soir sol soleil solidaire solidaires sols sommaire sondage sondages source
    sources souterraine soutien souverain souveraine souverainete specifications sportive sso stage stages
    standard standardisee standardiser standards stationnement stations statique statistiques statut stockage
    store structure structures subventions suite suites superieur supervision supplementaires support
    surveillance synthese tableau tableaux taches talent talents task tasks taux taxi tchat team teams
    techniques teledeploiement telephone telephoniques teleservices televiseur tempo terme termes terminologique
    terrain terre territoire territoires territoriale territoriales test tester tests texte textes textiles
    thematiques theses ticket tickets tiers titre tpe tracabilite trace traces trait traitement traites trame
    transactionnelle transfert transition transmission transparence transport transports travail travailleurs
    travaillez travaux tremplin tremplins tri tribunal tribunaux tribune trier trouver type unifie unique
    uniquement unitaire unite unites universite universites urbaine urbaines urbanisme urgence url usage usages
    usurpation utiles utilise utilisee utilises vacances vacants valeur validite valorisant valorisation
    valoriser vectoriel vectorises vehicule vehicules vendredi vente verifiant verification version vert
    vertueux victimes video videos vie vies vigie vigueur village ville villes virtualisation virtuelle visa
    visant visent visibilite visio visioconference visites visualisation visualiser vivre voie voir volontariat
    voyageur vpn vues vulnerabilite wiki windows work zen zones zoom
""")
)
"""Those that two public descriptions of services write in small letters, months, places, and what offices speak of."""
