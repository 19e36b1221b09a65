"""Weeks worth looking at, in each language: empty, busy, and in August without a committee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.domain.policy.calendar import Week
from app.domain.policy.model import TIMEZONE, Policy
from app.domain.report.digest import Digest, digest
from app.domain.reuse.catalogue import Catalogue, Common
from app.messages.reports import Links
from app.transparency.notes import Checkpoint, Signer, note
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life, at, candidate

LINKS = Links("https://github.com", REPOSITORY)
BUSY = Week(2026, 48)


def _steady(policy: Policy) -> list[Life]:
    return [
        Life(policy, "Portail des agréments", 1).filed("2026-09-07"),
        Life(policy, "Suivi des visites", 2).filed("2026-09-07", "construction"),
        Life(policy, "Ancien registre", 3).filed("2024-03-04", "arret"),
    ]


def _busy(policy: Policy) -> list[Life]:
    lives = _steady(policy)
    go = Life(policy, "Téléservice *apprentis* <b>", 4, ["design", "données"]).filed("2026-08-31")
    go.asked("2026-11-17", "poc").vote("2026-11-18", "technologie").decided("2026-11-24")
    conditional = Life(policy, "Base des conventions", 5, ["design"]).filed("2026-08-31").entered("2026-10-05", "poc")
    conditional.asked("2026-11-17", "mvp").decided(
        "2026-11-24", "go", [("Sécurité : faire relire les droits @secu", "2026-12-31"), ("Nommer un sponsor", "")]
    )
    refused = Life(policy, "Annuaire | des services", 6).filed("2026-08-31").asked("2026-11-10", "mvp")
    refused.vote("2026-11-12", "securite", "nogo", "Sensibilité non estimée : https://exemple.invalid #12")
    refused.decided("2026-11-25", "nogo")
    late = Life(policy, "Chatbot interne", 7).filed("2026-06-01").asked("2026-06-08", "poc")
    late.decided("2026-06-16", "go", [("Chiffrer les sauvegardes", "2026-09-30")])
    held = Life(policy, "Messagerie", 11).filed("2026-09-01").asked("2026-11-10", "mvp")
    held.postponed("2026-11-24", "Le coût n’est pas connu")
    waiting = Life(policy, "Simulateur", 8).filed("2026-09-01").asked("2026-11-20", "poc").vote("2026-11-21", "design")
    overdue = Life(policy, "Prise de rendez-vous", 9).filed("2026-09-01").asked("2026-10-27", "mvp")
    silent = Life(policy, "Carte des centres", 10).filed("2025-01-06", "mvp")
    many = [Life(policy, f"Nouveau {number}", number).filed("2026-11-26") for number in range(20, 33)]
    return [*lives, go, conditional, refused, late, held, waiting, overdue, silent, *many]


def _reusing(policy: Policy) -> list[Life]:
    lives = []
    for number, ref, name in ((1, "commun:tchap", "Tchap"), (2, "commun:tchap", "Tchap"), (3, "produit:I_9", "SISAC")):
        life = Life(policy, f"Besoin {number}", number).filed("2026-11-16")
        lives.append(life.shown("2026-11-16", candidate(1, ref, name)).answered("2026-11-24", ref, name=name, number=1))
    adapted = Life(policy, "Besoin 4", 4).filed("2026-11-16").answered("2026-11-25", "commun:grist", "adapt")
    aside = Life(policy, "Besoin 5", 5).filed("2026-11-16")
    aside.shown("2026-11-16", candidate(1, "commun:a"), candidate(2, "commun:b"), candidate(3, "commun:c"))
    aside.answered("2026-11-24", "commun:a", "aside", number=1).answered("2026-11-24", "commun:b", "aside", number=2)
    silent = Life(policy, "Besoin 6", 6).filed("2026-11-20").shown("2026-11-20", candidate(1, "commun:a"))
    return [*lives, adapted, aside, silent]


CATALOGUE = Catalogue(
    tuple(
        Common(f"c{number}", name, "Une phrase", link=link, seen_on=seen)
        for number, name, link, seen in (
            (1, "Grist", "https://grist.numerique.gouv.fr/(aide)", date(2025, 10, 2)),
            (2, "Vieux | commun", "", date(2024, 3, 1)),
            (3, "Jamais relu", "https://exemple.fr", None),
            (4, "Autre ancien", "https://exemple.fr", date(2025, 11, 2)),
            (5, "Relu", "https://exemple.fr", date(2026, 6, 1)),
        )
    )
)


SIGNER = Signer("registre.exemple.gouv.fr/comite", bytes(range(32)))
SEALED = Checkpoint(SIGNER.name, 1_842, bytes(range(100, 132)))
WITNESS = Signer("temoin.exemple.gouv.fr", bytes(range(1, 33)))
SEAL = note(SEALED.text, [SIGNER.sign(SEALED.text), WITNESS.cosign(SEALED.text, 1_764_576_000)])


def samples(language: str) -> dict[str, tuple[Digest, Policy]]:
    """The digests by name, with the rules they were made under."""
    policy = a_policy(language)
    after = BUSY.end(TIMEZONE) + timedelta(hours=6)
    made = {
        "empty": digest([life.tracked for life in _steady(policy)], policy, Week(2026, 39), after),
        "busy": digest(
            [life.tracked for life in _busy(policy)], policy, BUSY, after, parked=2, missing=(Week(2026, 46),)
        ),
        "august": digest([life.tracked for life in _steady(policy)], policy, Week(2026, 33), after),
        "under-way": digest([life.tracked for life in _busy(policy)], policy, BUSY, at("2026-11-24", 12)),
        "reuse": digest([life.tracked for life in _reusing(policy)], policy, BUSY, after, catalogue=CATALOGUE),
        "no-product": digest([], policy, BUSY, after),
    }
    made["busy"] = replace(made["busy"], seal=SEAL)
    return {name: (found, policy) for name, found in made.items()}
