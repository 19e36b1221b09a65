"""Ballots: who may cast them, what they add, and how gates close."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.decide.decide import decide
from app.domain.decide.manual_changes import ManualChange
from app.domain.decide.pending import pending_requests
from app.domain.decide.request import NoteDeletion, Request, Review, VoidBallot
from app.domain.policy.model import Policy, Rule
from app.domain.product.facts import (
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    CommandRefused,
    ConditionAdded,
    ConditionLifted,
    GateDecided,
    GateWithdrawn,
    PhaseEntered,
)
from app.domain.product.gates import tally
from app.domain.product.issue import Card
from app.domain.product.state import Product
from app.domain.publish.comments import wanted_comments
from app.domain.publish.notices import GateView
from tests.builders import (
    AUTHOR,
    T0,
    TEAM,
    a_small_policy,
    at_gate,
    deleted,
    edited,
    filed,
    played,
    ready,
    says,
    voting,
)

POLICY = a_small_policy()
LATER = T0 + timedelta(days=15)


def opened(**given: object) -> Product:
    return at_gate(POLICY, **given)  # type: ignore[arg-type]


def refusal(product: Product) -> str:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last.reason


def after(product: Product, login: str, text: str, policy: Policy = POLICY) -> Product:
    return played(says(product, login, text), policy)


def choices(product: Product) -> dict[str, str]:
    return {seat: ballot.choice for seat, ballot in product.standing.gates[1].counting.items()}


@pytest.mark.parametrize(
    ("login", "text", "reason"),
    [
        ("passant", "/go", "not_seated"),
        (AUTHOR, "/go", "concerned"),
        (AUTHOR.upper(), "/nogo non", "concerned"),
        ("data", "/nogo", "reason_missing"),
        ("data", "/go sous réserve", "conditions_missing"),
        ("secretariat", "/go", "not_seated"),
    ],
)
def test_a_ballot_that_cannot_count_is_refused(login: str, text: str, reason: str) -> None:
    product = after(opened(), login, text)
    assert refusal(product) == reason
    assert choices(product) == {}


@pytest.mark.parametrize("text", ["/go", "/nogo non", "/abstention", "/déport"])
def test_no_gate_no_vote(text: str) -> None:
    assert refusal(after(filed(POLICY), "data", text)) == "no_open_gate"


def test_who_joins_the_committee_after_the_opening_votes_at_the_next_gate() -> None:
    product = opened(team=TEAM - {"data"})
    product = after(replace(product, issue=replace(product.issue, team=TEAM)), "data", "/go")
    assert refusal(product) == "not_at_opening"


def test_who_asked_for_the_gate_does_not_vote_on_it() -> None:
    policy = replace(POLICY, committee=replace(POLICY.committee, secretariat=("data",)))
    product = played(says(filed(policy), "data", "/demande arrêt"), policy)
    assert refusal(after(product, "data", "/go", policy)) == "concerned"


def test_assigning_the_product_to_a_voter_does_not_silence_them() -> None:
    product = opened()
    product = replace(product, issue=replace(product.issue, assignees=("Data", "passant")))
    assert choices(after(product, "data", "/go")) == {"data": "go"}
    assert refusal(after(product, "passant", "/go")) == "concerned"
    view = next(wanted.notice for wanted in wanted_comments(product, POLICY, T0) if wanted.key == "gate:1")
    assert isinstance(view, GateView)
    assert view.joined == ("Data",)


def test_a_comment_written_before_the_opening_is_no_ballot_once_edited() -> None:
    product = says(filed(POLICY), "data", "Bonjour")
    number = product.issue.comments[-1].id
    product = played(says(product, AUTHOR, "/coche 1 3\n/demande"), POLICY)
    product = played(edited(product, number, "data", "/go"), POLICY)
    assert refusal(product) == "older_comment"
    assert choices(after(product, "data", "/go")) == {"data": "go"}


def test_a_gate_asked_by_a_card_is_dated_by_the_clock() -> None:
    product = says(played(says(filed(POLICY), AUTHOR, "/coche 1 3"), POLICY), "data", "Bonjour")
    product = replace(product, issue=replace(product.issue, card=Card("PVTI_1", "MVP")))
    product = played(product, POLICY, LATER, ManualChange(AUTHOR, "livraison"))
    assert product.standing.open_gate
    assert refusal(played(edited(product, product.issue.comments[-1].id, "data", "/go"), POLICY)) == "older_comment"


def test_the_holder_speaks_over_the_substitute() -> None:
    product = after(opened(), "techno-suppleance", "/nogo non")
    assert choices(product) == {"technologie": "nogo"}
    product = after(product, "Techno", "/abstention")
    assert choices(product) == {"technologie": "abstain"}
    assert refusal(after(product, "techno-suppleance", "/go")) == "holder_spoke"


def test_a_substitute_may_change_their_own_mind() -> None:
    product = voting(opened(), POLICY, {"techno-suppleance": "/nogo non"})
    assert choices(after(product, "techno-suppleance", "/abstention")) == {"technologie": "abstain"}


def test_who_recused_themselves_leaves_the_seat_to_the_substitute() -> None:
    product = after(opened(), "techno", "/déport conflit")
    assert refusal(after(product, "techno", "/go")) == "recused"
    assert choices(after(product, "techno-suppleance", "/abstention")) == {"technologie": "abstain"}


def test_a_ballot_rewritten_by_somebody_else_no_longer_counts() -> None:
    product = after(opened(), "data", "/go")
    number = product.issue.comments[-1].id
    product = played(edited(product, number, "secretariat", "/go, merci"), POLICY)
    assert isinstance(product.history[-1], BallotVoided)
    assert choices(product) == {}
    assert played(product, POLICY).history == product.history
    assert choices(after(product, "data", "/go")) == {"data": "go"}


def test_a_ballot_its_author_puts_back_is_voided_again_when_somebody_rewrites_it_again() -> None:
    product = after(opened(), "data", "/go")
    number = product.issue.comments[-1].id
    for hours in (1, 3, 5):
        moment = T0 + timedelta(hours=hours)
        product = played(edited(product, number, "secretariat", "/nogo inventé", moment), POLICY, moment)
        assert choices(product) == {}
        product = played(edited(product, number, "data", "/go", moment + timedelta(hours=1)), POLICY, moment)
        assert choices(product) == {"data": "go"}


def test_a_rewritten_comment_gives_no_new_command() -> None:
    product = after(opened(), "data", "/go")
    number = product.issue.comments[-1].id
    product = played(edited(product, number, "secretariat", "/nogo inventé"), POLICY)
    assert [type(fact) for fact in product.history[-2:]] == [BallotVoided, CommandRefused]
    assert refusal(product) == "tampered"


def test_a_ballot_edited_by_its_author_is_a_new_ballot() -> None:
    product = after(opened(), "data", "/go")
    product = played(edited(product, product.issue.comments[-1].id, "data", "/nogo erreur"), POLICY)
    assert choices(product) == {"data": "nogo"}


def test_a_vote_edited_away_and_back_is_the_last_word() -> None:
    product = after(opened(), "data", "/go")
    number = product.issue.comments[-1].id
    product = played(edited(product, number, "data", "/nogo erreur", T0 + timedelta(hours=1)), POLICY)
    product = played(edited(product, number, "data", "/go", T0 + timedelta(hours=2)), POLICY)
    assert choices(product) == {"data": "go"}
    assert played(product, POLICY).history == product.history


def test_a_substitute_who_recuses_leaves_the_holder_their_seat() -> None:
    votes = {"techno-suppleance": "/déport", "secu": "/go", "data": "/go", "design": "/go"}
    product = voting(opened(), POLICY, votes)
    assert product.standing.open_gate is not None  # technologie has a veto, and may still use it
    product = after(product, "techno", "/nogo trop tôt")
    decision = product.standing.gates[1].decision
    assert decision is not None
    assert decision.outcome == "nogo"


def test_a_seat_is_recused_once_all_its_people_are() -> None:
    product = voting(opened(), POLICY, {"techno": "/déport"})
    assert choices(product) == {}
    assert choices(after(product, "techno-suppleance", "/déport")) == {"technologie": "recuse"}


def test_recusing_takes_back_nobody_elses_word() -> None:
    product = voting(opened(), POLICY, {"techno-suppleance": "/go", "techno": "/déport"})
    assert choices(product) == {"technologie": "go"}


def test_a_ballot_that_may_only_be_late_is_not_called_deleted() -> None:
    product = at_gate(POLICY)
    product = played(says(product, "data", "/go"), POLICY)
    gone = deleted(product, product.issue.comments[-1].id)
    unsure = frozenset(ballot.fact.comment for ballot in product.standing.gates[1].ballots)
    late = replace(gone, issue=replace(gone.issue, unsure=unsure))
    assert not played(late, POLICY).standing.gates[1].ballots[0].deleted


def test_a_deleted_ballot_still_counts_and_the_deletion_is_noted() -> None:
    product = after(opened(), "data", "/go")
    product = played(deleted(product, product.issue.comments[-1].id), POLICY)
    assert isinstance(product.history[-1], BallotOrphaned)
    assert choices(product) == {"data": "go"}
    assert product.standing.gates[1].ballots[0].deleted
    assert played(product, POLICY).history == product.history


def test_a_comment_that_holds_no_ballot_of_the_open_gate_changes_nothing() -> None:
    for command in (VoidBallot(1), NoteDeletion(1)):
        for product in (opened(), filed(POLICY)):
            assert decide(Request(command, "x", "c"), product, POLICY, T0) == ()


def test_one_person_with_two_seats_gives_two_voices_and_one_list_of_conditions() -> None:
    seats = (*POLICY.committee.seats[:3], replace(POLICY.committee.seats[3], holder="design"))
    policy = replace(POLICY, committee=replace(POLICY.committee, seats=seats))
    product = after(at_gate(policy), "design", "/go sous réserve\n- un", policy)
    product = voting(product, policy, {"secu": "/go", "techno": "/go"})
    assert [fact.seat for fact in product.history if isinstance(fact, ConditionAdded)] == ["design"]


def test_a_go_brings_its_conditions_then_the_phase() -> None:
    text = "/go sous réserve\n- Sécurité : chiffrer, @cheffe-produit, avant le 31/12/2026\n- tester"
    product = voting(opened(), POLICY, {"data": text, "design": "/abstention", "secu": "/go", "techno": "/go"})
    cast, decided, one, two, entered = product.history[-5:]
    assert isinstance(cast, BallotCast)
    assert cast.digest
    assert isinstance(decided, GateDecided)
    assert (decided.outcome, decided.go, decided.abstain, decided.silent) == ("go", 3, 1, 0)
    assert isinstance(one, ConditionAdded)
    assert (one.number, one.seat, one.author) == (1, "data", "data")
    assert (one.condition.aspect, one.condition.owner, one.condition.due) == (
        "securite",
        "cheffe-produit",
        "2026-12-31",
    )
    assert isinstance(two, ConditionAdded)
    assert two.number == 2
    assert entered == PhaseEntered(at=T0, by="techno", cause=cast.cause, phase="mvp", gate=1)


def test_a_veto_refuses_alone() -> None:
    product = voting(opened(), POLICY, {"secu": "/go", "data": "/go", "design": "/go", "techno": "/nogo non"})
    assert isinstance(product.history[-1], GateDecided)
    assert product.history[-1].outcome == "nogo"
    assert product.standing.phase == "idee"


def test_the_deadline_closes_a_gate_that_has_its_quorum() -> None:
    product = voting(opened(), POLICY, {"secu": "/go", "data": "/go"})
    assert played(product, POLICY).standing.open_gate
    assert played(product, POLICY, LATER).standing.phase == "mvp"


def test_silence_is_never_a_go() -> None:
    product = voting(opened(), POLICY, {"secu": "/go"})
    assert played(product, POLICY, LATER).history == product.history


def test_a_review_without_open_gate_does_nothing() -> None:
    assert decide(Request(Review(), "", "deadline:1"), filed(POLICY), POLICY, T0) == ()


@pytest.mark.parametrize(("login", "reason"), [("data", "not_secretariat"), (AUTHOR, "not_secretariat")])
def test_only_the_secretariat_closes(login: str, reason: str) -> None:
    assert refusal(after(opened(), login, "/clore")) == reason


def test_the_secretariat_closes_with_or_without_a_decision() -> None:
    assert refusal(after(filed(POLICY), "secretariat", "/clore")) == "no_open_gate"
    without = after(opened(), "secretariat", "/clore séance annulée")
    last = without.history[-1]
    assert isinstance(last, GateWithdrawn)
    assert last.reason == "séance annulée"
    ballots_cast = voting(opened(), POLICY, {"secu": "/go", "data": "/go"})
    assert after(ballots_cast, "secretariat", "/clore").standing.phase == "mvp"


def conditioned() -> Product:
    votes = {"data": "/go sous réserve\n- tester", "secu": "/go", "techno": "/go"}
    product = voting(opened(), POLICY, votes)
    assert product.standing.phase == "mvp"
    return product


@pytest.mark.parametrize(
    ("login", "text", "reason"),
    [
        ("data", "/levée", "condition_unknown"),
        ("data", "/levée 2", "condition_unknown"),
        ("data", "/levée idee-vision", "condition_unknown"),
        ("data", "/levée " + "9" * 5000, "condition_unknown"),
        (AUTHOR, "/levée 1", "concerned"),
        ("secu", "/levée 1", "not_lifter"),
        ("passant", "/levée 1", "not_lifter"),
    ],
)
def test_a_condition_is_not_lifted_by_anybody(login: str, text: str, reason: str) -> None:
    assert refusal(after(conditioned(), login, text)) == reason


@pytest.mark.parametrize("login", ["data", "Secretariat"])
def test_a_condition_is_lifted_by_its_seat_or_the_secretariat(login: str) -> None:
    product = after(conditioned(), login, "/levée 1 rapport joint")
    last = product.history[-1]
    assert isinstance(last, ConditionLifted)
    assert last.evidence == "rapport joint"
    assert product.standing.open_conditions == ()
    assert refusal(after(product, "data", "/levée 1")) == "condition_lifted"


def test_who_left_the_team_lifts_nothing() -> None:
    product = conditioned()
    for team in (None, TEAM - {"data"}):
        gone = replace(product, issue=replace(product.issue, team=team))
        assert refusal(after(gone, "data", "/levée 1")) == "not_lifter"


def test_bots_have_no_voice() -> None:
    product = says(opened(), "data", "/go", by_bot=True)
    assert [type(asked.command) for asked in pending_requests(product, POLICY)] == [Review]


LATE = datetime(2026, 1, 19, 23, 0, 1, tzinfo=UTC)


def said_at(product: Product, login: str, text: str, moment: datetime) -> Product:
    """The product with one more comment, written at that moment, and not read yet."""
    product = says(product, login, text)
    comments = product.issue.comments
    return replace(product, issue=replace(product.issue, comments=(*comments[:-1], replace(comments[-1], at=moment))))


def test_a_late_ballot_is_answered_and_does_not_count() -> None:
    product = played(said_at(opened(), "data", "/go", LATE), POLICY, LATE)
    assert refusal(product) == "too_late"
    assert dict(product.history[-1].details) == {"deadline": "2026-01-19"}  # type: ignore[attr-defined]
    assert choices(product) == {}


def test_a_ballot_of_the_last_second_counts() -> None:
    product = opened()
    gate = product.standing.open_gate
    assert gate is not None
    assert choices(played(said_at(product, "data", "/go", gate.deadline), POLICY, LATER)) == {"data": "go"}


def test_a_ballot_rewritten_after_the_deadline_is_a_late_one() -> None:
    product = says(opened(), "data", "Je réfléchis.")
    product = edited(product, product.issue.comments[-1].id, "data", "/go", LATE)
    assert refusal(played(product, POLICY, LATER)) == "too_late"


@pytest.mark.parametrize("is_up", [True, False])
@pytest.mark.parametrize(
    ("votes", "last", "outcome"),
    [
        # Attack F11: three go, two no-go, then as many late go as one wants.
        ({"secu": "/go", "data": "/nogo non"}, [("techno", "/go"), ("design", "/go")], "nogo"),
        ({"secu": "/go", "data": "/go"}, [("techno", "/nogo trop tard")], "go"),
        ({"secu": "/go", "data": "/go"}, [(AUTHOR, "/retrait")], "go"),
        ({"secu": "/go", "data": "/go"}, [("secretariat", "/clore")], "go"),
        ({"secu": "/nogo non", "data": "/go"}, [("secretariat", "/décision go\nprésents : secu, data")], "nogo"),
    ],
)
def test_what_the_deadline_decides_does_not_hang_on_when_jalon_looks(
    votes: dict[str, str], last: list[tuple[str, str]], outcome: str, *, is_up: bool
) -> None:
    product = opened()
    for login, text in votes.items():
        product = says(product, login, text)
    if is_up:
        product = played(played(product, POLICY), POLICY, LATER)
    for login, text in last:
        product = said_at(product, login, text, LATE)
    decided = played(product, POLICY, LATER).standing.gates[1].decision
    assert decided is not None
    assert decided.outcome == outcome


@pytest.mark.parametrize("is_up", [True, False])
def test_a_ballot_spoilt_after_the_deadline_counted_at_the_deadline(*, is_up: bool) -> None:
    product = voting(opened(), POLICY, {"secu": "/go"})
    spoilt = product.issue.comments[-1].id
    product = says(product, "data", "/go")
    if is_up:
        product = played(product, POLICY, LATER)
    product = played(edited(product, spoilt, "passant", "/nogo", LATE), POLICY, LATER)
    assert product.standing.phase == "mvp"


def test_a_ballot_spoilt_while_the_gate_waits_for_a_quorum_is_voided() -> None:
    product = played(voting(opened(), POLICY, {"data": "/go"}), POLICY, LATER)
    product = played(edited(product, product.issue.comments[-1].id, "passant", "/nogo", LATE), POLICY, LATER)
    assert choices(product) == {}


def test_an_edit_is_the_last_word_even_when_both_are_read_at_once() -> None:
    product = says(opened(), "data", "/go")
    first = product.issue.comments[-1].id
    product = says(product, "data", "/abstention")
    product = edited(product, first, "data", "/nogo à revoir", T0 + timedelta(days=1))
    assert choices(played(product, POLICY)) == {"data": "nogo"}


def test_a_recusal_holds_once_its_comment_was_rewritten_by_somebody_else() -> None:
    product = voting(opened(), POLICY, {"data": "/go", "secu": "/abstention"})
    product = after(product, "data", "/déport")
    product = played(edited(product, product.issue.comments[-1].id, "passant", "/go"), POLICY)
    assert choices(product) == {"data": "recuse", "securite": "abstain"}


@pytest.mark.parametrize("votes", [[("techno", "/nogo non"), ("techno", "/déport")], [("techno", "/déport")]])
def test_a_recusal_takes_all_its_author_said_and_nothing_of_others(votes: list[tuple[str, str]]) -> None:
    """The same last words, the same result, whatever the way that led there."""
    product = after(opened(), "techno-suppleance", "/go")
    for login, text in votes:
        product = after(product, login, text)
    assert choices(product) == {"technologie": "go"}


def test_a_former_decision_is_shown_as_it_was_counted() -> None:
    product = voting(opened(), POLICY, {"techno-suppleance": "/go", "techno": "/nogo non"})
    product = after(product, "techno", "/déport")
    product = after(product, "design", "/déport")
    product = after(product, "secu", "/go")
    assert choices(product) == {"technologie": "go", "securite": "go", "design": "recuse"}
    former = tuple(replace(fact, counting=0) if isinstance(fact, GateDecided) else fact for fact in product.history)
    assert choices(replace(product, history=former)) == {"securite": "go", "design": "recuse"}


def test_a_mandatory_seat_that_nobody_speaks_for_any_more_is_said() -> None:
    product = after(opened(), "secu", "/déport")
    view = next(wanted.notice for wanted in wanted_comments(product, POLICY, T0) if wanted.key == "gate:1")
    assert isinstance(view, GateView)
    assert view.stuck == ("Sécurité",)


def conflicted(past: str) -> Product:
    """A gate of a product that `past` had been assigned, until just before it was asked for."""
    product = ready(POLICY)
    product = played(replace(product, issue=replace(product.issue, assignees=(past,))), POLICY)
    product = played(replace(product, issue=replace(product.issue, assignees=())), POLICY)
    return played(says(product, AUTHOR, "/demande"), POLICY)


def test_who_leaves_the_product_just_before_the_gate_does_not_vote_on_it() -> None:
    product = conflicted("data")
    assert refusal(after(product, "data", "/go")) == "concerned"
    request = product.standing.gates[1].request
    assert request.concerned == ("data",)


def test_what_was_before_the_last_decision_is_forgiven() -> None:
    product = voting(conflicted("data"), POLICY, {"secu": "/go", "techno": "/go", "design": "/go"})
    assert product.standing.phase == "mvp"
    product = played(says(product, AUTHOR, "/demande arrêt"), POLICY)
    assert choices_of(after(product, "data", "/go"), 2) == {"data": "go"}


def choices_of(product: Product, gate: int) -> dict[str, str]:
    return {seat: ballot.choice for seat, ballot in product.standing.gates[gate].counting.items()}


def test_who_asked_for_a_gate_taken_back_does_not_vote_on_the_next_one() -> None:
    policy = replace(POLICY, committee=replace(POLICY.committee, secretariat=("data",)))
    product = played(says(filed(policy), "data", "/demande arrêt"), policy)
    product = played(says(product, AUTHOR, "/retrait\n/demande arrêt"), policy)
    assert refusal(after(product, "data", "/go", policy)) == "concerned"


@pytest.mark.parametrize("text", ["/clore", "/décision go\nprésents : secu, data"])
def test_the_secretariat_closes_no_gate_of_its_own_product(text: str) -> None:
    assert refusal(after(opened(assignees=("secretariat",)), "secretariat", text)) == "concerned"
    assert refusal(after(conflicted("secretariat"), "secretariat", text)) == "concerned"


def test_who_has_just_left_the_product_lifts_no_condition() -> None:
    product = conditioned()
    product = played(replace(product, issue=replace(product.issue, assignees=("data",))), POLICY)
    product = played(replace(product, issue=replace(product.issue, assignees=())), POLICY)
    assert refusal(after(product, "data", "/levée 1")) == "concerned"


def substituted(rule: Rule | None = None) -> Policy:
    """One person stands in for every seat."""
    seats = tuple(replace(seat, substitutes=("techno-suppleance",)) for seat in POLICY.committee.seats)
    gates = POLICY.gates if rule is None else tuple(replace(gate, rule=rule) for gate in POLICY.gates)
    return replace(POLICY, committee=replace(POLICY.committee, seats=seats), gates=gates)


def test_one_person_decides_nothing_alone() -> None:
    """Attack F12: the same substitute on every seat, and one `/go`."""
    policy = substituted()
    product = after(at_gate(policy), "techno-suppleance", "/go", policy)
    assert choices(product) == dict.fromkeys(("technologie", "securite", "design", "data"), "go")
    assert played(product, policy, LATER).standing.open_gate, "nor at the deadline"
    assert isinstance(after(product, "secretariat", "/clore", policy).history[-1], GateWithdrawn)
    assert after(product, "data", "/go", policy).standing.phase == "mvp"


def test_a_gate_opened_before_persons_were_counted_keeps_its_rule() -> None:
    policy = substituted(replace(POLICY.gates[0].rule, people=0))
    assert after(at_gate(policy), "techno-suppleance", "/go", policy).standing.phase == "mvp"


def test_who_recused_is_not_among_the_persons() -> None:
    policy = substituted(replace(POLICY.gates[0].rule, people=2, mandatory=(), veto=()))
    product = after(at_gate(policy), "data", "/déport", policy)
    product = after(product, "techno-suppleance", "/go", policy)
    assert product.standing.open_gate
    count = tally(product.standing.open_gate)
    assert (count.spoken, count.people, count.has_quorum) == (4, 1, False)


def test_a_former_recusal_took_back_nobody_else_s_word_either() -> None:
    product = voting(opened(), POLICY, {"techno-suppleance": "/go", "techno": "/déport", "data": "/go", "secu": "/go"})
    assert product.standing.phase == "mvp"
    former = tuple(replace(fact, counting=0) if isinstance(fact, GateDecided) else fact for fact in product.history)
    assert choices(replace(product, history=former)) == {"technologie": "go", "data": "go", "securite": "go"}
