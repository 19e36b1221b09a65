"""Pull requests, as far as they exist here: merged into the one branch there is."""

from __future__ import annotations

from local_github.payloads.accounts import Json, user
from local_github.payloads.repository import ASSOCIATION, label, repository, repository_url
from local_github.state import Pull, State


def pull_links(state: State, item: Pull) -> Json:
    """What an issue says of the pull request it is."""
    html = f"{state.url}/{state.repository}/pull/{item.number}"
    return {
        "url": f"{repository_url(state)}/pulls/{item.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": item.closed_at,
    }


def pull(state: State, item: Pull) -> Json:
    """As GitHub lists it."""
    url, issue = f"{repository_url(state)}/pulls/{item.number}", f"{repository_url(state)}/issues/{item.number}"
    links = {
        "self": url,
        "html": f"{state.url}/{state.repository}/pull/{item.number}",
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{repository_url(state)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{repository_url(state)}/statuses/{item.sha}",
    }
    branches = {name: _branch(state, item, ref) for name, ref in (("head", f"change-{item.number}"), ("base", "main"))}
    nothing = dict.fromkeys(("milestone", "assignee", "auto_merge", "active_lock_reason"))
    return {
        **pull_links(state, item),
        **nothing,
        **branches,
        "id": item.id,
        "node_id": item.node_id,
        "issue_url": links["issue"],
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": item.number,
        "state": item.state,
        "locked": False,
        "title": item.title,
        "user": user(state, item.author),
        "body": item.body or None,
        "labels": [label(state, state.labels[name]) for name in item.labels],
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "merge_commit_sha": item.sha,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "draft": False,
        "author_association": ASSOCIATION,
        "_links": {name: {"href": address} for name, address in links.items()},
    }


def _branch(state: State, item: Pull, ref: str) -> Json:
    owner = state.organisation
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": item.sha,
        "user": repository(state)["owner"],
        "repo": repository(state),
    }
