"""Adversaries who write in the database of a sealed register, its chain worked out again, its key in their hands."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from app.domain.product.facts import BallotCast, Fact, GateDecided
from app.domain.product.history_in_comments import unpacked
from app.github import markers
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError
from tests.integrity.in_the_database import drops, rank_of, rewrites
from tests.integrity.scene import ISSUE, VERIFY, Scene, Seen, adversary


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
    mark = markers.read(comment.body)
    return unpacked((mark.record,)) if mark and mark.record else ()
