"""What becomes of the words a decision rests on: noted once, shown beside it, without changing it."""

from datetime import timedelta

import pytest

from app.domain.product.facts import BallotAltered, BallotOrphaned, DecisionRestored, GateDecided
from tests.stories.test_belief import forged, ours


@pytest.fixture
def decided(stage):
    """A product whose gate was decided."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    return number


def spoken(stage, number, login):
    return next(one for one in stage.world.issues[number].comments if one.author == login)


def noted(stage, *kinds):
    return [entry.fact for entry in stage.register.entries() if isinstance(entry.fact, kinds)]


def test_a_ballot_rewritten_after_the_decision_is_noted_once_and_shown_under_it(stage, decided):
    """d4: by its author, in plain text; by somebody else; emptied. The decision stays what it was."""
    (before,) = noted(stage, GateDecided)
    outcome = ours(stage, decided, "decision:1").body.partition("> Le commentaire")[0]
    stage.world.edit_comment("techno", spoken(stage, decided, "techno").id, "Bonjour")
    stage.settle()
    stage.world.edit_comment("secretariat", spoken(stage, decided, "secu").id, "&nbsp;")
    stage.settle()
    stage.world.edit_comment("techno", spoken(stage, decided, "techno").id, "Bonsoir")
    stage.settle()
    facts = noted(stage, BallotAltered)
    assert [(fact.voter, fact.by, fact.how) for fact in facts] == [
        ("techno", "techno", "edited"),
        ("secu", "secretariat", "edited"),
    ]
    shown = ours(stage, decided, "decision:1").body
    assert "> Le commentaire de techno a été modifié depuis que son avis a été compté. L’avis compté reste" in shown
    assert "> Le commentaire de secu a été modifié depuis que son avis a été compté, par secretariat." in shown
    assert shown.startswith(outcome.partition("| Siège")[0])
    assert noted(stage, GateDecided) == [before]
    assert stage.nothing_left_to_do(decided)


def test_a_ballot_deleted_after_the_decision_is_noted_and_shown_under_it(stage, decided):
    """c2: it still counts, as on the day."""
    stage.world.delete_comment("secretariat", spoken(stage, decided, "secu").id)
    stage.settle()
    assert [fact.voter for fact in noted(stage, BallotOrphaned)] == ["secu"]
    assert "(commentaire supprimé depuis, avis conservé)" in ours(stage, decided, "decision:1").body
    assert "Pour : 7" in ours(stage, decided, "decision:1").body
    assert stage.nothing_left_to_do(decided)


def test_a_ballot_replaced_by_plain_words_while_the_gate_is_open_is_noted(stage):
    """d3: it counts, and everybody sees that its words are gone."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("techno", number, "/go")
    stage.world.edit_comment("techno", spoken(stage, number, "techno").id, "Bonjour")
    stage.settle()
    assert [(fact.voter, fact.how) for fact in noted(stage, BallotAltered)] == [("techno", "edited")]
    assert (
        "Le commentaire de techno a été modifié depuis que son avis a été compté" in ours(stage, number, "gate:1").body
    )
    stage.decided(number, seats=("archi", "communs", "design", "data", "secu", "transfo"))
    assert "Le commentaire de techno a été modifié" in ours(stage, number, "decision:1").body


def test_a_vote_changed_by_its_author_while_the_gate_is_open_is_a_vote_not_an_alteration(stage):
    """d1"""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("techno", number, "/go")
    stage.world.edit_comment("techno", spoken(stage, number, "techno").id, "/abstention")
    stage.settle()
    assert noted(stage, BallotAltered) == []


def test_a_vote_its_author_puts_in_doubt_decides_nothing_until_it_is_mended(stage):
    """What GitHub shows at each step: the nod, the answer, the table, the phase."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("techno", number, "/go")
    vote = spoken(stage, number, "techno")
    stage.world.edit_comment("techno", vote.id, "/go ou /nogo, à voir")
    stage.settle()
    assert [one.content for one in vote.reactions] == ["confused"]
    answer = stage.said(number)[-1]
    assert "L’avis que ce commentaire donnait ne compte plus" in answer
    assert "rien n’est enregistré" in answer
    table = ours(stage, number, "gate:1").body
    assert "L’avis de @techno ne compte plus : son commentaire, modifié depuis, ne donne plus d’avis clair." in table
    assert "Technologie (avis indispensable) | … | en attente" in table
    stage.decided(number, seats=("archi", "communs", "design", "data", "secu", "transfo"))
    assert stage.column(number) == "Idée", "the seat that must speak has not"
    stage.world.edit_comment("techno", vote.id, "/go")
    stage.settle()
    assert [one.content for one in vote.reactions] == ["+1"]
    assert stage.column(number) != "Idée"
    assert stage.nothing_left_to_do(number)
    assert stage.register.verify() == []


@pytest.mark.slow
def test_what_an_edit_did_not_undo_is_said(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/décoche 1")
    comment = stage.world.comment("cheffe-produit", number, "/coche 1")
    stage.settle()
    stage.world.edit_comment("cheffe-produit", comment.id, "/coche 1 ?")
    stage.settle()
    assert "Ce que ce commentaire avait obtenu avant d’être modifié reste enregistré." in stage.said(number)[-1]
    assert stage.nothing_left_to_do(number)


def test_a_decision_deleted_then_put_back_says_when_it_was_published_first(stage, decided):
    """b: another number, another date on GitHub; the words say so."""
    stage.now += timedelta(days=2)
    stage.world.delete_comment("secretariat", ours(stage, decided, "decision:1").id)
    stage.settle()
    shown = ours(stage, decided, "decision:1").body
    assert "> Décision publiée d’abord le " in shown
    assert "> Ce commentaire avait été supprimé : il a été publié de nouveau le " in shown
    assert [(fact.gate, fact.how) for fact in noted(stage, DecisionRestored)] == [(1, "deleted")]
    assert stage.nothing_left_to_do(decided)


def test_a_decision_rewritten_then_put_back_says_by_whom(stage, decided):
    """a: said once for each account, whatever it does again."""
    bot = stage.world.admit_bot("github-actions")
    for text in ("## Non", "## Toujours non"):
        comment = ours(stage, decided, "decision:1")
        stage.world.edit_comment(bot, comment.id, forged(comment.body, text=text))
        stage.settle()
    shown = ours(stage, decided, "decision:1").body
    assert shown.count("> Ce commentaire a été modifié par github-actions : son texte a été rétabli le ") == 1
    assert "> Décision publiée d’abord le " in shown
    assert [(fact.by, fact.how) for fact in noted(stage, DecisionRestored)] == [("github-actions", "edited")]
    assert stage.nothing_left_to_do(decided)


def test_a_decision_just_taken_and_not_published_yet_is_no_copy(stage):
    """A turn cut between the register and GitHub publishes for the first time."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    stage.world.delete_comment("secretariat", ours(stage, number, "decision:1").id)
    stage.settle()
    assert noted(stage, DecisionRestored) == []
    assert "publiée d’abord" not in ours(stage, number, "decision:1").body
