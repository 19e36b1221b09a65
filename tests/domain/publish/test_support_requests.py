"""Support asked for: labels from the boxes ticked, one comment that follows the form, and nothing recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.product import labels
from app.domain.product.state import Product
from app.domain.publish.effects import ChangeLabels, EditComment
from app.domain.publish.reconcile import reconcile
from app.domain.publish.support_requests import is_support, needs_of_issue
from tests.builders import T0, a_policy, a_product, applied, edited, filed, shown, turn

POLICY = a_policy()
PRODUCT, NEEDS, CONTEXT, _ = (question.labels[0] for question in POLICY.support)
ASKED = next(question.labels[0] for question in POLICY.questions if question.id == "besoins")


def asking(boxes: str = "- [X] Design\n- [ ] Données\n- [x] DevSecOps", context: str = "Relire un guide.") -> Product:
    body = f"### {PRODUCT}\n\nSILAV\n\n### {NEEDS}\n\n{boxes}\n\n### {CONTEXT}\n\n{context}"
    product = a_product(POLICY, body=body)
    return replace(product, issue=replace(product.issue, labels=frozenset()))


def settled(product: Product) -> Product:
    return applied(product, reconcile(product, POLICY, T0), POLICY)


def test_a_request_for_support_gets_its_labels_and_one_comment() -> None:
    product = settled(asking())
    assert product.issue.labels == {"accompagnement", "besoin: design", "besoin: DevSecOps"}
    assert "design et DevSecOps" in shown(product, "support").body
    assert reconcile(product, POLICY, T0) == ()
    assert product.history == ()
    assert turn(product, POLICY) == product


def test_what_is_asked_for_is_what_the_labels_say_else_the_boxes() -> None:
    issue = asking().issue
    assert needs_of_issue(issue, POLICY) == ("design", "DevSecOps")
    assert needs_of_issue(replace(issue, labels=frozenset({"besoin: données"})), POLICY) == ("données",)


def test_missing_answers_are_asked_for_and_the_comment_follows() -> None:
    product = settled(asking("- [ ] Design", "_No response_"))
    assert product.issue.labels == {"accompagnement"}
    assert shown(product, "support").body.count("\n- ") == 2
    product = replace(product, issue=replace(product.issue, body=asking().issue.body))
    assert [type(effect) for effect in reconcile(product, POLICY, T0)] == [ChangeLabels, EditComment]
    assert "Il manque" not in shown(settled(product), "support").body
    comment = shown(product, "support")
    touched = edited(settled(product), comment.id, "passant", "Rien.\n" + comment.body)
    assert "Rien." not in shown(settled(touched), "support").body


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"is_open": False}, False),
        ({"body": "Bonjour"}, False),
        ({"body": "x", "labels": frozenset({"Accompagnement"})}, True),
    ],
)
def test_what_is_a_request_for_support(change: dict[str, object], found: bool) -> None:
    assert is_support(replace(asking().issue, **change), POLICY) is found  # type: ignore[arg-type]


def test_the_boxes_of_a_product_set_its_labels_until_they_are_unticked() -> None:
    text = a_product(POLICY).issue.body
    ticked = text.replace(f"### {ASKED}\n\nUne réponse.", f"### {ASKED}\n\n- [X] Recherche utilisateur\n- [x] Lune")
    product = turn(filed(POLICY, body=ticked), POLICY)
    assert "besoin: recherche utilisateur" in product.issue.labels
    by_hand = replace(product.issue, labels=product.issue.labels | {"besoin: design"}, body=text)
    product = turn(replace(product, issue=by_hand), POLICY)
    assert "besoin: recherche utilisateur" not in product.issue.labels
    assert "besoin: design" in product.issue.labels
    assert labels.needs_of_answers({}) == ()
