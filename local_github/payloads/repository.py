"""The repository: itself, its labels, its files and their commits."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from urllib.parse import quote

from local_github.payloads.accounts import Json, owner, user
from local_github.state import REACTIONS, Commit, CommitComment, Label, OtherRepository, Reaction, State

ASSOCIATION = "MEMBER"
CHANGES = ("added", "removed", "modified")
NO_COMMIT = "0" * 40

REPOSITORY_LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "{/user}",
    "blobs": "{/sha}",
    "branches": "{/branch}",
    "collaborators": "{/collaborator}",
    "comments": "{/number}",
    "commits": "{/sha}",
    "compare": "/{base}...{head}",
    "contents": "/{+path}",
    "contributors": "",
    "deployments": "",
    "downloads": "",
    "events": "",
    "forks": "",
    "git_commits": "{/sha}",
    "git_refs": "{/sha}",
    "git_tags": "{/sha}",
    "hooks": "",
    "issue_comment": "{/number}",
    "issue_events": "{/number}",
    "issues": "{/number}",
    "keys": "{/key_id}",
    "labels": "{/name}",
    "languages": "",
    "merges": "",
    "milestones": "{/number}",
    "notifications": "{?since,all,participating}",
    "pulls": "{/number}",
    "releases": "{/id}",
    "stargazers": "",
    "statuses": "/{sha}",
    "subscribers": "",
    "subscription": "",
    "tags": "",
    "teams": "",
    "trees": "{/sha}",
}


def repository(state: State) -> Json:
    url, html = repository_url(state), f"{state.url}/{state.repository}"
    opened = sum(issue.state == "open" for issue in state.issues.values())
    nothing = dict.fromkeys(("license", "mirror_url", "homepage", "language", "description"))
    zeros = ("forks", "forks_count", "stargazers_count", "watchers_count", "watchers", "size")
    no = ("fork", "has_wiki", "has_pages", "has_discussions", "disabled")
    return {
        "id": state.repository_id,
        "node_id": state.repository_node_id,
        "name": state.repository.partition("/")[2],
        "full_name": state.repository,
        "private": state.private,
        "visibility": "private" if state.private else "public",
        "owner": owner(state),
        "html_url": html,
        "url": url,
        **{f"{name}_url": f"{url}/{_plural(name)}{end}" for name, end in REPOSITORY_LINKS.items()},
        "git_url": f"{html}.git",
        "ssh_url": f"{html}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        **nothing,
        **dict.fromkeys(zeros, 0),
        **dict.fromkeys(no, False),
        "archived": state.archived,
        "has_issues": True,
        "has_downloads": True,
        "has_projects": True,
        "topics": [],
        "default_branch": "main",
        "open_issues_count": opened,
        "open_issues": opened,
        "pushed_at": state.created_at,
        "created_at": state.created_at,
        "updated_at": state.created_at,
    }


def other_repository(state: State, item: OtherRepository) -> Json:
    """One on which the App is not installed: the same nouns under another name."""
    return repository(placed(state, item))


def placed(state: State, item: OtherRepository) -> State:
    """The state as it would be in another repository."""
    return replace(
        state_only(state),
        repository=f"{state.organisation}/{item.name}",
        repository_id=item.id,
        repository_node_id=item.node_id,
        private=item.private,
        archived=False,
        issues={},
    )


def state_only(state: State) -> State:
    """The state without the locks and exits of the world around it, so that a copy can be changed."""
    return State(**{item.name: getattr(state, item.name) for item in fields(State)})


def installed_repository(state: State) -> Json:
    whole = repository(state)
    return {name: whole[name] for name in ("id", "node_id", "name", "full_name", "private")}


def _plural(name: str) -> str:
    return {"issue_comment": "issues/comments", "issue_events": "issues/events"}.get(name, name.replace("git_", "git/"))


def repository_url(state: State) -> str:
    return f"{state.url}/repos/{state.repository}"


def reactions(url: str, given: list[Reaction]) -> Json:
    counts = {content: sum(item.content == content for item in given) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(given), **counts}


def label(state: State, item: Label) -> Json:
    return {
        "id": item.id,
        "node_id": item.node_id,
        "url": f"{repository_url(state)}/labels/{quote(item.name, safe='')}",
        "name": item.name,
        "color": item.color,
        "default": False,
        "description": item.description or None,
        "archived_at": None,
        "archived_by": None,
    }


def file(state: State, path: str, *, content: bool = True, at: tuple[str, Mapping[str, str]] | None = None) -> Json:
    """A file, or the folder of that name; `at` gives a commit, and the files as it left them."""
    ref, files = at or ("main", state.files)
    is_file = path in files
    inside = "".join(sorted(name for name in files if name.startswith(f"{path}/")))
    raw = files[path].encode() if is_file else b""
    sha = sha_of(files[path] if is_file else inside)
    url, kind = f"{repository_url(state)}/contents/{quote(path)}?ref={ref}", "blob" if is_file else "tree"
    html = f"{state.url}/{state.repository}/{kind}/{ref}/{quote(path)}"
    git = f"{repository_url(state)}/git/{kind}s/{sha}"
    text = {"content": base64.encodebytes(raw).decode(), "encoding": "base64"} if content and is_file else {}
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(raw),
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": f"{state.url}/{state.repository}/raw/{ref}/{quote(path)}" if is_file else None,
        "type": "file" if is_file else "dir",
        **text,
        "_links": {"self": url, "git": git, "html": html},
    }


def sha_of(text: str) -> str:
    raw = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def _git(state: State, item: Commit) -> Json:
    return {"name": state.people[item.author].name, "email": f"{item.author}@users.noreply.example", "date": item.at}


def _place(state: State, sha: str) -> tuple[str, str]:
    return f"{repository_url(state)}/commits/{sha}", f"{state.url}/{state.repository}/commit/{sha}"


def commit(state: State, item: Commit) -> Json:
    url, html = _place(state, item.sha)
    git, author = _git(state, item), user(state, item.author)
    tree = {"sha": item.sha, "url": f"{repository_url(state)}/git/trees/{item.sha}"}
    unsigned = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
    before = _place(state, item.parent)[0] if item.parent else ""
    parents = [{"sha": item.parent, "url": before, "html_url": _place(state, item.parent)[1]}] if item.parent else []
    return {
        "sha": item.sha,
        "node_id": item.node_id,
        "url": url,
        "html_url": html,
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{repository_url(state)}/git/commits/{item.sha}",
            "author": git,
            "committer": git,
            "message": item.message,
            "comment_count": sum(said.sha == item.sha for said in state.commit_comments),
            "tree": tree,
            "verification": unsigned,
        },
        "author": author,
        "committer": author,
        "parents": parents,
    }


def file_commit(state: State, item: Commit) -> Json:
    """A commit as the contents API answers it."""
    whole = commit(state, item)
    kept = {name: whole[name] for name in ("sha", "node_id", "html_url", "parents")}
    git = {name: whole["commit"][name] for name in ("url", "author", "committer", "message", "tree", "verification")}
    return {**kept, **git}


def commit_comment(state: State, item: CommitComment) -> Json:
    html = f"{_place(state, item.sha)[1]}#commitcomment-{item.id}"
    url = f"{repository_url(state)}/comments/{item.id}"
    return {
        "url": url,
        "html_url": html,
        "id": item.id,
        "node_id": item.node_id,
        "user": user(state, item.author),
        "position": None,
        "line": item.line,
        "path": item.path,
        "commit_id": item.sha,
        "created_at": item.at,
        "updated_at": item.at,
        "author_association": ASSOCIATION,
        "body": item.body,
        "reactions": reactions(url, []),
    }


def push(state: State, item: Commit) -> Json:
    """What a `push` tells, beside who is told: one commit on the default branch."""
    _, html = _place(state, item.sha)
    who = {"name": state.people[item.author].name, "email": f"{item.author}@users.noreply.example"}
    named = {kind: [path for path, change in item.files.items() if change == kind] for kind in CHANGES}
    shown = {
        "id": item.sha,
        "tree_id": item.sha,
        "distinct": True,
        "message": item.message,
        "timestamp": item.at,
        "url": html,
        "author": {**who, "username": item.author},
        "committer": {**who, "username": item.author},
        **named,
    }
    before = item.parent or NO_COMMIT
    return {
        "ref": "refs/heads/main",
        "before": before,
        "after": item.sha,
        "created": item.parent is None,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{state.url}/{state.repository}/compare/{before[:12]}...{item.sha[:12]}",
        "commits": [shown],
        "head_commit": shown,
        "repository": _pushed(state),
        "pusher": {"name": item.author, "email": who["email"]},
    }


def _pushed(state: State) -> Json:
    """In a `push`, and nowhere else, the repository's dates are numbers."""
    at = int(datetime.fromisoformat(state.created_at).timestamp())
    pushed = int(datetime.fromisoformat(state.commits[-1].at).timestamp())
    more = {"stargazers": 0, "master_branch": "main", "organization": state.organisation}
    return {**repository(state), "created_at": at, "pushed_at": pushed, **more}
