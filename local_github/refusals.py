"""GitHub's refusals in GitHub's own words, over REST and in the answers of GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local_github.rest.call import Reply

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True)
class Ask:
    """One call as whoever spoils it sees it. `fields`: what GraphQL answers at its top, all of it null on a refusal;
    `acts`: the mutations behind them; `called`: the operation without them.
    """

    about: str
    resource: str
    fields: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    called: str = ""

    @property
    def is_graphql(self) -> bool:
        return self.resource == "graphql"


@dataclass(frozen=True)
class _Words:
    """`kind`: its type in a GraphQL answer, which comes with status 200; without one GraphQL refuses as REST does."""

    message: str
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)


WORDS = {
    "integration": _Words("Resource not accessible by integration", "FORBIDDEN"),
    "ip-allow-list": _Words(
        "Although you appear to have the correct authorization credentials, the `{organisation}` organization has an "
        "IP allow list enabled, and 192.0.2.7 is not permitted to access this resource.",
        "FORBIDDEN",
        more={"extensions": {"saml_failure": False}},
    ),
    "saml": _Words(
        "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to "
        "this organization.",
        "FORBIDDEN",
        {"X-GitHub-SSO": "required; url=https://github.com/orgs/{organisation}/sso?authorization_request=AAAA"},
        {"extensions": {"saml_failure": True}},
    ),
    "suspended": _Words("This installation has been suspended"),
    "archived": _Words("Repository was archived so is read-only.", "FORBIDDEN"),
    "abuse": _Words(
        "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
        headers={"Retry-After": "60"},
    ),
    "board-read-only": _Words("{bot} does not have the correct permissions to execute this mutation", "FORBIDDEN"),
    "board-full": _Words("The project has reached the maximum number of items", "UNPROCESSABLE"),
    "unavailable": _Words("Repository access blocked", "FORBIDDEN"),
}
"""GitHub does not publish the last three; what counts is that they come as a refusal, and where."""


def refused(ask: Ask, why: str, status: int | None, *, organisation: str, bot: str) -> Reply:
    """A `status` asked for is always the answer's own, as REST has it."""
    words = WORDS[why]
    message = words.message.format(organisation=organisation, bot=bot)
    headers = {name: value.format(organisation=organisation) for name, value in words.headers.items()}
    if ask.is_graphql and words.kind and status is None:
        places = [{"line": 1, "column": 1}]
        errors = [
            {"type": words.kind, "path": [name], **words.more, "locations": places, "message": message}
            for name in ask.fields or ("",)
        ]
        return Reply({"data": dict.fromkeys(ask.fields), "errors": errors}, 200, headers)
    shown = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status or 403)}
    return Reply(shown, status or 403, headers)
