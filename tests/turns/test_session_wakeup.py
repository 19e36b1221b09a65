"""A session's issue is known by what its delivery holds: a mark in a description that a bot wrote."""

from __future__ import annotations

import pytest

from app.turns.wakeup import ProductWakeUp, SessionWakeUp, own_wake_up, wake_up

MARKED = "# Ordre du jour\n\n<!-- jalon:ordre-du-jour 2026-11-24 -->"


def delivery(body, kind):
    issue = {"node_id": "I_1", "number": 1, "title": "Ordre du jour", "body": body, "user": {"type": kind}}
    return {
        "action": "created",
        "issue": issue,
        "comment": {"id": 7, "body": "/séance annulée", "performed_via_github_app": None},
        "repository": {"full_name": "dnum/produits"},
        "sender": {"login": "secretariat", "id": 3},
    }


@pytest.mark.parametrize(
    ("body", "kind", "wanted"),
    [
        (MARKED, "Bot", SessionWakeUp),
        (MARKED.replace("\n", "\r\n"), "Bot", SessionWakeUp),
        (MARKED, "User", ProductWakeUp),
        (MARKED.replace("2026-11-24", "2026-13-24"), "Bot", ProductWakeUp),
        (MARKED.replace("ordre-du-jour", "releve"), "Bot", ProductWakeUp),
        (None, "Bot", ProductWakeUp),
    ],
)
def test_a_comment_wakes_the_turn_of_its_issue(body, kind, wanted):
    found = wake_up("issue_comment", delivery(body, kind))
    assert type(found) is wanted
    assert (found.key, found.comment, found.sender_id) == ("I_1", 7, 3)


def test_a_sweep_wakes_a_session_in_the_background():
    found = own_wake_up("session", {"node_id": "I_1", "repository": "dnum/produits", "number": 1, "since": ""})
    assert isinstance(found, SessionWakeUp)
    assert found.in_background
