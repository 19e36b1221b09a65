"""A register that lacks a history takes it from comments only if it was lived on that very issue, by those it names."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.domain.product.facts import BallotCast
from app.domain.product.history_in_comments import restored_history
from app.github.backlog import read_backlog
from app.github.read import load
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError
from tests.stories.test_belief import carried, forged, kept, ours

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`


@pytest.fixture
def decided(stage):
    """A product on which the committee said go."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    return number


def forget(stage, number):
    with stage.database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.number == number))


def as_us(stage, number, body):
    """Whoever holds the App's key writes as the App."""
    stage.world.comment(stage.world.bot, number, body)


def test_the_whole_record_of_a_product_replayed_in_another_is_not_believed(stage, decided):
    """P: every comment of A copied by the App's own account into B, whose register is empty."""
    other = stage.filed("chef-produit", "VRB")
    forget(stage, other)
    for comment in stage.world.issues[other].comments[:]:
        stage.world.delete_comment(stage.world.bot, comment.id)
    for body in stage.said(decided):
        as_us(stage, other, body)
    stage.passes(600)  # what Jalon wrote there itself is no longer taken for a late copy's lack
    register, labels = kept(stage), stage.labels(other)
    with pytest.raises(LostHistoryError) as error:
        stage.says("visiteur", other, "bonjour")
    assert error.value.flaws == (("elsewhere", ""),)
    assert kept(stage) == register
    assert stage.labels(other) == labels
    assert "celle d’une autre issue" in ours(stage, other, "suspended").body
    with pytest.raises(LostHistoryError):
        stage.product_turn.rebuild("dnum/produits", other)


def test_nor_does_a_report_made_from_github_alone_repeat_it(stage, decided):
    other = stage.world.open_issue("chef-produit", "VRB", "Rien", []).number
    for body in stage.said(decided):
        as_us(stage, other, body)
    policy = stage.policies.of("dnum/produits")
    found = read_backlog(stage.client, "dnum/produits", policy, frozenset({"jalon"}), by_us=True)
    assert [product.number for product in found] == [decided]


def with_ballots(stage, number, change):
    """The record of an issue's comments with its ballots otherwise, written by the App's own account."""
    for comment in [one for one in stage.world.issues[number].comments if one.author == stage.world.bot]:
        if " record=" not in comment.body:
            continue
        entries = tuple((rank, change(fact)) for rank, fact in carried(comment))
        stage.world.edit_comment(stage.world.bot, comment.id, forged(comment.body, entries=entries))
    stage.hub.take_held()


def rebuilt(stage, number):
    forget(stage, number)
    stage.rests()
    return stage.product_turn.rebuild("dnum/produits", number)


def test_a_history_that_people_really_lived_is_taken_back(stage, decided):
    register = kept(stage)
    assert rebuilt(stage, decided) == len(register)
    assert kept(stage) == register


def test_a_vote_told_otherwise_than_it_was_written_stops_the_product(stage, decided):
    """No rule forbids it, and no figure of the decision changes: two reasons exchanged for votes nobody gave."""
    swapped = {"techno": "archi", "archi": "techno"}
    facts = {fact.by: fact for _, fact in carried(ours(stage, decided, "decision:1")) if isinstance(fact, BallotCast)}

    def change(fact):
        if not isinstance(fact, BallotCast) or fact.by not in swapped:
            return fact
        other = facts[swapped[fact.by]]
        return replace(fact, comment=other.comment, cause=other.cause, digest=other.digest)

    with_ballots(stage, decided, change)
    with pytest.raises(LostHistoryError) as error:
        rebuilt(stage, decided)
    assert [kind for kind, _ in error.value.flaws] == ["unsaid"]
    assert not kept(stage)


def test_votes_whose_comments_are_gone_are_taken_back_and_noted(stage, decided):
    """An old discussion may have been tidied: what is gone belies nothing, and everybody sees that it is gone."""
    register = kept(stage)
    vote = next(one for one in stage.world.issues[decided].comments if one.author == "secu")
    stage.world.delete_comment("secretariat", vote.id)
    stage.hub.take_held()
    assert rebuilt(stage, decided) == len(register)
    stage.says("visiteur", decided, "bonjour")
    assert [fact["kind"] for _, _, fact in kept(stage)[len(register) :]] == ["BallotOrphaned"]
    issue = load(stage.client, "dnum/produits", decided, stage.policies.of("dnum/produits").committee, 1)
    assert restored_history(issue.comments).history[-1].voter == "secu"
