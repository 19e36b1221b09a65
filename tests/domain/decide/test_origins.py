"""Facts that comments hold beyond the register: filed on this issue, and said by those they name, or not believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide import origins
from app.domain.decide.origins import contradicted, filed_on, is_imported_elsewhere, is_native
from app.domain.product import imported
from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    ConditionLifted,
    Fact,
    GateDecided,
    GateRequested,
    ProductMoved,
)
from app.domain.product.issue import Comment
from app.domain.product.state import Product
from app.domain.reading.conditions import ConditionText
from tests.builders import T0, a_product, a_small_policy, at_gate, deleted, edited, filed, says, shown, turn, voting

POLICY = a_small_policy()
LATER = T0 + timedelta(days=2)


def numbered(product: Product, *, ids: bool = True) -> Product:
    """The same once GitHub gives each person a number."""
    numbers = {login: 100 + rank for rank, login in enumerate(sorted({one.author for one in product.issue.comments}))}
    comments = tuple(replace(one, author_id=numbers[one.author]) for one in product.issue.comments)
    history = tuple(replace(fact, by_id=numbers.get(fact.by, 0) if ids else 0) for fact in product.history)
    return replace(product, issue=replace(product.issue, comments=comments), history=history)


def decided() -> Product:
    votes = {"techno": "/go", "secu": "/go sous réserve\n- relire", "design": "/go", "passant": "/go"}
    return turn(voting(turn(at_gate(POLICY), POLICY), POLICY, votes), POLICY)


def first(product: Product, login: str = "techno") -> tuple[int, BallotCast]:
    return next(
        (rank, fact)
        for rank, fact in enumerate(product.history, 1)
        if isinstance(fact, BallotCast) and fact.by == login
    )


def told(product: Product, rank: int, fact: Fact) -> Product:
    history = (*product.history[: rank - 1], fact, *product.history[rank:])
    return Product(product.issue, history)


def rewritten(product: Product, number: int, **fields: object) -> Product:
    comments = tuple(
        replace(one, **fields) if one.id == number else one  # type: ignore[arg-type]
        for one in product.issue.comments
    )
    return Product(replace(product.issue, comments=comments), product.history)


@pytest.mark.parametrize("ids", [True, False])
def test_what_people_really_said_is_borne_out(ids: bool) -> None:
    assert contradicted(numbered(decided(), ids=ids)) == 0
    assert contradicted(decided()) == 0


def test_a_ballot_says_what_its_comment_says() -> None:
    product = numbered(decided())
    rank, ballot = first(product)
    assert contradicted(told(product, rank, replace(ballot, choice="nogo"))) == rank
    assert contradicted(told(product, rank, replace(ballot, choice="nogo")), rank) == 0
    assert contradicted(told(product, rank, replace(ballot, digest="0" * 64))) == rank
    silent = rewritten(product, ballot.comment, body="Bonjour")
    assert contradicted(silent) == rank
    assert contradicted(told(silent, rank, replace(ballot, digest=""))) == rank


def test_a_comment_rewritten_since_belies_nothing() -> None:
    product = numbered(decided())
    rank, ballot = first(product)
    later = edited(product, ballot.comment, "techno", "Bonjour", LATER)
    assert contradicted(later) == 0
    assert contradicted(told(later, rank, replace(ballot, digest=""))) == 0
    early = edited(product, ballot.comment, "techno", "Bonjour", T0 - timedelta(days=1))
    assert contradicted(told(early, rank, replace(ballot, digest=""))) == rank


def test_a_comment_that_is_gone_belies_nothing() -> None:
    product = numbered(decided())
    assert contradicted(deleted(product, first(product)[1].comment)) == 0
    assert contradicted(Product(replace(product.issue, comments=()), product.history)) == 0


def test_words_read_otherwise_today_give_no_proof() -> None:
    """A reader that has learnt to doubt does not undo what an earlier one understood."""
    product = numbered(decided())
    rank, ballot = first(product)
    doubtful = rewritten(product, ballot.comment, body="je dis /go")
    assert contradicted(told(doubtful, rank, replace(ballot, digest=""))) == 0


def test_nobody_speaks_in_the_comment_of_another() -> None:
    product = numbered(decided())
    rank, ballot = first(product)
    of_another = first(product, "design")[1]
    assert (
        contradicted(told(product, rank, replace(ballot, comment=of_another.comment, cause=of_another.cause))) == rank
    )
    assert contradicted(rewritten(product, ballot.comment, author="passant", author_id=999)) == rank
    assert contradicted(rewritten(product, ballot.comment, author="nouveau-nom")) == 0
    assert contradicted(rewritten(product, ballot.comment, author="ghost", author_id=0)) == 0
    assert contradicted(rewritten(product, ballot.comment, by_bot=True)) == rank
    trace = shown(product, "welcome").trace
    assert contradicted(rewritten(product, ballot.comment, trace=trace)) == rank


def test_a_former_version_kept_logins_alone_and_people_are_renamed() -> None:
    product = numbered(decided(), ids=False)
    rank, ballot = first(product)
    renamed = rewritten(product, ballot.comment, author="nouveau-nom")
    assert contradicted(renamed) == rank
    former = told(renamed, rank, replace(ballot, cause=ballot.cause.removesuffix(":2")))
    assert contradicted(former) == 0


def test_whatever_a_comment_is_said_to_have_caused_its_author_said() -> None:
    product = numbered(decided())
    rank, refused = next((r, f) for r, f in enumerate(product.history, 1) if isinstance(f, CommandRefused))
    assert contradicted(told(product, rank, replace(refused, by="techno", by_id=5))) == rank


def test_a_decision_in_session_is_the_one_the_secretariat_wrote() -> None:
    text = "/décision go\nprésents : techno, secu, design, data"
    product = numbered(turn(says(at_gate(POLICY), "secretariat", text), POLICY))
    rank, decision = next((r, f) for r, f in enumerate(product.history, 1) if isinstance(f, GateDecided))
    assert contradicted(product) == 0
    assert contradicted(told(product, rank, replace(decision, outcome="nogo"))) == rank
    written = product.issue.comments[-1].id
    number = next(one.id for one in product.issue.comments if one.body == text)
    assert written
    assert contradicted(rewritten(product, number, body="Bonjour")) == rank
    assert contradicted(rewritten(product, number, body="Bonjour", edited_at=LATER)) == 0


def is_belied(product: Product, rank: int, fact: Fact) -> bool:
    found = contradicted(told(product, rank, fact))
    assert found in {0, rank}
    return found == rank


@pytest.mark.parametrize(
    "conditions",
    [
        (),
        (ConditionText("autre chose", due="2026-04-03", owner="data"),),
        (ConditionText("relire, @data, avant le 3 avril", due="2027-04-03", owner="data"),),
        (ConditionText("relire, @data, avant le 3 avril", due="2026-04-03", owner="techno"),),
        (ConditionText("relire, @data, avant le 3 avril"), ConditionText("tester")),
    ],
)
@pytest.mark.parametrize("in_session", [False, True])
def test_the_conditions_of_a_go_are_those_its_comment_sets(
    conditions: tuple[ConditionText, ...], in_session: bool
) -> None:
    text = "sous réserve\n- relire, @data, avant le 3 avril"
    if in_session:
        said = says(at_gate(POLICY), "secretariat", f"/décision go {text}\nprésents : techno, secu, design")
        product, kind = numbered(turn(said, POLICY)), GateDecided
    else:
        product, kind = numbered(turn(voting(at_gate(POLICY), POLICY, {"secu": f"/go {text}"}), POLICY)), BallotCast
    rank, fact = next((r, f) for r, f in enumerate(product.history, 1) if isinstance(f, kind))
    assert isinstance(fact, BallotCast | GateDecided)
    assert [(one.owner, one.due) for one in fact.conditions] == [("data", "2026-04-03")]
    assert contradicted(product) == 0
    assert is_belied(product, rank, replace(fact, conditions=conditions))
    aspect = tuple(replace(one, aspect="valeur") for one in fact.conditions)
    assert not is_belied(product, rank, replace(fact, conditions=aspect))


@pytest.mark.parametrize("text", ["/nogo trop tôt", "/abstention je ne sais pas", "/déport je le connais"])
def test_the_reason_of_a_vote_is_the_one_it_gives(text: str) -> None:
    product = numbered(turn(voting(at_gate(POLICY), POLICY, {"data": text}), POLICY))
    rank, fact = first(product, "data")
    assert contradicted(product) == 0
    assert is_belied(product, rank, replace(fact, reason="autre"))


def test_a_condition_is_lifted_with_the_evidence_that_was_given() -> None:
    product = numbered(turn(says(decided(), "secu", "/levée 1 relu par data"), POLICY))
    rank, fact = next((r, f) for r, f in enumerate(product.history, 1) if isinstance(f, ConditionLifted))
    assert contradicted(product) == 0
    assert is_belied(product, rank, replace(fact, evidence="relu par tous"))


def test_a_transfer_gives_each_comment_another_number() -> None:
    product = numbered(decided())
    rank, ballot = first(product)
    moved = ProductMoved(at=T0, by="", cause="moved:I_2", comments=((9000, ballot.comment),))

    def as_moved(body: str, choice: str) -> Product:
        comment = Comment(9000, "IC", body, "techno", T0, author_id=ballot.by_id)
        history = (*told(product, rank, replace(ballot, choice=choice)).history, moved)
        return Product(replace(product.issue, comments=(comment,)), history)

    assert contradicted(as_moved("/go", "go")) == 0
    assert contradicted(as_moved("/go", "nogo")) == rank
    assert contradicted(as_moved("/go  ", "go")) == 0  # a transfer may rewrite the references of a text


def test_a_history_names_the_issue_on_which_it_was_filed() -> None:
    product = filed(POLICY)
    assert filed_on(product.history) == product.issue.id
    assert filed_on(()) == ""
    assert filed_on(product.history[1:]) == ""
    former = replace(product.history[0], cause=f"issue:{product.issue.id}")
    assert filed_on((former,)) == product.issue.id
    assert filed_on((replace(former, cause="autre"),)) == ""


def test_a_history_is_native_where_it_was_filed_or_transferred_to() -> None:
    history = filed(POLICY).history
    assert is_native(history, "I_1")
    assert not is_native(history, "I_2")
    moved = ProductMoved(at=T0, by="", cause="moved:I_2")
    assert is_native((*history, moved), "I_2")
    assert not is_native((*history, moved), "I_3")
    assert is_native((), "I_2")


def test_an_import_is_that_of_the_issue_which_bears_its_key() -> None:
    history = imported.facts(
        imported.ImportedProduct("a", "Agréments", (imported.PastPhase("Build", "mvp"),)), POLICY, T0
    )
    ours = a_product(POLICY, body=imported.import_mark(history)).issue
    assert is_imported_elsewhere(history, ours)  # nobody but Jalon opens these
    assert not is_imported_elsewhere(history, replace(ours, by_us=True))
    assert not is_imported_elsewhere(history, replace(ours, by_us=True, body="Rédigé par quelqu’un"))
    other = imported.facts(imported.ImportedProduct("b", "Autre", (imported.PastPhase("Build", "mvp"),)), POLICY, T0)
    assert is_imported_elsewhere(history, replace(ours, by_us=True, body=imported.import_mark(other)))
    assert not is_imported_elsewhere(filed(POLICY).history, ours)
    assert not is_imported_elsewhere((), ours)


@pytest.mark.parametrize(
    ("body", "is_borne_out"),
    [
        ("/ go", True),
        ("> /go", True),
        ("**/ GO**", True),
        ("~~/go~~", True),
        ("Merci à tous", False),
        ("/nogo trop tôt", False),
    ],
)
def test_what_a_former_version_obeyed_is_borne_out_by_its_words_however_dressed(body, is_borne_out):
    """Its reader took some words for commands that are quotations, or doubtful, today."""
    _, cast = first(decided())
    comment = says(a_product(POLICY), "techno", body).issue.comments[-1]
    former = replace(cast, by_id=0, cause=f"comment:{comment.id}:{'0' * 12}", comment=comment.id, digest="")
    assert origins._says(comment, former) is is_borne_out


def test_facts_of_a_former_version_that_name_no_vote_need_no_words():
    asked = next(fact for fact in decided().history if isinstance(fact, GateRequested))
    comment = says(a_product(POLICY), "cheffe-produit", "Bonjour").issue.comments[-1]
    assert origins._says(comment, replace(asked, cause=f"comment:{comment.id}:{'0' * 12}"))
