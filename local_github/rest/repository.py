"""The repository: itself, its labels and who may do what in it."""

from __future__ import annotations

from local_github import payloads
from local_github.rest.call import Call, Reply, page
from local_github.state import Refused

PERMISSION = {"none": "none", "read": "read", "triage": "read", "write": "write", "admin": "admin"}


def show(call: Call) -> Reply:
    counts = dict.fromkeys(("subscribers_count", "network_count"), 0)
    other = call.world.others.get(call.args["repo"])
    shown = payloads.other_repository(call.world, other) if other else payloads.repository(call.world)
    return Reply({**shown, **counts})


def edit(call: Call) -> Reply:
    body = call.body(name=str, archived=bool)
    if "archived" in body:
        call.world.archive_repository(call.actor, archived=body["archived"])
    if "name" in body:
        call.world.rename_repository(call.actor, body["name"])
    return show(call)


def every(call: Call) -> Reply:
    """Those of the organisation the caller may see: an installation knows only its own."""
    others = call.world.others.values() if call.caller.kind == "person" else ()
    ours = payloads.repository(call.world)
    return page(call, [ours, *(payloads.other_repository(call.world, item) for item in others)])


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


def edit_label(call: Call) -> Reply:
    body = call.body(new_name=str, name=str, color=str, description=(str, type(None)))
    description = body["description"] or "" if "description" in body else None
    name = body.get("new_name", body.get("name"))
    words = {"new_name": name, "color": body.get("color"), "description": description}
    return Reply(payloads.label(call.world, call.world.edit_label(call.actor, call.args["name"], **words)))


def delete_label(call: Call) -> Reply:
    call.world.delete_label(call.actor, call.args["name"])
    return Reply(None, 204)


def permission(call: Call) -> Reply:
    person = call.world.person(call.args["login"])
    user = {**payloads.user(call.world, person.login), "role_name": person.role}
    return Reply({"permission": PERMISSION[person.role], "role_name": person.role, "user": user})
