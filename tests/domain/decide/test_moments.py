"""A command belongs to the gate and the phase that were open when its comment was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide.manual_changes import ManualChange
from app.domain.policy.model import Policy
from app.domain.product.facts import (
    BallotAltered,
    BallotCast,
    BallotVoided,
    CommandRefused,
    Fact,
    GateWithdrawn,
    ItemAnswered,
    comment_id_of,
)
from app.domain.product.issue import Card
from app.domain.product.state import Product
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, edited, filed, played, ready, says, voting

POLICY = a_small_policy()
SOON = T0 + timedelta(hours=1)


def passed(product: Product, policy: Policy = POLICY) -> Product:
    return voting(product, policy, {"secu": "/go", "techno": "/go", "design": "/go", "data": "/go"})


def words(product: Product, login: str, text: str) -> tuple[Product, int]:
    """The product with a comment that says nothing yet, and its number."""
    product = played(says(product, login, text), POLICY)
    return product, product.issue.comments[-1].id


def mended(product: Product, number: int, login: str, text: str) -> Product:
    return played(edited(product, number, login, text, SOON), POLICY, SOON)


def reasons(product: Product, since: int) -> list[str]:
    return [fact.reason for fact in product.history[since:] if isinstance(fact, CommandRefused)]


HELD_TO_THEIR_GATE = {"older_comment", "no_open_gate"}
OLD = {
    "/demande arrêt": AUTHOR,
    "/retrait trop tôt": AUTHOR,
    "/coche 1": AUTHOR,
    "/décoche 1": AUTHOR,
    "/na 1 sans objet": AUTHOR,
    "/levée 1 rapport": "secretariat",
    "/clore": "secretariat",
    "/décision go\nprésents : techno, secu, design, data": "secretariat",
    "/nogo trop tôt": "data",
}


@pytest.mark.parametrize("text", OLD)
def test_an_older_comment_is_answered_and_not_obeyed(text: str) -> None:
    product, number = words(filed(POLICY), OLD[text], "Bonjour")
    product = played(says(product, AUTHOR, "/coche 1 3\n/demande"), POLICY)
    known = len(product.history)
    product = mended(product, number, OLD[text], text)
    (reason,) = reasons(product, known)
    assert reason == "other_moment" or reason in HELD_TO_THEIR_GATE
    assert len(product.history) == known + 1
    assert product.standing.open_gate


@pytest.mark.parametrize("text", OLD)
def test_nor_once_the_gate_it_was_written_under_is_over(text: str) -> None:
    product, number = words(at_gate(POLICY), OLD[text], "Bonjour")
    product = passed(product)
    known = len(product.history)
    product = mended(product, number, OLD[text], text)
    (reason,) = reasons(product, known)
    assert reason == "other_moment" or reason in HELD_TO_THEIR_GATE
    assert len(product.history) == known + 1


def test_nor_when_a_card_opened_the_gate() -> None:
    product, number = words(ready(POLICY), "secretariat", "Bonjour")
    product = replace(product, issue=replace(product.issue, card=Card("PVTI_1", "MVP")))
    product = played(product, POLICY, T0 + timedelta(hours=2), ManualChange(AUTHOR, "livraison"))
    assert product.standing.open_gate
    known = len(product.history)
    assert reasons(mended(product, number, "secretariat", "/clore"), known) == ["other_moment"]


def test_an_older_comment_may_still_ask_for_help() -> None:
    product, number = words(at_gate(POLICY), "data", "Bonjour")
    product = passed(product)
    known = len(product.history)
    assert reasons(mended(product, number, "data", "/aide"), known) == []


@pytest.mark.parametrize("text", ["/coche 1", "/demande"])
def test_a_comment_of_today_is_obeyed_once_mended(text: str) -> None:
    product, number = words(ready(POLICY), AUTHOR, "Bonjour")
    known = len(product.history)
    product = mended(product, number, AUTHOR, text)
    assert len(product.history) > known
    assert reasons(product, known) == []


def test_a_typo_mended_in_a_former_closing_closes_nothing() -> None:
    product, number = words(at_gate(POLICY), "secretariat", "/clore quorrum absent")
    assert isinstance(product.history[-1], GateWithdrawn)
    product = played(says(product, AUTHOR, "/demande"), POLICY)
    known = len(product.history)
    product = mended(product, number, "secretariat", "/clore quorum absent")
    assert product.history[known:] == (), "its free text is no part of it: nothing is asked anew"
    assert product.standing.open_gate


SETTLED = {
    "withdrawal": (AUTHOR, "/retrait trop tot", "/retrait trop tôt"),
    "session": (
        "secretariat",
        "/décision nogo trop tot\nprésents : techno, secu, design, data",
        "/décision nogo trop tôt\nprésents : techno, secu, design, data",
    ),
    "postponement": ("secretariat", "/décision report a revoir", "/décision report à revoir"),
    "recusal": ("data", "/déport conflit d'interet", "/déport conflit d’intérêts"),
}


@pytest.mark.parametrize("kind", SETTLED)
def test_the_free_text_of_what_was_obtained_may_be_mended(kind: str) -> None:
    login, before, after = SETTLED[kind]
    product, number = words(at_gate(POLICY), login, before)
    known = len(product.history)
    assert not isinstance(product.history[-1], CommandRefused)
    assert mended(product, number, login, after).history[known:] == ()


def test_the_evidence_of_a_lifted_condition_may_be_mended() -> None:
    product = voting(
        at_gate(POLICY), POLICY, {"secu": "/go sous réserve\n- audit", "techno": "/go", "design": "/go", "data": "/go"}
    )
    product, number = words(product, "secretariat", "/levée 1 raport")
    known = len(product.history)
    assert mended(product, number, "secretariat", "/levée 1 rapport").history[known:] == ()
    assert reasons(mended(product, number, "secretariat", "/levée 2 rapport"), known) == ["condition_unknown"]


def test_what_was_refused_may_be_asked_again_by_mending_it() -> None:
    product, number = words(at_gate(POLICY), "secretariat", "/décision nogo trop tôt")
    assert reasons(product, 0) == ["attendance_missing"]
    product = mended(product, number, "secretariat", "/décision nogo trop tôt\nprésents : techno, secu, design, data")
    assert product.standing.open_gate is None


def test_a_vote_may_be_rewritten_as_long_as_its_gate_is_open() -> None:
    product, number = words(at_gate(POLICY), "data", "/go")
    product = mended(product, number, "data", "/nogo trop tôt")
    product = played(edited(product, number, "data", "/nogo trop cher", SOON + timedelta(hours=1)), POLICY, SOON)
    gate = product.standing.open_gate
    assert gate
    assert [(ballot.fact.choice, ballot.fact.reason) for ballot in gate.ballots] == [
        ("go", ""),
        ("nogo", "trop tôt"),
        ("nogo", "trop cher"),
    ]


VOTES = {
    "/go": ("/go ", "/nogo trop cher"),
    "/go sous réserve\n- audit": ("/go sous réserve\n- audit complet", "/go"),
    "/nogo trop tot": ("/nogo trop tôt", "/go"),
    "/abstention": ("/abstention faute de temps", "/go"),
}


@pytest.mark.parametrize("said", VOTES)
def test_a_vote_mended_after_its_gate_is_answered_only_if_it_says_something_else(said: str) -> None:
    same, other = VOTES[said]
    product, number = words(at_gate(POLICY), "data", said)
    assert isinstance(product.history[-1], BallotCast)
    product = voting(product, POLICY, {"secu": "/go", "techno": "/go", "design": "/go"})
    assert product.standing.open_gate is None
    known = len(product.history)
    fresh = mended(product, number, "data", same).history[known:]
    assert [fact for fact in fresh if not isinstance(fact, BallotAltered)] == [], "noted under the decision, no more"
    assert len(reasons(mended(product, number, "data", other), known)) == 1


def told(product: Product, since: int) -> list[str]:
    """What came of an edit, each fact by its kind and by what it says."""
    found = []
    for fact in product.history[since:]:
        said = getattr(fact, "choice", "") or getattr(fact, "how", "")
        found.append(" ".join(filter(None, (type(fact).__name__, said, getattr(fact, "reason", "")))))
    return found


LIFTABLE = {"secu": "/go sous réserve\n- audit\n- DICT", "techno": "/go", "design": "/go", "data": "/go"}
EDITS = [
    # who, before → after; what comes of it while nothing moved, once a gate opened, and once that gate is over
    (AUTHOR, "/coche 1", "/coche 1\n\nMerci !", [], [], []),
    (AUTHOR, "/coche 1", "/cocher 1", [], [], []),
    (AUTHOR, "/coche 1", "/check 1", [], [], []),
    (
        AUTHOR,
        "/coche 1",
        "/coche 2",
        ["ItemAnswered"],
        ["CommandRefused other_moment"],
        ["CommandRefused other_moment"],
    ),
    (AUTHOR, "/na 2 sans objt", "/na 2 sans objet", ["ItemAnswered sans objet"], [], []),
    (AUTHOR, "/na 2 sans objt", "/na 2 : sans objet", ["ItemAnswered sans objet"], [], []),
    (
        AUTHOR,
        "/na 2 sans objt",
        "/na 1 sans objet",
        ["ItemAnswered sans objet"],
        ["CommandRefused other_moment"],
        ["CommandRefused other_moment"],
    ),
    (AUTHOR, "/aide", "/help", [], [], []),
]


@pytest.mark.parametrize(("login", "before", "after", "still", "opened", "over"), EDITS)
def test_what_an_edit_asks_before_at_and_after_a_gate(
    login: str, before: str, after: str, still: list[str], opened: list[str], over: list[str]
) -> None:
    first, number = words(filed(POLICY), login, before)
    second = played(says(first, AUTHOR, "/coche 1 3\n/demande"), POLICY)
    assert second.standing.open_gate
    for product, wanted in ((first, still), (second, opened), (passed(second), over)):
        assert told(mended(product, number, login, after), len(product.history)) == wanted


VOTE_EDITS = [
    # before → after; what comes of it while the gate is open, and once it is over
    ("/go", "/go merci", [], ["BallotAltered edited"]),
    ("/go", "/go\n\nBravo à l’équipe", [], ["BallotAltered edited"]),
    ("/nogo trop tot", "/nogo trop tôt", ["BallotCast nogo trop tôt"], ["BallotAltered edited"]),
    ("/abstention le tmps", "/abstention le temps", ["BallotCast abstain le temps"], ["BallotAltered edited"]),
    ("/go sous réserve\n- audti", "/go sous réserve\n- audit", ["BallotCast go"], ["BallotAltered edited"]),
    ("/déport conflt", "/déport conflit", [], ["BallotAltered edited"]),
    ("/nogo trop tôt", "Je retire", ["BallotAltered edited"], ["BallotAltered edited"]),
]


@pytest.mark.parametrize(("before", "after", "opened", "over"), VOTE_EDITS)
def test_what_the_edit_of_a_vote_asks(before: str, after: str, opened: list[str], over: list[str]) -> None:
    product, number = words(at_gate(POLICY), "data", before)
    closed = voting(product, POLICY, {"secu": "/go", "techno": "/go", "design": "/go"})
    assert closed.standing.open_gate is None
    assert told(mended(product, number, "data", after), len(product.history)) == opened
    assert told(mended(closed, number, "data", after), len(closed.history)) == over


OBTAINED = [
    (AUTHOR, "/demande", "/demande\n\nMerci d’avance", []),
    (AUTHOR, "/demande", "/demander", []),
    (AUTHOR, "/demande", "/request", []),
    ("secretariat", "/demande", "/demande arrêt", ["CommandRefused gate_open"]),
]


@pytest.mark.parametrize(("login", "before", "after", "opened"), OBTAINED)
def test_a_request_said_otherwise_is_the_same_request(login: str, before: str, after: str, opened: list[str]) -> None:
    product, number = words(ready(POLICY), login, before)
    assert product.standing.open_gate
    assert told(mended(product, number, login, after), len(product.history)) == opened


ENDED = [
    ("secretariat", "/clore quorrum absent", "/clore quorum absent"),
    ("secretariat", "/clore quorrum absent", "/close quorum absent"),
    (AUTHOR, "/retrait trop tot", "/retirer trop tôt"),
]


@pytest.mark.parametrize(("login", "before", "after"), ENDED)
def test_the_words_of_what_ended_a_gate_ask_nothing_of_the_next(login: str, before: str, after: str) -> None:
    product, number = words(at_gate(POLICY), login, before)
    again = played(says(product, AUTHOR, "/demande"), POLICY)
    assert again.standing.open_gate
    for one in (product, again):
        assert told(mended(one, number, login, after), len(one.history)) == []


def test_several_conditions_lifted_at_once_keep_their_evidence_mended_in_silence() -> None:
    product, number = words(voting(at_gate(POLICY), POLICY, LIFTABLE), "secretariat", "/levée 1 et 2 raport")
    assert told(mended(product, number, "secretariat", "/levée 1 et 2 rapport"), len(product.history)) == []
    assert told(mended(product, number, "secretariat", "/lever 1, 2 : rapport"), len(product.history)) == []


def test_what_was_refused_may_be_asked_again_by_another_word() -> None:
    product, number = words(filed(POLICY), AUTHOR, "/demande")
    assert reasons(product, 0) == ["blocked"]
    product = played(says(product, AUTHOR, "/coche 1 3"), POLICY)
    product = mended(product, number, AUTHOR, "/demander")
    assert product.standing.open_gate
    assert any(isinstance(fact, ItemAnswered) for fact in product.history)


OVER = {
    "/nogo trop tôt": (None, "secu"),
    "/décision nogo : trop tôt\nprésents : techno, secu, design, data": (
        "/décision go\nprésents : techno, secu, design, data",
        "secretariat",
    ),
    "/clore : trop tôt": ("/décision go\nprésents : techno, secu, design, data", "secretariat"),
    "/retrait": ("/clore", "secretariat"),
    "/clore": ("/retrait", "secretariat"),
}


@pytest.mark.parametrize("text", OVER)
def test_an_edit_of_what_ended_a_gate_is_told_that_it_is_over_and_what_may_be_done(text: str) -> None:
    first, login = OVER[text]
    product = at_gate(POLICY)
    if first is None:
        product = passed(product)
        number = next(one.id for one in product.issue.comments if one.author == login)
    else:
        product = played(says(product, login, first), POLICY)
        number = product.issue.comments[-1].id
    known = len(product.history)
    product = mended(product, number, login, text)
    assert reasons(product, known) == ["decided"]
    (refused,) = (fact for fact in product.history[known:] if isinstance(fact, CommandRefused))
    details = dict(refused.details)
    assert (details["number"], details["origin"]) == ("1", "Idée")
    assert details["outcome"] == ("go" if first is None or "go" in first else "withdrawn")


@pytest.mark.parametrize("first", ["/clore", "/clore séance levée", "/retrait", "/retrait trop tôt"])
def test_the_reason_of_what_ended_a_gate_may_be_mended_without_a_word(first: str) -> None:
    product = played(says(at_gate(POLICY), "secretariat", first), POLICY)
    number, known = product.issue.comments[-1].id, len(product.history)
    assert product.standing.open_gate is None
    product = mended(product, number, "secretariat", f"{first} : précisé")
    assert len(product.history) == known


BACK = {
    "tick": (ready, AUTHOR, "/coche 1", "/décoche 1"),
    "untick": (ready, AUTHOR, "/décoche 1", "/coche 1"),
    "with another word": (ready, AUTHOR, "/coche 1", "/décocher 1"),
    "a question": (at_gate, "data", "/go ?", "/go"),
    "a vote": (at_gate, "data", "/go", "/go ?"),
}


def took_back(fact: Fact) -> bool:
    """What an edit does to the vote that stood there, beside what it says itself."""
    return isinstance(fact, BallotVoided) or getattr(fact, "reason", "") == "vote_unsaid"


@pytest.mark.parametrize("kind", BACK)
def test_what_is_said_again_after_something_else_is_heard_again(kind: str) -> None:
    made, login, first, second = BACK[kind]
    product, number = words(made(POLICY), login, "Bonjour")
    found = []
    for minute, text in enumerate((first, second, first, second, second)):
        moment = T0 + timedelta(minutes=minute + 1)
        known = len(product.history)
        product = played(edited(product, number, login, text, moment), POLICY, moment)
        found.append([type(fact) for fact in product.history[known:] if not took_back(fact)])
    assert found[0] == found[2] != []
    assert found[1] == found[3] != []
    assert found[4] == []


def test_another_word_for_the_same_is_silent_but_after_its_contrary() -> None:
    product, number = words(ready(POLICY), AUTHOR, "Bonjour")
    texts = ("/coche 1", "/cocher 1", "/décoche 1", "/decocher 1", "/cocher 1")
    heard = []
    for minute, text in enumerate(texts):
        moment = T0 + timedelta(minutes=minute + 1)
        known = len(product.history)
        product = played(edited(product, number, AUTHOR, text, moment), POLICY, moment)
        heard.append(len(product.history) > known)
    assert heard == [True, False, True, False, True]
    assert [answer.state for answer in product.standing.answers.values()].count(
        "done"
    ) == 2  # « /coche 1 », and 3 before


def test_what_stays_in_a_comment_is_not_said_again_by_its_other_lines() -> None:
    product, number = words(ready(POLICY), AUTHOR, "/coche 1")
    known = len(product.history)
    product = played(edited(product, number, AUTHOR, "/coche 1\n/décoche 3", SOON), POLICY, SOON)
    product = played(edited(product, number, AUTHOR, "/coche 1\n/décoche 3\nmerci", SOON + SOON_AFTER), POLICY, SOON)
    assert [type(fact).__name__ for fact in product.history[known:]] == ["ItemAnswered"]


SOON_AFTER = timedelta(minutes=1)


def test_what_a_ballot_or_the_secretariat_decided_is_not_closed_again_by_an_edit() -> None:
    product = passed(at_gate(POLICY))
    decision = product.standing.gates[1].decision
    assert decision is not None
    known = len(product.history)
    product = mended(product, comment_id_of(decision.cause), decision.by, "/clore")
    assert reasons(product, known) == ["decided"]
    closed = voting(at_gate(POLICY), POLICY, {"secu": "/go", "techno": "/go"})
    closed = played(says(closed, "secretariat", "/clore"), POLICY)
    known = len(closed.history)
    assert closed.standing.gates[1].decision is not None
    closed = mended(closed, closed.issue.comments[-1].id, "secretariat", "/clore séance levée")
    assert len(closed.history) == known
