"""The repository: itself, its labels, its files and who may do what in it."""

from __future__ import annotations

import base64
import binascii
import hashlib

from app.sandbox import payloads
from app.sandbox.rest.call import Call, Reply, page
from app.sandbox.state import Refused

PERMISSION = {"read": "read", "triage": "read", "write": "write", "admin": "admin"}


def show(call: Call) -> Reply:
    counts = dict.fromkeys(("subscribers_count", "network_count"), 0)
    return Reply({**payloads.repository(call.world), **counts})


def labels(call: Call) -> Reply:
    return page(call, [payloads.label(call.world, label) for label in call.world.labels.values()])


def show_label(call: Call) -> Reply:
    label = call.world.label(call.args["name"])
    if label is None:
        raise Refused(404, "Not Found")
    return Reply(payloads.label(call.world, label))


def create_label(call: Call) -> Reply:
    body = call.body(name=str, color=str, description=(str, type(None)))
    name, text = call.required(body, "name"), body.get("description") or ""
    label = call.world.create_label(call.actor, name, body.get("color", "ededed"), text)
    return Reply(payloads.label(call.world, label), 201)


def read_file(call: Call) -> Reply:
    """A file with its text, or a folder's list; 304 when the caller already has it."""
    path, files = call.args["path"].strip("/"), call.world.files
    if path in files:
        found: payloads.Json | list[payloads.Json] = payloads.file(call.world, path)
        seen = payloads.sha_of(files[path])
    else:
        inside = sorted(name for name in files if name.startswith(f"{path}/") and "/" not in name[len(path) + 1 :])
        if not inside:
            raise Refused(404, "Not Found")
        found = [payloads.file(call.world, name, content=False) for name in inside]
        seen = hashlib.sha256("".join(payloads.sha_of(files[name]) for name in inside).encode()).hexdigest()
    etag = f'W/"{seen}"'
    if call.headers.get("If-None-Match", "") in {etag, f'"{seen}"'}:
        return Reply(None, 304, {"ETag": etag})
    return Reply(found, headers={"ETag": etag})


def write_file(call: Call) -> Reply:
    body = call.body(message=str, content=str, sha=str, branch=str, committer=dict, author=dict)
    path, known = call.args["path"].strip("/"), call.world.files.get(call.args["path"].strip("/"))
    call.required(body, "message")
    if known is not None and "sha" not in body:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if "sha" in body and (known is None or body["sha"] != payloads.sha_of(known)):
        raise Refused(409, f"{path} does not match {body['sha']}")
    try:
        text = base64.b64decode(call.required(body, "content"), validate=False).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused(422, "content is not valid Base64") from error
    call.world.write_file(call.actor, path, text)
    commit = {"sha": hashlib.sha256(text.encode()).hexdigest()[:40], "message": body["message"]}
    return Reply({"content": payloads.file(call.world, path), "commit": commit}, 200 if known is not None else 201)


def permission(call: Call) -> Reply:
    person = call.world.person(call.args["login"])
    user = {**payloads.user(call.world, person.login), "role_name": person.role}
    return Reply({"permission": PERMISSION[person.role], "role_name": person.role, "user": user})
