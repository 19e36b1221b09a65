"""Comments that are not as others: one that its reader fails on, one that somebody hid."""

from __future__ import annotations

import logging

import pytest

from app.bootstrap import Jalon
from app.cli.explained import explanation_of
from app.domain.product.facts import BallotCast
from app.domain.reading import commands, comment_lines
from app.messages import explain_product
from app.settings import read_settings


@pytest.fixture
def voting(stage):
    """A product whose gate to the next phase is open."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


@pytest.fixture
def failing(monkeypatch):
    """The reader fails on a word, as an error of ours would make it fail on a text nobody foresaw."""
    read = comment_lines.lines

    def lines(text):
        if "MAUDIT" in text:
            raise ZeroDivisionError
        return read(text)

    monkeypatch.setattr(comment_lines, "lines", lines)
    commands.parse.cache_clear()


def votes(stage):
    return [entry.fact.by for entry in stage.register.entries() if isinstance(entry.fact, BallotCast)]


def test_a_comment_that_cannot_be_read_costs_that_comment_alone(stage, voting, failing, caplog):
    caplog.set_level(logging.ERROR)
    other = stage.filed("chef-produit", "SIRENE")
    stage.world.comment("secu", voting, "/go MAUDIT")
    stage.world.comment("techno", voting, "/go")
    stage.settle()
    stage.says("chef-produit", other, "/aide")
    stage.says("design", voting, "/go")
    comment = next(one for one in stage.world.issues[voting].comments if "MAUDIT" in one.body)
    assert votes(stage) == ["techno", "design"]
    assert sum("Je n’ai pas pu lire ce commentaire" in body for body in stage.said(voting)) == 1
    assert any("voici ce que vous pouvez écrire" in body for body in stage.said(other))
    (line,) = [record for record in caplog.records if "cannot be read" in record.getMessage()]
    assert line.getMessage().startswith("http")
    assert line.getMessage().endswith(f"#issuecomment-{comment.id} cannot be read")
    assert line.delivery
    assert line.exc_info[0] is ZeroDivisionError
    assert "MAUDIT" not in caplog.text
    assert stage.nothing_left_to_do(voting)


@pytest.mark.parametrize(("language", "words"), [("fr", "Jalon n’a pas pu lire"), ("en", "Jalon could not read")])
def test_explain_names_it(stage, voting, failing, tmp_path, language, words):
    stage.says("secu", voting, "/go MAUDIT")
    comment = next(one for one in stage.world.issues[voting].comments if "MAUDIT" in one.body)
    environment = stage.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    jalon = Jalon(read_settings(environment))
    product = jalon.register.numbered(voting)[0][0]
    told, _ = explanation_of(jalon, product, stage.world.repository, voting, str)
    said = explain_product(told, language)
    assert words in said
    assert f"#issuecomment-{comment.id}" in said


def test_a_ballot_that_somebody_hides_counts_and_the_table_says_it_is_hidden(stage, voting):
    """Who moderates a repository can hide any comment: that must silence no vote."""
    stage.says("secu", voting, "/nogo trop tôt")
    comment = next(one for one in stage.world.issues[voting].comments if one.author == "secu")
    stage.world.minimize("administratrice", comment.id, "off-topic")
    stage.says("techno", voting, "/go")
    gate = next(body for body in stage.said(voting) if "## Passage 1" in body)
    assert "⛔ no-go (commentaire masqué sur GitHub, l’avis compte) | secu" in gate
    assert gate.count("masqué sur GitHub") == 1
    assert votes(stage) == ["secu", "techno"]
    stage.world.minimize("administratrice", comment.id, None)
    stage.says("techno", voting, "/aide")
    assert not any("masqué" in body for body in stage.said(voting))


def test_a_ballot_hidden_before_it_was_read_counts_too(stage, voting):
    comment = stage.world.comment("secu", voting, "/go")
    stage.world.minimize("administratrice", comment.id, "spam")
    stage.settle()
    assert votes(stage) == ["secu"]
    assert "✅ go (commentaire masqué" in next(body for body in stage.said(voting) if "## Passage 1" in body)
