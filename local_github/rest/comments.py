"""Comments on issues and reactions to them."""

from __future__ import annotations

from local_github import payloads
from local_github.rest.call import Call, Reply, page
from local_github.state import REACTIONS, Comment, Refused


def listing(call: Call) -> Reply:
    return _page(call, call.world.issue(call.args["number"]).comments)


def of_repository(call: Call) -> Reply:
    every = [comment for issue in call.world.issues.values() for comment in issue.comments]
    return _page(call, sorted(every, key=lambda comment: comment.id))


def create(call: Call) -> Reply:
    text = call.required(call.body(body=str), "body")
    by_mail = call.headers.get("X-Sandbox-Via-Email", "") == "true"  # no mail is received here: said by a header
    comment = call.world.comment(call.actor, call.args["number"], text, via_email=by_mail)
    return Reply(payloads.comment(call.world, comment), 201)


def show(call: Call) -> Reply:
    return Reply(payloads.comment(call.world, _comment(call)))


def edit(call: Call) -> Reply:
    text = call.required(call.body(body=str), "body")
    return Reply(payloads.comment(call.world, call.world.edit_comment(call.actor, call.args["comment"], text)))


def delete(call: Call) -> Reply:
    call.world.delete_comment(call.actor, call.args["comment"])
    return Reply(None, 204)


def pin(call: Call) -> Reply:
    return Reply(payloads.comment(call.world, call.world.pin(call.actor, call.args["comment"], pinned=True)))


def unpin(call: Call) -> Reply:
    call.world.pin(call.actor, call.args["comment"], pinned=False)
    return Reply(None, 204)


def reactions(call: Call) -> Reply:
    wanted = call.query.get("content")
    found = [item for item in _comment(call).reactions if wanted in {None, item.content}]
    return page(call, [payloads.reaction(call.world, item) for item in found])


def react(call: Call) -> Reply:
    content = call.required(call.body(content=str), "content")
    if content not in REACTIONS:
        raise Refused(422, f'Invalid request.\n\n"{content}" is not a reaction.')
    item, created = call.world.react(call.actor, _comment(call), content)
    return Reply(payloads.reaction(call.world, item), 201 if created else 200)


def unreact(call: Call) -> Reply:
    comment = _comment(call)
    given = next((one for one in comment.reactions if one.id == call.args["reaction"]), None)
    if given is None:
        raise Refused(404, "Not Found")
    if given.login != call.actor:
        raise Refused(403, "Resource not accessible by integration")
    call.world.unreact(call.actor, comment, given.content)
    return Reply(None, 204)


def _comment(call: Call) -> Comment:
    return call.world.comment_of(call.args["comment"])


def _page(call: Call, comments: list[Comment]) -> Reply:
    since = call.query.get("since", "")
    return page(call, [payloads.comment(call.world, item) for item in comments if item.updated_at >= since])
