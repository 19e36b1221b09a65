"""Our comments rewritten by others, bots included, are put back and never believed: rows B of the threat model."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from app.domain.product.fact_json import to_json
from app.domain.product.facts import BallotCast, GateDecided, PhaseEntered, ProductFiled
from app.domain.product.history_in_comments import packed_pieces, restored_history, unpacked
from app.domain.publish.issue_summary import expected
from app.github import markers
from app.github.backlog import read_backlog
from app.github.issue_summaries import summaries
from app.github.read import load

WORKFLOW, OTHER_APP, PERSON = "github-actions", "autre-app", "secretariat"


@dataclass
class Forger:
    """Whoever may edit our comments: a person with write access, a workflow, another App."""

    stage: Any
    login: str

    def rewrites(self, comment, body):
        self.stage.world.edit_comment(self.login, comment.id, body)
        self.stage.settle()


@pytest.fixture(params=[WORKFLOW, *(pytest.param(one, marks=pytest.mark.slow) for one in (OTHER_APP, PERSON))])
def forger(request, stage):
    is_person = request.param == PERSON
    return Forger(stage, request.param if is_person else stage.world.admit_bot(request.param))


@pytest.fixture
def voting(stage):
    """A product whose gate to the next phase is open, with one ballot."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("techno", number, "/go")
    return number


def ours(stage, number, key):
    return next(one for one in stage.world.issues[number].comments if f"key={key} " in one.body)


def kept(stage):
    return [(entry.number, entry.seq, to_json(entry.fact)) for entry in stage.register.entries()]


def forged(body, *, text=None, entries=None, key=None):
    """Our comment with other words or other facts, its digests made right again, as whoever reads our code can."""
    shown, mark = body.split("\n\n" + markers.OPENING)
    text = text if text is not None else shown
    fields = dict(part.split("=", 1) for part in mark.removesuffix(" -->").split())
    fields["body"] = hashlib.sha256(text.encode()).hexdigest()[:16]
    if entries is not None:
        fields["record"] = packed_pieces(tuple(entries))[0]
    if key:
        fields["key"] = key
    return f"{text}\n\n{markers.OPENING}{' '.join(f'{name}={value}' for name, value in fields.items())} -->"


def carried(comment):
    return unpacked((markers.read_marker(comment.body).record,))


def decided_by_nobody(entries, gate=1, phase="generalisation"):
    """A go without a ballot, dated long ago, into a phase that no gate leads to."""
    last, at = entries[-1][0], datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    note = {"at": at, "by": "techno", "cause": "comment:1:go"}
    ballot = BallotCast(**note, gate=gate, seats=("secu",), choice="go", comment=1)
    figures = {"go": 7, "nogo": 0, "abstain": 0, "recused": 0, "silent": 0, "policy": "x"}
    facts = (
        ballot,
        GateDecided(**note, gate=gate, outcome="go", **figures),
        PhaseEntered(**note, phase=phase, gate=gate),
    )
    return (*entries, *enumerate(facts, last + 1))


def untouched(stage, number, comment, before, register):
    """What Jalon says is as it was, under the same number; nothing was recorded, nothing is left to do."""
    now = next(one for one in stage.world.issues[number].comments if one.id == comment.id)
    assert re.sub(r" over=\S+", "", now.body) == before
    assert now.editor == stage.world.bot
    assert kept(stage) == register
    assert stage.register.verify() == []
    assert stage.nothing_left_to_do(number)


def test_words_forged_under_our_name_are_put_back(stage, voting, forger):
    """B1 and e10: the text alone, its digest made right again, the data named by the mark kept."""
    stage.decided(voting)
    comment = ours(stage, voting, "decision:1")
    before, register = comment.body, kept(stage)
    forger.rewrites(comment, forged(before, text="## Le comité a dit non"))
    now = next(one for one in stage.world.issues[voting].comments if one.id == comment.id)
    words = before.split("Règles appliquées")[0]
    assert now.body.startswith(words)
    assert f"modifié par {forger.login.removesuffix('[bot]')} : son texte a été rétabli" in now.body
    (*same, note) = kept(stage)
    assert same == register
    assert (note[2]["kind"], note[2]["how"]) == ("DecisionRestored", "edited")
    assert stage.nothing_left_to_do(voting)


def test_facts_added_to_the_record_of_an_open_gate_make_no_decision(stage, voting, forger):
    """B2: no ballot was cast, nothing is decided."""
    comment = ours(stage, voting, "gate:1")
    before, register, labels, column = comment.body, kept(stage), stage.labels(voting), stage.column(voting)
    forger.rewrites(comment, forged(before, entries=decided_by_nobody(carried(comment))))
    untouched(stage, voting, comment, before, register)
    assert (stage.labels(voting), stage.column(voting)) == (labels, column)


def test_a_far_rank_does_not_stop_the_product(stage, voting, forger):
    """B3: one fact with a rank far beyond the history."""
    comment = ours(stage, voting, "gate:1")
    before, register = comment.body, kept(stage)
    entries = carried(comment)
    forger.rewrites(comment, forged(before, entries=(*entries, (9_000_000, entries[-1][1]))))
    untouched(stage, voting, comment, before, register)
    stage.says("secu", voting, "/go")
    assert len(kept(stage)) == len(register) + 1


def test_the_history_of_another_product_is_not_taken(stage, voting, forger):
    """B4: the record of one product in a comment of another that has no history of its own yet."""
    stage.decided(voting)
    other = stage.filed("chef-produit", "VRB")
    register = kept(stage)
    comment = ours(stage, other, "welcome")
    before = comment.body
    forger.rewrites(comment, forged(before, entries=carried(ours(stage, voting, "decision:1"))))
    untouched(stage, other, comment, before, register)


def test_a_mark_taken_away_by_another_comes_back(stage, voting, forger):
    comment = ours(stage, voting, "gate:1")
    before, register = comment.body, kept(stage)
    forger.rewrites(comment, "Le vote est annulé.")
    untouched(stage, voting, comment, before, register)


def test_a_box_ticked_by_another_bot_is_no_answer(stage):
    """A person who ticks is asked who they are; a bot has no voice, and its tick is taken back."""
    number = stage.filed()
    comment = ours(stage, number, "checklist:1")
    before, register = comment.body, kept(stage)
    bot = Forger(stage, stage.world.admit_bot(WORKFLOW))
    bot.rewrites(comment, before.replace("- [ ]", "- [x]", 1))
    untouched(stage, number, comment, before, register)
    stage.world.edit_comment("secretariat", comment.id, before.replace("- [ ]", "- [x]", 1))
    stage.settle()
    assert [fact["kind"] for _, _, fact in kept(stage)[len(register) :]] == ["ItemAnswered"]


def test_the_sweep_sees_what_another_bot_rewrote(stage, voting, forger):
    def seen():
        stage.rests()
        (page,) = summaries(stage.client, "dnum/produits", 1)
        return page[0].fingerprint("")

    issue = load(stage.client, "dnum/produits", voting, stage.policies.of("dnum/produits").committee, 1)
    quiet = expected(issue, ()).fingerprint("")
    assert seen() == quiet
    comment = ours(stage, voting, "gate:1")
    stage.world.edit_comment(forger.login, comment.id, forged(comment.body, text="Autre"))
    assert seen() != quiet


def test_a_register_is_not_rebuilt_from_what_another_wrote(stage, voting, forger):
    """Nor does a report made from GitHub alone repeat it."""
    comment = ours(stage, voting, "gate:1")
    entries = decided_by_nobody(carried(comment))
    stage.world.edit_comment(forger.login, comment.id, forged(comment.body, entries=entries))
    issue = load(stage.client, "dnum/produits", voting, stage.policies.of("dnum/produits").committee, 1)
    assert not any(isinstance(fact, GateDecided) for fact in restored_history(issue.comments).history)
    policy = stage.policies.of("dnum/produits")
    (tracked,) = read_backlog(stage.client, "dnum/produits", policy, frozenset({"jalon", "github-actions"}))
    assert not any(isinstance(fact, GateDecided) for fact in tracked.history)


def test_a_workflow_speaks_for_no_product_in_a_report(stage):
    """Reports are published by workflows: their account is ours for that, and believed for nothing else."""
    number = stage.world.open_issue("visiteur", "Rien", "Rien", []).number
    at = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    facts = (ProductFiled(at=at, by="x", cause="x", title="Rien"), PhaseEntered(at=at, by="x", cause="x", phase="poc"))
    record = packed_pieces(tuple(enumerate(facts, 1)))[0]
    mark = f"Bonjour\n\n{markers.OPENING}key=welcome data=x body=x record={record} -->"
    stage.world.comment(stage.world.admit_bot(WORKFLOW), number, mark)
    policy = stage.policies.of("dnum/produits")
    assert read_backlog(stage.client, "dnum/produits", policy, frozenset({"jalon", "github-actions"})) == ()


def test_an_account_that_is_gone_is_not_us(stage, voting):
    """GitHub names no editor once the account that edited is deleted: the edit stays somebody else's."""
    comment = ours(stage, voting, "gate:1")
    before, register = comment.body, kept(stage)
    login = stage.world.admit_bot(OTHER_APP)
    stage.world.edit_comment(login, comment.id, forged(before, text="Autre"))
    del stage.world.people[login]
    stage.says("visiteur", voting, "bonjour")
    untouched(stage, voting, comment, before, register)


def test_an_app_that_took_our_name_is_not_us(stage, voting):
    """Accounts are told apart by their number: the login of a deleted App may be taken."""
    comment = ours(stage, voting, "gate:1")
    before, register = comment.body, kept(stage)
    login = stage.world.admit_bot(OTHER_APP)
    stage.world.edit_comment(login, comment.id, forged(before, entries=decided_by_nobody(carried(comment))))
    stage.rests()
    issue = load(stage.client, "dnum/produits", voting, stage.policies.of("dnum/produits").committee, 1)
    seen = next(one for one in issue.comments if one.id == comment.id)
    assert seen.author_id
    assert seen.editor_id
    assert seen.author_id != seen.editor_id
    stage.says("visiteur", voting, "bonjour")
    untouched(stage, voting, comment, before, register)


def test_a_request_for_support_rewritten_by_another_bot_comes_back(stage):
    number = stage.world.open_issue("chef-produit", "Aide", "Rien", ["accompagnement"]).number
    stage.settle()
    comment = ours(stage, number, "support")
    before, register = comment.body, kept(stage)
    bot = Forger(stage, stage.world.admit_bot(WORKFLOW))
    bot.rewrites(comment, forged(before, text="Refusé."))
    now = ours(stage, number, "support")
    assert re.sub(r" over=\S+", "", now.body) == before
    bot.rewrites(comment, now.body.replace(" -->", "  -->"))
    bot.rewrites(ours(stage, number, "support"), now.body)
    assert stage.nothing_left_to_do(number)
    assert kept(stage) == register


@pytest.mark.slow
@pytest.mark.parametrize("key", ["decision:9", "gate:1+7", "help:1", "reminder:1", "suspended", "support", "x"])
def test_words_forged_under_a_key_that_nobody_asks_for_do_not_stay(stage, voting, forger, key):
    """A mark of ours renamed with its words: what it showed comes back, and the forged words go."""
    comment = ours(stage, voting, "gate:1")
    before, register, count = comment.body, kept(stage), len(stage.said(voting))
    forger.rewrites(comment, forged(before, text="## Le comité a dit go", key=key))
    assert not any("Le comité a dit go" in body for body in stage.said(voting))
    assert re.sub(r" over=\S+", "", ours(stage, voting, "gate:1").body) == before
    assert len(stage.said(voting)) == count + (key == "suspended")
    assert kept(stage) == register
    assert stage.nothing_left_to_do(voting)


def test_a_comment_of_ours_that_nothing_writes_again_goes_once_it_is_rewritten(stage, voting, forger):
    """A reminder is said once: rewritten by another account, it could only stay as forged."""
    mark = f"Rappel\n\n{markers.OPENING}key=reminder:2026-W01 data=x body=x -->"
    number = stage.world.comment(stage.world.bot, voting, mark).id
    stage.says("visiteur", voting, "bonjour")
    reminder = next(one for one in stage.world.issues[voting].comments if one.id == number)
    register = kept(stage)
    assert stage.nothing_left_to_do(voting)
    forger.rewrites(reminder, "## Le comité a dit go")
    assert not any("Le comité a dit go" in body for body in stage.said(voting))
    assert kept(stage) == register
    assert stage.nothing_left_to_do(voting)


def test_a_request_for_support_whose_mark_was_renamed_comes_back(stage):
    number = stage.world.open_issue("chef-produit", "Aide", "Rien", ["accompagnement"]).number
    stage.settle()
    comment = ours(stage, number, "support")
    before = comment.body
    bot = Forger(stage, stage.world.admit_bot(WORKFLOW))
    bot.rewrites(comment, forged(before, text="Refusé.", key="x"))
    (body,) = stage.said(number)
    assert re.sub(r" over=\S+", "", body) == before
    assert stage.nothing_left_to_do(number)


def test_a_box_ticked_by_an_account_that_is_gone_is_no_answer(stage):
    """GitHub no longer tells whether it was a person: the box is drawn again, and nobody is answered."""
    number = stage.filed()
    comment = ours(stage, number, "checklist:1")
    before, register = comment.body, kept(stage)
    login = stage.world.admit_bot(OTHER_APP)
    stage.world.edit_comment(login, comment.id, before.replace("- [ ]", "- [x]", 1))
    del stage.world.people[login]
    stage.says("visiteur", number, "bonjour")
    untouched(stage, number, comment, before, register)


def test_boxes_that_no_checklist_has_are_no_answers(stage):
    """Whoever may edit our comments may draw thousands of boxes, and rewrite the mark that lists them."""
    number = stage.filed()
    comment = ours(stage, number, "checklist:1")
    register = kept(stage)
    drawn = "\n".join(f"- [x] Rien <!-- rien-{rank} -->" for rank in range(200))
    boxes = ",".join(f"rien-{rank}:0" for rank in range(200))
    text, mark = comment.body.split("\n\n" + markers.OPENING)
    body = f"{text}\n{drawn}\n\n{markers.OPENING}{re.sub(r' boxes=[^ ]+', f' boxes={boxes}', mark)}"
    before = comment.body
    stage.world.edit_comment("secretariat", comment.id, body)
    stage.settle()
    untouched(stage, number, comment, before, register)
