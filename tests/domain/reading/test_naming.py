"""What is reused, adapted, set aside or near: numbers, « #12 », ids and names, then the reason."""

from __future__ import annotations

import pytest

from app.domain.reading.commands import MOST, Adapt, Doubtful, Near, Reuse, SetAside, parse

READINGS = {
    "/réutilise 1": Reuse(("1",)),
    "/réutilise 01": Reuse(("1",)),
    "/reutiliser n° 1": Reuse(("1",)),
    "/reuse #12": Reuse(("#12",)),
    "/réutilise 1, merci !": Reuse(("1",)),
    "/réutilise": Reuse(),
    "/réutilise :": Reuse(),
    "/réutilise\n1": Reuse(("1",)),
    "/réutilise proconnect": Reuse(("proconnect",)),
    "/réutilise La Suite": Reuse(("La Suite",)),
    "/réutilise « Démarche Numérique ».": Reuse(("Démarche Numérique",)),
    "/écarte 1 2 parce que c’est autre chose": SetAside(("1", "2"), "parce que c’est autre chose"),
    "/écarte 1 2 3 : non": SetAside(("1", "2", "3"), "non"),
    "/écarte les lignes 1, 2 et 3 : déjà fait": SetAside(("1", "2", "3"), "déjà fait"),
    "/écarte 1 pas encore en service": SetAside(("1",), "pas encore en service"),
    "/écarte #3 #4 because of cost": SetAside(("#3", "#4"), "because of cost"),
    "/set-aside 1\nbecause\nof cost": SetAside(("1",), "because\nof cost"),
    "/adapte proconnect : il manque les usagers": Adapt(("proconnect",), "il manque les usagers"),
    "/adapter Démarche Numérique — il manque le suivi": Adapt(("Démarche Numérique",), "il manque le suivi"),
    "/adapte Démarche Numérique il manque le suivi": Adapt(("Démarche Numérique il manque le suivi",)),
    "/adapt 2 : non": Adapt(("2",), "non"),
    "/proche #12, ils font pareil": Near(("#12",), "ils font pareil"),
    "/near Grist": Near(("Grist",)),
}


@pytest.mark.parametrize(("text", "command"), READINGS.items(), ids=READINGS)
def test_what_is_named_and_why(text, command):
    (parsed,) = parse(text)
    assert parsed.command == command


@pytest.mark.parametrize(
    ("text", "why", "words"),
    [
        ("/écarte 1 2 agents seulement", "unsplit", "1 2"),
        ("/écarte 1 2 3 agents", "unsplit", "2 3"),
        ("/réutilise 1 ou 2", "unread", "ou 2"),
        ("/réutilise 1 ?", "unread", "?"),
        ("/réutilise 1 pas encore", "unread", "pas encore"),
        ("/écarte 1 annulé", "unread", "annulé"),
        ("/réutilise non", "unread", "non"),
        ("/réutilise merci beaucoup : oui", "unread", "merci beaucoup : oui"),
    ],
)
def test_words_in_doubt_are_asked_about(text, why, words):
    (parsed,) = parse(text)
    assert isinstance(parsed.command, Doubtful)
    assert (parsed.command.why, parsed.command.words) == (why, words)


def test_more_than_a_comment_may_add_is_refused():
    numbers = ", ".join(str(number) for number in range(1, MOST + 5))
    (parsed,) = parse(f"/écarte {numbers} : rien ne convient")
    assert isinstance(parsed.command, Doubtful)
    assert parsed.command.why == "too_many"
