"""What is sealed is written as RFC 8785 writes it: byte for byte what its reference in Python writes."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.product.fact_json import to_json
from app.transparency.canonical import canonical
from tests.builders import a_small_policy, at_gate, voting

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
LEAF = (
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(st.characters(codec="utf-8"), max_size=12)
)
VALUES = st.recursive(LEAF, lambda of: st.lists(of, max_size=3) | st.dictionaries(KEYS, of, max_size=3), max_leaves=12)


@given(VALUES)
@settings(max_examples=60)
def test_every_value_that_facts_hold_is_written_alike(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_the_facts_of_a_whole_life_are_written_alike():
    policy = a_small_policy()
    lived = voting(
        at_gate(policy),
        policy,
        {
            "techno": "/go sous réserve\n- relire « le plan » 🙂",
            "secu": "/nogo trop tôt\u2028 vraiment",
            "design": "/go",
        },
    )
    assert len(lived.history) > 5
    for fact in lived.history:
        assert canonical(to_json(fact)) == rfc8785.dumps(to_json(fact))


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), 2**53, -(2**53), b"x", {"é": 1}, {1: 2}, [object()], {"a": [0.1]}, "\ud800"]
)
def test_what_others_might_write_otherwise_is_never_sealed(value):
    with pytest.raises((ValueError, UnicodeEncodeError)):
        canonical(value)
