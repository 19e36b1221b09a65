"""The state as GitHub's JSON: one function per noun, used in REST answers and in webhooks alike."""

from local_github.payloads.accounts import Json, organization, owner, team_noun, user
from local_github.payloads.application import application, delivery, envelope, installation
from local_github.payloads.boards import board, card, draft, field, field_value, item, view
from local_github.payloads.issues import comment, events, issue, issue_elsewhere, reaction, timeline
from local_github.payloads.pulls import pull
from local_github.payloads.repository import (
    commit,
    commit_comment,
    file,
    file_commit,
    installed_repository,
    label,
    other_repository,
    push,
    repository,
    sha_of,
)

__all__ = [
    "Json",
    "application",
    "board",
    "card",
    "comment",
    "commit",
    "commit_comment",
    "delivery",
    "draft",
    "envelope",
    "events",
    "field",
    "field_value",
    "file",
    "file_commit",
    "installation",
    "installed_repository",
    "issue",
    "issue_elsewhere",
    "item",
    "label",
    "organization",
    "other_repository",
    "owner",
    "pull",
    "push",
    "reaction",
    "repository",
    "sha_of",
    "team_noun",
    "timeline",
    "user",
    "view",
]
