"""Somebody asks to be erased: names and words go everywhere, what was decided stays, and is still proved."""

from __future__ import annotations

import json
import sqlite3

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.domain.product import gates
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import BallotCast
from app.domain.product.history_in_comments import unpacked
from app.github import markers
from app.store.database import open_database
from app.store.erasing import Erasing
from app.store.log import Log
from app.store.schema import METADATA
from app.transparency.notes import signer_text
from app.turns.erasing import ErasureRefusedError, ErasureRequest, ErasureTurn
from app.turns.wakeup import ProductWakeUp
from tests.stage import SEATS, SIGNER, Stage, listening

pytestmark = pytest.mark.slow  # whole lives: `make long`
REASON = "Le dossier médical de Mme Zyxwvuts-Dupré n’a rien à faire ici"
OF_RULES = {"jalon_rules", "jalon_rules_said", "jalon_rules_texts", "jalon_policies"}
"""Tables that hold the committee's own files, which name who sits today."""


@pytest.fixture
def stage(tmp_path):
    made = Stage(listening(), f"sqlite:///{tmp_path}/jalon.db", sealed=True)
    yield made
    made.close()


def decided(stage: Stage) -> int:
    """A refusal, by the words of one seat, then a go with a condition."""
    number = stage.filed(author="chef-produit", ready=True)
    stage.says("chef-produit", number, "/demande")
    seats = sorted(SEATS, reverse=True)  # « transfo » first: the gate closes before everybody has spoken
    for login in seats:
        stage.world.comment(login, number, f"/nogo {REASON}" if login == "transfo" else "/nogo Trop tôt, dit @transfo")
    stage.settle()
    points = "\n".join(f"- point {rank} : revu" for rank in range(1, len(SEATS) + 1))
    stage.says("chef-produit", number, f"/demande\n{points}")
    for login in seats:
        stage.world.comment(login, number, "/go sous réserve\n- Relire avec @transfo" if login == "transfo" else "/go")
    stage.settle()
    return number


def erasing(stage: Stage) -> ErasureTurn:
    return ErasureTurn(stage.client, stage.product_turn, Erasing(stage.register), lambda: stage.now)


def erase(stage: Stage, number: int, asked: ErasureRequest):
    turn, repository = erasing(stage), stage.world.repository
    plan = turn.plan(repository, number, asked)
    stage.passes(60)

    def next_turn() -> None:
        stage.take(ProductWakeUp(plan.issue.id, repository, number), "erased")

    return plan, turn.carry_out(plan, next_turn)


def kept(stage: Stage) -> str:
    """Every row of every table, the rules left aside."""
    found = []
    with stage.database.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in OF_RULES:
                for row in connection.execute(sa.select(table)):
                    found += [one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in row]
    return "\n".join(found)


def carried(stage: Stage, number: int) -> str:
    """What our comments say, and what they carry."""
    found = []
    for body in stage.said(number):
        trace = markers.read_marker(body)
        text = body.split("<!-- jalon")[0]
        record = json.dumps([str(fact) for _, fact in unpacked((trace.record,))]) if trace and trace.record else ""
        found += [text, record]
    return "\n".join(found)


def history(stage: Stage, number: int):
    return stage.product_turn.look(stage.world.repository, number)[0].history


def figures(stage: Stage, number: int):
    state = stage.product_turn.look(stage.world.repository, number)[0].standing
    return state.phase, [(gate.outcome, gates.tally(gate)) for gate in state.gates.values()]


def test_a_person_and_their_words_go_and_the_decision_is_still_proved(stage, tmp_path):
    number = decided(stage)
    before, size, root = figures(stage, number), stage.log.size, stage.log.root()
    entries = [row.entry for row in stage.log.entries()]
    ranks = tuple(
        rank
        for rank, fact in enumerate(history(stage, number), 1)
        if isinstance(fact, BallotCast) and fact.by == "transfo"
    )
    assert REASON in kept(stage)
    plan, ours = erase(stage, number, ErasureRequest("DPO-2026-7", "transfo", ranks))
    assert plan.done.person == "personne effacée 1"
    assert "transfo" in {one.author for one in plan.theirs}
    assert ours

    assert figures(stage, number)[0] == before[0]
    assert [outcome for outcome, _ in figures(stage, number)[1]] == [outcome for outcome, _ in before[1]]
    assert [count.go for _, count in figures(stage, number)[1]] == [count.go for _, count in before[1]]
    assert stage.register.verify() == []
    assert [row.entry for row in stage.log.entries()][:size] == entries
    assert stage.log.root(size) == root
    assert "transfo" not in {one.by for one in history(stage, number)}

    Erasing(stage.register).compact()
    rows, said = kept(stage), carried(stage, number)
    for word in ("Zyxwvuts", "@transfo", '"transfo"'):
        assert word not in said.replace("'", '"'), word
    assert "Zyxwvuts" not in rows
    stage.database.dispose()
    for path in tmp_path.glob("jalon.db*"):
        assert b"Zyxwvuts" not in path.read_bytes(), path


def test_a_register_lost_after_an_erasure_is_rebuilt_to_the_same_root(stage, tmp_path):
    number = decided(stage)
    erase(stage, number, ErasureRequest("DPO-2026-7", "transfo"))
    stage.says("chef-produit", number, "/demande arrêt")
    stage.decided(number)  # whose comment shows a seal over the erasure too
    size, root = stage.log.size, stage.log.root()
    url = f"sqlite:///{tmp_path}/second.db"
    empty = open_database(url)
    Log(empty).adopt(stage.log.origin)  # it comes back from GitHub, and is not opened again
    empty.dispose()
    second = Stage(stage.hub, url, sealed=True)
    assert second.product_turn.rebuild(stage.world.repository, number) == len(history(stage, number))
    assert history(second, number) == history(stage, number)
    assert [row.entry for row in second.log.entries()] == [row.entry for row in stage.log.entries()]
    assert (second.log.size, second.log.root()) == (size, root)
    assert [row.personal for row in second.log.entries()].count(None) > 1
    second.database.dispose()


def test_whoever_an_open_gate_names_waits_for_its_decision(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    with pytest.raises(ErasureRefusedError, match="open 1"):
        erase(stage, number, ErasureRequest("DPO-1", "transfo"))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (ErasureRequest("DPO-1", "inconnue"), "unknown inconnue"),
        (ErasureRequest("DPO-1", ranks=(900,)), "rank 900"),
        (ErasureRequest("DPO-1", ranks=(2,)), "nothing"),
    ],
)
def test_what_cannot_be_erased_is_refused(stage, asked, why):
    number = stage.filed()
    with pytest.raises(ErasureRefusedError, match=why):
        erase(stage, number, asked)


def test_whoever_github_still_names_on_the_product_is_taken_off_it_first(stage):
    number = stage.filed(author="chef-produit")
    stage.world.set_assignees("chef-produit", number, ["cheffe-produit"])
    stage.settle()
    with pytest.raises(ErasureRefusedError, match="assigned"):
        erase(stage, number, ErasureRequest("DPO-1", "cheffe-produit"))


def test_the_author_of_an_issue_is_erased_and_goes_on_with_the_product(stage):
    number = stage.filed(author="chef-produit", ready=True)
    erase(stage, number, ErasureRequest("DPO-1", "chef-produit"))
    assert "chef-produit" not in kept(stage)
    assert "chef-produit" not in carried(stage, number)
    count = len(history(stage, number))
    stage.settle()
    assert len(history(stage, number)) == count
    stage.says("chef-produit", number, "/demande")
    gate = stage.product_turn.look(stage.world.repository, number)[0].standing.open_gate
    assert gate is not None
    assert stage.nothing_left_to_do(number)


@pytest.fixture
def command(stage, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    url = stage.database.url.render_as_string(hide_password=False)
    given = {"JALON_DATABASE_URL": url, "JALON_SEAL_KEY": signer_text(SIGNER)}
    for name, value in (stage.hub.environment() | given).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        done = CliRunner().invoke(main, ["register", *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output.replace("\u00a0", " ")

    return run


def test_the_command_shows_first_then_erases_and_says_what_is_left_to_people(stage, command):
    number = decided(stage)
    stage.database.dispose()
    asked = ("erase", str(number), "--person", "transfo", "--request", "DPO-2026-7")
    code, told = command(*asked, "--dry-run")
    assert code == 0, told
    assert "Rien n’a été changé." in told
    assert "La personne y devient « personne effacée 1 »." in told
    assert "Faits qui gardent des mots écrits par cette personne" in told
    assert "personne effacée" not in kept(stage)
    stage.database.dispose()

    code, told = command(*asked)
    assert code == 0, told
    assert "Effacé. Sur GitHub : " in told
    assert "Supprimer la révision" in told
    assert "@transfo" not in carried(stage, number)
    assert "personne effacée 1" in carried(stage, number)
    stage.database.dispose()

    code, told = command("verify")
    assert code == 0, told
    assert "ENTIER" in told
    assert "effacées" in told
    code, told = command(*asked)
    assert (code, "n’est nommé dans aucun fait de ce produit" in told) == (1, True)
    code, told = command("erase", str(number), "--request", "DPO-2026-7")
    assert code == 2


def test_a_back_up_older_than_an_erasure_is_erased_again_by_the_next_turn(stage, tmp_path):
    number = decided(stage)
    path, kept_aside = tmp_path / "jalon.db", tmp_path / "aside.db"
    with sqlite3.connect(path) as source, sqlite3.connect(kept_aside) as copy:
        source.backup(copy)
    erase(stage, number, ErasureRequest("DPO-2026-7", "transfo"))
    stage.says("chef-produit", number, "/demande arrêt")
    stage.decided(number)
    older = Stage(stage.hub, f"sqlite:///{kept_aside}", sealed=True)
    assert "personne effacée" not in kept(older)
    names = [one.by for one in history(stage, number)]
    older.says("visiteur", number, "/aide")
    assert [one.by for one in history(older, number)][: len(names)] == names
    assert "personne effacée 1" in names
    erased_at = next(at for at, one in enumerate(history(older, number)) if isinstance(one, PersonalErased))
    assert "transfo" not in names[:erased_at], "they may vote again since, under their name"
    assert older.register.verify() == []
    older.database.dispose()
