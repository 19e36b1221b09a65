"""The benchmarks can be loaded, and what they work out of a list of calls: points, comments, and what a pace adds."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from benchmarks import points
from benchmarks.costs import DECISION, GO, REQUEST, TICK, gate
from benchmarks.scene import Cost
from benchmarks.waits import throttled

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
COMMENTS = "/repos/dnum/produits/issues/1/comments"


def rest(method: str, path: str) -> dict[str, object]:
    return {"method": method, "path": path, "operation": "", "acts": [], "write": method != "GET"}


def mutation(*acts: str) -> dict[str, object]:
    return {"method": "POST", "path": "/graphql", "operation": "Turn", "acts": list(acts), "write": True}


READ = {"method": "POST", "path": "/graphql", "operation": "Product", "acts": [], "write": False}


@pytest.mark.parametrize(
    ("call", "hour", "minute", "comments"),
    [
        (rest("GET", COMMENTS), 1, 1, 0),
        (rest("POST", COMMENTS), 1, 5, 1),
        (rest("PATCH", "/repos/dnum/produits/issues/comments/7"), 1, 5, 0),
        (rest("POST", "/repos/dnum/produits/issues/1/labels"), 1, 5, 0),
        (READ, 1, 1, 0),
        (mutation("addLabelsToLabelable", "updateIssueComment"), 1, 5, 0),
        (mutation("addComment", "updateIssueComment", "addComment"), 1, 5, 2),
    ],
)
def test_a_call_costs_what_github_publishes(call, hour, minute, comments):
    assert (points.of_the_hour(call), points.of_the_minute(call), points.comments(call)) == (hour, minute, comments)


LABEL, EDIT = rest("POST", "/repos/dnum/produits/issues/1/labels"), rest("PATCH", "/repos/dnum/produits/issues/1")
SAID = rest("POST", COMMENTS)


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [
        ([], 0),
        ([rest("GET", COMMENTS), LABEL], 0),
        ([READ, LABEL], 1),
        ([LABEL, EDIT, SAID], 2),
        ([LABEL, EDIT, EDIT, SAID, SAID], 6),
        ([SAID, LABEL, LABEL, LABEL, SAID], 4),
        ([READ, *[LABEL] * 7, SAID, SAID, LABEL], 11),
    ],
)
def test_the_pace_of_probots_plugin_is_worked_out(calls, seconds):
    assert throttled(calls) == seconds


def test_a_gate_is_all_that_leads_to_its_decision():
    parts = {TICK: Cost(1, 2, 3, 11, 0), REQUEST: Cost(1, 1, 2, 6, 1), GO: Cost(1, 1, 2, 6, 0)}
    assert gate(parts | {DECISION: Cost(1, 1, 2, 6, 2)}) == Cost(9, 10, 19, 59, 3)


@pytest.mark.parametrize("module", sorted(path.stem for path in BENCHMARKS.glob("*.py")))
def test_every_benchmark_can_still_be_loaded(module):
    importlib.import_module(f"benchmarks.{module}")
