"""Five real products of the health ministry, by what it publishes of them; all that is decided here is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROBLEM = "Quel problème souhaitez-vous résoudre ?"
USERS = "Qui rencontre ce problème, et combien de personnes sont concernées ?"
VISION = "En une phrase, quelle est votre vision du produit ?"
SPONSOR = "Qui est le sponsor métier ?"
DEPARTMENT = "Quelle direction et quel bureau font cette demande ?"
OWNER = "Qui est responsable du produit au quotidien ?"


@dataclass(frozen=True)
class Dossier:
    """A product and the form's answers of the people who file it; `by` is their account."""

    name: str
    by: str
    answers: Mapping[str, str]

    def without(self, *questions: str) -> Mapping[str, str]:
        return {question: answer for question, answer in self.answers.items() if question not in questions}

    @property
    def body(self) -> str:
        """The answers as the form writes them in an issue."""
        return "\n\n".join(f"### {question}\n\n{answer}" for question, answer in self.answers.items())


def _dossier(name: str, by: str, problem: str, users: str, vision: str) -> Dossier:
    health = "Direction générale de la santé"
    owner = f"La personne du compte {by}"
    people = {SPONSOR: health, DEPARTMENT: health, OWNER: owner}
    return Dossier(name, by, {PROBLEM: problem, USERS: users, VISION: vision, **people})


SILAV = _dossier(
    "SILAV",
    "cheffe-produit",
    "Suivre les opérations de lutte contre les moustiques vecteurs de maladies et partager ces informations.",
    "La direction générale de la santé, les agences régionales de santé, les opérateurs et les départements.",
    "Aider les services de lutte anti-vectorielle à décider vite et à agir de la même façon partout.",
)
TRANSPARENCE = _dossier(
    "Transparence-Santé",
    "chef-produit",
    "Rendre publics les liens d’intérêts entre les entreprises de produits de santé et les acteurs de la santé.",
    "Les entreprises qui déclarent, et toute personne qui veut consulter leurs déclarations.",
    "Permettre à chacun de connaître les liens d’intérêts déclarés.",
)
SISAC = _dossier(
    "SISAC",
    "chef-produit",
    "Recevoir et gérer en un seul endroit les signalements sanitaires, les alertes et les crises.",
    "Le centre opérationnel de la direction générale de la santé (CORRUSS) et les agences régionales de santé.",
    "Partager l’information sanitaire entre tous ceux qui doivent agir.",
)
VRB = _dossier(
    "VRB",
    "chef-produit",
    "Protéger les volontaires des recherches biomédicales : périodes d’exclusion et indemnités maximales.",
    "Les promoteurs et les investigateurs de ces recherches, et la direction générale de la santé.",
    "Vérifier simplement qu’une personne peut participer à une recherche.",
)
SIRIPH2G = _dossier(
    "SIRIPH2G",
    "cheffe-produit",
    "Gérer les dossiers de recherche impliquant la personne humaine, de leur dépôt à l’avis éthique.",
    "Les promoteurs de recherche, les comités de protection des personnes et l’agence du médicament.",
    "Conduire chaque dossier de recherche jusqu’à un avis éthique, sur un seul outil.",
)
