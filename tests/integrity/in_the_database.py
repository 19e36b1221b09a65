"""Adversaries who write in the database, or restore an older one: the operator, an intruder, an accident."""

from __future__ import annotations

import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.domain.product.facts import BallotCast, GateDecided
from app.store.chain import chained_digest
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError
from tests.integrity.scene import GITHUB, ISSUE, VERIFY, Scene, Seen, adversary
from tests.stories.test_belief import kept


def rank_of(play: Scene, kind: type) -> int:
    return next(entry.seq for entry in play.stage.register.entries() if isinstance(entry.fact, kind))


def rewrites(play: Scene, seq: int, *, chain: bool, **fields: Any) -> None:
    """A fact of the product told otherwise; with `chain`, every digest from there on is worked out again."""
    with play.stage.database.begin() as connection:
        rows = connection.execute(sa.select(FACTS).where(FACTS.c.number == play.number).order_by(FACTS.c.seq)).all()
        digest = ""
        for row in rows:
            values = dict(row._mapping)
            if row.seq == seq:
                values["fact"] = json.dumps(json.loads(row.fact) | fields, ensure_ascii=False, sort_keys=True)
            values["digest"] = digest = chained_digest(digest, SimpleNamespace(**values)) if chain else row.digest
            place = sa.and_(FACTS.c.product == row.product, FACTS.c.seq == row.seq)
            connection.execute(sa.update(FACTS).where(place).values(fact=values["fact"], digest=digest))


def drops(play: Scene, *conditions: sa.ColumnElement[bool]) -> None:
    with play.stage.database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.number == play.number, *conditions))


@adversary("e1")
def changes_a_vote_and_leaves_the_chain_broken(play: Scene) -> Seen:
    play.at_gate("secu")
    before = play.gate("Sécurité")
    rewrites(play, rank_of(play, BallotCast), chain=False, choice="nogo")
    with suppress(LostHistoryError):
        play.says("techno", "/go")
    assert play.gate("Sécurité") == before
    return {ISSUE: play.on_the_issue(), VERIFY: play.verify()}


@adversary("e3", sealed=True)
def deletes_the_last_rows(play: Scene) -> Seen:
    play.decided()
    before = kept(play.stage)
    drops(play, FACTS.c.seq > len(before) - 4)
    seen = {VERIFY: play.verify(), GITHUB: play.verify_on_github()}
    play.says("visiteur", "bonjour")
    assert kept(play.stage) == before
    return seen


@adversary("e5")
def deletes_a_row_in_the_middle(play: Scene) -> Seen:
    play.at_gate("secu", "techno")
    drops(play, FACTS.c.seq == rank_of(play, BallotCast))
    with suppress(LostHistoryError):
        play.says("archi", "/go")
    return {ISSUE: play.on_the_issue(), VERIFY: play.verify()}


@adversary("e7")
def exchanges_two_histories(play: Scene) -> Seen:
    play.decided()
    mine = play.product
    play.number = play.stage.filed("chef-produit", "VRB")
    with play.stage.database.begin() as connection:
        for before, after in ((mine, "x"), (play.product, mine), ("x", play.product)):
            connection.execute(sa.update(FACTS).where(FACTS.c.product == before).values(product=after))
    with suppress(LostHistoryError):
        play.says("chef-produit", "/aide")
    assert play.phase == "phase: idée"
    return {ISSUE: play.on_the_issue(), VERIFY: play.verify()}


@adversary("e8")
def deletes_a_whole_product(play: Scene) -> Seen:
    play.decided()
    before = kept(play.stage)
    drops(play)
    seen = {VERIFY: play.verify(), GITHUB: play.verify_on_github()}
    play.says("visiteur", "bonjour")
    assert kept(play.stage) == before
    return seen


@adversary("h")
def tells_otherwise_in_the_register_and_in_comments(play: Scene) -> Seen:
    """Which version wins: neither, by itself."""
    play.decided()
    rewrites(play, rank_of(play, GateDecided), chain=False, outcome="nogo")
    with suppress(LostHistoryError):
        play.says("visiteur", "bonjour")
    assert play.phase == "phase: poc"
    return {ISSUE: play.on_the_issue(), "`jalon explain`": play.command("explain", str(play.number))}
