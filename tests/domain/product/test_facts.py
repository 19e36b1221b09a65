"""Facts written to JSON and read back, one of each kind, and the histories they make."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.model import Rule
from app.domain.product.fact_json import KINDS, from_json, to_json
from app.domain.product.facts import Fact, HelpAsked
from app.domain.product.state import Product, standing
from tests.builders import T0, a_product, a_small_policy, at_gate, filed, voting

MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis asks for it
RULES = st.builds(Rule, st.integers(1, 9), st.fractions(0, 1), st.tuples(st.text()), st.just(()), st.integers(1, 90))


def _of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    return st.builds(kind, **{name: st.from_type(hint) for name, hint in get_type_hints(kind).items()})


for _type, _strategy in ((datetime, MOMENTS), (Rule, RULES), (Fraction, st.fractions(0, 1))):
    st.register_type_strategy(_type, _strategy)


@given(st.one_of([_of(kind) for kind in KINDS.values()]))
def test_a_fact_survives_json(fact: Fact) -> None:
    written = json.dumps(to_json(fact))
    assert from_json(json.loads(written)) == fact


@pytest.mark.parametrize("kind", KINDS.values())
def test_each_kind_is_frozen_and_named(kind: type[Fact]) -> None:
    assert KINDS[kind.__name__] is kind
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert {"at", "by", "cause"} <= {field.name for field in dataclasses.fields(kind)}


def test_a_real_history_survives_json() -> None:
    policy = a_small_policy()
    product = voting(at_gate(policy), policy, {"data": "/go sous réserve\n- un", "secu": "/go", "techno": "/go"})
    assert tuple(from_json(json.loads(json.dumps(to_json(fact)))) for fact in product.history) == product.history


def test_unknown_fields_are_ignored_and_unknown_kinds_refused() -> None:
    data: dict[str, Any] = to_json(HelpAsked(at=T0, by="x", cause="c", comment=1))
    assert from_json({**data, "later": 1}).by == "x"
    with pytest.raises(KeyError):
        from_json({**data, "kind": "Rumeur"})
    with pytest.raises(TypeError):
        from_json({"kind": "HelpAsked"})


def test_a_history_is_folded_from_nothing() -> None:
    empty = standing(())
    assert (empty.phase, empty.stay, empty.open_gate, empty.filed) == (None, None, None, None)
    assert Product(a_product().issue).standing.causes == set()


def test_the_first_filing_is_kept() -> None:
    history = filed(a_small_policy()).history
    assert standing((*history, history[0])).filed is history[0]


def test_a_fact_of_no_kind_changes_nothing_but_its_cause() -> None:
    state = standing((Fact(at=T0, by="x", cause="comment:7:abc"),))
    assert state.causes == {"comment:7:abc"}
    assert list(state.granted) == [7]
