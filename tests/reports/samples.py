"""Weeks worth looking at, in each language: empty, busy, and in August without a committee."""

from __future__ import annotations

from datetime import timedelta

from app.domain.policy.calendar import Week
from app.domain.policy.model import TIMEZONE, Policy
from app.domain.report.digest import Digest, digest
from app.messages.reports import Links
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life, at

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
        "no-product": digest([], policy, BUSY, after),
    }
    return {name: (found, policy) for name, found in made.items()}
