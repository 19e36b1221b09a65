"""A command written wrong is told in French, with how it is written."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from app.cli import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["digset"], "la commande « digset » n’existe pas"),
        (["digest", "--wek", "x"], "l’option --wek n’existe pas"),
        (["digest", "--week", "hier"], "« hier » n’est pas une semaine"),
        (["digest", "--week"], "l’option --week attend une valeur"),
        (["digest", "--format", "odt"], "« odt » n’est pas possible"),
        (["digest", "de", "trop"], "de trop"),
        (["explain", "douze"], "« douze » n’est pas un nombre entier"),
        (["explain"], "il manque"),
        (["import", "rien.csv"], "« rien.csv » n’existe pas"),
        (["policy", "chek"], "la commande « chek » n’existe pas"),
        (["explain", "1", "--repo", "produits"], "n’est pas un dépôt"),
    ],
)
def test_a_mistake_is_told_in_french(words, told) -> None:
    done = CliRunner().invoke(main, words)
    said = done.stderr.replace("\u00a0", " ").replace("\u202f", " ")
    assert done.exit_code == 2
    assert told in said
    assert said.startswith(("Emploi : ", "Erreur : "))
    assert not re.search(r"Usage|Error|Invalid|Missing|No such|Got unexpected|Try ", said)
