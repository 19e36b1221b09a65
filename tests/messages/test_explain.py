"""`jalon explain` in both languages: a sentence for everything that can block, be awaited or change; a calm terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.model import LANGUAGES
from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.facts import Blocker, Point
from app.domain.publish.effects import Effect
from app.domain.publish.notices import ConditionView, Decision, GateView, SeatView
from app.domain.report.explanation import Explanation, Pending, PlannedChange, Refused
from app.messages import explain_product, render
from tests.builders import T0
from tests.messages.samples import WORDS, blockers

KINDS = sorted(kind.__name__ for kind in Effect.__subclasses__())
SEATS = (
    SeatView("Sécurité", ("secu",), "nogo", "secu", reason="trop tôt"),
    SeatView("Design", ("design", "design-suppleance")),
    SeatView("Data", ("data",), mandatory=True),
)
GATE = GateView(number=2, origin="POC", target="MVP", requested_by="cheffe-produit", deadline=T0, seats=SEATS, quorum=6)
VOTE = Decision(number=1, origin="Idée", target="POC", outcome="go", go=7, silent=3, seats=SEATS[:1])
TOLD = Explanation("dnum/produits", 3, "SILAV", "POC", T0, VOTE, None, None, None, "MVP", (), ())
EVERYTHING = replace(TOLD, gate=GATE, requested_on=T0, pending=Pending(2, T0, ("KeyError",)), new_facts=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_blocks_has_its_sentence(language: str) -> None:
    known = blockers(WORDS[language])
    assert known.keys() == set(BlockerKind)
    said = explain_product(replace(TOLD, blockers=tuple(known.values())), language)
    assert said.count("\n  - ") == len(known) + len(VOTE.seats)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_changes_has_its_sentence(language: str) -> None:
    changes = tuple(PlannedChange(kind, f"quoi-{kind}", ("plus",), ("moins",)) for kind in KINDS)
    said = explain_product(replace(TOLD, entry=None, changes=changes), language)
    assert said.count("\n  - ") == len(KINDS)
    assert "+ “plus” − “moins”" in said.replace("« ", "“").replace(" »", "”")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_digest_of_the_rules_is_read_to_people(language: str) -> None:
    vote = replace(VOTE, policy="0123456789ab")
    told = explain_product(replace(TOLD, entry=vote, refusal=vote), language)
    assert "0123456789ab" not in told + render(vote, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_without_a_sentence_is_a_bug(language: str) -> None:
    for broken in (replace(TOLD, changes=(PlannedChange("Inconnu"),)), replace(TOLD, blockers=(Blocker("inconnu"),))):
        with pytest.raises(LookupError, match="nconnu"):
            explain_product(broken, language)


def test_an_open_gate_is_told_whole() -> None:
    said = explain_product(EVERYTHING, "fr")
    assert (
        said
        == """SILAV (dnum/produits#3)

Phase POC, depuis le 5 janvier 2026.
Par décision du comité au passage 1 (Idée → POC) : 7 pour, 0 contre, 0 en abstention, 0 en déport, 3 sans avis.
  - Sécurité : no-go (secu), « trop tôt »

Passage ouvert : POC → MVP, demandé le 5 janvier 2026 par cheffe-produit, réponse attendue d’ici au 5 janvier 2026.
Avis reçus : 0 ; nécessaires : 6. Le go l’emporte à partir de  des go et no-go.
  - Sécurité : no-go (secu), « trop tôt »
Sièges attendus :
  - Design (design, design-suppleance)
  - Data (data), avis indispensable

Pas encore au registre : 2 faits, tirés de ce que montre GitHub maintenant.
GitHub montre exactement ce que dit le registre : rien à changer.

Événements de GitHub reçus et pas encore traités : 2, le plus ancien du 5 janvier 2026 à 09:00 (UTC).

Événements mis de côté après une erreur : 1.
  - KeyError""".replace("à partir de  des", f"à partir de {GATE.threshold} des")
    )


def test_a_refusal_and_the_conditions_are_told() -> None:
    refusal = replace(VOTE, outcome="nogo", objections=(Point("Sécurité", "trop tôt"),))
    condition = ConditionView(1, "relire les accès", "Sécurité", "secu", "chef-produit", "2026-12-31")
    said = explain_product(replace(TOLD, refusal=refusal, conditions=(condition,), next_phase=""), "fr")
    assert "Le dernier passage, Idée → POC, a été refusé. À revoir :\n  1. Sécurité : trop tôt\n" in said
    assert "(Sécurité, posée par secu, confiée à chef-produit, avant le 31 décembre 2026) : relire les accès" in said
    assert "Aucun passage n’est prévu depuis cette phase." in said
    assert "aucun point n’a été motivé" in explain_product(replace(TOLD, refusal=replace(refusal, objections=())), "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_people_cannot_drive_the_terminal(language: str) -> None:
    said = explain_product(replace(TOLD, title="SI\x1b[31mLAV\r\n\x07\x9b2J*gras*"), language)
    assert said.startswith("SI[31mLAV 2J*gras* (dnum/produits#3)\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_from_the_register_alone_says_so_and_plans_nothing(language: str) -> None:
    said = explain_product(replace(TOLD, unread="GitHub answered 502"), language)
    assert "GitHub answered 502" in said
    assert ("rien à changer" in said, "nothing to change" in said) == (False, False)
    assert ("dernières règles lues" in said or "last rules that were read" in said) is True
    bare = explain_product(replace(TOLD, unread="GitHub answered 502", default_rules=True), language)
    assert ("règles livrées avec Jalon" in bare or "rules that travel with Jalon" in bare) is True


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "  - secu, le 5 janvier 2026"), ("en", "  - secu, on 5 January 2026")]
)
def test_the_reminders_sent_are_told(language: str, line: str) -> None:
    assert line in explain_product(replace(TOLD, reminders=(("secu", T0),)), language).splitlines()


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "GitHub dit\u00a0: «\u00a0Board is full\u00a0»"), ("en", "GitHub says: “Board is full”")],
)
def test_what_github_refuses_is_told_in_its_words(language, words):
    refused = (Refused("le tableau manque", "Board is full", T0), Refused("l’App est suspendue", "", T0))
    said = explain_product(replace(TOLD, refused=refused), language)
    assert words in said
    assert "le tableau manque" in said
    assert "l’App est suspendue" in said
    assert said.count(words) == 1
