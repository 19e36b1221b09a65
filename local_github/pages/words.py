"""French for what these pages refuse: a person reads why, and what to do, beside GitHub's own English."""

from __future__ import annotations

import re

from local_github.state import Refused

BY_SENTENCE = (
    (
        re.compile(r"body is too long \D{0,40}(\d[\d,]*+) characters.*"),
        "Ce texte dépasse {0} caractères, la limite de GitHub.",
    ),
    (re.compile(r"body can't be blank"), "Le commentaire est vide : écrivez quelque chose avant de l’envoyer."),
    (re.compile(r"title can't be blank"), "Il manque un titre : c’est la seule réponse que GitHub exige."),
    (
        re.compile(r"title is too long \D{0,40}(\d++) characters.*"),
        "Le titre dépasse {0} caractères : raccourcissez-le.",
    ),
    (re.compile(r"Must have (\w+) rights.*"), "Ce geste demande le droit « {0} » sur ce dépôt."),
    (re.compile(r"Could not resolve to a User.*"), "Cette personne n’existe pas ici."),
    (re.compile(r"Label does not exist"), "Cette étiquette n’est plus sur le ticket."),
)
BY_STATUS = {
    403: "Ce geste n’est pas permis à ce compte.",
    404: "Cette page, ou ce qu’elle montrait, n’existe pas ou n’existe plus.",
    413: "C’est trop volumineux pour être envoyé.",
    500: "Le GitHub local s’est trompé : le détail est dans le terminal où il tourne.",
    422: "GitHub ne peut pas enregistrer cela tel quel.",
}
RIGHTS = {"read": "lecture", "triage": "tri", "write": "écriture", "admin": "administration"}


class Declined(Refused):
    """A refusal by the pages themselves, already said in French."""


def explained(refused: Refused) -> str:
    """One sentence in French, the closest to what GitHub said."""
    if isinstance(refused, Declined):
        return refused.message
    for pattern, sentence in BY_SENTENCE:
        if found := pattern.fullmatch(refused.message):
            return sentence.format(*(_french(part) for part in found.groups()))
    return BY_STATUS.get(refused.status, "GitHub n’a pas accepté cette demande.")


def _french(part: str) -> str:
    number = part.replace(",", "")
    return f"{int(number):,}".replace(",", "\u202f") if number.isdecimal() else RIGHTS.get(part, part)


def plural(count: int, one: str, many: str) -> str:
    """« 0 ticket », « 1 ticket », « 2 tickets »."""
    return f"{count} {many if count > 1 else one}"
