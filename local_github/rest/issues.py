"""Issues, their labels and their assignees."""

from __future__ import annotations

from local_github import payloads
from local_github.rest.call import Call, Reply, page, texts
from local_github.state import Issue

TEXT = (str, type(None))


def listing(call: Call) -> Reply:
    state, wanted = call.query.get("state", "open"), [x for x in call.query.get("labels", "").split(",") if x]
    found = [
        issue
        for issue in call.world.issues.values()
        if state in {"all", issue.state} and all(name in issue.labels for name in wanted)
    ]
    found.sort(key=lambda issue: issue.number, reverse=call.query.get("direction", "desc") == "desc")
    return page(call, [payloads.issue(call.world, issue) for issue in found])


def create(call: Call) -> Reply:
    body = call.body(title=(str, int), body=TEXT, labels=list, assignees=list, milestone=type(None))
    title = str(call.required(body, "title"))
    # Everything is read before anything is done: a refused call changes nothing.
    labels, assignees = texts(body.get("labels") or [], "labels"), texts(body.get("assignees") or [], "assignees")
    if call.world.can(call.actor, "label"):
        _check_labels(call, labels)
    if call.world.can(call.actor, "assign"):
        call.world.check_people(assignees)
    issue = call.world.open_issue(call.actor, title, body.get("body") or "")
    # Without the right to triage, GitHub leaves labels and assignees out without a word.
    if labels and call.world.can(call.actor, "label"):
        call.world.add_labels(call.actor, issue.number, labels)
    if assignees and call.world.can(call.actor, "assign"):
        call.world.set_assignees(call.actor, issue.number, assignees)
    return Reply(payloads.issue(call.world, issue), 201)


def show(call: Call) -> Reply:
    return Reply(payloads.issue(call.world, _issue(call)))


def edit(call: Call) -> Reply:
    body = call.body(
        title=(str, int), body=TEXT, state=str, state_reason=TEXT, labels=list, assignees=list, milestone=type(None)
    )
    number = _issue(call).number
    title = str(body["title"]) if "title" in body else None
    text = body["body"] or "" if "body" in body else None
    state, reason = body.get("state"), body.get("state_reason")
    for name, what in (("labels", "label"), ("assignees", "assign")):
        if name in body:
            call.world.require(call.actor, what)
    _check_labels(call, texts(body.get("labels") or [], "labels"))
    call.world.check_people(texts(body.get("assignees") or [], "assignees"))
    call.world.edit_issue(call.actor, number, title=title, body=text, state=state, reason=reason)
    if "labels" in body:
        call.world.replace_labels(call.actor, number, texts(body["labels"], "labels"))
    if "assignees" in body:
        call.world.set_assignees(call.actor, number, texts(body["assignees"], "assignees"))
    return show(call)


def _check_labels(call: Call, names: list[str]) -> None:
    """A label that does not exist is made by whoever may manage labels; anybody else is refused before all the rest."""
    if any(call.world.label(name) is None for name in names):
        call.world.require(call.actor, "manage_labels")


def assign(call: Call) -> Reply:
    added = texts(call.body(assignees=list).get("assignees", []), "assignees")
    issue = _issue(call)
    call.world.set_assignees(call.actor, issue.number, [*issue.assignees, *added])
    return Reply(payloads.issue(call.world, issue), 201)


def unassign(call: Call) -> Reply:
    removed = texts(call.body(assignees=list).get("assignees", []), "assignees")
    issue = _issue(call)
    call.world.set_assignees(call.actor, issue.number, [x for x in issue.assignees if x not in removed])
    return show(call)


def labels(call: Call) -> Reply:
    return page(call, _labels(call))


def add_labels(call: Call) -> Reply:
    call.world.add_labels(call.actor, _issue(call).number, _names(call))
    return Reply(_labels(call))


def replace_labels(call: Call) -> Reply:
    call.world.replace_labels(call.actor, _issue(call).number, _names(call))
    return Reply(_labels(call))


def clear_labels(call: Call) -> Reply:
    call.world.replace_labels(call.actor, _issue(call).number, [])
    return Reply(None, 204)


def remove_label(call: Call) -> Reply:
    call.world.remove_label(call.actor, _issue(call).number, call.args["name"])
    return Reply(_labels(call))


def _names(call: Call) -> list[str]:
    # PyGithub sends a bare list, which GitHub accepts beside {"labels": […]}.
    if isinstance(call.raw, list):
        return texts(call.raw, "labels")
    return texts(call.required(call.body(labels=list), "labels"), "labels")


def _issue(call: Call) -> Issue:
    return call.world.issue(call.args["number"])


def _labels(call: Call) -> list[payloads.Json]:
    return [payloads.label(call.world, call.world.labels[name]) for name in _issue(call).labels]
