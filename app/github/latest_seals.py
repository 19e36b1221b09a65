"""One look at what a repository shows last: where the newest seal of the register is to be found."""

from __future__ import annotations

from app.domain.product.issue import Comment
from app.github.calls import nodes
from app.github.client import Client
from app.github.read import comment_of, is_edited_by_other, issues_of
from app.github.withheld import is_not_found


def latest_comments(client: Client, repository: str) -> tuple[tuple[Comment, ...], tuple[str, ...]]:
    """The last comments of the issues last changed, and the descriptions of those that are ours: a digest's holds a
    whole checkpoint. One call; raises NotFoundError, LaterError.
    """
    owner, _, name = repository.partition("/")
    data = client.graphql(client.requester(repository), "latest_seals", is_not_found, owner=owner, name=name)
    found = nodes(issues_of(data))
    comments = tuple(comment_of(node) for issue in found for node in nodes(issue["comments"]))
    bodies = (one["body"] for one in found if one["viewerDidAuthor"] and not is_edited_by_other(one))
    return comments, tuple(bodies)
