"""A fact counts where it was sealed: through a transfer, a lost database, an App made again, and never anywhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.domain.product.fact import LogPlace
from app.domain.product.facts import GateDecided
from app.store.log_check import flaws
from app.store.schema import FACTS, LOG, LOG_NODES
from app.transparency.key_ring import KeyRing
from app.transparency.notes import signer_text
from app.turns.outcome import LostHistoryError
from local_github.state import OtherRepository, Person
from tests.stage import SEATS, SIGNER, Stage
from tests.stories.test_belief import forged
from tests.stories.test_second_thoughts import PRESENT

pytestmark = pytest.mark.slow
RING = KeyRing(SIGNER.key)


@pytest.fixture
def stage(tmp_path):
    made = Stage.at(tmp_path, sealed=True)
    made.world.others["archives"] = OtherRepository(7, "R_archives", "archives", private=True)
    yield made
    made.close()


def decided(stage):
    number = stage.filed(ready=True)
    stage.passes(2)
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(2)
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    stage.passes(2)
    return number


def history(stage, number):
    return stage.product_turn.look(stage.world.repository, number)[0].history


def is_whole(stage):
    return flaws(stage.database, stage.log, RING) == () and not stage.log.pending()


def moved_and_back(stage, number):
    gone = stage.world.transfer_issue("secretariat", number, "archives")
    stage.settle()
    back = stage.world.bring_back("secretariat", gone.node_id).number
    stage.settle()
    return back


def test_a_product_transferred_keeps_its_places(stage):
    number = decided(stage)
    before = [fact.sealed.n for fact in history(stage, number)]
    back = moved_and_back(stage, number)
    assert back != number
    assert [fact.sealed.n for fact in history(stage, back)][: len(before)] == before
    assert stage.nothing_left_to_do(back)
    assert is_whole(stage)
    stage.says("cheffe-produit", back, "/demande mvp")
    for login in SEATS[:2]:
        stage.says(login, back, "/go")
    assert is_whole(stage)


def test_a_product_transferred_before_its_comments_were_told_of_the_seal_keeps_them_too(tmp_path):
    plain = Stage.at(tmp_path)
    plain.world.others["archives"] = OtherRepository(7, "R_archives", "archives", private=True)
    number = plain.filed(ready=True)
    stage = Stage(plain.hub, str(plain.database.url), sealed=True)
    before = [entry.fact.sealed.n for entry in stage.register.entries()]
    back = moved_and_back(stage, number)
    assert [fact.sealed.n for fact in history(stage, back)][: len(before)] == before
    assert is_whole(stage)
    stage.database.dispose()
    plain.close()


def test_a_register_is_rebuilt_after_the_app_was_made_again(stage, tmp_path, monkeypatch):
    """The comments of the former App are nobody's of ours: what counts is the seal."""
    number = decided(stage)
    sealed = [row.entry for row in stage.log.entries()]
    former = Person("ancienne[bot]", "Ancienne App", "none", 99, "BOT_former", is_bot=True)
    stage.world.people[former.login] = former
    for comment in stage.world.issues[number].comments:
        comment.author = former.login if comment.author == stage.world.bot else comment.author
        comment.editor = former.login if comment.editor == stage.world.bot else comment.editor
    given = stage.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    for name, value in (given | {"JALON_SEAL_KEY": signer_text(SIGNER)}).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["register", "rebuild"])
    assert done.exit_code == 0, done.output
    assert f"prouvé jusqu’à l’entrée {len(sealed) - 1}" in done.output
    again = Stage(stage.hub, f"sqlite:///{tmp_path}/new.db", sealed=True)
    assert [row.entry for row in again.log.entries()] == sealed
    assert is_whole(again)
    again.database.dispose()


@pytest.mark.parametrize("place", ["none", "of another", "beyond", "salted"])
def test_a_fact_that_the_holder_of_the_app_s_key_adds_stops_its_product(stage, place):
    number = decided(stage)
    size, kept = stage.log.size, history(stage, number)
    comment = next(c for c in stage.world.issues[number].comments if "key=decision:1 " in c.body)
    last = kept[-1]
    places = {
        "none": None,
        "of another": kept[-2].sealed,
        "beyond": replace(last.sealed, n=size + 3),
        "salted": LogPlace(
            last.sealed.n, "zz", *[getattr(last.sealed, one) for one in ("product", "issue", "repository")], number
        ),
    }
    fact = replace(next(one for one in kept if isinstance(one, GateDecided)), outcome="nogo", sealed=places[place])
    added = ((len(kept), last), (len(kept) + 1, fact))
    stage.world.edit_comment(stage.world.bot, comment.id, forged(comment.body, entries=added))
    with pytest.raises(LostHistoryError):
        stage.says("visiteur", number, "bonjour")
    assert stage.log.size == size
    assert any("Suivi suspendu" in body for body in stage.said(number))
    assert "phase: poc" in stage.labels(number)


def test_a_row_that_no_longer_is_what_was_sealed_is_republished_nowhere(stage):
    number = decided(stage)
    shown = stage.said(number)
    with stage.database.begin() as connection:
        row = connection.execute(sa.select(FACTS).where(FACTS.c.fact.contains('"GateDecided"'))).one()
        forged_text = row.fact.replace('"outcome": "go"', '"outcome": "nogo"')
        assert forged_text != row.fact
        connection.execute(sa.update(FACTS).where(FACTS.c.seq == row.seq).values(fact=forged_text))
    with pytest.raises(LostHistoryError) as error:
        stage.says("visiteur", number, "bonjour")
    assert error.value.flaws[0][0] == "chain"
    assert [body for body in stage.said(number) if "Suivi suspendu" not in body] == shown


def test_a_tree_changed_in_the_database_is_told_at_start_and_each_minute(stage):
    decided(stage)
    watch = stage.jalon.standing
    watch.verify()
    assert [one.kind for one in stage.troubles.told()] == []
    with stage.database.begin() as connection:
        connection.execute(sa.update(LOG_NODES).where(LOG_NODES.c.level == 2).values(hash=b"x" * 32))
        connection.execute(sa.update(LOG).where(LOG.c.n == 0).values(entry=LOG.c.entry + " "))
    again = Stage(stage.hub, str(stage.database.url), sealed=True)
    again.jalon.standing.verify()
    (told,) = again.troubles.told()
    assert (told.kind, told.subject, told.detail) == ("register", SIGNER.name, "entry 0")
    again.database.dispose()


def test_marks_that_anybody_copies_keep_no_register_from_being_rebuilt(stage, tmp_path, monkeypatch):
    number = decided(stage)
    size = stage.log.size
    ours = next(c for c in stage.world.issues[number].comments if "key=decision:1 " in c.body)
    spoilt = forged(ours.body, entries=((90, history(stage, number)[-1]),))
    stage.world.comment("visiteur", number, spoilt)
    stage.world.people["autre[bot]"] = Person("autre[bot]", "Autre App", "none", 98, "BOT_other", is_bot=True)
    stage.world.comment("visiteur", number, spoilt).author = "autre[bot]"
    given = stage.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    for name, value in (given | {"JALON_SEAL_KEY": signer_text(SIGNER)}).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["register", "rebuild"])
    assert done.exit_code == 0, done.output
    assert f"prouvé jusqu’à l’entrée {size - 1}" in done.output
