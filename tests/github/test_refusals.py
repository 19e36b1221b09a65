"""GitHub's refusals, in its own words, and who can end each."""

from __future__ import annotations

import pytest

from app.github.errors import RefusalError
from app.github.refusals import KINDS, LONGEST, refusal_of
from app.store.troubles import KINDS as TROUBLES

REST = {
    "addresses": "Although you appear to have the correct authorization credentials, the `dnum` organization has an IP "
    "allow list enabled, and your IP address is not permitted to access this resource.",
    "sso": "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this "
    "organization.",
    "suspended": "This installation has been suspended",
    "archived": "Repository was archived so is read-only.",
    "permission": "Resource not accessible by integration",
    "refusal": "Repository access blocked",
}


@pytest.mark.parametrize(("kind", "said"), REST.items(), ids=REST)
@pytest.mark.parametrize("shape", ["rest", "graphql"])
def test_each_is_sorted_and_quoted(kind, said, shape):
    errors = {"errors": [{"type": "FORBIDDEN", "message": said}]} if shape == "graphql" else {}
    found = refusal_of(RefusalError(403, {"message": said, **errors}))
    assert (found.kind, found.said) == (kind, " ".join(said.split()))


def test_a_board_that_is_full_is_a_refusal_and_a_field_that_does_not_exist_a_bug():
    full = {"errors": [{"type": "UNPROCESSABLE", "message": "The project has reached the maximum number of items"}]}
    assert refusal_of(RefusalError(400, full)).kind == "refusal"
    unknown = {"errors": [{"type": "undefinedField", "message": "Field 'x' doesn't exist"}]}
    assert refusal_of(RefusalError(400, unknown)) is None


@pytest.mark.parametrize("status", [400, 422])
def test_what_was_asked_wrongly_is_a_bug(status):
    assert refusal_of(RefusalError(status, {"message": "Validation Failed"})) is None


def test_an_answer_without_words_is_quoted_by_its_status_and_a_long_one_is_cut():
    assert refusal_of(RefusalError(451, None)).said == "HTTP 451"
    assert len(refusal_of(RefusalError(403, {"message": "x" * 9000})).said) == LONGEST


def test_each_kind_is_told_to_administrators():
    assert set(TROUBLES) >= KINDS
