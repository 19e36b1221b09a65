"""Products taken over from a former follow-up: which phase they had reached, and what their issue carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.decide.pending import is_product, pending_requests
from app.domain.policy.model import TIMEZONE
from app.domain.product import history_in_comments
from app.domain.product import imported as imports
from app.domain.product.facts import PastPhase, PhaseEntered, ProductImported
from app.domain.product.imported import ImportedProduct
from app.domain.product.state import Product
from app.domain.publish.effects import Close, PostComment
from app.domain.publish.reconcile import reconcile
from app.domain.report.digest import usual_days
from app.domain.report.indicators import indicators
from app.domain.report.portfolio import Tracked, rows
from tests.builders import AUTHOR, T0, a_product, a_small_policy, played, says, turn

POLICY = a_small_policy()


def past(*phases: tuple[str, str]) -> tuple[PastPhase, ...]:
    return tuple(PastPhase(phase, phase, began) for phase, began in phases)


@pytest.mark.parametrize(
    ("phases", "reached"),
    [
        ((("idee", "2020-01-01"), ("mvp", "2021-01-01")), "mvp"),
        ((("mvp", "2021-01-01"), ("idee", "2022-01-01")), "idee"),
        ((("mvp", "2021-01-01"), ("idee", "2021-01-01")), "mvp"),
        ((("mvp", "2021-01-01"), ("idee", "2020-01-01")), "mvp"),
        ((("idee", "2021-01-01"), ("mvp", "")), "mvp"),
        ((("idee", ""), ("mvp", "")), "mvp"),
        ((("idee", "2021-01-01"), ("mvp", "2031-01-01")), "idee"),
        ((("mvp", "2031-01-01"),), None),
        ((), None),
    ],
)
def test_the_phase_reached_is_the_one_entered_last(phases: tuple[tuple[str, str], ...], reached: str | None) -> None:
    found = imports.reached(past(*phases), POLICY, date(2026, 1, 5))
    assert (found.phase if found else None) == reached


@pytest.mark.parametrize(
    ("phases", "began"),
    [
        ((("idee", "2020-01-01"), ("mvp", "2021-01-01"), ("mvp", "2022-01-01")), "2021-01-01"),
        ((("mvp", "2021-01-01"), ("idee", "2022-01-01"), ("mvp", "2023-01-01")), "2023-01-01"),
        ((("mvp", "2021-01-01"), ("mvp", "")), "2021-01-01"),
        ((("mvp", "2021-01-01"), ("idee", "2021-01-01")), "2021-01-01"),
        ((("mvp", "2021-01-01"), ("mvp", "2031-01-01")), "2021-01-01"),
        ((("mvp", ""),), ""),
    ],
)
def test_two_names_of_one_phase_are_one_stay(phases: tuple[tuple[str, str], ...], began: str) -> None:
    _, entered = imports.facts(ImportedProduct("clé", "Titre", past(*phases)), POLICY, T0)
    assert isinstance(entered, PhaseEntered)
    assert (entered.began.date().isoformat() if entered.began else "") == began


def test_what_was_lived_before_counts_in_the_figures() -> None:
    lives = [(("idee", f"2020-0{month}-01"), ("mvp", "2020-12-01")) for month in range(1, 6)]
    taken = [
        Tracked("o/r", number, "Titre", imports.facts(ImportedProduct(f"clé{number}", "Titre", past(*one)), POLICY, T0))
        for number, one in enumerate(lives)
    ]
    found = rows(taken, POLICY, T0 + timedelta(days=1))
    assert usual_days(found, T0, TIMEZONE)["idee"] == 275
    told = {flow.id: (flow.reached, flow.now) for flow in indicators(found, POLICY, T0).phases}
    assert (told["idee"], told["mvp"]) == ((5, 0), (5, 5))


def test_a_product_that_has_reached_nothing_cannot_be_taken_over() -> None:
    with pytest.raises(ValueError, match="no phase"):
        imports.facts(ImportedProduct("clé", "Titre", ()), POLICY, T0)


def imported(*phases: tuple[str, str], key: str = "clé é/1") -> Product:
    """An issue that the import has just made."""
    taken_over = ImportedProduct(key, "Portail des agréments", past(*phases), "un fichier", (("autre", "DNUM"),))
    history = imports.facts(taken_over, POLICY, T0, AUTHOR)
    product = a_product(POLICY, body=f"Un texte.\n\n{imports.import_mark(history)}")
    return replace(product, issue=replace(product.issue, ours=True))


def test_an_issue_carries_its_history() -> None:
    product = imported(("idee", "2020-01-01"), ("mvp", "2021-02-03"))
    history = imports.history_in(product.issue)
    assert imports.key_in(product.issue.body) == "clé é/1"
    assert [type(fact) for fact in history] == [ProductImported, PhaseEntered]
    state = product.with_facts(history).standing
    assert state.phase == "mvp"
    assert state.stays[0].since == datetime(2021, 2, 3, tzinfo=UTC)
    assert state.filed
    assert (state.filed.title, state.filed.answers) == ("Portail des agréments", (("autre", "DNUM"),))
    undated = imports.history_in(imported(("mvp", "")).issue)
    assert product.with_facts(undated).standing.stays[0].since == T0


def test_a_mark_written_by_people_or_spoilt_is_not_believed() -> None:
    product = imported(("mvp", "2021-01-01"))
    spoilt = replace(product.issue, by_us=True, ours=False)
    assert imports.history_in(spoilt) == ()
    assert not is_product(replace(product, issue=spoilt), POLICY)
    # The mark copied into an issue of somebody's own means nothing, and hides nothing.
    theirs = replace(product.issue, ours=False)
    assert imports.history_in(theirs) == ()
    assert is_product(replace(product, issue=theirs), POLICY)
    assert pending_requests(product, POLICY) == ()
    assert imports.carried_history("<!-- jalon:import v1 key=YQ== record=xxxx -->") == ()
    assert imports.key_in("rien") is None
    assert imports.key_in("<!-- jalon:import v1 key=/w== record=b -->") is None


def taken(*phases: tuple[str, str]) -> Product:
    product = imported(*phases)
    return turn(product.with_facts(imports.history_in(product.issue)), POLICY)


def keys(product: Product) -> list[str]:
    return [comment.trace.key for comment in product.issue.comments if comment.trace]


def test_a_living_product_gets_its_checklist_and_may_go_on_without_the_form() -> None:
    product = taken(("mvp", "2021-01-01"))
    assert keys(product) == ["import", "checklist:1"]
    assert product.issue.is_open
    assert reconcile(product, POLICY, T0) == ()
    asked = played(says(product, "secretariat", "/demande idée"), POLICY)
    assert asked.standing.open_gate
    product = taken(("idee", "2021-01-01"))
    blocked = played(says(product, "secretariat", "/demande"), POLICY)
    assert {blocker.kind for blocker in blocked.history[-1].blockers} == {"item"}  # type: ignore[attr-defined]


def test_a_product_that_had_ended_is_closed_once() -> None:
    product = imported(("arret", "2021-01-01"))
    product = product.with_facts(imports.history_in(product.issue))
    effects = reconcile(product, POLICY, T0)
    assert [type(effect) for effect in effects[-2:]] == [Close, PostComment]
    product = turn(product, POLICY)
    assert keys(product) == ["import"]
    assert not product.issue.is_open
    assert reconcile(product, POLICY, T0) == ()
    reopened = replace(product, issue=replace(product.issue, is_open=True))
    assert reconcile(reopened, POLICY, T0) == ()


def test_what_is_done_on_an_ended_product_is_published_too() -> None:
    restless = replace(POLICY, phases=(*POLICY.phases[:2], replace(POLICY.phases[2], items=POLICY.phases[1].items)))
    product = turn(says(taken(("arret", "2021-01-01")), "secretariat", "/coche 1"), restless)
    assert keys(product) == ["import", "checklist:1"]
    assert history_in_comments.restored_history(product.issue.comments).history == product.history


def test_an_imported_history_is_rebuilt_from_its_comments() -> None:
    product = taken(("idee", "2020-01-01"), ("mvp", "2021-01-01"))
    assert history_in_comments.restored_history(product.issue.comments).history == product.history
