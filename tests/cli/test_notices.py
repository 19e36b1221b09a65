"""`jalon notices`: each channel tried, what waits and what was said, the links taken back."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.report.news import News
from tests.sending.servers import mail_server, web_server
from tests.stage import Stage


@pytest.fixture
def stage(tmp_path, monkeypatch):
    made = Stage.at(tmp_path)
    for name, value in (made.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    yield made
    made.close()


def asked(*words):
    done = CliRunner().invoke(main, ["notices", *words])
    return done.exit_code, done.output.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.usefixtures("stage")
def test_each_channel_is_tried_and_the_one_that_fails_says_why(monkeypatch):
    with mail_server() as (port, kept), web_server() as (other, web):
        web.status = 403
        lines = f"mel=mailto://127.0.0.1:{port}/?from=jalon@exemple.gouv.fr&to=comite@exemple.gouv.fr\nequipe=mmost://127.0.0.1:{other}/jeton-secret"
        monkeypatch.setenv("JALON_CHANNELS", lines)
        code, said = asked("check")
        assert code == 1
        assert "✓ mel : parti" in said
        assert "✗ equipe : " in said
        assert "jeton-secret" not in said
        assert " ".join(kept.mails[0]["Subject"].split()) == "Jalon : message d’essai du canal « mel »"
        assert asked("check", "mel")[0] == 0
        assert "n’a pas d’adresse (connus : mel, equipe)" in asked("check", "autre")[1]


@pytest.mark.usefixtures("stage")
def test_without_a_channel_it_says_what_to_give():
    code, said = asked("check")
    assert code == 1
    assert "JALON_CHANNELS_FILE" in said


def test_what_waits_what_was_said_and_what_was_given_up_is_listed(stage):
    assert asked("list") == (0, "Rien n’a été dit, et rien n’attend.\n")
    outbox, now = stage.jalon.outbox, 1_800_000_000.0
    for number in (1, 2, 3):
        outbox.put(
            f"c{number}", [News("gate_opened", "dnum/produits", "gate 1", number, f"Produit {number}", "MVP")], now
        )
    outbox.said(outbox.take("c1", now), now)
    outbox.missed(outbox.take("c2", now), now)
    code, said = asked("list")
    assert code == 0
    told = said.splitlines()
    assert "c1 : Avis attendu sur « Produit 1 » (MVP) (dit le 15/01/2027" in told[2]
    assert "(attend, 1 essai, prochain essai 15/01/2027" in told[1]
    assert told[0].endswith("(attend)")
    outbox.missed(outbox.take("c2", now + 400_000), now + 400_000)
    assert "abandonné le" in asked("list")[1]


def test_links_are_taken_back_for_one_channel_or_all(stage, monkeypatch):
    monkeypatch.setenv(
        "JALON_CHANNELS", "mel=mailto://127.0.0.1:9/?to=a@b.fr\ndirection=mailto://127.0.0.1:9/?to=c@b.fr"
    )
    links, now = stage.jalon.digest_links, stage.now
    mel, direction = (links.sign("dnum/produits", "2026-W46", name, now)[0] for name in ("mel", "direction"))
    assert asked("revoke", "mel") == (0, "1 canal : les liens déjà envoyés n’ouvrent plus rien.\n")
    assert links.open(mel, now) is None
    assert links.open(direction, now)
    assert asked("revoke")[1].startswith("2 canaux")
    assert links.open(direction, now) is None
