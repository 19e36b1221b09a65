"""`jalon demo --story --month`: a month of the committee holds, at a clock that only the story moves."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
import requests
from click.testing import CliRunner

from app.cli import main
from app.demo.client import AS_READ, GitHubRefusedError
from app.demo.month_clock import StoryClock, at, hours, moment_told
from app.demo.month_script import STEPS
from app.demo.month_seed import RULES, month_seeds
from app.demo.visit import Page

MUST_SHOW = (
    "d’ici au 23 novembre 2026",
    "adjointe-secu parle pour ce siège",
    "nulle part « ## Décision »",
    "Sécurité : titulaire remplacé·e par adjointe-secu",
    "@design-recherche",
    "il ne compte pas comme un avis",
    "Comité recherche",
    "| Sécurité | ✅ go | adjointe-secu |",
    "## Contestation du no-go : Idée → MVP",
    "### Séance du 17 novembre 2026 : annulée",
    "(CANCELLED)",
    "aucune issue « relevé de décisions » du 17 novembre 2026",
    "## Produit en pause jusqu’au 20 novembre 2026",
    "Le jour prévu est arrivé",
    "## Décision rectifiée : ✅ go – Idée → POC",
    "## Passer outre : ✅ go – Idée → MVP",
    "Décision rectifiée en go : Transparence-Santé",
    "Le registre est entier.",
    "GitHub dit la même chose que le registre",
    "la même preuve ne tient plus",
    "faits du registre reconstruit sont ceux du registre",
    "# Ce que ces règles auraient changé",
    f"Les {len(STEPS)} étapes de ce mois ont tenu",
)


@pytest.mark.slow
def test_the_whole_month_holds_and_prints_every_step():
    command = [sys.executable, "-m", "app", "demo", "--story", "--month", "--port", "0", "--github-port", "0"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=900, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-3000:]
    numbered = [line.partition(". ")[2] for line in done.stdout.splitlines() if line[:2].strip().isdigit()]
    assert numbered == [step.told for step in STEPS]
    assert [words for words in MUST_SHOW if words not in done.stdout.translate(AS_READ)] == []


def test_a_month_is_a_story():
    done = CliRunner().invoke(main, ["demo", "--month"])
    assert done.exit_code == 2
    assert "--month demande --story" in done.output


def test_the_clock_runs_and_never_goes_back():
    clock = StoryClock(at("2026-11-02 09:00"))
    began = clock()
    assert began - at("2026-11-02 09:00") < timedelta(minutes=1)
    clock.passes_to(at("2026-11-05 00:30"))
    assert clock.today == date(2026, 11, 5)  # in Paris: the fourth, half past eleven in the evening, elsewhere
    clock.passes_to(began)
    assert clock() >= at("2026-11-05 00:30")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-05 09:30", "jeudi 5 novembre 2026, 9 h 30"),
        ("2026-11-01 00:05", "dimanche 1er novembre 2026, 0 h 05"),
        ("2026-12-08 14:00", "mardi 8 décembre 2026, 14 h"),
    ],
)
def test_a_moment_is_told_as_people_say_it(moment, words):
    assert moment_told(at(moment)) == words


def test_every_day_in_between_brings_its_hours():
    found = [f"{hour:%d %H:%M}" for hour in hours(at("2026-10-24 07:00"), at("2026-10-26 06:41"))]
    assert found == ["24 09:05", "25 00:05", "25 06:41", "25 09:05", "26 00:05"]  # the clocks went back on the 25th


@pytest.mark.parametrize("rank", [0, 1])
def test_the_rules_of_both_committees_are_the_shipped_ones_but_for_a_few_lines(tmp_path, rank):
    file = tmp_path / "jalon.yml"
    file.write_text(month_seeds()[rank]["repository"]["files"][RULES], encoding="utf-8")
    checked = CliRunner().invoke(main, ["policy", "check", str(file)])
    assert checked.exit_code == 0, checked.output


FORMS = """
<html><head><title>Unseen</title></head><body><h1>Voir</h1>
<form method="post" action="/ici"><input type="hidden" name="jeton" value="sceau">
<label for="raison">Vos raisons</label><textarea id="raison" name="raison"></textarea>
<label><input type="radio" name="cible" value="poc" checked> POC</label>
<label><input type="radio" name="cible" value="mvp"> MVP</label>
<label for="aspect">Aspect</label><select id="aspect" name="aspect"><option value="">–</option>
<option value="secu" selected>Sécurité</option></select>
<button name="etape" value="relire">Relire</button> <button>Autre</button></form></body></html>
"""


def page():
    answer = requests.Response()
    answer.status_code, answer.url, answer._content, answer.encoding = 200, "http://x/", FORMS.encode(), "utf-8"
    return Page(answer)


def test_a_page_is_read_as_a_person_reads_it():
    assert page().text.startswith("Voir Vos raisons POC MVP Aspect")
    assert "Unseen" not in page().text


def test_a_form_is_found_by_its_button_and_its_fields_by_their_labels():
    form = page().form("Relire")
    assert (form.method, form.action) == ("post", "/ici")
    assert form.values == {"jeton": "sceau", "raison": "", "cible": "poc", "aspect": "secu"}
    assert [form.named(words).name for words in ("Vos raisons", "MVP", "Aspect")] == ["raison", "cible", "aspect"]
    assert form.named("MVP").value == "mvp"
    assert form.named("Inconnu") is None


def test_a_button_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(GitHubRefusedError) as refused:
        page().form("Voter")
    assert "n’offre pas « Voter » ; elle offre : « Relire », « Autre »" in str(refused.value).translate(AS_READ)
