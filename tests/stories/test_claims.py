"""What the page of threats says of marks, of a product's own people, of comments to be removed, of unread repositories."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli import register as records
from app.engine import sweep
from app.github.errors import LaterError
from tests.stories.test_belief import Forger, forged, kept, ours

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`


@pytest.fixture
def decided(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    return number


@pytest.fixture
def command(stage, monkeypatch):
    url = stage.database.url.render_as_string(hide_password=False)
    for name, value in (stage.hub.environment() | {"JALON_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        stage.rests()
        done = CliRunner().invoke(main, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("is_followed", [True, False])
def test_every_mark_of_ours_copied_by_a_person_is_no_more_than_words(stage, decided, is_followed):
    """f: a decision, its ballots and a whole history, word for word, in a product and in an issue that is none."""
    if is_followed:
        number = stage.filed("chef-produit", "VRB")
    else:
        number = stage.world.open_issue("chef-produit", "Une question", "Rien", []).number
        stage.settle()
    register, labels, said = kept(stage), stage.labels(number), stage.said(number)
    for body in stage.said(decided):
        stage.says("visiteur", number, body)
    assert kept(stage) == register
    assert stage.labels(number) == labels
    assert stage.said(number) == said
    assert stage.nothing_left_to_do(number)


def test_who_was_assigned_lifts_no_condition_of_the_product(stage):
    """F13: taken off just before, as for a vote."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    for login in ("techno", "archi", "communs", "design", "data", "transfo"):
        stage.world.comment(login, number, "/go")
    stage.world.comment("secu", number, "/go sous réserve\n- relire le contrat")
    stage.settle()
    stage.world.people["cheffe-produit"].role = "write"
    for assignees in (["secu"], []):
        stage.world.set_assignees("cheffe-produit", number, assignees)
        stage.settle()
    stage.says("secu", number, "/levée 1 fait")
    assert any(
        "Un autre membre du comité ou du secrétariat peut lever la réserve" in text for text in stage.said(number)
    )
    assert not any(fact["kind"] == "ConditionLifted" for _, _, fact in kept(stage))


def test_who_was_assigned_closes_no_gate_of_the_product(stage):
    number = stage.filed(ready=True)
    stage.world.people["cheffe-produit"].role = "write"
    for assignees in (["secretariat"], []):
        stage.world.set_assignees("cheffe-produit", number, assignees)
        stage.settle()
    stage.says("cheffe-produit", number, "/demande")
    stage.says("secretariat", number, "/clore")
    assert not any(fact["kind"] == "GateWithdrawn" for _, _, fact in kept(stage))
    assert any("Un autre membre du secrétariat peut le faire" in text for text in stage.said(number))


def test_a_sweep_says_why_a_comment_is_to_go(stage, decided, command):
    """Written twice, or rewritten by another account: not the same news."""
    checklist = ours(stage, decided, "checklist:2").body
    stage.world.comment(stage.world.bot, decided, checklist)
    code, told = command("sweep", "--dry-run", "--issue", str(decided))
    assert code == 0
    assert "commentaire en double retiré" in told
    assert "réécrit par un autre compte" not in told
    twice = stage.world.issues[decided].comments[-1]
    bot = Forger(stage, stage.world.admit_bot("github-actions"))
    stage.world.edit_comment(bot.login, twice.id, forged(twice.body, text="Le comité a dit non", key="x"))
    code, told = command("sweep", "--dry-run", "--issue", str(decided))
    assert "commentaire réécrit par un autre compte, retiré" in told
    assert "en double" not in told
    assert "retirer un commentaire de Jalon qu’un autre compte a réécrit" in command("explain", str(decided))[1]


def test_a_repository_that_cannot_be_listed_stops_no_other(stage, decided, command, monkeypatch):
    def unlisted(real):
        def listing(client, repository, *more):
            if repository == "dnum/ferme":
                raise LaterError("502", 60)
            yield from real(client, repository, *more)

        return listing

    monkeypatch.setattr(records, "every_issue", unlisted(records.every_issue))
    monkeypatch.setattr(sweep, "summaries", unlisted(sweep.summaries))
    monkeypatch.setattr("app.github.client.Client.repositories", lambda _: ("dnum/ferme", "dnum/produits"))
    monkeypatch.setattr("app.engine.sweep.Sweep.repositories", lambda _: ("dnum/ferme", "dnum/produits"))
    stage.world.comment("cheffe-produit", decided, "/aide")
    code, told = command("register", "rebuild")
    assert code == 1
    assert "dnum/ferme : les issues n’ont pas pu être lues : " in told
    assert "1 dépôt n’a pas pu être lu" in told
    code, told = command("sweep", "--dry-run")
    assert code == 1
    assert "dnum/ferme : les issues n’ont pas pu être lues : " in told
    assert f"dnum/produits#{decided} SILAV" in told
    code, told = command("register", "verify", "--github")
    assert code == 1
    assert "dnum/ferme : les issues n’ont pas pu être lues : " in told
