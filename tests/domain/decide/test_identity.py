"""Who is who at a gate: numbers, not logins, from the opening to the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.domain.decide import late_entry
from app.domain.decide.decide import decide
from app.domain.decide.pending import pending_requests
from app.domain.decide.request import BindAccounts, Request
from app.domain.policy.model import Policy
from app.domain.product.accounts import Account, account
from app.domain.product.facts import AccountsBound, BallotCast, CommandRefused, Fact, GateDecided, GateRequested
from app.domain.product.issue import Comment
from app.domain.product.state import Product
from tests.builders import AUTHOR, T0, TEAM, a_product, a_small_policy, edited, next_id, played, says

POLICY = a_small_policy()
NUMBERS = {login: number for number, login in enumerate(sorted({*TEAM, AUTHOR, "chef-produit"}), start=101)}
STRANGER = 999


def numbered(product: Product, numbers: Mapping[str, int] = NUMBERS, **changes: object) -> Product:
    """The product as GitHub tells it, each login with its number."""
    return replace(product, issue=replace(product.issue, numbers=dict(numbers), **changes))  # type: ignore[arg-type]


def writes(product: Product, login: str, text: str, number: int = 0) -> Product:
    """One more comment, by the account that bears this number."""
    comment = replace(
        says(product, login, text).issue.comments[-1], author_id=number or product.issue.numbers.get(login, STRANGER)
    )
    return replace(product, issue=replace(product.issue, comments=(*product.issue.comments, comment)))


def after(product: Product, login: str, text: str, number: int = 0, policy: Policy = POLICY) -> Product:
    return played(writes(product, login, text, number), policy)


def opened(policy: Policy = POLICY, **changes: object) -> Product:
    product = played(numbered(a_product(policy), **changes), policy)
    product = after(product, AUTHOR, "/coche idee-vision idee-dict\n/demande", policy=policy)
    assert product.standing.open_gate, product.history[-1]
    return product


def renamed(product: Product, former: str, login: str) -> Product:
    """The account under another login, everywhere GitHub shows it; the former login is nobody's."""

    def now(name: str) -> str:
        return login if name == former else name

    issue = product.issue
    numbers = {now(name): number for name, number in issue.numbers.items()}
    comments = tuple(replace(one, author=now(one.author), editor=now(one.editor)) for one in issue.comments)
    team = issue.team and frozenset(map(now, issue.team))
    keepers = issue.secretariat and frozenset(map(now, issue.secretariat))
    people = {"author": now(issue.author), "assignees": tuple(map(now, issue.assignees))}
    return numbered(product, numbers, comments=comments, team=team, secretariat=keepers, **people)


def taken(product: Product, login: str) -> Product:
    """The same, the login being somebody else's now."""
    left = renamed(product, login, f"{login}-parti")
    return numbered(left, {**left.issue.numbers, login: STRANGER})


def refusal(product: Product) -> str:
    last = product.history[-1]
    assert isinstance(last, CommandRefused), last
    return last.reason


def choices(product: Product) -> dict[str, str]:
    return {seat: ballot.choice for seat, ballot in product.standing.gates[1].counting.items()}


def without_numbers(product: Product) -> Product:
    """The history as a former version kept it."""

    def former(fact: Fact) -> Fact:
        fact = replace(fact, by_id=0)
        return replace(fact, accounts=(), secretariat=None) if isinstance(fact, GateRequested) else fact

    return replace(product, history=tuple(map(former, product.history)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Account("secu", 1), Account("Secu", 1), True),
        (Account("secu", 1), Account("autre", 1), True),
        (Account("secu", 1), Account("secu", 2), False),
        (Account("secu"), Account("SECU", 2), True),
        (Account("secu"), Account("autre"), False),
    ],
)
def test_two_accounts_are_one_by_their_numbers_then_by_their_logins(
    one: Account, other: Account, *, same: bool
) -> None:
    assert one.is_same(other) is other.is_same(one) is same


def test_the_opening_freezes_the_number_of_everybody_it_names() -> None:
    request = opened().standing.gates[1].request
    seated = {login for seat in request.seats for login in seat.logins}
    assert request.accounts == tuple(account(login, NUMBERS) for login in sorted({*seated, "secretariat"}))
    assert request.secretariat == ("secretariat",)
    assert request.by_id == NUMBERS[AUTHOR]


def test_a_rename_follows_the_person() -> None:
    product = renamed(after(opened(), "data", "/go"), "data", "donnees")
    product = after(product, "donnees", "/abstention")
    assert choices(product) == {"data": "abstain"}
    last = product.standing.gates[1].counting["data"]
    assert (last.by, last.by_id) == ("donnees", NUMBERS["data"])
    product = after(product, "donnees", "/déport")
    assert choices(product) == {"data": "recuse"}
    assert refusal(after(product, "donnees", "/go")) == "recused"


def test_a_holder_renamed_still_speaks_over_the_substitute() -> None:
    product = after(renamed(opened(), "techno", "technique"), "technique", "/go")
    assert refusal(after(product, "techno-suppleance", "/nogo non")) == "holder_spoke"
    assert choices(product) == {"technologie": "go"}


@pytest.mark.parametrize("text", ["/go", "/nogo non", "/abstention", "/déport"])
def test_a_login_taken_over_has_no_vote(text: str) -> None:
    product = after(taken(opened(), "secu"), "secu", text)
    assert refusal(product) == "login_taken"
    assert choices(product) == {}
    assert choices(after(product, "secu-parti", "/go")) == {"securite": "go"}


@pytest.mark.parametrize("text", ["/clore", "/décision go\nprésents : techno, secu, design"])
def test_a_secretariat_s_login_taken_over_closes_nothing(text: str) -> None:
    product = after(taken(opened(), "secretariat"), "secretariat", text)
    assert refusal(product) == "login_taken"
    assert isinstance(
        after(product, "secretariat-parti", "/décision nogo non\nprésents : techno, secu").history[-1], GateDecided
    )


def test_a_product_s_login_taken_over_has_no_right_on_it() -> None:
    product = after(taken(opened(), AUTHOR), AUTHOR, "/retrait")
    assert refusal(product) == "not_team"
    assert after(product, f"{AUTHOR}-parti", "/retrait").standing.open_gate is None


def decided() -> Product:
    product = opened()
    for login, text in {"data": "/go sous réserve\n- tester", "secu": "/go", "techno": "/go"}.items():
        product = after(product, login, text)
    assert product.standing.phase == "mvp"
    return product


def test_a_condition_follows_whoever_holds_its_seat() -> None:
    gone = taken(decided(), "data")
    assert refusal(after(gone, "data", "/levée 1")) == "not_lifter"
    assert after(gone, "data-parti", "/levée 1 : fait").standing.open_conditions == ()
    out = numbered(gone, gone.issue.numbers, team=TEAM - {"data"})
    assert refusal(after(out, "data-parti", "/levée 1")) == "not_lifter"


def test_between_gates_a_login_of_the_rules_is_that_of_who_bore_it_first() -> None:
    product = taken(decided(), "secretariat")
    assert refusal(after(product, "secretariat", "/levée 1")) == "not_lifter"
    assert refusal(after(product, "secretariat", "/demande")) == "not_team"
    assert after(decided(), "secretariat", "/levée 1 : fait").standing.open_conditions == ()


@pytest.mark.parametrize(
    ("sworn", "anew", "reason"),
    [
        ({}, frozenset(), ""),  # never seen before: the login alone is known
        ({"secretariat": NUMBERS["secretariat"]}, frozenset(), "not_team"),
        ({"secretariat": STRANGER}, frozenset(), ""),
        ({"secretariat": STRANGER}, frozenset({"secretariat"}), ""),
    ],
)
def test_before_any_gate_a_login_is_that_of_who_bore_it_as_the_rules_were_first_read(
    sworn: dict[str, int], anew: frozenset[str], reason: str
) -> None:
    product = played(numbered(a_product(POLICY)), POLICY)
    product = taken(after(product, AUTHOR, "/coche idee-vision idee-dict"), "secretariat")
    product = numbered(product, product.issue.numbers, sworn=sworn, sworn_anew=anew)
    asked = after(product, "secretariat", "/demande")
    if not reason:
        assert asked.standing.open_gate
        return
    assert refusal(asked) == reason
    opening = after(product, AUTHOR, "/demande")
    assert opening.standing.gates[1].request.secretariat == ()
    assert refusal(after(opening, "secretariat", "/clore")) == "secretary_taken"


def test_rules_that_name_a_login_again_say_whose_it_is_whatever_former_gates_tell() -> None:
    product = taken(decided(), "secretariat")
    again = numbered(product, product.issue.numbers, sworn={"secretariat": STRANGER})
    assert refusal(after(again, "secretariat", "/levée 1")) == "not_lifter"
    again = numbered(again, again.issue.numbers, sworn_anew=frozenset({"secretariat"}))
    assert after(again, "secretariat", "/levée 1 : fait").standing.open_conditions == ()


def test_who_joins_the_secretariat_during_a_gate_waits_for_the_next_one() -> None:
    policy = replace(POLICY, committee=replace(POLICY.committee, secretariat=("secretariat", "chef-produit")))
    product = after(opened(), "chef-produit", "/clore", policy=policy)
    assert refusal(product) == "secretary_since"
    assert after(product, "secretariat", "/clore", policy=policy).standing.open_gate is None
    alone = replace(POLICY, committee=replace(POLICY.committee, secretariat=()))
    assert after(opened(), "secretariat", "/clore", policy=alone).standing.open_gate is None


def by_team(policy: Policy = POLICY) -> Policy:
    return replace(policy, committee=replace(policy.committee, secretariat=(), secretariat_team="secretariat"))


def test_a_team_keeps_the_secretariat() -> None:
    policy = by_team()
    product = opened(policy, secretariat=frozenset({"secretariat", "chef-produit"}))
    assert product.standing.gates[1].request.secretariat == ("chef-produit", "secretariat")
    for login in ("secretariat", "chef-produit"):
        assert after(product, login, "/clore", policy=policy).standing.open_gate is None
    assert refusal(after(product, "data", "/clore", policy=policy)) == "not_secretariat"
    unknown = opened(policy, secretariat=None)
    assert refusal(after(unknown, "secretariat", "/clore", policy=policy)) == "not_secretariat"


def test_who_was_renamed_before_the_gate_is_still_concerned() -> None:
    product = played(numbered(a_product(POLICY), assignees=("data",)), POLICY)
    product = played(numbered(renamed(product, "data", "donnees"), {**NUMBERS, "donnees": NUMBERS["data"]}), POLICY)
    seats = tuple(replace(seat, holder="donnees") if seat.id == "data" else seat for seat in POLICY.committee.seats)
    policy = replace(POLICY, committee=replace(POLICY.committee, seats=seats))
    numbers = {name: number for name, number in product.issue.numbers.items() if name != "data"}
    product = numbered(product, numbers, assignees=())
    product = after(product, AUTHOR, "/coche idee-vision idee-dict\n/demande", policy=policy)
    assert product.standing.gates[1].request.concerned == ("donnees",)
    assert refusal(after(product, "donnees", "/go", policy=policy)) == "concerned"


def test_attendance_is_given_under_the_logins_of_today() -> None:
    product = renamed(opened(), "secu", "surete")
    done = after(product, "secretariat", "/décision nogo non\nprésents : surete, data")
    last = done.history[-1]
    assert isinstance(last, GateDecided)
    assert last.present == ("securite", "data")


def test_what_is_no_person_has_no_voice() -> None:
    number = next_id(opened())
    ghost = Comment(number, f"IC_{number}", "/go", "data", T0, is_by_person=False)
    product = opened()
    product = replace(product, issue=replace(product.issue, comments=(*product.issue.comments, ghost)))
    assert played(product, POLICY).history == product.history
    by_machine = numbered(product, is_by_person=False)
    assert refusal(after(by_machine, AUTHOR, "/retrait")) == "not_team"


def test_a_gate_of_a_former_version_is_bound_to_the_accounts_of_the_team() -> None:
    product = without_numbers(after(opened(), "data", "/go"))
    product = played(product, POLICY)
    bound = product.history[-1]
    assert isinstance(bound, AccountsBound)
    assert {one.login: one.id for one in bound.accounts} == {
        name: NUMBERS[name] for name in ("data", "design", "secretariat", "secu", "techno", "techno-suppleance")
    }
    assert bound.secretariat == ("secretariat",)
    assert played(product, POLICY).history == product.history, "once"
    assert choices(product) == {"data": "go"}
    assert refusal(after(taken(product, "secu"), "secu", "/go")) == "login_taken"
    assert choices(after(renamed(product, "secu", "surete"), "surete", "/go")) == {"data": "go", "securite": "go"}


def test_who_voted_before_the_upgrade_and_was_renamed_is_found_by_their_comment() -> None:
    product = taken(without_numbers(after(opened(), "data", "/go")), "data")
    product = played(numbered(product, product.issue.numbers, team=TEAM - {"data"}), POLICY)
    assert choices(after(product, "data-parti", "/abstention")) == {"data": "abstain"}
    assert refusal(after(product, "data", "/nogo non")) == "login_taken"


def test_a_gate_of_a_former_version_waits_for_the_team() -> None:
    former = without_numbers(opened())
    for unseen in (numbered(former, team=None), numbered(former, {})):
        assert not any(asked.cause.startswith("accounts") for asked in pending_requests(unseen, POLICY))
    held = numbered(former, {**NUMBERS}, team=TEAM - {"secu"})
    assert refusal(after(played(held, POLICY), "secu", "/go")) == "login_taken", "in neither the team nor the ballots"


def test_an_edit_by_the_same_account_is_the_author_s_own() -> None:
    product = after(renamed(opened(), "data", "donnees"), "donnees", "/go")
    number = product.issue.comments[-1].id
    product = edited(product, number, "donnees", "/abstention")
    issue = product.issue
    comments = tuple(replace(one, editor_id=one.author_id) if one.id == number else one for one in issue.comments)
    product = played(replace(product, issue=replace(issue, comments=comments)), POLICY)
    assert isinstance(product.history[-1], BallotCast)
    assert choices(product) == {"data": "abstain"}


def test_without_an_open_gate_there_is_nothing_to_bind() -> None:
    product = played(numbered(a_product(POLICY)), POLICY)
    assert decide(Request(BindAccounts(), "", "accounts:1"), product, POLICY, T0) == ()


def test_a_former_gate_knows_no_secretariat_of_its_own() -> None:
    former = without_numbers(opened())
    gate = former.standing.open_gate
    assert gate is not None
    assert gate.secretariat is None
    assert former.is_secretariat(Account("secretariat", NUMBERS["secretariat"]), POLICY)


def test_a_body_that_somebody_else_wrote_last_asks_for_nothing() -> None:
    product = numbered(a_product(POLICY), is_as_filed=False)
    assert list(late_entry.late_entry_requests(product, POLICY)) == []
