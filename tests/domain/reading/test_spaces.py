"""Whoever copies a sentence of Jalon copies its spaces that do not break: it is read as if typed."""

from __future__ import annotations

import pytest

from app.domain.reading.commands import Parsed, parse

TYPED = [
    "/nogo : trop tôt",
    "/go sous réserve\n- Sécurité : relire les accès, avant le 31/12/2030",
    "/décision go\nprésents : techno, archi\nexcusés : communs",
    "/na 4 : sans objet ici",
    "/levée 1 : fait ; voir le lien",
    "/réponse 3 : la direction ; son bureau",
]


@pytest.mark.parametrize("text", TYPED)
@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_a_space_that_holds_reads_as_any_other(text: str, space: str) -> None:
    held = text.replace(" :", f"{space}:").replace(" ;", f"{space};")
    assert held != text
    assert plain(parse(held)) == plain(parse(text))


def plain(found: tuple[Parsed, ...]) -> str:
    return repr([one.command for one in found]).replace("\\xa0", " ").replace("\\u202f", " ")
