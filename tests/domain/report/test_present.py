"""The present of a product says what its history says, kept as text or not, at every moment."""

import json
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import Week
from app.domain.product.facts import (
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    ItemAnswered,
    PastPhase,
    PhaseEntered,
    Point,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductReturned,
)
from app.domain.product.state import standing
from app.domain.report.digest import digest
from app.domain.report.indicators import indicators
from app.domain.report.portfolio import KeptProduct, Tracked, rows
from app.domain.report.present import present
from app.domain.report.present_json import from_text, to_text
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life, at, candidate

POLICY = a_small_policy()
BEGUN = at("2026-08-03")
NOW = at("2026-11-30")
SEATS = tuple(seat.id for seat in POLICY.committee.seats)
WORDS = st.sampled_from(["Relire", "« L’été »", "a\nb\u2028c", "", "|`<!-- -->"])
REFS = st.sampled_from(["commun:a", "commun:b", "produit:I_9"])
STEPS = (
    "asked",
    "vote",
    "vote",
    "decided",
    "postponed",
    "withdrawn",
    "lifted",
    "ticked",
    "described",
    "voided",
    "left",
    "shown",
    "reused",
)


def played(life, step, moment, draw):
    """One more thing that happens to a product, if it may."""
    opened, note = present(tuple(life.facts)).open_gate, life._note(moment)
    if step == "ticked":
        item = draw(st.sampled_from([item.id for phase in POLICY.phases for item in phase.items]))
        answer = draw(st.sampled_from(["done", "open", "na"]))
        dated = {"text": "le 12/03/2027", "day": "2027-03-12"} if answer == "done" and draw(st.booleans()) else {}
        life.facts.append(ItemAnswered(**note, item=item, answer=answer, **dated))
    elif step == "described":
        life.facts.append(
            ProductDescribed(**note, title=draw(WORDS), people=("chef-produit", "data"), needs=("design",))
        )
    elif step == "shown":
        known = standing(tuple(life.facts)).reuse
        dropped = [one.shown.number for one in known.awaited if one.shown][: draw(st.integers(0, 1))]
        doors = st.sampled_from(["name", "near"])
        life.shown(moment, candidate(known.last + 1, draw(REFS), draw(WORDS), draw(doors)), dropped=dropped)
    elif step == "reused":
        life.answered(moment, draw(REFS), draw(st.sampled_from(["reuse", "adapt", "aside"])))
    elif step == "left":
        gone = standing(tuple(life.facts)).left
        life.facts.append(ProductReturned(**note) if gone else ProductLeft(**note, how="duplicate"))
    elif step == "lifted":
        waiting = present(tuple(life.facts)).conditions
        life.lifted(moment, waiting[0].number) if waiting else None
    elif opened is None:
        exits = POLICY.exits(life._origin)
        if step == "asked" and exits:
            life.asked(moment, exits[0].to, draw(st.sampled_from([(), ("data",)])), [Point("Design", draw(WORDS))])
    else:
        at_gate(life, step, moment, draw)


def at_gate(life, step, moment, draw):
    note = life._note(moment)
    if step == "vote":
        choice = draw(st.sampled_from(["go", "nogo", "abstain", "recuse"]))
        said = (draw(WORDS),) if choice == "go" and draw(st.booleans()) else ()
        life.vote(moment, draw(st.sampled_from(SEATS)), choice, draw(WORDS), said)
    elif step == "voided":
        kind = draw(st.sampled_from([BallotVoided, BallotOrphaned]))
        life.facts.append(kind(**note, gate=life._gate, comment=0, voter="techno"))
    elif step == "decided":
        session = draw(st.sampled_from([{}, {"present": SEATS[:3], "reason": "Trop tôt"}]))
        outcome, conditions = draw(st.sampled_from(["go", "nogo"])), [(draw(WORDS), "2026-11-25"), ("Relire", "")]
        life.decided(moment, outcome, conditions[: draw(st.integers(0, 2))] if outcome == "go" else (), **session)
    elif step == "postponed":
        life.postponed(moment, draw(WORDS))
    elif step == "withdrawn":
        life.withdrawn(moment)


@st.composite
def lives(draw):
    """Filed or taken over, then anything; the moments of its facts, and those around them."""
    moment = BEGUN + timedelta(hours=draw(st.integers(0, 24 * 60)))
    life = Life(POLICY, draw(WORDS), draw(st.integers(1, 99)))
    if draw(st.booleans()):
        life.filed(moment, draw(st.sampled_from(["idee", "mvp", "arret", "ancienne"])), draw(WORDS))
    else:
        note = life._note(moment, "jalon")
        past = (
            PastPhase("Étude", "idee", "2026-02-03", ""),
            PastPhase("Construction", "mvp", draw(WORDS), "2026-06-01"),
        )
        began = draw(st.sampled_from([None, at("2026-05-04")]))
        life.facts.append(ProductImported(**note, key="k", title=life.title, past=past))
        life.facts.append(PhaseEntered(**note, phase="mvp", imported=True, began=began))
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=12)):
        moment += timedelta(hours=draw(st.integers(0, 24 * 12)))
        played(life, step, moment, draw)
    return life


def kept(life):
    """The product as it comes back from where its present was kept."""
    told = from_text(to_text(present(tuple(life.facts))))
    return KeptProduct(REPOSITORY, life.number, told, lambda: tuple(life.facts))


def tracked(life):
    told = present(tuple(life.facts))
    return Tracked(REPOSITORY, life.number, told.title, tuple(life.facts), told.needs)


@settings(deadline=None)
@given(lives())
def test_what_is_kept_is_what_the_history_says(life):
    told = present(tuple(life.facts))
    text = to_text(told)
    assert from_text(text) == told
    assert to_text(from_text(text)) == text
    assert from_text(text).open_gate == standing(tuple(life.facts)).open_gate


@settings(deadline=None)
@given(lives(), st.integers(-2, 2), st.data())
def test_at_every_moment_what_is_kept_tells_what_the_history_tells(life, around, data):
    moments = sorted({fact.at for fact in life.facts} | {NOW})
    moment = data.draw(st.sampled_from(moments)) + timedelta(seconds=around)
    ours, theirs = [kept(life)], [tracked(life)]
    seen = rows(ours, POLICY, moment)
    assert seen == rows(theirs, POLICY, moment)
    assert [row.standing for row in seen] == [row.standing for row in rows(theirs, POLICY, moment)]
    week = Week.of(moment.date())
    assert digest(ours, POLICY, week, moment) == digest(theirs, POLICY, week, moment)
    assert digest(ours, POLICY, week, NOW) == digest(theirs, POLICY, week, NOW)
    assert indicators(seen, POLICY, moment) == indicators(rows(theirs, POLICY, moment), POLICY, moment)


def test_the_history_is_read_for_a_moment_before_the_last_fact_alone():
    life, asked = Life(POLICY).filed("2026-11-02").asked("2026-11-10", "mvp"), []
    product = kept(life)

    def read():
        asked.append(1)
        return tuple(life.facts)

    product = KeptProduct(REPOSITORY, 1, product.present, read)
    assert product.as_of(NOW) is product.present
    assert product.as_of(at("2026-11-10") + timedelta(microseconds=1)) is product.present
    assert not asked
    assert product.as_of(at("2026-11-10")).waiting is None
    assert asked
    assert (product.title, product.needs, product.history) == ("SISAC", (), tuple(life.facts))


def test_a_product_without_a_fact_is_in_no_report():
    nothing = KeptProduct(REPOSITORY, 1, from_text(to_text(present(()))), tuple)
    assert (nothing.present.last, nothing.as_of(NOW), nothing.present.open_gate) == (None, nothing.present, None)
    assert rows([nothing], POLICY, NOW) == ()


def test_long_forms_and_answers_taken_back_are_left_in_the_register():
    life = Life(POLICY).filed("2026-11-02")
    note = life._note("2026-11-03")
    life.facts[0] = ProductFiled(
        **note, title="SISAC", answers=(("probleme", "Six semaines. " * 50), ("direction", "DSI"))
    )
    life.facts += [ItemAnswered(**note, item="idee-vision", answer=answer) for answer in ("done", "open")]
    told = present(tuple(life.facts))
    assert (told.direction, told.settled) == ("DSI", frozenset())
    assert len(to_text(told)) < 400


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "[1]", "[" * 90_000, '["a"]'])
def test_another_text_is_no_present(text):
    with pytest.raises((KeyError, TypeError, ValueError, RecursionError)):
        from_text(text)


def test_a_moment_without_its_zone_is_none_of_ours():
    said = json.loads(to_text(present(tuple(Life(POLICY).filed("2026-11-02").facts))))
    said[2][0][1] = at("2026-11-02").astimezone(UTC).replace(tzinfo=None).isoformat()
    with pytest.raises(ValueError, match="zone"):
        from_text(json.dumps(said))


def test_a_ballot_said_in_passing_is_told_with_its_gate():
    life = Life(POLICY).filed("2026-11-02").asked("2026-11-10", "mvp").vote("2026-11-11", "design", "nogo", "Trop tôt")
    record = present(tuple(life.facts)).open_gate
    assert record is not None
    assert [ballot.fact for ballot in record.ballots] == [fact for fact in life.facts if isinstance(fact, BallotCast)]
