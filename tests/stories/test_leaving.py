"""Issues that leave: closed as duplicates, deleted, transferred to another repository and back, locked, pinned."""

from __future__ import annotations

import pytest

from app.domain.product.facts import ProductLeft
from app.domain.report.portfolio import rows
from app.reports.sources import from_register
from app.shipped_files import default_policy
from app.turns.finding import WAITS_S
from app.turns.wakeup import wake_up
from local_github import payloads
from local_github.state import OtherRepository, Refused
from tests.stage import SEATS

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

HALF = SEATS[:3]


@pytest.fixture
def elsewhere(stage):
    stage.world.others["archives"] = OtherRepository(7, "R_archives", "archives", private=True)
    return "archives"


def followed(stage):
    """Titles of the products in the portfolio, as every report shows it."""
    stage.now = max(stage.now, max((entry.fact.at for entry in stage.register.entries()), default=stage.now))
    later = stage.now.replace(year=stage.now.year + 1)
    return {row.title for row in rows(from_register(stage.register, "dnum/produits"), default_policy(), later)}


def facts_of(stage, kind):
    return [entry.fact for entry in stage.register.entries() if isinstance(entry.fact, kind)]


def closed(stage, login, number, reason):
    stage.world.edit_issue(login, number, state="closed", reason=reason)
    stage.settle()
    return stage.world.issues[number].state


def test_a_form_sent_twice_is_closed_as_a_duplicate_by_its_team(stage):
    first, second = stage.filed(title="SILAV"), stage.filed(title="SILAV bis")
    said = len(stage.said(second))
    assert closed(stage, "cheffe-produit", second, "duplicate") == "closed"
    assert len(stage.said(second)) == said
    assert followed(stage) == {"SILAV"}
    stage.world.edit_issue("cheffe-produit", second, state="open")
    stage.settle()
    assert followed(stage) == {"SILAV", "SILAV bis"}
    assert stage.nothing_left_to_do(first)
    assert stage.nothing_left_to_do(second)


@pytest.mark.parametrize(
    ("login", "reason", "words"),
    [
        ("chef-produit", "duplicate", "fermé comme doublon"),
        ("cheffe-produit", "not_planned", "J’ai rouvert ce ticket\u00a0: le produit"),
    ],
)
def test_any_other_closing_is_undone_with_the_way_to_ask(stage, login, reason, words):
    number = stage.filed()
    assert closed(stage, login, number, reason) == "open"
    assert words in stage.said(number)[-1]
    assert "`/demande arrêt`" in stage.said(number)[-1]


def test_a_product_the_committee_examines_is_no_duplicate(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    assert closed(stage, "cheffe-produit", number, "duplicate") == "open"
    assert "fermé comme doublon" in stage.said(number)[-1]
    assert followed(stage) == {"SILAV"}


def test_a_deleted_issue_leaves_the_portfolio_and_stays_in_the_register(stage):
    number = stage.filed()
    stage.world.comment("cheffe-produit", number, "/aide")
    stage.world.delete_issue("administratrice", number)
    stage.settle()
    assert followed(stage) == set()
    (left,) = facts_of(stage, ProductLeft)
    assert (left.how, left.by, left.to) == ("deleted", "administratrice", "")
    assert stage.register.verify() == []


def test_an_issue_that_is_no_product_leaves_without_a_trace(stage, elsewhere):
    number = stage.world.open_issue("chef-produit", "Une réunion", "").number
    stage.settle()
    stage.world.transfer_issue("secretariat", number, elsewhere)
    stage.settle()
    assert list(stage.register.entries()) == []


def test_a_transferred_product_comes_back_with_its_history_and_its_votes(stage, elsewhere):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande poc")
    stage.decided(number, seats=HALF)
    stage.says("visiteur", number, "/go")
    said = stage.said(number)
    gone = stage.world.transfer_issue("secretariat", number, elsewhere)
    stage.settle()
    assert followed(stage) == set()
    (left,) = facts_of(stage, ProductLeft)
    assert (left.how, left.to) == ("transferred", f"dnum/archives#{gone.number}")

    back = stage.world.bring_back("secretariat", gone.node_id).number
    stage.settle()
    assert back != number
    assert [body.split("\n")[0] for body in stage.said(back)] == [body.split("\n")[0] for body in said]
    assert {"phase: idée", "passage: demandé"} <= stage.labels(back)
    assert stage.column(back) == "Idée"
    assert followed(stage) == {"SILAV"}
    assert stage.nothing_left_to_do(back)
    stage.decided(back, seats=[seat for seat in SEATS if seat not in HALF])
    assert "phase: poc" in stage.labels(back), "the votes given before the transfer still count"
    assert stage.register.verify() == []
    assert stage.nothing_left_to_do(back)


def test_no_issue_goes_to_another_organisation_and_the_product_stays(stage, elsewhere):
    """GitHub moves issues between the repositories of one owner alone: what goes there is the repository."""
    number = stage.filed()
    said = stage.said(number)
    with pytest.raises(Refused):
        stage.world.transfer_issue("secretariat", number, f"autre/{elsewhere}")
    assert stage.settle() == []
    assert followed(stage) == {"SILAV"}
    assert stage.said(number) == said
    gone = stage.world.transfer_issue("secretariat", number, f"dnum/{elsewhere}")
    stage.settle()
    assert [left.to for left in facts_of(stage, ProductLeft)] == [f"dnum/archives#{gone.number}"]


def test_a_locked_or_pinned_issue_goes_on(stage):
    number = stage.filed(ready=True)
    said = len(stage.said(number))
    stage.world.lock_issue("secretariat", number)
    stage.world.pin_issue("secretariat", number)
    assert stage.settle() == []
    assert len(stage.said(number)) == said
    stage.drag("cheffe-produit", number, "MVP")
    assert "passage: demandé" in stage.labels(number)
    stage.world.lock_issue("secretariat", number, locked=False)
    stage.decided(number)
    assert stage.column(number) == "MVP"


def told_gone(stage, number, action):
    """GitHub's word of an issue that left, though it did not: whoever has the webhook's secret can write it."""
    issue = payloads.issue(stage.world, stage.world.issues[number])
    return {
        "action": action,
        "issue": issue,
        "repository": payloads.repository(stage.world),
        "sender": {"login": "visiteur", "type": "User", "id": 1},
    }


@pytest.mark.parametrize("changes", [{}, {"number": 404}], ids=["as it is", "under another number"])
@pytest.mark.parametrize("action", ["deleted", "transferred"])
def test_an_issue_said_to_be_gone_and_still_there_stays(stage, action, changes):
    number = stage.filed()
    payload = told_gone(stage, number, action)
    payload["issue"] |= changes
    began = stage.now
    outcome = stage.take(wake_up("issues", payload), "forged")
    assert outcome.ignored == f"said to be {action}, and still there"
    assert (stage.now - began).total_seconds() == sum(WAITS_S), "a late copy was given its time"
    assert followed(stage) == {"SILAV"}
    assert facts_of(stage, ProductLeft) == []
    stage.says("cheffe-produit", number, "/aide")
    assert stage.nothing_left_to_do(number)


@pytest.mark.parametrize("reads", [1, 3])
def test_an_issue_deleted_that_a_late_copy_still_shows_leaves_all_the_same(stage, reads):
    number = stage.filed()
    stage.hub.faults.add({"kind": "stale", "changes": 1, "next": reads})
    stage.world.delete_issue("administratrice", number)
    stage.settle()
    assert [left.how for left in facts_of(stage, ProductLeft)] == ["deleted"]
    assert followed(stage) == set()
