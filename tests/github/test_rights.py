"""Tokens are never wider than what Jalon uses, and follow what an organisation grants or takes back."""

from __future__ import annotations

import pytest

from app.github import client as calls
from app.github.client import Client, LaterError
from app.github.errors import RefusalError
from app.github.policies import PATH
from app.github.rights import CEILING, LEVELS, PERMISSIONS, narrowed
from app.settings import read_settings
from app.setup.checks import CHOSEN

REPOSITORY = "dnum/produits"
WIDE = {"administration": "write", "contents": "write", "workflows": "write", "members": "write", "issues": "admin"}


@pytest.fixture
def client(hub):
    return Client(read_settings(hub.environment()))


def tokens(hub):
    return [token.permissions for token in hub.doorman._tokens.values()]


@pytest.mark.parametrize(
    ("granted", "asked"),
    [
        ({}, {}),
        (PERMISSIONS, PERMISSIONS),
        ({**PERMISSIONS, "single_file": "read"}, {**PERMISSIONS, "single_file": "read"}),
        ({**PERMISSIONS, "single_file": "write"}, {**PERMISSIONS, "single_file": "read"}),
        ({"issues": "read", "metadata": "read"}, {"issues": "read", "metadata": "read"}),
        (WIDE, {"contents": "read", "members": "read", "issues": "write"}),
        ({"pull_requests": "write", "statuses": "write"}, {"pull_requests": "write"}),
        ({"issues": "everything"}, {}),
    ],
)
def test_a_token_is_asked_for_what_is_granted_and_used(granted, asked):
    assert narrowed(granted) == asked


def test_what_the_live_test_calls_a_choice_is_used_no_further():
    assert {name: CEILING[name] in levels for name, levels in CHOSEN.items()} == dict.fromkeys(CHOSEN, True)
    assert all(LEVELS.index(level) < LEVELS.index("admin") for level in CEILING.values())


def test_what_an_organisation_grants_too_much_is_never_used(hub, client):
    hub.world.app.permissions |= WIDE
    requester = client.requester(REPOSITORY)
    assert client.rest(requester, "GET", f"/repos/{REPOSITORY}/contents/{PATH}")[1]["path"] == PATH
    for verb, path, body in (
        ("PUT", f"/repos/{REPOSITORY}/contents/.github/workflows/x.yml", {"message": "x", "content": ""}),
        ("POST", "/orgs/dnum/teams", {"name": "x"}),
    ):
        with pytest.raises(RefusalError) as refused:
            client.rest(requester, verb, path, body)
        assert refused.value.status == 403
    assert tokens(hub) == [{"metadata": "read", **narrowed(hub.world.app.permissions)}]


def test_one_token_serves_until_its_hour(hub, client):
    for _ in range(3):
        client.rest(client.requester(REPOSITORY), "GET", "/repos/dnum/produits")
        client.rest(client.requester_of_owner("dnum"), "GET", "/repos/dnum/produits")
    assert len(tokens(hub)) == 1


def test_a_right_taken_back_is_done_without(hub, client):
    requester = client.requester(REPOSITORY)  # its first token is asked for with the rights seen just before
    del hub.world.app.permissions["single_file"]
    with pytest.raises(LaterError):
        client.rest(requester, "GET", "/repos/dnum/produits")
    client.rest(client.requester(REPOSITORY), "GET", "/repos/dnum/produits")
    assert ["single_file" in token for token in tokens(hub)] == [False]


def test_a_right_given_at_last_is_used_without_a_restart(hub, client, monkeypatch):
    given = dict(hub.world.app.permissions)
    del hub.world.app.permissions["single_file"]
    for _ in range(2):
        with pytest.raises(RefusalError):
            client.rest(client.requester(REPOSITORY), "GET", f"/repos/{REPOSITORY}/contents/{PATH}")
    assert len(tokens(hub)) == 1  # a refusal just after another is no reason to look again
    hub.world.app.permissions = given
    monkeypatch.setattr(calls, "DOUBTED_S", 0)
    with pytest.raises(RefusalError):
        client.rest(client.requester(REPOSITORY), "GET", f"/repos/{REPOSITORY}/contents/{PATH}")
    assert client.rest(client.requester(REPOSITORY), "GET", f"/repos/{REPOSITORY}/contents/{PATH}")[1]
