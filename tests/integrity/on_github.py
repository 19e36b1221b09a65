"""Adversaries who only have GitHub: an administrator, an author, another bot, a person who copies our marks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.product.facts import BallotCast, GateDecided
from app.turns.outcome import LostHistoryError
from tests.integrity.in_the_database import drops
from tests.integrity.scene import GITHUB, ISSUE, NOBODY, SEATS, Scene, Seen, adversary
from tests.stories.test_belief import carried, decided_by_nobody, forged, kept

ADMINISTRATOR = "secretariat"
WORKFLOW = "github-actions"


@adversary("a")
def edits_a_decision_and_its_record(play: Scene) -> Seen:
    play.decided()
    entries = decided_by_nobody(carried(play.ours("decision:1")), gate=2)
    play.forges(ADMINISTRATOR, "decision:1", text="## Décision : ⛔ no-go", entries=entries)
    assert play.phase == "phase: poc"
    assert "⛔ no-go" not in play.ours("decision:1").body
    return {ISSUE: play.on_the_issue()}


@adversary("a′")
def edits_a_decision_once_jalon_is_stopped(play: Scene) -> Seen:
    play.decided()
    play.world.edit_comment(ADMINISTRATOR, play.ours("decision:1").id, "## Décision : ⛔ no-go")
    return {GITHUB: play.verify_on_github()}


@adversary("b")
def deletes_a_decision(play: Scene) -> Seen:
    play.decided()
    play.stage.now += timedelta(days=2)
    play.deletes(ADMINISTRATOR, play.ours("decision:1"))
    return {ISSUE: play.on_the_issue()}


@adversary("c1")
def deletes_a_ballot_before_the_decision(play: Scene) -> Seen:
    play.at_gate("techno", "secu")
    play.deletes(ADMINISTRATOR, play.spoken("secu"))
    return {ISSUE: play.gate("Sécurité")}


@adversary("c2")
def deletes_a_ballot_after_the_decision(play: Scene) -> Seen:
    play.decided()
    play.deletes(ADMINISTRATOR, play.spoken("secu"))
    return {ISSUE: play.ours("decision:1").body}


@adversary("c3")
def deletes_a_ballot_before_jalon_reads_it(play: Scene) -> Seen:
    play.at_gate()
    play.world.comment("secu", play.number, "/go")
    play.deletes(ADMINISTRATOR, play.spoken("secu"))
    assert not any(isinstance(entry.fact, BallotCast) for entry in play.stage.register.entries())
    return {NOBODY: "", ISSUE: play.gate("Sécurité")}


@adversary("d1")
def changes_one_s_own_vote(play: Scene) -> Seen:
    play.at_gate("secu")
    play.edits("secu", play.spoken("secu"), "/abstention")
    return {ISSUE: play.gate("Sécurité")}


@adversary("d2")
def changes_the_vote_of_another(play: Scene) -> Seen:
    play.at_gate("secu")
    play.edits(ADMINISTRATOR, play.spoken("secu"), "/nogo trop cher")
    assert "en attente" in play.gate("Sécurité")
    return {ISSUE: play.on_the_issue()}


@adversary("d3")
def replaces_a_vote_by_plain_words(play: Scene) -> Seen:
    play.at_gate("secu")
    play.edits("secu", play.spoken("secu"), "Bonjour")
    assert "✅ go" in play.gate("Sécurité")
    return {ISSUE: play.on_the_issue()}


@adversary("d4")
def edits_a_vote_after_the_decision(play: Scene) -> Seen:
    play.decided()
    play.edits(ADMINISTRATOR, play.spoken("secu"), "Bonjour")
    play.edits("techno", play.spoken("techno"), "/nogo je n’ai jamais dit oui")
    assert play.phase == "phase: poc"
    return {ISSUE: play.on_the_issue()}


@adversary("d5")
def edits_the_recusal_of_another(play: Scene) -> Seen:
    play.at_gate("secu")
    play.says("secu", "/déport")
    play.edits(ADMINISTRATOR, play.spoken("secu"), "Rien à signaler")
    return {ISSUE: play.gate("Sécurité")}


@adversary("f")
def copies_our_marks(play: Scene) -> Seen:
    play.decided()
    copied, play.number = play.stage.said(play.number), play.stage.filed("chef-produit", "VRB")
    before = play.stage.said(play.number), kept(play.stage)
    for body in copied:
        play.says("visiteur", body)
    assert (play.stage.said(play.number), kept(play.stage)) == before
    return {NOBODY: ""}


@adversary("B1")
def a_bot_rewrites_our_words(play: Scene) -> Seen:
    play.decided()
    play.forges(play.world.admit_bot(WORKFLOW), "decision:1", text="## Le comité a dit non")
    assert "Le comité a dit non" not in play.on_the_issue()
    return {ISSUE: play.on_the_issue()}


@adversary("B2")
def a_bot_adds_a_decision_to_our_record(play: Scene) -> Seen:
    play.at_gate("techno")
    before = kept(play.stage)
    entries = decided_by_nobody(carried(play.ours("gate:1")))
    comment = play.ours("gate:1")
    play.world.edit_comment(play.world.admit_bot(WORKFLOW), comment.id, forged(comment.body, entries=entries))
    seen = play.verify_on_github()
    play.stage.settle()
    assert (play.phase, kept(play.stage)) == ("phase: idée", before)
    return {GITHUB: seen}


@adversary("B3")
def a_bot_writes_a_far_rank(play: Scene) -> Seen:
    play.at_gate("techno")
    entries = carried(play.ours("gate:1"))
    play.forges(play.world.admit_bot(WORKFLOW), "gate:1", entries=(*entries, (9_000_000, entries[-1][1])))
    play.says("secu", "/go")
    return {ISSUE: play.gate("Sécurité")}


@adversary("B4")
def a_bot_gives_a_product_the_history_of_another(play: Scene) -> Seen:
    play.decided()
    taken = carried(play.ours("decision:1"))
    play.number = play.stage.filed("chef-produit", "VRB")
    before = kept(play.stage)
    play.forges(play.world.admit_bot(WORKFLOW), "welcome", entries=taken)
    assert (play.phase, kept(play.stage)) == ("phase: idée", before)
    return {NOBODY: ""}


@adversary("P1")
def the_holder_of_the_app_s_key_adds_a_decision(play: Scene) -> Seen:
    play.at_gate("techno")
    comment = play.ours("gate:1")
    body = forged(comment.body, entries=decided_by_nobody(carried(comment)))
    play.world.edit_comment(play.world.bot, comment.id, body)
    with pytest.raises(LostHistoryError):
        play.says("secu", "/go")
    assert play.phase == "phase: idée"
    return {ISSUE: play.on_the_issue()}


@adversary("P2")
def the_holder_of_the_app_s_key_rewrites_all_for_a_later_rebuild(play: Scene) -> Seen:
    play.at_gate("techno")
    comment = play.ours("gate:1")
    body = forged(comment.body, entries=decided_by_nobody(carried(comment)))
    play.world.edit_comment(play.world.bot, comment.id, body)
    with pytest.raises(LostHistoryError):
        play.says("visiteur", "bonjour")
    drops(play)
    told = play.command("register", "rebuild")
    assert not any(isinstance(entry.fact, GateDecided) for entry in play.stage.register.entries())
    return {"`jalon register rebuild`": told}


@adversary("i")
def the_holder_of_the_app_s_key_replays_a_product_in_another(play: Scene) -> Seen:
    play.decided()
    copied = play.stage.said(play.number)
    play.number = play.stage.filed("chef-produit", "VRB")
    drops(play)
    for comment in play.world.issues[play.number].comments[:]:
        play.world.delete_comment(play.world.bot, comment.id)
    for body in copied:
        play.world.comment(play.world.bot, play.number, body)
    play.stage.passes(600)
    with pytest.raises(LostHistoryError):
        play.says("visiteur", "bonjour")
    return {ISSUE: play.on_the_issue()}


@adversary("j1")
def makes_oneself_the_secretariat(play: Scene) -> Seen:
    play.at_gate()
    play.rules("secretariat: [secretariat]", "secretariat: [secretariat, chef-produit]")
    play.says("chef-produit", "/décision go\nprésents : techno, archi, communs, design, data, secu")
    assert play.phase == "phase: idée"
    return {ISSUE: play.on_the_issue()}


@adversary("j3")
def votes_though_gone_from_the_team(play: Scene) -> Seen:
    play.at_gate()
    play.world.people[ADMINISTRATOR].role = "admin"
    play.world.set_member(ADMINISTRATOR, "comite-produit", "secu", member=False)
    play.says("secu", "/go")
    return {ISSUE: play.gate("Sécurité")}


@adversary("k1")
def takes_the_login_of_a_seat(play: Scene) -> Seen:
    play.at_gate()
    play.world.rename_account("secu", "secu-parti")
    play.world.sign_up("secu", "write")
    play.says("secu", "/go")
    assert "en attente" in play.gate("Sécurité")
    seen = play.on_the_issue()
    play.says("secu-parti", "/go")
    assert "secu-parti" in play.gate("Sécurité")
    return {ISSUE: seen}


@adversary("k2")
def takes_the_login_of_the_secretariat(play: Scene) -> Seen:
    play.at_gate()
    play.world.rename_account("secretariat", "secretariat-parti")
    play.world.sign_up("secretariat", "write")
    play.says("secretariat", f"/décision go\nprésents : {', '.join(SEATS)}")
    assert play.phase == "phase: idée"
    return {ISSUE: play.on_the_issue()}


@adversary("k3")
def a_holder_renamed_before_the_gate(play: Scene) -> Seen:
    play.number = play.stage.filed(ready=True)
    play.world.rename_account("techno", "techno-parti")
    play.says("cheffe-produit", "/demande")
    return {ISSUE: play.on_the_issue()}
