"""`jalon reuse N` and `jalon reuse replay`: scores in the terminal alone, from the register alone."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.engine import open_database
from app.store.register import Register
from local_github.keys import another_key
from tests.domain.report.test_reuse_replay import RESTES, WEIGHT, a_life
from tests.lives import REPOSITORY, candidate


@pytest.fixture
def book(tmp_path, monkeypatch, hub_settings):
    url = f"sqlite:///{tmp_path}/jalon.db"
    monkeypatch.setenv("JALON_DATABASE_URL", url)
    engine = open_database(url)
    yield Register(engine)
    engine.dispose()


@pytest.fixture
def hub_settings(monkeypatch):
    """Of a GitHub that nobody listens for: nothing is asked of it."""
    for name, value in {
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "JALON_APP_ID": "1",
        "JALON_PRIVATE_KEY": another_key(),
        "JALON_WEBHOOK_SECRET": "s" * 32,
    }.items():
        monkeypatch.setenv(name, value)


def record(book, *lives, repository=REPOSITORY):
    for life in lives:
        book.append(f"I_{repository}_{life.number}", (repository, life.number), 0, tuple(life.facts), "d")


def said(*arguments):
    done = CliRunner().invoke(main, ["reuse", *map(str, arguments)])
    return done.exit_code, done.output.replace("\u00a0", " ").replace("\u202f", " ")


def a_backlog(book):
    second = a_life(2, RESTES, "2026-11-09").shown("2026-11-09", candidate(1, f"produit:I_{REPOSITORY}_1"))
    second.answered("2026-11-10", f"produit:I_{REPOSITORY}_1", "adapt", number=1)
    record(
        book,
        a_life(1),
        second,
        a_life(3, "Réserver une salle entre agents"),
        a_life(4, WEIGHT).entered("2026-11-20", "arret"),
    )


def test_the_nearest_are_told_with_their_scores_and_why_they_are_silent(book):
    a_backlog(book)
    code, told = said(2)
    assert code == 0
    assert "Les plus proches du produit n° 2 (dnum/produits), proposés à partir de 0,30 :" in told
    lines = [line for line in told.splitlines() if line.startswith((" 1.", " 2."))]
    assert any("Produit 1 (produit n° 1) : adapté par l’équipe" in line for line in lines)
    assert any("Produit 4 (produit n° 4, arrêté le 2026-11-20)" in line for line in lines)
    assert "mots partagés" in told
    assert "gaspillage" in told


def test_one_sentence_when_the_product_is_unknown_or_doubtful(book):
    a_backlog(book)
    record(book, a_life(1), repository="dnum/autre")
    assert said(9)[1].strip().endswith("le registre ne connaît aucun produit n° 9")
    assert "précisez avec --repo" in said(1)[1]
    assert said(1, "--repository", "dnum/autre")[0] == 0
    assert "Rien n’est proche" in said(1, "--repo", "dnum/autre")[1]
    assert "dans dnum/rien" in said(1, "--repo", "dnum/rien")[1]


def test_a_replay_tells_each_threshold_and_says_when_answers_are_too_few(book):
    a_backlog(book)
    code, told = said("replay", "--least", "0.01", "--least", "1")
    assert code == 0, told
    assert "4 dépôts rejoués, 1 réponse de personnes." in told
    assert "Seuil 0,01 : parle à" in told
    assert "besoins proches : " in told
    assert "1 retenu, 0 écarté" in told
    assert "Seuil 1,00 : parle à 0 sur 4" in told
    assert "retenus par des personnes sans être montrés : 1" in told
    assert "1 réponse : trop peu pour conclure" in told


def test_a_replay_tries_the_threshold_of_the_rules_and_its_neighbours(book):
    a_backlog(book)
    told = said("replay")[1]
    assert [line.split(" : ")[0] for line in told.splitlines() if line.startswith("Seuil")] == [
        "Seuil 0,26",
        "Seuil 0,30",
        "Seuil 0,34",
    ]


def test_a_replay_asks_which_backlog(book):
    a_backlog(book)
    record(book, a_life(1), repository="dnum/autre")
    assert "indiquez le dépôt de suivi avec --repo (connus : dnum/autre, dnum/produits)" in said("replay")[1]
    assert said("replay", "--repo", "dnum/autre")[0] == 0


def test_other_words_are_commands_as_before(book):
    assert "No such command" in said("inconnu")[1] or "n’existe pas" in said("inconnu")[1]
