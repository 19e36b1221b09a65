"""Adversaries who write in the database of a sealed register, its chain worked out again, its key in their hands."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.product.facts import BallotCast, Fact, GateDecided
from app.domain.product.history_in_comments import unpacked
from app.github import markers
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError
from tests.integrity.in_the_database import drops, rank_of, rewrites
from tests.integrity.scene import ISSUE, VERIFY, Scene, Seen, adversary
from tests.stage import SIGNER
from tests.stories.test_belief import forged

STATUS = "`jalon seal status`"


@adversary("e2", sealed=True)
def changes_a_vote_and_works_the_chain_out_again(play: Scene) -> Seen:
    play.at_gate("secu")
    before = play.gate("Sécurité")
    rewrites(play, rank_of(play, BallotCast), chain=True, choice="nogo")
    with suppress(LostHistoryError):
        play.says("techno", "/go")
    assert play.gate("Sécurité") == before
    return {ISSUE: play.on_the_issue(), VERIFY: play.verify()}


@adversary("e6", sealed=True)
def turns_a_decision_over_and_works_the_chain_out_again(play: Scene) -> Seen:
    play.decided()
    rewrites(play, rank_of(play, GateDecided), chain=True, outcome="nogo")
    with suppress(LostHistoryError):
        play.says("visiteur", "bonjour")
    assert play.phase == "phase: poc"
    return {ISSUE: play.on_the_issue(), VERIFY: play.verify()}


@adversary("e4", sealed=True)
def deletes_a_decision_everywhere_to_date_it_anew(play: Scene) -> Seen:
    """From the register and from every comment that carries it, twenty days later."""
    play.decided()
    last = rank_of(play, GateDecided)
    drops(play, FACTS.c.seq >= last)
    for comment in play.world.issues[play.number].comments[:]:
        if any(rank >= last for rank, _ in _carried(comment)):
            play.world.delete_comment("secretariat", comment.id)
    play.stage.hub.take_held()
    play.stage.now += timedelta(days=20)
    with pytest.raises(LostHistoryError):
        play.says("visiteur", "bonjour")
    assert not any(isinstance(entry.fact, GateDecided) for entry in play.stage.register.entries())
    assert "## Décision" not in play.on_the_issue()
    return {ISSUE: play.on_the_issue()}


def _carried(comment: Any) -> tuple[tuple[int, Fact], ...]:
    mark = markers.read_marker(comment.body)
    return unpacked((mark.record,)) if mark and mark.record else ()


def copied(play: Scene) -> Path:
    """A back-up of the database as it is now."""
    path = play.folder / "sauvegarde.db"
    with sqlite3.connect(play.folder / "jalon.db") as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    return path


@adversary("g1", sealed=True)
def restores_an_older_database(play: Scene) -> Seen:
    """What came since is taken back from comments, and the seal waits for it."""
    play.at_gate("techno")
    path = copied(play)
    play.stage.decided(play.number)
    before = [row.entry for row in play.stage.log.entries()]
    play.restarted(path)
    play.stage.jalon.seal_watch.begin()
    seen = play.command("seal", "status")
    assert play.stage.log.checkpoint(SIGNER, play.stage.now) is None
    play.says("visiteur", "bonjour")
    assert [row.entry for row in play.stage.log.entries()] == before
    return {STATUS: seen}


@adversary("g2", sealed=True)
def restores_an_older_database_and_deletes_the_decision(play: Scene) -> Seen:
    """Another decision, taken since, still shows how many entries were sealed."""
    play.at_gate("techno", "archi", "communs", "design", "data")
    path = copied(play)
    play.stage.decided(play.number, seats=("secu", "transfo"))
    decided, other = play.number, play.at_gate().number
    play.stage.decided(other)
    gone = {one.id for one in play.world.issues[decided].comments if one.author in {"secu", "transfo"}}
    for comment in play.world.issues[decided].comments[:]:
        if comment.id in gone or "key=decision:1 " in comment.body:
            play.world.delete_comment("secretariat", comment.id)
    play.stage.hub.take_held()
    play.restarted(path)
    play.stage.jalon.seal_watch.begin()
    return {STATUS: play.command("seal", "status")}


@adversary("P3", sealed=True)
def the_holder_of_the_app_s_key_invents_a_lawful_ballot(play: Scene) -> Seen:
    """Nothing in the rules forbids it, and its comment may have been deleted: only the seal tells."""
    play.at_gate("techno")
    comment = play.ours("gate:1")
    entries = _carried(comment)
    rank, ballot = entries[-1]
    invented = replace(
        ballot, by="archi", by_id=0, cause="comment:1:go", comment=1, seats=("architecture",), sealed=None
    )
    body = forged(comment.body, entries=(*entries, (rank + 1, invented)))
    play.world.edit_comment(play.world.bot, comment.id, body)
    with pytest.raises(LostHistoryError):
        play.says("visiteur", "bonjour")
    assert "archi" not in [one.fact.by for one in play.stage.register.entries() if isinstance(one.fact, BallotCast)]
    return {ISSUE: play.on_the_issue()}
