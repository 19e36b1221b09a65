"""What may already answer a need: when it is looked for, what is shown and dropped, who answers, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.decide import reuse
from app.domain.product.facts import CommandRefused
from app.domain.product.lawful import breach
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested
from app.domain.product.surroundings import ALONE
from app.domain.reuse.catalogue import Catalogue, Common
from app.domain.reuse.need import Need
from app.domain.reuse.suggest import Candidate, SuggestionSource
from tests.builders import AUTHOR, T0, a_body, a_policy, a_product, played, says

POLICY = a_policy()
PROCONNECT = Common(
    "proconnect",
    "ProConnect",
    "Un seul compte",
    replaces=("AgentConnect",),
    owner="DINUM",
    link="https://p.fr",
    settles=("idee-vision",),
)
GRIST = Common("grist", "Grist", "Un tableau partagé")
TWIN = Common("twin", "Agréments", "Un autre")
OTHERS = (
    Need(
        "produit:I_2",
        "Agréments",
        "Suivre les agréments",
        number=2,
        repository="ministere/produits",
        ended="2025-03-01",
    ),
    Need("produit:I_3", "Permis", "Délivrer des permis", number=3, repository="ministere/produits"),
    Need("produit:I_1", "Portail des agréments", "", number=1, repository="ministere/produits"),
    Need("produit:I_4", "Seul", "", repository="ministere/produits"),
)


NEW = "\n\n".join(f"### {one.labels[0]}\n\nUne réponse." for one in POLICY.questions if not one.only_if_asked)


class Town:
    """A catalogue and four needs; `near` is what a search finds."""

    def __init__(self, near=(), aside=(), commons=(PROCONNECT, GRIST, TWIN)):
        self.catalogue, self.near, self.aside, self.asked = Catalogue(commons, is_kept=False), near, aside, []

    def numbered(self, number):
        return next((one for one in OTHERS if one.number == number), None)

    def need(self, ref):
        return next((one for one in OTHERS if one.ref == ref), None)

    def called(self, name):
        return tuple(one for one in OTHERS if one.title.lower().replace("é", "e") == name and one.ref != "produit:I_1")

    def found(self, filing, silenced):
        self.asked.append((filing, silenced))
        return self.near

    def set_aside_by(self, _):
        return frozenset(self.aside)


def found(ref, door=SuggestionSource.NEAR, **more):
    return Candidate(ref, ref.partition(":")[2], "Une phrase", door, **more)


def in_town(product, town):
    return replace(
        product, around=town, issue=replace(product.issue, url="https://github.com/ministere/produits/issues/1")
    )


def filed(*near, policy=POLICY, body=NEW, **town):
    place = Town(near, **town)
    return played(in_town(a_product(policy, body=body), place), policy), place


def suggestions(product):
    return [fact for fact in product.history if isinstance(fact, ReuseSuggested)]


def retold(product, policy=POLICY, near=None, title="", body=""):
    issue = product.issue
    product = replace(product, issue=replace(issue, title=title or issue.title, body=body or issue.body))
    if near is not None:
        product.around.near = near
    return played(product, policy, T0 + timedelta(hours=1))


def test_what_is_found_at_the_filing_is_shown_with_where_it_is():
    product, town = filed(
        found("produit:I_2", words=("agréments",)),
        found("commun:proconnect", SuggestionSource.NAME, link="https://p.fr"),
    )
    (fact,) = suggestions(product)
    assert fact.cause == f"reuse:{product.history[0].cause}"
    assert [(one.number, one.ref, one.door) for one in fact.shown] == [
        (1, "produit:I_2", "near"),
        (2, "commun:proconnect", "name"),
    ]
    near, named = fact.shown
    assert (near.link, near.ended, near.words) == (
        "https://github.com/ministere/produits/issues/2",
        "2025-03-01",
        ("agréments",),
    )
    assert (named.link, named.owner) == ("https://p.fr", "DINUM")
    ((filing, silenced),) = town.asked
    assert (filing.need.ref, silenced) == ("produit:I_1", frozenset())
    assert breach(product.history) == 0
    assert played(product, POLICY) == product


def test_a_reflex_asks_its_question():
    product, _ = filed(
        found("commun:grist", SuggestionSource.REFLEX, question="Un tableau suffirait-il ?"), found("produit:I_9")
    )
    assert [one.line for one in suggestions(product)[0].shown] == ["Un tableau suffirait-il ?", "Une phrase"]


def test_nothing_found_is_no_fact():
    assert suggestions(filed()[0]) == []
    assert suggestions(played(a_product(POLICY), POLICY)) == []


def test_rules_without_the_section_look_for_nothing():
    policy = replace(POLICY, reuse=None)
    product, town = filed(found("produit:I_2"), policy=policy)
    assert town.asked == []
    assert refused(played(says(product, AUTHOR, "/réutilise 1"), policy)) == "reuse_off"
    assert refused(played(says(product, AUTHOR, "/proche #2"), policy)) == "reuse_off"


def test_one_that_exists_already_is_not_looked_at():
    _, town = filed(found("produit:I_2"), body=a_body(POLICY))
    assert town.asked == []


@pytest.fixture
def waiting():
    """One line shown, of a new need."""
    return shown(found("produit:I_2"))


def shown(*near, **town):
    return filed(*near, **town)[0]


def test_a_need_told_otherwise_is_looked_at_again():
    product = shown(found("produit:I_2"), found("commun:grist"))
    product = retold(product, title="Portail", near=(found("commun:grist"), found("produit:I_3")))
    assert [(one.number, one.ref) for one in suggestions(product)[-1].shown] == [(3, "produit:I_3")]
    assert suggestions(product)[-1].dropped == (1,)
    assert breach(product.history) == 0
    before = len(product.around.asked)
    product = retold(product, body=NEW.replace("Une réponse.", "Autre", 1))
    assert len(product.around.asked) == before + 1
    assert (
        retold(product, title="Portail 2", near=(found("commun:grist"), found("produit:I_3"))).standing.reuse.last == 3
    )


def test_what_else_changes_calls_for_nothing():
    product = shown(found("produit:I_2"))
    before = len(product.around.asked)
    product = replace(product, issue=replace(product.issue, assignees=("chef-produit",)))
    assert len(played(product, POLICY).around.asked) == before


def test_an_answered_line_is_asked_no_more_and_one_a_person_proposed_stays():
    product = shown(found("produit:I_2"))
    product = played(says(product, "visiteur", "/proche Grist : un tableau suffit"), POLICY)
    product = played(says(product, AUTHOR, "/écarte 1 : un autre public que le nôtre"), POLICY)
    product = retold(product, title="Portail", near=(found("commun:proconnect"),))
    assert product.around.asked[-1][1] == {"produit:I_2"}
    assert [one.shown.number for one in product.standing.reuse.awaited] == [2, 3]
    assert suggestions(product)[1].shown[0].why == "un tableau suffit"
    assert suggestions(product)[1].shown[0].by == "visiteur"


def test_three_lines_wait_at_most():
    product = shown(found("produit:I_2"), found("produit:I_3"), found("commun:grist"))
    product = played(says(product, "visiteur", "/proche ProConnect"), POLICY)
    assert refused(product) == "reuse_full"


def refused(product):
    fact = product.history[-1]
    assert isinstance(fact, CommandRefused), fact
    return fact.reason


@pytest.mark.parametrize("who", [AUTHOR, "secretariat", "communs"])
def test_who_answers(who, waiting):
    product = played(says(waiting, who, "/réutilise 1"), POLICY)
    fact = product.history[-1]
    assert isinstance(fact, ReuseAnswered)
    assert (fact.answer, fact.number, fact.by) == ("reuse", 1, who)


@pytest.mark.parametrize("who", ["visiteur", "techno"])
def test_who_does_not(who, waiting):
    assert refused(played(says(waiting, who, "/réutilise 1"), POLICY)) == "not_reuse_team"


@pytest.mark.parametrize(("seat", "team"), [("", frozenset({"communs"})), ("communs", None)])
def test_a_seat_that_is_not_named_or_not_known_does_not_answer(seat, team, waiting):
    policy = replace(POLICY, reuse=replace(POLICY.reuse, seat=seat))
    product = replace(waiting, issue=replace(waiting.issue, team=team))
    assert refused(played(says(product, "communs", "/réutilise 1"), policy)) == "not_reuse_team"


NAMED = {
    "/réutilise 1": "produit:I_2",
    "/réutilise #3": "produit:I_3",
    "/réutilise proconnect": "commun:proconnect",
    "/réutilise AgentConnect": "commun:proconnect",
    "/réutilise PERMIS": "produit:I_3",
    "/adapte Grist il manque les droits": "commun:grist",
    "/adapte ProConnect : il manque les usagers": "commun:proconnect",
}


@pytest.mark.parametrize(("text", "ref"), NAMED.items(), ids=NAMED)
def test_what_people_name(text, ref, waiting):
    fact = played(says(waiting, AUTHOR, text), POLICY).history[-1]
    assert isinstance(fact, ReuseAnswered)
    assert fact.ref == ref


def test_a_common_reused_tells_what_it_settles(waiting):
    product = played(says(waiting, AUTHOR, "/réutilise ProConnect"), POLICY)
    assert product.history[-1].settles == ("idee-vision",)
    product = played(says(product, AUTHOR, "/adapte ProConnect : il manque les usagers"), POLICY)
    assert product.history[-1].settles == ()
    assert product.history[-1].reason == "il manque les usagers"


def test_a_line_whose_common_is_gone_is_answered_all_the_same():
    product = shown(found("commun:parti"))
    product = played(says(product, AUTHOR, "/réutilise 1"), POLICY)
    assert product.history[-1].ref == "commun:parti"
    product = played(says(product, AUTHOR, "/adapte parti : il faut le reprendre"), POLICY)
    assert (product.history[-1].ref, product.history[-1].number) == ("commun:parti", 1)
    product = played(says(product, AUTHOR, "/réutilise Lune"), POLICY)
    assert refused(product) == "reuse_unknown"


def test_what_was_named_and_is_gone_keeps_its_name(waiting):
    product = played(says(waiting, AUTHOR, "/réutilise Grist"), POLICY)
    product = replace(product, around=ALONE)
    product = played(says(product, AUTHOR, "/adapte Grist : il manque les droits"), POLICY)
    assert product.history[-1].ref == "commun:grist"


REFUSED = {
    "/réutilise": "reuse_missing",
    "/réutilise 7": "reuse_unknown",
    "/réutilise #99": "reuse_unknown",
    "/réutilise Lune": "reuse_unknown",
    "/réutilise 1, 7": "reuse_unknown",
    "/réutilise Agréments": "reuse_several",
    "/réutilise #1": "reuse_itself",
    "/écarte 1": "reuse_reason",
    "/adapte 1 : non": "reuse_reason",
    "/proche": "reuse_missing",
    "/proche #1": "reuse_itself",
    "/proche 1": "reuse_itself",
    "/proche #2": "reuse_shown",
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=REFUSED)
def test_why_nothing_is_kept(text, reason, waiting):
    assert refused(played(says(waiting, AUTHOR, text), POLICY)) == reason


def test_what_was_set_aside_either_way_is_proposed_by_nobody(waiting):
    product = played(says(waiting, AUTHOR, "/écarte 1 : un autre public que le nôtre"), POLICY)
    product = played(says(product, "visiteur", "/proche #2"), POLICY)
    assert refused(product) == "reuse_aside"
    assert dict(product.history[-1].details)["said"] == "un autre public que le nôtre"
    product.around.aside = ("produit:I_3",)
    assert refused(played(says(product, "visiteur", "/proche #3"), POLICY)) == "reuse_aside"
    product = played(says(product, AUTHOR, "/réutilise Grist"), POLICY)
    assert refused(played(says(product, "visiteur", "/proche Grist"), POLICY)) == "reuse_shown"


def test_several_are_set_aside_at_once():
    product = shown(found("produit:I_2"), found("produit:I_3"))
    product = played(says(product, AUTHOR, "/écarte 1 2 parce que le public est autre"), POLICY)
    assert product.standing.reuse.set_aside == {"produit:I_2", "produit:I_3"}
    assert not product.standing.reuse.awaited


def test_a_product_without_a_number_has_no_address():
    product = shown(found("produit:I_4"))
    assert suggestions(product)[0].shown[0].link == ""
    assert reuse.MOST == 3
    assert date.fromisoformat(OTHERS[0].ended)
