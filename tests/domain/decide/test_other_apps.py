"""Whoever wrote a comment is known before it asks for anything, and another App asks for nothing in somebody's name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decide.pending import pending_requests, unsure_of
from app.domain.decide.request import SpeakThrough
from app.domain.policy.model import Policy
from app.domain.product.facts import CommandRefused
from app.domain.product.issue import Through
from app.domain.product.state import Product
from tests.builders import a_policy, at_gate, says, turn

POLICY = a_policy()
SEATS = ("techno", "secu", "design", "data")
NAMED = replace(POLICY, committee=replace(POLICY.committee, apps=("Redacteur", "77")))
OTHER = Through(41, "redacteur", "Rédacteur")


def by(product: Product, *writers: Through | None) -> Product:
    """The last comments were written so."""
    comments = product.issue.comments
    kept, last = comments[: -len(writers)], comments[-len(writers) :]
    seen = [replace(one, through=who) for one, who in zip(last, writers, strict=True)]
    return replace(product, issue=replace(product.issue, comments=(*kept, *seen)))


@pytest.mark.parametrize(
    ("through", "policy", "is_trusted"),
    [
        (Through(), POLICY, True),
        (OTHER, POLICY, False),
        (OTHER, NAMED, True),
        (Through(77), NAMED, True),
        (Through(78), NAMED, False),
        (Through(78, "77x"), NAMED, False),
    ],
)
def test_the_rules_say_which_apps_speak_for_people(through: Through, policy: Policy, is_trusted: bool) -> None:
    product = by(says(at_gate(policy), "techno", "/go\n\n/aide"), through)
    asked = [one.command for one in pending_requests(product, policy) if one.comment]
    assert any(isinstance(one, SpeakThrough) for one in asked) != is_trusted
    assert len(asked) == (2 if is_trusted else 1)


@pytest.mark.parametrize(
    ("through", "shown"), [(OTHER, "Rédacteur"), (Through(41, "redacteur"), "redacteur"), (Through(41), "41")]
)
def test_the_answer_names_the_app_as_it_can(through: Through, shown: str) -> None:
    product = by(says(at_gate(POLICY), "techno", "/go"), through)
    (fact,) = (one for one in turn(product, POLICY).history if isinstance(one, CommandRefused))
    assert (fact.command, fact.reason, fact.details) == ("SpeakThrough", "other_app", (("app", shown),))


def test_while_it_is_not_known_who_wrote_nothing_is_asked() -> None:
    product = by(says(says(at_gate(POLICY), "techno", "/go"), "data", "Bonjour"), None, None)
    (number,) = unsure_of(product, POLICY)
    assert number == product.issue.comments[-2].id
    assert not any(one.comment for one in pending_requests(product, POLICY))
    assert unsure_of(by(product, Through(), None), POLICY) == frozenset()
    bare = replace(product.issue, labels=frozenset(), body="")
    assert unsure_of(replace(product, issue=bare, history=()), POLICY) == frozenset()


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(SEATS), st.sampled_from([Through(), OTHER, Through(77)])), max_size=8))
def test_a_voice_is_only_ever_what_its_person_or_a_trusted_app_wrote(said: list[tuple[str, Through]]) -> None:
    product = at_gate(NAMED_ONE)
    for login, through in said:
        product = turn(by(says(product, login, "/go"), through), NAMED_ONE)
    spoke = {login for login, through in said if through != OTHER}
    counted = {ballot.fact.by for gate in product.standing.gates.values() for ballot in gate.ballots}
    assert counted <= spoke
    assert product.standing.open_gate is None or counted == spoke


NAMED_ONE = replace(POLICY, committee=replace(POLICY.committee, apps=("77",)))
