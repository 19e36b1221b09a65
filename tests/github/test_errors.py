"""What each of GitHub's refusals means: wait, and how long; nothing there; or a bug."""

from __future__ import annotations

import time

import pytest
import requests
from github import GithubException

from app.github.errors import (
    LaterError,
    LimitError,
    NotFoundError,
    OverloadedError,
    RefusalError,
    WaitError,
    sort_errors,
    sorted_failures,
)

NOW = 1_800_000_000
HOUR = str(NOW + 3600)


@pytest.mark.parametrize(
    ("status", "data", "headers", "expected"),
    [
        (502, {}, {}, (1, False, True, False)),
        (401, {"message": "Bad credentials"}, {}, (5, False, False, False)),
        (429, {}, {"Retry-After": "37"}, (37, True, False, True)),
        (403, {"message": "You have exceeded a secondary rate limit"}, {}, (60, True, False, True)),
        (403, {"message": "no"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": HOUR}, (3600, True, False, True)),
        (400, {"errors": [{"type": "RATE_LIMITED"}]}, {"Retry-After": "5"}, (5, True, False, True)),
        (
            403,
            {"message": "You have triggered an abuse detection mechanism."},
            {"Retry-After": "9"},
            (9, True, False, True),
        ),
        (307, {"message": "Temporary Redirect"}, {}, (1, False, False, False)),
        (400, {"errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "no"}]}, {}, (1, False, True, False)),
        (
            400,
            {"errors": [{"message": "Something went wrong while executing your query."}]},
            {},
            (1, False, True, False),
        ),
    ],
)
def test_later(monkeypatch, status, data, headers, expected):
    monkeypatch.setattr(time, "time", lambda: NOW)
    with pytest.raises(LaterError) as later, sorted_failures():
        raise GithubException(status, data, headers)
    seconds, *rest = expected
    assert later.value.seconds == pytest.approx(seconds, rel=0.1)
    assert [isinstance(later.value, kind) for kind in (WaitError, OverloadedError, LimitError)] == rest


@pytest.mark.parametrize("error", [requests.ConnectionError(), requests.Timeout()])
def test_out_of_reach(error):
    with pytest.raises(LaterError), sorted_failures():
        raise error


def test_nothing_there():
    with pytest.raises(NotFoundError), sorted_failures():
        raise GithubException(404, {}, {})
    with pytest.raises(NotFoundError):
        sort_errors({}, {"errors": [{"type": "NOT_FOUND", "message": "no"}]})


def test_two_things_not_there_are_not_there_either():
    """What GitHub answers when neither the issue nor the board is shown."""
    with pytest.raises(NotFoundError):
        sort_errors({}, {"errors": [{"type": "NOT_FOUND", "path": [name]} for name in ("repository", "organization")]})


def test_issues_disabled_are_no_issue_deleted():
    with pytest.raises(RefusalError), sorted_failures():
        raise GithubException(410, {"message": "Issues are disabled for this repo"}, {})


def test_what_people_wrote_never_leaves_with_an_error():
    answer = {"data": {"node": {"body": "un mot privé"}}, "errors": [{"type": "FORBIDDEN", "message": "no"}]}
    with pytest.raises(RefusalError) as refused:
        sort_errors({}, answer)
    assert refused.value.status == 403
    assert "privé" not in str(refused.value)


def test_anything_else_is_a_refusal():
    with pytest.raises(RefusalError), sorted_failures():
        raise GithubException(422, {"message": "Validation Failed"}, {"X-RateLimit-Remaining": "0"})
    with pytest.raises(RefusalError):
        sort_errors({}, {"errors": [{"type": "FORBIDDEN", "message": "no"}]})
