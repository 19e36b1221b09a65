"""GitHub's limits on writing, on a clock that moves only when somebody waits."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.importing import duration_told
from app.importing.pacing import CONTENT_LIMITS, Pacer, duration


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 200)), max_size=700))
def test_no_limit_is_ever_passed(acts: list[tuple[bool, float]]) -> None:
    now, writes, made = 0.0, [], []

    def wait(seconds: float) -> None:
        nonlocal now
        assert seconds > 0
        now += seconds

    pacer = Pacer(lambda: now, wait)
    for makes_content, idle in acts:
        now += idle
        (pacer.content if makes_content else pacer.write)()
        writes.append(now)
        made += [now] if makes_content else []
    assert all(later - sooner >= 1 - 1e-6 for sooner, later in itertools.pairwise(writes))
    for span, most in CONTENT_LIMITS:
        assert all(later - sooner >= span - 1e-6 for sooner, later in zip(made, made[most:], strict=False))


@pytest.mark.parametrize(
    ("writes", "seconds"),
    [([], 0), ([True], 0), ([True] * 61, 60), ([False] * 10, 9), ([True] * 420, 419), ([True] * 421, 3600)],
)
def test_how_long_an_import_takes(writes: list[bool], seconds: float) -> None:
    assert duration(writes) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "moins d’une minute"), (60, "1 min"), (3540, "59 min"), (3600, "1 h 00"), (3905, "1 h 05")],
)
def test_a_duration_is_told_in_french(seconds: float, words: str) -> None:
    assert duration_told(seconds) == words
