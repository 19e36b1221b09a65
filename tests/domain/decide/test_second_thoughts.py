"""Second thoughts: who may have them, when, what follows, and that nothing said before is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.decide.origins import contradicted
from app.domain.policy.model import Policy
from app.domain.product import history_in_comments
from app.domain.product.facts import CommandRefused, ConditionAdded, GateDecided, GateRequested, PhaseEntered
from app.domain.product.lawful import breach
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
)
from app.domain.product.state import Product
from app.domain.product.surroundings import Alone
from app.domain.publish.comments import wanted_comments
from app.domain.publish.notices import Decision
from app.domain.publish.reconcile import reconcile
from app.domain.publish.second_thought_notices import Contested, Overridden, Rectified, Relifted
from app.domain.session.model import Session
from tests.builders import AUTHOR, SMALL, T0, a_small_policy, at_gate, edited, filed, parsed, played, says, turn, voting

POLICY = a_small_policy()
RULED = parsed(SMALL + "second_thoughts: {direction: [directrice, techno]}")
QUIET = parsed(SMALL.replace("  seats:\n", "  nogo_after_session: true\n  seats:\n", 1))
ALL = "présents : techno, secu, design, data"
WRONG = "rectification : erreur de saisie"


class Known(Alone):
    def __init__(self, *sessions: Session) -> None:
        self.sessions = sessions


def after(product: Product, text: str, login: str = "secretariat", policy: Policy = POLICY, days: float = 0) -> Product:
    """One more comment and its turn; whatever was decided holds together, on GitHub as in the register."""
    product = turn(says(product, login, text), policy, T0 + timedelta(days=days))
    assert breach(product.history, policy) == 0
    assert history_in_comments.restored_history(product.issue.comments).history == product.history
    assert reconcile(product, policy, T0 + timedelta(days=days)) == ()
    return product


def refusal(product: Product) -> str:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last.reason


def told(product: Product, key: str, policy: Policy = POLICY) -> object:
    return next(wanted.notice for wanted in wanted_comments(product, policy, T0) if wanted.key == key)


def go(text: str = "/décision go") -> Product:
    return after(at_gate(POLICY), f"{text}\n{ALL}")


def nogo() -> Product:
    return after(at_gate(POLICY), f"/décision nogo trop tôt\n{ALL}")


def refused_by_votes() -> Product:
    return voting(at_gate(POLICY), POLICY, {"techno": "/nogo non", "secu": "/nogo pas prêt"})


def test_a_go_entered_for_a_nogo_brings_the_product_back_and_stays_readable() -> None:
    before = go("/décision go sous réserve\n- chiffrer")
    published = told(before, "decision:1")
    product = after(before, f"/rectifier nogo le besoin existe ailleurs\n{ALL}\n{WRONG}")
    assert product.standing.phase == "idee"
    assert product.standing.open_conditions == ()
    assert product.standing.last_decided
    assert product.standing.last_decided.outcome == "nogo"
    assert told(product, "decision:1") == published
    notice = told(product, "rectified:1")
    assert isinstance(notice, Rectified)
    assert (notice.was, notice.outcome, notice.phase, notice.dropped) == ("go", "nogo", "Idée", (1,))
    assert [point.text for point in notice.objections] == ["le besoin existe ailleurs"]
    assert notice.why == "erreur de saisie"
    assert refusal(after(product, "/demande", AUTHOR)) == "blocked"
    assert refusal(after(product, "/levée 1 : fait")) == "condition_unknown"


def test_a_nogo_entered_for_a_go_enters_the_phase_with_the_conditions_of_the_session() -> None:
    product = after(nogo(), f"/rectifier go sous réserve\n- chiffrer\n{ALL}\n{WRONG}")
    assert product.standing.phase == "mvp"
    assert [one.fact.condition.text for one in product.standing.open_conditions] == ["chiffrer"]
    assert after(product, "/levée 1 : fait").standing.open_conditions == ()


def test_a_condition_forgotten_is_added_and_those_that_stand_keep_their_numbers() -> None:
    product = after(
        go("/décision go sous réserve\n- un\n- deux"), f"/rectifier go\nréserves :\n- deux\n- trois\n{ALL}\n{WRONG}"
    )
    assert [(one.fact.number, one.fact.condition.text) for one in product.standing.open_conditions] == [
        (2, "deux"),
        (3, "trois"),
    ]
    assert product.standing.phase == "mvp"
    assert [stay.phase for stay in product.standing.stays] == ["idee", "mvp"]
    notice = told(product, "rectified:1")
    assert isinstance(notice, Rectified)
    assert [one.number for one in notice.conditions] == [2, 3]
    twice = after(product, f"/rectifier go\n{ALL}\n{WRONG} encore")
    assert twice.standing.open_conditions == ()
    assert told(twice, "rectified:1") == notice


@pytest.mark.parametrize("before", ["go", "nogo trop tôt"])
def test_a_report_entered_as_a_decision_gives_the_move_back_to_the_committee(before: str) -> None:
    decided = after(at_gate(POLICY), f"/décision {before}\n{ALL}")
    product = after(decided, f"/rectifier report au 20/01/2026\n{WRONG}")
    gate = product.standing.open_gate
    assert gate
    assert (gate.request.gate, gate.request.origin, gate.request.target) == (2, "idee", "mvp")
    assert gate.last_day == date(2026, 1, 20)
    assert product.standing.phase == "idee"
    assert product.standing.last_decided is None
    notice = told(product, "rectified:1")
    assert isinstance(notice, Rectified)
    assert (notice.again, notice.last_day) == (2, date(2026, 1, 20))
    assert after(product, f"/décision go\n{ALL}").standing.phase == "mvp"


@pytest.mark.parametrize(
    ("product", "login", "text", "reason"),
    [
        (go, "data", f"/rectifier nogo x\n{ALL}", "not_secretariat"),
        (go, "secretariat", f"/rectifier\n{ALL}", "outcome_missing"),
        (go, "secretariat", f"/rectifier go\n{ALL}", "rectify_reason"),
        (go, "secretariat", f"/rectifier nogo\n{ALL}\n{WRONG}", "reason_missing"),
        (go, "secretariat", f"/rectifier go\n{WRONG}", "attendance_missing"),
        (go, "secretariat", f"/rectifier nogo x\nprésents : techno\n{WRONG}", "attendance_short"),
        (nogo, "secretariat", f"/rectifier go\nprésents : techno, data\n{WRONG}", "mandatory_absent"),
        (go, "secretariat", f"/rectifier report au 1/1/2020\n{WRONG}", "unread_day"),
        (refused_by_votes, "secretariat", f"/rectifier go\n{ALL}\n{WRONG}", "rectify_ballots"),
        (lambda: filed(POLICY), "secretariat", f"/rectifier go\n{ALL}\n{WRONG}", "nothing_to_rectify"),
        (lambda: at_gate(POLICY), "secretariat", f"/rectifier go\n{ALL}\n{WRONG}", "nothing_to_rectify"),
        (
            lambda: after(go(), "/demande arrêt", AUTHOR),
            "secretariat",
            f"/rectifier nogo x\n{ALL}\n{WRONG}",
            "rectify_built",
        ),
    ],
)
def test_what_is_not_put_right(product, login: str, text: str, reason: str) -> None:
    assert refusal(after(product(), text, login)) == reason


def test_a_veto_stands_against_a_rectification_too() -> None:
    product = after(voting(at_gate(POLICY), POLICY, {"techno": "/nogo non"}), f"/décision nogo oui\n{ALL}")
    assert refusal(after(product, f"/rectifier go\n{ALL}\n{WRONG}")) == "vetoed"


def test_nobody_puts_right_a_decision_on_their_own_product() -> None:
    product = go()
    product = product.seen_as(issue=replace(product.issue, assignees=("secretariat",)))
    assert refusal(played(says(product, "secretariat", f"/rectifier nogo x\n{ALL}\n{WRONG}"), POLICY)) == "concerned"


def test_after_some_days_a_slip_stays() -> None:
    text = f"/rectifier nogo x\n{ALL}\n{WRONG}"
    assert after(go(), text, days=15).standing.phase == "idee"
    assert refusal(after(go(), text, days=16)) == "rectify_late"
    never = parsed(SMALL + "second_thoughts: {rectify_days: 0}")
    assert refusal(played(says(go(), "secretariat", text), never)) == "rectify_late"


def test_a_gate_closed_by_hand_is_put_right_by_the_rule_of_a_session() -> None:
    closed = after(voting(at_gate(POLICY), POLICY, {"data": "/nogo non", "secu": "/go"}), "/clore")
    assert closed.standing.last_decided
    assert closed.standing.last_decided.outcome == "nogo"
    product = after(closed, f"/rectifier go\n{ALL}\n{WRONG}")
    notice = told(product, "rectified:1")
    assert isinstance(notice, Rectified)
    assert (product.standing.phase, notice.against) == ("mvp", ("Data",))


def test_an_edited_comment_puts_nothing_right_anew() -> None:
    product = after(go(), f"/rectifier nogo x\n{ALL}\n{WRONG}")
    number = product.issue.comments[-1 - 1].id
    mine = next(one for one in product.issue.comments if one.author == "secretariat" and "/rectifier" in one.body)
    assert number
    again = played(edited(product, mine.id, "secretariat", f"/rectifier nogo autre mot\n{ALL}\n{WRONG}"), POLICY)
    assert len(again.history) == len(product.history)


def lifted() -> Product:
    return after(go("/décision go sous réserve\n- chiffrer"), "/levée 1 : fait")


def test_a_lift_says_on_what_evidence() -> None:
    product = go("/décision go sous réserve\n- chiffrer\n- tester")
    assert refusal(after(product, "/levée 1")) == "evidence_missing"
    assert refusal(after(product, "/levée 1 et 2")) == "evidence_missing"
    assert after(product, "/levée 1 et 2 : recette").standing.open_conditions == ()


def test_a_condition_lifted_by_mistake_stands_again() -> None:
    product = after(lifted(), "/rectifier levée 1 : mauvaise pièce")
    assert [one.fact.number for one in product.standing.open_conditions] == [1]
    notice = told(product, "relifted:1")
    assert isinstance(notice, Relifted)
    assert (notice.lifted_by, notice.reason) == ("secretariat", "mauvaise pièce")
    assert after(product, "/levée 1 : la bonne").standing.open_conditions == ()


@pytest.mark.parametrize(
    ("product", "login", "text", "reason"),
    [
        (lifted, "data", "/rectifier levée 1 : x", "not_secretariat"),
        (lifted, "secretariat", "/rectifier levée 1", "rectify_reason"),
        (lifted, "secretariat", "/rectifier levée 7 : x", "lift_unknown"),
        (
            lambda: go("/décision go sous réserve\n- chiffrer"),
            "secretariat",
            "/rectifier levée 1 : x",
            "lift_standing",
        ),
        (
            lambda: after(lifted(), "/demande arrêt", AUTHOR),
            "secretariat",
            "/rectifier levée 1 : x",
            "rectify_built",
        ),
    ],
)
def test_what_lift_is_not_put_right(product, login: str, text: str, reason: str) -> None:
    assert refusal(after(product(), text, login)) == reason


def test_a_lift_is_put_right_within_some_days() -> None:
    assert refusal(after(lifted(), "/rectifier levée 1 : x", days=16)) == "rectify_late"


def test_a_contest_gives_the_refusal_back_to_the_committee_and_no_ballot_with_it() -> None:
    product = after(refused_by_votes(), "/contester l’audit n’a pas été lu", AUTHOR, days=10)
    gate = product.standing.open_gate
    assert gate
    assert [point.text for point in gate.request.revisit] == ["non", "pas prêt"]
    assert (gate.request.contest, gate.request.changes, dict(gate.counting)) == ("l’audit n’a pas été lu", (), {})
    notice = told(product, "contested:1")
    assert isinstance(notice, Contested)
    assert (notice.session, notice.again) == (date(2026, 1, 20), 2)
    again = voting(product, POLICY, {"techno": "/nogo non", "secu": "/nogo non"}, T0 + timedelta(days=11))
    assert refusal(after(again, "/contester encore", AUTHOR, days=12)) == "contest_spent"


def test_a_contest_goes_to_the_session_that_will_be_held() -> None:
    tuesday = date(2026, 1, 20)
    off = Session("ministere/produits", "I_40", 40, tuesday, tuesday, cancelled=True)
    contested = after(
        refused_by_votes().seen_as(around=Known(off)), "/contester l’audit n’a pas été lu", AUTHOR, days=10
    )
    (fact,) = [one for one in contested.history if isinstance(one, DecisionContested)]
    assert fact.held == "2026-01-27"


@pytest.mark.parametrize(
    ("product", "login", "text", "days", "reason"),
    [
        (refused_by_votes, "visiteur", "/contester x", 0, "not_team"),
        (refused_by_votes, AUTHOR, "/contester", 0, "contest_reason"),
        (refused_by_votes, AUTHOR, "/contester x", 15, "contest_late"),
        (go, AUTHOR, "/contester x", 0, "contest_nothing"),
        (lambda: at_gate(POLICY), AUTHOR, "/contester x", 0, "gate_open"),
        (lambda: filed(POLICY), AUTHOR, "/contester x", 0, "contest_nothing"),
        (lambda: go("/décision go sous réserve\n- a"), AUTHOR, "/contester réserve 1", 0, "contest_reason"),
        (lambda: go("/décision go sous réserve\n- a"), AUTHOR, "/contester réserve 2 : x", 0, "condition_unknown"),
        (lambda: go("/décision go sous réserve\n- a"), AUTHOR, "/contester réserve 1 : x", 15, "contest_late"),
        (lambda: after(refused_by_votes(), "/pause : x", AUTHOR), AUTHOR, "/contester x", 0, "paused"),
    ],
)
def test_what_is_not_contested(product, login: str, text: str, days: int, reason: str) -> None:
    assert refusal(after(product(), text, login, days=days)) == reason


def test_a_committee_unknown_opens_nothing_even_contested() -> None:
    product = refused_by_votes()
    product = product.seen_as(issue=replace(product.issue, team=None))
    assert refusal(played(says(product, AUTHOR, "/contester x"), POLICY)) == "blocked"
    assert refusal(played(says(nogo_unknown(), "secretariat", f"/rectifier report\n{WRONG}"), POLICY)) == "blocked"


def nogo_unknown() -> Product:
    product = nogo()
    return product.seen_as(issue=replace(product.issue, team=None))


def test_rules_that_have_lost_the_gate_open_none() -> None:
    other = parsed(SMALL.replace("{to: mvp, from: [idee], ", "{to: mvp, from: [arret], "))
    assert refusal(played(says(refused_by_votes(), AUTHOR, "/contester x"), other)) == "illegal_move"


def test_a_condition_contested_goes_back_to_the_committee_and_still_blocks() -> None:
    product = after(go("/décision go sous réserve\n- chiffrer"), "/contester réserve 1 : déjà chiffré", AUTHOR)
    assert len(product.standing.open_conditions) == 1
    notice = told(product, "contested:1")
    assert isinstance(notice, Contested)
    assert (notice.condition, notice.text, notice.again) == (1, "chiffrer", 0)
    assert refusal(after(product, "/contester réserve 1 : encore", AUTHOR)) == "contest_spent"


@pytest.mark.parametrize(
    ("start", "text", "phase", "was"),
    [
        (lambda: at_gate(RULED), "/passer-outre go : urgence", "mvp", "open"),
        (lambda: at_gate(RULED), "/passer-outre nogo : budget supprimé", "idee", "open"),
        (refused_by_votes, "/passer-outre go : engagement", "mvp", "nogo"),
    ],
)
def test_the_direction_named_in_the_rules_overrides_in_the_open(start, text: str, phase: str, was: str) -> None:
    before = start()
    product = after(before, text, "directrice", RULED)
    (fact,) = [one for one in product.history if isinstance(one, DecisionOverridden)]
    assert (product.standing.phase, fact.was, product.standing.open_gate) == (phase, was, None)
    assert sum(isinstance(one, GateDecided) for one in product.history) == (was == "nogo")
    notice = told(product, "overridden:1", RULED)
    assert isinstance(notice, Overridden)
    assert (notice.by, notice.outcome) == ("directrice", fact.outcome)
    if phase == "idee":
        assert refusal(after(product, "/demande", AUTHOR, RULED)) == "blocked"
        assert [blocker.owner for blocker in product_blockers(after(product, "/demande", AUTHOR, RULED))] == [
            "directrice"
        ]
    else:
        wrong = after(product, f"/rectifier nogo x\n{ALL}\n{WRONG}", policy=RULED)
        assert refusal(wrong) in {"nothing_to_rectify", "rectify_ballots"}


def product_blockers(product: Product):
    last = product.history[-1]
    assert isinstance(last, CommandRefused)
    return last.blockers


def test_what_the_direction_decided_is_not_put_right_in_the_committee_s_name() -> None:
    product = after(nogo(), "/passer-outre go : engagement", "directrice", RULED)
    assert refusal(after(product, f"/rectifier nogo x\n{ALL}\n{WRONG}", policy=RULED)) == "rectify_overridden"


@pytest.mark.parametrize(
    ("start", "login", "text", "policy", "reason"),
    [
        (lambda: at_gate(POLICY), "directrice", "/passer-outre go : x", POLICY, "override_off"),
        (lambda: at_gate(RULED), "secretariat", "/passer-outre go : x", RULED, "not_direction"),
        (lambda: at_gate(RULED), "techno", "/passer-outre go : x", RULED, "override_seated"),
        (lambda: at_gate(RULED), "directrice", "/passer-outre go", RULED, "override_reason"),
        (lambda: at_gate(RULED), "directrice", "/passer-outre", RULED, "override_outcome"),
        (refused_by_votes, "directrice", "/passer-outre nogo : x", RULED, "override_outcome"),
        (lambda: filed(RULED), "directrice", "/passer-outre go : x", RULED, "override_nothing"),
        (go, "directrice", "/passer-outre nogo : x", RULED, "override_nothing"),
        (lambda: at_gate(RULED, assignees=("directrice",)), "directrice", "/passer-outre go : x", RULED, "concerned"),
    ],
)
def test_what_is_not_overridden(start, login: str, text: str, policy: Policy, reason: str) -> None:
    assert refusal(after(start(), text, login, policy)) == reason


def test_a_seat_of_the_opening_does_not_override_once_it_has_left() -> None:
    gone = parsed(SMALL.replace("holder: data", "holder: autre") + "second_thoughts: {direction: [data]}")
    assert refusal(played(says(at_gate(POLICY), "data", "/passer-outre go : x"), gone)) == "override_seated"


def test_a_name_given_up_gives_no_power_to_whoever_takes_it() -> None:
    product = at_gate(RULED)
    issue = replace(product.issue, sworn={"directrice": 7}, numbers={**product.issue.numbers, "directrice": 8})
    asked = says(product.seen_as(issue=issue), "directrice", "/passer-outre go : x")
    issue = replace(asked.issue, comments=(*asked.issue.comments[:-1], replace(asked.issue.comments[-1], author_id=8)))
    assert refusal(played(asked.seen_as(issue=issue), RULED)) == "not_direction"


def test_a_nogo_by_ballots_waits_for_the_end_of_its_session() -> None:
    """Asked on Monday 5 January: the session is that of the 13th, whose requests closed on the 12th."""
    product = at_gate(QUIET)
    gate = product.standing.open_gate
    assert gate
    session = datetime(2026, 1, 6, 23, tzinfo=UTC)
    assert gate.request.quiet_until in {session, session + timedelta(days=7)}
    until = gate.request.quiet_until
    assert until
    before = voting(product, QUIET, {"techno": "/nogo non", "secu": "/nogo non"}, T0)
    assert before.standing.open_gate
    assert refusal(played(says(before, "secretariat", "/clore"), QUIET)) == "waits_for_session"
    calm = voting(before, QUIET, {"techno": "/go", "secu": "/go", "data": "/go"}, T0)
    assert calm.standing.phase == "mvp", "each last word counts, and a go waits for nobody"
    over = played(before, QUIET, until)
    assert over.standing.last_decided
    assert over.standing.last_decided.outcome == "nogo"
    assert played(before, QUIET, until - timedelta(seconds=1)).standing.open_gate


def test_former_facts_say_nothing_of_what_came_since() -> None:
    (request,) = [one for one in at_gate(POLICY).history if isinstance(one, GateRequested)]
    assert (request.contest, request.quiet_until) == ("", None)


def test_a_history_that_the_rules_do_not_bear_is_not_believed() -> None:
    """Each second thought, altered in one thing that would open a way around the rules."""
    rectified = after(go("/décision go sous réserve\n- a"), f"/rectifier nogo x\n{ALL}\n{WRONG}")
    for changed in (
        {"present": ("technologie",)}, {"reason": ""}, {"why": ""}, {"was": "nogo"}, {"phase": "mvp"},
        {"dropped": (9,)}, {"outcome": "go"}, {"outcome": "later"}, {"gate": 4},
    ):  # fmt: skip
        assert breach(altered(rectified, DecisionRectified, **changed), POLICY), changed
    with_condition = go("/décision go sous réserve\n- a")
    for changed in ({"gate": 9}, {"cause": "comment:9:session:x"}):
        assert breach(altered(with_condition, ConditionAdded, **changed), POLICY), changed
    (condition,) = [one for one in with_condition.history if isinstance(one, ConditionAdded)]
    refused = nogo().history
    assert breach((*refused, replace(condition, cause=refused[-1].cause)), POLICY), "a no-go sets none"
    reopened = after(lifted(), "/rectifier levée 1 : x")
    for changed in ({"number": 2}, {"reason": ""}, {"gate": 2}):
        assert breach(altered(reopened, LiftRectified, **changed), POLICY), changed
    contested = after(refused_by_votes(), "/contester x", AUTHOR)
    for changed in ({"grounds": ""}, {"gate": 9}, {"condition": 3}, {"grounds": "autre"}):
        assert breach(altered(contested, DecisionContested, **changed), POLICY), changed
    overridden = after(at_gate(RULED), "/passer-outre go : x", "directrice", RULED)
    for changed in ({"reason": ""}, {"by": "data", "by_id": 0}, {"was": "nogo"}, {"outcome": "nogo"}, {"gate": 3}):
        assert breach(altered(overridden, DecisionOverridden, **changed), RULED), changed
    after_nogo = after(refused_by_votes(), "/passer-outre go : x", "directrice", RULED)
    assert breach(altered(after_nogo, DecisionOverridden, was="open"), RULED)
    cut = overridden.history[:-1] if isinstance(overridden.history[-1], PhaseEntered) else ()
    assert breach(cut, RULED) == len(cut) + 1


def altered(product: Product, kind: type, **changes: object) -> tuple:
    return tuple(replace(one, **changes) if isinstance(one, kind) else one for one in product.history)


def test_a_decision_notice_is_never_written_anew() -> None:
    product = after(nogo(), f"/rectifier go\n{ALL}\n{WRONG}")
    notice = told(product, "decision:1")
    assert isinstance(notice, Decision)
    assert (notice.outcome, [point.text for point in notice.objections]) == ("nogo", ["trop tôt"])


@pytest.mark.parametrize(
    ("before", "login", "text", "policy"),
    [
        (go, "secretariat", f"/rectifier nogo x\n{ALL}\n{WRONG}", POLICY),
        (refused_by_votes, AUTHOR, "/contester x", POLICY),
        (lambda: at_gate(RULED), "directrice", "/passer-outre go : x", RULED),
        (lifted, "secretariat", "/rectifier levée 1 : x", POLICY),
        (lambda: filed(POLICY), AUTHOR, "/pause : x", POLICY),
    ],
)
def test_facts_taken_back_from_comments_are_those_that_a_comment_asked_for(before, login, text, policy) -> None:
    product = after(before(), text, login, policy)
    known = len(before().history)
    assert contradicted(product, known) == 0
    rank = next(place for place, one in enumerate(product.issue.comments) if one.body == text)
    other = replace(product.issue.comments[rank], body="/aide")
    comments = (*product.issue.comments[:rank], other, *product.issue.comments[rank + 1 :])
    assert contradicted(product.seen_as(issue=replace(product.issue, comments=comments)), known)


def test_a_committee_that_sits_no_more_names_no_session() -> None:
    off = tuple(f"{year}-W{week:02}" for year in (2026, 2027) for week in range(1, 54))
    never = replace(QUIET, committee=replace(QUIET.committee, weeks_off=off))
    product = played(says(refused_by_votes(), AUTHOR, "/contester pas lu"), never)
    gate = product.standing.open_gate
    assert gate
    assert gate.request.quiet_until is None
    notice = told(product, "contested:1", never)
    assert isinstance(notice, Contested)
    assert notice.session is None


def test_what_was_never_decided_by_hand_is_not_put_right_from_comments_either() -> None:
    note = {
        "at": T0,
        "by": "secretariat",
        "cause": "comment:9:x",
        "gate": 1,
        "was": "go",
        "outcome": "later",
        "why": "x",
    }
    for product in (at_gate(POLICY), refused_by_votes(), filed(POLICY)):
        assert breach((*product.history, DecisionRectified(**note)), POLICY)  # type: ignore[arg-type]
    overridden = after(at_gate(RULED), "/passer-outre nogo : x", "directrice", RULED)
    assert breach((*overridden.history, DecisionRectified(**note)), RULED)  # type: ignore[arg-type]
