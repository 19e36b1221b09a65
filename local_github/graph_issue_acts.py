"""GraphQL's mutations of issues: comments, labels, reactions, closing; each does what its REST twin does."""

from __future__ import annotations

from functools import partial

from local_github import graph_nouns as nouns
from local_github.graph_core import Act, GraphError, Input, Noun, Viewer, edge, no_node
from local_github.operations.issues import Locked
from local_github.state import Comment, Issue, Label, Reaction, Refused

CONTENTS = {shown: kept for kept, shown in nouns.CONTENTS.items()}


# comments


def _comment(viewer: Viewer, given: Input) -> Noun:
    subject = _issue(viewer, given["subjectId"])
    said = viewer.world.comment(viewer.caller.login, subject.number, given["body"])
    return {
        "commentEdge": edge(len(subject.comments), nouns.comment(viewer, said)),
        "subject": nouns.issue(viewer, subject),
    }


def _edit(viewer: Viewer, given: Input) -> Noun:
    found = _said(viewer, given["id"])
    return {
        "issueComment": nouns.comment(viewer, viewer.world.edit_comment(viewer.caller.login, found.id, given["body"]))
    }


def _delete(viewer: Viewer, given: Input) -> Noun:
    viewer.world.delete_comment(viewer.caller.login, _said(viewer, given["id"]).id)
    return {}


def _minimize(viewer: Viewer, given: Input) -> Noun:
    reason = given["classifier"].lower().replace("_", "-")
    return {"minimizedComment": _shown(viewer, given, reason)}


def _unminimize(viewer: Viewer, given: Input) -> Noun:
    return {"unminimizedComment": _shown(viewer, given, None)}


def _shown(viewer: Viewer, given: Input, reason: str | None) -> Noun:
    found = _said(viewer, given["subjectId"])
    return nouns.comment(viewer, viewer.world.minimize(viewer.caller.login, found.id, reason))


# labels


def _label(viewer: Viewer, given: Input) -> Noun:
    on, names = _issue(viewer, given["labelableId"]), _names(viewer, given)
    return {"labelable": nouns.issue(viewer, viewer.world.add_labels(viewer.caller.login, on.number, names))}


def _unlabel(viewer: Viewer, given: Input) -> Noun:
    """A label the issue does not wear is passed over; REST, which names one label, says that it is not there."""
    on, names = _issue(viewer, given["labelableId"]), _names(viewer, given)
    return {"labelable": nouns.issue(viewer, viewer.world.remove_labels(viewer.caller.login, on.number, names))}


def _names(viewer: Viewer, given: Input) -> list[str]:
    """All of them are known before one is touched."""
    known: dict[str, Label] = {item.node_id: item for item in viewer.world.labels.values()}
    if unknown := [node for node in given["labelIds"] if node not in known]:
        raise no_node(unknown[0])
    return [known[node].name for node in given["labelIds"]]


# reactions


def _react(viewer: Viewer, given: Input) -> Noun:
    """Given twice, it is the same reaction."""
    on = _reactable(viewer, given["subjectId"])
    item, _ = viewer.world.react(viewer.caller.login, on, CONTENTS[given["content"]])
    return _reacted(viewer, on, item)


def _unreact(viewer: Viewer, given: Input) -> Noun:
    """GitHub does not publish what it says of a reaction that is not there: a refusal is the harder case."""
    on, content, me = _reactable(viewer, given["subjectId"]), CONTENTS[given["content"]], viewer.caller.login
    viewer.world.require(me, "react")
    item = next((one for one in on.reactions if (one.login, one.content) == (me, content)), None)
    if item is None:
        raise GraphError("NOT_FOUND", f"Could not resolve to a Reaction with the content '{given['content']}'.")
    viewer.world.unreact(me, on, content)
    return _reacted(viewer, on, item)


def _reacted(viewer: Viewer, on: Issue | Comment, item: Reaction) -> Noun:
    return {
        "reaction": nouns.reaction(viewer, on, item),
        "reactionGroups": lambda: nouns.reaction_groups(viewer, on),
        "subject": nouns.reactable(viewer, on),
    }


def _reactable(viewer: Viewer, node: str) -> Issue | Comment:
    try:
        return _issue(viewer, node)
    except GraphError as error:
        if error.kind != "NOT_FOUND":
            raise
    return _said(viewer, node)


# open and closed


def _close(viewer: Viewer, given: Input) -> Noun:
    reason = (given.get("stateReason") or "COMPLETED").lower()
    return _turned(viewer, given, "closed", reason)


def _reopen(viewer: Viewer, given: Input) -> Noun:
    return _turned(viewer, given, "open", None)


def _turned(viewer: Viewer, given: Input, state: str, reason: str | None) -> Noun:
    number = _issue(viewer, given["issueId"]).number
    turned = viewer.world.edit_issue(viewer.caller.login, number, state=state, reason=reason)
    return {"issue": nouns.issue(viewer, turned)}


# what they are about


def _issue(viewer: Viewer, node: str) -> Issue:
    viewer.require("issues", "write")
    found = next((item for item in viewer.world.issues.values() if item.node_id == node), None)
    if found is None or not viewer.sees:
        raise no_node(node)
    return found


def _said(viewer: Viewer, node: str) -> Comment:
    viewer.require("issues", "write")
    every = (item for one in viewer.world.issues.values() for item in one.comments)
    found = next((item for item in every if item.node_id == node), None)
    if found is None or not viewer.sees:
        raise no_node(node)
    return found


def _refusing(act: Act, viewer: Viewer, given: Input) -> Noun:
    """What REST refuses is refused in GraphQL's words."""
    try:
        return act(viewer, given)
    except Locked as refused:
        raise GraphError("UNPROCESSABLE", refused.message.removesuffix(".")) from refused
    except Refused as refused:
        if refused.status != 422:
            raise
        raise GraphError("UNPROCESSABLE", f"{refused.message[0].upper()}{refused.message[1:]}") from refused


ACTS: dict[str, Act] = {
    "addComment": _comment,
    "addLabelsToLabelable": _label,
    "addReaction": _react,
    "closeIssue": _close,
    "deleteIssueComment": _delete,
    "minimizeComment": _minimize,
    "removeLabelsFromLabelable": _unlabel,
    "removeReaction": _unreact,
    "reopenIssue": _reopen,
    "unminimizeComment": _unminimize,
    "updateIssueComment": _edit,
}
ISSUE_MUTATIONS: dict[str, Act] = {name: partial(_refusing, act) for name, act in ACTS.items()}
