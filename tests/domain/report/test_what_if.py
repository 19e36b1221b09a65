"""What other rules would have changed: nothing under the same ones, whatever was lived; and each way to differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from app.domain.policy.calendar import end_of, last_day, term
from app.domain.policy.model import ReuseSettings, Seat
from app.domain.policy.second_thought_settings import Freeze
from app.domain.product.facts import (
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    ItemAnswered,
    PastPhase,
    PhaseEntered,
    ProductImported,
)
from app.domain.product.reuse_facts import ReuseAnswered
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.report.what_if import Change, Elsewhere, RecordedProduct, simulate
from app.domain.report.what_if_gate import Lack, PastGate, Want
from app.domain.report.what_if_opening import OpeningOutcome
from app.domain.report.what_if_vote import again
from tests.builders import SMALL, a_small_policy, parsed
from tests.domain import test_properties
from tests.domain.test_properties import POLICY, seen
from tests.lives import REPOSITORY, Life, at

OLD = a_small_policy()
DONE = (("idee-vision", "done"), ("idee-cadrage", "open"), ("idee-dict", "done"))


def pasts(history):
    found = {}
    for fact in history:
        if isinstance(fact, GateRequested):
            found[fact.gate] = PastGate(fact)
        elif (number := getattr(fact, "gate", None)) in found:
            found[number].add(fact)
    return found.values()


class VotedAgain(test_properties.Life):
    """The same lives; each of their gates is voted again under its own rule."""

    judged = None

    @invariant()
    def the_same_rules_change_nothing(self) -> None:
        history = self.product.history
        if history is self.judged:
            return
        self.judged = history
        found = simulate([RecordedProduct(REPOSITORY, 1, history)], POLICY, self.now)
        assert found.gates == ()
        assert found.total.counts.get(Change.SAME, 0) == found.total.gates

    @invariant()
    def a_gate_voted_again_under_its_own_rule_ends_the_same_way(self) -> None:
        for past in pasts(self.product.history):
            was, end = past.actual(), again(past, past.request, POLICY.committee, self.now)
            assert end.outcome == was.outcome, (past, end)
            if was.at:
                assert end.at == was.at, (past, end)
            if isinstance(past.end, GateDecided):
                seen("decided again in session" if past.end.present else "decided again by ballots")


@pytest.mark.slow
def test_the_rules_of_then_change_nothing_whatever_was_lived():
    run_state_machine_as_test(
        VotedAgain,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def lived(day="2026-03-02", votes=(), *, policy=OLD, answers=DONE, target="mvp", until=None, concerned=(), **session):
    """A product whose gate was asked for on a day, voted, and decided on `until` by the rule or in session."""
    life = Life(policy, "Agréments", 7).filed("2026-01-05")
    life.asked(day, target, concerned)
    life.facts[-1] = replace(life.facts[-1], answers=answers, deadline=end_of_term(life.facts[-1]))
    for when, seat, choice in votes:
        life.vote(when, seat, choice, "Trop tôt" if choice == "nogo" else "")
    if until:
        when, outcome = until
        life.decided(when, outcome, **session)
        if not session:
            cause = life.facts[-1].cause
            by_time = votes and votes[-1][0] != when
            cause = "deadline:1" if by_time else life.facts[-3 if outcome == "go" else -2].cause
            life.facts[-1:] = [replace(one, cause=cause) for one in life.facts[-1:]]
            for rank, one in enumerate(life.facts):
                if isinstance(one, GateDecided):
                    life.facts[rank] = replace(one, cause=cause)
    return life.facts


def end_of_term(request):
    return end_of(request.at.date() + timedelta(days=request.rule.deadline_days), "Europe/Paris")


def judged(facts, other, now="2026-12-01"):
    found = simulate([RecordedProduct(REPOSITORY, 7, tuple(facts))], other, at(now))
    return found.gates[0] if found.gates else None


THREE = (("2026-03-03", "securite", "go"), ("2026-03-04", "design", "go"), ("2026-03-06", "data", "go"))
"""Certain on the sixth: the seat that may veto has not spoken, so nothing is before the deadline."""
SPLIT = (
    ("2026-03-03", "securite", "go"),
    ("2026-03-04", "design", "go"),
    ("2026-03-05", "data", "nogo"),
    ("2026-03-06", "technologie", "abstain"),
)
ALL = (*THREE, ("2026-03-09", "technologie", "go"))


def changed(**values):
    """The same rules with another vote rule for Idée → MVP, as another text of the file."""
    gates = tuple(replace(gate, rule=replace(gate.rule, **values)) if gate.to == "mvp" else gate for gate in OLD.gates)
    return replace(OLD, gates=gates, version="autre")


@pytest.mark.parametrize(
    ("votes", "until", "rule", "change", "becomes", "days"),
    [
        (ALL, ("2026-03-09", "go"), {}, None, "", 0),
        (SPLIT, ("2026-03-06", "go"), {}, None, "", 0),
        (SPLIT, ("2026-03-06", "go"), {"threshold": Fraction(3, 4)}, Change.OTHERWISE, "nogo", 0),
        (SPLIT, ("2026-03-06", "go"), {"veto": ("data",)}, Change.OTHERWISE, "nogo", 0),
        (ALL, ("2026-03-09", "go"), {"veto": ()}, Change.EARLIER, "go", -3),
        (ALL, ("2026-03-09", "go"), {"veto": (), "quorum": 4}, None, "", 0),
        (THREE, ("2026-03-17", "go"), {"quorum": 4}, Change.UNDECIDED, "open", 0),
        (THREE, ("2026-03-17", "go"), {"mandatory": ("technologie",)}, Change.UNDECIDED, "open", 0),
        (THREE, ("2026-03-17", "go"), {"people": 4}, Change.UNDECIDED, "open", 0),
        (THREE, ("2026-03-17", "go"), {"deadline_days": 7}, Change.EARLIER, "go", -7),
        (THREE, ("2026-03-17", "go"), {"deadline_days": 3, "quorum": 3}, Change.UNDECIDED, "open", 0),
        (THREE, ("2026-03-17", "go"), {"deadline_days": 21}, Change.UNKNOWN, "", 0),
        (ALL[:1], None, {}, None, "", 0),
        (ALL[:2], None, {"quorum": 3}, None, "", 0),
        (ALL[:1], None, {"quorum": 1, "people": 1}, Change.DECIDED, "go", 0),
    ],
)
def test_another_rule_ends_a_gate_otherwise_or_sooner_or_not_at_all(votes, until, rule, change, becomes, days):
    facts = lived(votes=votes, until=until)
    assert judged(facts, OLD) is None
    found = judged(facts, changed(**rule))
    if change is None:
        assert found is None
        return
    assert (found.change, found.becomes, found.days) == (change, becomes, days)


def required(item, other=OLD):
    """The same rules with one more required item in the first phase."""
    phases = tuple(
        replace(phase, items=tuple(replace(one, required=one.required or one.id == item) for one in phase.items))
        for phase in other.phases
    )
    return replace(other, phases=phases, version="autre")


def asked_anew(text="Budget chiffré"):
    """The same rules with an item that did not exist."""
    first, *others = OLD.phases
    item = replace(first.items[0], id="idee-budget", text=text)
    return replace(OLD, phases=(replace(first, items=(*first.items, item)), *others), version="autre")


def answered(day, item, answer="done"):
    return ItemAnswered(at=at(day), by="cheffe-produit", cause=f"test:{day}", item=item, answer=answer)


def test_an_item_left_open_then_would_have_made_it_wait_until_it_was_settled():
    facts = lived(votes=ALL, until=("2026-03-09", "go"))
    other = required("idee-cadrage")
    found = judged(facts, other)
    assert (found.change, found.opening.door, found.opening.items) == (
        Change.OPENED_LATER,
        OpeningOutcome.UNSETTLED,
        ("Note de cadrage rédigée",),
    )
    facts += [answered("2026-03-10", "idee-vision", "open"), answered("2026-03-12", "idee-cadrage")]
    found = judged(facts, other)
    assert (found.change, found.opening.door, found.opening.days) == (Change.OPENED_LATER, OpeningOutcome.LATER, 10)
    assert (
        judged([*facts[:2], answered("2026-03-01", "idee-cadrage"), *facts[2:]], other).opening.door
        is OpeningOutcome.LATER
    )


def test_an_item_that_was_not_asked_then_is_never_taken_for_refused():
    facts = lived(votes=ALL, until=("2026-03-09", "go"))
    found = judged(facts, asked_anew())
    assert (found.change, found.opening.door, found.opening.items) == (
        Change.UNKNOWN,
        OpeningOutcome.UNKNOWN,
        ("Budget chiffré",),
    )
    known = [*facts[:2], answered("2026-02-01", "idee-budget"), *facts[2:]]
    assert judged(known, asked_anew()) is None
    both = required("idee-cadrage", asked_anew())
    found = judged([*facts, answered("2026-03-12", "idee-cadrage")], both)
    assert (found.change, found.opening.door, found.opening.days) == (Change.UNKNOWN, OpeningOutcome.UNKNOWN, 10)


def test_what_is_reused_settles_the_item_of_radar():
    facts = lived(votes=ALL, until=("2026-03-09", "go"))
    other = replace(required("idee-cadrage"), reuse=ReuseSettings(radar="idee-cadrage"))
    assert judged(facts, other).change is Change.OPENED_LATER
    kept = ReuseAnswered(
        at=at("2026-02-01"), by="cheffe-produit", cause="test:r", ref="commun:x", name="X", answer="reuse"
    )
    assert judged([*facts[:2], kept, *facts[2:]], other) is None


def test_a_gate_that_asks_for_no_list_waits_for_none():
    facts = lived(votes=ALL, until=("2026-03-09", "go"), target="arret")
    assert judged(facts, required("idee-cadrage")) is None


def without(*seats, **rule):
    """The same rules without these seats."""
    kept = tuple(seat for seat in OLD.committee.seats if seat.id not in seats)
    other = changed(**rule)
    return replace(other, committee=replace(other.committee, seats=kept))


def with_seat(holder="juriste", **rule):
    other = changed(**rule)
    seat = Seat("juridique", "Juridique", holder or "juriste", until=None if holder else date(2026, 1, 31))
    return replace(other, committee=replace(other.committee, seats=(*other.committee.seats, seat)))


@pytest.mark.parametrize(
    ("other", "change", "possible"),
    [
        (without("technologie", veto=()), Change.EARLIER, ()),
        (without("securite", mandatory=(), veto=()), Change.EARLIER, ()),
        (without("securite", "design", mandatory=(), quorum=3), Change.SHUT, ()),
        (with_seat(), None, ()),
        (with_seat(mandatory=("juridique",)), Change.UNKNOWN, ("open", "go")),
        (with_seat("secu", mandatory=("juridique",)), None, ()),
        (with_seat(quorum=5), Change.UNKNOWN, ("open", "go")),
        (with_seat(""), None, ()),
        (with_seat("", mandatory=("juridique",)), Change.SHUT, ()),
    ],
)
def test_seats_that_are_gone_speak_no_more_and_new_ones_are_not_taken_for_silent(other, change, possible):
    found = judged(lived(votes=ALL, until=("2026-03-09", "go")), other)
    assert found is None if change is None else (found.change, found.end.possible) == (change, possible)


def test_a_seat_that_existed_and_had_nobody_that_day_stays_out():
    whole = lived(votes=ALL, until=("2026-03-09", "go"))
    later = lived("2026-05-04", votes=(), policy=OLD)
    later[2] = replace(later[2], seats=later[2].seats[1:])
    other = changed(quorum=1, people=1, mandatory=("technologie",))
    found = simulate(
        [RecordedProduct(REPOSITORY, 8, tuple(whole)), RecordedProduct(REPOSITORY, 7, tuple(later))],
        other,
        at("2026-05-05"),
    )
    (shut,) = [one for one in found.gates if one.number == 7]
    assert (shut.change, shut.opening.door, shut.opening.seats, shut.lacks_seat) == (
        Change.SHUT,
        OpeningOutcome.VACANT,
        ("Technologie",),
        True,
    )


@pytest.mark.parametrize(
    ("present", "outcome", "other", "change", "lack"),
    [
        (("securite", "data"), "go", changed(), None, None),
        (("securite", "data"), "go", changed(quorum=3), Change.UNDECIDED, Lack.QUORUM),
        (("securite", "data"), "go", changed(people=3), Change.UNDECIDED, Lack.PEOPLE),
        (("securite", "data"), "go", changed(mandatory=("design",)), Change.UNDECIDED, Lack.MANDATORY),
        (("securite", "data"), "nogo", changed(mandatory=("design",)), None, None),
        (("securite", "data"), "go", with_seat(mandatory=("juridique",)), Change.UNKNOWN, Lack.MANDATORY),
        (("securite", "data"), "go", with_seat(quorum=3), Change.UNKNOWN, Lack.QUORUM),
        (("securite", "technologie", "data"), "go", changed(people=3), None, None),
    ],
)
def test_a_session_decides_with_those_who_were_there(present, outcome, other, change, lack):
    facts = lived(until=("2026-03-10", outcome), present=present, reason="Assez vu")
    found = judged(facts, other)
    if change is None:
        assert found is None
        return
    assert (found.change, found.end.want.lack, found.end.in_session) == (change, lack, True)


def test_how_many_sat_is_known_between_two_bounds_where_one_person_may_speak_for_two_seats():
    facts = lived(until=("2026-03-10", "go"), present=("securite", "data", "design"))
    seats = [replace(seat, logins=("design", "data")) if seat.id != "securite" else seat for seat in facts[2].seats]
    facts[2] = replace(facts[2], seats=tuple(seats))
    found = judged(facts, changed(people=3))
    assert (found.change, found.end.possible, found.end.want.lack) == (Change.UNKNOWN, ("go", "open"), Lack.PEOPLE)
    assert judged(facts, changed(people=4)).change is Change.UNDECIDED


def test_a_new_seat_may_decide_at_the_deadline_and_one_who_held_it_spoke_for_it():
    facts = lived(votes=THREE, until=("2026-03-17", "go"))
    found = judged(facts, with_seat(threshold=Fraction(4, 5)))
    assert (found.change, found.end.possible) == (Change.UNKNOWN, ("go", "nogo"))
    assert judged(facts, with_seat(quorum=6)).change is Change.SHUT
    assert judged(facts, with_seat("secu", quorum=5)).change is Change.UNDECIDED
    assert judged(facts, with_seat("secu", quorum=4)) is None


def test_a_no_go_with_a_veto_of_other_rules_keeps_a_session_from_deciding_a_go():
    facts = lived(votes=(("2026-03-03", "data", "nogo"),), until=("2026-03-10", "go"), present=("securite", "data"))
    found = judged(facts, changed(veto=("data",)))
    assert (found.change, found.end.want) == (Change.UNDECIDED, Want(Lack.VETO, seats=("Data",)))


def test_a_gate_still_open_under_both_rules_is_no_change():
    assert judged(lived(votes=ALL[:1]), changed(quorum=3), now="2026-03-05") is None


def with_consent(seat):
    return parsed(SMALL.replace("mandatory: [securite]", f"mandatory: {{consent: [{seat}], opinion: [securite]}}", 1))


def test_a_seat_whose_consent_is_asked_for_would_have_refused_or_been_waited_for():
    refused = judged(lived(votes=SPLIT, until=("2026-03-06", "go")), with_consent("data"))
    assert (refused.change, refused.becomes, refused.end.veto) == (Change.OTHERWISE, "nogo", ("Data",))
    awaited = judged(lived(votes=THREE, until=("2026-03-17", "go")), with_consent("technologie"))
    assert (awaited.change, awaited.end.want) == (Change.UNDECIDED, Want(Lack.MANDATORY, seats=("Technologie",)))
    assert judged(lived(votes=ALL, until=("2026-03-09", "go")), with_consent("technologie")) is None


def test_ballots_may_decide_before_the_session_did():
    facts = lived(votes=ALL, until=("2026-03-10", "nogo"), present=("securite", "data"), reason="Non")
    facts[3:7] = [replace(one, choice="abstain") if one.seats == ("technologie",) else one for one in facts[3:7]]
    found = judged(facts, changed(veto=()))
    assert (found.change, found.becomes, found.end.at.day) == (Change.OTHERWISE, "go", 6)


def closed_by_hand(facts, kind, day, **values):
    cause = "comment:900:fermeture"
    note = {"at": at(day), "by": "secretariat", "cause": cause, "gate": 1}
    return [*facts, kind(**note, **values)]


def test_the_secretariat_closes_with_what_was_said():
    facts = closed_by_hand(lived(votes=ALL[:1]), GateWithdrawn, "2026-03-05")
    found = judged(facts, changed(quorum=1, people=1, veto=("technologie",)))
    assert (found.change, found.was, found.becomes) == (Change.DECIDED, "withdrawn", "go")
    assert judged(facts, changed(quorum=3)) is None
    figures = {"go": 3, "nogo": 0, "abstain": 0, "recused": 0, "silent": 1, "policy": "p1"}
    facts = closed_by_hand(lived(votes=THREE), GateDecided, "2026-03-07", outcome="go", **figures)
    found = judged(facts, changed(quorum=4))
    assert (found.change, found.becomes, found.end.want) == (Change.UNDECIDED, "withdrawn", Want(Lack.QUORUM, 3, 4))
    found = judged(facts, with_seat(mandatory=("juridique",)))
    assert (found.change, found.end.possible) == (Change.UNKNOWN, ("withdrawn", "go"))


def test_a_request_taken_back_stays_so_unless_it_was_decided_before():
    note = {"at": at("2026-03-12"), "by": "cheffe-produit", "cause": "comment:900:retrait:x", "gate": 1}
    facts = [*lived(votes=THREE), GateWithdrawn(**note)]
    assert judged(facts, changed(quorum=4)) is None
    found = judged(facts, changed(veto=()))
    assert (found.change, found.becomes, found.end.at.day) == (Change.DECIDED, "go", 6)


def test_a_decision_put_off_is_put_off_under_other_rules_too():
    put_off = GatePostponed(at=at("2026-03-10"), by="secretariat", cause="x", gate=1, deadline=at("2026-04-01"))
    facts = [*lived(votes=THREE), put_off, *lived(votes=ALL[3:])[3:]]
    facts[-1] = replace(facts[-1], at=at("2026-03-20"))
    facts.append(
        GateDecided(
            at=at("2026-03-20"),
            by="",
            cause=facts[-1].cause,
            gate=1,
            outcome="go",
            go=4,
            nogo=0,
            abstain=0,
            recused=0,
            silent=0,
            policy="p1",
        )
    )
    assert judged(facts, changed(threshold=Fraction(1, 2))) is None
    assert judged(facts, changed(deadline_days=7)).days == -10
    assert judged(facts, changed(quorum=4)) is None


def test_a_decision_put_off_without_a_day_goes_by_the_term_of_the_other_rules():
    def goes(former, days):
        return end_of(term(last_day(former, "Europe/Paris"), days, OLD.committee), "Europe/Paris")

    (*facts,) = lived(votes=THREE)
    request = next(fact for fact in facts if isinstance(fact, GateRequested))
    until = goes(request.deadline, request.rule.deadline_days)
    facts.append(GatePostponed(at=at("2026-03-10"), by="secretariat", cause="x", gate=1, deadline=until))
    figures = {"go": 3, "nogo": 0, "abstain": 0, "recused": 0, "silent": 1, "policy": "p1"}
    facts.append(GateDecided(at=until, by="", cause="deadline:1", gate=1, outcome="go", **figures))
    assert judged(facts, changed(threshold=Fraction(1, 2))) is None
    sooner = end_of(term(date(2026, 3, 2), 10, OLD.committee), "Europe/Paris")
    assert judged(facts, changed(deadline_days=10)).end.at == goes(sooner, 10)
    assert judged(facts, changed(deadline_days=21)).end.possible == ("go", "nogo"), "a seat could still speak"


def test_a_move_that_other_rules_do_not_have_could_not_be_asked():
    other = replace(OLD, gates=OLD.gates[1:], version="autre")
    found = judged(lived(votes=ALL, until=("2026-03-09", "go")), other)
    assert (found.change, found.opening.door, found.becomes) == (Change.SHUT, OpeningOutcome.NO_MOVE, "")


def test_an_entry_is_judged_by_the_rule_of_its_phase():
    facts = lived(votes=THREE, until=("2026-03-17", "go"), answers=())
    facts[2] = replace(facts[2], entry=True)
    assert judged(facts, required("idee-cadrage")) is None
    assert judged(facts, changed(quorum=4)).change is Change.UNDECIDED
    assert judged(facts, replace(OLD, gates=OLD.gates[1:], version="autre")).opening.door is OpeningOutcome.NO_MOVE


def test_a_gate_that_nobody_could_vote_at_is_shut():
    facts = lived(votes=())
    facts[2] = replace(facts[2], recused=("secu",))
    found = judged(facts, changed(deadline_days=3))
    assert (found.opening.door, found.opening.seats) == (OpeningOutcome.VACANT, ("Sécurité",))
    found = judged(facts, changed(mandatory=(), quorum=4))
    assert (found.opening.door, found.opening.number, found.opening.needed) == (OpeningOutcome.FEW, 3, 4)


def test_what_came_from_elsewhere_is_counted_apart_and_not_judged():
    note = {"at": at("2026-01-05"), "by": "secretariat", "cause": "import:1"}
    past = (PastPhase("Investigation", "idee"), PastPhase("Construction", "mvp"))
    taken = [
        ProductImported(**note, key="1", title="Repris", past=past),
        PhaseEntered(**note, phase="mvp", imported=True),
    ]
    moved = [*lived(), PhaseEntered(at=at("2026-06-01"), by="", cause="x", phase="mvp")]
    lives = [RecordedProduct(REPOSITORY, rank, tuple(facts)) for rank, facts in enumerate((taken, moved))]
    assert simulate(lives, OLD, at("2026-12-01")).elsewhere == Elsewhere(3, 2)
    later = simulate(lives, OLD, at("2026-12-01"), date(2026, 6, 1))
    assert (later.elsewhere, later.total.gates, later.products) == (Elsewhere(), 0, 2)


def test_figures_add_up_move_by_move_in_the_order_of_the_phases():
    lives = [lived(votes=ALL, until=("2026-03-09", "go")), lived(votes=SPLIT, until=("2026-03-06", "go"))]
    lives += [
        lived(votes=THREE, until=("2026-03-17", "go")),
        lived(votes=ALL, until=("2026-03-09", "go"), target="arret"),
    ]
    other = changed(threshold=Fraction(3, 4), quorum=4)
    found = simulate(
        [RecordedProduct(REPOSITORY, rank, tuple(one)) for rank, one in enumerate(lives)], other, at("2026-12-01")
    )
    assert [(move.origin, move.target, move.figures.gates) for move in found.moves] == [
        ("idee", "mvp", 3),
        ("idee", "arret", 1),
    ]
    assert (found.total.gates, found.total.changed, found.total.to_nogo, found.total.to_go) == (4, 2, 1, 0)
    assert [one.change for one in found.gates] == [Change.OTHERWISE, Change.UNDECIDED]
    assert sum(move.figures.changed for move in found.moves) == found.total.changed


def test_it_waits_for_the_last_of_the_items_it_lacks():
    none = tuple((item, "open") for item, _ in DONE)
    facts = lived(votes=ALL, until=("2026-03-09", "go"), answers=none)
    facts += [answered("2026-03-10", "idee-vision"), answered("2026-03-11", "idee-dict")]
    assert judged(facts, replace(OLD, version="autre")).opening.days == 9


def test_a_decision_wrongly_entered_is_judged_as_it_was_taken_in_truth():
    facts = lived(until=("2026-03-10", "go"), present=("securite", "data"))
    note = {"at": at("2026-03-12"), "by": "secretariat", "cause": "comment:901:rectifie:x", "gate": 1, "was": "go"}
    wrong = DecisionRectified(
        **note, outcome="nogo", why="Erreur", present=("securite", "data", "design"), reason="Non"
    )
    assert judged([*facts, wrong], changed(quorum=3)) is None
    found = judged([*facts, wrong], changed(quorum=4))
    assert (found.was, found.change, found.end.want) == ("nogo", Change.UNDECIDED, Want(Lack.QUORUM, 3, 4))
    put_off = DecisionRectified(**note, outcome="later", why="Reporté")
    assert judged([*facts, put_off], changed(quorum=4)) is None
    assert (
        judged(
            [*lived(votes=THREE, until=("2026-03-10", "go"), present=("securite", "data")), put_off], changed(veto=())
        ).was
        == "withdrawn"
    )


def test_what_was_decided_in_the_committee_s_place_is_counted_apart():
    over = DecisionOverridden(
        at=at("2026-03-12"), by="directrice", cause="x", gate=1, was="open", outcome="go", reason="Urgent"
    )
    found = simulate([RecordedProduct(REPOSITORY, 7, (*lived(votes=THREE), over))], changed(quorum=4), at("2026-12-01"))
    assert (found.overridden, found.total.gates, found.gates) == (1, 0, ())


REFUSED = (("2026-03-03", "securite", "nogo"), ("2026-03-04", "design", "nogo"), ("2026-03-05", "data", "nogo"))


def waiting(other):
    return replace(other, committee=replace(other.committee, nogo_after_session=True), version="autre")


def test_a_no_go_that_waits_for_its_session_comes_after_it():
    facts = lived(
        "2026-03-06",
        votes=(("2026-03-07", *REFUSED[0][1:]), ("2026-03-07", *REFUSED[1][1:])),
        until=("2026-03-07", "nogo"),
    )
    facts[-1] = replace(facts[-1], cause=facts[-2].cause)
    found = judged(facts, waiting(OLD))
    assert (found.change, found.becomes, found.days) == (Change.LATER, "nogo", 4)
    asked_so = [
        replace(one, quiet_until=end_of(date(2026, 3, 10), "Europe/Paris")) if isinstance(one, GateRequested) else one
        for one in facts
    ]
    found = judged(
        [*asked_so[:-1], replace(asked_so[-1], at=end_of(date(2026, 3, 10), "Europe/Paris"), cause="deadline:1")],
        waiting(OLD),
    )
    assert found is None
    assert judged(asked_so[:-1], OLD_AGAIN).becomes == "nogo"
    stricter = waiting(changed(threshold=Fraction(1)))
    published = replace(asked_so[-1], at=end_of(date(2026, 3, 10), "Europe/Paris"), cause="deadline:1")
    assert judged([*asked_so[:-1], published], stricter) is None
    found = judged(asked_so[:-1], stricter)
    assert (found.change, found.becomes, found.end.at) == (Change.DECIDED, "nogo", published.at)
    closed = closed_by_hand(lived("2026-03-06"), GateWithdrawn, "2026-03-07")
    assert judged(closed, waiting(OLD)).change is Change.UNKNOWN


OLD_AGAIN = replace(OLD, version="autre")


def test_a_delay_ends_on_a_working_day_of_other_rules():
    facts = lived(votes=THREE, until=("2026-03-17", "go"))
    freeze = Freeze(date(2026, 3, 3), date(2026, 3, 12))
    other = changed(deadline_days=4)
    other = replace(other, committee=replace(other.committee, freezes=(freeze,)))
    assert judged(facts, other) is None  # four days, and ten that do not count
