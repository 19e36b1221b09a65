"""What a product is called, who answers for it and what support it asks for, followed as the issue changes."""

from dataclasses import replace

import pytest

from app.domain.decide.pending import pending_requests
from app.domain.product.description import Description, known_description, labelled_needs, ticked_needs
from app.domain.product.facts import ProductDescribed
from app.domain.product.state import standing
from tests.builders import AUTHOR, a_policy, a_product, filed, played, turn


def changed(product, **fields):
    return replace(product, issue=replace(product.issue, **fields))


def described(product):
    return [fact for fact in product.history if isinstance(fact, ProductDescribed)]


def test_nothing_is_known_of_nothing():
    assert known_description(standing(())) == Description()


def test_a_product_as_filed_needs_no_description():
    product = filed()
    assert described(product) == []
    assert known_description(product.standing) == Description("Portail des agréments", (AUTHOR,), ())


def test_each_change_is_kept_once():
    policy = a_policy()
    product = turn(filed(policy), policy)
    product = turn(changed(product, title="Agréments", labels=product.issue.labels | {"besoin: design"}), policy)
    product = turn(changed(product, assignees=("chef-produit",)), policy)
    assert [(fact.title, fact.people, fact.needs) for fact in described(product)] == [
        ("Agréments", (AUTHOR,), ("design",)),
        ("Agréments", (AUTHOR, "chef-produit"), ("design",)),
    ]
    assert turn(product, policy) == product
    back = turn(changed(product, title="Portail des agréments", assignees=(), labels=frozenset({"produit"})), policy)
    assert known_description(back.standing) == known_description(filed(policy).standing)
    assert len(described(back)) == 3


def test_an_issue_filed_with_labels_is_described_in_the_same_turn():
    policy = a_policy()
    product = played(changed(a_product(policy), labels=frozenset({"produit", "besoin: données"})), policy)
    assert known_description(product.standing).needs == ("données",)
    assert "Describe" not in [type(asked.command).__name__ for asked in pending_requests(product, policy)]


def test_boxes_of_the_form_ask_for_support_until_a_label_does():
    policy = a_policy()
    label = next(question.labels[0] for question in policy.questions if question.id == "besoins")
    body = a_product(policy).issue.body.replace(
        f"### {label}\n\nUne réponse.", f"### {label}\n\n- [X] Recherche utilisateur\n- [ ] Design\n- [x] DevSecOps"
    )
    product = turn(a_product(policy, body=body), policy)
    assert (known_description(product.standing).needs, described(product)) == (
        ("DevSecOps", "recherche utilisateur"),
        [],
    )
    product = turn(changed(product, labels=product.issue.labels | {"besoin: design"}), policy)
    assert known_description(product.standing).needs == ("DevSecOps", "design", "recherche utilisateur")


@pytest.mark.parametrize(
    ("labels", "needs"), [([], ()), (["produit", "phase: idée"], ()), (["besoin: b", "besoin: a"], ("a", "b"))]
)
def test_support_is_read_in_labels(labels, needs):
    assert labelled_needs(labels) == needs


def test_no_answer_asks_for_nothing():
    assert ticked_needs({}) == ticked_needs({"besoins": "De l’aide"}) == ()
