"""`jalon explain N`: from a fresh read of GitHub, from the register alone without it, and one sentence otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.domain.product.facts import PhaseEntered, ProductFiled
from app.shipped_files import default_policy
from app.store import recent_writes
from app.store.schema import INBOX
from tests.stage import Stage

TEN = ("techno", "archi", "communs", "design", "ops-produit", "data", "cloud-fabrique", "cloud-ops", "secu", "transfo")


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """A local GitHub, and a Jalon whose turns are taken by `settle()`; the command shares its settings."""
    made = Stage.at(tmp_path)
    for name, value in (made.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    yield made.hub, made.jalon, made.settle
    made.close()


def filed(hub):
    body = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)
    return hub.world.open_issue("cheffe-produit", "SILAV", body, ["produit"]).number


def asked(*arguments):
    done = CliRunner().invoke(main, ["explain", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.mark.slow
def test_a_product_is_explained_from_its_filing_to_its_next_gate(stage):
    hub, _, settle = stage
    number = filed(hub)
    settle()
    code, said = asked(number)
    assert code == 0
    assert said.startswith(f"SILAV (dnum/produits#{number})\n")
    assert "Aucun vote n’a précédé" in said
    assert "Ce qui bloque le passage suivant, vers POC :\n  - liste de contrôle, point 2 :" in said
    assert "rien à changer" in said

    hub.world.comment("cheffe-produit", number, "/coche 2 3 4 5 7 11 13\n/demande")
    hub.world.comment("techno", number, "/go sous réserve\nSécurité : relire les accès")
    settle()
    said = asked(number)[1]
    assert "Passage ouvert : Idée → POC" in said
    assert "  - Technologie : go sous réserve (techno)\n" in said
    assert "  - Sécurité (secu)\n" in said

    for login in TEN[1:]:
        hub.world.comment(login, number, "/go")
    settle()
    said = asked(number)[1]
    assert "Phase POC, depuis le" in said
    assert "Par décision du comité au passage 1 (Idée → POC) : 7 pour, 0 contre" in said
    assert "  - réserve 1 (Technologie, posée par techno) : Sécurité : relire les accès\n" in said


def test_what_a_turn_would_do_is_shown_and_not_done(stage, monkeypatch):
    hub, _, settle = stage
    number = filed(hub)
    settle()
    monkeypatch.setattr(
        recent_writes, "BRIEF", timedelta()
    )  # as once the minute is over in which our own writing is believed
    hub.world.remove_label("secretariat", number, "phase: idée")
    hub.world.comment("cheffe-produit", number, "/coche 2")
    hub.calls.clear()
    said = asked(number)[1]
    assert "Pas encore au registre : 1 fait," in said
    assert "  - étiquettes : + « phase: idée »\n" in said
    assert "  - mettre à jour le commentaire checklist:1\n" in said
    assert "phase: idée" not in hub.world.issues[number].labels
    assert [call for call in hub.calls if call["write"]] == []


def test_without_github_the_register_alone_tells_and_says_so(stage):
    hub, _, settle = stage
    number = filed(hub)
    settle()
    hub.stop()
    code, said = asked(number)
    assert code == 0
    assert "GitHub n’a pas pu être lu : GitHub est injoignable" in said
    assert "avec les dernières règles lues" in said
    assert "Phase Idée" in said
    assert "point 2 :" in said
    assert "Jalon changerait" not in said


def test_an_issue_gone_from_github_is_told_from_the_register(stage):
    hub, _, settle = stage
    number = filed(hub)
    settle()
    del hub.world.issues[number]
    code, said = asked(number)
    assert code == 0
    assert "GitHub n’a pas pu être lu" in said


def test_deliveries_that_wait_or_were_put_aside_are_counted(stage):
    hub, jalon, settle = stage
    number = filed(hub)
    settle()
    product = hub.world.issues[number].node_id
    with jalon.database.begin() as connection:
        for name, about in (("a", product), ("b", product), ("c", product), ("autre", "I_autre")):
            row = {"delivery": name, "event": "issue_comment", "product": about, "payload": b"{}", "received": 1.0}
            connection.execute(sa.insert(INBOX).values(**row))
    jalon.inbox.park("c", "KeyError")
    said = asked(number)[1]
    assert "reçus et pas encore traités : 2, le plus ancien du 1er janvier 1970 à 00:00 (UTC)." in said
    assert "Événements mis de côté après une erreur : 1.\n  - KeyError" in said


@pytest.mark.parametrize(("arguments", "where"), [((42,), ""), ((42, "--repo", "dnum/autre"), " dans dnum/autre")])
def test_an_unknown_product_is_one_sentence(stage, arguments, where):
    assert asked(*arguments) == (1, f"Error: le registre ne connaît aucun produit n° 42{where}\n")


def test_a_number_borne_twice_asks_for_the_repository(stage):
    _, jalon, _ = stage
    at = datetime(2026, 1, 5, tzinfo=UTC)
    note = {"at": at, "by": "cheffe-produit", "cause": "issue:x"}
    facts = (ProductFiled(**note, title="Un produit"), PhaseEntered(**note, phase="idee"))
    jalon.register.append("I_a", ("dnum/a", 7), 0, facts, "d1")
    jalon.register.append("I_b", ("dnum/b", 7), 0, facts, "d2")
    assert asked(7) == (1, "Error: plusieurs produits portent le n° 7 (dnum/a, dnum/b) : précisez avec --repo\n")
    code, said = asked(7, "--repo", "dnum/b")
    assert (code, said.partition("\n")[0]) == (0, "Un produit (dnum/b#7)")


def test_what_github_refuses_is_told_with_its_sentence(stage):
    hub, _, settle = stage
    hub.faults.add({"kind": "refused", "why": "board-full", "match": "addProjectV2ItemById"})
    number = filed(hub)
    settle()
    code, said = asked(number)
    assert code == 0
    assert "Ce que GitHub ne laisse pas faire à Jalon" in said
    assert "le tableau de dnum/produits manque, ou ne peut être modifié" in said
    assert "GitHub dit" in said
    hub.faults.clear()
    hub.world.comment("visiteur", number, "Merci")
    settle()
    assert "Ce que GitHub ne laisse pas faire" not in asked(number)[1]
