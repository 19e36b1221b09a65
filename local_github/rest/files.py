"""Files of the repository's default branch, the commits that changed them, and what is said on commits."""

from __future__ import annotations

import base64
import binascii
import hashlib

from local_github import payloads
from local_github.rest.call import Call, Reply, page
from local_github.state import Refused

WORKFLOWS = ".github/workflows/"
TEXT = (str, type(None))
NUMBER = (int, type(None))
MAIN = {None, "", "main", "refs/heads/main", "HEAD"}


def read(call: Call) -> Reply:
    """A file with its text, or a folder's list; 304 when the caller already has it."""
    path, ref = _path(call), call.query.get("ref")
    _on_main(call, ref)
    at = None if ref in MAIN else (str(ref), call.world.files_at(str(ref)))
    files = at[1] if at else call.world.files
    if path in files:
        found: payloads.Json | list[payloads.Json] = payloads.file(call.world, path, at=at)
        seen = payloads.sha_of(files[path])
    else:
        inside = sorted({_child(path, name) for name in files if not path or name.startswith(f"{path}/")})
        if not inside:
            raise Refused(404, "Not Found" if files else "This repository is empty.")
        found = [payloads.file(call.world, name, content=False, at=at) for name in inside]
        seen = hashlib.sha256("".join(item["sha"] for item in found).encode()).hexdigest()
    etag = f'W/"{seen}"'
    if call.headers.get("If-None-Match", "") in {etag, f'"{seen}"'}:
        return Reply(None, 304, {"ETag": etag})
    return Reply(found, headers={"ETag": etag})


def write(call: Call) -> Reply:
    body = call.body(message=str, content=str, sha=str, branch=str, committer=dict, author=dict)
    path, known = _path(call), call.world.files.get(_path(call))
    message = call.required(body, "message")
    _on_main(call, body.get("branch"))
    _may_write(call, path)
    if known is not None and "sha" not in body:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if "sha" in body and (known is None or body["sha"] != payloads.sha_of(known)):
        raise Refused(409, f"{path} does not match {body['sha']}")
    try:
        text = base64.b64decode(call.required(body, "content"), validate=False).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused(422, "content is not valid Base64") from error
    commit = call.world.write_file(call.actor, path, text, message)
    shown = {
        "content": payloads.file(call.world, path, content=False),
        "commit": payloads.file_commit(call.world, commit),
    }
    return Reply(shown, 200 if known is not None else 201)


def delete(call: Call) -> Reply:
    body = call.body(message=str, sha=str, branch=str, committer=dict, author=dict)
    path, known = _path(call), call.world.files.get(_path(call))
    message, sha = call.required(body, "message"), call.required(body, "sha")
    _on_main(call, body.get("branch"))
    _may_write(call, path)
    if known is None:
        raise Refused(404, "Not Found")
    if sha != payloads.sha_of(known):
        raise Refused(409, f"{path} does not match {sha}")
    commit = call.world.delete_file(call.actor, path, message)
    return Reply({"content": None, "commit": payloads.file_commit(call.world, commit)})


def commits(call: Call) -> Reply:
    """Newest first, from `sha` on; `path` keeps those that changed a file or a folder."""
    path, sha = call.query.get("path", "").strip("/"), call.query.get("sha")
    if not call.world.commits:
        raise Refused(409, "Git Repository is empty.")
    history = [item.sha for item in call.world.commits]
    if sha not in MAIN and sha not in history:
        raise Refused(404, "Not Found")
    last = len(history) if sha in MAIN else history.index(str(sha)) + 1
    found = [
        item
        for item in reversed(call.world.commits[:last])
        if not path or any(name == path or name.startswith(f"{path}/") for name in item.files)
    ]
    return page(call, [payloads.commit(call.world, item) for item in found])


def show_commit(call: Call) -> Reply:
    return Reply(payloads.commit(call.world, call.world.commit_of(call.args["sha"])))


def pulls(call: Call) -> Reply:
    """The one that brought the commit, if one did."""
    sha = call.world.commit_of(call.args["sha"]).sha
    return page(call, [payloads.pull(call.world, item) for item in call.world.pulls.values() if item.sha == sha])


def comments(call: Call) -> Reply:
    sha = call.world.commit_of(call.args["sha"]).sha
    said = [item for item in call.world.commit_comments if item.sha == sha]
    return page(call, [payloads.commit_comment(call.world, item) for item in said])


def comment(call: Call) -> Reply:
    body = call.body(body=str, path=TEXT, position=NUMBER, line=NUMBER)
    text = call.required(body, "body")
    path, line = body.get("path"), body.get("line")
    said = call.world.comment_commit(call.actor, call.args["sha"], text, path, line)
    return Reply(payloads.commit_comment(call.world, said), 201)


def _path(call: Call) -> str:
    return str(call.args.get("path", "")).strip("/")


def _child(folder: str, name: str) -> str:
    """The file or the folder right below."""
    start = f"{folder}/" if folder else ""
    return start + name.removeprefix(start).partition("/")[0]


def _on_main(call: Call, ref: str | None) -> None:
    """There is one branch."""
    if ref not in MAIN and all(ref != item.sha for item in call.world.commits):
        raise Refused(404, f"No commit found for the ref {ref}" if call.raw is None else f"Branch {ref} not found")


def _may_write(call: Call, path: str) -> None:
    """Files of Actions need a right of their own; without the scope, GitHub tells a person nothing but 404."""
    if not path.startswith(WORKFLOWS):
        return
    if call.caller.kind != "person" and not call.caller.allowed("workflows", "write"):
        raise Refused(403, "Resource not accessible by integration")
    if not call.caller.scoped("workflow"):
        raise Refused(404, "Not Found")
