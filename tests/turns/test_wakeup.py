"""Pushes and labels: which of them may have changed the rules, or what products wear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.reuse.catalogue_file import COMMONS, NORMS, PATHS
from app.github.policies import PATH
from app.turns.wakeup import COMMITS_TOLD, LabelsWakeUp, MalformedDeliveryError, PolicyWakeUp, wake_up

RULES = PolicyWakeUp("dnum/produits", sender="secretariat")
OTHER = {"added": [], "modified": ["README.md"], "removed": []}
BARE = {"added": [], "modified": [], "removed": []}


def commit(kind):
    return {**BARE, kind: [PATH, "labels.yml"]}


def push(*commits, ref="refs/heads/main", branch="main", **more):
    about = {"full_name": "dnum/produits", "default_branch": branch}
    return {"ref": ref, "repository": about, "sender": {"login": "secretariat"}, "commits": list(commits), **more}


@pytest.mark.parametrize(
    ("payload", "wakes"),
    [
        (push(commit("modified")), True),
        (push(commit("added")), True),
        (push(commit("removed")), True),
        (push(OTHER, BARE, commit("modified")), True),
        (push(OTHER), False),
        (push(OTHER, BARE), False),
        (push(commit("modified"), ref="refs/heads/essai"), False),
        (push(commit("modified"), ref="refs/tags/main"), False),
        (push(commit("modified"), ref="refs/heads/principale", branch="principale"), True),
        (push(commit("modified"), deleted=True), False),
        # What GitHub does not tell in whole is looked at.
        (push(), True),
        (push(BARE), True),
        (push(*[OTHER] * (COMMITS_TOLD - 1)), False),
        (push(*[OTHER] * COMMITS_TOLD), True),
        (push({"id": "0" * 40}), True),
        ({**push(), "commits": None}, True),
        ({name: value for name, value in push().items() if name != "commits"}, True),
    ],
)
def test_a_push_wakes_the_rules(payload, wakes):
    found = wake_up("push", payload)
    assert (found and replace(found, is_told=False, catalogue=frozenset(), commons=frozenset())) == (
        RULES if wakes else None
    )


@pytest.mark.parametrize(
    ("commits", "files", "is_named"),
    [
        ([{**BARE, "added": [COMMONS, "labels.yml"]}, {**BARE, "removed": [NORMS]}], {COMMONS, NORMS}, True),
        ([commit("modified")], set(), False),
        ([], set(PATHS), False),
        ([{**BARE, "modified": [COMMONS]}] * COMMITS_TOLD, set(PATHS), True),
    ],
)
def test_a_push_tells_which_files_of_the_catalogue_to_read(commits, files, is_named):
    found = wake_up("push", push(*commits))
    assert (found.catalogue, found.is_named) == (files, is_named)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {**push(), "repository": {"full_name": "dnum/produits"}},
        {**push(), "repository": {"full_name": "../../x", "default_branch": "main"}},
        {**push(), "sender": None},
        {**push(), "commits": ["abc"]},
        {**push(), "commits": 3},
        {**push(), "commits": [{"modified": 3}]},
    ],
)
def test_a_push_that_lacks_what_github_always_sends_is_malformed(payload):
    with pytest.raises(MalformedDeliveryError):
        wake_up("push", payload)


@pytest.mark.parametrize(("after", "told"), [("a" * 40, {"a" * 40}), ("", set()), (None, set())])
def test_a_push_tells_where_it_left_the_branch(after, told):
    assert wake_up("push", push(commit("modified"), after=after)).told == told
    assert wake_up("push", push(after=after)).told == told


def label(action, name="étape", **more):
    payload = {"action": action, "label": {"name": name}, "repository": {"full_name": "dnum/produits"}}
    return {**payload, "sender": {"login": "secretariat", "type": "User"}, **more}


@pytest.mark.parametrize(
    ("payload", "renamed"),
    [
        (label("deleted"), None),
        (label("edited", changes={"name": {"from": "phase: idée"}}), ("phase: idée", "étape")),
    ],
)
def test_a_label_renamed_or_deleted_wakes_the_labels_of_its_repository(payload, renamed):
    deleted = "" if renamed else "étape"
    assert wake_up("label", payload) == LabelsWakeUp("dnum/produits", renamed, deleted, sender="secretariat")


@pytest.mark.parametrize(
    "payload",
    [label("created"), label("edited"), label("edited", changes={"color": {"from": "ffffff"}}), label("archived")],
)
def test_a_label_made_or_repainted_wakes_nobody(payload):
    assert wake_up("label", payload) is None


@pytest.mark.parametrize(
    "payload", [{"action": "deleted"}, label("edited", changes={"name": {}, "x": 1}) | {"label": 1}]
)
def test_a_label_event_that_lacks_what_github_always_sends_is_malformed(payload):
    with pytest.raises(MalformedDeliveryError):
        wake_up("label", payload)
